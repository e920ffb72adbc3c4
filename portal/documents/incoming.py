"""A form with documents, taken in while it arrives: nothing waits in memory, and what is too large is cut off."""

from collections.abc import AsyncIterator
from typing import NamedTuple

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from models.errors import Refusal
from portal.access.visitor import Visitor
from portal.documents.uploads import Belongs, File, Uploads
from portal.language import marked as _
from portal.refusals import Refused

MOST_IN_A_FIELD = 10_000
PATIENCE = 4
"""How many times the limit of one document is read to the end, so that a browser gets to see why it is refused."""


class TakenIn(NamedTuple):
    """What a form brought: its fields, the documents that were kept, and why others were not, by their names."""

    fields: dict[str, str]
    files: tuple[File, ...]
    refused: tuple[tuple[str, Refusal], ...]


async def take_in(request: Request, visitor: Visitor, uploads: Uploads, belongs: Belongs) -> TakenIn:
    """Read a form as `multipart/form-data`, keep its documents under the code that its field `code` names.

    The field stands before the documents. The form names its token in its address: it is too large to look for it.

    Raises:
        Refusal: the form as a whole is too large or cannot be read.
    """
    announced = int(request.headers.get("content-length") or 0)
    if announced > PATIENCE * uploads.limit:
        raise uploads.too_large()
    fields: dict[str, str] = {}
    files: list[File] = []
    refused: list[tuple[str, Refusal]] = []
    pieces = _Pieces(request, PATIENCE * uploads.limit, uploads)
    while (part := await pieces.next_part()) is not None:
        if part.filename is None:
            content = b"".join([piece async for piece in pieces.content()])
            fields[part.name] = content[:MOST_IN_A_FIELD].decode("utf-8", "replace")
        elif part.filename:
            try:
                upload = await uploads.announce(visitor, belongs, fields.get("code", ""), part.filename, 0)
                files.append(await uploads.pour(upload, pieces.content()))
            except Refusal as refusal:
                refused.append((part.filename[:120], refusal))
        await pieces.skip()
    return TakenIn(fields, tuple(files), tuple(refused))


class _Part(NamedTuple):
    name: str
    filename: str | None


class _Pieces:
    """The parts of a form one after another, each read as it arrives."""

    def __init__(self, request: Request, most: int, uploads: Uploads) -> None:
        options = parse_options_header(request.headers.get("content-type", ""))[1]
        boundary = options.get(b"boundary", b"")
        if not boundary:
            raise Refused("NotAForm", _("Dit formulier kwam niet goed aan. Probeer het opnieuw."))
        self._stream = request.stream()
        self._events: list[tuple[str, bytes]] = []
        self._most, self._uploads, self._read = most, uploads, 0
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": lambda: self._events.append(("begin", b"")),
                "on_header_field": lambda data, start, end: self._events.append(("field", data[start:end])),
                "on_header_value": lambda data, start, end: self._events.append(("value", data[start:end])),
                "on_header_end": lambda: self._events.append(("header", b"")),
                "on_headers_finished": lambda: self._events.append(("ready", b"")),
                "on_part_data": lambda data, start, end: self._events.append(("data", data[start:end])),
                "on_part_end": lambda: self._events.append(("end", b"")),
            },
        )

    async def next_part(self) -> _Part | None:
        """The next part, after its headers; None behind the last one."""
        headers: dict[str, bytes] = {}
        field, value = b"", b""
        while (event := await self._next()) is not None:
            kind, data = event
            if kind == "begin":
                headers, field, value = {}, b"", b""
            elif kind == "field":
                field += data
            elif kind == "value":
                value += data
            elif kind == "header":
                headers[field.decode("latin-1").lower()] = value
                field, value = b"", b""
            elif kind == "ready":
                options = parse_options_header(headers.get("content-disposition", b""))[1]
                filename = options.get(b"filename")
                name = options.get(b"name", b"").decode("utf-8", "replace")
                return _Part(name, None if filename is None else filename.decode("utf-8", "replace"))
        return None

    async def content(self) -> AsyncIterator[bytes]:
        """What is left of the part at hand."""
        while (event := await self._next()) is not None:
            kind, data = event
            if kind == "end":
                self._events.insert(0, ("passed", b""))
                return
            if kind == "data":
                yield data

    async def skip(self) -> None:
        """Read past the part at hand without keeping it; after `content` was read to its end, nothing is left."""
        while (event := await self._next()) is not None:
            if event[0] in ("end", "passed"):
                return

    async def _next(self) -> tuple[str, bytes] | None:
        while not self._events:
            try:
                piece = await anext(self._stream)
            except StopAsyncIteration:
                return None
            except RuntimeError as consumed:
                raise Refused(
                    "CrossSite", _("Dit formulier hoort niet bij uw sessie. Open de bladzijde opnieuw.")
                ) from consumed
            self._read += len(piece)
            if self._read > self._most:
                raise self._uploads.too_large()
            try:
                self._parser.write(piece)
            except FormParserError as wrong:
                raise Refused("NotAForm", _("Dit formulier kwam niet goed aan. Probeer het opnieuw.")) from wrong
        return self._events.pop(0)

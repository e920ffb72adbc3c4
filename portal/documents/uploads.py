"""Uploaded documents: rows in PostgreSQL, content in a folder, checked by what it is before it counts.

Made to be used wherever somebody outside hands in documents. A page that asks for documents
- shows `Uploads.of(belongs)` with the macro `documents` of `templates/parties/fields.html`,
- takes the plain form in with `incoming.take_in(request, visitor, belongs)`, and
- calls `hand_in` in the transaction that gives the documents to a dossier.
`Belongs` says whose they are; whoever makes one has seen that the visitor may add documents there.
"""

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import anyio
from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col

from database import glance, transaction
from models.errors import Refusal
from models.messages.words import Document, Party
from models.tables import Upload
from portal.access.visitor import Visitor
from portal.documents import contents
from portal.forms.answers import clean
from portal.language import marked as _
from portal.refusals import Refused

MOST_FILES = 40
"""Loose documents of one draft or one answer."""
PART = 1024 * 1024
"""Bytes that a script sends at a time."""
LOOSE_FOR = timedelta(days=7)
"""How long a document that belongs to no draft and was not handed in, or did not arrive whole, is kept."""
MEGABYTE = 1024 * 1024


class Belongs(NamedTuple):
    """To what loose documents belong: a draft, or the answer that a party of a dossier is preparing."""

    draft: str | None = None
    dossier: str | None = None
    party: Party = Party.APPLICANT

    @property
    def rows(self) -> ColumnElement[bool]:
        """The rows of this belonging."""
        if self.draft is not None:
            return col(Upload.draft) == self.draft
        return (col(Upload.dossier) == self.dossier) & (col(Upload.party) == self.party)


class File(NamedTuple):
    """One uploaded document."""

    upload: str
    draft: str | None
    dossier: str | None
    person: str
    party: str
    code: str
    name: str
    size: int
    arrived: int
    media_type: str | None
    sha256: str | None
    state: str
    stored: str
    began_at: datetime
    handed_in_at: datetime | None

    @property
    def shown(self) -> bool:
        """Whether a browser may show it in the page."""
        return self.media_type in contents.SHOWN


class Elsewhere(Exception):
    """A part does not follow what is there; `arrived` bytes are."""

    def __init__(self, arrived: int) -> None:
        super().__init__(f"{arrived} bytes are there")
        self.arrived = arrived


class Uploads:
    """Takes documents in, shows and erases them. Needs the database and a folder."""

    def __init__(self, engine: AsyncEngine, directory: Path, limit_mb: int) -> None:
        self._engine = engine
        self._directory = directory
        self.limit = limit_mb * MEGABYTE
        """Most bytes of one document."""

    async def announce(self, visitor: Visitor, belongs: Belongs, code: str, name: str, size: int) -> str:
        """Announce a document of `size` bytes (0: not known yet); returns its opaque name.

        Raises:
            Refusal: it is larger than allowed, there are too many, or the code is no kind of document.
        """
        if size > self.limit:
            raise self.too_large()
        if code not in set(Document):
            raise Refused("UnknownDocument", _("Kies uit de lijst welk document dit is."))
        upload = secrets.token_hex(16)
        row = {
            "upload": upload,
            "draft": belongs.draft,
            "dossier": belongs.dossier,
            "person": visitor.person,
            "party": belongs.party,
            "code": code,
            "name": clean(name)[: contents.LONGEST_NAME],
            "size": size,
            "arrived": 0,
            "state": "arriving",
            "stored": f"{upload[:2]}/{upload}",
            "began_at": datetime.now(UTC),
        }
        loose = select(func.count()).where(belongs.rows, col(Upload.handed_in_at).is_(None))
        async with transaction(self._engine) as connection:
            if (await connection.scalar(loose) or 0) >= MOST_FILES:
                raise Refused("TooManyFiles", _("U kunt hoogstens %(most)s documenten toevoegen."), most=MOST_FILES)
            await connection.execute(insert(Upload).values(**row))
        path = self._path(str(row["stored"]))
        await anyio.Path(path.parent).mkdir(parents=True, exist_ok=True)
        await anyio.Path(path).touch(mode=0o600)
        return upload

    async def append(self, visitor: Visitor, upload: str, offset: int, content: AsyncIterator[bytes]) -> File:
        """The next part of an announced document; the last part makes it a checked one.

        Raises:
            Elsewhere: the part does not begin where the document ends.
            Refusal: more arrives than was announced, or the document is none that is accepted.
        """
        file = await self._arriving(visitor, upload)
        if offset != file.arrived:
            raise Elsewhere(file.arrived)
        part = bytearray()
        async for piece in content:
            part += piece
            if len(part) > min(2 * PART, file.size - offset):
                raise self.too_large()
        async with transaction(self._engine) as connection:
            held = select(col(Upload.arrived)).where(col(Upload.upload) == upload).with_for_update()
            arrived = (await connection.execute(held)).scalar_one_or_none()
            if arrived != offset:
                raise Elsewhere(arrived or 0)
            async with await anyio.open_file(self._path(file.stored), "r+b") as stored:
                await stored.seek(offset)
                await stored.write(bytes(part))
                await stored.truncate()
            grown = update(Upload).where(col(Upload.upload) == upload).values(arrived=offset + len(part))
            await connection.execute(grown)
        whole = offset + len(part) == file.size
        return await self.check(upload) if whole else file._replace(arrived=offset + len(part))

    async def pour(self, upload: str, content: AsyncIterator[bytes]) -> File:
        """A whole document from a plain form, counted while it is written; nothing beyond the limit touches the disk.

        Raises:
            Refusal: it is larger than allowed, empty, or none that is accepted; then it is gone again.
        """
        file = await self._row(col(Upload.upload) == upload)
        assert file is not None, "announced just now"
        arrived = 0
        try:
            async with await anyio.open_file(self._path(file.stored), "wb") as stored:
                async for piece in content:
                    arrived += len(piece)
                    if arrived > self.limit:
                        raise self.too_large()
                    await stored.write(piece)
        except BaseException:
            await self._erase([file])
            raise
        async with transaction(self._engine) as connection:
            whole = update(Upload).where(col(Upload.upload) == upload).values(size=arrived, arrived=arrived)
            await connection.execute(whole)
        return await self.check(upload)

    async def check(self, upload: str) -> File:
        """Look what a document that arrived whole is; one that is not accepted is erased at once.

        Raises:
            Refusal: it is not accepted, with the reason.
        """
        file = await self._row(col(Upload.upload) == upload)
        assert file is not None, "arrived just now"
        path = self._path(file.stored)
        try:
            if file.size == 0:
                raise Refused("FileRefused", _("Dit bestand is leeg."))
            media = await asyncio.to_thread(contents.media_type, path)
        except Refusal:
            await self._erase([file])
            raise
        name, digest = contents.shown_name(file.name, media), await asyncio.to_thread(_digest, path)
        known = file._replace(media_type=media, name=name, sha256=digest, state="kept")
        async with transaction(self._engine) as connection:
            kept = update(Upload).where(col(Upload.upload) == upload)
            await connection.execute(kept.values(media_type=media, name=name, sha256=digest, state="kept"))
        return known

    async def of(self, belongs: Belongs) -> Sequence[File]:
        """The loose documents, oldest first; those that are still arriving too."""
        async with glance(self._engine) as connection:
            return await loose_files(connection, belongs)

    async def own(self, visitor: Visitor, upload: str) -> File | None:
        """A loose document that this person brought."""
        mine = (col(Upload.upload) == upload) & (col(Upload.person) == visitor.person)
        return await self._row(mine & col(Upload.handed_in_at).is_(None))

    async def loose(self, belongs: Belongs, upload: str) -> File | None:
        """One loose document of this belonging."""
        return await self._row(belongs.rows & (col(Upload.upload) == upload) & col(Upload.handed_in_at).is_(None))

    async def draft_of(self, upload: str) -> str | None:
        """The draft that a loose document was added to."""
        file = await self._row((col(Upload.upload) == upload) & col(Upload.handed_in_at).is_(None))
        return None if file is None else file.draft

    async def remove(self, belongs: Belongs, upload: str) -> None:
        """Take a loose document away; one that is gone already stays gone."""
        if (file := await self.loose(belongs, upload)) is not None:
            await self._erase([file])

    async def forget(self, where: ColumnElement[bool]) -> int:
        """Erase loose documents, content first: what is interrupted is found again by the next sweep."""
        query = select(Upload).where(where, col(Upload.handed_in_at).is_(None)).limit(500)
        async with glance(self._engine) as connection:
            files = [file_of(row) for row in await connection.execute(query)]
        await self._erase(files)
        return len(files)

    def path(self, file: File) -> Path:
        """Where the content stands; only for whoever was seen to have the right to read it."""
        return self._path(file.stored)

    def too_large(self) -> Refusal:
        """What is said of a document that is larger than the limit."""
        return Refused(
            "FileTooLarge", _("Dit bestand is te groot: hoogstens %(most)s MB."), most=self.limit // MEGABYTE
        )

    async def _arriving(self, visitor: Visitor, upload: str) -> File:
        file = await self.own(visitor, upload)
        if file is None or file.state != "arriving":
            raise Refused("UploadGone", _("Dit document is er niet meer of is al volledig. Begin opnieuw."))
        return file

    async def _row(self, where: ColumnElement[bool]) -> File | None:
        async with glance(self._engine) as connection:
            row = (await connection.execute(select(Upload).where(where))).one_or_none()
        return None if row is None else file_of(row)

    async def _erase(self, files: Sequence[File]) -> None:
        for file in files:
            await anyio.Path(self._path(file.stored)).unlink(missing_ok=True)
        if files:
            async with transaction(self._engine) as connection:
                gone = delete(Upload).where(col(Upload.upload).in_([file.upload for file in files]))
                await connection.execute(gone)

    def _path(self, stored: str) -> Path:
        return self._directory / stored


async def loose_files(connection: AsyncConnection, belongs: Belongs) -> Sequence[File]:
    """The loose documents of this belonging, oldest first."""
    query = select(Upload).where(belongs.rows, col(Upload.handed_in_at).is_(None)).order_by(col(Upload.began_at))
    return [file_of(row) for row in await connection.execute(query)]


async def hand_in(connection: AsyncConnection, belongs: Belongs, number: str, at: datetime) -> None:
    """The documents become part of a dossier, in the transaction of whatever gives them to it."""
    kept = update(Upload).where(belongs.rows, col(Upload.handed_in_at).is_(None), col(Upload.state) == "kept")
    await connection.execute(kept.values(dossier=number, draft=None, handed_in_at=at))


def file_of(row: Any) -> File:
    """An uploaded document from its row."""
    return File(*(getattr(row, name) for name in File._fields))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

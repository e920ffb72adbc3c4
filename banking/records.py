"""A message of a bank read as a stream, with suspicion: what it says, record by record, in memory that stays bounded.

No document type, so no entities either; nothing outside the file is ever opened. Depth, size, and what one record may
hold have limits far above what a bank sends (ISO 20022 allows 500 characters in its longest text).
"""

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Protocol
from xml.parsers import expat

from banking.elements import NAMESPACES
from models.errors import Refusal

LARGEST = 512 * 1024 * 1024
"""Bytes of a file; a hundred thousand entries with every detail are a quarter of it."""
DEEPEST, LONGEST, MOST = 40, 10_000, 1_000
"""Elements within each other, characters of one text, texts of one record."""
AT_ONCE, HEAD = 256 * 1024, 1024
"""Bytes that are read before what was found in them is handed on; or before it is asked whether the root was found."""
BETWEEN = "\n"
"""What stands between the values of an element that a record holds several times."""
_WRONG = (expat.ExpatError, LookupError, ValueError)
"""What the parser raises for a file that is not well formed, or is written in signs it does not know."""
_MESSAGE = re.compile(re.escape(NAMESPACES) + r"([a-z]{4}\.[0-9]{3}\.[0-9]{3}\.[0-9]{2})")


@dataclass(frozen=True, slots=True)
class Record:
    """One element: what stands below it by path (`Acct/Id/IBAN`), without the records within it."""

    name: str
    within: "Record | None"
    found: dict[str, str] = field(default_factory=dict)

    def first(self, *paths: str) -> str | None:
        """The first value of the first of these paths that is there."""
        for path in paths:
            if text := self.found.get(path):
                return text.partition(BETWEEN)[0]
        return None

    def all(self, path: str) -> list[str]:
        """Every value of a path, in the order of the file."""
        text = self.found.get(path)
        return text.split(BETWEEN) if text else []


class Stream(Protocol):
    """Bytes that come piece by piece, as of an open file."""

    def read(self, size: int, /) -> bytes: ...


def message_of(content: bytes) -> str:
    """Which message a file is, such as `camt.053.001.08`, by its root alone.

    Raises:
        Refusal: it is no message of a bank.
    """
    cutter = _Cutter({}, lambda _: True)
    for place in range(0, min(len(content), AT_ONCE), HEAD):
        with contextlib.suppress(*_WRONG):  # what comes after the root is not asked here
            cutter.parser.Parse(content[place : place + HEAD], False)
        if cutter.message is not None:
            return cutter.message
    raise Refusal("BankFileUnknown", "Dit is geen bericht van een bank (XML). Vraag de bank een nieuw bestand.")


Cuts = Mapping[str, tuple[str, ...]]
"""Which elements become a record, and within which records they do; the outermost one is the `Document`."""


def records(source: Stream | bytes, takes: Callable[[str], bool], cuts: Cuts) -> Iterator[Record]:
    """The elements that are cut out, each when it ends: those within another one before it.

    Raises:
        Refusal: it is not a message that `takes` says yes to, it breaks off, or it is made to do harm.
    """
    source = BytesIO(source) if isinstance(source, bytes) else source
    cutter, size = _Cutter(cuts, takes), 0
    while piece := source.read(AT_ONCE):
        size += len(piece)
        if size > LARGEST:
            raise _hostile("is groter dan een bank er een stuurt")
        yield from cutter.heard(piece)
    yield from cutter.heard(b"", last=True)


class _Place:
    """Where an element stands: its path within its record, and the places below it that were seen."""

    __slots__ = ("above", "below", "cut", "depth", "path", "record")

    def __init__(self, above: "_Place | None", name: str, cuts: Cuts) -> None:
        self.above, self.below = above, dict[str, _Place]()
        self.depth: int = above.depth + 1 if above else 0
        around: str = above.record if above else "Document"
        self.cut = around in cuts.get(name, ())
        self.record: str = name if self.cut else around
        self.path: str = "" if self.cut or above is None else f"{above.path}/{name}".lstrip("/")


class _Cutter:
    """Listens to the parser and cuts records out of what it hears."""

    def __init__(self, cuts: Cuts, takes: Callable[[str], bool]) -> None:
        self.message: str | None = None
        self._cuts, self._takes = cuts, takes
        self._ready: list[Record] = []
        self._record = Record("Document", None)
        self._place, self._places = _Place(None, "", cuts), 0
        self._text, self._leaf = "", False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def heard(self, piece: bytes, *, last: bool = False) -> list[Record]:
        """The records that end in this piece of the file."""
        try:
            self.parser.Parse(piece, last)
        except _WRONG as wrong:
            raise _unreadable(wrong) from wrong
        ready, self._ready = self._ready, []
        return ready

    def _doctype(self, *_: object) -> None:
        raise _hostile("beschrijft eigen tekens (DOCTYPE)")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        place = self._place.below.get(name) or self._found(name)
        self._place, self._leaf, self._text = place, True, ""
        if place.cut:
            self._record = Record(place.record, self._record)
        elif attributes and "Ccy" in attributes:
            self._keep(f"{place.path}@Ccy", attributes["Ccy"])

    def _end(self, _: str) -> None:
        place = self._place
        if self._leaf:
            self._leaf = False
            if place.path and (text := self._text.strip()):
                self._keep(place.path, text.replace(BETWEEN, " "))
        if place.cut and self._record.within is not None:
            self._ready.append(self._record)
            self._record = self._record.within
        assert place.above is not None, "the parser ends what it started"
        self._place = place.above

    def _characters(self, text: str) -> None:
        self._text += text
        if len(self._text) > LONGEST:
            raise _hostile("heeft een tekst zonder einde")

    def _keep(self, path: str, text: str) -> None:
        found = self._record.found
        if path in found:
            text = f"{found[path]}{BETWEEN}{text}"
        found[path] = text
        if len(found) > MOST or len(text) > LONGEST:
            raise _hostile("heeft een boeking zonder einde")

    def _found(self, full: str) -> _Place:
        """A place that was not seen before. An element of another namespace keeps it, and is never taken for ours."""
        space, _, name = full.rpartition(" ")
        if self.message is None:
            found = _MESSAGE.fullmatch(space)
            if found is None or name != "Document" or not self._takes(found[1]):
                told = space.removeprefix(NAMESPACES) or name
                raise Refusal("BankFileUnknown", f"Dit bestand is van een soort die wij niet lezen: {told[:80]!r}.")
            self.message = found[1]
        ours = space == NAMESPACES + self.message
        place = self._place.below[full] = _Place(self._place, name if ours else full, self._cuts)
        self._places += 1
        if place.depth > DEEPEST or self._places > MOST:
            raise _hostile("is te diep of te breed vertakt")
        return place


def _hostile(why: str) -> Refusal:
    return Refusal("BankFileHostile", f"Dit bestand {why}. Het is niet gelezen: vraag de bank of het van haar komt.")


def _unreadable(wrong: Exception) -> Refusal:
    where = f" (regel {wrong.lineno})" if isinstance(wrong, expat.ExpatError) else ""
    return Refusal(
        "BankFileUnreadable",
        f"Dit bestand breekt af of is beschadigd{where}. Er is niets van opgenomen: vraag de bank een nieuw bestand.",
    )

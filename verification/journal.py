"""The journal of one dossier: without a gap, every hash made again from the stored row, and the rows it folds into."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from activities import projections
from models import chain
from models.messages.events import AnyEvent
from verification.findings import Fault
from verification.stored import Stored, StoredEvent

START = "0" * 64
"""What the first event of a dossier has for `previous`."""
_checked_fact = TypeAdapter[Any](AnyEvent).validator.validate_python


class ReadEvent(NamedTuple):
    """An event as it stands. The columns are typed by the database: only its fact is checked."""

    sequence: int
    at: datetime
    by: str
    fact: Any


class Journal:
    """The stored events of one dossier, read and folded. `rows` holds only when nothing is wrong with the events."""

    def __init__(self, stored: Stored) -> None:
        self.number = stored.number
        self.faults: list[Fault] = []
        self.events: list[ReadEvent] = []
        self._fold = projections.Rows(stored.number)
        head = START
        for place, row in enumerate(stored.events, start=1):
            if row.sequence != place:
                self._fault(f"event {place} ontbreekt: na {place - 1} volgt {row.sequence}")
                break
            head = self._take(row, head)
        self._head_agrees(stored, head)

    @property
    def readable(self) -> bool:
        """Whether every event is what it was, so that the rows can be folded from them."""
        return all(fault.check != "journal" for fault in self.faults)

    @property
    def rows(self) -> dict[str, dict[tuple[Any, ...], dict[str, Any]]]:
        """The projections that follow from the events, by table and key."""
        rows: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {name: {**of} for name, of in self._fold.rows.items()}
        for columns in rows.get("dossier", {}).values():
            columns.update(sequence=len(self.events), head=self._head, updated_at=self.events[-1].at)
        return rows

    def facts(self, *types: type[Any]) -> Iterator[Any]:
        """The facts of these types, in their order."""
        return (event.fact for event in self.events if isinstance(event.fact, types))

    def _take(self, row: StoredEvent, previous: str) -> str:
        event = _event(row)
        if event is None:
            self._fault(f"event {row.sequence} ({row.type}) is niet te lezen: de inhoud past niet bij zijn soort")
            return row.hash
        if row.previous != previous:
            self._fault(f"event {row.sequence} ({row.type}) sluit niet aan op het vorige")
        elif chain.chain(self.number, event, row.data, previous) != row.hash:
            self._fault(f"event {row.sequence} ({row.type}) is veranderd: de hash klopt niet meer")
        self.events.append(event)
        self._fold.apply(event)
        return row.hash

    def _head_agrees(self, stored: Stored, head: str) -> None:
        self._head = head
        dossier = stored.dossier
        if dossier is None or not self.readable:
            return
        if dossier["sequence"] > len(self.events):
            self._fault(f"het dossier telt {dossier['sequence']} events, in het journaal staan er {len(self.events)}")
        elif (dossier["sequence"], dossier["head"]) != (len(self.events), head):
            text = f"het dossier verwijst naar event {dossier['sequence']}, het laatste is {len(self.events)}"
            self.faults.append(Fault(dossier=self.number, check="projection", text=text))

    def _fault(self, text: str) -> None:
        self.faults.append(Fault(dossier=self.number, check="journal", text=text))


def _event(row: StoredEvent) -> ReadEvent | None:
    try:
        fact = _checked_fact({**row.data, "type": row.type})
    except ValidationError:
        return None
    return ReadEvent(row.sequence, row.at, row.by, fact)

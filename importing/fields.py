"""One row being read: typed values out of text, with a fault for what the office must repair first."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeVar

from importing import notations
from importing.faults import Fault, shown
from importing.recognising import Record, Table
from models.messages.words import Language
from schemes.identifiers import enterprise_number, establishment_number

T = TypeVar("T")
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}")
_MORE_THAN_A_NAME = re.compile(r"[@,;:]|[0-9]{3}")
_DAY = "is geen datum. Schrijf dd/mm/jjjj."
_AMOUNT = "is geen bedrag. Schrijf bijvoorbeeld 1234,56."
_NUMBER = "is geen getal. Schrijf bijvoorbeeld 7,5."
NO_DAY = date(1900, 1, 1)
NOTHING = Decimal(0)


class Fields:
    """The cells of a record by column. After a fault a stand-in is returned, so that all faults of a file are found."""

    def __init__(self, table: Table, record: Record, faults: list[Fault]) -> None:
        self._file = table.file
        self._record = record
        self._faults = faults

    @property
    def typed(self) -> dict[str, str]:
        """The row as it was typed, without what lies in the future."""
        return dict(self._record.values)

    def text(self, column: str) -> str:
        """The text of a cell, possibly empty."""
        return self._record.values[column]

    def public(self, column: str) -> str:
        """The name of a place or agency, which facts may hold; what looks like more than a name stays in its row."""
        typed = " ".join(self.text(column).split())
        return typed if len(typed) <= 40 and not _MORE_THAN_A_NAME.search(typed) else ""

    def fault(self, column: str, message: str) -> None:
        """Name something to repair in this row."""
        self._faults.append(Fault(file=self._file, row=self._record.row, column=column, message=message))

    def reference(self, column: str) -> str:
        """A dossier number: letters, digits and . _ / - only, because it goes where nothing personal may go."""
        typed = self.text(column)
        if not _REFERENCE.fullmatch(typed):
            self.fault(
                column, f"{shown(typed)} is geen dossiernummer. Gebruik letters, cijfers en streepjes, hoogstens 40."
            )
        return typed

    def day(self, column: str) -> date:
        """A date that must be there."""
        return self._needed(column, notations.day, _DAY, NO_DAY)

    def day_of_filing(self, known_on: date) -> date:
        """The day on which it was filed, by which a policy governs: none after the day the file was made."""
        filed_on = self.day("Datum indiening")
        if filed_on > known_on:
            self.fault(
                "Datum indiening",
                f"{filed_on:%d/%m/%Y} komt na {known_on:%d/%m/%Y}, de dag waarop het bestand gemaakt is.",
            )
        return filed_on

    def day_if_any(self, column: str) -> date | None:
        """A date, or nothing; a text that is no date is a fault."""
        return self._if_any(column, notations.day, _DAY)

    def amount(self, column: str) -> Decimal:
        """Euros that must be there."""
        return self._needed(column, notations.amount, _AMOUNT, NOTHING)

    def amount_if_any(self, column: str) -> Decimal | None:
        """Euros, or nothing."""
        return self._if_any(column, notations.amount, _AMOUNT)

    def number(self, column: str) -> Decimal:
        """Hours or a share that must be there."""
        return self._needed(column, notations.number, _NUMBER, NOTHING)

    def number_if_any(self, column: str) -> Decimal | None:
        """Hours, weeks or a share, or nothing."""
        return self._if_any(column, notations.number, _NUMBER)

    def whole(self, column: str) -> int:
        """A count that must be there."""
        return self._needed(column, notations.whole, "is geen geheel getal.", 0)

    def yes(self, column: str) -> bool:
        """Yes or no, which must be there."""
        return self._needed(column, notations.yes, "is geen ja of nee.", False)

    def yes_if_any(self, column: str) -> bool | None:
        """Yes, no or nothing."""
        return self._if_any(column, notations.yes, "is geen ja of nee.")

    def as_stated(self, column: str, read: Callable[[str], T]) -> T | None:
        """What the applicant typed, or nothing when it cannot be read: then the intake asks for it again."""
        try:
            return read(self.text(column))
        except ValueError:
            return None

    def choice(self, column: str, words: Mapping[str, T]) -> T:
        """One of a closed list of words; the first stands in after a fault."""
        found = words.get(notations.plain(self.text(column)))
        if found is not None:
            return found
        self.fault(column, f"{shown(self.text(column))} staat niet in de lijst: {', '.join(words)}.")
        return next(iter(words.values()))

    def enterprise(self, column: str = "Ondernemingsnummer") -> str:
        """Ten digits of an enterprise number in any notation."""
        message = "is geen ondernemingsnummer: de lengte of het controlegetal klopt niet."
        return self._needed(column, enterprise_number, message, "")

    def establishment(self) -> str:
        """Ten digits of an establishment unit number."""
        message = "is geen vestigingseenheidsnummer: de lengte of het controlegetal klopt niet."
        return self._needed("Vestigingseenheidsnummer", establishment_number, message, "")

    def language(self) -> Language:
        """The preferred language; Dutch when it is not one of the known ones."""
        try:
            return Language(notations.plain(self.text("Taal"))[:2])
        except ValueError:
            return Language.DUTCH

    def _needed(self, column: str, read: Callable[[str], T], wrong: str, stand_in: T) -> T:
        typed = self.text(column)
        if not typed:
            self.fault(column, "de cel is leeg, maar moet ingevuld zijn.")
            return stand_in
        found = self._if_any(column, read, wrong)
        return stand_in if found is None else found

    def _if_any(self, column: str, read: Callable[[str], T], wrong: str) -> T | None:
        typed = self.text(column)
        if not typed:
            return None
        try:
            return read(typed)
        except ValueError:
            self.fault(column, f"{shown(typed)} {wrong}")
            return None

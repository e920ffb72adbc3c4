"""What is wrong with a file. A mistake of the applicant is no fault of the file: the intake deals with that."""

from collections.abc import Sequence

from models.errors import Refusal
from models.messages.message import Message


class Fault(Message):
    """One thing to repair before the file can be imported; the text is plain Dutch."""

    file: str
    row: int | None
    """Row as a spreadsheet shows it: the header is row 1. None: the whole file."""
    column: str | None
    message: str

    def __str__(self) -> str:
        place = [self.file]
        if self.row is not None:
            place.append(f"rij {self.row}")
        if self.column is not None:
            place.append(f"kolom '{self.column}'")
        return f"{', '.join(place)}: {self.message}"


class ImportRefused(Refusal):
    """Nothing was imported. `faults` names everything that was found, in the order of the files."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("BESTAND_GEWEIGERD", "\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


def shown(text: str) -> str:
    """A typed value as a message quotes it: short, on one line."""
    flat = " ".join(text.split())
    return f"'{flat[:40]}…'" if len(flat) > 40 else f"'{flat}'"

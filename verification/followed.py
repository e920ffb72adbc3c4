"""Whether nobody is forgotten: every moment of a follow-up that is due is asked, known, or has a reason."""

from collections.abc import Iterator

from models.messages.words import Party
from verification.findings import Fault
from verification.stored import Stored

OPEN = ("open", "held")


def check_followed(stored: Stored) -> Iterator[Fault]:
    """A moment that applies is concluded when the dossier is closed; before, the dossier does not wait beyond it."""
    dossier = stored.dossier
    if dossier is None:
        return
    known = stored.tables["follow_up"]
    applying = [row for row in stored.tables["follow_up_due"].values() if row["because"] is None]
    left = [row for row in applying if (stored.number, row["moment"]) not in known]
    for row in sorted(left, key=lambda row: str(row["moment"])):
        if dossier["outcome"] is not None:
            yield _fault(
                stored, f"gesloten, maar van het moment '{row['moment']}' is geen uitkomst en geen reden bekend"
            )
        elif row["due_on"] is not None and _waits_beyond(stored, row["due_on"]):
            yield _fault(stored, f"het moment '{row['moment']}' is sinds {row['due_on']:%d/%m/%Y} niet bevraagd")
    for row in sorted(known.values(), key=lambda row: str(row["moment"])):
        if row["outcome"] == "onbekend" and row["reason"] is None:
            yield _fault(stored, f"van het moment '{row['moment']}' is de uitkomst onbekend zonder reden")


def _waits_beyond(stored: Stored, due: object) -> bool:
    """Whether the dossier rests until a later day while nobody is asked anything."""
    dossier = stored.dossier
    assert dossier is not None
    until = dossier["waiting_until"]
    asked = any(row["state"] in OPEN for table in ("request", "task") for row in stored.tables[table].values())
    return dossier["waiting_on"] == Party.CALENDAR and until is not None and until > due and not asked


def _fault(stored: Stored, text: str) -> Fault:
    return Fault(dossier=stored.number, check="followed", text=text)

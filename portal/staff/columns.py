"""The columns of the work list: what they are called, what stands in them, and which of them somebody wants to see."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from database import glance, transaction
from models.tables import OwnColumns
from portal.language import Tongue
from portal.language import marked as _
from portal.wording import Wording
from reading.inbox import Line
from schemes.calendar import BRUSSELS

Value = str | date | Decimal | int | None


class Words(NamedTuple):
    """What a cell needs to be said in the language of its reader."""

    say: Tongue
    wording: Wording
    today: date


class Column(NamedTuple):
    """What a column is called; figures stand to the right."""

    label: str
    figure: bool = False


def _holder(line: Line, words: Words) -> Value:
    return line.holder_name or line.holder or (words.say(_("niemand")) if line.is_task and line.state == "open" else "")


def _state(line: Line, words: Words) -> Value:
    """What the line waits for, in words."""
    if not line.is_task:
        return words.say(_("wacht op: %(party)s"), party=words.wording.word(line.role, "parties"))
    if line.state == "held":
        return words.say(_("gaat uit om %(time)s"), time=words.wording.clock(line.goes_out_at))
    if line.state == "done":
        return words.wording.word(line.outcome, "answers")
    return words.say(_("open"))


COLUMNS: Mapping[str, Column] = {
    "due": Column(_("Uiterste dag")),
    "left": Column(_("Dagen over"), figure=True),
    "task": Column(_("Te doen")),
    "dossier": Column(_("Dossier")),
    "employer": Column(_("Werkgever")),
    "enterprise_number": Column(_("Ondernemingsnummer")),
    "kind": Column(_("Soort")),
    "fund": Column(_("Fonds")),
    "role": Column(_("Voor")),
    "amount": Column(_("Bedrag"), figure=True),
    "advice": Column(_("Advies")),
    "holder": Column(_("In handen van")),
    "follow_up_on": Column(_("Opvolgen op")),
    "state": Column(_("Stand")),
    "opened": Column(_("Open sinds")),
    "derivation": Column(_("Hoe de dag bepaald is")),
}
USUAL = ("due", "task", "dossier", "employer", "amount", "holder", "follow_up_on", "state")


def value(line: Line, code: str, words: Words) -> Value:
    """What stands in one cell, as an export keeps it; the page may show it more richly."""
    match code:
        case "left":
            return line.days_left(words.today)
        case "task":
            return words.wording.word(line.step, "steps" if line.is_task else "questions")
        case "kind":
            return words.wording.word(line.kind, "kinds")
        case "role":
            return words.wording.word(line.role, "roles" if line.is_task else "parties")
        case "advice":
            return words.wording.word(line.advice, "advice")
        case "holder":
            return _holder(line, words)
        case "state":
            return _state(line, words)
        case "derivation":
            return words.wording.derived(line.derivation)
        case "opened":
            return line.opened_at.astimezone(BRUSSELS).date()
        case _:
            found: Value = getattr(line, code)
            return found


async def own(engine: AsyncEngine, person: str) -> tuple[str, ...]:
    """The columns this person wants to see, in order."""
    async with glance(engine) as connection:
        chosen = await connection.scalar(select(col(OwnColumns.columns)).where(col(OwnColumns.person) == person))
    return tuple(code for code in chosen or () if code in COLUMNS) or USUAL


async def choose(engine: AsyncEngine, person: str, columns: Iterable[str]) -> None:
    """Keep which columns somebody wants to see, in the order in which they are listed; none is the usual ones."""
    chosen = [code for code in COLUMNS if code in set(columns)]
    row = upsert(OwnColumns).values(person=person, columns=chosen)
    async with transaction(engine) as connection:
        await connection.execute(row.on_conflict_do_update(index_elements=["person"], set_={"columns": chosen}))

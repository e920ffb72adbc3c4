"""Facts of a trajectory put right by staff: read, looked ahead at, told to the dossier, the birth date in its row."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

import policies
from database import transaction
from importing import notations
from importing.keyed import person_key
from models.errors import Refusal
from models.messages.commands import ReportFact
from models.messages.events import MovedDate
from models.messages.facts import TrajectoryFacts
from models.messages.policies import OutplacementPolicy
from models.messages.words import Fund, Instrument
from models.tables import Participant
from reading.course import Lived
from schemes import course
from schemes.calendar import local_date
from schemes.correcting import BECAUSE, CORRECTED, FROM_A_BIRTH_DATE, NAMES, CorrectionError, corrected
from schemes.course import Course
from schemes.course_story import Happened, course_of
from schemes.dismissals import FactMissing, ages
from schemes.regimes import Regime
from starter import Starter

BIRTH_DATE = "birth_date"
TYPED = (BIRTH_DATE, *(field for field in NAMES if field not in FROM_A_BIRTH_DATE))
"""What a form or a command line gives; ages follow from the birth date."""
NUMBERS = frozenset({"notice_weeks", "indemnity_weeks", "employment_fraction"})


class FieldRefusal(Refusal):
    """A fact that cannot be; `field` says which."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__("FactImpossible", sentence)
        self.field = field


class Wanted(NamedTuple):
    """What somebody wants put right: facts as a report carries them, and a birth date for its row."""

    because: str
    values: Mapping[str, str]
    born: date | None = None


class Plan(NamedTuple):
    """What follows from it."""

    facts: TrajectoryFacts
    before: Regime | None
    after: Regime | None
    moved: tuple[MovedDate, ...]

    @property
    def seen(self) -> str:
        """By which a plan that was looked at is known again."""
        days = "|".join(f"{one.what}:{one.before}:{one.after}" for one in self.moved)
        changed = "|".join(f"{field}:{getattr(self.facts, field)}" for field in NAMES)
        return f"{self.after}/{days}/{changed}"


def standing(lived: Lived) -> Course:
    """Where the trajectory stands."""
    policy = policies.in_force(Fund(lived.fund), Instrument.OUTPLACEMENT, local_date(lived.received_at))
    assert isinstance(policy, OutplacementPolicy)
    return course_of(lived.facts, (Happened(at, fact) for at, fact in lived.events), policy)


def wanted(lived: Lived, typed: Mapping[str, str], because: str) -> Wanted:
    """What is other than it stands; days as 14/03/2025 or 2025-03-14, numbers as 12,5.

    Raises:
        Refusal: something cannot be read (then a FieldRefusal), no reason is given, or nothing changes.
    """
    if because not in BECAUSE:
        raise Refusal("ReasonMissing", f"Kies waarom: {', '.join(BECAUSE)}.")
    facts = standing(lived).facts
    for field in typed:
        if field not in TYPED:
            raise FieldRefusal(field, f"'{field}' kan hier niet verbeterd worden. Kies uit: {', '.join(TYPED)}.")
    stated = {field: _coded(field, text) for field, text in typed.items() if field != BIRTH_DATE}
    values = {field: text for field, text in stated.items() if text != written(getattr(facts, field))}
    born = _born(typed[BIRTH_DATE]) if typed.get(BIRTH_DATE, "").strip() else None
    if born == lived.birth_date:
        born = None
    values |= _ages(facts, values, born or lived.birth_date) if born or values else {}
    if not values and born is None:
        raise Refusal("NothingChanges", "Dit staat al zo in het dossier; er verandert niets.")
    return Wanted(because, values, born)


def plan_of(lived: Lived, asked: Wanted) -> Plan:
    """What would move, and which regime would hold.

    Raises:
        FieldRefusal: together with what is known it cannot be.
    """
    before = standing(lived)
    try:
        facts = corrected(before.facts, asked.values)
        after = course.redirected(before, facts)
    except (CorrectionError, FactMissing) as wrong:
        raise FieldRefusal(wrong.field, str(wrong)) from wrong
    moved = course.moved(before, after, local_date(lived.now))
    return Plan(facts, before.regime, after.regime, moved)


async def put_right(
    starter: Starter, engine: AsyncEngine, secret: bytes, number: str, lived: Lived, asked: Wanted, person: str
) -> None:
    """Tell the dossier, then correct the row with the birth date: what the dossier refuses changes nothing.

    Raises:
        Refusal: the dossier says no, or is closed.
    """
    if asked.values:
        values = {**asked.values, "because": asked.because, "seen": str(lived.sequence)}
        by = await starter.staff(person)
        await starter.report(number, ReportFact(fact=CORRECTED, on=local_date(lived.now), by=by, values=values))
    if asked.born is None:
        return
    columns: dict[str, object] = {"birth_date": asked.born}
    if lived.first_name and lived.last_name:
        columns["person"] = person_key(secret, lived.first_name, lived.last_name, asked.born)
    async with transaction(engine) as connection:
        await connection.execute(update(Participant).where(col(Participant.dossier) == number).values(**columns))


def written(value: object) -> str:
    """A fact as a report carries it."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


def _coded(field: str, text: str) -> str:
    if not text.strip():
        return ""
    try:
        return written(notations.number(text)) if field in NUMBERS else notations.day(text).isoformat()
    except ValueError:
        what = (
            "geen getal; schrijf bijvoorbeeld 12,5" if field in NUMBERS else "geen dag; schrijf bijvoorbeeld 14/03/2025"
        )
        raise FieldRefusal(field, f"Voor {NAMES[field]} is '{text.strip()}' {what}.") from None


def _born(text: str) -> date:
    try:
        return notations.day(text)
    except ValueError:
        message = f"Voor de geboortedatum is '{text.strip()}' geen dag; schrijf bijvoorbeeld 14/03/1979."
        raise FieldRefusal(BIRTH_DATE, message) from None


def _ages(facts: TrajectoryFacts, values: Mapping[str, str], born: date | None) -> dict[str, str]:
    """The ages that follow from a birth date, where they are other than known, on the days as they are put right."""
    if born is None:
        return {}
    days = {
        field: date.fromisoformat(values[field]) if values.get(field) else getattr(facts, field)
        for field in ("dismissed_on", "announced_on")
    }
    found = ages(born, days["dismissed_on"], days["announced_on"])
    named = {"age_on_dismissal": found.on_dismissal, "age_on_announcement": found.on_announcement}
    return {name: written(value) for name, value in named.items() if written(value) != written(getattr(facts, name))}

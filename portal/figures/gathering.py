"""From what is asked in an address or a command to the people it is about."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from figures.counting import Grouping
from figures.people import LATEST, MOMENTS, Person, person
from figures.tables import Asked, Counted
from models.messages.words import Fund
from portal.days import likely
from reading import outcomes

EVERY_YEAR = "alle"
YES = "ja"


class Choice(NamedTuple):
    """What somebody asked, and between what may be chosen."""

    asked: Asked
    years: tuple[int, ...]
    """In which guidance began, the last one first."""
    has_both: bool
    """There are real and rehearsed dossiers."""


async def chosen(connection: AsyncConnection, typed: Mapping[str, str], funds: tuple[Fund, ...], today: date) -> Choice:
    """Read what was asked; what is left out or makes no sense is what most people want: today, the last year.

    Rehearsed dossiers are looked at when somebody asks for them, or when there are no others.
    """
    fund = next((one for one in funds if one.value == typed.get("fonds")), funds[0])
    day = _day(typed.get("op")) or today
    years = await outcomes.years(connection, fund, day)
    rehearsed = bool(years[True]) and (typed.get("oefening") == YES or not years[False])
    year = typed.get("jaar", "")
    latest = years[rehearsed][0] if years[rehearsed] else day.year
    earlier = _day(typed.get("vergelijk"))
    asked = Asked(
        fund=fund,
        day=day,
        year=None if year == EVERY_YEAR else int(year) if year.isdecimal() and len(year) == 4 else latest,
        by=Grouping(typed["per"]) if typed.get("per") in set(Grouping) else Grouping.REGIME,
        moment=typed["moment"] if typed.get("moment") in MOMENTS else LATEST,
        earlier=earlier if earlier and earlier < day else None,
        discreet=typed.get("publiek") == YES,
        rehearsed=rehearsed,
    )
    return Choice(asked, years[rehearsed], all(years.values()))


async def gather(connection: AsyncConnection, asked: Asked) -> Counted:
    """The people of a question, as they stood on its day and on the earlier one."""
    people = await _people(connection, asked, asked.day)
    before = await _people(connection, asked, asked.earlier) if asked.earlier else ()
    by_employer = asked.by in (Grouping.EMPLOYER, Grouping.COHORT)
    numbers = sorted({one.enterprise for one in people}) if by_employer else []
    return Counted(asked, people, before, await outcomes.employers(connection, numbers) if numbers else {})


async def _people(connection: AsyncConnection, asked: Asked, day: date) -> tuple[Person, ...]:
    rows = await outcomes.people(connection, asked.fund, day, year=asked.year, rehearsed=asked.rehearsed)
    return tuple(person(row, day) for row in rows)


def _day(typed: str | None) -> date | None:
    try:
        return likely(date.fromisoformat(typed)) if typed else None
    except ValueError:
        return None

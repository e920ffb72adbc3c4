"""Standing in for a colleague who is away, between two days and within a fund.

Nothing starts or ends a substitution: whether it holds is asked at the moment of use. It reaches one colleague far: who
stands in for somebody does not pass that on. A substitute acts as himself with roles of the absent one, and both names
are told; four eyes hold for both.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col

from database import errand, glance, transaction
from models.errors import Refusal
from models.messages.commands import Actor
from models.messages.words import Fund, Party, Role
from models.tables import Absence, HandEvent, StaffMember
from schemes.calendar import local_date

_ROLES = "SELECT fund, roles FROM staff_member WHERE person = $1 AND active"
LONGEST = timedelta(days=366)
OWN = frozenset({Role.OPERATIONS, Role.AUDITOR, Role.ADMINISTRATOR})
"""Roles that are held by a person and lent to nobody."""
WEIGHTY = frozenset({Role.APPROVER, Role.BOARD, Role.FINANCE, Role.TEAM_LEAD})
"""Roles that nobody lends alone: the substitute holds the role already, or another arranged the absence."""
ARRANGES = frozenset({Role.TEAM_LEAD, Role.ADMINISTRATOR})


def today() -> date:
    """The local day."""
    return local_date(datetime.now(UTC))


class Absences:
    """Who acts as whom."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def staff(self, person: str, for_person: str | None = None) -> Actor:
        """The member of staff with the roles held now, or with those of the absent colleague stood in for.

        Raises:
            Refusal: nobody active has this name, or it is not the substitute of the other today.
        """
        if for_person is not None:
            async with glance(self._engine) as connection:
                return await actor(connection, person, for_person)
        async with errand(self._engine) as quick:
            found = await quick.fetchrow(_ROLES, person)
        if found is None:
            raise _unknown(person)
        return Actor(person=person, party=Party.STAFF, fund=Fund(found["fund"]), roles=_roles(found["roles"]))

    async def announce_absence(self, person: str, substitute: str, starts_on: date, ends_on: date, by: str) -> int:
        """Let `substitute` stand in for `person` from one day to another, both inclusive; returns its number.

        Raises:
            Refusal: somebody is not of the fund, the days are not in order or taken, or `by` may not arrange this.
        """
        away, standing_in, arranging = [await self.staff(one) for one in (person, substitute, by)]
        _check_days(starts_on, ends_on)
        if person == substitute or away.fund != standing_in.fund:
            raise Refusal("WrongSubstitute", "Kies een andere collega van hetzelfde fonds als vervanger.")
        _check_arranger(arranging, person, away.fund)
        async with transaction(self._engine) as connection:
            # Whoever announces for the same person at once waits here.
            await connection.execute(select(StaffMember).where(col(StaffMember.person) == person).with_for_update())
            overlap = await connection.scalar(_of(person).where(*_between(starts_on, ends_on)).limit(1))
            if overlap is not None:
                raise Refusal("AbsenceOverlaps", "Voor deze dagen is al een vervanging geregeld. Beëindig die eerst.")
            row = {"fund": away.fund, "person": person, "substitute": substitute}
            days = {"starts_on": starts_on, "ends_on": ends_on, "set_by": by, "set_at": datetime.now(UTC)}
            number = await connection.scalar(insert(Absence).values(**row, **days).returning(col(Absence.absence)))
            await connection.execute(_told("absence_announced", by, person, substitute, ends_on))
        return int(number or 0)

    async def end_absence(self, absence: int, by: str) -> None:
        """End it now, before its last day; one that ended already stays as it is.

        Raises:
            Refusal: there is no such absence, or `by` may not arrange this.
        """
        arranging = await self.staff(by)
        async with transaction(self._engine) as connection:
            found = (await connection.execute(_standing(absence).with_for_update())).one_or_none()
            if found is None:
                raise Refusal("UnknownAbsence", "Deze vervanging bestaat niet (meer).")
            _check_arranger(arranging, found.person, Fund(found.fund))
            ended = update(Absence).where(col(Absence.absence) == absence)
            await connection.execute(ended.values(cancelled_at=datetime.now(UTC), cancelled_by=by))
            await connection.execute(_told("absence_ended", by, found.person, found.substitute, found.ends_on))


async def actor(connection: AsyncConnection, person: str, for_person: str | None = None) -> Actor:
    """Who acts, with which roles; see `Absences.staff`."""
    found = await _member(connection, person)
    if for_person is None:
        return Actor(person=person, party=Party.STAFF, fund=Fund(found.fund), roles=_roles(found.roles))
    for absent in await stood_in_for(connection, person):
        if absent.for_person == for_person:
            return absent
    raise Refusal("NotSubstitute", f"U vervangt {for_person} vandaag niet.")


async def stood_in_for(connection: AsyncConnection, person: str, on: date | None = None) -> tuple[Actor, ...]:
    """As whom this person may act on a day (today), beside as himself: one for every absent colleague."""
    day = on or today()
    own = _roles((await _member(connection, person)).roles)
    absent = (
        select(Absence, StaffMember.roles)  # type: ignore[call-overload]
        .join(StaffMember, col(StaffMember.person) == col(Absence.person))
        .where(col(Absence.substitute) == person, col(StaffMember.active), *_between(day, day))
        .order_by(col(Absence.person))
    )
    return tuple(
        Actor(
            person=person,
            party=Party.STAFF,
            fund=Fund(row.fund),
            roles=lent(_roles(row.roles), own, arranged_by_another=row.set_by not in (row.person, row.substitute)),
            for_person=row.person,
        )
        for row in await connection.execute(absent)
    )


def lent(roles: frozenset[Role], own: frozenset[Role], *, arranged_by_another: bool) -> frozenset[Role]:
    """Which roles of an absent colleague a substitute with `own` roles acts with."""
    return frozenset(role for role in roles - OWN if role not in WEIGHTY or arranged_by_another or role in own)


async def substitutes(connection: AsyncConnection, persons: frozenset[str], on: date | None = None) -> dict[str, str]:
    """Who of these is away on a day (today), and who stands in."""
    day = on or today()
    rows = await connection.execute(
        select(col(Absence.person), col(Absence.substitute)).where(
            col(Absence.person).in_(sorted(persons)), *_between(day, day)
        )
    )
    return {row.person: row.substitute for row in rows}


async def _member(connection: AsyncConnection, person: str) -> Any:
    query = select(StaffMember).where(col(StaffMember.person) == person, col(StaffMember.active))
    found = (await connection.execute(query)).one_or_none()
    if found is None:
        raise _unknown(person)
    return found


def _unknown(person: str) -> Refusal:
    return Refusal("UnknownPerson", f"Er is geen actieve medewerker '{person}'.")


def _roles(stored: Iterable[str]) -> frozenset[Role]:
    return frozenset(Role(role) for role in stored)


def _of(person: str) -> Select[Any]:
    return select(col(Absence.absence)).where(col(Absence.person) == person)


def _standing(absence: int) -> Select[Any]:
    return select(Absence).where(col(Absence.absence) == absence, col(Absence.cancelled_at).is_(None))


def _between(first: date, last: date) -> tuple[Any, ...]:
    """Absences that hold on any of these days."""
    return col(Absence.cancelled_at).is_(None), col(Absence.starts_on) <= last, col(Absence.ends_on) >= first


def _check_days(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise Refusal("DaysNotInOrder", "De laatste dag ligt voor de eerste.")
    if ends_on < today():
        raise Refusal("DayPast", "De laatste dag is al voorbij.")
    if ends_on - starts_on > LONGEST:
        raise Refusal("AbsenceTooLong", "Een vervanging duurt hoogstens een jaar. Regel ze daarna opnieuw.")


def _check_arranger(by: Actor, person: str, fund: Fund | None) -> None:
    if by.person != person and not (by.fund == fund and by.roles & ARRANGES):
        raise Refusal("NotYours", "Alleen wie afwezig is, een teamverantwoordelijke of een beheerder regelt dit.")


def _told(act: str, by: str, absent: str, substitute: str, day: date) -> Any:
    row = {"act": act, "person": by, "on_behalf_of": absent, "to_person": substitute, "day": day}
    return insert(HandEvent).values(**row, at=datetime.now(UTC))

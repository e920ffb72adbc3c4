"""The people of a fund as its administrators keep them. Power over money is proposed by one and confirmed by another.

Every change is told in `admin_event`, in the transaction that makes it: who, about whom, what and when. Of names and
addresses it tells that they changed, never what they are.
"""

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import any_, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col

from absences import WEIGHTY
from database import transaction
from models.errors import Refusal
from models.messages.message import Message
from models.messages.words import Fund, Language, Role
from models.tables import AdminEvent, RoleChange, StaffMember, TaskHold
from portal.access.sessions import Sessions
from schemes.votes import Bench

POWER = WEIGHTY | {Role.ADMINISTRATOR}
"""Roles that decide on money, or on who decides: nobody gives them alone."""


class Details(Message):
    """What is kept of somebody beside the roles."""

    name: str
    email: str
    language: Language = Language.DUTCH
    team: str | None = None


class People:
    """Keeps the staff of a fund. Needs the database; whoever got other roles has to sign in again."""

    def __init__(self, engine: AsyncEngine, sessions: Sessions) -> None:
        self._engine = engine
        self._sessions = sessions

    async def add(self, fund: Fund, by: str, details: Details, roles: frozenset[Role], bench: Bench | None) -> str:
        """Add somebody; returns the opaque id. Power over money follows when a second administrator confirms it.

        Raises:
            Refusal: no role was chosen, or a seat on the board goes without a bench.
        """
        _check_roles(roles, bench)
        person = f"{fund}-{secrets.token_hex(4)}"
        row = details.model_dump() | {"person": person, "fund": fund, "active": True, "roles": sorted(roles - POWER)}
        async with transaction(self._engine) as connection:
            await connection.execute(insert(StaffMember).values(**row))
            await _tell(connection, fund, by, person, "added", given=sorted(roles - POWER))
            if roles & POWER:
                await _propose(connection, fund, by, person, roles, bench)
        return person

    async def change(self, person: str, by: str, details: Details) -> bool:
        """Change name, address, language or team; False when nothing was different."""
        async with transaction(self._engine) as connection:
            row = await _locked(connection, person)
            fields = [name for name, value in details if getattr(row, name) != value]
            if not fields:
                return False
            await connection.execute(_of(person).values(**details.model_dump(include=set(fields))))
            await _tell(connection, row.fund, by, person, "changed", fields=fields)
        return True

    async def give(self, person: str, by: str, roles: frozenset[Role], bench: Bench | None) -> bool:
        """Set the roles. What is taken away goes at once; True when the rest waits for a second administrator.

        Raises:
            Refusal: it concerns oneself, no role is left, a seat goes without a bench, or no administrator would be.
        """
        _check_roles(roles, bench)
        async with transaction(self._engine) as connection:
            row = await _locked(connection, person)
            _check_another(row, by)
            had = frozenset(Role(role) for role in row.roles)
            if Role.ADMINISTRATOR in had - roles:
                await _check_not_the_last(connection, row)
            at_once = (had & roles) | (roles - POWER)
            waits = bool(roles - at_once) or (Role.BOARD in roles and bench != row.bench)
            await _settle_open(connection, person, by)
            seat = row.bench if waits or Role.BOARD not in roles else bench
            await connection.execute(_of(person).values(roles=sorted(at_once), bench=seat))
            if at_once != had:
                given, taken = sorted(at_once - had), sorted(had - at_once)
                await _tell(connection, row.fund, by, person, "roles_changed", given=given, taken=taken)
            if waits:
                await _propose(connection, Fund(row.fund), by, person, roles, bench)
        await self._sessions.end_all(person)
        return waits

    async def settle(self, change: int, by: str, fund: Fund, *, confirmed: bool) -> None:
        """Confirm what another administrator proposed, or turn it down. The proposer may take it back.

        Raises:
            Refusal: it is settled already or of another fund, or one would confirm what one proposed or gets.
        """
        async with transaction(self._engine) as connection:
            query = select(RoleChange).where(col(RoleChange.change) == change).with_for_update()
            wanted = (await connection.execute(query)).one_or_none()
            if wanted is None or wanted.fund != fund or wanted.state != "proposed":
                raise Refusal("Settled", "Over dit voorstel is al beslist.")
            if by == wanted.person:
                raise Refusal("OneselfRefused", "Over uw eigen rollen beslissen andere beheerders.")
            if confirmed and by == wanted.proposed_by:
                raise Refusal("FourEyes", "Vier ogen: u stelde dit zelf voor. Een andere beheerder bevestigt het.")
            row = await _locked(connection, wanted.person)
            state = "confirmed" if confirmed else "declined"
            settled = update(RoleChange).where(col(RoleChange.change) == change)
            await connection.execute(settled.values(state=state, settled_by=by, settled_at=datetime.now(UTC)))
            given = sorted(set(wanted.roles) - set(row.roles))
            if confirmed:
                await connection.execute(_of(wanted.person).values(roles=wanted.roles, bench=wanted.bench))
            await _tell(connection, fund, by, wanted.person, f"roles_{state}", given=given, bench=wanted.bench)
        await self._sessions.end_all(wanted.person)

    async def stop(self, person: str, by: str) -> int:
        """Somebody leaves: signed out everywhere, and the tasks in hand go back to the team; returns how many.

        Raises:
            Refusal: it concerns oneself, or no administrator would be left.
        """
        async with transaction(self._engine) as connection:
            row = await _locked(connection, person)
            _check_another(row, by)
            if Role.ADMINISTRATOR in row.roles:
                await _check_not_the_last(connection, row)
            await _settle_open(connection, person, by)
            held = select(func.count()).select_from(TaskHold).where(col(TaskHold.person) == person)
            released = int(await connection.scalar(held) or 0)
            await connection.execute(_of(person).values(active=False))  # a trigger gives the tasks back, and tells it
            await _tell(connection, row.fund, by, person, "stopped", released=released)
        await self._sessions.end_all(person)
        return released

    async def take_back(self, person: str, by: str) -> bool:
        """Somebody comes back; power over money waits for a second administrator again: True when there is any.

        Raises:
            Refusal: it concerns oneself.
        """
        async with transaction(self._engine) as connection:
            row = await _locked(connection, person)
            _check_another(row, by)
            had = frozenset(Role(role) for role in row.roles)
            await connection.execute(_of(person).values(active=True, roles=sorted(had - POWER)))
            await _tell(connection, row.fund, by, person, "returned", given=sorted(had - POWER))
            if had & POWER:
                await _propose(connection, Fund(row.fund), by, person, had, row.bench)
        return bool(had & POWER)


async def _locked(connection: AsyncConnection, person: str) -> Any:
    query = select(StaffMember).where(col(StaffMember.person) == person).with_for_update()
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise Refusal("UnknownPerson", "Deze medewerker is er niet (meer).")
    return row


def _of(person: str) -> Any:
    return update(StaffMember).where(col(StaffMember.person) == person)


def _check_roles(roles: Iterable[Role], bench: Bench | None) -> None:
    if not roles:
        raise Refusal("NoRole", "Kies minstens een rol. Wie geen rol meer heeft, zet u uit dienst.")
    if Role.BOARD in roles and bench is None:
        raise Refusal("NoBench", "Kies de bank waarin dit lid van het bestuursorgaan zetelt.")


def _check_another(row: Any, by: str) -> None:
    if row.person == by:
        raise Refusal("OneselfRefused", "Uw eigen rollen wijzigt een andere beheerder.")


async def _check_not_the_last(connection: AsyncConnection, row: Any) -> None:
    others = (
        select(func.count())
        .select_from(StaffMember)
        .where(col(StaffMember.fund) == row.fund, col(StaffMember.active), col(StaffMember.person) != row.person)
        .where(literal(Role.ADMINISTRATOR.value) == any_(col(StaffMember.roles)))
    )
    if not await connection.scalar(others):
        raise Refusal("LastAdministrator", "Er moet een beheerder overblijven. Geef eerst een collega die rol.")


async def _propose(
    connection: AsyncConnection, fund: Fund, by: str, person: str, roles: Iterable[Role], bench: str | None
) -> None:
    wanted = {"fund": fund, "person": person, "roles": sorted(roles), "bench": bench, "state": "proposed"}
    await connection.execute(insert(RoleChange).values(**wanted, proposed_by=by, proposed_at=datetime.now(UTC)))
    await _tell(connection, fund, by, person, "roles_proposed", given=sorted(set(roles) & POWER), bench=bench)


async def _settle_open(connection: AsyncConnection, person: str, by: str) -> None:
    """A later change takes the place of a proposal that nobody confirmed yet."""
    replaced = update(RoleChange).where(col(RoleChange.person) == person, col(RoleChange.state) == "proposed")
    await connection.execute(replaced.values(state="declined", settled_by=by, settled_at=datetime.now(UTC)))


async def _tell(connection: AsyncConnection, fund: str, by: str, about: str, what: str, **data: Any) -> None:
    row = {"fund": fund, "by": by, "about": about, "what": what, "data": data, "at": datetime.now(UTC)}
    await connection.execute(insert(AdminEvent).values(**row))

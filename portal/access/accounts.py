"""Who somebody is to this house: from what an identity provider says, from an account, or from a party of a dossier."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from models.messages.words import Fund, Language, Party, Role
from models.tables import Contact, DossierRow, Mandate, PortalAccount, StaffMember
from portal.access.visitor import Act, Visitor

BRUSSELS = ZoneInfo("Europe/Brussels")


async def member_of_staff(connection: AsyncConnection, email: str) -> Visitor | None:
    """The active member of staff with this address; what somebody may do stands in our own table."""
    query = select(StaffMember).where(_same(StaffMember.email, email), col(StaffMember.active)).limit(1)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    return Visitor(
        session="",
        csrf="",
        person=row.person,
        name=row.name,
        language=Language(row.language),
        party=Party.STAFF,
        funds=(Fund(row.fund),),
        roles=frozenset(Role(role) for role in row.roles),
    )


async def of_enterprise(connection: AsyncConnection, person: str, name: str, enterprise: str) -> Visitor:
    """Somebody whom the provider knows as acting for an enterprise: all of it, and what others gave it to do."""
    acted = {enterprise: frozenset(Act)} | await _mandated(connection, person, enterprise)
    return _acting(person, name, Language.DUTCH, acted)


async def of_account(connection: AsyncConnection, person: str) -> Visitor | None:
    """The holder of an account that is active."""
    query = select(PortalAccount).where(col(PortalAccount.person) == person, col(PortalAccount.active))
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    if row.party != Party.APPLICANT:
        visitor = _acting(row.person, row.name, Language(row.language), {})
        return visitor.model_copy(update={"party": Party(row.party), "agency": row.agency})
    own = {row.enterprise_number: frozenset(map(Act, row.rights))} if row.enterprise_number else {}
    mandated = await _mandated(connection, row.person, row.enterprise_number)
    return _acting(row.person, row.name, Language(row.language), own | mandated)


async def of_dossiers(connection: AsyncConnection, party: Party, dossiers: Iterable[str]) -> Visitor | None:
    """A party of these dossiers, by the first of them; None when nobody is known there (any more)."""
    numbers = tuple(dossiers)
    query = select(Contact).where(col(Contact.dossier) == numbers[0], col(Contact.party) == party)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    return Visitor(
        session="",
        csrf="",
        person=f"{party.value}:{numbers[0]}",
        name=row.name,
        language=Language(row.language),
        party=party,
        dossiers=numbers,
    )


async def account_at(connection: AsyncConnection, email: str) -> Any:
    """The active account with this address: person, email and language; or None."""
    columns = (PortalAccount.person, PortalAccount.email, PortalAccount.language)
    query = select(*map(col, columns)).where(_same(PortalAccount.email, email), col(PortalAccount.active))
    return (await connection.execute(query.order_by(col(PortalAccount.person)).limit(1))).one_or_none()


async def contact_at(connection: AsyncConnection, email: str) -> Any:
    """The party with this address in the newest open dossier: dossier, party, email and language; or None."""
    query = (
        select(col(Contact.dossier), col(Contact.party), col(Contact.email), col(Contact.language))
        .join(DossierRow, col(DossierRow.number) == col(Contact.dossier))
        .where(_same(Contact.email, email), col(DossierRow.outcome).is_(None))
        .order_by(col(DossierRow.received_at).desc(), col(Contact.dossier))
    )
    return (await connection.execute(query.limit(1))).one_or_none()


async def dossiers_at(connection: AsyncConnection, dossier: str, party: str) -> tuple[str, ...]:
    """This dossier first, and all others in which the same address is the same party."""
    email = select(col(Contact.email)).where(col(Contact.dossier) == dossier, col(Contact.party) == party)
    query = (
        select(col(Contact.dossier))
        .where(_same(Contact.email, await connection.scalar(email) or ""), col(Contact.party) == party)
        .where(col(Contact.dossier) != dossier)
        .order_by(col(Contact.dossier).desc())
    )
    return (dossier, *(await connection.execute(query.limit(500))).scalars())


async def _mandated(connection: AsyncConnection, person: str, holder: str | None) -> dict[str, frozenset[Act]]:
    """Enterprises that gave this person or organisation something to do, valid today in Brussels."""
    today: date = datetime.now(BRUSSELS).date()
    query = select(Mandate).where(
        or_(col(Mandate.holder_person) == person, col(Mandate.holder_enterprise) == holder),
        col(Mandate.starts_on) <= today,
        or_(col(Mandate.ends_on).is_(None), col(Mandate.ends_on) >= today),
    )
    given: dict[str, frozenset[Act]] = {}
    for row in await connection.execute(query):
        given[row.enterprise_number] = given.get(row.enterprise_number, frozenset()) | frozenset(map(Act, row.rights))
    return given


def _acting(person: str, name: str, language: Language, acted: dict[str, frozenset[Act]]) -> Visitor:
    readable = {enterprise: acts for enterprise, acts in acted.items() if Act.READ in acts}
    return Visitor(
        session="",
        csrf="",
        person=person,
        name=name,
        language=language,
        party=Party.APPLICANT,
        enterprises=tuple(readable),
        restricted={enterprise: acts for enterprise, acts in readable.items() if acts != frozenset(Act)},
    )


def _same(column: Any, email: str) -> Any:
    return func.lower(col(column)) == email.strip().lower()

"""Accounts of the caseworkers of agencies: who may come in for which agency, made and switched off by an administrator.

An account is of the agency, which all funds share; the fund whose administrator changes one tells so in its own book.
"""

import secrets
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from database import glance, transaction
from models.messages.words import Fund, Language, Party
from models.tables import AdminEvent, PortalAccount
from portal.house import House
from portal.language import marked as _
from portal.refusals import Refused

_OF_ANOTHER = text(
    """
    SELECT EXISTS (SELECT FROM staff_member WHERE lower(email) = :email)
        OR EXISTS (SELECT FROM portal_account WHERE lower(email) = :email AND party <> 'agency')
        OR EXISTS (
            SELECT FROM contact JOIN dossier ON dossier.number = contact.dossier
            WHERE lower(contact.email) = :email AND contact.party <> 'agency' AND dossier.outcome IS NULL
        )
    """
)
"""An account goes before the dossiers of an address: whoever got one could not come in to the own dossiers any more."""


class Caseworker(NamedTuple):
    """Whom an account is for, as typed."""

    agency: str
    name: str
    email: str
    language: Language


class Account(NamedTuple):
    """An account as it stands. Personal."""

    person: str
    agency: str
    name: str
    email: str
    language: str
    active: bool


async def accounts_of(house: House, agencies: set[str]) -> tuple[Account, ...]:
    """The accounts of these agencies. No page reads this table by its own rows: it is asked for an administrator."""
    columns = (getattr(PortalAccount, name) for name in Account._fields)
    query = select(*columns).where(col(PortalAccount.party) == Party.AGENCY, col(PortalAccount.agency).in_(agencies))
    async with glance(house.engine) as connection:
        rows = await connection.execute(query.order_by(col(PortalAccount.agency), col(PortalAccount.name)))
        return tuple(Account(*row) for row in rows)


async def make(house: House, fund: Fund, by: str, wanted: Caseworker) -> str:
    """Make an account; returns its opaque name.

    Raises:
        Refused: the address has an account of an agency already, or is known for another party.
    """
    email = {"email": wanted.email.lower()}
    async with transaction(house.engine) as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:email, 0))"), email)
        if await connection.scalar(_OF_ANOTHER, email):
            raise Refused("AddressOfAnother", _("Dit adres is al bekend voor iemand anders. Neem een ander adres."))
        known = text("SELECT EXISTS (SELECT FROM portal_account WHERE lower(email) = :email)")
        if await connection.scalar(known, email):
            raise Refused(
                "AccountThere", _("Met dit adres is er al een account. Zet het aan, of neem een ander adres.")
            )
        person = f"p-{secrets.token_hex(8)}"
        row = {**wanted._asdict(), "person": person, "party": Party.AGENCY.value, "rights": [], "active": True}
        await connection.execute(insert(PortalAccount).values(**row))
        await _tell(connection, fund, by, person, "account_made", wanted.agency)
    return person


async def switch(house: House, fund: Fund, by: str, account: Account, *, on: bool) -> bool:
    """Switch an account off, which ends its sessions, or on again; False when it stood so already."""
    one = update(PortalAccount).where(col(PortalAccount.person) == account.person, col(PortalAccount.active).is_not(on))
    async with transaction(house.engine) as connection:
        changed = bool((await connection.execute(one.values(active=on))).rowcount)
        if changed:
            await _tell(connection, fund, by, account.person, f"account_{'on' if on else 'off'}", account.agency)
    if not on:
        await house.sessions.end_all(account.person)
    return changed


async def _tell(connection: AsyncConnection, fund: Fund, by: str, about: str, what: str, agency: str) -> None:
    row: dict[str, Any] = {"fund": fund, "by": by, "about": about, "what": what, "data": {"agency": agency}}
    await connection.execute(insert(AdminEvent).values(**row, at=datetime.now(UTC)))

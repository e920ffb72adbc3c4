"""Links in mails: one purpose, one use, an end. Looking at one changes nothing; a button signs in."""

import secrets
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col

from database import glance, transaction
from models.errors import Defect
from models.messages.words import Language, Party
from models.tables import Contact, LoginLink, PortalAccount
from models.tables.access import DOSSIER_LINK_LASTS, link_digest
from onward import line_of
from portal.access import accounts
from portal.access.keys import digest
from portal.access.visitor import Visitor
from settings import Settings

KEPT = timedelta(days=90)
"""How long an ended link is remembered, so that it can offer a fresh one."""


class Purpose(StrEnum):
    """What a link is for; another purpose is another link."""

    SIGN_IN = "sign_in"
    """To everything of an account, or to all dossiers in which the address is the same party."""
    DOSSIER = "dossier"
    """To one dossier, such as a question asked in it; nothing else is opened."""


LASTS = {Purpose.SIGN_IN: timedelta(minutes=30), Purpose.DOSSIER: DOSSIER_LINK_LASTS}


class Whom(NamedTuple):
    """For whom a link is: the holder of an account, or a party of a dossier."""

    person: str | None = None
    dossier: str | None = None
    party: Party | None = None


class Addressee(NamedTuple):
    """Where a link is mailed to, and in which language."""

    email: str
    language: Language


class State(StrEnum):
    """How a link stands."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


async def make(
    engine: AsyncEngine, settings: Settings, purpose: Purpose, whom: Whom, addressee: Addressee, opens: str = "/"
) -> str:
    """Write down a new link; returns its secret, which stands in the mail alone."""
    secret = secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    row = {
        "link": link_digest(secret),
        "purpose": purpose.value,
        "address": digest(settings, "address", addressee.email.strip().lower()),
        "opens": opens,
        "made_at": now,
        "ends_at": now + LASTS[purpose],
    }
    async with transaction(engine) as connection:
        await connection.execute(delete(LoginLink).where(col(LoginLink.ends_at) < now - KEPT))
        await connection.execute(insert(LoginLink).values(**row, **whom._asdict()))
    return secret


async def look(engine: AsyncEngine, secret: str) -> tuple[State, Any]:
    """How a link stands, and its row. Changes nothing, whoever looks."""
    async with glance(engine) as connection:
        row = (await connection.execute(select(LoginLink).where(_is(secret)))).one_or_none()
    if row is None:
        return State.UNKNOWN, None
    if row.used_at is not None:
        return State.USED, row
    return (State.EXPIRED if row.ends_at <= datetime.now(UTC) else State.OPEN), row


async def use(engine: AsyncEngine, secret: str) -> tuple[Visitor, str] | None:
    """Whom a link lets in and the page it opens; None when it is used, expired or leads to nobody any more."""
    now = datetime.now(UTC)
    spent = update(LoginLink).where(_is(secret), col(LoginLink.used_at).is_(None), col(LoginLink.ends_at) > now)
    async with transaction(engine) as connection:
        row = (await connection.execute(spent.values(used_at=now).returning(LoginLink))).one_or_none()
        visitor = await _visitor(connection, row) if row is not None else None
    return (visitor.model_copy(update={"door": "link"}), row.opens) if visitor and row else None


async def addressee(connection: AsyncConnection, whom: Whom) -> Addressee | None:
    """Where this person or party is reached now; None when no address is known (any more)."""
    if whom.person is not None:
        found = select(col(PortalAccount.email), col(PortalAccount.language))
        found = found.where(col(PortalAccount.person) == whom.person, col(PortalAccount.active))
    else:
        found = select(col(Contact.email), col(Contact.language))
        found = found.where(col(Contact.dossier) == whom.dossier, col(Contact.party) == whom.party)
    row = (await connection.execute(found)).one_or_none()
    return Addressee(row.email, Language(row.language)) if row is not None and row.email else None


async def known_at(connection: AsyncConnection, email: str) -> tuple[Whom, Addressee] | None:
    """Whom an address belongs to: an account before a party of a dossier; None when to nobody."""
    account = await accounts.account_at(connection, email)
    if account is not None:
        return Whom(person=account.person), Addressee(account.email, Language(account.language))
    contact = await accounts.contact_at(connection, email)
    if contact is None:
        return None
    whom = Whom(dossier=contact.dossier, party=Party(contact.party))
    return whom, Addressee(contact.email, Language(contact.language))


def whom_of(row: Any) -> Whom:
    """For whom a link was made."""
    return Whom(row.person, row.dossier, Party(row.party) if row.party else None)


def _is(secret: str) -> Any:
    return col(LoginLink.link) == link_digest(secret)


async def _visitor(connection: AsyncConnection, row: Any) -> Visitor | None:
    whom = whom_of(row)
    if whom.person is not None:
        return await accounts.of_account(connection, whom.person)
    if whom.dossier is None or whom.party is None:
        raise Defect("a link is for an account or for a party of a dossier")
    dossiers: tuple[str, ...] = (whom.dossier,)
    if row.purpose == Purpose.SIGN_IN:
        dossiers = await accounts.dossiers_at(connection, whom.dossier, whom.party)
    elif whom.party is Party.PARTICIPANT:  # the same person, with whichever fund goes on
        dossiers = await line_of(connection, whom.dossier)
    return await accounts.of_dossiers(connection, whom.party, dossiers)

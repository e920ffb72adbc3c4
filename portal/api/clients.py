"""Systems that may speak to the house: made by an operator, known by a secret, let in by a short-lived token."""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from database import glance, transaction
from models.errors import Refusal
from models.messages.commands import Actor
from models.messages.message import Message
from models.messages.words import Fund, Party
from models.tables import ApiClient, ApiToken
from portal.access.visitor import Visitor
from portal.api.scopes import HELD_BY, Scope
from schemes.identifiers import enterprise_number

TOKEN_LASTS = timedelta(minutes=15)
COST = {"n": 2**14, "r": 8, "p": 1}
"""Of scrypt: some 16 MB and 30 ms for each guess."""
_NOBODY = "00" * 16 + "$" + "00" * 32
"""Compared with when there is no such client, so that the time of an answer tells nothing."""


class Registration(Message):
    """What an operator states of a new client: for whom it speaks and what it may do."""

    name: str
    party: Party
    funds: tuple[Fund, ...] = ()
    enterprises: tuple[str, ...] = ()
    agency: str | None = None
    scopes: frozenset[Scope]


class Client(Registration):
    """A system that was let in. `scopes` are those of its token."""

    client: str

    def may(self, scope: Scope) -> bool:
        """Whether its token carries this permission."""
        return scope in self.scopes

    def visitor(self) -> Visitor:
        """Whose rows it reads: a system of a fund those of the fund, as its staff do; all others their own."""
        reads_as = Party.STAFF if self.party is Party.SYSTEM else self.party
        return Visitor(
            session="",
            csrf="",
            person=self.client,
            name=self.name,
            party=reads_as,
            funds=self.funds,
            enterprises=self.enterprises,
            agency=self.agency,
        )

    def actor(self) -> Actor:
        """Who speaks in a command: the system itself, in the name of its party; never a member of staff."""
        return Actor(person=self.client, party=self.party)


class Registered(Client):
    """A client as an operator sees it."""

    active: bool
    created_at: datetime
    last_used_at: datetime | None


class Clients:
    """Adds, lists, revokes and lets in. Needs the database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add(self, told: Registration) -> tuple[str, str]:
        """A new client: its opaque name and its secret, which is shown this once.

        Raises:
            Refusal: it would speak for nobody, or may not hold one of the permissions.
        """
        _fits(told)
        told = told.model_copy(update={"enterprises": tuple(_enterprise(one) for one in told.enterprises)})
        client, secret = f"api-{secrets.token_hex(6)}", secrets.token_urlsafe(32)
        digest = await asyncio.to_thread(_digest, secret, secrets.token_bytes(16))
        row = told.model_dump(mode="json") | {"client": client, "secret": digest, "created_at": datetime.now(UTC)}
        row["scopes"] = sorted(told.scopes)
        async with transaction(self._engine) as connection:
            await connection.execute(insert(ApiClient).values(active=True, **row))
        return client, secret

    async def all(self) -> tuple[Registered, ...]:
        """Every client that ever was, the oldest first."""
        columns = [getattr(ApiClient, name) for name in Registered.model_fields]
        async with glance(self._engine) as connection:
            rows = await connection.execute(select(*columns).order_by(col(ApiClient.created_at)))
            return tuple(Registered.model_validate(dict(row)) for row in rows.mappings())

    async def revoke(self, client: str) -> None:
        """Shut a client out; its tokens end at once.

        Raises:
            Refusal: there is no such client.
        """
        async with transaction(self._engine) as connection:
            shut = update(ApiClient).where(col(ApiClient.client) == client).values(active=False)
            if not (await connection.execute(shut)).rowcount:
                raise Refusal(
                    "UnknownClient", f"Er is geen toepassing '{client}'. Bekijk de lijst met api-client list."
                )
            await connection.execute(delete(ApiToken).where(col(ApiToken.client) == client))

    async def token(self, client: str, secret: str, asked: Iterable[Scope] = ()) -> tuple[str, frozenset[Scope]] | None:
        """A token for who knows the secret, with the permissions asked (none asked: all it holds); else None.

        Raises:
            Refusal: it asks a permission that it does not hold.
        """
        async with glance(self._engine) as connection:
            row = (await connection.execute(select(ApiClient).where(col(ApiClient.client) == client))).one_or_none()
        kept = row.secret if row is not None and row.active else _NOBODY
        told = await asyncio.to_thread(_digest, secret, bytes.fromhex(kept.partition("$")[0]))
        if row is None or kept is _NOBODY or not hmac.compare_digest(told, kept):
            return None
        held = frozenset(Scope(scope) for scope in row.scopes)
        wanted = frozenset(asked) or held
        if wanted - held:
            raise Refusal("invalid_scope", f"Deze toepassing heeft geen recht op {', '.join(sorted(wanted - held))}.")
        return await self._issue(client, wanted), wanted

    async def _issue(self, client: str, scopes: frozenset[Scope]) -> str:
        token, now = secrets.token_urlsafe(32), datetime.now(UTC)
        row = {"token": _name(token), "client": client, "scopes": sorted(scopes), "ends_at": now + TOKEN_LASTS}
        async with transaction(self._engine) as connection:
            await connection.execute(delete(ApiToken).where(col(ApiToken.ends_at) < now))
            await connection.execute(insert(ApiToken).values(**row))
            seen = update(ApiClient).where(col(ApiClient.client) == client).values(last_used_at=now)
            await connection.execute(seen)
        return token

    async def bearer(self, token: str) -> Client | None:
        """Who holds this token; None when it ended, was revoked or never was."""
        known = [getattr(ApiClient, name) for name in Client.model_fields if name != "scopes"]
        query = select(*known, col(ApiToken.scopes)).join(ApiToken, col(ApiToken.client) == col(ApiClient.client))
        living = query.where(col(ApiToken.token) == _name(token), col(ApiToken.ends_at) > datetime.now(UTC))
        async with glance(self._engine) as connection:
            row = (await connection.execute(living.where(col(ApiClient.active)))).mappings().one_or_none()
        return None if row is None else Client.model_validate(dict(row))


def _fits(told: Registration) -> None:
    may_hold = HELD_BY.get(told.party)
    if may_hold is None:
        raise Refusal("WrongParty", "Een toepassing werkt voor fondsen (system), werkgevers (applicant) of een bureau.")
    speaks_for = {Party.SYSTEM: told.funds, Party.APPLICANT: told.enterprises, Party.AGENCY: told.agency}
    if not speaks_for[told.party]:
        raise Refusal("SpeaksForNobody", "Zeg voor wie ze spreekt: --fund, --enterprise of --agency.")
    if too_much := sorted(told.scopes - may_hold):
        raise Refusal("TooMuch", f"{told.party} kan geen recht krijgen op {', '.join(too_much)}.")


def _enterprise(typed: str) -> str:
    try:
        return enterprise_number(typed)
    except ValueError:
        raise Refusal("NoEnterprise", f"'{typed}' is geen ondernemingsnummer. Kijk de cijfers na.") from None


def _digest(secret: str, salt: bytes) -> str:
    return f"{salt.hex()}${hashlib.scrypt(secret.encode('utf-8', 'replace'), salt=salt, dklen=32, **COST).hex()}"


def _name(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()

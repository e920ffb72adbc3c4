"""Sessions in PostgreSQL: a cookie holds a secret, the table its digest and who it is."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from database import glance, transaction
from models.messages.words import Language
from models.tables import PortalSession
from portal.access.visitor import Visitor

IDLE = timedelta(hours=2)
"""How long a session lasts without a page being asked for."""
LONGEST = timedelta(hours=12)
"""How long a session lasts at most: a working day."""
NOTICED_EVERY = timedelta(minutes=1)
"""How exactly is kept when a session was last seen; not every page writes."""
REMEMBERED = timedelta(hours=1)
"""How long an ended session is known still, so that a form it sent too late is kept."""


class Sessions:
    """Opens, finds and ends sessions. Needs the database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def open(self, visitor: Visitor) -> str:
        """Begin a session; returns the secret for the cookie. A new sign-in always gets a new secret."""
        secret = secrets.token_urlsafe(32)
        now = datetime.now(UTC)
        known = visitor.model_copy(update={"session": _digest(secret), "csrf": secrets.token_urlsafe(24)})
        row = {
            "session": known.session,
            "person": known.person,
            "visitor": known.model_dump(mode="json"),
            "began_at": now,
            "seen_at": now,
            "ends_at": now + LONGEST,
        }
        async with transaction(self._engine) as connection:
            await connection.execute(delete(PortalSession).where(col(PortalSession.ends_at) < now - REMEMBERED))
            await connection.execute(insert(PortalSession).values(**row))
        return secret

    async def visitor(self, secret: str) -> Visitor | None:
        """Who holds this secret; None when the session ended or never was."""
        now = datetime.now(UTC)
        query = select(PortalSession).where(col(PortalSession.session) == _digest(secret))
        async with glance(self._engine) as connection:
            row = (await connection.execute(query)).one_or_none()
            if row is None or row.ends_at < now or row.seen_at < now - IDLE:
                return None
            if row.seen_at < now - NOTICED_EVERY:
                seen = update(PortalSession).where(col(PortalSession.session) == row.session).values(seen_at=now)
                await connection.execute(seen)
        return Visitor.model_validate(row.visitor)

    async def ended(self, secret: str) -> Visitor | None:
        """Whose session this was that ended by itself; who signed out is forgotten at once."""
        query = select(col(PortalSession.visitor)).where(col(PortalSession.session) == _digest(secret))
        async with glance(self._engine) as connection:
            known = await connection.scalar(query)
        return Visitor.model_validate(known) if known is not None else None

    async def gain(self, visitor: Visitor, dossier: str) -> None:
        """A dossier that this person began in the session may be followed in it."""
        known = visitor.model_copy(update={"dossiers": (*visitor.dossiers, dossier)}).model_dump(mode="json")
        async with transaction(self._engine) as connection:
            gained = update(PortalSession).where(col(PortalSession.session) == visitor.session)
            await connection.execute(gained.values(visitor=known))

    async def speak(self, visitor: Visitor, language: Language) -> None:
        """Go on in another language."""
        known = visitor.model_copy(update={"language": language}).model_dump(mode="json")
        async with transaction(self._engine) as connection:
            spoken = update(PortalSession).where(col(PortalSession.session) == visitor.session)
            await connection.execute(spoken.values(visitor=known))

    async def end(self, visitor: Visitor) -> None:
        """Sign out of this browser."""
        async with transaction(self._engine) as connection:
            await connection.execute(delete(PortalSession).where(col(PortalSession.session) == visitor.session))

    async def end_all(self, person: str) -> None:
        """Sign out everywhere."""
        async with transaction(self._engine) as connection:
            await connection.execute(delete(PortalSession).where(col(PortalSession.person) == person))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

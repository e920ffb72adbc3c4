"""Applications that are being filled in. A draft belongs to an enterprise or a person and outlives every session.

What is typed is personal and stands in one erasable row. Sent, it empties: the receipt has it then. Unsent, it is
erased `KEPT` after it was last saved.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col

from database import glance, transaction
from models.messages.words import Instrument
from models.tables import Draft
from portal.access.visitor import Act, Visitor
from portal.forms.answers import Filled, Typed
from portal.language import marked as _
from portal.refusals import Refused

KEPT = timedelta(days=60)
"""How long a draft that nobody sends is kept after it was last saved; its page says so. [assumption]"""
MOST_OPEN = 50
"""Drafts of one owner at a time: more is no use and a way to fill the house."""


class Standing(NamedTuple):
    """A draft as it stands."""

    draft: str
    instrument: Instrument
    enterprise_number: str | None
    typed: Typed
    version: int
    saved_at: datetime
    sent_as: str | None
    sent_at: datetime | None

    @property
    def kept_until(self) -> datetime:
        """When it is erased if nobody saves or sends it."""
        return self.saved_at + KEPT


class Elsewhere(Exception):
    """The page was changed in another window since this one showed it; `filled` is what stands there now."""

    def __init__(self, filled: Filled) -> None:
        super().__init__("changed in another window")
        self.filled = filled


Edit = Callable[[Filled], Filled]


class Drafts:
    """Begins, shows and saves drafts of whoever may see them. Needs the database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def start(
        self, visitor: Visitor, enterprise: str | None, instrument: Instrument, prefilled: Mapping[str, Filled]
    ) -> str:
        """Begin a draft for one of the visitor's enterprises, or for the visitor alone; returns its opaque name.

        Raises:
            Refusal: the visitor does not act for that enterprise, or has too many drafts open.
        """
        if enterprise is not None and not visitor.may(Act.APPLY, enterprise):
            raise Refused("AnotherEnterprise", _("U mag voor die onderneming niet aanvragen. Kies een andere."))
        draft, now = secrets.token_hex(16), datetime.now(UTC)
        row = {
            "draft": draft,
            "person": visitor.person,
            "enterprise_number": enterprise,
            "instrument": instrument,
            "typed": _stored(prefilled),
            "version": 0,
            "began_at": now,
            "saved_at": now,
        }
        async with transaction(self._engine) as connection:
            open_now = select(func.count()).where(_of(visitor), col(Draft.sent_as).is_(None))
            if (await connection.scalar(open_now) or 0) >= MOST_OPEN:
                raise Refused("TooManyDrafts", _("U hebt al veel aanvragen in opbouw. Verstuur er eerst een."))
            await connection.execute(insert(Draft).values(**row))
        return draft

    async def find(self, visitor: Visitor, draft: str) -> Standing | None:
        """The draft, sent or not; None when there is none that this visitor may see."""
        async with glance(self._engine) as connection:
            query = select(Draft).where(col(Draft.draft) == draft, _of(visitor))
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else _standing(row)

    async def unsent(self, visitor: Visitor) -> Sequence[Standing]:
        """What this visitor may go on with, last saved first."""
        query = select(Draft).where(_of(visitor), col(Draft.sent_as).is_(None)).order_by(col(Draft.saved_at).desc())
        async with glance(self._engine) as connection:
            return [_standing(row) for row in await connection.execute(query)]

    async def save(self, visitor: Visitor, draft: str, page: str, edit: Edit, seen: int | None) -> Standing:
        """Change one page of a draft. `seen` is the version that the window showed; None: whatever stands there.

        Raises:
            Elsewhere: the page was changed since, to something else than what `edit` makes of it.
            Refusal: the draft was sent or discarded meanwhile.
        """
        async with transaction(self._engine) as connection:
            standing = await locked(connection, visitor, draft)
            if standing.sent_as is not None:
                said_already = _("Deze aanvraag werd al verstuurd: zij heeft nummer %(number)s.")
                raise Refused("DraftSent", said_already, number=standing.sent_as)
            before = standing.typed.get(page, Filled())
            after = edit(before)
            if _said(after) == _said(before):
                return standing
            if seen is not None and before.version > seen:
                raise Elsewhere(before)
            version, now = standing.version + 1, datetime.now(UTC)
            typed = {**standing.typed, page: after.model_copy(update={"version": version})}
            saved = update(Draft).where(col(Draft.draft) == draft)
            await connection.execute(saved.values(typed=_stored(typed), version=version, saved_at=now))
        return standing._replace(typed=typed, version=version, saved_at=now)

    async def discard(self, visitor: Visitor, draft: str) -> None:
        """Throw an unsent draft away; one that is gone already stays gone. Its files are `uploads.Uploads.forget`'s."""
        async with transaction(self._engine) as connection:
            gone = delete(Draft).where(col(Draft.draft) == draft, _of(visitor), col(Draft.sent_as).is_(None))
            await connection.execute(gone)


async def locked(connection: AsyncConnection, visitor: Visitor, draft: str) -> Standing:
    """The draft, sent or not, held until the transaction ends.

    Raises:
        Refusal: it was discarded or erased meanwhile.
    """
    query = select(Draft).where(col(Draft.draft) == draft, _of(visitor)).with_for_update()
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise Refused("DraftGone", _("Deze aanvraag in opbouw is er niet meer. Begin een nieuwe aanvraag."))
    return _standing(row)


async def mark_sent(connection: AsyncConnection, draft: str, number: str, at: datetime) -> None:
    """The draft became a dossier: what was typed stands in the receipt from now on."""
    sent = update(Draft).where(col(Draft.draft) == draft).values(sent_as=number, sent_at=at, typed={})
    await connection.execute(sent)


async def sent_alone(connection: AsyncConnection, person: str) -> list[str]:
    """Dossiers that a person applied for in the own name: whoever signs in as this person may follow them."""
    query = select(col(Draft.sent_as)).where(
        col(Draft.person) == person, col(Draft.enterprise_number).is_(None), col(Draft.sent_as).is_not(None)
    )
    return [number for number in (await connection.execute(query)).scalars() if number]


async def expired(engine: AsyncEngine, now: datetime) -> Sequence[str]:
    """Unsent drafts that were not saved for `KEPT`, to be erased with their files by `keeping.erase_expired`."""
    query = select(col(Draft.draft)).where(col(Draft.sent_as).is_(None), col(Draft.saved_at) < now - KEPT)
    async with glance(engine) as connection:
        return list((await connection.execute(query)).scalars())


async def erase(engine: AsyncEngine, drafts: Sequence[str], now: datetime) -> int:
    """Erase these drafts, unless they were saved or sent since; returns how many."""
    async with transaction(engine) as connection:
        old = delete(Draft).where(
            col(Draft.draft).in_(drafts), col(Draft.sent_as).is_(None), col(Draft.saved_at) < now - KEPT
        )
        return (await connection.execute(old)).rowcount


def _of(visitor: Visitor) -> ColumnElement[bool]:
    """Drafts of the enterprises acted for, and of the person alone."""
    own = and_(col(Draft.enterprise_number).is_(None), col(Draft.person) == visitor.person)
    acted_for = [enterprise for enterprise in visitor.enterprises if visitor.may(Act.APPLY, enterprise)]
    return or_(col(Draft.enterprise_number).in_(acted_for), own)


def _standing(row: Any) -> Standing:
    return Standing(
        draft=row.draft,
        instrument=Instrument(row.instrument),
        enterprise_number=row.enterprise_number,
        typed={page: Filled.model_validate(filled) for page, filled in row.typed.items()},
        version=row.version,
        saved_at=row.saved_at,
        sent_as=row.sent_as,
        sent_at=row.sent_at,
    )


def _stored(typed: Typed) -> dict[str, Any]:
    return {page: filled.model_dump(mode="json") for page, filled in typed.items()}


def _said(filled: Filled) -> tuple[Any, ...]:
    """What counts as the same page: empty answers are no answers."""
    fields = {column: text for column, text in filled.fields.items() if text}
    return fields, filled.rows, filled.offered

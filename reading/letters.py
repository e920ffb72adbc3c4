"""Letters of a dossier: which left or wait to be printed, and one of them as it is."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from models.messages.message import Message
from models.tables import Effect, LetterRow


class Letter(Message):
    """A letter in a list."""

    letter: str
    dossier: str
    template: str
    party: str
    language: str
    title: str
    dated: date
    objection_until: date | None
    on_paper: bool
    pages: int
    made_at: datetime

    @property
    def name(self) -> str:
        """Its name within the dossier, such as `decision/1`."""
        return self.letter.split("/letter/", 1)[1]


class Planned(Message):
    """A mail of the ledger, with what it says: codes, days and amounts."""

    template: str
    occasion: str
    party: str
    dated: date
    values: dict[str, str]


async def letters(
    connection: AsyncConnection, dossier: str | None = None, *, fund: str | None = None, on_paper: bool = False
) -> tuple[Letter, ...]:
    """Letters, the newest first: of a dossier, of a fund, or only those that somebody has to print."""
    query = select(*(getattr(LetterRow, name) for name in Letter.model_fields))
    if dossier is not None:
        query = query.where(col(LetterRow.dossier) == dossier)
    if fund is not None:
        query = query.where(col(LetterRow.fund) == fund)
    if on_paper:
        query = query.where(col(LetterRow.on_paper))
    rows = await connection.execute(query.order_by(col(LetterRow.made_at).desc(), col(LetterRow.letter)).limit(500))
    return tuple(Letter.model_validate(dict(row)) for row in rows.mappings())


async def content(connection: AsyncConnection, letter: str) -> bytes | None:
    """The letter as it left; None when there is none, or it is not visible on this connection."""
    found: bytes | None = await connection.scalar(select(col(LetterRow.content)).where(col(LetterRow.letter) == letter))
    return found


async def planned(connection: AsyncConnection, dossier: str, templates: Iterable[str]) -> tuple[Planned, ...]:
    """The mails of a dossier that were made from these templates, in the order in which they were planned."""
    columns = (getattr(Effect, field) for field in Planned.model_fields)
    query = select(*columns).where(col(Effect.dossier) == dossier, col(Effect.template).in_(list(templates)))
    rows = await connection.execute(query.order_by(col(Effect.planned_at), col(Effect.effect)))
    return tuple(Planned.model_validate(dict(row)) for row in rows.mappings())

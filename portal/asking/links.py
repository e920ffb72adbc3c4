"""Links that carry an answer: found by their secret or by the code of a letter, for as long as they last."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from database import glance, transaction
from models.tables import AnswerLink
from models.tables.asking import ANSWER_LINK_LASTS, code_digest, new_secret, read_code, secret_digest
from portal.access.limits import Limit

CODES_TRIED = Limit("answer_code", 20, timedelta(hours=1))
"""Codes of letters typed from one place, right or wrong."""
WRONG_CODES = Limit("answer_code_wrong", 300, timedelta(hours=1))
"""Wrong codes from all places together: a letter is never guessed by many who share the work."""
ANSWERED = Limit("answered", 30, timedelta(hours=1))
"""Times that one link may change something."""
KEPT = timedelta(days=400)
"""How long an ended link is remembered, so that it can offer a fresh one until the last question was asked."""


class Question(NamedTuple):
    """Of which question a page is, where no link was followed."""

    dossier: str
    party: str
    request: str
    moment: str | None


class State(StrEnum):
    """How a link stands; it is not told apart from the outside whether one is over or never was."""

    OPEN = "open"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


async def look(engine: AsyncEngine, secret: str) -> tuple[State, Any]:
    """How a link stands, and its row. Changes nothing, whoever looks."""
    async with glance(engine) as connection:
        query = select(AnswerLink).where(col(AnswerLink.link) == secret_digest(secret))
        row = (await connection.execute(query)).one_or_none()
    if row is None:
        return State.UNKNOWN, None
    return (State.OPEN if row.ends_at > datetime.now(UTC) else State.EXPIRED), row


async def by_code(engine: AsyncEngine, typed: str) -> str | None:
    """The secret of a link to the question of a letter; None when no letter that still counts has this code."""
    code = read_code(typed)
    if code is None:
        return None
    async with glance(engine) as connection:
        query = select(AnswerLink).where(col(AnswerLink.paper) == code_digest(code))
        row = (await connection.execute(query)).one_or_none()
    if row is None or row.ends_at <= datetime.now(UTC):
        return None
    return await again(engine, row, row.ends_at)


async def again(engine: AsyncEngine, row: Any, ends_at: datetime | None = None) -> str:
    """Another link to the same question; returns its secret."""
    secret, now = new_secret(), datetime.now(UTC)
    same = {name: getattr(row, name) for name in ("dossier", "fund", "request", "code", "moment", "party", "effect")}
    made = same | {"link": secret_digest(secret), "made_at": now, "ends_at": ends_at or now + ANSWER_LINK_LASTS}
    async with transaction(engine) as connection:
        await connection.execute(insert(AnswerLink).values(**made))
    return secret


async def forget(engine: AsyncEngine, now: datetime) -> None:
    """Throw away links that ended long ago."""
    async with transaction(engine) as connection:
        await connection.execute(delete(AnswerLink).where(col(AnswerLink.ends_at) < now - KEPT))

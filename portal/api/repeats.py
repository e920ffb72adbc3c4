"""What is asked twice happens once: each command under a key of the client, whose answer is kept for a week."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from database import glance, transaction
from models.errors import Refusal
from models.tables import ApiRequest
from portal.api.problems import UNSETTLED

KEPT_FOR = timedelta(days=7)
ABANDONED = timedelta(minutes=1)
"""Whoever began longer ago than this died; the same question may be done by another. Commands themselves are told
apart by their content, so that even then nothing happens twice."""
PATIENCE = timedelta(seconds=15)
"""How long a second one waits for the answer to the first."""
LOOKED_EVERY = 0.05


class Answered(NamedTuple):
    """What a command answered: a status and a body, or the refusal that it was."""

    status: int
    body: dict[str, Any]


class Repeats:
    """Keeps who asked what under which key. Needs the database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def once(
        self, client: str, key: str, digest: str, work: Callable[[], Awaitable[Answered]]
    ) -> tuple[Answered, bool]:
        """The answer of `work`, done now or before; and whether it was before.

        Raises:
            Refusal: the key was used for something else, or the first is still being done.
        """
        deadline = datetime.now(UTC) + PATIENCE
        while not await self._begin(client, key, digest):
            async with glance(self._engine) as connection:
                query = select(ApiRequest).where(col(ApiRequest.client) == client, col(ApiRequest.key) == key)
                row = (await connection.execute(query)).one_or_none()
            if row is not None and row.digest != digest:
                raise Refusal(
                    "KeyReused", "Deze Idempotency-Key diende al voor iets anders. Neem voor elke opdracht een nieuwe."
                )
            if row is not None and row.status is not None:
                return Answered(row.status, row.answer), True
            if datetime.now(UTC) > deadline:
                raise Refusal(
                    "InProgress", "Deze opdracht wordt nog uitgevoerd. Vraag straks opnieuw, met dezelfde key."
                )
            await asyncio.sleep(LOOKED_EVERY)
        try:
            answered = await work()
        except BaseException:
            await self._forget(client, key)
            raise
        await self._keep(client, key, answered)
        return answered, False

    async def erase(self, now: datetime) -> int:
        """Forget what was asked longer than a week ago; returns how many."""
        async with transaction(self._engine) as connection:
            old = delete(ApiRequest).where(col(ApiRequest.begun_at) < now - KEPT_FOR)
            return (await connection.execute(old)).rowcount

    async def _begin(self, client: str, key: str, digest: str) -> bool:
        """Whether it is ours to do: nobody does it, or whoever did died."""
        now = datetime.now(UTC)
        row = upsert(ApiRequest).values(client=client, key=key, digest=digest, begun_at=now)
        died = (
            col(ApiRequest.status).is_(None)
            & (col(ApiRequest.begun_at) < now - ABANDONED)
            & (col(ApiRequest.digest) == digest)
        )
        ours = row.on_conflict_do_update(index_elements=["client", "key"], set_={"begun_at": now}, where=died)
        async with transaction(self._engine) as connection:
            return (await connection.execute(ours.returning(col(ApiRequest.key)))).one_or_none() is not None

    async def _keep(self, client: str, key: str, answered: Answered) -> None:
        kept = update(ApiRequest).where(col(ApiRequest.client) == client, col(ApiRequest.key) == key)
        async with transaction(self._engine) as connection:
            await connection.execute(kept.values(status=answered.status, answer=answered.body))

    async def _forget(self, client: str, key: str) -> None:
        begun = (col(ApiRequest.client) == client) & (col(ApiRequest.key) == key) & col(ApiRequest.status).is_(None)
        async with transaction(self._engine) as connection:
            await connection.execute(delete(ApiRequest).where(begun))


def is_settled(refusal: Refusal) -> bool:
    """Whether a refusal is an answer to keep; 'not yet' is none."""
    return refusal.code not in UNSETTLED


def digest_of(method: str, address: str, body: bytes, *, is_json: bool) -> str:
    """By which the same question is recognised: in JSON, spaces and the order of fields do not matter."""
    content = json.loads(body) if is_json else hashlib.sha256(body).hexdigest()
    said = json.dumps([method, address, content], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()

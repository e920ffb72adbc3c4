"""A house with money: envelopes that two people opened, and dossiers whose steps `record` itself writes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

import database
from activities.dossiers import Dossiers
from models.messages import events as e
from models.messages.words import Fund, Instrument, Kind, Outcome, Party

RECEIVED = datetime(2026, 3, 4, 9, tzinfo=UTC)
PURSE = "ANT/2026/formal_training/111"

Rows = Callable[..., Awaitable[list[dict[str, Any]]]]


def euro(amount: str | int | Decimal) -> Decimal:
    return Decimal(amount).quantize(Decimal("0.01"))


class Told:
    """What dossiers say, step by step; `stands` remembers where each journal is."""

    def __init__(self, dossiers: Dossiers) -> None:
        self._dossiers = dossiers
        self.stands: dict[str, e.Recorded] = {}
        self._payments: dict[str, int] = {}

    async def open(
        self,
        number: str,
        *,
        minutes: int = 0,
        instrument: Instrument = Instrument.FORMAL_TRAINING,
        rehearsed: bool = False,
    ) -> str:
        """A dossier received `minutes` after the first."""
        fact = e.DossierOpened(
            kind=Kind.SUBSIDY,
            instrument=instrument,
            fund=Fund(number[:3]),
            policy="2026-01",
            received_at=RECEIVED + timedelta(minutes=minutes),
            rehearsed=rehearsed,
        )
        await self.say(number, fact)
        return number

    async def ask(
        self, number: str, amount: Any, *, year: int = 2026, committee: str = "111", caps: tuple[e.Cap, ...] = ()
    ) -> None:
        await self.say(number, e.BudgetAsked(amount=euro(amount), year=year, committee=committee, caps=caps))

    async def decide(self, number: str, granted: Any) -> None:
        outcome = Outcome.GRANTED if Decimal(granted) else Outcome.REFUSED
        await self.say(
            number,
            e.Decided(
                decision=1,
                outcome=outcome,
                level="approver",
                asked=None,
                granted=euro(granted),
                reasons=(),
                persons=(),
            ),
        )

    async def change(self, number: str, granted: Any) -> None:
        await self.say(number, e.GrantChanged(granted=euro(granted), reason="determination"))

    async def pay(self, number: str, paid: Any) -> None:
        """The total that is paid after it."""
        times = self._payments[number] = self._payments.get(number, 0) + 1
        key = f"{number}/payment/1/{times}"
        await self.say(
            number,
            e.PaymentInstructed(payment=key, instalment=times, amount=euro(paid), account_of=Party.APPLICANT),
            e.PaymentConfirmed(payment=key, reference=key, paid=euro(paid)),
        )

    async def recover(self, number: str, recovered: Any) -> None:
        key = f"{number}/recovery/{recovered}"
        await self.say(
            number,
            e.RecoveryOrdered(recovery=key, amount=euro(recovered), reason="retention"),
            e.RecoverySettled(recovery=key, outcome="received", recovered=euro(recovered)),
        )

    async def close(self, number: str, outcome: Outcome = Outcome.GRANTED) -> None:
        await self.say(number, e.Closed(outcome=outcome, reason="completed"))

    async def say(self, number: str, *facts: Any) -> None:
        stands = self.stands.get(number) or e.Recorded(sequence=0, head="0" * 64)
        events = tuple(
            e.Event(
                sequence=stands.sequence + place,
                at=RECEIVED + timedelta(hours=stands.sequence + place),
                by="system",
                fact=fact,
            )
            for place, fact in enumerate(facts, start=1)
        )
        self.stands[number] = await self._dossiers.record(e.Step(dossier=number, events=events, head=stands.head))


GUARDED = ("event", "ledger_entry", "budget_act")
WRITTEN = (*GUARDED, "envelope", "holding", "holding_cap", "dossier", "receipt", "decision", "payment", "recovery")


async def emptied(owner_url: str) -> None:
    """Let nothing be left of earlier tests: much quicker than a database for every line of a table."""
    off, on = ("".join(f"ALTER TABLE {one} {hand} TRIGGER USER; " for one in GUARDED) for hand in ("DISABLE", "ENABLE"))
    owner = await asyncpg.connect(owner_url.replace("+asyncpg", ""))
    try:
        await owner.execute(f"BEGIN; {off}" + "".join(f"DELETE FROM {one}; " for one in WRITTEN) + f"{on} COMMIT")
    finally:
        await owner.close()


@pytest.fixture(scope="module")
async def shared(new_database: Any) -> AsyncIterator[Any]:
    """One database for the tests of a module."""
    async with new_database() as urls:
        yield urls


@pytest.fixture
async def database_urls(shared: Any) -> Any:
    """It, with nothing in it."""
    await emptied(shared.owner)
    return shared


@pytest.fixture
async def told(database_urls: Any) -> AsyncIterator[Told]:
    async with asyncpg.create_pool(database_urls.app.replace("+asyncpg", ""), min_size=1, max_size=8) as pool:
        yield Told(Dossiers(pool))


@pytest.fixture
def rows(engine: AsyncEngine) -> Rows:
    """Rows of a question, each as a dictionary."""

    async def found(query: str, **values: Any) -> list[dict[str, Any]]:
        async with engine.connect() as connection:
            return [dict(row) for row in (await connection.execute(text(query), values)).mappings()]

    return found


@pytest.fixture
def agreed(engine: AsyncEngine) -> Callable[..., Awaitable[None]]:
    """An act that one person proposed and another approved, as it stands in the database."""

    async def act(sort: str, envelope: str = PURSE, amount: Any = None, to_envelope: str | None = None) -> None:
        proposed = (
            "INSERT INTO budget_act (fund, envelope, sort, amount, to_envelope, reason, proposed_by, proposed_at, "
            "state) VALUES (:fund, :envelope, :sort, :amount, :to_envelope, 'plan', 'ANT-finance-1', :at, 'proposed')"
            " RETURNING act"
        )
        approved = (
            "UPDATE budget_act SET state = 'approved', decided_by = 'ANT-board-1', decided_at = :at WHERE act = :act"
        )
        values = {
            "fund": envelope[:3],
            "envelope": envelope,
            "sort": sort,
            "amount": amount,
            "to_envelope": to_envelope,
        }
        async with database.transaction(engine) as connection:
            number = await connection.scalar(text(proposed), values | {"at": RECEIVED})
            await connection.execute(text(approved), {"act": number, "at": RECEIVED})

    return act

"""Thousands of payment runs that die everywhere: what is due is paid once, to the cent, and nothing is forgotten.

`DOORSTROOM_CHAOS_RUNS` is how many. Some follow each other until nothing of a handful of payments is due; each handful
has a seed of its own, which a failure names.
"""

from __future__ import annotations

import os
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.exceptions import ApplicationError

from activities.payment_runs import PaymentRuns
from database import transaction
from models.messages.payment_runs import (
    ChangeLine,
    DiscardRun,
    HoldReason,
    RunOpening,
    RunStanding,
    SettleHandOver,
    SignRun,
)
from models.messages.words import Fund
from tests.chaos.dying_payments import Bank, Faults, boundaries
from tests.treasury.due import FIRST, SECOND, Payment, due
from treasury import collecting
from treasury.handing_over import outbox
from treasury.settling import settle_line

RUNS = int(os.environ.get("DOORSTROOM_CHAOS_RUNS", "2000"))
ROUNDS = 12
"""More than any seed needs: a last round without deaths ends it."""

_HEARD = """
    WITH told AS (SELECT dossier, command FROM pending_command WHERE dossier = ANY (:dossiers)),
    answered AS (
        UPDATE payment SET state = CASE coalesce(told.command ->> 'outcome', 'confirmed')
            WHEN 'returned' THEN 'returned' ELSE 'confirmed' END
        FROM told WHERE payment.dossier = told.dossier AND payment.state = 'instructed'
            AND coalesce(told.command ->> 'payment', payment.payment) = payment.payment
        RETURNING payment.*
    ), again AS (
        INSERT INTO payment (payment, dossier, instalment, amount, account_of, state, instructed_at)
        SELECT dossier || '/payment/1/2', dossier, instalment, amount, account_of, 'instructed', instructed_at
        FROM answered WHERE state = 'returned'
    )
    UPDATE dossier SET paid = paid + answered.amount FROM answered
    WHERE dossier.number = answered.dossier AND answered.state = 'confirmed'
"""
"""What a dossier does with the word on its payment, in one statement as `record` does; a return is instructed anew."""
_FORGET = "DELETE FROM pending_command WHERE dossier = ANY (:dossiers)"
_BY_HAND = text(
    "INSERT INTO pending_command VALUES (:dossier, 'by hand', 'complete_task', :command, now())"
).bindparams(bindparam("command", type_=JSONB))
_WORD = """
    WITH said AS (
        UPDATE payment_line SET state = :state, by = 'bank' WHERE line = :line AND state = 'sealed'
        RETURNING dossier, payment, line
    )
    INSERT INTO pending_command
    SELECT dossier, 'bank:' || line || ':' || :outcome, 'settle_payment',
        jsonb_build_object('payment', payment, 'outcome', CAST(:outcome AS text)), now() FROM said
    ON CONFLICT DO NOTHING
"""
_LINES = "SELECT line FROM payment_line WHERE run = :run AND state = :state ORDER BY line"


@dataclass
class Life:
    """One seed: its payments, its people, and what the bank did."""

    engine: AsyncEngine
    seed: int
    folder: Path
    died: Counter[str]

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.bank = Bank(outbox(self.folder, "ANT", rehearsed=False))
        self.faults = Faults(self.chance, self.bank, self.died, self.meanwhile)
        self.acts = PaymentRuns(self.engine, self.folder)
        self.payments = [
            Payment(Decimal(self.chance.randint(1, 500_000)) / 100) for _ in range(self.chance.randint(3, 6))
        ]
        self.dossiers = [one.number for one in self.payments]
        self.by_hand: set[str] = set()
        self.sent_back: set[str] = set()
        self.made = 0

    async def live(self) -> None:
        """Pay until nothing is due."""
        await due(self.engine, *self.payments)
        with self.faults.everywhere():
            for turn in range(ROUNDS):
                self.faults.never = turn == ROUNDS - 1
                if not await self.pay(calm=turn > 2):
                    break
        await self.hear()  # what was answered by hand when nothing was left to collect
        self.check(await self.rows("SELECT payment, state, amount FROM payment WHERE dossier = ANY (:dossiers)"))

    async def pay(self, *, calm: bool) -> bool:
        """One run from what is due to the bank's word; False when nothing was due."""
        run = f"ANT-2026-B-{self.seed * ROUNDS + self.made:07d}"
        opening = RunOpening(run=run, fund=Fund.ANTWERPEN, rehearsed=False, by=FIRST)
        try:
            stands = await self.faults.call("collect", partial(self.acts.collect, opening))
        except ApplicationError as nothing:
            if nothing.type != "NothingDue":
                raise
            return False
        self.made += 1
        if not calm:
            stands = await self.meddle(stands)
        while stands.state in ("draft", "signing") and stands.lines:
            for person in (FIRST, SECOND):
                command = SignRun(run=run, by=person)
                stands = await self.faults.call("sign", partial(self.acts.sign, command))
            await self.answer_by_hand(0.1)
            stands = await self.faults.call("seal", partial(self.acts.seal, run))
        await self.hand_over(stands)
        await self.hear()
        return True

    async def meddle(self, stands: RunStanding) -> RunStanding:
        """People leave lines out, hold them, discard the run, or answer for a payment by hand."""
        run = stands.run
        await self.answer_by_hand(0.2)
        for line in await self.lines(run, "included"):
            if self.chance.random() < 0.15:
                change = self.chance.choice(("exclude", "hold"))
                told: Any = {"run": run, "line": line, "by": FIRST, "change": change, "reason": HoldReason.DISPUTE}
                stands = await self.faults.call("change", partial(self.acts.change_line, ChangeLine(**told)))
        if not stands.lines or self.chance.random() < 0.1:
            gone = DiscardRun(run=run, by=FIRST, reason="other")
            stands = await self.faults.call("discard", partial(self.acts.discard, gone))
        return stands

    async def answer_by_hand(self, often: float) -> None:
        """Somebody of finance answers the task of a payment; while a run pays it the house says no."""
        if self.chance.random() >= often:
            return
        one = self.chance.choice(self.payments)
        if await self.rows("SELECT 1 FROM payment WHERE payment = :key AND state <> 'instructed'", key=one.key):
            return
        try:
            async with transaction(self.engine) as connection:
                command = {"task": f"{one.number}/payment/1"}
                await connection.execute(_BY_HAND, {"dossier": one.number, "command": command})
        except DBAPIError as wall:
            if "in_payment_run" not in str(wall) and "duplicate key" not in str(wall):
                raise
        else:
            self.by_hand.add(one.number)

    async def meanwhile(self, room: str) -> None:
        """An answer that nobody can see yet who is about to commit."""
        if room == collecting.__name__:
            await self.answer_by_hand(0.15)

    async def hand_over(self, stands: RunStanding) -> None:
        """To the bank; a doubt is settled by a person who looks there."""
        run = stands.run
        while stands.state in ("sealed", "handing_over", "unknown"):
            if stands.state != "unknown":
                stands = await self.faults.call("hand over", partial(self.acts.hand_over, run))
                continue
            self.bank.look()
            told = SettleHandOver(run=run, by=SECOND, bank_has_it=f"{run}-01" in self.bank.taken)
            stands = await self.faults.call("settle hand-over", partial(self.acts.settle_hand_over, told))
        if stands.state == "handed_over":
            self.bank.look()
            await self.words(run)

    async def words(self, run: str) -> None:
        """The bank speaks of most lines; what it leaves unsaid a person looks up in its books."""
        for line in await self.lines(run, "sealed"):
            said = self.chance.random()
            if said < 0.6:
                await self.say(line, "executed", "confirmed")
            elif said < 0.7 and line.endswith("-1-1"):
                self.sent_back.add(line)
                await self.say(line, "returned", "returned")
        stands = await self.faults.call("give up", partial(self.acts.give_up, run))
        assert stands.state == "settled"
        for line in await self.lines(run, "unknown"):
            assert self.bank.booked(line)
            settled = partial(settle_line, self.engine, line, "executed", FIRST, "uittreksel")
            await self.faults.call("settle line", settled)

    async def say(self, line: str, state: str, outcome: str) -> None:
        async with transaction(self.engine) as connection:
            await connection.execute(text(_WORD), {"line": line, "state": state, "outcome": outcome})

    async def hear(self) -> None:
        """The dossiers hear what was said of their payments, some of it twice."""
        async with transaction(self.engine) as connection:
            for statement in (_HEARD, _HEARD, _FORGET):
                await connection.execute(text(statement), {"dossiers": self.dossiers})

    async def lines(self, run: str, state: str) -> list[str]:
        return [line for (line,) in await self.rows(_LINES, run=run, state=state)]

    async def rows(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        needed = {"dossiers": self.dossiers} if ":dossiers" in query else {}
        async with transaction(self.engine) as connection:
            return [tuple(row) for row in await connection.execute(text(query), needed | values)]

    def check(self, standing: list[tuple[str, str, Decimal]]) -> None:
        """Each payment once, by the bank or by hand; no file twice."""
        told = f"seed {self.seed}"
        booked: Counter[str] = Counter()
        paid: dict[str, list[Decimal]] = {number: [] for number in self.dossiers}
        for lines in self.bank.taken.values():
            for line, amount in lines.items():
                booked[line] += 1
                if line not in self.sent_back:
                    paid[line.rsplit("-", 2)[0]].append(amount)
        for one in self.payments:
            if one.number in self.by_hand:
                paid[one.number].append(one.amount)
        assert paid == {one.number: [one.amount] for one in self.payments}, told
        assert set(booked.values()) <= {1}, told
        assert self.bank.refused == [], told
        assert {state for _, state, _ in standing} <= {"confirmed", "returned"}, told


@pytest.fixture
def folder() -> Iterator[Path]:
    """In memory where there is such a place: a disk that is asked to be sure takes longer than all the rest."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as place:
        yield Path(place)


async def test_whoever_dies_wherever_what_is_due_is_paid_once(engine: AsyncEngine, folder: Path) -> None:
    died: Counter[str] = Counter()
    lives: list[Life] = []
    while sum(life.made for life in lives) < RUNS:
        lives.append(Life(engine, len(lives), folder, died))
        await lives[-1].live()
    sums = sum((one.amount for life in lives for one in life.payments), Decimal(0))
    async with transaction(engine) as connection:
        assert await connection.scalar(text("SELECT sum(paid) FROM dossier")) == sums
        left = "SELECT count(*) FROM payment_run WHERE state NOT IN ('settled', 'discarded', 'draft')"
        assert await connection.scalar(text(left)) == 0
    if RUNS >= 200:
        assert boundaries() - set(died) == set()

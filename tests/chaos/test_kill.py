"""Kill -9 of everything in the middle of a run: then every dossier ends, nothing is lost and nothing is double."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from typer.testing import CliRunner

from benchmarks.product import application
from commands import app
from importing.storing import Rehearsed
from rehearsal import performance
from rehearsal.performance import Stage
from rehearsal.samples import SAMPLES, samples
from rehearsal.trajectory import TrajectoryPart
from verification import Verification

DOSSIERS = 200
TODAY = date(2025, 6, 2)


class Run:
    """Two hundred dossiers, lived by rehearsed people while the house comes down around them."""

    def __init__(self, house: Any) -> None:
        self.house = house
        self.closed = 0
        self._stage = Stage(house.settings, house.engine, house.pool, house.starter)

    async def begin(self) -> None:
        """Receive the samples of every kind, and plain subsidies up to the number."""
        stored = await performance.receive(self._stage, samples(TODAY), Rehearsed.FROM_FILING)
        self.known = performance.futures([SAMPLES], stored.numbers)
        left = iter(range(DOSSIERS - len(stored.new)))

        async def applicant() -> None:
            for _ in left:
                await self.house.starter.receive(application())

        await asyncio.gather(*(applicant() for _ in range(16)))

    async def live(self) -> None:
        """Live them all, sixteen at a time, while one part of the house after another is killed."""
        async with asyncio.TaskGroup() as together:
            together.create_task(
                performance.live(self._stage, TrajectoryPart(self.known), in_flight=16, told=self._told)
            )
            together.create_task(self._destroy())

    async def _destroy(self) -> None:
        for closed, kill in (
            (20, self.house.kill_worker),
            (50, self.house.kill_temporal),
            (80, self.house.kill_worker),
            (110, self.house.kill_postgres),
            (150, self.house.kill_worker),
        ):
            while self.closed < closed:
                await asyncio.sleep(0.02)
            await kill()

    def _told(self, *_: object) -> None:
        self.closed += 1

    async def send(self) -> None:
        """See the mails out. The minute after which a dead sender's claims are doubted is not waited for."""
        await self.house.pool.execute(
            "UPDATE effect SET claimed_at = claimed_at - interval '1 minute' "
            "WHERE state IN ('claimed', 'sending') AND claimed_by NOT LIKE '%-' || $1",
            str(self.house.worker.pid),
        )
        await performance.post(self.house.pool)


@pytest.fixture(scope="module")
async def run(opened: Any) -> AsyncIterator[Run]:
    """The run, after its end."""
    async with opened() as house:
        run = Run(house)
        await run.begin()
        async with asyncio.timeout(300):
            await run.live()
            await run.send()
        yield run


@pytest.fixture(scope="module")
async def unknown(run: Run) -> list[str]:
    """Mails that were being sent at the moment of a kill."""
    return [row["effect"] for row in await run.house.pool.fetch("SELECT effect FROM effect WHERE state = 'unknown'")]


@pytest.fixture(scope="module")
async def verification(run: Run) -> Verification:
    """The whole house looked through, Temporal included."""
    verified: Verification = await run.house.verified()
    return verified


async def test_every_dossier_ends(run: Run) -> None:
    assert await run.house.value("SELECT count(*) FROM dossier WHERE outcome IS NULL") == 0
    assert await run.house.value("SELECT count(*) FROM dossier") >= DOSSIERS
    assert await run.house.value("SELECT count(DISTINCT kind) FROM dossier") == 5


async def test_nothing_that_was_received_is_lost(run: Run) -> None:
    lost = await run.house.pool.fetch("SELECT number FROM receipt EXCEPT SELECT number FROM dossier")
    handed_over = await run.house.value("SELECT count(*) FROM dossier WHERE outcome = 'handed_over'")
    successors = await run.house.value("SELECT count(*) FROM receipt WHERE idempotency_key LIKE '%/successor'")

    assert lost == []
    assert successors == handed_over > 0
    assert await run.house.value("SELECT count(*) FROM receipt") == DOSSIERS + successors


async def test_nothing_stands_that_cannot_be_true(verification: Verification, unknown: list[str]) -> None:
    beside_the_mails = [fault for fault in verification.faults if fault.check != "mail"]

    assert beside_the_mails == []
    assert len(verification.faults) == len(unknown)


async def test_every_instalment_is_paid_once_and_the_sum_is_the_grant(run: Run) -> None:
    twice = await run.house.pool.fetch(
        "SELECT dossier, instalment FROM payment WHERE state = 'confirmed' GROUP BY 1, 2 HAVING count(*) > 1"
    )
    otherwise = await run.house.pool.fetch(
        """
        SELECT number, granted, paid.amount FROM dossier
        LEFT JOIN (SELECT dossier, sum(amount) AS amount FROM payment WHERE state = 'confirmed' GROUP BY 1) paid
            ON paid.dossier = number
        WHERE instrument = 'formal_training' AND outcome IN ('granted', 'partially_granted')
            AND granted IS DISTINCT FROM paid.amount
        """
    )

    assert twice == []
    assert otherwise == []
    assert await run.house.value("SELECT count(*) FROM payment WHERE state = 'confirmed'") > DOSSIERS / 2


async def test_no_mail_arrives_twice_and_every_sent_mail_arrives(run: Run) -> None:
    arrived = [mail["X-Doorstroom-Effect"].strip() for mail in run.house.stack.mail.messages()]
    sent = [row["effect"] for row in await run.house.pool.fetch("SELECT effect FROM effect WHERE state = 'sent'")]

    assert len(arrived) == len(set(arrived)) > DOSSIERS
    assert set(sent) <= set(arrived)


async def test_every_mail_has_an_outcome_and_a_handful_at_most_is_unknown(run: Run, unknown: list[str]) -> None:
    good = ["sent", "merged", "unreachable", "withdrawn", "unknown"]
    otherwise = await run.house.pool.fetch("SELECT effect, state, problem FROM effect WHERE state <> ALL ($1)", good)

    assert otherwise == []
    assert len(unknown) <= 5


async def test_a_person_settles_what_nobody_knows_and_then_all_is_well(
    run: Run, unknown: list[str], verification: Verification, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One mail is put in doubt here in any case, so that this is shown whatever the kills hit."""
    house = run.house
    monkeypatch.setenv("DATABASE_URL", house.stack.database_url)
    monkeypatch.setenv("DOORSTROOM_TEMPORAL_ADDRESS", house.stack.temporal.address)
    (one,) = await house.pool.fetch("SELECT effect FROM effect WHERE state = 'sent' AND dossier LIKE 'ANT-%' LIMIT 1")
    await house.pool.execute("UPDATE effect SET state = 'unknown', ended_at = NULL WHERE effect = $1", one["effect"])
    arrived = len(house.stack.mail.messages())
    assert not (await house.verified()).clean

    for effect in (*unknown, one["effect"]):
        person = f"{effect.split('-')[0]}-intake-1"
        words = ["settle", effect, "--person", person, "--sent"]
        result = await asyncio.to_thread(CliRunner().invoke, app, words)
        assert result.exit_code == 0, result.output

    verified = await house.verified()
    assert (verified.faults, verified.dossiers) == ((), verification.dossiers)
    assert len(house.stack.mail.messages()) == arrived
    ended = await house.value("SELECT ended_at FROM effect WHERE effect = $1", one["effect"])
    assert ended <= datetime.now(UTC)

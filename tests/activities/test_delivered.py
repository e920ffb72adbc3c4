"""What an agency delivered, as the journals of its people tell: by month, in answers, and in answers that came late."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.agreements import Agreements
from activities.trajectories import Trajectories
from database import transaction
from models.messages import events as e
from models.messages.receipts import Reference
from models.messages.words import Fund, Outcome, Party
from models.tables import HandedOn
from schemes.regimes import Regime
from tests.figures.lives import Dated, Life, closes, live, reported

STARTED = date(2024, 1, 15)
"""Phases of 2, 4 and 6 months: until 14 March, 14 July and 14 January 2025."""
ASKED = (date(2024, 3, 15), date(2024, 7, 15), date(2025, 1, 15))


def enters(number: int, day: date) -> Dated:
    return day, e.PhaseEntered(phase=f"guidance_{number}")


def asks(number: int, day: date) -> Dated:
    return day, e.RequestOpened(
        request=f"ANT-2024-W-000001/hours/{number}",
        code="hours",
        party=Party.AGENCY,
        wants=("hours",),
        until=day + timedelta(days=14),
        derivation="14 dagen",
        silence="goes_on",
        stops_clock=False,
    )


def answers(number: int, day: date, hours: str, **more: str) -> Dated:
    name = f"ANT-2024-W-000001/hours/{number}"
    return day, e.RequestAnswered(request=name, code="hours", values={"hours": hours, **more})


def lapses(number: int, day: date) -> Dated:
    return day, e.RequestLapsed(request=f"ANT-2024-W-000001/hours/{number}", code="hours")


def keeps(day: date, hours: str, **more: str) -> Dated:
    return day, e.AnswerKept(code="hours", values={"hours": hours, **more})


def month(name: str, last: date, hours: str) -> Dated:
    return reported(last, "hours_registered", month=name, hours=hours, sessions="2")


def phase(number: int, *told: Dated) -> tuple[Dated, ...]:
    """A phase from its first day, the question about it, and what follows."""
    return (enters(number, (STARTED, *ASKED)[number - 1]), asks(number, ASKED[number - 1]), *told)


SILENT = (*phase(1, lapses(1, date(2024, 3, 29))), enters(2, date(2024, 3, 30)))
FIRST_MONTH = (enters(1, STARTED), month("2024-01", date(2024, 1, 31), "2"))
ALL_ANSWERED = tuple(fact for n in (1, 2, 3) for fact in phase(n, answers(n, ASKED[n - 1], "20")))
LATER = date(2024, 5, 2)


@pytest.mark.parametrize(
    ("story", "hours"),
    [
        pytest.param(ALL_ANSWERED, 60, id="answered at the end of every phase"),
        pytest.param((*SILENT, keeps(LATER, "20", phase="guidance_1")), 20, id="answered late"),
        pytest.param((*SILENT, keeps(LATER, "20")), 20, id="answered late in an older story"),
        pytest.param(
            (*SILENT, keeps(LATER, "18", phase="guidance_1"), keeps(LATER, "20", phase="guidance_1")),
            20,
            id="the last word of a phase counts",
        ),
        pytest.param((*SILENT, keeps(LATER, "veel", phase="guidance_1")), 0, id="a word that is no number"),
        pytest.param((*FIRST_MONTH, *ALL_ANSWERED), 60, id="the first month, then answers"),
        pytest.param(
            (
                *(month(f"2024-{n:02}", date(2024, n, 14 if n == 7 else 28), "10") for n in (2, 3, 6, 7)),
                enters(1, STARTED),
                enters(2, ASKED[0]),
                *phase(3, answers(3, ASKED[2], "20")),
            ),
            60,
            id="months of two phases, then an answer about the third",
        ),
        pytest.param(
            (*phase(1, answers(1, ASKED[0], "20", reported="hours_registered")), month("2024-03", LATER, "15")),
            15,
            id="months that were put right after they had answered",
        ),
        pytest.param(
            (
                *phase(1, answers(1, ASKED[0], "20"), reported(ASKED[0], "new_job", date(2024, 3, 1))),
                (ASKED[0], e.ClockStopped(because="new_job")),
                reported(date(2024, 3, 21), "new_job", date(2024, 3, 20)),
                reported(date(2024, 4, 20), "job_lost"),
                (date(2024, 4, 20), e.ClockResumed(days=31)),
                month("2024-03", date(2024, 3, 31), "10"),
            ),
            "25.16",
            id="a job that turned out to have begun after the phase: 15 of 31 days of the month are of the phase",
        ),
    ],
)
async def test_all_hours_count_however_they_were_told(
    engine: AsyncEngine, database_urls: Any, story: tuple[Dated, ...], hours: int | str
) -> None:
    life = Life(1, story, started_on=STARTED, regime=Regime.GENERAL_INDEMNITY)
    await live(engine, database_urls.app, life)
    (found,) = (await Agreements(engine).evidence(Reference(number=life.parent))).people
    assert found.hours == Decimal(hours)


async def test_what_was_given_at_the_fund_before_counts_where_the_invoice_comes(
    engine: AsyncEngine, database_urls: Any
) -> None:
    told = [fact for n in (1, 2) for fact in phase(n, answers(n, ASKED[n - 1], "20"))]
    moved = (*told, enters(3, ASKED[1]), closes(date(2024, 9, 2), Outcome.HANDED_OVER, "other_fund"))
    before = Life(1, moved, started_on=STARTED, regime=Regime.GENERAL_INDEMNITY)
    there: dict[str, Any] = {"parent": "LIM-2024-O-000001", "fund": Fund.LIMBURG, "regime": Regime.GENERAL_INDEMNITY}
    after = Life(2, phase(3, answers(3, ASKED[2], "20")), started_on=STARTED, **there)
    await live(engine, database_urls.app, before, after)
    handed = {"number": after.number, "predecessor": before.number, "carried": {}, "at": datetime.now(UTC)}
    async with transaction(engine) as connection:
        await connection.execute(insert(HandedOn).values(**handed))
    (found,) = (await Agreements(engine).evidence(Reference(number=after.parent))).people
    assert (found.begun, found.hours, found.started_on) == (3, Decimal(60), STARTED)


async def test_a_trajectory_that_closed_without_an_end_was_guided_until_then_and_a_double_never(
    engine: AsyncEngine, database_urls: Any
) -> None:
    closed = date(2024, 3, 4)
    ended = reported(date(2024, 2, 20), "guidance_ended", case="general")
    stories: tuple[tuple[Dated, ...], ...] = (
        (),
        (closes(closed, Outcome.WITHDRAWN, "withdrawn"),),
        (closes(closed, Outcome.NOT_STARTED, "double"),),
        (closes(closed, Outcome.HANDED_OVER, "other_fund"),),
        (ended, closes(closed)),
    )
    begun = reported(STARTED, "guidance_started", case="general")
    lives = [Life(serial, (begun, *story), started_on=None) for serial, story in enumerate(stories, start=1)]
    await live(engine, database_urls.app, *lives)
    found = await Trajectories(engine).guided(Reference(number=lives[0].parent))
    assert {int(one.trajectory[-6:]): one.ended_on for one in found} == {
        1: None,
        2: closed,
        4: None,
        5: date(2024, 2, 20),
    }

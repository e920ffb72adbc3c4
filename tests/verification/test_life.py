"""A dossier that lives has a next event, and its money moves once and after a decision."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from models.messages import events as e
from models.messages.words import Outcome, Party
from verification import verify


async def found(engine: AsyncEngine, made: Any, **options: Any) -> list[tuple[str, str]]:
    outcome = await verify(engine, **{"now": made.now, **options})
    return [(fault.check, fault.text) for fault in outcome.faults]


NEXT = {
    "waits on nobody": (lambda m: [m.opened()], "open, maar het wacht op niemand: geen taak, geen vraag en geen dag"),
    "a task whose last day passed without escalation": (
        lambda m: [m.opened(), m.task(m.number, "review", date(2024, 3, 18))],
        "staat stil: op 18/03/2024 had er iets moeten gebeuren",
    ),
    "a question whose last day passed": (
        lambda m: [m.opened(), m.request(m.number, date(2024, 3, 18))],
        "staat stil: op 18/03/2024 had er iets moeten gebeuren",
    ),
    "a day that passed": (
        lambda m: [m.opened(), e.Waited(reason="training", until=date(2024, 3, 18), then="asks_evidence")],
        "staat stil: op 18/03/2024 had er iets moeten gebeuren",
    ),
    "room in a budget, until the end of the year": (
        lambda m: [
            m.opened(),
            e.Waited(on=Party.STAFF, reason="budget_room", until=date(2024, 12, 31), then="clerk_looks"),
        ],
        None,
    ),
    "money that comes back": (
        lambda m: [
            m.opened(),
            e.Waited(on=Party.APPLICANT, reason="recovery", until=date(2024, 4, 18), then="reminded"),
        ],
        None,
    ),
    "a task that ends today": (lambda m: [m.opened(), m.task(m.number, "review", date(2024, 3, 20))], None),
    "a task whose last day was yesterday": (
        lambda m: [m.opened(), m.task(m.number, "review", date(2024, 3, 19))],
        None,
    ),
    "a late task that went up a role": (
        lambda m: [
            m.opened(),
            m.task(m.number, "review", date(2024, 3, 5)),
            e.TaskEscalated(task=f"{m.number}/review/1", role="team_lead", times=1),
        ],
        None,
    ),
    "an answer that goes out today": (
        lambda m: [m.opened(), m.task(m.number, "review", date(2024, 3, 5)), m.answered(m.number, m.now)],
        None,
    ),
    "an answer that should have gone out": (
        lambda m: [
            m.opened(),
            m.task(m.number, "review", date(2024, 3, 28)),
            m.answered(m.number, m.now - timedelta(days=2)),
        ],
        "staat stil: op 18/03/2024 had er iets moeten gebeuren",
    ),
    "a day to come": (
        lambda m: [m.opened(), e.Waited(reason="training", until=date(2024, 5, 1), then="asks_evidence")],
        None,
    ),
    "a rehearsal lives by its own clock": (
        lambda m: [m.opened(rehearsed=True), m.task(m.number, "review", date(2024, 3, 6))],
        None,
    ),
    "an answer held in a closed dossier": (
        lambda m: [
            m.opened(),
            m.task(m.number, "review", date(2024, 3, 18)),
            m.answered(m.number, m.now),
            e.Closed(outcome=Outcome.WITHDRAWN, reason="withdrawn"),
        ],
        "het dossier is gesloten, maar de taak ANT-2024-S-000001/review/1 staat nog open",
    ),
    "a task open in a closed dossier": (
        lambda m: [
            m.opened(),
            m.task(m.number, "review", date(2024, 3, 18)),
            e.Closed(outcome=Outcome.WITHDRAWN, reason="withdrawn"),
        ],
        "het dossier is gesloten, maar de taak ANT-2024-S-000001/review/1 staat nog open",
    ),
}


@pytest.mark.parametrize(("story", "text"), NEXT.values(), ids=NEXT.keys())
async def test_every_open_dossier_has_a_next_event(
    engine: AsyncEngine, live: Any, made: Any, story: Any, text: str | None
) -> None:
    await live([story(made)])

    # The events were recorded just now, long after the day on which we look.
    faults = await found(engine, made, grace=timedelta(days=-36500))

    assert faults == ([] if text is None else [("next_event", text)])


MONEY = {
    "paid without a decision": (
        lambda m: [m.opened(), m.instructed(m.number)],
        "ANT-2024-S-000001/payment/1/1 is opgedragen zonder beslissing die iets toekent",
    ),
    "one instalment paid twice": (
        lambda m: [
            m.opened(),
            m.decided("800"),
            m.instructed(m.number),
            m.confirmed(m.number, "400"),
            m.instructed(m.number, attempt=2),
            m.confirmed(m.number, "800", attempt=2),
        ],
        "schijf 1 is 2 keer betaald",
    ),
    "a total that does not add up": (
        lambda m: [m.opened(), m.decided("800"), m.instructed(m.number), m.confirmed(m.number, "401")],
        "ANT-2024-S-000001/payment/1/1 zegt dat 401 euro betaald is, de som is 400 euro",
    ),
    "a confirmation of nothing": (
        lambda m: [m.opened(), m.decided("800"), m.confirmed(m.number, "400")],
        "ANT-2024-S-000001/payment/1/1 is bevestigd maar nooit opgedragen",
    ),
}


@pytest.mark.parametrize(("story", "text"), MONEY.values(), ids=MONEY.keys())
async def test_money_moves_once_and_after_a_decision(
    engine: AsyncEngine, live: Any, made: Any, story: Any, text: str
) -> None:
    await live([[*story(made), made.task(made.number, "payment", made.now.date())]])

    assert ("payment", text) in await found(engine, made)


async def test_more_paid_than_granted_is_found_though_the_dossier_row_hides_it(
    engine: AsyncEngine, live: Any, made: Any
) -> None:
    await live(
        [
            [made.opened(), made.decided("800")],
            [made.instructed(made.number, amount="900"), made.task(made.number, "payment", made.now.date())],
            [made.confirmed(made.number, "800")],
        ]
    )

    texts = [text for check, text in await found(engine, made) if check == "payment"]

    assert texts[0] == "met ANT-2024-S-000001/payment/1/1 is 900 euro betaald, meer dan de toegekende 800 euro"

"""`record`: a step is stored whole, once, for ever, and tied to all before it."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from temporalio.exceptions import ApplicationError

from activities.dossiers import Dossiers
from models import chain
from models.messages import events as e
from models.messages.words import Fund, Instrument, Kind, Outcome, Party, Role

NUMBER = "ANT-2024-S-000001"
AT = datetime(2024, 3, 4, 9, 0, 0, 123456, tzinfo=UTC)
START = "0" * 64

OPENED = e.DossierOpened(
    kind=Kind.SUBSIDY,
    instrument=Instrument.FORMAL_TRAINING,
    fund=Fund.ANTWERPEN,
    policy="2024-01",
    received_at=AT,
    rehearsed=False,
)
RECEIPT = e.MailPlanned(
    effect=f"{NUMBER}/mail/receipt/1/applicant", template="receipt", occasion="1", party=Party.APPLICANT
)
TASK = e.TaskOpened(
    task=f"{NUMBER}/review/1",
    fund=Fund.ANTWERPEN,
    kind=Kind.SUBSIDY,
    step="review",
    role=Role.HANDLER,
    due=date(2024, 3, 18),
    derivation="10 werkdagen",
    priority=3,
    outcomes=("approve", "ask", "refuse"),
    silence="escalates:team_lead",
    amount=Decimal("866.40"),
)
DONE = e.TaskCompleted(task=TASK.task, step="review", outcome="approve", person="ANT-handler-1")


def step(head: str, first: int, *facts: Any) -> e.Step:
    events = tuple(
        e.Event(sequence=first + place, at=AT + timedelta(hours=first + place), by="system", fact=fact)
        for place, fact in enumerate(facts)
    )
    return e.Step(dossier=NUMBER, events=events, head=head)


async def everything(pool: asyncpg.Pool) -> dict[str, list[Any]]:
    tables = ("event", "dossier", "task", "request", "decision", "payment", "effect")
    return {name: [dict(row) for row in await pool.fetch(f"SELECT * FROM {name} ORDER BY 1, 2")] for name in tables}


async def test_a_step_stands_in_journal_projections_and_ledger_at_once(dossiers: Dossiers, pool: asyncpg.Pool) -> None:
    stands = await dossiers.record(step(START, 1, OPENED, RECEIPT, TASK))

    found = await everything(pool)
    assert [event["type"] for event in found["event"]] == ["dossier_opened", "mail_planned", "task_opened"]
    (dossier,), (task,), (effect,) = found["dossier"], found["task"], found["effect"]
    assert (dossier["sequence"], dossier["head"]) == (3, stands.head)
    assert (dossier["waiting_on"], dossier["waiting_for"], dossier["waiting_until"]) == ("staff", "review", TASK.due)
    assert (task["state"], task["amount"], task["outcomes"]) == (
        "open",
        Decimal("866.40"),
        ["approve", "ask", "refuse"],
    )
    assert (effect["effect"], effect["state"], effect["attempts"]) == (RECEIPT.effect, "planned", 0)


async def test_the_same_step_again_changes_nothing_and_answers_the_same(dossiers: Dossiers, pool: asyncpg.Pool) -> None:
    first = await dossiers.record(step(START, 1, OPENED, RECEIPT, TASK))
    before = await everything(pool)

    again = await dossiers.record(step(START, 1, OPENED, RECEIPT, TASK))

    assert again == first
    assert await everything(pool) == before


async def test_a_step_that_was_stored_in_part_is_completed(dossiers: Dossiers, pool: asyncpg.Pool) -> None:
    await dossiers.record(step(START, 1, OPENED, RECEIPT))

    stands = await dossiers.record(step(START, 1, OPENED, RECEIPT, TASK))

    assert stands.sequence == 3
    assert len((await everything(pool))["event"]) == 3


async def test_a_step_recorded_by_two_at_once_is_stored_once(dossiers: Dossiers, pool: asyncpg.Pool) -> None:
    opened = await dossiers.record(step(START, 1, OPENED, TASK))

    answers = await asyncio.gather(*(dossiers.record(step(opened.head, 3, DONE)) for _ in range(4)))

    assert len(set(answers)) == 1
    assert [event["sequence"] for event in (await everything(pool))["event"]] == [1, 2, 3]


async def test_each_event_carries_the_hash_of_all_before(dossiers: Dossiers, pool: asyncpg.Pool) -> None:
    whole = step(START, 1, OPENED, RECEIPT, TASK)
    opened = await dossiers.record(whole)
    later = step(opened.head, 4, DONE)
    await dossiers.record(later)

    head = START
    for stored, event in zip((await everything(pool))["event"], (*whole.events, *later.events), strict=True):
        assert stored["previous"] == head
        head = chain.chain(NUMBER, event, chain.stored_data(event), head)
        assert stored["hash"] == head


CONFLICTS = {
    "another fact under the same sequence": lambda _: step(START, 1, OPENED, TASK),
    "a sequence left out": lambda head: step(head, 4, DONE),
    "a dossier that never opened": lambda _: step(START, 1, RECEIPT).model_copy(update={"dossier": "ANT-2024-S-2"}),
}


@pytest.mark.parametrize("wrong", CONFLICTS.values(), ids=CONFLICTS.keys())
async def test_what_contradicts_the_journal_is_refused_and_never_tried_again(
    dossiers: Dossiers, pool: asyncpg.Pool, wrong: Any
) -> None:
    stands = await dossiers.record(step(START, 1, OPENED, RECEIPT))
    before = await everything(pool)

    with pytest.raises(ApplicationError) as refused:
        await dossiers.record(wrong(stands.head))

    assert (refused.value.type, refused.value.non_retryable) == ("JournalConflict", True)
    assert await everything(pool) == before


async def test_a_step_that_breaks_a_constraint_leaves_nothing(dossiers: Dossiers, pool: asyncpg.Pool) -> None:
    """More paid than granted: the database itself says no, and the events of that step do not stand."""
    opened = await dossiers.record(step(START, 1, OPENED))
    key = f"{NUMBER}/payment/1/1"
    paid = (
        e.PaymentInstructed(payment=key, instalment=1, amount=Decimal(10), account_of=Party.APPLICANT),
        e.PaymentConfirmed(payment=key, reference="x", paid=Decimal(10)),
    )

    with pytest.raises(asyncpg.CheckViolationError, match="paid_within_grant"):
        await dossiers.record(step(opened.head, 2, *paid))

    found = await everything(pool)
    assert (len(found["event"]), found["payment"]) == (1, [])


CHANGES = {
    "update": "UPDATE event SET by = 'somebody'",
    "delete": "DELETE FROM event",
    "truncate": "TRUNCATE event",
}


@pytest.mark.parametrize("role", ["app", "owner"])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
async def test_an_event_that_stands_cannot_be_changed(
    dossiers: Dossiers, pool: asyncpg.Pool, database_urls: Any, role: str, change: str
) -> None:
    await dossiers.record(step(START, 1, OPENED))
    before = await everything(pool)
    connection = await asyncpg.connect(getattr(database_urls, role).replace("+asyncpg", ""))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(change)
    finally:
        await connection.close()

    assert await everything(pool) == before


async def test_the_application_cannot_take_the_guards_away(database_urls: Any) -> None:
    connection = await asyncpg.connect(database_urls.app.replace("+asyncpg", ""))
    try:
        for attempt in (
            "ALTER TABLE event DISABLE TRIGGER ALL",
            "DROP TABLE event",
            "SET session_replication_role = replica",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(attempt)
    finally:
        await connection.close()


AFTER = {
    "a reminder counts": (
        (TASK, e.TaskReminded(task=TASK.task, times=1)),
        "SELECT reminders FROM task",
        1,
    ),
    "an escalation moves the task to another role": (
        (TASK, e.TaskEscalated(task=TASK.task, role=Role.TEAM_LEAD, times=1)),
        "SELECT role FROM task",
        "team_lead",
    ),
    "a finished task knows its person": ((TASK, DONE), "SELECT person FROM task WHERE state = 'done'", "ANT-handler-1"),
    "a cancelled task is off the list": (
        (TASK, e.TaskCancelled(task=TASK.task, reason="withdrawn")),
        "SELECT count(*) FROM task WHERE state = 'open'",
        0,
    ),
    "resting says what happens then": (
        (e.Waited(reason="training", until=date(2024, 5, 1), then="asks_evidence"),),
        "SELECT otherwise FROM dossier WHERE waiting_on = 'calendar'",
        "asks_evidence",
    ),
    "a closed dossier waits on nobody": (
        (TASK, DONE, e.Closed(outcome=Outcome.WITHDRAWN, reason="withdrawn")),
        "SELECT outcome FROM dossier WHERE waiting_on IS NULL AND closed_at IS NOT NULL",
        "withdrawn",
    ),
}


@pytest.mark.parametrize("together", [True, False], ids=["in one step", "step by step"])
@pytest.mark.parametrize(("facts", "query", "expected"), AFTER.values(), ids=AFTER.keys())
async def test_rows_follow_from_events_however_they_are_cut_into_steps(
    dossiers: Dossiers, pool: asyncpg.Pool, facts: Any, query: str, expected: Any, together: bool
) -> None:
    if together:
        await dossiers.record(step(START, 1, OPENED, *facts))
    else:
        stands = await dossiers.record(step(START, 1, OPENED))
        for fact in facts:
            stands = await dossiers.record(step(stands.head, stands.sequence + 1, fact))

    assert await pool.fetchval(query) == expected


async def test_a_step_that_asks_the_budget_is_answered_and_again_when_it_is_repeated(
    dossiers: Dossiers, pool: asyncpg.Pool
) -> None:
    opened = await dossiers.record(step(START, 1, OPENED))
    cap = e.Cap(bucket="career_account/one/2024", limit=Decimal(300), amount=Decimal(400))
    asks = step(opened.head, 2, e.BudgetAsked(amount=Decimal(400), year=2024, committee="*", caps=(cap,)))

    answers = [(await dossiers.record(asks)).budget for _ in range(2)]

    told = e.BudgetAnswer(sequence=2, state="unbudgeted", allowed=Decimal(300), reason="cap")
    assert answers == [told, told]
    row = await pool.fetchrow("SELECT reserving, budget_year, committee, caps FROM dossier")
    assert (row["reserving"], row["budget_year"], row["committee"]) == (Decimal(400), 2024, "*")
    assert json.loads(row["caps"]) == [cap.model_dump(mode="json")]


async def test_a_decision_takes_the_question_back(dossiers: Dossiers, pool: asyncpg.Pool) -> None:
    opened = await dossiers.record(step(START, 1, OPENED))
    asked = await dossiers.record(step(opened.head, 2, e.BudgetAsked(amount=Decimal(400), year=2024, committee="*")))
    refused = e.Decided(
        decision=1, outcome=Outcome.REFUSED, level="handler", asked=None, granted=Decimal(0), reasons=(), persons=()
    )
    await dossiers.record(step(asked.head, 3, refused))
    assert await pool.fetchval("SELECT reserving FROM dossier") is None
    assert await pool.fetchval("SELECT state FROM holding") == "released"


QUESTION = e.MailPlanned(
    effect=f"{NUMBER}/mail/trajectory_follow_up/follow_up/1/participant",
    template="trajectory_follow_up",
    occasion="follow_up/1",
    party=Party.PARTICIPANT,
)
REMINDER = QUESTION.model_copy(
    update={
        "effect": f"{NUMBER}/mail/trajectory_follow_up_reminder/follow_up/1/1/participant",
        "template": "trajectory_follow_up_reminder",
        "occasion": "follow_up/1/1",
    }
)
OTHER = QUESTION.model_copy(
    update={"effect": f"{NUMBER}/mail/trajectory_follow_up/follow_up/11/participant", "occasion": "follow_up/11"}
)
WITHDRAWN = e.MailsWithdrawn(party=Party.PARTICIPANT, because="answered", occasion="follow_up/1")


async def states(pool: asyncpg.Pool) -> dict[str, str]:
    rows = await pool.fetch("select occasion, state from effect")
    return {row["occasion"]: row["state"] for row in rows}


@pytest.mark.parametrize("together", [pytest.param(True, id="in-one-step"), pytest.param(False, id="a-step-later")])
async def test_what_is_not_wanted_any_more_stays_in_the_house(
    dossiers: Dossiers, pool: asyncpg.Pool, together: bool
) -> None:
    planned = (OPENED, RECEIPT, QUESTION, REMINDER, OTHER)
    if together:
        await dossiers.record(step(START, 1, *planned, WITHDRAWN))
    else:
        stored = await dossiers.record(step(START, 1, *planned))
        await dossiers.record(step(stored.head, 6, WITHDRAWN))
    assert await states(pool) == {
        "1": "planned",
        "follow_up/1": "withdrawn",
        "follow_up/1/1": "withdrawn",
        "follow_up/11": "planned",
    }


async def test_what_left_already_is_not_withdrawn(dossiers: Dossiers, pool: asyncpg.Pool) -> None:
    stored = await dossiers.record(step(START, 1, OPENED, QUESTION, REMINDER))
    await pool.execute("update effect set state = 'sent' where occasion = 'follow_up/1'")
    everything_to_the_person = e.MailsWithdrawn(party=Party.PARTICIPANT, because="deceased")
    await dossiers.record(step(stored.head, 4, everything_to_the_person))
    assert await states(pool) == {"follow_up/1": "sent", "follow_up/1/1": "withdrawn"}


@pytest.mark.parametrize("rehearsed", [False, True])
@pytest.mark.parametrize("because", ["deceased", "consent_withdrawn", "answered"])
async def test_a_letter_that_lies_ready_is_not_posted_any_more(
    dossiers: Dossiers, pool: asyncpg.Pool, because: str, rehearsed: bool
) -> None:
    opened = OPENED.model_copy(update={"rehearsed": rehearsed})
    stored = await dossiers.record(step(START, 1, opened, QUESTION, REMINDER, OTHER))
    on_paper = {"follow_up/1": "to_print", "follow_up/1/1": "posted", "follow_up/11": "to_print"}
    for day, (occasion, state) in enumerate(on_paper.items(), 1):
        lies = "UPDATE effect SET state = $2, channel = 'letter', person = 'an', leaves_on = $3 WHERE occasion = $1"
        await pool.execute(lies, occasion, state, date(2024, 2, day))
    await dossiers.record(step(stored.head, 5, WITHDRAWN.model_copy(update={"because": because})))
    assert await states(pool) == on_paper | {"follow_up/1": "withdrawn"}
    await pool.execute("UPDATE effect SET leaves_on = '2024-02-01' WHERE occasion = 'follow_up/11'")  # the day is free


async def test_a_rehearsed_dossier_runs_ahead_of_the_post_room_and_keeps_what_left_in_its_own_time(
    dossiers: Dossiers, pool: asyncpg.Pool
) -> None:
    rehearsed = OPENED.model_copy(update={"rehearsed": True})
    stored = await dossiers.record(step(START, 1, rehearsed, QUESTION))
    await dossiers.record(step(stored.head, 3, REMINDER, WITHDRAWN))
    assert await states(pool) == {"follow_up/1": "planned", "follow_up/1/1": "withdrawn"}

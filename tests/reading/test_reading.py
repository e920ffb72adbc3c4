"""Where a dossier stands and why it waits, from rows alone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.dossiers import Dossiers
from database import lean_pool, transaction
from models.messages import events as e
from models.messages.words import Fund, Instrument, Kind, Outcome, Party, Role
from models.tables import Contact, DocumentRow, StaffMember, TaskHold
from reading import dossiers as read
from reading.timeline import timeline
from reading.waiting import waiting

NUMBER = "ANT-2024-S-000001"
AT = datetime(2024, 3, 4, 9, tzinfo=UTC)


def opened(fund: Fund = Fund.ANTWERPEN, kind: Kind = Kind.SUBSIDY, parent: str | None = None) -> e.DossierOpened:
    instrument = Instrument.TRAJECTORY if kind is Kind.TRAJECTORY else Instrument.FORMAL_TRAINING
    return e.DossierOpened(
        kind=kind, instrument=instrument, fund=fund, policy="2024-01", received_at=AT, rehearsed=False, parent=parent
    )


TASK = e.TaskOpened(
    task=f"{NUMBER}/review/1",
    fund=Fund.ANTWERPEN,
    kind=Kind.SUBSIDY,
    step="review",
    role=Role.HANDLER,
    due=date(2024, 3, 18),
    derivation="10 werkdagen vanaf 4 maart 2024",
    priority=3,
    outcomes=("approve", "refuse"),
    silence="escalates:team_lead",
    amount=Decimal("866.40"),
)
ASKED = e.RequestOpened(
    request=f"{NUMBER}/completion/1",
    code="completion",
    party=Party.APPLICANT,
    wants=("invoice/proof_of_payment",),
    until=date(2024, 4, 3),
    derivation="30 dagen vanaf 4 maart 2024",
    silence="lapses",
    stops_clock=True,
)


@pytest.fixture
async def say(database_urls: Any) -> Any:
    """Says the facts of a dossier in one step."""
    pool: asyncpg.Pool
    async with await lean_pool(database_urls.app, size=2) as pool:

        async def said(*facts: Any, number: str = NUMBER, by: str = "system") -> None:
            events = tuple(
                e.Event(sequence=place, at=AT, by=by, fact=fact) for place, fact in enumerate(facts, start=1)
            )
            await Dossiers(pool).record(e.Step(dossier=number, events=events, head="0" * 64))

        yield said


async def reasons(engine: AsyncEngine) -> list[tuple[Any, ...]]:
    async with engine.connect() as connection:
        standing = await read.standing(connection, NUMBER)
        assert standing is not None
        found = await waiting(connection, standing)
    return [(wait.on, wait.what, wait.key, wait.until, wait.otherwise, wait.holder) for wait in found.waits]


async def test_a_dossier_waits_on_a_role_and_the_colleague_who_has_it_in_hand(engine: AsyncEngine, say: Any) -> None:
    await say(opened(), TASK)
    async with transaction(engine) as connection:
        await connection.execute(insert(TaskHold).values(task=TASK.task, person="ANT-handler-1", since=AT))

    assert await reasons(engine) == [
        ("handler", "review", TASK.task, date(2024, 3, 18), "escalates:team_lead", "ANT-handler-1")
    ]


async def test_a_dossier_waits_on_a_party(engine: AsyncEngine, say: Any) -> None:
    await say(opened(), ASKED)

    assert await reasons(engine) == [("applicant", "completion", ASKED.request, date(2024, 4, 3), "lapses", None)]


async def test_a_dossier_waits_for_a_day(engine: AsyncEngine, say: Any) -> None:
    await say(opened(), e.Waited(reason="training", until=date(2024, 5, 1), then="asks_evidence"))

    assert await reasons(engine) == [("calendar", "training", None, date(2024, 5, 1), "asks_evidence", None)]


async def test_a_closed_dossier_waits_for_nothing(engine: AsyncEngine, say: Any) -> None:
    await say(opened(), TASK, e.Closed(outcome=Outcome.WITHDRAWN, reason="withdrawn"))

    assert await reasons(engine) == []


async def test_the_timeline_names_people_from_their_rows(engine: AsyncEngine, say: Any) -> None:
    done = e.TaskCompleted(task=TASK.task, step="review", outcome="approve", person="ANT-handler-1")
    mail = e.MailPlanned(
        effect=f"{NUMBER}/mail/receipt/1/applicant", template="receipt", occasion="1", party="applicant"
    )
    await say(opened(), mail, TASK, done, by="applicant")
    async with transaction(engine) as connection:
        staff = {
            "person": "ANT-handler-1",
            "fund": "ANT",
            "name": "An Peeters",
            "email": "a@x.example",
            "roles": ["handler"],
        }
        await connection.execute(insert(StaffMember).values(**staff, language="nl", active=True))
        contact = {"dossier": NUMBER, "party": "applicant", "name": "Jan Janssens", "language": "nl"}
        await connection.execute(insert(Contact).values(contact))
        paper = {"dossier": NUMBER, "code": "invoice", "name": "factuur.pdf", "party": "applicant", "received_at": AT}
        await connection.execute(insert(DocumentRow).values(paper))

    async with engine.connect() as connection:
        found = await timeline(connection, NUMBER)

    assert found is not None
    assert [entry.type for entry in found.entries] == [
        "dossier_opened",
        "mail_planned",
        "task_opened",
        "task_completed",
    ]
    assert found.names == {"applicant": "Jan Janssens", "ANT-handler-1": "An Peeters"}
    assert [paper.name for paper in found.documents] == ["factuur.pdf"]
    assert [mail.state for mail in found.mails] == ["planned"]


async def test_an_erased_person_leaves_a_timeline_without_a_name(engine: AsyncEngine, say: Any) -> None:
    await say(opened(), TASK, by="applicant")

    async with engine.connect() as connection:
        found = await timeline(connection, NUMBER)

    assert found is not None
    assert found.names == {}


async def test_what_was_never_opened_has_no_timeline(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        assert await timeline(connection, NUMBER) is None


LISTS = {
    "all": (read.DossierQuery(), ["ANT-2024-J-1", "ANT-2024-S-1", "ANT-2024-S-2", "LIM-2024-S-1"]),
    "one kind": (read.DossierQuery(kind=Kind.TRAJECTORY), ["ANT-2024-J-1"]),
    "one fund": (read.DossierQuery(fund=Fund.LIMBURG), ["LIM-2024-S-1"]),
    "open": (read.DossierQuery(open_only=True), ["ANT-2024-J-1", "ANT-2024-S-1", "LIM-2024-S-1"]),
    "waiting on the applicant": (read.DossierQuery(waiting_on=Party.APPLICANT), ["LIM-2024-S-1"]),
    "children of a dossier": (read.DossierQuery(parent="ANT-2024-O-1"), ["ANT-2024-J-1"]),
    "after a number": (read.DossierQuery(after="ANT-2024-S-1"), ["ANT-2024-S-2", "LIM-2024-S-1"]),
}


async def test_lists_of_dossiers(engine: AsyncEngine, say: Any) -> None:
    def asked(number: str) -> e.RequestOpened:
        return ASKED.model_copy(update={"request": f"{number}/completion/1"})

    await say(opened(kind=Kind.TRAJECTORY, parent="ANT-2024-O-1"), number="ANT-2024-J-1")
    await say(opened(), number="ANT-2024-S-1")
    await say(opened(), e.Closed(outcome=Outcome.LAPSED, reason="completion"), number="ANT-2024-S-2")
    await say(opened(Fund.LIMBURG), asked("LIM-2024-S-1"), number="LIM-2024-S-1")

    async with engine.connect() as connection:
        for name, (query, expected) in LISTS.items():
            page = await read.dossiers(connection, query)
            assert [one.number for one in page.dossiers] == expected, name
        first = await read.dossiers(connection, read.DossierQuery(limit=2))
        rest = await read.dossiers(connection, read.DossierQuery(limit=2, after=first.next or ""))
        counted = await read.counts(connection)

    assert [one.number for one in (*first.dossiers, *rest.dossiers)] == LISTS["all"][1]
    assert rest.next is None
    assert (counted["open_dossiers"], counted["closed_dossiers"], counted["unstarted_receipts"]) == (3, 1, 0)

"""Row-level security: each visitor the own rows, whatever a page asks."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

import models.tables as tables
from database import transaction
from models.messages.words import Fund, Language, Party
from models.tables import metadata
from portal.access.rows import seen_by
from portal.access.visitor import Visitor
from reading.worklist import WorkListQuery, question

NOW = datetime(2025, 3, 3, 9, tzinfo=UTC)
OURS, OTHER, WORKER, ELSEWHERE = "ANT-2025-S-000001", "ANT-2025-S-000002", "ANT-2025-S-000003", "LIM-2025-S-000001"
PROJECT, MOVE = "ANT-2025-P-000001", "ANT-2025-J-000001"
PEETERS, JANSSENS = "0417497106", "0403199702"

NOT_FOR_PAGES = {
    "api_client",
    "api_request",
    "api_token",
    "attempts",
    "bulk_item",
    "bulk_run",
    "headcount",
    "house_clock",
    "kept_form",
    "login_link",
    "number_series",
    "own_columns",
    "portal_session",
    "post_room_look",
    "saved_view",
    "sign_in",
    "sign_in_journey",
}
"""Tables that pages never read under a visitor's name; every other one says in a migration who sees its rows."""

FOR_OUTSIDERS = {
    *("contact", "correction", "decision", "document", "dossier", "effect", "employer", "event", "follow_up"),
    *("follow_up_due", "guided_hours", "holding", "instalment", "letter", "mandate", "message", "participant"),
    *("payment", "portal_account", "receipt", "recovery", "request", "upload"),
}
"""Tables of which employers, experts, agencies or participants see own rows; all others are for staff alone."""


def visitor(party: Party, **more: Any) -> Visitor:
    return Visitor(session="s", csrf="c", person="p", name="N", language=Language.DUTCH, party=party, **more)


ANTWERP = visitor(Party.STAFF, funds=(Fund.ANTWERPEN,))
LIMBURG = visitor(Party.STAFF, funds=(Fund.LIMBURG,))
EMPLOYER = visitor(Party.APPLICANT, enterprises=(PEETERS,))
COMPETITOR = visitor(Party.APPLICANT, enterprises=(JANSSENS,))
ACCOUNTANT = visitor(Party.APPLICANT, enterprises=(PEETERS, JANSSENS))
UNKNOWN = visitor(Party.APPLICANT, enterprises=("0999999922",))
TRAINEE = visitor(Party.APPLICANT, dossiers=(WORKER,))
EXPERT = visitor(Party.EXPERT, dossiers=(PROJECT,))
AGENCY = visitor(Party.AGENCY, agency="Ascento")
OTHER_AGENCY = visitor(Party.AGENCY, agency="Randstad")
DISMISSED = visitor(Party.PARTICIPANT, dossiers=(MOVE,))

RECEIPTS: tuple[tuple[str, str, str, str, dict[str, str]], ...] = (
    (OURS, "subsidy", "formal_training", PEETERS, {}),
    (OTHER, "subsidy", "formal_training", JANSSENS, {}),
    (WORKER, "subsidy", "career_account", PEETERS, {}),
    (ELSEWHERE, "subsidy", "formal_training", PEETERS, {}),
    (PROJECT, "project_financing", "project_financing", PEETERS, {}),
    (MOVE, "trajectory", "trajectory", PEETERS, {"agency": "Ascento"}),
)


def every_table(number: str, kind: str, instrument: str, enterprise: str, facts: dict[str, str]) -> list[Any]:
    """One row of each table for this dossier."""
    fund, key = number[:3], {"dossier": number}
    task, asked = f"{number}/review/1", {"code": "evidence", "wants": [], "until": date(2025, 4, 1)}
    receipt: dict[str, Any] = {
        "number": number,
        "idempotency_key": number,
        "fund": fund,
        "kind": kind,
        "instrument": instrument,
    }
    receipt |= {"facts": facts, "typed": {"remark": "x"}, "enterprise_number": enterprise}
    row = {"number": number, "fund": fund, "kind": kind, "instrument": instrument, "policy": "p", "received_at": NOW}
    step = {"task": task, "fund": fund, "kind": kind, "step": "review", "role": "handler", "due": date(2025, 4, 1)}
    step |= {"derivation": "", "priority": 1, "outcomes": [], "excluded": [], "silence": "", "state": "open"}
    request = asked | {"derivation": "", "silence": "", "stops_clock": False, "state": "open", "opened_at": NOW}
    mail = {"template": "t", "occasion": "o", "values": {}, "dated": NOW.date(), "not_before": NOW, "planned_at": NOW}
    decided = {"decision": 1, "outcome": "granted", "level": "handler", "granted": Decimal(1), "decided_at": NOW}
    happened = {"at": NOW, "recorded_at": NOW, "by": "ANT-handler-1", "data": {}, "previous": ""}
    types = ("dossier_opened", "task_completed", "checked", "payment_confirmed", "decided")
    return [
        (tables.Receipt, receipt | {"received_at": NOW, "opens_at": NOW, "rehearsed": False}),
        (tables.DossierRow, row | {"phase": "", "updated_at": NOW}),
        (tables.TaskRow, key | step | {"opened_at": NOW, "reasons": []}),
        (tables.TaskHold, {"task": task, "person": f"{fund}-handler-1", "since": NOW}),
        (tables.PendingCommand, key | {"update_id": "u", "name": "n", "command": {}, "sent_at": NOW}),
        (tables.DecisionRow, key | decided | {"reasons": [], "persons": [], "steps": []}),
        (tables.InstalmentRow, key | {"instalment": 1, "moment": "m", "amount": Decimal(1)}),
        (tables.RecoveryRow, key | {"recovery": number, "amount": 1, "reason": "", "state": "", "ordered_at": NOW}),
        (tables.FollowUpRow, key | {"moment": "3", "outcome": "onbekend", "at": NOW}),
        (tables.Participant, key | {"line": 1, "first_name": "An", "last_name": "Maes"}),
        *(
            (tables.EventRow, key | happened | {"sequence": n, "type": t, "hash": number + t})
            for n, t in enumerate(types)
        ),
        *(
            (table, key | values | {"party": party, **({name: f"{number}/{party}"} if name else {})})
            for table, values, name in (
                (tables.RequestRow, request, "request"),
                (tables.Effect, mail, "effect"),
                (tables.Contact, {"name": "N"}, None),
                (tables.DocumentRow, {"code": "invoice", "name": "a.pdf", "received_at": NOW}, None),
            )
            for party in ("applicant", "expert", "agency", "participant")
        ),
        *(
            (
                tables.PaymentRow,
                key
                | {"payment": f"{number}/{of}", "instalment": 1, "amount": 1, "account_of": of}
                | {"state": "confirmed", "instructed_at": NOW},
            )
            for of in ("applicant", "expert")
        ),
    ]


@pytest.fixture
async def filled(engine: AsyncEngine) -> AsyncEngine:
    """Six dossiers of two funds and three applicants, with a row in every table."""
    async with transaction(engine) as connection:
        for receipt in RECEIPTS:
            for table, row in every_table(*receipt):
                await connection.execute(insert(table).values(row))
        for fund, enterprise in (("ANT", PEETERS), ("LIM", JANSSENS)):
            staff = {"person": f"{fund}-handler-1", "fund": fund, "name": "N", "email": "e", "roles": ["handler"]}
            await connection.execute(insert(tables.StaffMember).values(staff))
            employer: dict[str, Any] = {
                "establishment_number": enterprise,
                "enterprise_number": enterprise,
                "fund": fund,
                "name": "N",
            }
            employer |= {"postcode": "", "municipality": "", "headcount_on": NOW.date()}
            await connection.execute(insert(tables.Employer).values(employer))
    return engine


async def numbers(engine: AsyncEngine, who: Visitor | None, table: str, column: str, where: str = "true") -> list[str]:
    async with seen_by(engine, who) as connection:
        found = await connection.execute(text(f"SELECT {column} FROM {table} WHERE {where} ORDER BY 1"))
        return [str(one) for one in found.scalars()]


OF_ANTWERP = sorted({OURS, OTHER, WORKER, PROJECT, MOVE})
DOSSIERS_SEEN: dict[str, tuple[Visitor | None, list[str]]] = {
    "nobody sees nothing": (None, []),
    "staff see their fund": (ANTWERP, OF_ANTWERP),
    "staff of another fund see theirs": (LIMBURG, [ELSEWHERE]),
    "an employer sees the own files of every fund, no career account, no trajectory": (
        EMPLOYER,
        sorted([OURS, ELSEWHERE, PROJECT]),
    ),
    "a competitor sees the own file": (COMPETITOR, [OTHER]),
    "an accountant sees those acted for": (ACCOUNTANT, sorted([OURS, OTHER, ELSEWHERE, PROJECT])),
    "an enterprise without files sees nothing": (UNKNOWN, []),
    "the worker of a career account sees it": (TRAINEE, [WORKER]),
    "an expert sees the project": (EXPERT, [PROJECT]),
    "an agency sees its trajectories": (AGENCY, [MOVE]),
    "another agency does not": (OTHER_AGENCY, []),
    "a participant sees the own trajectory": (DISMISSED, [MOVE]),
}


@pytest.mark.parametrize(("who", "seen"), DOSSIERS_SEEN.values(), ids=DOSSIERS_SEEN.keys())
@pytest.mark.usefixtures("filled")
async def test_dossiers_are_shown_to_whom_they_concern(
    portal_engine: AsyncEngine, who: Visitor | None, seen: list[str]
) -> None:
    assert await numbers(portal_engine, who, "dossier", "number") == seen


@pytest.mark.parametrize(("who", "seen"), DOSSIERS_SEEN.values(), ids=DOSSIERS_SEEN.keys())
@pytest.mark.usefixtures("filled")
async def test_own_dossiers_lists_what_the_wall_lets_through(
    portal_engine: AsyncEngine, who: Visitor | None, seen: list[str]
) -> None:
    listed = await numbers(portal_engine, who, "own_dossiers() AS own (number)", "number")
    assert listed == ([] if who and who.is_staff else seen)


ROWS_SEEN: dict[str, tuple[Visitor, str, str, list[str]]] = {
    "staff see every mail": (ANTWERP, "effect", "dossier", sorted(OF_ANTWERP * 4)),
    "an employer sees no task": (EMPLOYER, "task", "dossier", []),
    "an employer sees nobody of staff": (EMPLOYER, "staff_member", "person", []),
    "staff see colleagues of the fund": (ANTWERP, "staff_member", "person", ["ANT-handler-1"]),
    "an employer sees the own establishments": (EMPLOYER, "employer", "enterprise_number", [PEETERS]),
    "an agency sees no employer": (AGENCY, "employer", "enterprise_number", []),
    "an employer sees what is asked of the own party, of trajectories too": (
        EMPLOYER,
        "request",
        "request",
        sorted(f"{number}/applicant" for number in (OURS, ELSEWHERE, PROJECT, MOVE)),
    ),
    "an expert sees what is asked of the expert": (EXPERT, "request", "request", [f"{PROJECT}/expert"]),
    "a participant sees what is asked of the participant": (DISMISSED, "request", "request", [f"{MOVE}/participant"]),
    "an agency reaches itself and its participant": (AGENCY, "contact", "party", ["agency", "participant"]),
    "an employer never learns where former staff are reached": (
        EMPLOYER,
        "contact",
        "party",
        ["applicant"] * 4,
    ),
    "an expert sees the own document": (EXPERT, "document", "party", ["expert"]),
    "an expert sees the own payment": (EXPERT, "payment", "payment", [f"{PROJECT}/expert"]),
    "an agency sees no payment": (AGENCY, "payment", "payment", []),
    "an employer does not see what became of people": (EMPLOYER, "follow_up", "dossier", []),
    "an agency does": (AGENCY, "follow_up", "dossier", [MOVE]),
    "an agency sees no receipt": (AGENCY, "receipt", "number", []),
    "an employer sees the own receipts": (EMPLOYER, "receipt", "number", sorted([OURS, ELSEWHERE, PROJECT, MOVE])),
    "an expert sees no participants": (EXPERT, "participant", "dossier", []),
    "an agency hears no checks, tasks or money": (AGENCY, "event", "type", ["decided", "dossier_opened"]),
}


@pytest.mark.parametrize(("who", "table", "column", "seen"), ROWS_SEEN.values(), ids=ROWS_SEEN.keys())
@pytest.mark.usefixtures("filled")
async def test_rows_are_shown_to_whom_they_concern(
    portal_engine: AsyncEngine, who: Visitor, table: str, column: str, seen: list[str]
) -> None:
    assert await numbers(portal_engine, who, table, column) == seen


@pytest.mark.usefixtures("filled")
async def test_an_employer_hears_of_money_and_decisions_and_not_of_what_staff_do_among_themselves(
    portal_engine: AsyncEngine,
) -> None:
    heard = await numbers(portal_engine, EMPLOYER, "event", "type", f"dossier = '{OURS}'")
    assert heard == ["decided", "dossier_opened", "payment_confirmed"]


async def test_an_employer_sees_a_trajectory_only_while_it_waits_for_the_employer(
    filled: AsyncEngine, portal_engine: AsyncEngine
) -> None:
    assert MOVE not in await numbers(portal_engine, EMPLOYER, "dossier", "number")
    async with transaction(filled) as connection:
        await connection.execute(text("UPDATE dossier SET waiting_on = 'applicant'"))
    assert MOVE in await numbers(portal_engine, EMPLOYER, "dossier", "number")
    assert MOVE not in await numbers(portal_engine, COMPETITOR, "dossier", "number")


@pytest.mark.usefixtures("filled")
async def test_what_was_told_for_one_visitor_is_forgotten_before_the_connection_serves_another(
    portal_engine: AsyncEngine,
) -> None:
    for _ in range(3):
        assert await numbers(portal_engine, ANTWERP, "dossier", "number") == OF_ANTWERP
        assert await numbers(portal_engine, None, "dossier", "number") == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE dossier SET granted = 1",
        "DELETE FROM task_hold",
        "SELECT last FROM number_series",
        "TABLE portal_session",
    ],
)
async def test_pages_cannot_write_nor_read_what_is_not_theirs(portal_engine: AsyncEngine, statement: str) -> None:
    async with seen_by(portal_engine, ANTWERP) as connection:
        with pytest.raises(DBAPIError, match=r"permission denied|read-only"):
            await connection.execute(text(statement))


@pytest.mark.usefixtures("filled")
async def test_worker_and_commands_see_everything_as_before(filled: AsyncEngine) -> None:
    async with filled.connect() as connection:
        for table in sorted(metadata.tables.keys() - NOT_FOR_PAGES):
            assert await connection.scalar(text(f"SELECT count(*) FROM {table}")) is not None
        assert await connection.scalar(text("SELECT count(*) FROM dossier")) == len(RECEIPTS)


async def test_every_table_says_who_sees_its_rows(database_urls: Any) -> None:
    connection = await asyncpg.connect(database_urls.owner.replace("+asyncpg", ""))
    walled = await connection.fetch(
        "SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace"
    )
    granted = await connection.fetch(
        "SELECT DISTINCT table_name FROM information_schema.role_table_grants WHERE grantee = 'doorstroom_portal'"
    )
    await connection.close()
    expected = set(metadata.tables) - NOT_FOR_PAGES
    assert {row["relname"] for row in walled} == {row["table_name"] for row in granted} == expected


async def test_what_is_not_meant_for_outsiders_has_no_way_in_for_them(database_urls: Any) -> None:
    connection = await asyncpg.connect(database_urls.owner.replace("+asyncpg", ""))
    walls = await connection.fetch("SELECT tablename, qual FROM pg_policies WHERE policyname = 'pages'")
    await connection.close()
    assert {wall["tablename"] for wall in walls if "told('party'" in wall["qual"]} == FOR_OUTSIDERS
    of_a_fund = {wall["tablename"] for wall in walls if "seen('funds'" in wall["qual"]}
    inherited, hidden = {"cohort_line"}, {wall["tablename"] for wall in walls if wall["qual"] == "false"}
    assert {wall["tablename"] for wall in walls} == of_a_fund | FOR_OUTSIDERS | inherited | hidden


def plan_nodes(node: dict[str, Any]) -> list[dict[str, Any]]:
    """A plan and everything under it."""
    return [node, *(inner for child in node.get("Plans", []) for inner in plan_nodes(child))]


MANY_TASKS = """
    INSERT INTO task (task, dossier, fund, kind, step, role, due, derivation, priority, outcomes, excluded, silence,
                      state, opened_at, reminders, escalations, reasons)
    SELECT 'ANT-2024-S-' || n || '/review/1', 'ANT-2024-S-' || n, (ARRAY['ANT','LIM','OVL','WVL'])[1 + n % 4],
           'subsidy', 'review', (ARRAY['handler','approver'])[1 + n % 2], date '2024-01-01' + n % 300, '', 1, '{}',
           '{}', '', CASE WHEN n % 10 = 0 THEN 'open' ELSE 'done' END, now(), 0, 0, '{}'
    FROM generate_series(1, 50000) AS n
"""


@pytest.mark.parametrize("after", [None, "2024-06-01~ANT-2024-S-1/review/1"], ids=["the first page", "a later page"])
async def test_a_page_of_the_work_list_walks_its_index_behind_the_wall(
    engine: AsyncEngine, portal_engine: AsyncEngine, database_urls: Any, after: str | None
) -> None:
    async with transaction(engine) as connection:
        await connection.execute(text(MANY_TASKS))
    owner = await asyncpg.connect(database_urls.owner.replace("+asyncpg", ""))
    await owner.execute("ANALYZE task")
    await owner.close()
    statement, values = question(WorkListQuery(funds=(Fund.ANTWERPEN,), after=after))

    async with seen_by(portal_engine, ANTWERP) as connection:
        explained = await connection.scalar(text(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}"), values)

    plan = explained if isinstance(explained, list) else json.loads(str(explained))
    walks = [node for node in plan_nodes(plan[0]["Plan"]) if node.get("Relation Name") == "task"]
    assert {node["Index Name"] for node in walks} == {"task_list"}
    assert "due" in walks[0]["Index Cond"]
    read = plan[0]["Plan"]["Shared Hit Blocks"] + plan[0]["Plan"]["Shared Read Blocks"]
    assert read < 400, "a page costs what it shows, not what stands in the list"


QUESTIONS: dict[str, Callable[[], str]] = {
    "the gate of a step": lambda: f"UPDATE dossier SET phase = '' WHERE number = '{OURS}' AND sequence = 0 RETURNING 1",
    "a work list": lambda: "SELECT 1 FROM task WHERE state = 'open' AND fund = 'ANT' AND role = 'handler' ORDER BY due",
    "facts looked into": lambda: "SELECT 1 FROM receipt WHERE facts ->> 'account' = 'x' AND number = 'y'",
}


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS.keys())
async def test_the_wall_costs_worker_and_commands_nothing(
    engine: AsyncEngine, database_urls: Any, ask: Callable[[], str]
) -> None:
    """Their plans are those of the owner, whom no policy holds."""
    async with transaction(engine) as connection:
        found = await connection.execute(text("EXPLAIN " + ask()))
        walled = [str(line) for line in found.scalars()]
    owner = await asyncpg.connect(database_urls.owner.replace("+asyncpg", ""))
    unwalled = [row[0] for row in await owner.fetch("EXPLAIN " + ask())]
    await owner.close()
    assert walled == unwalled

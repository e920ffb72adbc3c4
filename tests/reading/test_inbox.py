"""The work list of staff: the right lines on every tab, whatever is asked, page by page and neighbour by neighbour."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from database import transaction
from models.errors import Refusal
from models.messages.words import Fund, Role
from models.tables import (
    Contact,
    DossierRow,
    Employer,
    Participant,
    Receipt,
    RequestRow,
    StaffMember,
    TaskHold,
    TaskRow,
)
from reading import inbox
from reading.asked import parse
from reading.inbox import Desk, InboxQuery, Line, Tab

TODAY = date(2026, 12, 1)
AN, BO = "ANT-handler-1", "ANT-handler-2"
DESK = Desk(AN, (Fund.ANTWERPEN,), (Role.HANDLER, Role.FINANCE), TODAY)


def task(serial: int, **changes: Any) -> dict[str, Any]:
    fund, step = changes.get("fund", "ANT"), changes.get("step", "review")
    return {
        "task": f"{fund}-2026-S-{serial:06d}/{step}/1",
        "dossier": f"{fund}-2026-S-{serial:06d}",
        "fund": fund,
        "kind": "subsidy",
        "step": step,
        "role": "handler",
        "due": TODAY + timedelta(days=serial),
        "derivation": "10 werkdagen",
        "priority": 3,
        "outcomes": ["approve", "refuse"],
        "excluded": [],
        "silence": "escalates:team_lead",
        "amount": 1000,
        "state": "open",
        "opened_at": datetime(2026, 11, 1, tzinfo=UTC),
        "escalations": 0,
        "reasons": [],
    } | changes


def dossier(serial: int, **changes: Any) -> dict[str, Any]:
    fund = changes.get("fund", "ANT")
    return {
        "number": f"{fund}-2026-S-{serial:06d}",
        "fund": fund,
        "kind": "subsidy",
        "instrument": "formal_training",
        "policy": "ANT/subsidy",
        "received_at": datetime(2026, 11, 1, tzinfo=UTC),
        "asked": 1000,
        "updated_at": datetime(2026, 11, 1, tzinfo=UTC),
    } | changes


def colleague(person: str, name: str) -> dict[str, Any]:
    return {"person": person, "fund": "ANT", "name": name, "email": f"{person}@fonds.example", "roles": ["handler"]}


async def put(engine: AsyncEngine, table: Any, *rows: dict[str, Any]) -> None:
    async with transaction(engine) as connection:
        for row in rows:
            await connection.execute(insert(table), row)


async def hold(engine: AsyncEngine, row: dict[str, Any], person: str) -> None:
    await put(engine, TaskHold, {"task": row["task"], "person": person, "since": datetime(2026, 11, 2, tzinfo=UTC)})


async def receive(engine: AsyncEngine, number: str, **changes: Any) -> None:
    """A receipt as far as words are concerned."""
    row = {
        "number": number,
        "idempotency_key": number,
        "fund": number[:3],
        "kind": "subsidy",
        "instrument": "formal_training",
        "received_at": datetime(2026, 11, 1, tzinfo=UTC),
        "opens_at": datetime(2026, 11, 1, tzinfo=UTC),
        "facts": {},
        "typed": {},
        "enterprise_number": "0400.123.456",
    }
    await put(engine, Receipt, row | changes)


async def lines(engine: AsyncEngine, tab: Tab, typed: str = "", **changes: Any) -> list[Line]:
    query = InboxQuery(desk=DESK, tab=tab, asked=parse(typed), **changes)
    async with engine.connect() as connection:
        return list((await inbox.page(connection, query)).lines)


def serials(found: list[Line]) -> list[int]:
    return [int(line.dossier[-6:]) for line in found]


@pytest.fixture
async def full(engine: AsyncEngine) -> AsyncEngine:
    """One task or question of every sort."""
    rows = {
        1: task(1),
        2: task(2),
        3: task(3, due=TODAY),
        4: task(4, due=TODAY - timedelta(days=3), escalations=1),
        5: task(5, role="finance", step="payment", amount=7500),
        6: task(6, role="approver"),
        7: task(7, fund="LIM"),
        8: task(8, state="done", person=AN, outcome="approve", ended_at=datetime(2026, 11, 20, 9, tzinfo=UTC)),
        9: task(9, state="done", person=AN, outcome="refuse", ended_at=datetime(2026, 11, 21, 9, tzinfo=UTC)),
        10: task(10, state="done", person=BO, outcome="approve", ended_at=datetime(2026, 11, 22, 9, tzinfo=UTC)),
        11: task(11, state="cancelled", outcome="withdrawn"),
        12: task(12, state="held", person=AN, outcome="approve", goes_out_at=datetime(2026, 12, 1, 9, tzinfo=UTC)),
        13: task(13, kind="trajectory", advice="approve"),
    }
    await put(engine, TaskRow, *rows.values())
    await put(engine, StaffMember, colleague(AN, "An Peeters"), colleague(BO, "Bo Çelik"))
    await hold(engine, rows[1], AN)
    await hold(engine, rows[4], AN)
    await hold(engine, rows[2], BO)
    await put(engine, DossierRow, dossier(20), dossier(21, fund="LIM"), dossier(22))
    question = {
        "code": "completion",
        "party": "applicant",
        "wants": ["invoice"],
        "derivation": "14 dagen",
        "silence": "lapses",
        "state": "open",
        "opened_at": datetime(2026, 11, 1, tzinfo=UTC),
        "until": TODAY + timedelta(days=30),
    }
    for number, stops in (("ANT-2026-S-000020", True), ("LIM-2026-S-000021", True), ("ANT-2026-S-000022", False)):
        more = {"request": f"{number}/completion/1", "dossier": number, "stops_clock": stops}
        await put(engine, RequestRow, question | more)
    return engine


TABS = {
    Tab.MINE: [4, 1],
    Tab.TEAM: [4, 3, 1, 2, 5, 13],
    Tab.UNASSIGNED: [3, 5, 13],
    Tab.TODAY: [3],
    Tab.OVERDUE: [4],
    Tab.SNOOZED: [],
    Tab.PAUSED: [12, 20],
    Tab.DONE: [9, 8],
}


async def test_every_tab_shows_its_own_in_order(full: AsyncEngine) -> None:
    assert {tab: serials(await lines(full, tab)) for tab in Tab} == TABS


async def test_counters_tell_what_the_tabs_show(full: AsyncEngine) -> None:
    async with full.connect() as connection:
        assert await inbox.counters(connection, DESK) == {tab: len(expected) for tab, expected in TABS.items()}


ASKED = {
    "a kind": ("soort:traject", [13]),
    "two kinds": ("soort:traject soort:subsidie", [4, 3, 1, 2, 5, 13]),
    "a step": ("stap:betaling", [5]),
    "a role of mine": ("rol:financiën", [5]),
    "a role that is not mine": ("rol:beslisser", []),
    "a fund that is not mine": ("fonds:LIM", []),
    "what is late": ("is:telaat", [4]),
    "what must be done today": ("is:vandaag", [3]),
    "within a week": ("is:week", [3, 1, 2, 5]),
    "what nobody has": ("is:vrij", [3, 5, 13]),
    "what somebody has": ("is:bezet", [4, 1, 2]),
    "what went up": ("is:verhoogd", [4]),
    "what has an advice": ("is:geadviseerd", [13]),
    "states narrow each other": ("is:week is:vrij", [3, 5]),
    "in my hands": ("van:mij", [4, 1]),
    "in nobody's hands": ("van:niemand", [3, 5, 13]),
    "in a colleague's hands, by code": (f"van:{BO}", [2]),
    "in a colleague's hands, by a name without its accent": ('van:"bo celik"', [2]),
    "in the hands of one or the other": (f"van:mij van:{BO}", [4, 1, 2]),
    "an amount": ("bedrag:>5000", [5]),
    "between two days": ("tegen:>=2026-12-02 tegen:<2026-12-04", [1, 2]),
    "an employer nobody has": ("werkgever:Onbekend", []),
}


async def test_the_list_is_narrowed_by_what_is_typed(full: AsyncEngine) -> None:
    told = {name: serials(await lines(full, Tab.TEAM, typed)) for name, (typed, _) in ASKED.items()}
    async with full.connect() as connection:
        queries = {name: InboxQuery(desk=DESK, tab=Tab.TEAM, asked=parse(typed)) for name, (typed, _) in ASKED.items()}
        counted = {name: await inbox.found(connection, query) for name, query in queries.items()}

    assert told == {name: expected for name, (_, expected) in ASKED.items()}
    assert counted == {name: len(expected) for name, (_, expected) in ASKED.items()}


async def test_what_is_found_is_counted_until_more_makes_no_difference(
    full: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "COUNTED", 3)
    async with full.connect() as connection:
        assert await inbox.found(connection, InboxQuery(desk=DESK, tab=Tab.TEAM)) == 3


async def test_the_words_of_a_question_are_looked_up_once_for_all_that_is_asked_about_it(full: AsyncEngine) -> None:
    said: list[str] = []
    event.listen(full.sync_engine, "before_cursor_execute", lambda _c, _k, statement, *_: said.append(statement))
    async with full.connect() as connection:
        query = InboxQuery(desk=DESK, tab=Tab.TEAM, asked=parse("ANT-2026"), limit=2)
        asked = await inbox.look_up(connection, query)
        await inbox.page(connection, asked)
        await inbox.found(connection, asked)
        await inbox.neighbours(connection, asked, task(1)["task"])
        await inbox.every(connection, asked)
    assert len([one for one in said if "dossiers_found" in one]) == 1


@pytest.mark.parametrize("tab", Tab)
async def test_every_question_can_be_asked_of_every_tab(full: AsyncEngine, tab: Tab) -> None:
    whole = serials(await lines(full, tab))
    for typed, _ in ASKED.values():
        some = serials(await lines(full, tab, typed))
        assert [one for one in whole if one in some] == some


async def test_a_line_tells_what_a_page_needs(full: AsyncEngine) -> None:
    await receive(full, "ANT-2026-S-000004")
    await put(full, Employer, employer("Gieterij Duin nv"))

    (line,) = await lines(full, Tab.OVERDUE)

    assert (line.employer, line.enterprise_number) == ("Gieterij Duin nv", "0400.123.456")
    assert (line.holder, line.holder_name, line.days_left(TODAY)) == (AN, "An Peeters", -3)


def employer(name: str, enterprise: str = "0400.123.456") -> dict[str, Any]:
    return {
        "establishment_number": f"2.{enterprise}",
        "enterprise_number": enterprise,
        "fund": "ANT",
        "name": name,
        "postcode": "2000",
        "municipality": "Antwerpen",
        "headcount_on": TODAY,
    }


FOUND = {
    "a number": "ANT-2026-S-000001",
    "a part of a number": "000001",
    "the name of the employer": "gieterij",
    "the name without its accent": "cafe",
    "with it": "Café",
    "an enterprise number with points": "0400.123.456",
    "and without": "0400123456",
    "and with its country": '"BE 0400.123.456"',
    "a contact": "Verstraete",
    "a participant": "aydin",
    "two words in any order": "duin gieterij",
    "the applicant's own reference": "REF-77",
    "what was typed": "heftruck",
    "two letters": "uw",
    "a field for the employer": 'werkgever:"Duin"',
    "a field for the person": "persoon:verstr",
    "a field for the dossier": "dossier:ANT-2026-S-000001",
    "one of two employers": "werkgever:nergens werkgever:gieterij",
    "words and a field": "heftruck persoon:aydin",
}
NOT_FOUND = ["verstraete2", "persoon:duin", "werkgever:aydin", "%", "gieterij ontbreekt", "dossier:000099"]


@pytest.fixture
async def described(full: AsyncEngine) -> AsyncEngine:
    """The first dossier with all that people may remember of it."""
    await put(full, Employer, employer("Gieterij Duin (uw Café) nv"))
    await receive(full, "ANT-2026-S-000001", typed={"Titel opleiding": "Heftruck bijscholing"}, reference="REF-77")
    number = "ANT-2026-S-000001"
    await put(full, Contact, {"dossier": number, "party": "applicant", "name": "Wim Verstraete"})
    await put(full, Participant, {"dossier": number, "line": 1, "first_name": "Eda", "last_name": "Aydın"})
    await receive(full, "ANT-2026-S-000002", enterprise_number="0400.999.999")
    return full


async def test_a_dossier_is_found_by_what_people_remember(described: AsyncEngine) -> None:
    told = {name: serials(await lines(described, Tab.TEAM, typed)) for name, typed in FOUND.items()}
    mine = {name: serials(await lines(described, Tab.MINE, typed)) for name, typed in FOUND.items()}
    assert told == mine == {name: [1] for name in FOUND}


async def test_nothing_else_is_found(described: AsyncEngine) -> None:
    assert {typed: serials(await lines(described, Tab.TEAM, typed)) for typed in NOT_FOUND} == {
        typed: [] for typed in NOT_FOUND
    }


ERASED = {
    "the contact": "UPDATE contact SET name = '-' WHERE dossier = :number",
    "the contact's row": "DELETE FROM contact WHERE dossier = :number",
}


@pytest.mark.parametrize("statement", ERASED.values(), ids=ERASED.keys())
async def test_who_is_erased_is_not_found_any_more(described: AsyncEngine, statement: str) -> None:
    async with transaction(described) as connection:
        await connection.execute(text(statement), {"number": "ANT-2026-S-000001"})
    assert await lines(described, Tab.TEAM, "Verstraete") == []
    async with described.connect() as connection:
        words = await connection.scalar(text("SELECT string_agg(words.*::text, ' ') FROM dossier_words AS words"))
    assert "verstraete" not in str(words)


async def test_what_was_typed_is_forgotten_with_the_receipt(described: AsyncEngine) -> None:
    async with transaction(described) as connection:
        await connection.execute(text("UPDATE receipt SET typed = '{}'"))
    assert await lines(described, Tab.TEAM, "heftruck") == []


async def test_an_employer_that_changes_its_name_is_found_by_the_new_one(described: AsyncEngine) -> None:
    async with transaction(described) as connection:
        await connection.execute(text("UPDATE employer SET name = 'Smelterij Zand'"))
    assert serials(await lines(described, Tab.TEAM, "smelterij")) == [1]
    assert await lines(described, Tab.TEAM, "gieterij") == []


async def test_finished_work_is_found_in_closed_dossiers(described: AsyncEngine) -> None:
    await receive(described, "ANT-2026-S-000009", typed={"Titel": "Lasrobot"})
    await put(described, DossierRow, dossier(9))
    async with transaction(described) as connection:
        await connection.execute(text("UPDATE dossier SET outcome = 'granted' WHERE number = 'ANT-2026-S-000009'"))
    assert serials(await lines(described, Tab.DONE, "lasrobot")) == [9]


async def test_too_many_dossiers_with_a_word_are_walked_and_give_the_same(
    described: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reading.finding.ENOUGH", 0)
    assert serials(await lines(described, Tab.TEAM, "gieterij")) == [1]


@pytest.mark.parametrize("tab", [tab for tab in Tab if len(TABS[tab]) > 1])
async def test_pages_lead_down_and_up_again(full: AsyncEngine, tab: Tab) -> None:
    query = InboxQuery(desk=DESK, tab=tab, limit=1)
    down: list[inbox.Page] = []
    async with full.connect() as connection:
        down.append(await inbox.page(connection, query))
        while down[-1].next is not None:
            down.append(await inbox.page(connection, replace(query, after=down[-1].next)))
        up = [down[-1]]
        while up[-1].previous is not None:
            up.append(await inbox.page(connection, replace(query, before=up[-1].previous)))

    assert [serials(list(page.lines))[0] for page in down] == TABS[tab]
    assert [page.lines for page in reversed(up)] == [page.lines for page in down]
    assert down[0].previous is None
    assert up[-1].next is not None


async def test_the_neighbours_of_a_task_are_those_of_the_list(full: AsyncEngine) -> None:
    query = InboxQuery(desk=DESK, tab=Tab.TEAM)
    async with full.connect() as connection:
        ends = await inbox.neighbours(connection, query, task(4)["task"])
        middle = await inbox.neighbours(connection, query, task(1)["task"])
        narrowed = await inbox.neighbours(connection, replace(query, asked=parse("is:bezet")), task(1)["task"])
        nowhere = await inbox.neighbours(connection, query, "ANT-2026-S-999999/review/1")

    assert (ends.previous, serials([line for line in ends if line])) == (None, [3])
    assert serials([line for line in middle if line]) == [3, 2]
    assert serials([line for line in narrowed if line]) == [4, 2]
    assert nowhere == (None, None)


async def test_a_task_that_was_just_finished_still_has_neighbours(full: AsyncEngine) -> None:
    async with transaction(full) as connection:
        await connection.execute(text("UPDATE task SET state = 'done' WHERE task = :task"), {"task": task(1)["task"]})
        found = await inbox.neighbours(connection, InboxQuery(desk=DESK, tab=Tab.TEAM), task(1)["task"])
    assert serials([line for line in found if line]) == [3, 2]


async def test_everything_and_a_selection_can_be_taken_at_once(full: AsyncEngine) -> None:
    chosen = (task(2)["task"], task(8)["task"], task(4)["task"], "nothing")
    async with full.connect() as connection:
        every = await inbox.every(connection, InboxQuery(desk=DESK, tab=Tab.TEAM))
        few = await inbox.every(connection, InboxQuery(desk=DESK, tab=Tab.TEAM), most=2)
        some = await inbox.some(connection, DESK, chosen)
    assert serials(list(every)) == TABS[Tab.TEAM]
    assert serials(list(few)) == TABS[Tab.TEAM][:2]
    assert serials(list(some)) == [4, 2, 8]


@pytest.mark.parametrize("cursor", ["gisteren", "2026-12-01T10:00:00~x", ""])
async def test_a_cursor_of_elsewhere_is_refused(full: AsyncEngine, cursor: str) -> None:
    with pytest.raises(Refusal, match="geen plaats in deze lijst"):
        await lines(full, Tab.TEAM, after=cursor)

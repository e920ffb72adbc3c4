"""Erasing: nothing personal is left, no figure moves, and nothing goes that is still needed."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

import erasure
from database import transaction
from erasure import KINDS, Retention
from figures.people import person
from models.errors import Refusal
from models.messages.events import RequestAnswered
from models.messages.words import FollowUpOutcome, Fund, Party
from models.tables import (
    AnswerLink,
    Contact,
    DocumentRow,
    LetterRow,
    LoginLink,
    Participant,
    PaymentRow,
    Receipt,
    RecoveryRow,
    RequestRow,
    TaskHold,
    TaskRow,
    Upload,
    WrittenMessage,
    metadata,
)
from reading import outcomes
from tests.figures.lives import Life, asks, closes, live, reported, told
from verification import verify

CLOSED = date(2025, 10, 15)
NUMBER = "ANT-2024-W-000001"
TERMS = Retention(people_years=5, books_years=10)
NOW = datetime(2030, 10, 16, 12, tzinfo=UTC)
"""The day after the last day of the term."""
SECRETS = ("Jozefien", "Geheime", "jozefien@thuis.example", "0400 11 22 33", "ik ben zwanger", "Bankstraat")

STORY = (
    reported(date(2024, 7, 15), "guidance_ended"),
    *asks(1, date(2024, 10, 15), "3_months"),
    (date(2024, 10, 20), RequestAnswered(request=f"{NUMBER}/follow_up/3_months", code="follow_up")),
    told(date(2024, 10, 20), "3_months", FollowUpOutcome.SAME_SECTOR, by=Party.PARTICIPANT, since=date(2024, 9, 2)),
)


async def put(engine: AsyncEngine, table: Any, **row: Any) -> None:
    async with transaction(engine) as connection:
        await connection.execute(insert(table).values(**row))


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    stored = tmp_path / "uploads" / "ab"
    stored.mkdir(parents=True)
    (stored / "abc").write_bytes(b"een foto van Jozefien")
    return tmp_path / "uploads"


@pytest.fixture
async def closed(engine: AsyncEngine, database_urls: Any) -> AsyncEngine:
    """A closed trajectory with something personal in every table that may hold it."""
    lived = Life(1, (*STORY, closes(CLOSED)))
    await live(engine, database_urls.app, lived)
    own: dict[str, Any] = {"dossier": NUMBER}
    now = datetime(2025, 1, 2, tzinfo=UTC)
    first, last = "Jozefien", "Van den Geheime"
    await put(engine, Participant, **own, line=1, first_name=first, last_name=last, birth_date=date(1984, 1, 2))
    reach = {"email": "jozefien@thuis.example", "phone": "0400 11 22 33", "street": "Bankstraat 1"}
    await put(engine, Contact, **own, party="participant", name=f"{first} {last}", **reach)
    said = {"party": "participant", "by_party": "participant", "person": "p-1", "text": "ik ben zwanger", "at": now}
    await put(engine, WrittenMessage, **own, **said)
    await put(engine, DocumentRow, **own, code="other", name="Jozefien C4.pdf", party="participant", received_at=now)
    upload = {"upload": "abc", "person": "p-1", "party": "participant", "code": "other", "name": "Jozefien C4.pdf"}
    await put(engine, Upload, **own, **upload, size=1, state="kept", stored="ab/abc", began_at=now, handed_in_at=now)
    await put(engine, LetterRow, **_letter(now))
    task = f"{NUMBER}/phone/1"
    await put(engine, TaskRow, **_task(task, now))
    await put(engine, TaskHold, task=task, person="ANT-handler-1", since=now, note="Jozefien belt terug")
    link = {"fund": "ANT", "request": f"{NUMBER}/follow_up/1", "code": "follow_up", "party": "participant"}
    await put(engine, AnswerLink, **own, **link, link="digest", made_at=now, ends_at=now)
    await put(engine, LoginLink, **own, link="d", purpose="p", address="a", opens="/", made_at=now, ends_at=now)
    async with transaction(engine) as connection:
        bounced = "UPDATE effect SET recipient = 'digest', problem = '550 jozefien@thuis.example' WHERE dossier = :n"
        await connection.execute(text(bounced), {"n": NUMBER})
    return engine


def _letter(now: datetime) -> dict[str, Any]:
    named = {"title": "Aan Jozefien", "content": b"Jozefien", "digest": "d", "pages": 1, "effect": "e"}
    of = {
        "letter": f"{NUMBER}/letter/1",
        "dossier": NUMBER,
        "fund": "ANT",
        "template": "follow_up",
        "party": "participant",
    }
    return named | of | {"language": "nl", "dated": now.date(), "on_paper": False, "made_at": now}


def _task(task: str, now: datetime) -> dict[str, Any]:
    of = {"task": task, "dossier": NUMBER, "fund": "ANT", "kind": "trajectory", "step": "phone", "role": "handler"}
    how: dict[str, Any] = {
        "due": now.date(),
        "derivation": "5 werkdagen",
        "priority": 3,
        "outcomes": [],
        "excluded": [],
    }
    return of | how | {"silence": "x", "state": "done", "opened_at": now, "reasons": []}


async def gone(engine: AsyncEngine, folder: Path, number: str = NUMBER, **more: Any) -> erasure.Erased:
    asked: dict[str, Any] = {"by": "ANT-handler-1", "because": "term", "now": NOW} | more
    return await erasure.erase(engine, number, TERMS, folder, **asked)


async def everything(engine: AsyncEngine) -> str:
    """All that stands in any table, as text."""
    async with engine.connect() as connection:
        found = []
        for table in metadata.sorted_tables:
            rows = await connection.execute(text(f'SELECT t::text AS row FROM "{table.name}" AS t'))
            found += [f"{table.name}: {row.row}" for row in rows]
    return "\n".join(found)


async def counted(engine: AsyncEngine) -> list[Any]:
    async with engine.connect() as connection:
        days = (date(2024, 6, 1), date(2025, 12, 31), date(2031, 1, 1))
        return [person(row, day) for day in days for row in await outcomes.people(connection, Fund.ANTWERPEN, day)]


async def test_nothing_personal_is_left_and_every_figure_stays(closed: AsyncEngine, folder: Path) -> None:
    before = await counted(closed)
    stood = await everything(closed)
    assert [secret for secret in SECRETS if secret not in stood] == []
    erased = await gone(closed, folder)
    stands = await everything(closed)
    assert [secret for secret in SECRETS if secret.lower() in stands.lower()] == []
    assert not (folder / "ab" / "abc").exists()
    assert set(erased.kinds) == {kind.name for kind in KINDS}
    assert erased.whole
    assert before == await counted(closed)
    assert len(before) == 3


async def test_the_verification_finds_nothing_more_than_before(closed: AsyncEngine, folder: Path) -> None:
    before = await verify(closed, number=NUMBER)
    await gone(closed, folder)
    after = await verify(closed, number=NUMBER)
    assert after.faults == before.faults


async def test_it_is_told_who_when_why_and_which_kinds_and_that_stands(closed: AsyncEngine, folder: Path) -> None:
    await gone(closed, folder)
    async with closed.connect() as connection:
        row = (await connection.execute(text("SELECT * FROM erasure"))).mappings().one()
    assert (row["dossier"], row["by"], row["because"], row["at"]) == (NUMBER, "ANT-handler-1", "term", NOW)
    assert "names" in row["kinds"]
    for statement in ("UPDATE erasure SET by = 'x'", "DELETE FROM erasure", "TRUNCATE erasure"):
        with pytest.raises(DBAPIError):
            async with transaction(closed) as connection:
                await connection.execute(text(statement))


async def test_twice_is_once(closed: AsyncEngine, folder: Path) -> None:
    await gone(closed, folder)
    again = await gone(closed, folder, because="request")
    assert (again.rows, again.kinds) == (0, ())
    assert await erasure.due(closed, TERMS, NOW) == ()
    async with closed.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM erasure")) == 1


TOO_EARLY = [
    pytest.param(NOW - timedelta(days=1), "term", "TermNotOver", id="on the last day of the term"),
    pytest.param(NOW, "term", None, id="the day after"),
    pytest.param(datetime(2025, 11, 1, tzinfo=UTC), "request", None, id="the person asks"),
]


@pytest.mark.parametrize(("now", "because", "refused"), TOO_EARLY)
async def test_the_term_is_kept_unless_the_person_asks(
    closed: AsyncEngine, folder: Path, now: datetime, because: str, refused: str | None
) -> None:
    assert (await erasure.due(closed, TERMS, now)) == ((NUMBER,) if now == NOW else ())
    if refused is None:
        assert (await gone(closed, folder, now=now, because=because)).whole
        return
    with pytest.raises(Refusal) as refusal:
        await gone(closed, folder, now=now, because=because)
    assert refusal.value.code == refused


async def _opens_task(engine: AsyncEngine) -> None:
    await put(engine, TaskRow, **_task(f"{NUMBER}/objection/1", NOW) | {"state": "open", "step": "objection"})


async def _claims(engine: AsyncEngine) -> None:
    claim = {"recovery": f"{NUMBER}/recovery/1", "amount": 10, "reason": "retention", "state": "approved"}
    await put(engine, RecoveryRow, dossier=NUMBER, **claim, ordered_at=NOW)


async def _asks(engine: AsyncEngine) -> None:
    question = {"request": f"{NUMBER}/x/1", "code": "x", "party": "agency", "wants": [], "derivation": "x"}
    how = {"until": NOW.date(), "silence": "x", "stops_clock": False, "state": "open", "opened_at": NOW}
    await put(engine, RequestRow, dossier=NUMBER, **question, **how)


async def _pays(engine: AsyncEngine) -> None:
    how = {"instalment": 1, "amount": 10, "account_of": "applicant", "state": "instructed", "instructed_at": NOW}
    await put(engine, PaymentRow, payment=f"{NUMBER}/payment/1/1", dossier=NUMBER, **how)


async def _reopens(engine: AsyncEngine) -> None:
    async with transaction(engine) as connection:
        await connection.execute(text("UPDATE dossier SET outcome = NULL"))


async def _plans_mail(engine: AsyncEngine) -> None:
    async with transaction(engine) as connection:
        await connection.execute(text("UPDATE effect SET state = 'planned', person = NULL"))


STILL_NEEDED = {
    "an open dossier": _reopens,
    "an objection that is heard": _opens_task,
    "a claim": _claims,
    "a question": _asks,
    "a payment on its way": _pays,
    "a message that has to leave": _plans_mail,
}


@pytest.mark.parametrize("what", STILL_NEEDED)
async def test_nothing_goes_while_something_is_open(closed: AsyncEngine, folder: Path, what: str) -> None:
    await STILL_NEEDED[what](closed)
    before = await everything(closed)
    assert await erasure.due(closed, TERMS, NOW) == ()
    for because in ("term", "request"):
        with pytest.raises(Refusal) as refusal:
            await gone(closed, folder, because=because)
        assert refusal.value.code == "StillOpen"
    assert await everything(closed) == before


async def test_what_proves_a_payment_stays_as_long_as_the_books(closed: AsyncEngine, folder: Path) -> None:
    paid = {"instalment": 1, "amount": 10, "account_of": "applicant", "state": "confirmed"}
    moment = datetime(2025, 9, 1, tzinfo=UTC)
    await put(
        closed, PaymentRow, payment=f"{NUMBER}/p/1", dossier=NUMBER, **paid, instructed_at=moment, ended_at=moment
    )
    first = await gone(closed, folder)
    assert (set(first.kinds), first.whole) == ({kind.name for kind in KINDS if not kind.books}, False)
    assert (folder / "ab" / "abc").exists()
    assert await erasure.due(closed, TERMS, datetime(2035, 12, 31, 12, tzinfo=UTC)) == ()
    new_year = datetime(2036, 1, 1, 12, tzinfo=UTC)
    assert await erasure.due(closed, TERMS, new_year) == (NUMBER,)
    (second,) = await erasure.sweep(closed, TERMS, folder, new_year)
    assert (set(second.kinds), second.whole) == ({kind.name for kind in KINDS if kind.books}, True)


async def test_a_sweep_takes_what_is_due_and_leaves_the_rest(
    closed: AsyncEngine, folder: Path, database_urls: Any
) -> None:
    await live(closed, database_urls.app, Life(2, (closes(date(2026, 1, 1)),)), Life(3))
    swept = await erasure.sweep(closed, TERMS, folder, NOW)
    assert [one.dossier for one in swept] == [NUMBER]
    assert await erasure.sweep(closed, TERMS, folder, NOW) == ()


async def _like_it(engine: AsyncEngine, count: int, stored: str) -> list[str]:
    """As many dossiers as the closed one, each closed before it and with one document."""
    async with transaction(engine) as connection:
        copied = f"""
            INSERT INTO dossier SELECT (jsonb_populate_record(dossier, jsonb_build_object(
                'number', 'ANT-2024-W-' || 100000 + nth, 'closed_at', closed_at - interval '1 day'))).*
            FROM dossier, generate_series(1, {count}) AS nth WHERE number = '{NUMBER}' RETURNING number
        """
        numbers = list((await connection.execute(text(copied))).scalars())
        upload = {"person": "p-1", "party": "participant", "code": "other", "name": "x.pdf", "size": 1}
        upload |= {"state": "kept", "began_at": NOW, "handed_in_at": NOW, "stored": stored}
        await connection.execute(
            insert(Upload), [{"upload": f"of-{number}", "dossier": number, **upload} for number in numbers]
        )
    return numbers


async def test_however_many_cannot_go_they_do_not_hide_one_that_can(closed: AsyncEngine, tmp_path: Path) -> None:
    async with transaction(closed) as connection:
        await connection.execute(text("DELETE FROM upload"))
    stuck = await _like_it(closed, erasure.AT_ONCE + 1, "ab/abc")
    assert NUMBER not in await erasure.due(closed, TERMS, NOW)
    swept = await erasure.sweep(closed, TERMS, tmp_path / "away", NOW)
    assert [one.dossier for one in swept] == [NUMBER]
    assert set(await erasure.due(closed, TERMS, NOW, len(stuck))) == set(stuck)


async def test_a_file_that_does_not_go_holds_up_no_other_dossier(closed: AsyncEngine, folder: Path) -> None:
    (folder / "is-a-folder").mkdir()
    stuck = await _like_it(closed, 2, "is-a-folder")
    with capture_logs() as lines:
        swept = await erasure.sweep(closed, TERMS, folder, NOW)
    assert [one.dossier for one in swept] == [NUMBER]
    told = [(line["dossier"], "error" in line) for line in lines if line["event"] == "not_erased"]
    assert sorted(told) == [(number, True) for number in sorted(stuck)]
    assert await erasure.due(closed, TERMS, NOW) == tuple(sorted(stuck))


async def test_what_the_database_does_not_let_go_holds_up_no_other_dossier(
    closed: AsyncEngine, folder: Path, database_urls: Any
) -> None:
    (stuck,) = await _like_it(closed, 1, "ab/abc")
    owner = await asyncpg.connect(database_urls.owner.replace("+asyncpg", ""))
    try:
        await owner.execute(
            "CREATE FUNCTION stays() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'it stays'; END$$;"
            f"CREATE TRIGGER stays BEFORE DELETE ON upload FOR EACH ROW WHEN (old.dossier = '{stuck}') "
            "EXECUTE FUNCTION stays()"
        )
    finally:
        await owner.close()
    swept = await erasure.sweep(closed, TERMS, folder, NOW)
    assert [one.dossier for one in swept] == [NUMBER]
    assert await erasure.due(closed, TERMS, NOW) == (stuck,)


async def test_files_that_are_not_here_keep_their_rows(closed: AsyncEngine, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refusal:
        await gone(closed, tmp_path / uuid.uuid4().hex)
    assert refusal.value.code == "FolderAway"
    assert "jozefien@thuis.example" in await everything(closed)


async def test_of_an_unknown_dossier_there_is_nothing_to_erase(engine: AsyncEngine, folder: Path) -> None:
    with pytest.raises(Refusal) as refusal:
        await gone(engine, folder, "ANT-2024-W-999999")
    assert refusal.value.code == "UnknownDossier"


LEFT = {
    "account_check": "a keyed digest of an account number, of the books",
    "bank_entry": "books of the bank, kept by their own term",
    "bulk_item": "codes and opaque ids",
    "cohort_file": "an employer; its lines hold nobody once received",
    "correction": "facts in codes",
    "decision": "codes and amounts: the books",
    "dossier": "codes, dates and amounts",
    "dossier_words": "kept by triggers: what it was folded from is gone",
    "erasure": "tells of the erasing itself",
    "event": "codes, dates, amounts and opaque ids",
    "follow_up": "the coded outcome",
    "follow_up_due": "days",
    "guided_hours": "hours",
    "hand_event": "opaque ids and codes",
    "handed_on": "codes and dates",
    "holding": "amounts",
    "holding_cap": "amounts",
    "instalment": "amounts",
    "ledger_entry": "amounts",
    "meeting_item": "codes",
    "payment": "amounts",
    "payment_line": "books: name and account of who was paid, by their own term",
    "pending_command": "nothing is erased while one stands",
    "presence": "who has a page open now",
    "recovery": "amounts",
    "request": "codes and days",
    "returned_mail": "digests and codes",
    "sensitive_read": "opaque ids: who looked",
    "task": "codes and days",
    "task_follow_up": "a day",
    "task_snooze": "a day",
    "verification_run": "codes",
    "vote": "opaque ids: the board",
}


def test_every_table_about_a_dossier_is_erased_or_stays_for_a_reason() -> None:
    statements = " ".join(statement for kind in KINDS for statement in kind.statements) + erasure.FILES
    about = {
        table.name
        for table in metadata.sorted_tables
        if {"dossier", "task"} & set(table.columns.keys()) or table.name in ("dossier", "receipt", "handed_on")
    }
    silent = {name for name in about if f" {name} " not in statements} - set(LEFT)
    assert silent == set()
    assert set(LEFT) <= about
    assert Receipt.__tablename__ in about

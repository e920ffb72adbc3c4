"""A letter goes with its mail: made once, kept before it leaves, the same bytes however often it is tried."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime
from email.message import EmailMessage
from typing import Any

import asyncpg
import pytest

from activities.letters import LetterDesk, file_name
from activities.post_room import PostRoom
from activities.sending import MailServer
from database import lean_pool
from embedded import EmbeddedMail
from models.messages.words import Language
from tests.letters.reading import tags, text

NUMBER = "ANT-2025-S-000123"
PARTIAL = {"amount": "1000.00", "asked": "1500.00", "reasons": "no_budget", "until": "2025-04-13"}
DECIDED = {
    "type": "decided",
    "decision": 1,
    "outcome": "partially_granted",
    "level": "approver",
    "asked": "1500.00",
    "granted": "1000.00",
    "reasons": ["no_budget"],
    "persons": ["ANT-approver-1"],
    "steps": ["rate_x_hours: 1000.00", "asked: 1500.00"],
}
Plan = Callable[..., Awaitable[str]]


@pytest.fixture
async def pool(database_urls: Any) -> AsyncIterator[asyncpg.Pool]:
    """Connections as a worker has them, on a database with one decided dossier."""
    async with await lean_pool(database_urls.app, size=4) as connections:
        await _dossier(connections)
        yield connections


async def _dossier(pool: asyncpg.Pool) -> None:
    now = datetime.now(UTC)
    await pool.execute(
        "INSERT INTO dossier (number, fund, kind, instrument, policy, rehearsed, received_at, phase, granted, paid, "
        "recovered, sequence, head, updated_at) "
        "VALUES ($1, 'ANT', 'subsidy', 'formal_training', '2023-01-01', false, $2, 'approval', 1000, 0, 0, 1, '', $2)",
        NUMBER,
        now,
    )
    await pool.execute(
        "INSERT INTO receipt (number, idempotency_key, reference, fund, kind, instrument, received_at, facts, typed, "
        "enterprise_number, rehearsed, opens_at) VALUES "
        "($1, 'once', 'AANV-17', 'ANT', 'subsidy', 'formal_training', $2, '{}', '{}', '0417497106', false, $2)",
        NUMBER,
        now,
    )
    await pool.execute(
        "INSERT INTO employer (establishment_number, enterprise_number, fund, name, postcode, municipality, workers, "
        "employees, headcount_on, language) "
        "VALUES ('2.000.000.042', '0417497106', 'ANT', 'Staalbouw Peeters', '2000', 'Antwerpen', 4, 1, $1, 'nl')",
        date(2024, 9, 30),
    )
    await pool.execute(
        "INSERT INTO event (dossier, sequence, type, at, recorded_at, by, data, previous, hash) "
        "VALUES ($1, 1, 'decided', $2, $2, 'system', $3, '', 'h')",
        NUMBER,
        now,
        json.dumps(DECIDED),
    )
    await pool.execute(
        "INSERT INTO contact (dossier, party, name, email, language, iban) "
        "VALUES ($1, 'applicant', 'An Peeters', 'an@bedrijf.example', 'nl', 'BE68539007547034')",
        NUMBER,
    )


@pytest.fixture
def room_at(pool: asyncpg.Pool) -> Callable[[int], PostRoom]:
    """A post room with the mail server at a port."""
    return lambda port: PostRoom(pool, MailServer(host="127.0.0.1", port=port, sender="d@fonds.example"), "sender-1")


@pytest.fixture
def plan(pool: asyncpg.Pool) -> Plan:
    """Plans a mail to the applicant."""

    async def planned(template: str, occasion: str = "1", values: dict[str, str] = PARTIAL) -> str:
        effect, now = f"{NUMBER}/mail/{template}/{occasion}/applicant", datetime.now(UTC)
        await pool.execute(
            'INSERT INTO effect (effect, dossier, template, occasion, party, "values", dated, state, attempts, '
            "not_before, planned_at) VALUES ($1, $2, $3, $4, 'applicant', $5, $6, 'planned', 0, $7, $7)",
            effect,
            NUMBER,
            template,
            occasion,
            json.dumps(values),
            date(2025, 3, 14),
            now,
        )
        return effect

    return planned


async def kept(pool: asyncpg.Pool) -> list[Any]:
    return list(await pool.fetch("SELECT * FROM letter ORDER BY letter"))


async def outcome(pool: asyncpg.Pool, effect: str) -> tuple[str, str | None]:
    row = await pool.fetchrow("SELECT state, problem FROM effect WHERE effect = $1", effect)
    assert row is not None
    return row["state"], row["problem"]


def attached(mail: EmailMessage) -> EmailMessage:
    (part,) = mail.iter_attachments()
    assert isinstance(part, EmailMessage)
    return part


async def test_a_decision_leaves_with_its_letter(
    room_at: Any, plan: Plan, pool: asyncpg.Pool, mailbox: EmbeddedMail
) -> None:
    effect = await plan("decision_partial")
    assert await room_at(mailbox.port).deliver_planned() == 1

    (mail,), (row,) = mailbox.messages(), await kept(pool)
    body = mail.get_body()
    assert body is not None
    assert "Uw aanvraag is gedeeltelijk goedgekeurd." in body.get_content()
    page = attached(mail)
    assert page.get_content_type() == "application/pdf"
    assert page.get_filename() == f"{NUMBER}-decision-1.pdf"
    assert page.get_content() == row["content"]
    assert (row["letter"], row["effect"]) == (f"{NUMBER}/letter/decision/1", effect)
    assert (row["language"], row["objection_until"], row["on_paper"]) == ("nl", date(2025, 4, 13), False)
    content = text(row["content"])
    for said in ("Staalbouw Peeters t.a.v. An Peeters 2000 Antwerpen", "AANV-17", "eindigt op 7034", "13 april 2025"):
        assert said in content, said
    assert "/Table" in tags(row["content"])


async def test_a_second_attempt_carries_the_same_bytes(
    room_at: Any, plan: Plan, pool: asyncpg.Pool, mailbox: EmbeddedMail
) -> None:
    effect = await plan("decision_partial")
    assert await room_at(1).deliver_planned() == 0, "no mail server is there"
    (first,) = await kept(pool)
    await pool.execute("UPDATE contact SET name = 'Iemand Anders'")
    await pool.execute("UPDATE effect SET not_before = now() - interval '1 second'")
    assert await room_at(mailbox.port).deliver_planned() == 1

    (again,), (mail,) = await kept(pool), mailbox.messages()
    assert again == first
    assert attached(mail).get_content() == first["content"]
    assert (await outcome(pool, effect))[0] == "sent"


@pytest.mark.parametrize("language", ["fr", "en", "tr"])
async def test_a_letter_speaks_the_language_of_who_gets_it(
    room_at: Any, plan: Plan, pool: asyncpg.Pool, mailbox: EmbeddedMail, language: str
) -> None:
    await pool.execute("UPDATE contact SET language = $1", language)
    await plan("decision_partial")
    await room_at(mailbox.port).deliver_planned()
    (row,) = await kept(pool)
    expected = {"fr": "Votre demande est approuvée en partie"}.get(language, "Your application is granted in part")
    assert row["title"] == expected


async def test_who_has_no_mail_address_gets_a_letter_on_paper(
    room_at: Any, plan: Plan, pool: asyncpg.Pool, mailbox: EmbeddedMail
) -> None:
    await pool.execute("UPDATE contact SET email = NULL, language = 'fr'")
    effect = await plan("request_documents", "completion/1", {"wants": "invoice", "until": "2025-04-13"})
    assert await room_at(mailbox.port).deliver_planned() == 0

    (row,) = await kept(pool)
    assert (row["on_paper"], row["language"]) == (True, "fr")
    assert "la facture" in text(row["content"])
    assert await outcome(pool, effect) == ("unreachable", "no address is known; the letter waits to be printed")
    assert mailbox.messages() == []


async def test_who_has_one_is_asked_by_mail_alone(
    room_at: Any, plan: Plan, pool: asyncpg.Pool, mailbox: EmbeddedMail
) -> None:
    await plan("request_documents", "completion/1", {"wants": "invoice", "until": "2025-04-13"})
    await plan("closed", values={})
    assert await room_at(mailbox.port).deliver_planned() == 2
    assert await kept(pool) == []
    assert not any(mail.is_multipart() for mail in mailbox.messages())


@pytest.mark.parametrize("template", ["decision_partial", "decision_refused"])
async def test_a_decision_without_the_term_to_object_does_not_leave_and_holds_up_no_other(
    room_at: Any, plan: Plan, pool: asyncpg.Pool, mailbox: EmbeddedMail, template: str
) -> None:
    silent = {name: value for name, value in PARTIAL.items() if name != "until"}
    effect = await plan(template, values=silent)
    await plan("closed", values={})
    assert await room_at(mailbox.port).deliver_planned() == 1

    state, problem = await outcome(pool, effect)
    assert state == "refused"
    assert problem is not None
    assert "de laatste dag voor bezwaar ontbreekt" in problem
    assert await kept(pool) == []


async def test_the_database_refuses_to_keep_one_too(pool: asyncpg.Pool) -> None:
    row = (f"{NUMBER}/letter/decision/9", NUMBER, "decision_refused", b"x", datetime.now(UTC))
    with pytest.raises(asyncpg.CheckViolationError, match="objection_told"):
        await pool.execute(
            "INSERT INTO letter (letter, dossier, fund, template, party, language, title, dated, on_paper, digest, "
            "content, pages, effect, made_at) "
            "VALUES ($1, $2, 'ANT', $3, 'applicant', 'nl', 't', $5::timestamptz::date, false, 'd', $4, 1, 'e', $5)",
            *row,
        )


async def test_a_letter_that_left_never_changes(
    room_at: Any, plan: Plan, pool: asyncpg.Pool, mailbox: EmbeddedMail
) -> None:
    await plan("decision_partial")
    await room_at(mailbox.port).deliver_planned()
    with pytest.raises(asyncpg.PostgresError):
        await pool.execute("UPDATE letter SET title = 'iets anders'")
    assert await pool.execute("DELETE FROM letter") == "DELETE 1", "it can be erased: it holds a name"


async def test_a_worker_without_the_name_of_the_employer_writes_to_the_person(plan: Plan, pool: asyncpg.Pool) -> None:
    await pool.execute("UPDATE dossier SET instrument = 'career_account'")
    effect = await plan("decision_partial")
    row = dict(await pool.fetchrow("SELECT * FROM effect WHERE effect = $1", effect) or {})
    row["values"] = json.loads(row["values"])
    page = await LetterDesk(pool).letter(row, Language.DUTCH, on_paper=False)
    assert page is not None
    assert "Staalbouw" not in text(page.content), "the employer never learns of it, also by an envelope"
    assert "An Peeters" in text(page.content)


def test_a_file_is_named_by_its_letter() -> None:
    assert file_name(f"{NUMBER}/letter/payment/1/2") == f"{NUMBER}-payment-1-2.pdf"

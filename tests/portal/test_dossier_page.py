"""One dossier as staff see it: why it waits, what was looked at, its course, its papers, and who is in it now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from sqlalchemy import insert

from absences import today
from database import transaction
from models.messages import events
from models.messages.words import Language, Party, Role
from models.tables import Correction, Upload
from portal import presence
from portal.conversation import LONGEST, messages, write
from portal.staff.chronicle import SORT_OF
from portal.staff.told import TOLD
from tests.portal.conftest import staff
from tests.portal.living import Living, application, party
from tests.starter.conftest import LARGE

FACTS = {fact.model_fields["type"].default for fact in get_args(get_args(events.AnyEvent)[0])}


def test_every_event_is_told_and_has_a_place_on_the_line_of_time() -> None:
    assert set(TOLD) == FACTS
    assert set(SORT_OF) == FACTS


async def in_review(living: Living) -> str:
    """A dossier that a handler has to review."""
    number = await living.receive(**LARGE)
    await living.task(number, "review")
    return number


async def test_the_page_says_on_whom_is_waited_until_when_and_what_happens_otherwise(
    living: Living, sign_in: Any
) -> None:
    number = await in_review(living)
    page = await (await sign_in(staff())).get(f"/dossier/{number}")
    assert page.status == 200
    assert "Het fonds is aan zet: dossierbeheerder moet dossier beoordelen, uiterlijk" in page.text
    assert "anders gaat de taak naar teamverantwoordelijke" in page.text
    assert "nog niemand" in page.text
    assert "Hoe deze dag is berekend" in page.text
    assert "Staalbouw Peeters" in page.text


async def test_a_dossier_that_waits_for_the_applicant_says_for_what(living: Living, sign_in: Any) -> None:
    number = await living.receive(documents=["attendance", "programme", "proof_of_payment"])
    page = await (await sign_in(staff())).get(f"/dossier/{number}")
    assert "Wacht op de aanvrager: aanvulling van de aanvraag, uiterlijk" in page.text
    assert "Nodig de factuur" in page.text
    assert "anders vervalt de aanvraag" in page.text
    assert "aan te vullen" in page.text, "the check that did not pass, with what it leads to"


async def test_the_course_ends_with_what_comes_below_today(living: Living, sign_in: Any) -> None:
    number = await in_review(living)
    reader = await sign_in(staff())
    page = await reader.get(f"/dossier/{number}")
    course = page.text[page.text.index("Verloop") :]
    assert course.index("Aanvraag ontvangen") < course.index("Taak voor dossierbeheerder") < course.index("Vandaag")
    assert course.index("Vandaag") < course.index("Uiterste dag voor dossierbeheerder: dossier beoordelen")
    assert "Daarna: " in course

    mails = await reader.get(f"/dossier/{number}?toon=mails")
    only = mails.text[mails.text.index("Verloop") : mails.text.index("Vandaag")]
    assert "Mail aan de aanvrager: ontvangstbevestiging" in only
    assert "Taak voor" not in only


async def test_a_dossier_of_another_fund_and_one_that_is_not_there_read_the_same(living: Living, sign_in: Any) -> None:
    number = await in_review(living)
    limburg = await sign_in(staff("LIM-handler-1"))
    other, none = await limburg.get(f"/dossier/{number}"), await limburg.get("/dossier/ANT-2024-S-999999")
    assert (other.status, none.status) == (404, 404)
    assert other.text == none.text.replace("ANT-2024-S-999999", number)


async def test_an_employer_does_not_get_the_page_of_staff(living: Living, sign_in: Any, employer: Any) -> None:
    number = await in_review(living)
    assert (await (await sign_in(employer())).get(f"/dossier/{number}")).status == 403


async def test_a_colleague_who_has_it_open_is_named_for_five_minutes(living: Living, sign_in: Any) -> None:
    number = await in_review(living)
    mine = await sign_in(staff())
    await mine.get(f"/dossier/{number}")
    theirs = await (await sign_in(staff("ANT-handler-2"))).get(f"/dossier/{number}")
    assert "Hanne Dossier heeft dit dossier nu ook open." in theirs.text
    assert "nu ook open" not in (await (await sign_in(staff())).get("/werklijst")).text

    await living.rows("UPDATE presence SET seen_at = :then RETURNING 1", then=datetime.now(UTC) - timedelta(minutes=6))
    assert "nu ook open" not in (await (await sign_in(staff("ANT-handler-3"))).get(f"/dossier/{number}")).text


async def test_presence_is_forgotten_after_a_day(living: Living) -> None:
    engine = living.house.engine
    await presence.touch(engine, "ANT-2026-S-000001", "ANT-handler-1")
    await living.rows("UPDATE presence SET seen_at = :then RETURNING 1", then=datetime.now(UTC) - timedelta(days=2))
    await presence.touch(engine, "ANT-2026-S-000001", "ANT-handler-2")
    assert await living.rows("SELECT person FROM presence") == [("ANT-handler-2",)]


async def test_what_the_applicant_put_right_is_shown_with_what_stood_there(living: Living, sign_in: Any) -> None:
    number = await in_review(living)
    ((facts,),) = await living.rows("SELECT facts FROM receipt WHERE number = :number", number=number)
    row = {"dossier": number, "by": "applicant", "at": datetime.now(UTC), "fields": ["hours"]}
    async with transaction(living.house.engine) as connection:
        await connection.execute(insert(Correction).values(**row, facts=facts | {"hours": "36"}))
    from models.messages.commands import AnswerRequest
    from models.messages.facts import TrainingFacts

    right = TrainingFacts.model_validate(facts | {"hours": "36"})
    await living.house.starter.answer(number, AnswerRequest(request="completion", by=party(), facts=right))

    page = await (await sign_in(staff())).get(f"/dossier/{number}")
    assert "Veranderd sinds de aanvraag" in page.text
    assert "40 → 36" in page.text


async def test_a_document_is_listed_with_size_type_and_fingerprint(living: Living, sign_in: Any) -> None:
    number = await in_review(living)
    upload = {
        "upload": "u1",
        "dossier": number,
        "person": "employer-1",
        "party": "applicant",
        "code": "invoice",
        "name": "factuur <maart>.pdf",
        "size": 2049,
        "arrived": 2049,
        "media_type": "application/pdf",
        "sha256": "ab" * 32,
        "state": "kept",
        "stored": "u1/u1",
        "began_at": datetime.now(UTC),
    }
    async with transaction(living.house.engine) as connection:
        await connection.execute(insert(Upload).values(upload | {"handed_in_at": datetime.now(UTC)}))
        loose = {"upload": "u2", "name": "nog niet ingediend.pdf", "handed_in_at": None}
        await connection.execute(insert(Upload).values(upload | loose))

    page = await (await sign_in(staff())).get(f"/dossier/{number}")

    assert "factuur <maart>.pdf" in page.text
    assert "application/pdf · 3 kB" in page.text
    assert "ab" * 32 in page.text
    assert "nog niet ingediend" not in page.text


# Berichten


async def test_a_message_reaches_the_applicant_by_mail_and_stands_in_the_course_without_its_text(
    living: Living, sign_in: Any
) -> None:
    number = await in_review(living)
    reader = await sign_in(staff())
    await reader.get(f"/dossier/{number}")

    page = await reader.submit(
        f"/dossier/{number}/bericht", tekst="Kunt u de <b>uren</b> nog eens nakijken?\n\nDank u."
    )

    assert "Uw bericht is verstuurd." in page.text
    assert "Hanne Dossier aan de aanvrager" in page.text
    assert "Kunt u de <b>uren</b> nog eens nakijken?" in page.text
    assert "<b>uren</b>" not in page.html
    ((event,),) = await living.rows(
        "SELECT data::text FROM event WHERE dossier = :number AND type = 'message_written'", number=number
    )
    assert "uren" not in event
    query = "SELECT effect FROM effect WHERE dossier = :number AND template = 'message_waiting'"
    assert await living.eventually(query, number=number)


async def test_what_the_applicant_writes_is_new_until_it_is_answered_or_read(living: Living, sign_in: Any) -> None:
    number = await in_review(living)
    await write(living.house, number, Party.APPLICANT, party(), "Wanneer weet ik meer?")
    reader = await sign_in(staff())
    page = await reader.get(f"/dossier/{number}")
    assert "Wanneer weet ik meer?" in page.text
    assert "nieuw" in page.text

    page = await reader.submit(f"/dossier/{number}/gelezen")

    assert "Gelezen, geen antwoord nodig" not in page.text
    await write(living.house, number, Party.APPLICANT, party(), "En nu?")
    assert "Gelezen, geen antwoord nodig" in (await reader.get(f"/dossier/{number}")).text
    page = await reader.submit(f"/dossier/{number}/bericht", tekst="Morgen.")
    assert "Gelezen, geen antwoord nodig" not in page.text


@pytest.mark.parametrize(
    ("text", "says"),
    [("   \n ", "Schrijf eerst uw bericht."), ("x" * (LONGEST + 1), "Een bericht telt hoogstens 4000 tekens")],
    ids=["empty", "too long"],
)
async def test_a_message_that_cannot_go_keeps_what_was_typed(
    living: Living, sign_in: Any, text: str, says: str
) -> None:
    number = await in_review(living)
    reader = await sign_in(staff())
    await reader.get(f"/dossier/{number}")

    page = await reader.submit(f"/dossier/{number}/bericht", tekst=text)

    assert page.status == 422
    assert says in page.text
    assert text in page.html
    async with living.house.engine.connect() as connection:
        assert await messages(connection, number) == ()


async def test_an_auditor_reads_and_writes_nothing(living: Living, sign_in: Any) -> None:
    number = await in_review(living)
    reader = await sign_in(staff("ANT-auditor-1", Role.AUDITOR))
    page = await reader.get(f"/dossier/{number}")
    assert page.status == 200
    assert "Verstuur bericht" not in page.text
    answer = await reader.client.post(f"/dossier/{number}/bericht", data={"tekst": "x"})
    assert answer.status_code == 403


@pytest.mark.parametrize("language", [Language.FRENCH, Language.ENGLISH])
async def test_the_page_reads_in_every_language(living: Living, sign_in: Any, language: Language) -> None:
    number = await in_review(living)
    reader = await sign_in(staff().model_copy(update={"language": language}))
    page = await reader.get(f"/dossier/{number}")
    assert page.status == 200
    for dutch in ("Verloop", "Uiterste dag", "Berichten", "Automatische controles"):
        assert dutch not in page.text


async def test_what_is_typed_by_an_employer_is_shown_as_text(living: Living, sign_in: Any) -> None:
    sent = application().model_copy(update={"parties": (_party("<script>alert(1)</script>"),)})
    number = await living.receive(sent)
    page = await (await sign_in(staff())).get(f"/dossier/{number}")
    assert "<script>alert(1)</script>" in page.text
    assert "<script>alert(1)</script>" not in page.html


def _party(name: str) -> Any:
    from receipts import PartyDetails

    return PartyDetails(party=Party.APPLICANT, name=name, email="petra@staalbouw.example")


async def test_the_dossiers_beside_it_in_the_list_are_one_step_away(living: Living, sign_in: Any) -> None:
    numbers = [await in_review(living) for _ in range(3)]
    first, second, third = numbers
    page = await (await sign_in(staff())).get(f"/dossier/{second}?lijst=team&taak={second}/review/1")
    assert f'rel="prev" href="/dossier/{first}?lijst=team' in page.html
    assert f'rel="next" href="/dossier/{third}?lijst=team' in page.html
    assert "Terug naar de lijst" in page.text
    alone = await (await sign_in(staff())).get(f"/dossier/{second}")
    assert "Terug naar de lijst" not in alone.text


async def test_the_pages_of_a_dossier_are_accessible(living: Living, open_window: Any) -> None:
    number, other = await in_review(living), await in_review(living)
    await write(living.house, number, Party.APPLICANT, party(), "Wanneer weet ik meer?")
    starter = living.house.starter
    await starter.complete(f"{other}/review/1", "ANT-handler-1", "approve", grace=timedelta(minutes=10))
    await starter.announce_absence("ANT-handler-2", "ANT-handler-3", today(), today(), "ANT-handler-2")
    async with open_window(staff()) as reader:
        for path in (f"/dossier/{number}", f"/taak/{number}/review/1", f"/dossier/{other}", "/afwezigheid"):
            await reader.go(path)
            assert await reader.barriers() == [], path

"""One-click answers: a link shows, a button counts; everything that may be said by it, and what is noted of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest

from activities.links import answer_code_for
from database import lean_pool
from embedded import EmbeddedMail
from models.messages.commands import Actor, ReportFact
from models.messages.words import Language, Party
from models.tables.asking import ALPHABET, new_code, new_secret, read_code
from portal.access import links as login
from portal.access.visitor import Visitor
from portal.asking import choices
from portal.asking.choices import WAYS
from portal.house import House
from portal.wording import Wording
from schemes.calendar import ONE_DAY
from schemes.last_words import CHANNELS, PRESENCE
from tests.patience import patient
from tests.portal.asked import CLERK, Asked, asked, asked_later, handed_on
from tests.portal.living import Living
from tests.portal.test_partners import dismissed

WITHDRAWN = "consent_withdrawn"
FOREIGN = ({"sec-fetch-site": "cross-site"}, {"origin": "http://evil.example"})
EVERYTHING = (
    "SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM answer_link), (SELECT count(*) FROM attempts), "
    "(SELECT count(*) FROM pending_command), (SELECT count(*) FROM effect), (SELECT count(*) FROM sign_in), "
    "(SELECT md5(string_agg(contact::text, ',' ORDER BY dossier, party)) FROM contact)"
)


@pytest.fixture
async def house(house: House, mailbox: EmbeddedMail) -> House:
    """The house with an address, so that mails have links, and a mail server."""
    server = {"smtp_host": mailbox.host, "smtp_port": mailbox.port, "portal_public_url": "http://portal.example"}
    return replace(house, settings=house.settings.model_copy(update=server))


@pytest.fixture
async def person(living: Living) -> Asked:
    """Somebody who is asked three months after the guidance."""
    return await asked(living)


def outcomes(told: list[tuple[Any, ...]]) -> list[str]:
    return [values["outcome"] for _, values, fact in told if fact is None]


def reported(told: list[tuple[Any, ...]]) -> list[str]:
    return [fact for _, _, fact in told if fact is not None]


async def test_a_click_shows_a_button_counts_and_a_second_answer_corrects_the_first(
    person: Asked, sign_in: Any
) -> None:
    reader = await sign_in()
    page = await reader.get(f"{person.address}?keuze=opleiding")
    assert "U volgt een opleiding. Klopt dat?" in page.text
    page = await reader.submit(person.address)
    assert "Dit hebben wij genoteerd U volgt een opleiding." in page.text
    assert "Over deze vraag krijgt u geen berichten meer." in page.text

    await reader.get(f"{person.address}?keuze=job")
    page = await reader.submit(person.address, sinds="")
    assert page.status == 422
    assert "Kies wat bij u past." in page.text
    page = await reader.submit(person.address, uitkomst="job andere sector", dag="10/01/2024")
    assert "U heeft werk in een andere sector. Sinds 10 januari 2024." in page.text
    assert "Eerder antwoordde u: U volgt een opleiding." in page.text

    await reader.get(f"{person.address}?keuze=opleiding")
    page = await reader.submit(person.address)
    assert "Dit hebben wij genoteerd U volgt een opleiding." in page.text
    told = await person.told()
    assert outcomes(told) == ["opleiding", "job andere sector", "opleiding"]
    assert told[1][1]["since"] == "2024-01-10"


async def test_the_same_button_pressed_twice_is_one_answer(person: Asked, sign_in: Any) -> None:
    reader = await sign_in()
    shown = await reader.get(f"{person.address}?keuze=zoekend")
    for _ in range(2):
        reader.page = shown
        assert "U zoekt nog werk." in (await reader.submit(person.address)).text
    assert outcomes(await person.told()) == ["werkzoekend"]


async def test_a_scanner_that_opens_every_link_of_a_mail_twice_changes_nothing(
    person: Asked, living: Living, sign_in: Any
) -> None:
    scanner = await sign_in()
    before = await living.rows(EVERYTHING)
    for choice, _ in product(WAYS, range(2)):
        for method in ("GET", "HEAD"):
            address = f"{person.address}?keuze={choice}"
            answer = await scanner.client.request(method, address, headers={"sec-fetch-site": "cross-site"})
            assert answer.status_code == (200 if method == "GET" else 405)
    for page in ("", "/bedankt", "/gegevens", "/voor-een-ander"):
        assert (await scanner.get(f"{person.address}{page}")).status == 200
    assert await living.rows(EVERYTHING) == before


async def test_another_site_cannot_answer(person: Asked, sign_in: Any) -> None:
    victim = await sign_in()
    await victim.get(f"{person.address}?keuze=stop")
    form = victim.page.form(person.address)
    addresses = (person.address, f"{person.address}/voor-een-ander", f"{person.address}/gegevens")
    for address, told in product(addresses, FOREIGN):
        filled = form | {"wat": "overleden", "vragen": "nee"}
        assert (await victim.client.post(address, data=filled, headers=told)).status_code == 422
    assert await person.told() == []


async def test_a_form_of_another_browser_or_another_link_does_not_count(
    person: Asked, living: Living, sign_in: Any
) -> None:
    other = await asked(living)
    reader, thief = await sign_in(), await sign_in()
    await reader.get(f"{person.address}?keuze=opleiding")
    await thief.get(f"{other.address}?keuze=opleiding")
    form, alien = reader.page.form(person.address), thief.page.form(other.address)
    here = {"origin": "http://portal.example", "sec-fetch-site": "same-origin"}
    attempts = (
        (thief, person.address, form),
        (reader, person.address, alien),
        (reader, other.address, form),
        (reader, person.address, form | {"bewijs": ""}),
    )
    for who, address, filled in attempts:
        answer = await who.client.post(address, data=filled, headers=here)
        assert answer.status_code == 422
        assert "Druk nog eens op de knop" in answer.text
    assert await person.told() == []
    assert await other.told() == []
    reader.page = None
    await reader.get(f"{person.address}?keuze=opleiding")
    assert "U volgt een opleiding." in (await reader.submit(person.address)).text


async def test_a_link_answers_only_in_its_own_dossier(person: Asked, living: Living, sign_in: Any) -> None:
    other = await asked(living)
    reader = await sign_in()
    await reader.get(f"{person.address}?keuze=opleiding")
    await reader.submit(person.address, vraag=f"../{other.number}/follow_up/1")
    assert outcomes(await person.told()) == ["opleiding"]
    assert await other.told() == []
    someone = Visitor(session="", csrf="", person="x", name="Noor", party=Party.PARTICIPANT, dossiers=(other.number,))
    assert (await (await sign_in(someone)).get(f"/mijn-dossiers/{person.number}/gegevens")).status == 404


SAID = {
    "ziek": ("anders", {}, "U bent ziek."),
    "zelfstandig": ("job", {"sinds": "maand"}, "U heeft een eigen zaak. Sinds 1 maart 2024."),
    "terug bij ex-werkgever": ("job", {"dag": "2024-01-15"}, "U werkt weer bij uw vorige werkgever. Sinds 15 jan"),
    "SWT/pensioen": ("anders", {}, "U bent met pensioen of SWT."),
}
NOT_DAYS = {"2031-01-01": "Deze dag moet nog komen", "1903-01-01": "te lang geleden", "gisteren": "dag/maand/jaar"}


async def test_what_is_chosen_is_what_is_noted(person: Asked, sign_in: Any) -> None:
    reader = await sign_in()
    for outcome, (choice, filled, said) in SAID.items():
        await reader.get(f"{person.address}?keuze={choice}")
        assert said in (await reader.submit(person.address, uitkomst=outcome, **filled)).text
    assert outcomes(await person.told()) == list(SAID)


async def test_who_pressed_retired_by_mistake_reads_until_when_and_changes_it(
    person: Asked, living: Living, sign_in: Any
) -> None:
    reader = await sign_in()
    await reader.get(f"{person.address}?keuze=anders")
    await reader.submit(person.address, uitkomst="SWT/pensioen")
    waits = "SELECT waiting_until FROM dossier WHERE number = :n AND waiting_for = :what"
    async with patient():
        while not (found := await living.rows(waits, n=person.number, what="correction")):
            await asyncio.sleep(0.05)
    page = await reader.get(f"{person.address}/bedankt?keuze=anders")
    last_day = Wording(Language.DUTCH).day(found[0][0] - ONE_DAY)
    assert f"Wij vragen u niets meer. Klopt uw antwoord niet? U kunt het veranderen tot en met {last_day}." in page.text
    assert "Mijn antwoord veranderen" in page.text
    await reader.get(f"{person.address}?keuze=zoekend")
    page = await reader.submit(person.address)
    assert "Eerder antwoordde u: U bent met pensioen of SWT." in page.text
    async with patient():
        while not await living.rows(waits, n=person.number, what="follow_up"):
            await asyncio.sleep(0.05)
    stands = await living.rows("SELECT moment, outcome FROM follow_up WHERE dossier = :n", n=person.number)
    assert [tuple(row) for row in stands] == [("end", "werkzoekend")], "nothing followed from the first word"


async def test_a_day_that_cannot_be_is_asked_again(person: Asked, sign_in: Any) -> None:
    reader = await sign_in()
    await reader.get(f"{person.address}?keuze=job")
    for day, sentence in NOT_DAYS.items():
        page = await reader.submit(person.address, uitkomst="zelfstandig", dag=day)
        assert (page.status, sentence in page.text) == (422, True)
    assert await person.told() == []


async def test_work_since_before_the_dismissal_is_no_new_work(living: Living, sign_in: Any) -> None:
    person = await asked(living, finished=False)
    reader = await sign_in()
    page = await reader.get(f"{person.address}?keuze=job")
    assert "Uw nieuwe werk begon na uw ontslag op 8 januari 2024." in page.text
    for day in ("01/09/2019", "08/01/2024"):
        page = await reader.submit(person.address, uitkomst="job andere sector", dag=day)
        assert page.status == 422
        assert "Vul een latere dag in. Had u dit werk al voor uw ontslag? Kies dan “Ik zoek nog werk”." in page.text
    assert await person.told() == []
    put_right = {"because": "mistake", "dismissed_on": "2024-01-09", "contract_ended_on": "2024-01-09"}
    await living.house.starter.report(
        person.number, ReportFact(fact="facts_corrected", on=date(2024, 3, 1), by=CLERK, values=put_right)
    )
    assert "na uw ontslag op 9 januari 2024." in (await reader.get(f"{person.address}?keuze=job")).text
    await reader.submit(person.address, uitkomst="job andere sector", dag="10/01/2024")
    assert [values["since"] for _, values, fact in await person.told() if fact is None] == ["2024-01-10"]


def test_this_month_is_never_before_the_dismissal() -> None:
    said = {"uitkomst": "zelfstandig", "sinds": "maand"}
    days = {
        date(2024, 1, 8): date(2024, 1, 9),
        date(2023, 12, 4): date(2024, 1, 1),
        date(2024, 1, 20): date(2024, 1, 20),
    }
    for dismissed_on, since in days.items():
        assert choices.told(WAYS["job"], said, date(2024, 1, 20), dismissed_on).since == since


async def test_who_still_looks_may_ask_to_be_called(person: Asked, sign_in: Any) -> None:
    reader = await sign_in()
    await reader.get(f"{person.address}?keuze=zoekend")
    page = await reader.submit(person.address, bellen="ja")
    assert "Iemand van het fonds belt u." in page.text
    told = await person.told()
    assert (outcomes(told), reported(told)) == (["werkzoekend"], ["wants_help"])


async def test_who_wants_no_questions_is_heard_and_may_want_them_again(person: Asked, sign_in: Any) -> None:
    reader = await sign_in()
    await reader.get(f"{person.address}?keuze=stop")
    page = await reader.submit(person.address)
    assert "Wij stellen u geen vragen meer." in page.text
    page = await reader.get(f"{person.address}/gegevens")
    assert "U mag mij weer vragen stellen" in page.html
    await reader.submit(f"{person.address}/gegevens", vragen="ja")
    assert reported(await person.told()) == ["consent_withdrawn", "consent_given"]


async def test_stop_again_after_another_word_on_the_same_day_counts_and_a_double_click_once(
    person: Asked, living: Living, sign_in: Any
) -> None:
    reader = await sign_in()
    await reader.get(f"{person.address}?keuze=stop")
    await reader.submit(person.address)
    details = await reader.get(f"{person.address}/gegevens")
    for _ in range(2):
        reader.page = details
        await reader.submit(f"{person.address}/gegevens", vragen="ja")
    shown = await reader.get(f"{person.address}?keuze=stop")
    for _ in range(2):
        reader.page = shown
        page = await reader.submit(person.address)
        assert "Wij stellen u geen vragen meer." in page.text
    assert reported(await person.told()) == ["consent_withdrawn", "consent_given", "consent_withdrawn"]
    assert "U mag mij weer vragen stellen" in (await reader.get(f"{person.address}/gegevens")).html
    noor = Visitor(
        session="", csrf="", person="p", name="Noor", party=Party.PARTICIPANT, dossiers=(person.number,)
    )  # fmt: skip
    signed, stopping = await sign_in(noor), f"/mijn-dossiers/{person.number}/melden/consent_withdrawn"
    assert (await signed.get(stopping)).status == 404
    await reader.submit(f"{person.address}/gegevens", vragen="ja")
    await signed.get(stopping)
    await signed.submit(stopping)
    assert (await _facts(living, person.number))[-2:] == ["consent_given", "consent_withdrawn"]


async def test_stop_is_heard_in_every_dossier_of_the_person_whichever_way_it_is_told(
    person: Asked, living: Living, sign_in: Any
) -> None:
    elsewhere = await living.receive(dismissed())
    numbers = (person.number, elsewhere)
    for number in numbers:
        await living.rows("UPDATE participant SET person = 'same' WHERE dossier = :n RETURNING 1", n=number)
    reader = await sign_in()
    await reader.get(f"{person.address}?keuze=stop")
    assert "Wij stellen u geen vragen meer." in (await reader.submit(person.address)).text
    assert [(await _facts(living, number))[-1:] for number in numbers] == [[WITHDRAWN]] * 2
    await reader.get(f"{person.address}/gegevens")
    await reader.submit(f"{person.address}/gegevens", vragen="ja")
    noor = Visitor(session="", csrf="", person="p", name="Noor", party=Party.PARTICIPANT, dossiers=(elsewhere,))
    signed, stopping = await sign_in(noor), f"/mijn-dossiers/{elsewhere}/melden/consent_withdrawn"
    await signed.get(stopping)
    assert "Goed ontvangen. Dank u." in (await signed.submit(stopping)).text
    assert [(await _facts(living, number))[-3:] for number in numbers] == [[WITHDRAWN, "consent_given", WITHDRAWN]] * 2


async def test_an_answer_counts_in_every_dossier_that_asks_the_same_person_and_is_put_right_there_too(
    person: Asked, living: Living, sign_in: Any
) -> None:
    other, silent, stranger = await asked(living), await living.receive(dismissed()), await asked(living)
    for number in (person.number, other.number, silent):
        await living.rows("UPDATE participant SET person = 'same' WHERE dossier = :n RETURNING 1", n=number)
    reader = await sign_in()
    for outcome in ("SWT/pensioen", "ziek"):
        await reader.get(f"{person.address}?keuze=anders")
        await reader.submit(person.address, uitkomst=outcome)
    assert outcomes(await other.told()) == outcomes(await person.told()) == ["SWT/pensioen", "ziek"]
    answered = "SELECT state FROM request WHERE request = :r"
    assert await living.rows(answered, r=other.request) == [("answered",)], "no reminder, no agency, no telephone"
    assert await living.rows(answered, r=stranger.request) == [("open",)]
    heard = "SELECT 1 FROM event WHERE dossier = :n AND type IN ('request_answered', 'answer_kept')"
    assert await living.rows(heard, n=silent) == [], "what nobody asked now is not told"

    await reader.get(f"{other.address}?keuze=opleiding")
    assert "Eerder antwoordde u: U bent met pensioen of SWT. U bent ziek." in (await reader.submit(other.address)).text
    await reader.get(f"{person.address}?keuze=zoekend")
    await reader.submit(person.address)
    assert outcomes(await other.told())[-1] == "opleiding", "what was said there since stands"


async def test_a_word_about_an_earlier_moment_answers_no_question_of_now(living: Living, sign_in: Any) -> None:
    person = await asked(living)
    await asked_later(person)
    other = await asked(living)
    for number in (person.number, other.number):
        await living.rows("UPDATE participant SET person = 'same' WHERE dossier = :n RETURNING 1", n=number)
    reader = await sign_in()
    await reader.get(f"{person.address}?keuze=opleiding&vraag={person.request.partition('/')[2]}")
    await reader.submit(person.address)
    assert (outcomes(await person.told()), outcomes(await other.told())) == (["opleiding"], [])
    await reader.get(f"{person.address}?keuze=zoekend")
    await reader.submit(person.address)
    assert outcomes(await other.told()) == ["werkzoekend"]


async def test_work_is_passed_on_as_it_holds_for_the_other_dismissal(
    person: Asked, living: Living, sign_in: Any
) -> None:
    other = await asked(living)
    for number in (person.number, other.number):
        await living.rows("UPDATE participant SET person = 'same' WHERE dossier = :n RETURNING 1", n=number)
    moved = (
        "UPDATE receipt SET enterprise_number = :e, facts = jsonb_set(facts, '{dismissed_on}', :d) WHERE number = :n"
    )
    await living.rows(f"{moved} RETURNING 1", e="0400853488", d='"2024-02-01"', n=other.number)
    reader = await sign_in()
    for day in ("10/01/2024", "10/02/2024"):
        await reader.get(f"{person.address}?keuze=job")
        await reader.submit(person.address, uitkomst="terug bij ex-werkgever", dag=day)
    told = [(values["outcome"], values["since"]) for _, values, _ in await other.told()]
    assert told == [("job zelfde sector", "2024-02-10")]


async def test_an_answer_on_the_own_page_counts_in_the_other_dossiers_of_the_person_too(
    person: Asked, living: Living, sign_in: Any
) -> None:
    other, stranger = await asked(living), await asked(living)
    for number in (person.number, other.number):
        await living.rows("UPDATE participant SET person = 'same' WHERE dossier = :n RETURNING 1", n=number)
    reader = await sign_in(_signed(person.number))
    own = f"/mijn-dossiers/{person.number}/antwoorden/{person.request.partition('/')[2]}"
    for outcome in ("opleiding", "ziek"):
        await reader.get(own)
        page = await reader.submit(own, outcome=outcome)
        assert "Goed ontvangen. Dank u." in page.text
    assert outcomes(await other.told()) == outcomes(await person.told()) == ["opleiding", "ziek"]
    state = "SELECT state FROM request WHERE request = :r"
    assert await living.rows(state, r=other.request) == [("answered",)]
    assert await living.rows(state, r=stranger.request) == [("open",)]


async def test_work_since_before_the_dismissal_is_no_new_work_on_the_own_page_either(
    living: Living, sign_in: Any
) -> None:
    person = await asked(living, finished=False)
    telling = f"/mijn-dossiers/{person.number}/melden/new_job"
    agency = Visitor(session="", csrf="", person="a", name="An", party=Party.AGENCY, agency="RiseSmart")
    for visitor, sentence in (
        (_signed(person.number), "Had u dit werk al voor uw ontslag? Kies dan “Ik zoek nog werk”."),
        (agency, "Nieuw werk begint na het ontslag. Vul een latere dag in."),
    ):
        reader = await sign_in(visitor)
        await reader.get(telling)
        page = await reader.submit(telling, on="08/01/2024")
        assert (page.status, sentence in page.text) == (422, True)
    assert "new_job" not in await _facts(living, person.number)
    reader = await sign_in(_signed(person.number))
    await reader.get(telling)
    assert "Goed ontvangen. Dank u." in (await reader.submit(telling, on="09/01/2024")).text
    assert "new_job" in await _facts(living, person.number)


def _signed(number: str) -> Visitor:
    who = f"{Party.PARTICIPANT}:{number}"
    return Visitor(session="", csrf="", person=who, name="Noor", party=Party.PARTICIPANT, dossiers=(number,))


async def test_an_address_that_was_put_right_failed_and_is_put_right_again_on_one_day_counts_again(
    person: Asked, living: Living, sign_in: Any
) -> None:
    reader = await sign_in()
    details = f"{person.address}/gegevens"
    failed = ReportFact(
        fact="channel_failed", on=date(2024, 6, 1), by=Actor(person="system", party=Party.SYSTEM),
        values={"channel": "email", "left": ""},
    )  # fmt: skip
    for email in ("a@thuis.example", "b@thuis.example", "a@thuis.example"):
        await living.house.starter.report(person.number, failed)
        await reader.get(details)
        page = await reader.submit(details, taal="nl", email=email)
        assert page.status == 200, page.text
    told = [fact for fact in await _facts(living, person.number) if fact in CHANNELS]
    assert told == ["channel_failed", "channel_mended"] * 3


async def test_a_new_job_during_the_guidance_interrupts_it_and_its_loss_is_told(living: Living, sign_in: Any) -> None:
    person = await asked(living, finished=False)
    reader = await sign_in()
    await reader.get(f"{person.address}?keuze=job")
    await reader.submit(person.address, uitkomst="job zelfde sector", dag="2024-03-20")
    told = await person.told()
    assert outcomes(told) == ["job zelfde sector"]
    waiting = "SELECT 1 FROM dossier WHERE number = :n AND waiting_for = 'new_job'"
    await living.eventually(waiting, n=person.number)
    page = await reader.get(f"{person.address}?keuze=zoekend")
    assert "Mijn begeleiding mag verder gaan." in page.text
    await reader.submit(person.address, verloren="ja", **{"verloren-op": "2024-04-02"})
    assert reported(await person.told())[-1] == "job_lost"


async def test_a_relative_is_thanked_and_every_message_stops_in_every_dossier_of_the_person(
    person: Asked, living: Living, sign_in: Any, staff: Any
) -> None:
    twin, stranger = await asked(living), await asked(living)
    for number in (person.number, twin.number):
        await living.rows("UPDATE participant SET person = 'same' WHERE dossier = :n RETURNING 1", n=number)
    reader = await sign_in()
    await reader.get(f"{person.address}/voor-een-ander")
    page = await reader.submit(f"{person.address}/voor-een-ander")
    assert (page.status, "Kies wat er gebeurd is." in page.text) == (422, True)
    page = await reader.submit(f"{person.address}/voor-een-ander", wat="overleden")
    assert "Wij leven met u mee." in page.text
    assert reported(await person.told()) == ["deceased"]
    assert "deceased" in await _facts(living, twin.number)
    assert "deceased" not in await _facts(living, stranger.number)
    for address in (person.address, f"{twin.address}?keuze=job", f"{twin.address}/gegevens"):
        assert "Vanaf nu sturen wij geen berichten meer." in (await reader.get(address)).text
    left = "SELECT dossier FROM contact WHERE left_on IS NOT NULL AND party = 'participant' ORDER BY 1"
    assert [number for (number,) in await living.rows(left)] == sorted((person.number, twin.number))

    clerk = await sign_in(staff("ANT-handler-1"))
    assert "Toch bereikbaar" in (await clerk.get(f"/dossier/{person.number}")).text
    again = f"/dossier/{person.number}/toch-bereikbaar"
    await clerk.get(again)
    assert "De opvolging gaat verder." in (await clerk.submit(again)).text
    assert "Toch bereikbaar" not in (await clerk.get(f"/dossier/{person.number}")).text
    assert await living.rows(left) == []
    assert "Hoe gaat het nu met u?" in (await reader.get(person.address)).text
    assert "still_here" in await _facts(living, twin.number)

    await reader.get(f"{person.address}/voor-een-ander")
    page = await reader.submit(f"{person.address}/voor-een-ander", wat="overleden")
    assert "Wij leven met u mee." in page.text
    for number in (person.number, twin.number):
        told = [fact for fact in await _facts(living, number) if fact in PRESENCE]
        assert told == ["deceased", "still_here", "deceased"]
    assert "Toch bereikbaar" in (await clerk.get(f"/dossier/{person.number}")).text


async def _facts(living: Living, number: str) -> list[str]:
    query = "SELECT data->>'fact' FROM event WHERE dossier = :n AND type = 'reported' ORDER BY sequence"
    return [fact for (fact,) in await living.rows(query, n=number)]


async def test_a_person_chooses_language_channel_and_address_and_a_failed_one_counts_again(
    person: Asked, living: Living, sign_in: Any
) -> None:
    await living.rows("UPDATE contact SET email_failed_at = now() WHERE dossier = :n RETURNING 1", n=person.number)
    reader = await sign_in()
    details = f"{person.address}/gegevens"
    await reader.get(details)
    page = await reader.submit(details, email="", taal="xx")
    assert (page.status, "Kies een taal." in page.text) == (422, True)
    page = await reader.submit(details, taal="ar", kanaal="sms", email="noor@nieuw.example", phone="0470 12 34 56")
    assert "تم الحفظ" in page.text
    assert 'dir="rtl"' in page.html
    stands = "SELECT language, channel, email, phone, email_failed_at FROM contact WHERE dossier = :n AND party = :p"
    (row,) = await living.rows(stands, n=person.number, p="participant")
    assert row == ("ar", "sms", "noor@nieuw.example", "0470 12 34 56", None)
    assert reported(await person.told()) == ["channel_mended"], "this house sends no text messages"
    told = [mail for mail in living.mailbox.messages() if "veranderd" in str(mail["Subject"])]
    assert [str(mail["To"]) for mail in told if "noor-" in str(mail["To"])] != []


async def test_who_leaves_no_way_that_works_is_lost_and_not_silent(person: Asked, living: Living, sign_in: Any) -> None:
    await living.rows(
        "UPDATE contact SET email_failed_at = now(), phone = '0470 12 34 56' WHERE dossier = :n RETURNING email",
        n=person.number,
    )
    [(email,)] = await living.rows(
        "SELECT email FROM contact WHERE dossier = :n AND party = 'participant'", n=person.number
    )
    reader = await sign_in()
    details = f"{person.address}/gegevens"
    await reader.get(details)
    await reader.submit(details, taal="nl", email=email, phone="")
    assert reported(await person.told()) == ["channel_failed"]
    assert (
        await living.rows(
            "SELECT 1 FROM request WHERE dossier = :n AND code = 'follow_up' AND state = 'open'", n=person.number
        )
        == []
    ), "nobody waits for an answer"


async def test_who_is_signed_in_finds_the_own_details(person: Asked, sign_in: Any) -> None:
    noor = Visitor(
        session="", csrf="", person="p", name="Noor", party=Party.PARTICIPANT, language=Language.TURKISH,
        dossiers=(person.number,),
    )  # fmt: skip
    reader = await sign_in(noor)
    page = await reader.get(f"/mijn-dossiers/{person.number}")
    assert "Rehberliğiniz" in page.text
    assert "şimdi nasıl olduğunuz" in page.text
    details = f"/mijn-dossiers/{person.number}/gegevens"
    assert details in page.html
    await reader.get(details)
    assert "Kaydedildi." in (await reader.submit(details, taal="tr", phone="0470 12 34 56")).text
    answer = await reader.client.post(details, data={"csrf": "guessed", "vragen": "nee"})
    assert answer.status_code == 422


async def test_a_link_that_is_over_offers_a_fresh_one_and_says_no_more_than_to_a_stranger(
    person: Asked, living: Living, sign_in: Any
) -> None:
    await living.rows("UPDATE answer_link SET ends_at = made_at WHERE dossier = :n RETURNING 1", n=person.number)
    reader, stranger, unknown = await sign_in(), await sign_in(), new_secret()
    over, never = await reader.get(person.address), await stranger.get(f"/antwoord/{unknown}")
    assert (over.status, never.status) == (404, 404)
    assert over.text == never.text
    known = await reader.submit(f"{person.address}/nieuw")
    nobody = await stranger.submit(f"/antwoord/{unknown}/nieuw")
    assert known.text == nobody.text
    assert "Als wij u kennen" in known.text
    fresh = await _mailed(living)
    assert fresh != person.secret
    assert "Hoe gaat het nu met u?" in (await reader.get(f"/antwoord/{fresh}")).text


async def _mailed(living: Living) -> str:
    (mail,) = [mail for mail in living.mailbox.messages() if mail["Subject"] == "Uw nieuwe link"]
    return str(mail.get_content().split("/antwoord/")[1].split()[0])


async def test_trying_links_is_limited(sign_in: Any) -> None:
    reader = await sign_in()
    tried = [(await reader.get(f"/antwoord/{new_secret()}")).status for _ in range(31)]
    assert tried == [404] * 30 + [429]


async def letter_code(person: Asked, database_urls: Any) -> str:
    """The code in a letter that asks the same as the mail."""
    pool = await lean_pool(database_urls.app)
    effect = {
        "effect": "letter", "template": "trajectory_follow_up", "party": Party.PARTICIPANT, "dossier": person.number,
        "occasion": person.request.partition("/")[2], "values": {"moment": "end"},
    }  # fmt: skip
    code = await answer_code_for(pool, "http://portal.example", effect)
    await pool.close()
    assert code is not None
    return code


async def test_a_code_of_a_letter_opens_the_same_page(
    person: Asked, living: Living, sign_in: Any, database_urls: Any
) -> None:
    code = await letter_code(person, database_urls)
    reader = await sign_in()
    await reader.get("/antwoord")
    page = await reader.submit("/antwoord", code=f" {code.lower()} ")
    assert "Hoe gaat het nu met u?" in page.text
    await reader.get(f"{page.address}?keuze=opleiding")
    await reader.submit(page.address)
    assert outcomes(await person.told()) == ["opleiding"]
    slip = code[:-1] + next(sign for sign in ALPHABET.upper() if sign != code[-1])
    await reader.get("/antwoord")
    page = await reader.submit("/antwoord", code=slip)
    assert (page.status, "Deze code kennen wij niet" in page.text) == (422, True)
    assert await living.rows("SELECT 1 FROM answer_link WHERE paper = :c OR link = :c", c=code) == []


async def test_guessing_codes_is_limited_from_one_place(sign_in: Any) -> None:
    reader = await sign_in()
    await reader.get("/antwoord")
    here = {"origin": "http://portal.example", "sec-fetch-site": "same-origin"}
    tried = [
        (await reader.client.post("/antwoord", data={"code": new_code()}, headers=here)).status_code for _ in range(21)
    ]
    assert tried == [422] * 20 + [429]
    assert (await reader.client.post("/antwoord", data={"code": "x"}, headers=FOREIGN[0])).status_code == 422


def test_one_wrong_sign_or_two_that_changed_places_are_noticed() -> None:
    code = new_code()
    assert read_code(f"{code[:4]} - {code[4:]}".upper()) == code
    for place, sign in product(range(len(code)), ALPHABET):
        if sign != code[place]:
            assert read_code(code[:place] + sign + code[place + 1 :]) is None
    for place in range(len(code) - 1):
        if code[place] != code[place + 1]:
            assert read_code(code[:place] + code[place + 1] + code[place] + code[place + 2 :]) is None


async def test_an_old_link_offers_the_fresh_question_and_still_answers_its_own(living: Living, sign_in: Any) -> None:
    person = await asked(living)
    fresh = await asked_later(person)
    reader = await sign_in()
    page = await reader.get(person.address)
    assert "Intussen stelden wij een nieuwe vraag." in page.text
    page = await reader.get(f"{person.address}?keuze=zoekend")
    await reader.submit(person.address)
    page = await reader.get(f"{person.address}?keuze=opleiding&vraag={person.request.partition('/')[2]}")
    page = await reader.submit(person.address)
    told = await person.told()
    assert [(values["outcome"], values["request"]) for _, values, _ in told] == [
        ("werkzoekend", fresh),
        ("opleiding", person.request),
    ]


async def test_an_old_link_is_heard_by_the_fund_that_goes_on(person: Asked, living: Living, sign_in: Any) -> None:
    there = await handed_on(person)
    reader = await sign_in()
    assert "Hoe gaat het nu met u?" in (await reader.get(person.address)).text
    await reader.get(f"{person.address}?keuze=opleiding")
    page = await reader.submit(person.address)
    assert "Dit hebben wij genoteerd U volgt een opleiding." in page.text
    stands = "SELECT moment, outcome, told_by FROM follow_up WHERE dossier = :n ORDER BY at"
    assert await living.rows(stands, n=there) == [("end", "opleiding", "participant")]
    await reader.get(f"{person.address}?keuze=zoekend")
    assert "Eerder antwoordde u: U volgt een opleiding." in (await reader.submit(person.address)).text

    await living.settled(there)
    ((months,),) = await living.rows("SELECT waiting_until FROM dossier WHERE number = :n", n=there)
    await living.comes(there, months)
    await living.request(there, "follow_up")
    page = await reader.get(person.address)
    assert "Intussen stelden wij een nieuwe vraag." in page.text
    await reader.get(f"{person.address}?vraag={person.request}")
    await reader.get(f"{person.address}?keuze=opleiding&vraag={person.request}")
    page = await reader.submit(person.address)
    assert "Eerder antwoordde u: U volgt een opleiding. U zoekt nog werk." in page.text
    await reader.get(f"{person.address}?keuze=job")
    await reader.submit(person.address, uitkomst="zelfstandig", sinds="maand")
    moments = "SELECT moment, outcome FROM follow_up WHERE dossier = :n AND moment = '3_months'"
    assert await living.eventually(moments, n=there) == "3_months"
    assert [row[1] for row in await living.rows(stands, n=there)] == ["opleiding", "zelfstandig"]


async def test_stop_in_an_old_mail_or_by_an_old_letter_is_heard_by_the_fund_that_goes_on(
    person: Asked, living: Living, sign_in: Any, database_urls: Any
) -> None:
    code = await letter_code(person, database_urls)
    there = await handed_on(person)
    reader = await sign_in()
    await reader.get("/antwoord")
    page = await reader.submit("/antwoord", code=code)
    letter = page.address
    await reader.get(f"{letter}?keuze=stop")
    assert "Wij stellen u geen vragen meer." in (await reader.submit(letter)).text
    assert (await _facts(living, there))[-1] == WITHDRAWN
    details = f"{person.address}/gegevens"
    assert "U mag mij weer vragen stellen" in (await reader.get(details)).html
    await reader.submit(details, vragen="ja")
    assert (await _facts(living, there))[-1] == "consent_given"
    noor = Visitor(session="", csrf="", person="p", name="Noor", party=Party.PARTICIPANT, dossiers=(person.number,))
    own, signed = f"/mijn-dossiers/{person.number}/gegevens", await sign_in(noor)
    await signed.get(own)
    assert "Wij stellen u geen vragen." in (await signed.submit(own, vragen="nee")).text
    assert (await _facts(living, there))[-1] == WITHDRAWN


async def test_an_old_link_to_the_own_pages_opens_those_at_the_fund_that_goes_on(
    person: Asked, living: Living, sign_in: Any
) -> None:
    there = await handed_on(person)
    await living.house.starter.start(there)
    await living.settled(there)
    whom = login.Whom(dossier=person.number, party=Party.PARTICIPANT)
    to = login.Addressee("noor@thuis.example", Language.DUTCH)
    secret = await login.make(living.house.engine, living.house.settings, login.Purpose.DOSSIER, whom, to)
    found = await login.use(living.house.engine, secret)
    assert found is not None
    reader, stopping = await sign_in(found[0]), f"/mijn-dossiers/{there}/melden/consent_withdrawn"
    assert there in (await reader.get("/mijn-dossiers")).html
    await reader.get(stopping)
    await reader.submit(stopping)
    assert (await _facts(living, there))[-1] == WITHDRAWN


async def test_a_closed_dossier_thanks_and_explains(person: Asked, living: Living, sign_in: Any) -> None:
    await living.rows(
        "UPDATE dossier SET outcome = 'completed', closed_at = now() WHERE number = :n RETURNING 1", n=person.number
    )
    reader = await sign_in()
    for address in (person.address, f"{person.address}?keuze=job", f"{person.address}/bedankt"):
        page = await reader.get(address)
        assert "Uw dossier is klaar. Wij vragen u niets meer." in page.text
    here = {"origin": "http://portal.example", "sec-fetch-site": "same-origin"}
    assert (await reader.client.post(person.address, data={"keuze": "stop"}, headers=here)).status_code == 303
    assert await person.told() == []

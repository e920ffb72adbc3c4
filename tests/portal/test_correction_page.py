"""Staff puts a fact of a trajectory right: what moves is shown first, and the dossier does exactly that."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from fastapi import FastAPI

import receipts
from importing.keyed import person_key
from models.messages.words import Fund, Language, Party
from portal.api.clients import Clients, Registration
from portal.api.scopes import HELD_BY
from reading.agencies import courses
from schemes.calendar import BRUSSELS
from tests.portal.conftest import employer, staff
from tests.portal.living import Living
from tests.portal.systems import let_in
from tests.portal.test_agencies import agency, file_of, guided, sent
from tests.workflows.dismissed import DISMISSED_ON, dismissed
from tests.workflows.playing import at_nine

INTAKE = staff("ANT-intake-1")


async def trajectory(living: Living, **changed: Any) -> str:
    """Somebody born on 8 January 1979, 45 on the day of the dismissal, whose employer has to offer."""
    facts = dismissed(**{"age_on_dismissal": 45} | changed)
    parties = tuple(
        receipts.PartyDetails(party=one, name=f"De {one}", email=f"{one}@voorbeeld.example")
        for one in (Party.APPLICANT, Party.PARTICIPANT, Party.AGENCY)
    )
    person = receipts.Person(line=1, first_name="Riet", last_name="Peeters", birth_date=date(1979, 1, 8))
    sent = receipts.Application(
        idempotency_key=uuid.uuid4().hex,
        fund=Fund.ANTWERPEN,
        facts=facts,
        received_at=datetime.now(BRUSSELS),
        opens_at=at_nine(DISMISSED_ON),
        rehearsed=True,
        parties=parties,
        people=(person,),
    )
    return await living.receive(sent)


async def moved(living: Living, number: str) -> Any:
    (found,) = await living.rows(
        "SELECT data FROM event WHERE dossier = :n AND type = 'dates_moved' ORDER BY sequence DESC LIMIT 1", n=number
    )
    return {one["what"]: (one.get("before"), one.get("after")) for one in found[0]["moved"]}


async def test_what_moves_is_shown_before_it_moves_and_moves_as_shown(living: Living, sign_in: Any) -> None:
    number = await trajectory(living)
    reader = await sign_in(staff())
    page = await reader.get(f"/dossier/{number}")
    assert f'href="/dossier/{number}/verbeteren"' in page.html
    address = f"/dossier/{number}/verbeteren"
    page = await reader.get(address)
    assert page.form(address)["birth_date"] == "08/01/1979"
    assert "15 dagen vanaf 8 januari 2024" in page.text
    assert "[P27]" in page.text
    seen = await reader.submit(address, contract_ended_on="14/03/2024", reden="illness", doe="tonen")
    assert seen.status == 200
    assert "uiterste dag van het aanbod van 23 januari 2024 naar 29 maart 2024" in seen.text
    assert "uiterste dag van de ingebrekestelling van 23 februari 2024 naar 29 april 2024" in seen.text
    assert await living.rows("SELECT 1 FROM event WHERE dossier = :n AND type = 'facts_corrected'", n=number) == []
    other = await reader.submit(address, contract_ended_on="15/03/2024", reden="illness", doe="verbeteren")
    assert other.address == address, "another day is shown first"
    await reader.submit(address, contract_ended_on="14/03/2024", reden="illness", doe="tonen")
    done = await reader.submit(address, contract_ended_on="14/03/2024", reden="illness", doe="verbeteren")
    assert done.address == f"/dossier/{number}"
    assert await moved(living, number) == {
        "offer_by": ("2024-01-23", "2024-03-29"),
        "default_notice_by": ("2024-02-23", "2024-04-29"),
    }
    assert "Data verschoven (ziekte): uiterste dag van het aanbod van 23 januari 2024 naar 29 maart 2024" in done.text
    assert "15 dagen vanaf 14 maart 2024" in (await reader.get(address)).text


async def test_hours_since_a_corrected_first_day_are_taken_by_page_file_and_system(
    living: Living, sign_in: Any, app: FastAPI, clients: Clients
) -> None:
    by_page, by_file, by_system = [await guided(living) for _ in range(3)]
    clerk, bureau = await sign_in(staff()), await sign_in(agency())
    own = Registration(name="Bureau", party=Party.AGENCY, agency="RiseSmart", scopes=HELD_BY[Party.AGENCY])
    system = await let_in(app, clients, own)
    for number in (by_page, by_file, by_system):
        address = f"/dossier/{number}/verbeteren"
        await clerk.get(address)
        for step in ("tonen", "verbeteren"):
            done = await clerk.submit(address, started_on="22/01/2024", reden="mistake", doe=step)
        assert done.address == f"/dossier/{number}", done.text

    await bureau.get(f"/deelnemers/{by_page}")
    typed = {"maand": "2024-01", "uren": "1,5", "gesprekken": "1", "eerste-gesprek": "22/01/2024"}
    assert "Goed ontvangen." in (await bureau.submit(f"/deelnemers/{by_page}/uren", **typed)).text
    page = await sent(bureau, file_of(by_file, Maand="2024-01"))
    assert "Aantal regels dat bewaard wordt: 1." in page.text
    month = {"month": "2024-01", "hours": "7.5", "sessions": 3}
    assert (await system.post(f"/dossiers/{by_system}/hours", month)).status_code == 200
    refused = await system.post(f"/dossiers/{by_system}/hours", month | {"month": "2023-12"})
    assert refused.json()["fields"][0]["message"] == "De begeleiding begon pas op 22/01/2024."

    async with living.house.engine.connect() as connection:
        now = await courses(connection, datetime.now(BRUSSELS))
        then = await courses(connection, datetime(2024, 4, 1, tzinfo=BRUSSELS))
    assert {one.turns["guidance_started"] for one in now.courses} == {date(2024, 1, 22)}
    assert {one.turns["guidance_started"] for one in then.courses} == {date(2024, 2, 5)}, (
        "as of a day before it was put right"
    )


async def test_a_birth_date_is_put_right_in_its_row_and_told_as_ages(living: Living, sign_in: Any) -> None:
    number = await trajectory(living, offered_on=DISMISSED_ON)
    reader, address = await sign_in(INTAKE), f"/dossier/{number}/verbeteren"
    await reader.get(address)
    seen = await reader.submit(address, birth_date="09/01/1979", reden="birth_date", doe="tonen")
    assert "Het stelsel wordt geen verplichting in plaats van bijzonder, 45 jaar of ouder." in seen.text
    assert "uiterste dag van het antwoord van 8 februari 2024 naar 23 januari 2024" in seen.text
    done = await reader.submit(address, birth_date="09/01/1979", reden="birth_date", doe="verbeteren")
    assert done.address == f"/dossier/{number}", done.text
    ((born, person),) = await living.rows("SELECT birth_date, person FROM participant WHERE dossier = :n", n=number)
    secret = living.house.settings.import_key
    assert secret is not None
    assert (born, person) == (date(1979, 1, 9), person_key(secret.encode(), "Riet", "Peeters", date(1979, 1, 9)))
    told = await living.rows("SELECT data FROM event WHERE dossier = :n", n=number)
    assert "1979" not in str(told), "no birth date in any event"
    ((values,),) = await living.rows(
        "SELECT data -> 'values' FROM event WHERE dossier = :n AND data ->> 'fact' = 'facts_corrected'", n=number
    )
    assert (values["age_on_dismissal"], values["because"]) == ("44", "birth_date")
    await reader.get(address)
    same_age = await reader.submit(address, birth_date="10/01/1979", reden="birth_date", doe="tonen")
    assert "Er verschuift geen enkele dag." in same_age.text


async def test_what_cannot_be_is_refused_beside_its_field_and_stays_typed(living: Living, sign_in: Any) -> None:
    number = await trajectory(living)
    reader, address = await sign_in(staff()), f"/dossier/{number}/verbeteren"
    await reader.get(address)
    page = await reader.submit(address, contract_ended_on="31/02/2024", reden="illness", doe="tonen")
    assert (page.status, page.form(address)["contract_ended_on"]) == (422, "31/02/2024")
    assert "Voor het einde van de arbeidsovereenkomst is '31/02/2024' geen dag" in page.text
    assert 'href="#contract_ended_on"' in page.html
    page = await reader.submit(address, contract_ended_on="31/12/2023", reden="illness", doe="tonen")
    assert "kan niet vóór de dag van het ontslag (08/01/2024) vallen" in page.text
    page = await reader.submit(address, contract_ended_on="08/01/2024", reden="", doe="tonen")
    assert (page.status, "Kies waarom" in page.text) == (422, True)
    page = await reader.submit(address, reden="mistake", doe="tonen")
    assert (page.status, "er verandert niets" in page.text) == (422, True)


async def test_only_who_works_on_dossiers_of_the_fund_comes_here(living: Living, sign_in: Any) -> None:
    number = await trajectory(living)
    visitors = (
        (staff("ANT-finance-1"), 403),
        (staff("LIM-handler-1"), 404),
        (employer(), 403),
    )
    for visitor, status in visitors:
        page = await (await sign_in(visitor)).get(f"/dossier/{number}/verbeteren")
        assert page.status == status, visitor.person


async def test_the_page_reads_well_in_a_browser_wide_and_small_and_in_french(living: Living, open_window: Any) -> None:
    number = await trajectory(living)
    async with open_window(staff()) as handler:
        page = await handler.go(f"/dossier/{number}/verbeteren")
        await page.fill("#contract_ended_on", "14/03/2024")
        await page.check("input[value=illness]")
        await page.click("button[value=tonen]")
        await page.wait_for_selector("#plan")
        assert await handler.barriers() == []
        await page.click("button[value=verbeteren]")
        await page.wait_for_url(f"**/dossier/{number}")
    french = staff().model_copy(update={"language": Language.FRENCH})
    async with open_window(french) as handler:
        page = await handler.go(f"/dossier/{number}/verbeteren")
        assert "Corriger des données" in await page.inner_text("h1")
        assert await handler.faults() == []
        assert handler.complaints == []

"""A closure on the pages of staff: from a file to a cohort that is followed, and what happens to it as a whole."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select, text
from sqlmodel import col

from absences import today
from database import glance, transaction
from models.messages.commands import Actor, AnswerRequest
from models.messages.words import Party, Role
from models.tables import CohortFile, Contact, DossierRow, HandedOn, PortalAccount, Receipt
from models.tables import SignIn as CameIn
from portal.access.visitor import Visitor
from portal.cohorts import act_pages, closure_form, succeeding
from portal.house import House
from tests.importing.closures import as_csv, as_xlsx, somebody
from tests.patience import patient
from tests.portal.conftest import ORIGIN, OpenWindow, Page, Reader, SignIn
from tests.portal.living import Living
from tests.portal.workload import put

Visiting = Callable[..., Visitor]
CLOSURE = {
    "Ondernemingsnummer": "0417.497.106",
    "Naam werkgever": "Staalbouw Peeters",
    "Soort ontslag": "sluiting",
    "Faillissement": "nee",
    "Aankondiging collectief ontslag": "12/01/2026",
    "Outplacementbureau": "RiseSmart",
    "Contactpersoon": "Petra Peeters",
    "E-mail": "petra@staalbouw.example",
    "Taal": "nl",
    "IBAN": "BE68 5390 0754 7034",
}


ASKED_OF_THE_EMPLOYER = """
    INSERT INTO effect (effect, dossier, template, occasion, party, "values", dated, state, attempts, not_before,
        planned_at)
    SELECT :number || '/mail/offer', :number, template, 'offer/1', 'applicant', "values", dated, 'planned', 0, now(),
        now()
    FROM effect WHERE dossier = :number AND occasion = 'start/1'
"""
"""An offer is asked as a start is; of a closure no offer is asked by law."""


async def uploaded(reader: Reader, content: bytes, name: str = "lijst.csv", **changed: str) -> Page:
    """The form of a closure, filled in and sent with its file."""
    page = await reader.get("/cohorten/nieuw")
    [form] = [one for one in page.reader.forms if one["action"].startswith("/cohorten/nieuw")]
    typed = CLOSURE | changed
    fields = {question.field: typed[question.column] for question in closure_form.QUESTIONS if question.column in typed}
    answer = await reader.client.post(
        form["action"],
        data=fields,
        files={"lijst": (name, content)},
        headers={"origin": ORIGIN, "sec-fetch-site": "same-origin"},
        follow_redirects=True,
    )
    reader.page = Page(answer)
    return reader.page


async def received(reader: Reader, content: bytes, **changed: str) -> str:
    """A file that was looked at and received; the number of its employer dossier."""
    page = await uploaded(reader, content, **changed)
    assert page.status == 200, page.text
    page = await reader.submit(page.address.split("?")[0] + "/ontvangen")
    [number] = {link for link in page.html.split('"') if link.startswith("/cohorten/ANT-")}
    return number.removeprefix("/cohorten/")


@pytest.fixture
async def clerk(sign_in: SignIn, staff: Visiting) -> Reader:
    return await sign_in(staff("ANT-intake-1"))


@pytest.mark.parametrize(("written", "name"), [(as_csv, "l.csv"), (as_xlsx, "l.xlsx")], ids=["csv", "xlsx"])
async def test_a_clean_file_shows_its_counts_and_is_received_once(
    clerk: Reader, house: House, written: Callable[[Any], bytes], name: str
) -> None:
    content = written([somebody(number) for number in range(1, 131)])
    page = await uploaded(clerk, content, name)
    assert page.status == 200, page.text
    for said in ("130 personen, zonder fouten", "collectief, jonger dan 45", "Turks", "RiseSmart", "zonder adres"):
        assert said in page.text
    async with glance(house.engine) as connection:
        assert await connection.scalar(select(func.count()).select_from(Receipt)) == 0
    second = await clerk.get(page.address + "?na=101")
    assert "Achternaam130" in second.text
    assert "Achternaam20 " not in second.text
    await clerk.get(page.address)
    done = await clerk.submit(page.address + "/ontvangen")
    assert "130 nieuwe personen van de 130" in done.text
    again = await uploaded(clerk, content, name)
    assert "130 nieuwe personen van de 130" in again.text, "the same file is the same cohort"
    async with glance(house.engine) as connection:
        assert await connection.scalar(select(func.count()).select_from(Receipt)) == 131


async def test_faults_are_told_by_row_and_column_and_nothing_can_be_received(clerk: Reader) -> None:
    page = await uploaded(clerk, as_csv([somebody(1), somebody(2, Geboortedatum="31/02/1980"), somebody(3, Naam="")]))
    assert "2 van de 3 rijen hebben een fout" in page.text
    assert "/ontvangen" not in page.html
    listed = await clerk.client.get(page.address + "/fouten.csv")
    assert "3;Geboortedatum;" in listed.text
    assert "4;Naam;" in listed.text
    only = await clerk.get(page.address + "?toon=fouten")
    assert "Achternaam1 " not in only.text
    assert "Achternaam2" in only.text


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        pytest.param(as_csv([somebody(1, Naam="=HYPERLINK(1)")]), "l.csv", "formule", id="a formula"),
        pytest.param(b"PK\x03\x04garbage", "l.xlsx", "beschadigd", id="a broken workbook"),
        pytest.param(b"\x00\x01\x02", "l.csv", "geen tekst", id="no text"),
        pytest.param(b"a;b\n1;2\n", "l.csv", "de kop hoort bij geen enkele bekende lijst", id="another list"),
        pytest.param(b"", "l.csv", "leeg", id="nothing"),
    ],
)
async def test_a_hostile_or_foreign_file_is_refused_with_a_reason(
    clerk: Reader, content: bytes, name: str, says: str
) -> None:
    page = await uploaded(clerk, content, name)
    assert page.status == 422
    assert says in page.text


async def test_a_file_larger_than_a_document_may_be_is_not_read(clerk: Reader, house: House) -> None:
    page = await uploaded(clerk, b"x" * ((house.settings.upload_limit_mb + 2) * 1024 * 1024))
    assert page.status == 422
    assert "te groot" in page.text


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"Ondernemingsnummer": "0417.497.107"}, "ondernemingsnummer"),
        ({"Aankondiging collectief ontslag": ""}, "Vul de dag van de aankondiging in"),
        ({"IBAN": "BE00 0000"}, "rekeningnummer"),
    ],
)
async def test_what_holds_for_everybody_is_checked_first(clerk: Reader, changed: dict[str, str], says: str) -> None:
    page = await uploaded(clerk, as_csv([somebody(1)]), **changed)
    assert page.status == 422
    assert says.lower() in page.text.lower()


async def test_a_list_is_thrown_away_with_every_name_in_it(clerk: Reader, house: House) -> None:
    page = await uploaded(clerk, as_csv([somebody(1)]))
    gone = await clerk.submit(page.address + "/weg")
    assert "weggegooid" in gone.text
    async with glance(house.engine) as connection:
        assert await connection.scalar(select(func.count()).select_from(CohortFile)) == 0


async def test_who_does_not_receive_only_looks(clerk: Reader, sign_in: SignIn, staff: Visiting) -> None:
    page = await uploaded(clerk, as_csv([somebody(1)]))
    handler = await sign_in(staff("ANT-handler-1"))
    assert "/ontvangen" not in (await handler.get(page.address)).html
    assert (await handler.get("/cohorten/nieuw")).status == 403
    elsewhere = await sign_in(staff("LIM-intake-1"))
    assert (await elsewhere.get(page.address)).status == 404, "the list of another fund is not there"


async def test_the_template_is_read_by_its_own_reader(clerk: Reader) -> None:
    listed = await clerk.client.get("/cohorten/sjabloon.csv")
    page = await uploaded(clerk, listed.content, "sjabloon.csv")
    assert "1 personen, zonder fouten" in page.text


async def test_a_cohort_is_followed_as_one_thing(living: Living, clerk: Reader) -> None:
    number = await received(clerk, as_csv([somebody(one) for one in range(1, 26)]))
    await living.house.starter.sweep()
    counted = "SELECT 1 FROM dossier WHERE parent = :number AND waiting_on IS NOT NULL OFFSET 24"
    await living.eventually(counted, number=number)
    page = await clerk.get(f"/cohorten/{number}")
    for said in ("Staalbouw Peeters", "collectief, 45 jaar of ouder", "Waar zij staan", "Niet te bereiken", "Lijst"):
        assert said in page.text
    found = await clerk.get(f"/cohorten/{number}?naam=achternaam17")
    assert "Achternaam17" in found.text
    assert "Achternaam18" not in found.text
    unreachable = await clerk.get(f"/cohorten/{number}?alleen=unreachable")
    assert "Achternaam20" in unreachable.text
    assert "Achternaam21" not in unreachable.text
    listed = (await clerk.client.get(f"/cohorten/{number}/uitvoer.csv")).text
    assert listed.count("\n") == 26
    assert (await clerk.client.get(f"/cohorten/{number}/uitvoer.xlsx")).content[:2] == b"PK"
    assert number in (await clerk.get("/cohorten")).html
    assert f"/cohorten/{number}" in (await clerk.get(f"/dossier/{number}")).html
    trajectory = str((await living.rows("SELECT min(number) FROM receipt WHERE parent = :n", n=number))[0][0])
    assert f"/cohorten/{number}" in (await clerk.get(f"/dossier/{trajectory}")).html


async def test_mails_of_a_real_closure_reach_the_employer_and_the_agency(living: Living, clerk: Reader) -> None:
    """The list names the employer's address once and no address of the agency, which has accounts."""
    for person, day in (("an", 3), ("bo", 9)):
        account = {"person": person, "party": "agency", "email": f"{person}@bureau.example", "name": "Bureau"}
        await put(living.house.engine, PortalAccount, account | {"agency": "RiseSmart", "rights": []})
        came_in = {"person": person, "how": "link", "outcome": "in", "source": ""}
        await put(living.house.engine, CameIn, came_in | {"at": datetime(2026, 3, day, tzinfo=UTC)})
    number = await received(clerk, as_csv([somebody(1)]))
    await living.house.starter.sweep()
    [(trajectory,)] = await living.rows("SELECT number FROM receipt WHERE parent = :n", n=number)
    await living.request(trajectory, "start")
    async with transaction(living.house.engine) as connection:
        await connection.execute(text(ASKED_OF_THE_EMPLOYER), {"number": trajectory})
    left = "SELECT 1 FROM effect WHERE dossier = :n AND state = 'sent' AND occasion = :about"
    for about, email in (("offer/1", "petra@staalbouw.example"), ("start/1", "bo@bureau.example")):
        await living.eventually(left, n=trajectory, about=about)
        reached = [str(mail["X-RcptTo"]) for mail in living.mailbox.messages() if trajectory in str(mail["Subject"])]
        assert email in reached


async def test_an_employer_sees_who_and_the_own_offer_and_nothing_after_it(
    clerk: Reader, sign_in: SignIn, employer: Visiting
) -> None:
    number = await received(clerk, as_csv([somebody(1), somebody(2, **{"Datum aanbod": "10/03/2026"})]))
    own = await sign_in(employer())
    page = await own.get(f"/mijn-dossiers/{number}/mensen")
    assert "Achternaam2" in page.text
    assert "gedaan op 10 maart 2026" in page.text
    for never in ("collectief", "Uren", "werkzoekend", "persoon1@leeg.example", "0400"):
        assert never not in page.text
    other = await sign_in(employer("0000250715", "employer-2"))
    assert (await other.get(f"/mijn-dossiers/{number}/mensen")).status == 404


async def test_one_person_more_and_a_successor_whose_service_counts_from_the_first_employer(
    living: Living, clerk: Reader
) -> None:
    late = somebody(2, **{"Eerste werkdag": "01/02/2025"})
    number = await received(clerk, as_csv([somebody(1), late]))
    await living.house.starter.sweep()
    await living.eventually("SELECT 1 FROM dossier WHERE parent = :number OFFSET 1", number=number)
    await living.settled(number)
    await clerk.get(f"/cohorten/{number}/persoon")
    more = somebody(3) | {
        "Dringende reden": "nee",
        "Straat en nummer": "Dorpsstraat 1",
        "Postcode": "2000",
        "Gemeente": "Antwerpen",
    }
    fields = {question.field: more.get(question.column, "") for question in act_pages.QUESTIONS}
    page = await clerk.submit(f"/cohorten/{number}/persoon", **fields)
    assert "Voornaam3 Achternaam3 is toegevoegd" in page.text
    typed = {
        "Ondernemingsnummer": "0400.853.488",
        "Naam werkgever": "Opvolger Staal",
        "Overname op": "01/01/2025",
        "Contactpersoon": "Omar Opvolger",
        "E-mail": "omar@opvolger.example",
        "Taal": "fr",
        "Eerste werkdag": "01/09/2001",
        "IBAN": "",
    }
    await clerk.get(f"/cohorten/{number}/opvolger")
    page = await clerk.submit(
        f"/cohorten/{number}/opvolger", **{one.field: typed[one.column] for one in succeeding.ABOUT}
    )
    assert "Van 1 personen telt de dienst" in page.text
    await living.house.starter.redeliver(older_than=timedelta(0))
    async with glance(living.house.engine) as connection:
        query = select(col(Contact.email)).where(col(Contact.party) == "applicant").distinct()
        assert (await connection.execute(query)).scalars().all() == ["omar@opvolger.example"]
    corrected = "SELECT data ->> 'fields' FROM event WHERE type = 'facts_corrected'"
    assert "service_began_on" in str(await living.eventually(corrected))
    told = "SELECT data -> 'values' FROM event WHERE data ->> 'fact' = 'succeeded'"
    assert await living.eventually(told) == {"enterprise": "0400853488", "before": "0417497106"}


async def test_nobody_is_added_to_a_dossier_that_is_closed(clerk: Reader, house: House) -> None:
    number = await received(clerk, as_csv([somebody(1)]))
    now = datetime.now(UTC)
    row: dict[str, Any] = {"number": number, "fund": "ANT", "kind": "outplacement", "instrument": "outplacement"}
    row |= {"policy": "p", "received_at": now, "phase": "intake", "updated_at": now, "outcome": "withdrawn"}
    await put(house.engine, DossierRow, row)
    more = somebody(2) | {"Dringende reden": "nee"}
    fields = {question.field: more.get(question.column, "") for question in act_pages.QUESTIONS}
    await clerk.get(f"/cohorten/{number}/persoon")
    page = await clerk.submit(f"/cohorten/{number}/persoon", **fields)
    assert page.status == 422
    assert "Dit dossier is gesloten. Laad een lijst op" in page.text
    page = await uploaded(clerk, as_csv([somebody(1), somebody(3)]))
    assert "Er komt één dossier van de werkgever" in page.text
    second = await received(clerk, as_csv([somebody(1), somebody(3)]))
    assert second != number
    await clerk.get(f"/cohorten/{number}/persoon")
    page = await clerk.submit(f"/cohorten/{number}/persoon", **fields)
    assert (page.status, page.address) == (200, f"/cohorten/{second}")
    handed = {"number": "LIM-2026-O-000004", "predecessor": second, "carried": {}, "at": now}
    await put(house.engine, HandedOn, handed)
    page = await uploaded(clerk, as_csv([somebody(4)]))
    assert page.status == 422
    assert "verder, in dossier LIM-2026-O-000004" in page.text
    await clerk.get(f"/cohorten/{second}/persoon")
    page = await clerk.submit(f"/cohorten/{second}/persoon", **fields)
    assert page.status == 422
    assert "LIM-2026-O-000004" in page.text


async def test_a_cohort_from_file_to_report_in_a_browser(
    living: Living, open_window: OpenWindow, staff: Visiting, tmp_path: Any
) -> None:
    (tmp_path / "sluiting.csv").write_bytes(as_csv([somebody(number) for number in range(1, 61)]))
    async with open_window(staff("ANT-intake-1", Role.INTAKE, Role.TEAM_LEAD)) as clerk:
        page = await clerk.go("/cohorten/nieuw")
        for question in closure_form.QUESTIONS:
            typed = CLOSURE.get(question.column, "")
            if await page.locator(f"input[type=radio][name='{question.field}'][value='{typed}']").count():
                await page.check(f"input[type=radio][name='{question.field}'][value='{typed}']")
            elif typed:
                await page.fill(f"[name='{question.field}']", typed)
        await page.set_input_files("#lijst", str(tmp_path / "sluiting.csv"))
        assert await clerk.faults() == []
        await page.get_by_role("button", name="Kijk de lijst na").click()
        await page.wait_for_url("**/cohorten/bestand/*")
        assert await clerk.faults() == []
        await page.get_by_role("button", name="Ontvang deze 60 personen").click()
        async with patient():
            while await page.get_by_text("Alle 61 dossiers lopen").count() == 0:
                await living.house.starter.sweep()
                await page.reload()
        assert await clerk.faults() == []
        await page.get_by_role("link", name="Naar het cohort").click()
        await page.get_by_role("heading", name="Staalbouw Peeters").wait_for()
        assert await page.locator("tbody tr").count() == 50
        assert await clerk.faults() == []
        await page.get_by_role("link", name="Volgende").click()
        assert await page.locator("tbody tr").count() == 10
        await _start(living, 6)
        await page.get_by_role("link", name="Uitkomsten").click()
        await page.get_by_text("6 mensen gestart met outplacement").wait_for()
        assert await clerk.faults() == []
        async with page.expect_download() as saving:
            await page.get_by_role("link", name="Verslag (PDF)").click()
        report = PdfReader(await (await saving.value).path())
        assert "6 mensen gestart" in " ".join("".join(leaf.extract_text() for leaf in report.pages).split())
        assert clerk.complaints == []


async def _start(living: Living, people: int) -> None:
    """The agency tells of so many people that they had their first talk today."""
    by = Actor(person="agency", party=Party.AGENCY)
    asked = "SELECT dossier, request FROM request WHERE code = 'start' AND state = 'open' ORDER BY request"
    async with patient():
        while len(questions := await living.rows(asked)) < people:
            await asyncio.sleep(0.1)
    for dossier, request in questions[:people]:
        told = AnswerRequest(request=request, by=by, values={"started_on": today().isoformat()})
        await living.house.starter.answer(dossier, told)
        await living.eventually(
            "SELECT 1 FROM event WHERE dossier = :n AND data ->> 'fact' = 'guidance_started'", n=dossier
        )

"""An employer applies: page by page, in two windows, with a session that ended, and twice on the button."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from database import glance
from models.messages.words import Party
from models.tables import DocumentRow, Draft, Receipt
from portal.access.visitor import Act, Visitor
from portal.applying.drafts import sent_alone
from portal.house import House
from tests.portal import applying
from tests.portal.applying import PERSON, begun, filled_in, given, posted
from tests.portal.conftest import SignIn

Employer = Callable[..., Visitor]


@pytest.fixture
async def house(house: House, tmp_path: Path) -> House:
    """With a folder for documents."""
    return applying.applying(house, tmp_path / "documents")


async def _receipts(house: House) -> list[Any]:
    async with glance(house.engine) as connection:
        return list(await connection.execute(select(Receipt)))


async def test_an_employer_applies_from_the_tile_to_the_receipt(
    house: House, sign_in: SignIn, employer: Employer
) -> None:
    reader = await sign_in(employer())
    draft = await begun(reader)
    assert reader.page is not None
    assert "Staalbouw Peeters" in reader.page.html
    assert "0417.497.106" in reader.page.html
    await filled_in(reader, draft)
    await given(reader, draft, "offerte van \u202eexe.pdf", applying.PDF)
    summary = await reader.get(f"{draft}/nakijken")
    assert "MIG/MAG-lassen" in summary.text
    assert "150,00" in summary.text
    assert "1 juni 2099" in summary.text
    assert "Het opleidingsprogramma ontbreekt." in summary.text
    receipt = await reader.submit(f"{draft}/verstuur")
    [received] = await _receipts(house)
    assert received.number in receipt.text
    assert "Ontbreekt er iets, dan vragen wij het u." in receipt.text
    assert received.facts["asked"] == "150.00"
    assert received.facts["documents"] == ["quote"]
    assert received.enterprise_number == "0417497106"
    async with glance(house.engine) as connection:
        [document] = await connection.execute(select(DocumentRow))
        [kept] = await connection.execute(select(Draft))
    assert (document.code, document.name) == ("quote", "offerte van exe.pdf")
    assert (kept.sent_as, kept.typed) == (received.number, {})


async def test_sending_twice_is_one_dossier(house: House, sign_in: SignIn, employer: Employer) -> None:
    reader = await sign_in(employer())
    draft = await begun(reader)
    await filled_in(reader, draft)
    await reader.get(f"{draft}/nakijken")
    assert reader.page is not None
    form = reader.page.form(f"{draft}/verstuur")
    first = await posted(reader, f"{draft}/verstuur", form)
    again = await posted(reader, f"{draft}/verstuur", form)
    assert first.address == again.address == f"{draft}/ontvangst"
    assert len(await _receipts(house)) == 1
    late = await posted(reader, f"{draft}/kosten", {**form, "gevraagd-bedrag": "1"})
    assert late.status == 422
    assert "al verstuurd" in late.text


async def test_what_is_not_complete_is_told_page_by_page_and_not_sent(
    house: House, sign_in: SignIn, employer: Employer
) -> None:
    reader = await sign_in(employer())
    draft = await begun(reader)
    page = await reader.get(f"{draft}/nakijken")
    assert 'role="alert"' in page.html
    assert f'href="{draft}/opleiding#begindatum"' in page.html
    refused = await reader.submit(f"{draft}/verstuur")
    assert refused.status == 422
    assert "nog niet volledig" in refused.text
    assert await _receipts(house) == []


async def test_a_wrong_answer_is_kept_and_told_beside_its_field(sign_in: SignIn, employer: Employer) -> None:
    reader = await sign_in(employer())
    draft = await begun(reader)
    await reader.get(f"{draft}/kosten")
    page = await reader.submit(f"{draft}/kosten", actie="verder", **{"kostprijs-excl-btw": "1,234"})
    assert page.status == 422
    assert "'1,234' is geen bedrag in euro." in page.text
    assert 'href="#kostprijs-excl-btw"' in page.html
    assert 'aria-invalid="true"' in page.html
    assert 'value="1,234"' in (await reader.get(f"{draft}/kosten")).html


async def test_saved_for_later_is_found_again_whatever_was_wrong(sign_in: SignIn, employer: Employer) -> None:
    reader = await sign_in(employer())
    draft = await begun(reader)
    await reader.get(f"{draft}/opleiding")
    page = await reader.submit(f"{draft}/opleiding", actie="later", **{"titel-opleiding": "Half"})
    assert page.address == "/aanvragen"
    assert "Verder met wat u begon" in page.text
    assert "U vindt ze hier terug" in page.text
    another = await sign_in(employer(person="employer-2"))
    assert 'value="Half"' in (await another.get(f"{draft}/opleiding")).html


async def test_a_second_window_never_overwrites_in_silence(sign_in: SignIn, employer: Employer) -> None:
    first, second = await sign_in(employer()), await sign_in(employer())
    draft = await begun(first)
    address = f"{draft}/opleiding"
    await first.get(address)
    await second.get(address)
    await first.submit(address, actie="later", **{"titel-opleiding": "Lassen", "thema": "Metaal"})
    asked = await second.submit(address, actie="later", **{"titel-opleiding": "Frezen", "thema": "Metaal"})
    assert asked.status == 409
    assert "In een ander venster staat hier: Lassen" in asked.text
    assert 'value="Frezen"' in asked.html
    assert "anders-titel-opleiding" in asked.html
    assert "anders-thema" not in asked.html
    assert 'value="Lassen"' in (await first.get(address)).html
    chosen = await second.submit(address, actie="later", **{"anders-titel-opleiding": "1"})
    assert chosen.status == 200
    assert 'value="Lassen"' in (await second.get(address)).html


async def test_the_other_choice_keeps_what_was_typed_here(sign_in: SignIn, employer: Employer) -> None:
    first, second = await sign_in(employer()), await sign_in(employer())
    draft = await begun(first)
    address = f"{draft}/opleiding"
    await first.get(address)
    await second.get(address)
    await first.submit(address, actie="later", **{"titel-opleiding": "Lassen"})
    await second.submit(address, actie="later", **{"titel-opleiding": "Frezen"})
    await second.submit(address, actie="later")
    assert 'value="Frezen"' in (await first.get(address)).html


async def test_a_script_saves_while_somebody_types(sign_in: SignIn, employer: Employer) -> None:
    reader = await sign_in(employer())
    draft = await begun(reader)
    page = await reader.get(f"{draft}/opleiding")
    form = page.form(f"{draft}/opleiding") | {"titel-opleiding": "Las"}
    answer = await posted(reader, f"{draft}/opleiding", form, headers={"accept": "application/json"})
    assert answer.status == 200
    told = answer.response.json()
    assert told["version"] == 1
    assert len(told["saved"]) == 5
    stale = await posted(
        reader, f"{draft}/opleiding", form | {"titel-opleiding": "Lassen"}, headers={"accept": "application/json"}
    )
    assert stale.status == 409
    fresh = form | {"titel-opleiding": "Lassen", "versie": "1"}
    assert (await posted(reader, f"{draft}/opleiding", fresh, headers={"accept": "application/json"})).status == 200


async def test_a_session_that_ends_mid_form_loses_nothing_that_was_saved(
    house: House, sign_in: SignIn, employer: Employer
) -> None:
    reader = await sign_in(employer())
    draft = await begun(reader)
    page = await reader.get(f"{draft}/opleiding")
    form = page.form(f"{draft}/opleiding") | {"titel-opleiding": "Lassen"}
    await posted(reader, f"{draft}/opleiding", form, headers={"accept": "application/json"})
    await house.sessions.end_all("employer-1")
    answer = await reader.client.post(
        f"{draft}/opleiding", data=form, headers={"accept": "application/json"}, follow_redirects=False
    )
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/aanmelden")
    back = await sign_in(employer())
    assert 'value="Lassen"' in (await back.get(f"{draft}/opleiding")).html


STRANGERS = [
    pytest.param(Visitor(session="", csrf="", person="x", name="X", party=Party.APPLICANT), id="nobody's employee"),
    pytest.param(
        Visitor(session="", csrf="", person="x", name="X", party=Party.APPLICANT, enterprises=("0409845289",)),
        id="another employer",
    ),
    pytest.param(
        Visitor(
            session="",
            csrf="",
            person="x",
            name="X",
            party=Party.APPLICANT,
            enterprises=("0417497106",),
            restricted={"0417497106": frozenset({Act.READ})},
        ),
        id="a colleague who may only read",
    ),
]


@pytest.mark.parametrize("stranger", STRANGERS)
async def test_a_draft_of_others_is_not_there(sign_in: SignIn, employer: Employer, stranger: Visitor) -> None:
    draft = await begun(await sign_in(employer()))
    reader = await sign_in(stranger)
    for page in ("", "/opleiding", "/nakijken", "/ontvangst", "/documenten"):
        assert (await reader.get(draft + page)).status == 404
    token = (await reader.get("/aanvragen")).form("/afmelden")["csrf"]
    for page in ("/opleiding", "/verstuur", "/weg", "/deelnemers/rij"):
        assert (await posted(reader, draft + page, {"csrf": token})).status == 404


@pytest.mark.parametrize(
    ("stranger", "sentence"),
    [
        (STRANGERS[0].values[0], "U bent aangemeld zonder onderneming."),
        (STRANGERS[2].values[0], "U mag voor uw onderneming lezen, maar niet aanvragen."),
    ],
    ids=["without enterprise", "who may only read"],
)
async def test_a_tile_says_which_right_is_missing_and_begins_nothing(
    sign_in: SignIn, stranger: Visitor, sentence: str
) -> None:
    reader = await sign_in(stranger)
    page = await reader.get("/aanvragen")
    assert sentence in page.text
    token = page.form("/afmelden")["csrf"]
    refused = await posted(reader, "/aanvragen", {"csrf": token, "wat": "formal_training", "voor": "2.000.000.042"})
    assert refused.status == 422
    assert "Bij de tegel staat waarom." in refused.text


async def test_an_employer_does_not_apply_on_a_career_account_but_a_person_does(
    sign_in: SignIn, employer: Employer
) -> None:
    firm = await sign_in(employer())
    assert "de werkgever komt het niet te weten" in (await firm.get("/aanvragen")).text
    person = await sign_in(Visitor(session="", csrf="", person="p-1", name="P", party=Party.APPLICANT))
    draft = await begun(person, "career_account")
    assert draft.startswith("/aanvragen/")
    assert (await firm.get(f"{draft}/persoon")).status == 404


async def test_a_person_follows_the_own_career_account_and_the_employer_does_not(
    house: House, sign_in: SignIn, employer: Employer
) -> None:
    person = await sign_in(Visitor(session="", csrf="", person="p-1", name="P", party=Party.APPLICANT))
    draft = await begun(person, "career_account")
    pages: dict[str, dict[str, str]] = {
        "persoon": {
            "ingediend-door": "werknemer",
            "voornaam": "Jan",
            "naam": "Janssens",
            "geboortedatum": "01/02/1980",
            "statuut": "arbeider",
            "in-dienst-sinds": "01/02/2010",
            "e-mail": "jan@thuis.example",
            "taal": "nl",
        },
        "werkgever": {
            "ondernemingsnummer-werkgever": "0417.497.106",
            "naam-werkgever": "Staalbouw",
            "postcode": "2000",
        },
        "opleiding": {
            "soort": "opleiding",
            "titel": "Spaans",
            "begindatum": "01/06/2099",
            "einddatum": "02/06/2099",
            "uren": "30",
        },
        "kosten": {"inschrijvingsgeld": "205,00", "gevraagd-bedrag": "205,00", "iban": "BE68 5390 0754 7034"},
    }
    for code, values in pages.items():
        await person.get(f"{draft}/{code}")
        assert (await person.submit(f"{draft}/{code}", actie="verder", **values)).status == 200
    await person.get(f"{draft}/nakijken")
    await person.submit(f"{draft}/verstuur")
    [received] = await _receipts(house)
    assert (await person.get(f"/mijn-dossiers/{received.number}")).status == 200
    async with glance(house.engine) as connection:
        assert await sent_alone(connection, "p-1") == [received.number]
    firm = await sign_in(employer())
    assert (await firm.get(f"/mijn-dossiers/{received.number}")).status == 404


async def test_nobody_applies_for_another_enterprise_by_typing_its_number(
    house: House, sign_in: SignIn, employer: Employer
) -> None:
    reader = await sign_in(employer())
    draft = await begun(reader)
    await reader.get(f"{draft}/werkgever")
    await reader.submit(f"{draft}/werkgever", actie="verder", ondernemingsnummer="0409.845.289")
    await filled_in(reader, draft)
    await reader.get(f"{draft}/nakijken")
    await reader.submit(f"{draft}/verstuur")
    assert [received.enterprise_number for received in await _receipts(house)] == ["0417497106"]


NASTY = ["<script>alert(1)</script>", '=HYPERLINK("http://x")', "{{ 7*7 }}", "\"'><img src=x onerror=alert(1)>"]


@pytest.mark.parametrize("typed", NASTY)
async def test_whatever_is_typed_comes_back_as_text(sign_in: SignIn, employer: Employer, typed: str) -> None:
    reader = await sign_in(employer())
    draft = await begun(reader)
    for code in ("werkgever", "opleiding", "kosten", "contact"):
        page = await reader.get(f"{draft}/{code}")
        fields = {name: typed for name in page.form(f"{draft}/{code}") if name not in ("csrf", "versie")}
        extra = {"opmerking": typed} if code == "contact" else {}
        shown = await reader.submit(f"{draft}/{code}", actie="verder", **fields, **extra)
        assert "<script>alert" not in shown.html
        assert "<img src=x" not in shown.html
    await reader.get(f"{draft}/deelnemers")
    row = await reader.submit(f"{draft}/deelnemers/rij", **dict.fromkeys(PERSON, typed))
    offered = await posted(
        reader, f"{draft}/deelnemers/lijst?csrf={row.form('/afmelden')['csrf']}", {"lijst": f"{typed}\t{typed}"}
    )
    summary = await reader.get(f"{draft}/nakijken")
    for page in (row, offered, summary):
        assert "<script>alert" not in page.html
        assert "<img src=x" not in page.html
    assert typed.split("(")[0] in summary.text


async def test_rows_are_added_repaired_and_taken_away(sign_in: SignIn, employer: Employer) -> None:
    reader = await sign_in(employer())
    draft = await begun(reader)
    address = f"{draft}/deelnemers"
    await reader.get(address)
    wrong = await reader.submit(f"{address}/rij", **{**PERSON, "geboortedatum": "31/02/1980"})
    assert wrong.status == 422
    assert "'31/02/1980' is geen datum." in wrong.text
    assert 'value="Janssens"' in wrong.html
    await reader.submit(f"{address}/rij", **PERSON)
    await reader.submit(f"{address}/rij", **{**PERSON, "voornaam": "An"})
    await reader.get(f"{address}?rij=2")
    changed = await reader.submit(f"{address}/rij", voornaam="Anna", statuut="arbeider")
    assert "Anna" in changed.text
    gone = await reader.submit(f"{address}/rij-weg")
    assert "Anna" in gone.text
    assert "1 in de lijst" in gone.text


async def test_a_row_that_moved_in_another_window_is_not_replaced(sign_in: SignIn, employer: Employer) -> None:
    first, second = await sign_in(employer()), await sign_in(employer())
    draft = await begun(first)
    address = f"{draft}/deelnemers"
    await first.get(address)
    await first.submit(f"{address}/rij", **PERSON)
    await first.submit(f"{address}/rij", **{**PERSON, "voornaam": "An"})
    await second.get(f"{address}?rij=2")
    await first.submit(f"{address}/rij-weg")
    late = await second.submit(f"{address}/rij", voornaam="Anna", statuut="arbeider")
    assert late.status == 409
    assert "veranderde in een ander venster" in late.text


async def test_a_pasted_list_is_looked_at_before_it_counts(sign_in: SignIn, employer: Employer) -> None:
    reader = await sign_in(employer())
    draft = await begun(reader)
    address = f"{draft}/deelnemers"
    token = (await reader.get(address)).form("/afmelden")["csrf"]
    pasted = "Naam\tVoornaam\tStatuut\tGeboortedatum\nJanssens\tJan\tarbeider\t01/02/1980\nPeeters\tAn\tbaas\t1980\n"
    offered = await posted(reader, f"{address}/lijst?csrf={token}", {"lijst": pasted})
    assert "Wij lazen 2 rijen." in offered.text
    assert "Rijen waarin iets niet klopt: 1." in offered.text
    assert "Statuut: Kies een antwoord uit de lijst." in offered.text
    assert "De lijst is nog leeg." in offered.text
    taken = await reader.submit(f"{address}/lijst-over", hoe="vervangen")
    assert "2 in de lijst" in taken.text
    summary = await reader.get(f"{draft}/nakijken")
    assert "Deelnemers, deelnemer 2: Kies een antwoord uit de lijst." in summary.text


async def test_a_long_list_is_shown_in_parts_and_names_what_is_wrong(sign_in: SignIn, employer: Employer) -> None:
    reader = await sign_in(employer())
    address = f"{await begun(reader)}/deelnemers"
    token = (await reader.get(address)).form("/afmelden")["csrf"]
    people = [
        f"Jan{number}\tJanssens\t01/02/1980\t{'baas' if number == 90 else 'arbeider'}" for number in range(1, 121)
    ]
    await posted(reader, f"{address}/lijst?csrf={token}", {"lijst": "\n".join(people)})
    page = await reader.submit(f"{address}/lijst-over", hoe="vervangen")
    assert "Jan50 " in page.text
    assert "Jan51 " not in page.text
    assert f'href="{address}?rij=90#rij"' in page.html
    last = await reader.get(f"{address}?vanaf=101")
    assert "101 tot 120 van 120" in last.text
    assert "Jan120 " in last.text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"Voornaam;Naam\n=1+1;x\n", "de cel bevat een formule"),
        (b"\x00\x01\x02\x03\x04", "Dit is geen lijst"),
        (b"", "De lijst is leeg."),
    ],
    ids=["a formula", "no text", "nothing"],
)
async def test_a_list_that_cannot_be_read_is_refused_with_a_reason(
    sign_in: SignIn, employer: Employer, content: bytes, sentence: str
) -> None:
    reader = await sign_in(employer())
    draft = await begun(reader)
    token = (await reader.get(f"{draft}/deelnemers")).form("/afmelden")["csrf"]
    files = {"bestand": ("lijst.csv", content)} if content else None
    page = await posted(reader, f"{draft}/deelnemers/lijst?csrf={token}", {"lijst": ""}, files=files)
    assert page.status == 422
    assert sentence in page.text or "geen tekstbestand" in page.text


async def test_a_draft_is_thrown_away_with_its_documents(
    house: House, sign_in: SignIn, employer: Employer, tmp_path: Path
) -> None:
    reader = await sign_in(employer())
    draft = await begun(reader)
    await given(reader, draft, "offerte.pdf", applying.PDF)
    assert [path for path in (tmp_path / "documents").rglob("*") if path.is_file()]
    await reader.get("/aanvragen")
    page = await reader.submit(f"{draft}/weg")
    assert "weggegooid" in page.text
    assert (await reader.get(draft)).status == 404
    assert not [path for path in (tmp_path / "documents").rglob("*") if path.is_file()]
    async with glance(house.engine) as connection:
        assert await connection.scalar(text("SELECT count(*) FROM upload")) == 0


@pytest.mark.parametrize("field", [col(Draft.typed)], ids=["typed"])
async def test_nothing_typed_stays_in_a_draft_that_was_sent(
    house: House, sign_in: SignIn, employer: Employer, field: Any
) -> None:
    reader = await sign_in(employer())
    draft = await begun(reader)
    await filled_in(reader, draft)
    await reader.get(f"{draft}/nakijken")
    await reader.submit(f"{draft}/verstuur")
    async with glance(house.engine) as connection:
        assert (await connection.execute(select(field))).scalar_one() == {}

"""Partners: experts write reports, agencies keep the hours of their own participants, participants answer by a link."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

import receipts
from models.messages.words import Fund, Party
from portal.access.visitor import Act, Visitor
from tests.portal.living import ENTERPRISE, Living, application
from tests.workflows import dismissed as people


def outsider(party: Party, **more: Any) -> Visitor:
    return Visitor(session="", csrf="", person=f"{party}-1", name="Noor Smets", party=party, **more)


def dismissed(agency: str = "RiseSmart", **changed: Any) -> receipts.Application:
    """Somebody of 50 who was offered guidance by this agency and took it."""
    stated = {"agency": agency, "offered_on": date(2024, 1, 15), **changed}
    person = receipts.PartyDetails(party=Party.PARTICIPANT, name="Noor Smets", email="noor@thuis.example")
    bureau = receipts.PartyDetails(party=Party.AGENCY, name=agency, email="team@bureau.example")
    sent = application()
    own = {
        "facts": people.dismissed(**stated),
        "parties": (person, bureau),
        "people": (receipts.Person(line=1, first_name="Noor", last_name="Smets"),),
        "documents": (),
        "fund": Fund.ANTWERPEN,
        "typed": {},
        "received_at": datetime(2024, 1, 22, 8, tzinfo=UTC),
    }
    return sent.model_copy(update=own)


async def test_a_participant_answers_in_simple_words_and_an_agency_tells_the_start(
    living: Living, sign_in: Any
) -> None:
    number = await living.receive(dismissed())
    person = await sign_in(outsider(Party.PARTICIPANT, dossiers=(number,)))
    page = await person.get("/mijn-dossiers")
    assert page.address == f"/mijn-dossiers/{number}"
    assert "Wij wachten op u: uw antwoord op het aanbod" in page.text
    address = f"/mijn-dossiers/{number}/antwoorden/answer/1"
    await person.get(address)
    assert (await person.submit(address)).status == 422
    page = await person.submit(address, answer="accepted")
    assert "Goed ontvangen. Dank u." in page.text

    agency = await sign_in(outsider(Party.AGENCY, agency="RiseSmart"))
    await living.request(number, "start")
    page = await agency.get("/deelnemers")
    assert "Noor Smets" in page.text
    assert "de dag van het eerste gesprek" in page.text
    address = f"/mijn-dossiers/{number}/antwoorden/start/1"
    await agency.get(address)
    await agency.submit(address, **{"started-on": "05/02/2024"})
    await living.eventually("SELECT 1 FROM dossier WHERE number = :n AND phase = 'guidance_1'", n=number)

    await living.comes(number, date(2024, 3, 1))
    page = await person.get(f"/mijn-dossiers/{number}/melden/new_job")
    page = await person.submit(f"/mijn-dossiers/{number}/melden/new_job", on="01/03/2024")
    assert "Gemeld: nieuwe job, op 1 maart 2024" in page.text


async def test_an_agency_sees_its_own_participants_only(living: Living, sign_in: Any) -> None:
    number = await living.receive(dismissed())
    other = await sign_in(outsider(Party.AGENCY, agency="Randstad"))
    assert number not in (await other.get("/deelnemers")).text
    for page in (f"/deelnemers/{number}", f"/mijn-dossiers/{number}", f"/mijn-dossiers/{number}/antwoorden/start/1"):
        assert (await other.get(page)).status == 404
    await other.get("/deelnemers")
    answer = await other.client.post(
        f"/deelnemers/{number}/uren",
        data={"uren": "40", "csrf": other.page.form("/afmelden")["csrf"]},
        headers={"origin": "http://portal.example", "sec-fetch-site": "same-origin"},
    )
    assert answer.status_code == 404
    assert await living.rows("SELECT 1 FROM event WHERE dossier = :n AND type = 'reported'", n=number) == []


@pytest.mark.parametrize("party", [Party.EXPERT, Party.PARTICIPANT])
async def test_a_link_to_one_dossier_opens_no_other(living: Living, sign_in: Any, party: Party) -> None:
    number = await living.receive(dismissed())
    reader = await sign_in(outsider(party, dossiers=(f"{number[:-1]}x",)))
    assert (await reader.get(f"/mijn-dossiers/{number}")).status == 404
    assert (await reader.get("/deelnemers")).status == 403


async def test_a_contact_is_invited_gets_a_link_and_later_other_rights(
    living: Living, sign_in: Any, employer: Any
) -> None:
    reader = await sign_in(employer())
    await reader.get("/contacten")
    invite = f"/contacten/{ENTERPRISE}/nieuw"
    page = await reader.submit(invite, naam="An Maes", adres="an@staalbouw", **{"taal-contact": "nl"}, recht="answer")
    assert page.status == 422
    page = await reader.submit(
        invite, naam="An Maes", adres="an@staalbouw.example", **{"taal-contact": "nl"}, recht="answer"
    )
    assert "Uitgenodigd: An Maes krijgt een mail met een link." in page.text
    ((person, rights),) = await living.rows("SELECT person, rights FROM portal_account")
    assert await living.rows("SELECT person, purpose FROM login_link") == [(person, "sign_in")]
    assert rights == ["answer", "read"]

    change = f"/contacten/{ENTERPRISE}/wijzig/{person}"
    fields = reader.page.form(change)
    answer = await reader.client.post(
        change, data={"csrf": fields["csrf"]}, headers={"origin": "http://portal.example"}
    )
    assert answer.status_code == 303
    assert await living.rows("SELECT rights, active FROM portal_account") == [([], False)]


async def test_an_office_acts_for_an_enterprise_until_its_mandate_ends(
    living: Living, sign_in: Any, employer: Any
) -> None:
    reader = await sign_in(employer())
    await reader.get("/contacten")
    give = f"/contacten/{ENTERPRISE}/mandaat"
    assert (await reader.submit(give, houder="0417.497.106", recht="read")).status == 422
    page = await reader.submit(give, houder="0403.199.702", recht="answer")
    assert "Kantoor 0403.199.702 sinds" in page.text
    ((name,),) = await living.rows("SELECT mandate FROM mandate")
    page = await reader.submit(f"{give}/{name}/einde")
    assert "Kantoor 0403.199.702" not in page.text
    assert await living.rows("SELECT 1 FROM mandate WHERE ends_on IS NULL") == []


async def test_only_who_may_do_everything_manages_contacts(living: Living, sign_in: Any, employer: Any) -> None:
    limited = employer().model_copy(update={"restricted": {ENTERPRISE: frozenset({Act.READ, Act.ANSWER})}})
    reader = await sign_in(limited)
    page = await reader.get("/contacten")
    assert "Iemand uitnodigen" not in page.text
    answer = await reader.client.post(
        f"/contacten/{ENTERPRISE}/nieuw",
        data={"csrf": page.form("/afmelden")["csrf"], "naam": "X", "adres": "x@y.example", "recht": "read"},
        headers={"origin": "http://portal.example", "sec-fetch-site": "same-origin"},
    )
    assert answer.status_code == 422
    assert await living.rows("SELECT 1 FROM portal_account") == []


async def test_an_accountant_sees_all_enterprises_and_narrows_to_one(
    living: Living, sign_in: Any, employer: Any
) -> None:
    ours = await living.receive()
    theirs = await living.receive(application("0403199702"))
    accountant = employer().model_copy(update={"enterprises": (ENTERPRISE, "0403199702")})
    reader = await sign_in(accountant)
    page = await reader.get("/mijn-dossiers")
    assert ours in page.text
    assert theirs in page.text
    assert "Staalbouw Peeters" in page.text
    page = await reader.get("/mijn-dossiers?onderneming=0403199702")
    assert ours not in page.text
    assert theirs in page.text

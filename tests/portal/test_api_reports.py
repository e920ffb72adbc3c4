"""What a system reports: what is for its party to tell and nothing else, in words that its dossier knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI

from embedded import EmbeddedMail
from models.errors import Refusal
from models.messages.commands import ReportFact
from models.messages.words import FollowUpOutcome, Kind, Party
from portal.api.clients import Clients, Registration
from portal.api.reporting import REPORTABLE, WHO_TELLS
from portal.api.scopes import HELD_BY
from portal.following.possible import REPORTS
from portal.house import House
from tests.portal.asked import Asked, asked
from tests.portal.living import Living, party
from tests.portal.systems import System, let_in
from tests.portal.test_agencies import guided
from tests.portal.test_sentences import story_of
from workflows.trajectory import Trajectory

ON = "2024-03-20"
REPORTED = "SELECT data ->> 'fact' FROM event WHERE dossier = :n AND type = 'reported' ORDER BY sequence"
LEFT = "SELECT dossier FROM contact WHERE left_on IS NOT NULL AND party = 'participant' ORDER BY 1"


@pytest.fixture
async def house(house: House, mailbox: EmbeddedMail) -> House:
    """The house with an address, so that mails have links, and a mail server."""
    server = {"smtp_host": mailbox.host, "smtp_port": mailbox.port, "portal_public_url": "http://portal.example"}
    return replace(house, settings=house.settings.model_copy(update=server))


@pytest.fixture
async def agency_system(app: FastAPI, clients: Clients) -> System:
    """The system of the agency that guides."""
    own = Registration(name="Bureau", party=Party.AGENCY, agency="RiseSmart", scopes=HELD_BY[Party.AGENCY])
    return await let_in(app, clients, own)


async def tell(system: System, number: str, fact: str, **more: Any) -> tuple[int, str]:
    """Report a fact; the status, and the code of a problem."""
    answer = await system.post(f"/dossiers/{number}/reports", {"fact": fact, "on": ON} | more)
    return answer.status_code, answer.json().get("code", "")


async def told(living: Living, number: str) -> list[str]:
    return [fact for (fact,) in await living.rows(REPORTED, n=number)]


@pytest.mark.parametrize(("kind", "speaker"), REPORTABLE)
def test_what_a_system_may_report_is_heard_by_the_story(kind: Kind, speaker: Party) -> None:
    story = story_of(kind)
    assert REPORTABLE[kind, speaker] <= story.reports
    assert WHO_TELLS[kind].keys() <= story.reports


def test_of_everything_that_is_told_on_pages_it_is_said_by_whom() -> None:
    assert all(WHO_TELLS[kind].keys() >= {report.fact for report in told} for (kind, _), told in REPORTS.items())


OTHERS = {
    "new_job": (403, "WrongParty"),
    "job_lost": (403, "WrongParty"),
    "stopped": (403, "WrongParty"),
    "finished": (403, "WrongParty"),
    "default_notice": (403, "WrongParty"),
    "consent_given": (403, "WrongParty"),
    "consent_withdrawn": (403, "WrongParty"),
    "deceased": (403, "WrongParty"),
    "emigrated": (403, "WrongParty"),
    "still_here": (403, "WrongParty"),
    "facts_corrected": (403, "WrongParty"),
    "hours_registered": (409, "HoursApart"),
    "channel_failed": (409, "UnknownFact"),
    "channel_mended": (409, "UnknownFact"),
    "wants_help": (409, "UnknownFact"),
    "moves_fund": (409, "UnknownFact"),
    "earlier_answer": (409, "UnknownFact"),
}
"""How a system hears that it is not for its party to tell."""


async def test_each_party_tells_a_trajectory_only_what_is_its_own(
    living: Living, employer_system: System, agency_system: System, crm: System
) -> None:
    assert OTHERS.keys() >= Trajectory.reports
    number = await guided(living)
    before = await told(living, number)
    speakers = {Party.APPLICANT: employer_system, Party.AGENCY: agency_system, Party.SYSTEM: crm}
    for speaker, system in speakers.items():
        for fact, answer in OTHERS.items():
            if fact not in REPORTABLE.get((Kind.TRAJECTORY, speaker), ()):
                values = {"outcome": "zelfstandig", "because": "mistake", "started_on": "2024-02-12"}
                assert await tell(system, number, fact, values=values) == answer, (speaker, fact)
    for system in (employer_system, agency_system):
        refused = await system.post(f"/dossiers/{number}/withdrawal", {})
        assert (refused.status_code, refused.json()["code"]) == (403, "WrongParty")
    assert await told(living, number) == before
    assert await living.rows(LEFT) == []

    assert await tell(crm, number, "new_job") == (200, "")
    assert await tell(agency_system, number, "job_lost", on="2024-04-02") == (200, "")
    assert (await told(living, number))[len(before) :] == ["new_job", "job_lost"]


async def test_a_turn_of_the_guidance_that_cannot_have_been_is_refused_with_its_field(
    living: Living, agency_system: System, crm: System
) -> None:
    number, offered = await guided(living), await guided(living, started=False)
    before = await told(living, number), await told(living, offered)
    impossible = [
        (number, "job_lost", "2024-02-04", "/on", "begon pas op"),
        (number, "new_job", "2024-12-01", "/on", "moet nog komen"),
        (offered, "finished", ON, "/fact", "zolang de begeleiding loopt"),
    ]
    for system in (agency_system, crm):
        for dossier, fact, on, field, says in impossible:
            answer = await system.post(f"/dossiers/{dossier}/reports", {"fact": fact, "on": on})
            assert (answer.status_code, answer.json()["code"]) == (422, "Misfit"), (fact, on)
            (fault,) = answer.json()["fields"]
            assert fault["field"] == field
            assert says in fault["message"]
    assert (await told(living, number), await told(living, offered)) == before


async def test_the_story_itself_hears_no_consent_nor_an_earlier_answer_of_others(living: Living) -> None:
    number = await guided(living)
    for fact, speaker in (
        ("consent_given", Party.AGENCY),
        ("consent_withdrawn", Party.APPLICANT),
        ("consent_given", Party.SYSTEM),
        ("earlier_answer", Party.AGENCY),
        ("earlier_answer", Party.SYSTEM),
    ):
        report = ReportFact(fact=fact, on=date.fromisoformat(ON), by=party(speaker))
        with pytest.raises(Refusal) as refused:
            await living.house.starter.report(number, report)
        assert refused.value.code == ("UnknownFact" if fact == "earlier_answer" else "WrongParty"), (fact, speaker)
    own = ReportFact(fact="consent_withdrawn", on=date.fromisoformat(ON), by=party(Party.PARTICIPANT))
    await living.house.starter.report(number, own)
    assert (await told(living, number))[-1] == "consent_withdrawn"


async def test_a_death_that_an_agency_reports_holds_in_every_dossier_of_the_person(
    living: Living, agency_system: System
) -> None:
    one, twin, stranger = await guided(living), await guided(living), await guided(living)
    for number in (one, twin):
        await living.rows("UPDATE participant SET person = 'same' WHERE dossier = :n RETURNING 1", n=number)
    late = await agency_system.post(f"/dossiers/{one}/reports", {"fact": "deceased", "on": "2024-12-01"})
    assert (late.status_code, late.json()["fields"][0]["field"]) == (422, "/on")
    assert await living.rows(LEFT) == []

    answer = await agency_system.post(f"/dossiers/{one}/reports", {"fact": "deceased", "on": ON})

    assert answer.status_code == 200, answer.text
    entries = (await agency_system.get(f"/dossiers/{one}/timeline", params={"limit": 200})).json()["entries"]
    heard = next(entry for entry in entries if entry["data"].get("fact") == "deceased")
    assert heard["sequence"] <= answer.json()["version"]
    assert "deceased" in await told(living, twin)
    assert "deceased" not in await told(living, stranger)
    assert [number for (number,) in await living.rows(LEFT)] == sorted((one, twin))


async def test_every_word_of_the_list_is_taken_with_a_new_job_and_as_an_answer(
    living: Living, agency_system: System
) -> None:
    number = await guided(living)
    for word in FollowUpOutcome:
        assert await tell(agency_system, number, "new_job", values={"outcome": word}) == (200, ""), word
        said = {"request": "agency_outcome", "values": {"outcome": word}}
        assert (await agency_system.post(f"/dossiers/{number}/answers", said)).status_code == 200, word
    with_it = "SELECT data -> 'values' ->> 'outcome' FROM event WHERE dossier = :n AND data ->> 'fact' = 'new_job'"
    assert {word for (word,) in await living.rows(with_it, n=number)} == set(FollowUpOutcome)


WRONG: list[Any] = [
    pytest.param({"outcome": "job"}, "/values/outcome", "SWT/pensioen", id="no word of the list"),
    pytest.param({"reason": "job zelfde sector"}, "/values/reason", "juiste vorm", id="no code"),
    pytest.param({"reason": "BE68539007547034"}, "/values/reason", "rekeningnummer", id="an account"),
    pytest.param({"outcome": None}, "/values/outcome", "tekst", id="nothing"),
]


@pytest.mark.parametrize(("values", "field", "says"), WRONG)
async def test_a_value_that_is_no_code_is_refused_with_its_field(
    agency_system: System, values: dict[str, Any], field: str, says: str
) -> None:
    answer = await agency_system.post(
        "/dossiers/ANT-2024-J-000001/reports", {"fact": "new_job", "on": ON, "values": values}
    )
    (fault,) = answer.json()["fields"]
    assert (answer.status_code, fault["field"]) == (422, field)
    assert says in fault["message"]


async def test_a_paid_job_that_an_agency_answers_is_what_became_of_the_person(
    living: Living, agency_system: System
) -> None:
    person: Asked = await asked(living)
    _, until = await living.request(person.number, "follow_up")
    await living.comes(person.number, until)
    request, _ = await living.request(person.number, "agency_outcome")
    answer = await agency_system.post(
        f"/dossiers/{person.number}/answers", {"request": request, "values": {"outcome": "job andere sector"}}
    )
    assert answer.status_code == 200, answer.text
    became = "SELECT outcome, told_by FROM follow_up WHERE dossier = :n AND outcome <> 'onbekend'"
    await living.eventually(became, n=person.number)
    assert await living.rows(became, n=person.number) == [("job andere sector", "agency")]

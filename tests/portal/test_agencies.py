"""An agency's month: on the page, from a file and for one person; nothing that cannot be, and nothing twice."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.messages.commands import AnswerRequest, ReportFact
from models.messages.words import FollowUpOutcome, Party
from portal.access.visitor import Visitor
from tests.portal.living import Living, party
from tests.portal.test_partners import dismissed

NOW = date(2024, 4, 3)
HOURS = "SELECT month, hours::text, sessions, first_on FROM guided_hours WHERE dossier = :n ORDER BY month"


def agency(name: str = "RiseSmart") -> Visitor:
    return Visitor(session="", csrf="", person=f"{name}-1", name="Els Claes", party=Party.AGENCY, agency=name)


async def guided(living: Living, *, started: bool = True) -> str:
    """Somebody who accepted the offer; the first talk was on 5 February when `started`, and it is 3 April."""
    number = await living.receive(dismissed())
    accepted = AnswerRequest(request="answer", by=party(Party.PARTICIPANT), values={"answer": "accepted"})
    await living.request(number, "answer")
    await living.house.starter.answer(number, accepted)
    await living.request(number, "start")
    if started:
        told = AnswerRequest(request="start", by=party(Party.AGENCY), values={"started_on": "2024-02-05"})
        await living.house.starter.answer(number, told)
        await living.eventually("SELECT 1 FROM dossier WHERE number = :n AND phase = 'guidance_1'", n=number)
        await living.comes(number, NOW)
    return number


async def test_a_month_is_filled_in_row_by_row_and_a_refused_row_keeps_what_was_typed(
    living: Living, sign_in: Any
) -> None:
    first, second = await guided(living), await guided(living)
    reader = await sign_in(agency())
    page = await reader.get("/bureau/maand/2024-03")
    assert "0 van 2 deelnemers ingevuld" in page.text
    typed = {f"uren.{first}": "7,5", f"gesprekken.{first}": "3", f"uren.{second}": "-4", f"gesprekken.{second}": "1"}
    page = await reader.submit("/bureau/maand/2024-03", **typed)
    assert page.status == 422
    assert "Aantal bewaarde rijen: 1." in page.text
    assert "Dit is geen getal van nul of meer." in page.text
    assert page.form("/bureau/maand/2024-03")[f"uren.{second}"] == "-4"
    assert await living.rows(HOURS, n=first) == [("2024-03", "7.50", 3, None)]
    assert await living.rows(HOURS, n=second) == []

    page = await reader.submit("/bureau/maand/2024-03", **{f"uren.{second}": "12"})
    assert "Aantal deelnemers: 1." in page.text
    assert "2 van 2 deelnemers ingevuld" in page.text
    page = await reader.submit("/bureau/maand/2024-03")
    assert "Er was niets nieuws te bewaren." in page.text
    told = await living.rows("SELECT 1 FROM event WHERE type = 'reported' AND data ->> 'fact' = 'hours_registered'")
    assert len(told) == 2


async def test_going_back_to_an_earlier_number_counts_as_told_last(living: Living, sign_in: Any) -> None:
    number = await guided(living)
    reader = await sign_in(agency())
    for hours in ("5", "7", "5"):
        await reader.get("/bureau/maand/2024-03")
        await reader.submit("/bureau/maand/2024-03", **{f"uren.{number}": hours, f"gesprekken.{number}": "2"})
    assert await living.rows(HOURS, n=number) == [("2024-03", "5.00", 2, None)]


async def test_a_first_talk_on_the_page_of_the_month_begins_the_guidance(living: Living, sign_in: Any) -> None:
    number = await guided(living, started=False)
    reader = await sign_in(agency())
    assert "de dag van het eerste gesprek" in (await reader.get("/deelnemers")).text
    await reader.get("/bureau/maand/2024-01")
    typed = {f"uren.{number}": "1,5", f"gesprekken.{number}": "1"}
    page = await reader.submit("/bureau/maand/2024-01", **typed)
    assert "vul de dag van het eerste gesprek in" in page.text
    await reader.submit("/bureau/maand/2024-01", **typed | {f"eerste-gesprek.{number}": "22/01/2024"})
    await living.eventually("SELECT 1 FROM dossier WHERE number = :n AND phase = 'guidance_1'", n=number)
    assert await living.rows(HOURS, n=number) == [("2024-01", "1.50", 1, date(2024, 1, 22))]
    assert "Niets. Alles wat wij vroegen, is beantwoord." in (await reader.get("/deelnemers")).text


CASES: list[Any] = [
    pytest.param({"Uren": "745", "Gesprekken": "3"}, "Uren: Dat is meer dan 24 uur per dag.", id="25 hours a day"),
    pytest.param({"Uren": "veel", "Gesprekken": "3"}, "Uren: Dit is geen getal", id="no number"),
    pytest.param({"Maand": "2024-05"}, "Maand: Deze maand moet nog beginnen.", id="a month to come"),
    pytest.param({"Maand": "mei"}, "Maand: Schrijf de maand als jaar-maand", id="no month"),
    pytest.param({"Maand": "2024-01"}, "Maand: De begeleiding begon pas op 05/02/2024.", id="before the start"),
    pytest.param({"Gesprekken": ""}, "Gesprekken: Vul in hoeveel gesprekken", id="hours without a talk"),
    pytest.param({"Eerste gesprek": "31/02/2024"}, "Eerste gesprek: Dit is geen dag.", id="no day"),
    pytest.param({"Gebeurtenis": "gestopt"}, "Dag gebeurtenis: Vul in op welke dag", id="an end without its day"),
    pytest.param({"Gebeurtenis": "ontslag"}, "Gebeurtenis: Kies nieuw werk", id="no event"),
    pytest.param({"Uitkomst": "werkzoekend"}, "Uitkomst: Een uitkomst vragen wij u nu niet.", id="not asked"),
    pytest.param({"Uitkomst": "astronaut"}, "Uitkomst: Kies een uitkomst uit de lijst.", id="no outcome"),
    pytest.param({"Dossiernummer": "ANT-2024-J-999999"}, "Dossiernummer: Dit dossier is niet van uw", id="not yours"),
]


def file_of(number: str, **changed: str) -> bytes:
    row = {"Dossiernummer": number, "Maand": "2024-03", "Uren": "7,5", "Gesprekken": "3"} | changed
    return f"{';'.join(row)}\r\n{';'.join(row.values())}\r\n".encode()


async def sent(reader: Any, content: bytes, name: str = "uren.csv") -> Any:
    await reader.get("/bureau/maand/2024-03")
    token = reader.page.form("/afmelden")["csrf"]
    headers = {"origin": "http://portal.example", "sec-fetch-site": "same-origin"}
    address = f"/bureau/maand/2024-03/bestand?csrf={token}"
    answer = await reader.client.post(address, files={"bestand": (name, content)}, headers=headers)
    reader.page = type(reader.page)(answer)
    return reader.page


async def test_a_file_tells_its_faults_by_row_and_registers_nothing_of_them(living: Living, sign_in: Any) -> None:
    number = await guided(living)
    reader = await sign_in(agency())
    for case in CASES:
        changed, fault = case.values
        page = await sent(reader, file_of(number, **changed))
        assert page.status == 422, case.id
        assert f"Rij 2, {fault}" in page.text, (case.id, page.text)
        assert "Bewaar deze regels" not in page.text, case.id
    for content, fault in (
        (b"", "Dit bestand is leeg."),
        (b"a;b\r\n1;2\r\n", "De kolom 'Dossiernummer' ontbreekt."),
        (b"\x00\x01\x02", "Dit is geen CSV- of Excelbestand"),
        (b"PK\x03\x04 broken", "Dit is geen CSV- of Excelbestand"),
        (b"x" * 2_000_001, "groter dan 2 MB"),
        (b'Dossiernummer;Uren\r\n"open;3\r\n', "Een aanhalingsteken staat verkeerd"),
        (file_of(number) + file_of(number).splitlines()[1], "staat twee keer in het bestand"),
    ):
        page = await sent(reader, content)
        assert page.status == 422
        assert fault in page.text
    assert await living.rows(HOURS, n=number) == []


async def test_a_file_is_looked_at_then_confirmed_and_the_same_file_again_changes_nothing(
    living: Living, sign_in: Any
) -> None:
    first, second = await guided(living), await guided(living)
    reader = await sign_in(agency())
    await reader.get("/bureau/maand/2024-03")
    template = await reader.client.get("/bureau/maand/2024-03/sjabloon.csv")
    header, *rows = template.content.decode("utf-8-sig").splitlines()
    assert header.startswith("Dossiernummer;Naam;Maand;Uren;Gesprekken;Eerste gesprek")
    assert {row.split(";")[0] for row in rows} == {first, second}
    filled = [f"{first};Noor Smets;2024-03;7,5;3;;;;", f"{second};;03/2024;10;2;;gestopt;20/03/2024;werkzoekend"]
    content = "\r\n".join((header, *filled)).encode("cp1252")

    page = await sent(reader, content)
    assert "Aantal regels dat bewaard wordt: 2." in page.text
    assert await living.rows(HOURS, n=first) == []
    action = "/bureau/maand/2024-03/bestand/bevestigen"
    token = reader.page.reader.forms[-1]["action"].split("csrf=")[1]
    page = await reader.submit(f"{action}?csrf={token}")
    assert "Aantal regels uit het bestand: 2." in page.text
    assert await living.rows(HOURS, n=first) == [("2024-03", "7.50", 3, None)]
    assert await living.rows(HOURS, n=second) == [("2024-03", "10.00", 2, None)]
    told = "SELECT data -> 'values' ->> 'outcome' FROM event WHERE dossier = :n AND data ->> 'code' = 'agency_outcome'"
    assert await living.rows(told, n=second) == [(FollowUpOutcome.JOB_SEEKING,)]
    await living.eventually("SELECT 1 FROM dossier WHERE number = :n AND phase = 'ending'", n=second)

    before = await living.rows("SELECT count(*) FROM event")
    page = await sent(reader, content)
    assert "Dit bestand verandert niets: alles staat er al." in page.text
    assert await living.rows("SELECT count(*) FROM event") == before


async def test_what_a_form_kept_of_a_file_is_read_again_and_nothing_of_others_is_touched(
    living: Living, sign_in: Any
) -> None:
    number = await guided(living)
    other = await sign_in(agency("Travvant"))
    await other.get("/bureau/maand/2024-03")
    token = other.page.form("/afmelden")["csrf"]
    headers = {"origin": "http://portal.example", "sec-fetch-site": "same-origin"}
    action = "/bureau/maand/2024-03/bestand/bevestigen"
    kept = f'[[2, "{number}", "2024-03", "7,5", "3", "", "", "", ""]]'
    answer = await other.client.post(action, data={"csrf": token, "regels": kept}, headers=headers)
    assert answer.status_code == 303
    for spoiled in ("", "{}", "[[2]]", '[["2", "x", "2024-03", "", "", "", "", "", ""]]'):
        answer = await other.client.post(action, data={"csrf": token, "regels": spoiled}, headers=headers)
        assert answer.status_code == 422
    assert await living.rows(HOURS, n=number) == []
    for page in (f"/deelnemers/{number}", "/bureau/maand/2024-3", "/bureau/maand/mei"):
        assert (await other.get(page)).status == 404


async def test_one_person_s_month_and_course_are_told_on_the_own_page(living: Living, sign_in: Any) -> None:
    number = await guided(living)
    reader = await sign_in(agency())
    own = f"/deelnemers/{number}"
    await reader.get(own)
    page = await reader.submit(f"{own}/uren", maand="2024-03", uren="", gesprekken="2")
    assert "Vul ook de uren in; 0 als er geen waren." in page.text
    page = await reader.submit(f"{own}/uren", maand="2024-03", uren="20", gesprekken="6")
    assert "Goed ontvangen." in page.text
    assert "2024-03 20 6" in page.text
    page = await reader.submit(f"{own}/gebeurtenis", gebeurtenis="new_job", dag="01/05/2024")
    assert "Deze dag moet nog komen." in page.text
    page = await reader.submit(f"{own}/gebeurtenis", gebeurtenis="new_job", dag="01/04/2024", uitkomst="zelfstandig")
    assert page.address == own
    ((values,),) = await living.rows(
        "SELECT data -> 'values' FROM event WHERE dossier = :n AND data ->> 'fact' = 'new_job'", n=number
    )
    assert values == {"outcome": "zelfstandig"}


async def tell_hours(living: Living, number: str) -> None:
    """The agency answers what is asked at the end of a phase."""
    asked, _until = await living.request(number, "hours")
    told = AnswerRequest(request=asked, by=party(Party.AGENCY), values={"hours": "20"})
    await living.house.starter.answer(number, told)


async def asked_at_the_end(living: Living) -> tuple[str, str]:
    """Somebody who looked for work at the end of the first phase and stopped; the agency is asked what is known now."""
    number, person = await guided(living), party(Party.PARTICIPANT)
    await living.comes(number, date(2024, 4, 8))
    await tell_hours(living, number)
    status, _until = await living.request(number, "status")
    said = AnswerRequest(request=status, by=person, values={"outcome": FollowUpOutcome.JOB_SEEKING})
    await living.house.starter.answer(number, said)
    await living.eventually("SELECT 1 FROM follow_up WHERE dossier = :n AND moment = 'phase_1'", n=number)
    stopped = ReportFact(fact="stopped", on=date(2024, 4, 5), by=party(Party.AGENCY))
    await living.house.starter.report(number, stopped)
    await tell_hours(living, number)
    _question, until = await living.request(number, "follow_up")
    await living.comes(number, until)
    asked, _until = await living.request(number, "agency_outcome")
    return number, asked


async def told_of(living: Living, number: str, fact: str) -> list[Any]:
    told = "SELECT data -> 'values' FROM event WHERE dossier = :n AND data ->> 'fact' = :fact ORDER BY sequence"
    return [values or {} for (values,) in await living.rows(told, n=number, fact=fact)]


async def kept(reader: Any, number: str, **changed: str) -> Any:
    """One line without hours, sent as a file and confirmed."""
    page = await sent(reader, file_of(number, Uren="", Gesprekken="", **changed))
    action = next(form["action"] for form in page.reader.forms if "bevestigen" in form["action"])
    return await reader.submit(action)


@pytest.mark.parametrize("way", ["page", "file"])
async def test_the_same_word_at_a_later_moment_answers_the_question_of_that_moment(
    living: Living, sign_in: Any, way: str
) -> None:
    number, asked = await asked_at_the_end(living)
    reader, own = await sign_in(agency()), f"/deelnemers/{number}"
    if way == "page":
        await reader.get(own)
        page = await reader.submit(f"{own}/gebeurtenis", uitkomst=FollowUpOutcome.JOB_SEEKING)
        assert "Goed ontvangen." in page.text
    else:
        page = await kept(reader, number, Uitkomst=FollowUpOutcome.JOB_SEEKING)
        assert "Aantal regels uit het bestand: 1." in page.text
    assert await living.rows("SELECT state FROM request WHERE request = :asked", asked=asked) == [("answered",)]
    known = "SELECT outcome, told_by FROM follow_up WHERE dossier = :n AND moment = 'end'"
    await living.eventually(known, n=number)
    assert await living.rows(known, n=number) == [(FollowUpOutcome.JOB_SEEKING, Party.AGENCY)]
    page = await sent(reader, file_of(number, Uren="", Gesprekken="", Uitkomst=FollowUpOutcome.JOB_SEEKING))
    assert "Dit bestand verandert niets: alles staat er al." in page.text


async def test_what_was_said_while_nobody_had_answered_yet_counts_although_the_last_day_is_over(
    living: Living, sign_in: Any
) -> None:
    number, asked = await asked_at_the_end(living)
    ((until,),) = await living.rows("SELECT until FROM request WHERE request = :asked", asked=asked)
    await living.comes(number, until)
    await living.task(number, "phone")
    reader, own = await sign_in(agency()), f"/deelnemers/{number}"
    await reader.get(own)
    await reader.submit(f"{own}/gebeurtenis", uitkomst=FollowUpOutcome.JOB_SEEKING)
    known = "SELECT told_by FROM follow_up WHERE dossier = :n AND moment = 'end'"
    assert await living.eventually(known, n=number) == Party.AGENCY, "nobody has to telephone any more"


@pytest.mark.parametrize("way", ["page", "file"])
async def test_an_outcome_that_comes_after_its_new_job_is_told_with_it_once(
    living: Living, sign_in: Any, way: str
) -> None:
    number = await guided(living)
    reader, own = await sign_in(agency()), f"/deelnemers/{number}"
    job, word = {"Gebeurtenis": "nieuw werk", "Dag gebeurtenis": "01/04/2024"}, {"Uitkomst": "zelfstandig"}
    await kept(reader, number, **job)
    assert await told_of(living, number, "new_job") == [{}]
    if way == "page":
        await reader.get(own)
        typed = {"gebeurtenis": "new_job", "dag": "01/04/2024", "uitkomst": "zelfstandig"}
        assert "Goed ontvangen." in (await reader.submit(f"{own}/gebeurtenis", **typed)).text
        await reader.get(own)
        assert "Er was niets nieuws te bewaren." in (await reader.submit(f"{own}/gebeurtenis", **typed)).text
    else:
        assert "Aantal regels uit het bestand: 1." in (await kept(reader, number, **job, **word)).text
    assert await told_of(living, number, "new_job") == [{}, {"outcome": "zelfstandig"}]
    lines = file_of(number, Uren="", Gesprekken="", **job, **word)
    assert "Dit bestand verandert niets: alles staat er al." in (await sent(reader, lines)).text

    lost = {"Gebeurtenis": "werk verloren", "Dag gebeurtenis": "02/04/2024"}
    await kept(reader, number, **lost)
    page = await sent(reader, file_of(number, Uren="", Gesprekken="", **job, Uitkomst=FollowUpOutcome.SAME_SECTOR))
    assert "Uitkomst: Een uitkomst vragen wij u nu niet." in page.text, "a job that was lost does not begin again"


async def test_an_outcome_that_comes_after_the_end_is_kept_for_the_question(living: Living, sign_in: Any) -> None:
    number = await guided(living)
    reader = await sign_in(agency())
    end, word = {"Gebeurtenis": "gestopt", "Dag gebeurtenis": "20/03/2024"}, {"Uitkomst": "werkzoekend"}
    await kept(reader, number, **end)
    await tell_hours(living, number)
    await living.eventually("SELECT 1 FROM dossier WHERE number = :n AND phase = 'ending'", n=number)
    await kept(reader, number, **end, **word)
    said = "SELECT data -> 'values' ->> 'outcome' FROM event WHERE dossier = :n AND data ->> 'code' = 'agency_outcome'"
    assert await living.rows(said, n=number) == [(FollowUpOutcome.JOB_SEEKING,)]
    page = await sent(reader, file_of(number, Uren="", Gesprekken="", **end, **word))
    assert "Dit bestand verandert niets: alles staat er al." in page.text

"""A closure as one file: read whole, told row by row, received once."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from database import glance, transaction
from importing.cohort_files import announced_of, preview, receive
from importing.cohorts import Announced, read_cohort, read_person, template
from importing.faults import ImportRefused
from importing.storing import Rehearsed, as_received
from models.errors import Refusal
from models.messages.words import Fund, Kind, Outcome
from models.tables import CohortFile, CohortLine, Contact, DossierRow, HandedOn, Participant, Receipt
from tests.importing.closures import CLOSURE, OFFICE, RATES, SECRET, as_csv, as_xlsx, kept, somebody

Changed = dict[str, str]


async def looked_at(engine: AsyncEngine, path: Path, closure: Announced = CLOSURE) -> str:
    """The preview of a file."""
    cohort = read_cohort(path, closure, OFFICE)
    return await preview(engine, cohort, closure, RATES, name=path.name, person="hanne", secret=SECRET)


async def counted(engine: AsyncEngine, what: type, *where: object) -> int:
    async with glance(engine) as connection:
        return int(await connection.scalar(select(func.count()).select_from(what).where(*where)) or 0)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "column", "says"),
    [
        pytest.param({"Geboortedatum": "31/02/1980"}, "Geboortedatum", "is geen datum", id="a day that does not exist"),
        pytest.param({"Geboortedatum": "01/01/2019"}, "Geboortedatum", "7 jaar", id="a child"),
        pytest.param({"Statuut": "baas"}, "Statuut", "staat niet in de lijst", id="an unknown status"),
        pytest.param({"Naam": ""}, "Naam", "is leeg", id="no name"),
        pytest.param({"Einde overeenkomst": "01/01/2026"}, "Einde overeenkomst", "voor de kennisgeving", id="order"),
        pytest.param({"Eerste werkdag": "03/03/2026"}, "Kennisgeving ontslag", "eerste werkdag", id="service after it"),
        pytest.param({"Tewerkstellingsbreuk": "1,2"}, "Tewerkstellingsbreuk", "voltijds", id="more than full time"),
        pytest.param({"Verbrekingsvergoeding (weken)": "veel"}, "Verbrekingsvergoeding (weken)", "getal", id="weeks"),
    ],
)
def test_a_mistake_is_named_by_row_and_column(tmp_path: Path, changed: Changed, column: str, says: str) -> None:
    path = kept(tmp_path, as_csv([somebody(1), somebody(2, **changed), somebody(3)]))
    rows = read_cohort(path, CLOSURE, OFFICE).rows
    assert [row.row for row in rows if row.faults] == [3]
    [fault] = rows[1].faults
    assert (fault.row, fault.column) == (3, column)
    assert says in fault.message
    assert rows[1].application is None


@pytest.mark.parametrize(
    ("column", "typed"),
    [
        ("Ondernemingsnummer", "0000.250.715"),
        ("Soort ontslag", "individueel"),
        ("Aankondiging collectief ontslag", "13/01/2026"),
        ("Faillissement", "ja"),
    ],
)
def test_a_row_of_another_closure_is_a_fault(tmp_path: Path, column: str, typed: str) -> None:
    same = {"Ondernemingsnummer": "BE 0417.497.106", "Soort ontslag": "Sluiting", "Faillissement": "nee"}
    same["Aankondiging collectief ontslag"] = "2026-01-12"
    rows = [somebody(1) | same, somebody(2) | same | {column: typed}]
    read = read_cohort(kept(tmp_path, as_csv(rows)), CLOSURE, OFFICE).rows
    assert [len(row.faults) for row in read] == [0, 1]
    assert read[1].faults[0].column == column


def test_the_same_person_twice_in_one_file_is_a_fault(tmp_path: Path) -> None:
    again = somebody(1) | {"Voornaam": "VOORNAAM1 ", "E-mail": "elders@leeg.example"}
    rows = read_cohort(kept(tmp_path, as_csv([somebody(1), again])), CLOSURE, OFFICE).rows
    assert "op rij 2" in rows[1].faults[0].message


def test_a_formula_and_a_bomb_are_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="formule"):
        read_cohort(kept(tmp_path, as_csv([somebody(1, Naam="=1+1")])), CLOSURE, OFFICE)
    bomb = tmp_path / "bom.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 400_000_000)
    with pytest.raises(ImportRefused):
        read_cohort(bomb, CLOSURE, OFFICE)


def test_a_list_of_something_else_is_refused(files: Path) -> None:
    with pytest.raises(ImportRefused, match="geen lijst met ontslagen personen"):
        read_cohort(files / "subsidy-participants.csv", CLOSURE, OFFICE)


def test_the_template_can_be_read_and_asks_nothing_of_later(tmp_path: Path) -> None:
    rows = read_cohort(kept(tmp_path, template().encode()), CLOSURE, OFFICE).rows
    assert [row.faults for row in rows] == [()]
    assert not {"Startdatum", "Antwoord", "Einddatum traject"} & set(template().splitlines()[0].split(";"))


async def test_a_preview_stores_nothing_in_dossiers_and_says_what_is_near(engine: AsyncEngine, tmp_path: Path) -> None:
    file = await looked_at(engine, kept(tmp_path, as_csv([somebody(1), somebody(20)])))
    assert await counted(engine, Receipt) == 0
    async with glance(engine) as connection:
        query = select(CohortLine).where(col(CohortLine.row) > 0).order_by(col(CohortLine.row))
        lines = (await connection.execute(query)).all()
        kept_file = (await connection.execute(select(CohortFile).where(col(CohortFile.file) == file))).one()
    assert (kept_file.people, kept_file.faults, kept_file.state) == (2, 0, "preview")
    assert {line.facts["regime"] for line in lines} <= {"collectief-onder45", "collectief-45plus"}
    assert lines[1].facts["channels"] == []


@pytest.mark.parametrize(("written", "name"), [(as_csv, "lijst.csv"), (as_xlsx, "lijst.xlsx")], ids=["csv", "xlsx"])
async def test_a_file_becomes_one_dossier_however_often_it_comes(
    engine: AsyncEngine, tmp_path: Path, written: Callable[[list[Changed]], bytes], name: str
) -> None:
    path = kept(tmp_path, written([somebody(number) for number in range(1, 31)]), name)
    number = await receive(engine, await looked_at(engine, path), SECRET)
    assert await receive(engine, await looked_at(engine, path), SECRET) == number
    children = (col(Receipt.parent) == number, col(Receipt.kind) == Kind.TRAJECTORY.value)
    assert await counted(engine, Receipt, *children) == 30
    assert await counted(engine, CohortLine) == 0, "names stand in dossiers now, and nowhere else"
    assert await counted(engine, Participant, col(Participant.person).is_(None)) == 0


async def test_a_second_file_adds_the_new_people_to_the_same_dossier(engine: AsyncEngine, tmp_path: Path) -> None:
    first = await receive(engine, await looked_at(engine, kept(tmp_path, as_csv([somebody(1), somebody(2)]))), SECRET)
    again = kept(tmp_path, as_csv([somebody(2) | {"Telefoon": "0400 99 99 99"}, somebody(3)]), "tweede.csv")
    file = await looked_at(engine, again)
    async with glance(engine) as connection:
        inside = select(col(CohortLine.facts)["inside"].astext).where(col(CohortLine.row) == 2)
        assert (await connection.scalar(inside) or "").startswith("ANT-")
    assert await receive(engine, file, SECRET) == first
    assert await counted(engine, Receipt, col(Receipt.parent) == first) == 3
    assert await counted(engine, Receipt, col(Receipt.kind) == Kind.OUTPLACEMENT.value) == 1
    async with glance(engine) as connection:
        new = select(col(CohortFile.new)).where(col(CohortFile.file) == file)
        assert await connection.scalar(new) == 1


async def test_one_fault_keeps_the_whole_file_out(engine: AsyncEngine, tmp_path: Path) -> None:
    file = await looked_at(engine, kept(tmp_path, as_csv([somebody(1), somebody(2, Statuut="?")])))
    with pytest.raises(Refusal, match="herstel eerst"):
        await receive(engine, file, SECRET)
    assert await counted(engine, Receipt) == 0


@pytest.mark.parametrize(
    ("second", "closure", "relation"),
    [
        pytest.param(
            {"Eerste werkdag": "01/02/2015"}, {"enterprise_number": "0000250715"}, "two_employers", id="two jobs"
        ),
        pytest.param(
            {"Eerste werkdag": "01/04/2026", "Kennisgeving ontslag": "02/06/2026", "Einde overeenkomst": "02/06/2026"},
            {"enterprise_number": "0000250715"},
            "dismissed_again_soon",
            id="the new job was lost within three months",
        ),
        pytest.param(
            {"Eerste werkdag": "01/04/2026", "Kennisgeving ontslag": "02/09/2026", "Einde overeenkomst": "02/09/2026"},
            {"enterprise_number": "0000250715"},
            "dismissed_again",
            id="dismissed again later",
        ),
        pytest.param({}, {"announced_on": None, "dismissal": "restructuring"}, "double", id="the same dismissal"),
    ],
)
async def test_a_person_who_is_known_is_noticed(
    engine: AsyncEngine, tmp_path: Path, second: Changed, closure: dict[str, object], relation: str
) -> None:
    await receive(engine, await looked_at(engine, kept(tmp_path, as_csv([somebody(1)]))), SECRET)
    other = CLOSURE.model_copy(update=closure)
    path = kept(tmp_path, as_csv([somebody(1, **second)]), "ander.csv")
    number = await receive(engine, await looked_at(engine, path, other), SECRET)
    async with glance(engine) as connection:
        facts = await connection.scalar(select(col(Receipt.facts)).where(col(Receipt.parent) == number))
        first = await connection.scalar(
            select(col(Receipt.number)).where(col(Receipt.kind) == "trajectory").order_by(col(Receipt.number)).limit(1)
        )
    assert facts is not None
    assert facts["earlier"] == {"number": first, "relation": relation}


async def test_a_person_typed_into_a_form_is_read_like_a_row(engine: AsyncEngine, tmp_path: Path) -> None:
    number = await receive(engine, await looked_at(engine, kept(tmp_path, as_csv([somebody(1)]))), SECRET)
    async with transaction(engine) as connection:
        closure = await announced_of(connection, number)
    assert closure is not None
    assert (closure.announced_on, closure.employer_name) == (CLOSURE.announced_on, CLOSURE.employer_name)
    row = read_person(somebody(2, **{"Straat en nummer": "Dorp 1", "Postcode": "2000"}), closure, OFFICE)
    assert row.application is not None
    received = as_received(row.application, number, Rehearsed.NO)
    assert received.parties[0].street == "Dorp 1"
    assert read_person(somebody(2, Naam=""), closure, OFFICE).faults[0].column == "Naam"


async def test_the_employer_is_reached_where_the_closure_says(engine: AsyncEngine, tmp_path: Path) -> None:
    number = await receive(engine, await looked_at(engine, kept(tmp_path, as_csv([somebody(1)]))), SECRET)
    async with glance(engine) as connection:
        query = select(Contact).where(col(Contact.dossier) == number, col(Contact.party) == "applicant")
        contact = (await connection.execute(query)).one()
        facts = await connection.scalar(select(col(Receipt.facts)).where(col(Receipt.number) == number))
    assert (contact.name, contact.email, contact.iban) == ("Petra Peeters", CLOSURE.email, CLOSURE.iban)
    assert facts is not None
    assert (facts["people"], facts["dismissal"], facts["agency"]) == (1, "closure", "RiseSmart")
    assert Fund.ANTWERPEN in number


async def closed(engine: AsyncEngine, number: str, outcome: Outcome, onward: str | None = None) -> None:
    """What a story leaves behind when its dossier closes; perhaps another fund goes on with it."""
    now = datetime.now(UTC)
    async with transaction(engine) as connection:
        receipt = (await connection.execute(select(Receipt).where(col(Receipt.number) == number))).one()
        row = {"number": number, "fund": receipt.fund, "kind": receipt.kind, "instrument": receipt.instrument}
        row |= {"policy": "p", "received_at": now, "phase": "intake", "updated_at": now, "outcome": outcome}
        await connection.execute(insert(DossierRow).values(**row))
        if onward is not None:
            handed = {"number": onward, "predecessor": number, "carried": {}, "at": now}
            await connection.execute(insert(HandedOn).values(**handed))


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.WITHDRAWN, Outcome.LAPSED, Outcome.COMPLETED])
async def test_a_list_after_a_closed_dossier_opens_a_new_one_for_everybody_in_it(
    engine: AsyncEngine, tmp_path: Path, outcome: Outcome
) -> None:
    path = kept(tmp_path, as_csv([somebody(1), somebody(2)]))
    first = await receive(engine, await looked_at(engine, path), SECRET)
    await closed(engine, first, outcome)
    file = await looked_at(engine, kept(tmp_path, as_csv([somebody(2), somebody(3)]), "tweede.csv"))
    second = await receive(engine, file, SECRET)
    assert second != first
    assert await counted(engine, Receipt, col(Receipt.parent) == first) == 2
    assert await counted(engine, Receipt, col(Receipt.parent) == second) == 2
    again = kept(tmp_path, as_csv([somebody(3), somebody(4)]), "derde.csv")
    assert await receive(engine, await looked_at(engine, again), SECRET) == second
    assert await receive(engine, await looked_at(engine, path), SECRET) == first, "the same file is nothing new"
    assert await counted(engine, Receipt, col(Receipt.parent) == second) == 3
    assert await counted(engine, Receipt, col(Receipt.parent) == first) == 2
    await closed(engine, second, outcome)
    last = kept(tmp_path, as_csv([somebody(4)]), "vierde.csv")
    assert await receive(engine, await looked_at(engine, last), SECRET) not in (first, second)


async def test_a_list_of_a_closure_that_another_fund_goes_on_with_names_the_dossier_there(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    first = await receive(engine, await looked_at(engine, kept(tmp_path, as_csv([somebody(1)]))), SECRET)
    more = kept(tmp_path, as_csv([somebody(1), somebody(2)]), "tweede.csv")
    before = await looked_at(engine, more)
    await closed(engine, first, Outcome.HANDED_OVER, onward="LIM-2026-O-000007")
    async with transaction(engine) as connection:
        handed = {"number": "OVL-2026-O-000009", "predecessor": "LIM-2026-O-000007", "carried": {}}
        await connection.execute(insert(HandedOn).values(**handed, at=datetime.now(UTC)))
    for attempt in (receive(engine, before, SECRET), looked_at(engine, more)):
        with pytest.raises(Refusal, match="verder, in dossier OVL-2026-O-000009") as refused:
            await attempt
        assert refused.value.code == "GoesOnElsewhere"
    assert await counted(engine, Receipt) == 2


async def test_a_list_goes_to_the_dossier_whose_employer_has_a_successor(engine: AsyncEngine, tmp_path: Path) -> None:
    first = await receive(engine, await looked_at(engine, kept(tmp_path, as_csv([somebody(1)]))), SECRET)
    async with transaction(engine) as connection:
        ours = col(Receipt.number) == first
        await connection.execute(update(Receipt).where(ours).values(enterprise_number="0000250715"))
    file = await looked_at(engine, kept(tmp_path, as_csv([somebody(2)]), "tweede.csv"))
    async with glance(engine) as connection:
        assert await connection.scalar(select(col(CohortFile.dossier)).where(col(CohortFile.file) == file)) == first
    assert await receive(engine, file, SECRET) == first


async def test_two_closures_number_their_people_each_for_itself(engine: AsyncEngine, tmp_path: Path) -> None:
    numbered = [somebody(number, Trajectnummer=str(number)) for number in (1, 2, 3)]
    first = await receive(engine, await looked_at(engine, kept(tmp_path, as_csv(numbered))), SECRET)
    other = CLOSURE.model_copy(update={"enterprise_number": "0000250715", "employer_name": "Ander"})
    others = [somebody(number + 10, Trajectnummer=str(number)) for number in (1, 2, 3)]
    file = await looked_at(engine, kept(tmp_path, as_csv(others), "ander.csv"), other)
    second = await receive(engine, file, SECRET)
    for number in (first, second):
        children = col(Receipt.parent) == number
        assert await counted(engine, Receipt, children) == 3
        assert await counted(engine, Receipt, children, col(Receipt.reference).in_(["1", "2", "3"])) == 3
    async with glance(engine) as connection:
        assert await connection.scalar(select(col(CohortFile.new)).where(col(CohortFile.file) == file)) == 3


async def test_a_number_of_somebody_else_in_the_dossier_is_a_fault_of_its_row(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    rival = await looked_at(engine, kept(tmp_path, as_csv([somebody(3, Trajectnummer="1")]), "rivaal.csv"))
    number = await receive(
        engine, await looked_at(engine, kept(tmp_path, as_csv([somebody(1, Trajectnummer="1")]))), SECRET
    )
    with pytest.raises(Refusal, match="van iemand anders"):
        await receive(engine, rival, SECRET)
    again = [somebody(1, Trajectnummer="1"), somebody(2, Trajectnummer="1"), somebody(4, Trajectnummer="4")]
    with pytest.raises(Refusal, match="herstel eerst"):
        await receive(engine, await looked_at(engine, kept(tmp_path, as_csv(again[1:]), "ander.csv")), SECRET)
    async with glance(engine) as connection:
        faulty = select(CohortLine).where(func.jsonb_array_length(col(CohortLine.faults)) > 0)
        [line] = (await connection.execute(faulty)).all()
    assert line.row == 2
    assert line.faults[0]["column"] == "Trajectnummer"
    assert "van iemand anders" in line.faults[0]["message"]
    assert (
        await receive(engine, await looked_at(engine, kept(tmp_path, as_csv([again[0], again[2]]))), SECRET) == number
    )
    assert await counted(engine, Receipt, col(Receipt.parent) == number) == 2

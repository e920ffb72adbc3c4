"""A board meets: its agenda fills itself, both benches vote, and the dossier follows what they decided."""

from __future__ import annotations

from datetime import date
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from database import transaction
from models.errors import Refusal
from models.messages.words import Role
from portal.board.meetings import Meetings
from tests.portal.living import Living

DAY = "2024-05-14"
NAME = f"ANT-{DAY}"
PEOPLE = 26
LARGE: dict[str, Any] = {
    "participants": [
        {"line": line, "status": "worker", "hours_planned": "16", "hours_attended": "16"}
        for line in range(1, PEOPLE + 1)
    ],
    "stated_participants": PEOPLE,
    "cost": "20000.00",
    "asked": "5200.00",
}
"""16 hours at 12.50 euro for each of 26 people: above the 5,000 euro from which a board decides."""
EMPLOYERS, UNIONS = ("ANT-board-1", "ANT-board-3"), ("ANT-board-2", "ANT-board-4")


@pytest.fixture
async def waiting(living: Living) -> str:
    """A dossier that waits for the board."""
    number = await living.receive(**LARGE)
    await living.decide(number, "review", "approve")
    await living.task(number, "board_employers")
    return number


@pytest.fixture
async def secretary(sign_in: Any, staff: Any, waiting: str) -> Any:
    """The secretary, who planned a meeting and opened it."""
    reader = await sign_in(staff("ANT-team_lead-1"))
    await reader.get("/vergadering")
    page = await reader.submit("/vergadering/plannen", day=DAY, place="Antwerpen, 14 uur")
    assert page.address == f"/vergadering/{NAME}"
    assert waiting in page.text
    page = await reader.submit(f"/vergadering/{NAME}/openen", chair=EMPLOYERS[0])
    assert "aan de gang" in page.text
    return reader


async def written(living: Living, statement: str, **values: Any) -> None:
    async with transaction(living.house.engine) as connection:
        await connection.execute(text(statement), values)


async def votes(sign_in: Any, staff: Any, person: str, number: str, choice: str) -> Any:
    reader = await sign_in(staff(person))
    await reader.get(f"/vergadering/{NAME}")
    return await reader.submit(f"/vergadering/{NAME}/stem", dossier=number, choice=choice)


async def decides(secretary: Any, number: str, **told: str) -> Any:
    await secretary.get(f"/vergadering/{NAME}")
    return await secretary.submit(f"/vergadering/{NAME}/besluit", dossier=number, **told)


async def test_both_benches_vote_and_the_dossier_is_granted(
    living: Living, sign_in: Any, staff: Any, secretary: Any, waiting: str
) -> None:
    for person in (*EMPLOYERS, *UNIONS):
        page = await votes(sign_in, staff, person, waiting, "for")
        assert "Uw stem is genoteerd." in page.text

    page = await decides(secretary, waiting)

    assert "De beslissing van het bestuur is genoteerd." in page.text
    outcome = await living.eventually(
        "SELECT outcome FROM decision WHERE dossier = :number AND level = 'board'", number=waiting
    )
    tasks = await living.rows(
        "SELECT step, person, outcome FROM task WHERE dossier = :number AND step LIKE 'board%' ORDER BY step",
        number=waiting,
    )
    assert outcome == "granted"
    assert tasks == [("board_employers", "ANT-board-1", "approve"), ("board_unions", "ANT-board-2", "approve")]
    await secretary.get(f"/vergadering/{NAME}")
    page = await secretary.submit(f"/vergadering/{NAME}/sluiten", minutes="archief 2024/17")
    assert "afgesloten" in page.text
    minutes = await secretary.get(f"/vergadering/{NAME}/verslag")
    assert "archief 2024/17" in minutes.text
    assert "Bert Werkgeversbank" in minutes.text
    assert "goedgekeurd" in minutes.text


async def test_a_bench_that_says_no_refuses_with_a_reason(
    living: Living, sign_in: Any, staff: Any, secretary: Any, waiting: str
) -> None:
    for person in EMPLOYERS:
        await votes(sign_in, staff, person, waiting, "for")
    for person in UNIONS:
        await votes(sign_in, staff, person, waiting, "against")

    page = await decides(secretary, waiting)
    assert (page.status, "Kies een reden: het bestuur weigert." in page.text) == (422, True)
    page = await decides(secretary, waiting, reason="DIT_IS_OPLEIDING")

    assert "geweigerd" in page.text
    reasons = await living.eventually(
        "SELECT reasons FROM decision WHERE dossier = :number AND outcome = 'refused'", number=waiting
    )
    assert reasons == ["DIT_IS_OPLEIDING"]


async def test_without_a_quorum_nothing_is_decided_and_the_dossier_comes_back(
    living: Living, sign_in: Any, staff: Any, secretary: Any, waiting: str
) -> None:
    await votes(sign_in, staff, EMPLOYERS[0], waiting, "for")

    page = await decides(secretary, waiting)

    assert "het dossier komt terug op een volgende vergadering" in page.text
    assert await living.rows("SELECT state FROM task WHERE step = 'board_employers'") == [("open",)]
    await secretary.get("/vergadering")
    page = await secretary.submit("/vergadering/plannen", day="2024-06-11")
    assert waiting in page.text


async def test_a_vote_is_corrected_until_the_item_closes_and_the_first_one_stays_readable(
    living: Living, sign_in: Any, staff: Any, secretary: Any, waiting: str, database_urls: Any
) -> None:
    await votes(sign_in, staff, EMPLOYERS[0], waiting, "against")
    page = await votes(sign_in, staff, EMPLOYERS[0], waiting, "for")
    assert "U stemde voor." in page.text
    cast = await living.rows("SELECT person, choice FROM vote ORDER BY vote")
    assert cast == [("ANT-board-1", "against"), ("ANT-board-1", "for")]

    owner = await asyncpg.connect(database_urls.owner.replace("+asyncpg", ""))
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="vote is append-only"):
        await owner.execute("UPDATE vote SET choice = 'for'")
    await owner.close()

    for person in (*EMPLOYERS, *UNIONS):
        await votes(sign_in, staff, person, waiting, "for")
    reader = await sign_in(staff("ANT-board-2"))
    page = await reader.get(f"/vergadering/{NAME}")
    late = page.form(f"/vergadering/{NAME}/stem") | {"choice": "against"}
    await decides(secretary, waiting)
    answer = await reader.client.post(
        f"/vergadering/{NAME}/stem", data=late, headers={"origin": "http://portal.example"}
    )
    assert answer.status_code == 422
    assert "De stemming over dit dossier is gesloten." in answer.text


async def test_a_member_who_took_an_earlier_step_does_not_vote_and_is_told_why(
    living: Living, sign_in: Any, staff: Any
) -> None:
    roles = [Role.BOARD, Role.HANDLER]
    await written(
        living,
        "UPDATE staff_member SET roles = :roles WHERE person = 'ANT-board-2'",
        roles=[role.value for role in roles],
    )
    number = await living.receive(**LARGE)
    task = await living.task(number, "review")
    await living.house.starter.complete(task, "ANT-board-2", "approve")
    await living.task(number, "board_employers")
    secretary = await sign_in(staff("ANT-team_lead-1"))
    await secretary.get("/vergadering")
    await secretary.submit("/vergadering/plannen", day=DAY)
    page = await secretary.submit(f"/vergadering/{NAME}/openen", chair=EMPLOYERS[0])
    assert "Stemmen niet mee, want zij namen al een eerdere stap: Bea Werknemersbank." in page.text

    page = await votes(sign_in, staff, "ANT-board-2", number, "for")

    assert page.status == 422
    assert "Vier ogen: u nam al een eerdere stap in dit dossier" in page.text
    for person in (*EMPLOYERS, "ANT-board-4"):
        await votes(sign_in, staff, person, number, "for")
    assert "genoteerd" in (await decides(secretary, number)).text
    spoke = await living.rows("SELECT person FROM task WHERE step = 'board_unions'")
    assert spoke == [("ANT-board-4",)]


async def test_the_agenda_says_whether_the_meeting_comes_in_time(
    living: Living, secretary: Any, waiting: str, sign_in: Any, staff: Any
) -> None:
    due = await living.eventually("SELECT due FROM task WHERE step = 'board_employers'")
    page = await secretary.get(f"/vergadering/{NAME}")
    late = date.fromisoformat(DAY) > due
    assert ("de vergadering komt te laat" if late else "de vergadering komt op tijd") in page.text
    assert "5.200,00" in page.text
    paper = await secretary.get(f"/vergadering/{NAME}/agenda")
    assert waiting in paper.text
    auditor = await sign_in(staff("ANT-auditor-1"))
    assert waiting in (await auditor.get(f"/vergadering/{NAME}")).text


@pytest.mark.usefixtures("secretary")
async def test_a_meeting_of_another_fund_is_not_there(sign_in: Any, staff: Any, waiting: str) -> None:
    stranger = await sign_in(staff("LIM-board-1"))
    for address in (f"/vergadering/{NAME}", f"/vergadering/{NAME}/agenda", f"/vergadering/{NAME}/verslag"):
        assert (await stranger.get(address)).status == 404
    page = await stranger.get("/vergadering")
    assert waiting not in page.text


async def test_a_handler_has_no_business_in_the_meeting(sign_in: Any, staff: Any) -> None:
    page = await (await sign_in(staff("ANT-handler-1"))).get("/vergadering")
    assert page.status == 403
    assert "bestuursorgaan" in page.text


@pytest.mark.usefixtures("secretary")
async def test_only_a_member_with_a_bench_can_vote(living: Living, sign_in: Any, staff: Any, waiting: str) -> None:
    await written(living, "UPDATE staff_member SET bench = NULL WHERE person = 'ANT-board-1'")
    page = await votes(sign_in, staff, "ANT-board-1", waiting, "for")
    assert (page.status, "in welke bank u zetelt" in page.text) == (422, True)


async def test_two_meetings_of_one_board_on_one_day_are_refused(secretary: Any) -> None:
    await secretary.get("/vergadering")
    page = await secretary.submit("/vergadering/plannen", day=DAY)
    assert page.status == 422
    assert "vergadert het bestuur al" in page.text


async def test_what_somebody_decided_outside_the_meeting_is_told(living: Living, secretary: Any, waiting: str) -> None:
    await living.decide(waiting, "board_employers", "refuse", reasons=("DIT_IS_OPLEIDING",))
    page = await secretary.get(f"/vergadering/{NAME}")
    assert "Dit wacht niet meer op het bestuur." in page.text
    with pytest.raises(Refusal, match="niets meer te beslissen"):
        await Meetings(living.house.engine, living.house.starter).decide(NAME, waiting, "ANT-team_lead-1")


async def test_nobody_speaks_for_the_other_bench_outside_a_meeting_either(living: Living, waiting: str) -> None:
    task = await living.task(waiting, "board_employers")
    with pytest.raises(Refusal, match="Deze stap is voor een lid van de werkgeversbank van het bestuur"):
        await living.house.starter.complete(task, UNIONS[0], "approve")
    await living.house.starter.complete(task, EMPLOYERS[1], "approve")
    await living.decide(waiting, "board_unions", "approve")
    assert await living.rows("SELECT person FROM task WHERE step LIKE 'board%' ORDER BY step") == [
        (EMPLOYERS[1],),
        (UNIONS[0],),
    ]

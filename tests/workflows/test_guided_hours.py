"""Hours that an agency registers month by month: the question they spare, and who hears that they lag behind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest
from temporalio.client import Client

from database import make_engine
from embedded import EmbeddedMail
from models.errors import Refusal
from models.messages.commands import AnswerRequest
from models.messages.words import FollowUpOutcome, Party
from tests.conftest import NewDatabase
from tests.workflows.conftest import House, open_house
from tests.workflows.dismissed import SILENT, Life, dismissed
from tests.workflows.playing import outside

SEEKING = {"outcome": FollowUpOutcome.JOB_SEEKING}
STARTED = {"offered_on": date(2024, 1, 15), "answer": "accepted", "started_on": date(2024, 2, 5)}
"""The first phase ends on 5 April 2024: 61 days, half of them over on 6 March, four fifths on 24 March."""


@pytest.fixture(scope="module")
async def house(temporal_client: Client, new_database: NewDatabase, mail_server: EmbeddedMail) -> AsyncIterator[House]:
    """One house for all these lives, which have nothing to do with each other."""
    async with new_database() as urls:
        engine = make_engine(urls.app)
        async with open_house(temporal_client, engine, urls.app, mail_server) as running:
            yield running
        await engine.dispose()


async def guided(house: House) -> Life:
    life = await Life.live(house, dismissed(**STARTED))
    await life.awaits(Party.CALENDAR, "guidance")
    return life


async def registers(life: Life, month: str, hours: str, last: date, party: Party = Party.AGENCY) -> None:
    await life.tells("hours_registered", last, party, month=month, hours=hours, sessions="3")


async def tasks(life: Life) -> list[str]:
    found = await life.rows("select state from task where dossier = :number and step = 'hours_behind'")
    return [task["state"] for task in found]


async def test_hours_registered_up_to_the_end_of_a_phase_spare_the_agency_the_question(house: House) -> None:
    life = await guided(house)
    await life.comes_to(date(2024, 3, 1))
    await registers(life, "2024-02", "10", date(2024, 2, 29))
    await life.comes_to(date(2024, 3, 20))
    await registers(life, "2024-03", "7.5", date(2024, 3, 20))
    await life.comes_to(date(2024, 4, 5))
    await registers(life, "2024-03", "8", date(2024, 3, 31))
    await registers(life, "2024-04", "2", date(2024, 4, 5))
    await life.comes_to(date(2024, 4, 6))
    await life.awaits(Party.PARTICIPANT, "status")
    assert await life.rows("select code from request where dossier = :number and code = 'hours'") == []
    assert await life.mails("hours_behind") == []


async def test_a_month_that_lies_in_two_phases_counts_by_days_and_told_again_it_replaces(house: House) -> None:
    life = await guided(house)
    await life.comes_to(date(2024, 4, 6))
    row = await life.awaits(Party.AGENCY, "hours")
    assert row["waiting_for"] == "hours"
    await registers(life, "2024-02", "10", date(2024, 2, 29))
    await registers(life, "2024-02", "12", date(2024, 2, 29))
    await life.awaits(Party.AGENCY, "hours")
    await registers(life, "2024-04", "6", date(2024, 4, 6))
    await life.awaits(Party.PARTICIPANT, "status")
    answered = [fact for fact in await life.facts_of("request_answered") if fact["code"] == "hours"]
    assert [fact["values"]["hours"] for fact in answered] == ["17"], "12 of February and five sixths of April's 6"


async def test_hours_that_lag_behind_are_told_to_the_agency_at_half_and_to_a_handler_at_four_fifths(
    house: House,
) -> None:
    life = await guided(house)
    await life.comes_to(date(2024, 3, 5))
    assert await life.mails("hours_behind") == []
    await life.comes_to(date(2024, 3, 7))
    assert await life.mails("hours_behind") == [Party.AGENCY]
    assert await tasks(life) == []
    await life.comes_to(date(2024, 3, 25))
    assert await tasks(life) == ["open"]
    await registers(life, "2024-02", "6", date(2024, 2, 29))
    assert await tasks(life) == ["open"], "6 hours in 25 of 61 days, where 8.2 are due and 6.15 are let pass"
    await registers(life, "2024-02", "6.5", date(2024, 2, 29))
    assert await tasks(life) == ["cancelled"], "nobody has to look any more; March is registered when it is over"
    assert await life.mails("hours_behind") == [Party.AGENCY]


async def test_nobody_hears_of_hours_that_are_on_course(house: House) -> None:
    life = await guided(house)
    await life.comes_to(date(2024, 3, 1))
    await registers(life, "2024-02", "10", date(2024, 2, 29))
    await life.comes_to(date(2024, 3, 20))
    await registers(life, "2024-03", "6", date(2024, 3, 20))
    await life.comes_to(date(2024, 4, 3))
    assert await life.mails("hours_behind") == []
    assert await tasks(life) == []


async def test_a_task_that_nobody_took_is_gone_when_its_phase_is_over(house: House) -> None:
    life = await guided(house)
    await life.comes_to(date(2024, 3, 25))
    assert await tasks(life) == ["open"]
    await life.comes_to(date(2024, 4, 6))
    await life.awaits(Party.AGENCY, "hours")
    assert await tasks(life) == ["cancelled"]


async def test_nobody_is_pressed_while_a_new_job_holds_the_guidance(house: House) -> None:
    life = await guided(house)
    await life.comes_to(date(2024, 2, 20))
    await life.tells("new_job", date(2024, 2, 20), Party.PARTICIPANT)
    await life.awaits(Party.CALENDAR, "new_job")
    await life.comes_to(date(2024, 4, 1))
    assert await life.mails("hours_behind") == []
    assert await tasks(life) == []


async def test_hours_that_cannot_be_are_refused(house: House) -> None:
    life = await guided(house)
    for month, hours, last, said in (
        ("2024-13", "5", date(2024, 2, 5), "Maand"),
        ("2024-02", "-5", date(2024, 2, 5), "Maand"),
        ("2024-02", "5", date(2024, 3, 5), "laatste dag"),
        ("2024-02", "5", date(2024, 2, 28), "laatste dag"),
    ):
        with pytest.raises(Refusal, match=said):
            await registers(life, month, hours, last)
    with pytest.raises(Refusal, match="bureau of door het fonds"):
        await registers(life, "2024-01", "5", date(2024, 1, 5), Party.PARTICIPANT)


async def test_hours_that_come_late_are_of_their_phase_and_the_next_phase_is_asked_all_the_same(house: House) -> None:
    life = await guided(house)
    await life.comes_to(date(2024, 4, 6))
    await life.awaits(Party.AGENCY, "hours")
    await life.follows({"hours": SILENT, "status": SEEKING}, until=(Party.CALENDAR, "guidance"))
    assert (await life.dossier())["phase"] == "guidance_2"
    late = AnswerRequest(request=f"{life.number}/hours/1", by=outside(Party.AGENCY), values={"hours": "20"})
    await house.starter.answer(life.number, late)
    await house.starter.answer(life.number, late)
    [kept] = [fact for fact in await life.facts_of("answer_kept") if fact["code"] == "hours"]
    assert kept["values"] == {"hours": "20", "phase": "guidance_1"}
    await life.comes_to((await life.dossier())["waiting_until"])
    await life.awaits(Party.AGENCY, "hours")
    for hours in ("20,5", "3000", "-1"):
        with pytest.raises(Refusal, match="getal van 0 tot 2928"):
            await life.says("hours", Party.AGENCY, hours=hours)
    await life.says("hours", Party.AGENCY, hours="18.5")
    await life.awaits(Party.PARTICIPANT, "status")

"""A real subsidy through a whole year of skipped time: who is pressed when, and what a day is in Brussels."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowHandle
from temporalio.testing import TimeSkipper

from models.errors import Refusal
from models.messages.facts import Facts
from models.messages.words import Document, Party
from schemes.calendar import end_of_day, local_date, start_of_day
from schemes.terms import Term
from starter import Starter
from tests.workflows.playing import BRUSSELS
from tests.workflows.subsidies import PLANS, PROOF, Subsidy, apply, planned, training


@pytest.fixture
def house(shared_house: Any) -> Any:
    return shared_house


class Lived:
    """A dossier whose own time stands until it is told to go on."""

    def __init__(self, play: Subsidy, skipper: TimeSkipper) -> None:
        self.play = play
        self._skipper = skipper
        self._handle: WorkflowHandle[Any, Any] = skipper.client.get_workflow_handle(play.number)
        self._skipped = timedelta(0)

    def now(self) -> datetime:
        """The dossier's own moment."""
        return datetime.now(UTC) + self._skipped

    async def goes_on_to(self, moment: datetime) -> None:
        """Skip all time before a moment; what becomes due on the way happens at its own time."""
        distance = moment - self.now()
        self._skipped += distance
        await self._skipper.fast_forward(self._handle, distance)

    async def wakes_on(self, day: date, hour: time) -> None:
        """Skip to an hour of a day in Brussels."""
        await self.goes_on_to(datetime.combine(day, hour, BRUSSELS))

    async def happened(self, *types: str) -> list[tuple[str, datetime]]:
        """When events of these types took place, to the minute, in Brussels."""
        return [(event["type"], _minute(event["at"])) for event in await self.play.events(*types)]

    async def sent(self, template: str) -> list[date]:
        """On which days this mail was written."""
        rows = await self.play.rows(
            "select dated from effect where dossier = :number and template = :template order by dated",
            template=template,
        )
        return [row["dated"] for row in rows]


def _minute(at: datetime) -> datetime:
    return at.astimezone(BRUSSELS).replace(second=0, microsecond=0)


def at(day: date, hour: time = time(0)) -> datetime:
    """An hour of a day in Brussels."""
    return datetime.combine(day, hour, BRUSSELS)


async def file(house: Any, skipper: TimeSkipper, facts: Facts) -> Lived:
    """An application of today, to a dossier that is no rehearsal."""
    starter = Starter(skipper.client, house.engine, house.settings.temporal_task_queue)
    play = await apply(house, facts, starter=starter, rehearsed=False)
    return Lived(play, skipper)


INCOMPLETE = training(5, documents=PROOF - {Document.INVOICE})
EIGHT = time(8)


async def test_a_year_of_a_subsidy_on_its_own_days(house: Any, time_skipper: TimeSkipper) -> None:
    today = local_date(datetime.now(UTC))
    course = today + timedelta(days=120)
    life = await file(house, time_skipper, planned(5, documents=PROOF - PROOF, starts_on=course, ends_on=course))
    play = life.play
    await play.awaits("applicant", "completion")
    last = today + timedelta(days=30)
    await life.wakes_on(last - timedelta(days=14), time(9))
    await play.says("completion", Party.APPLICANT, *PLANS)
    await play.task("review")
    assert await life.happened("request_reminded") == [("request_reminded", at(last - timedelta(days=14), EIGHT))]

    due = await play.due("review")
    await life.wakes_on(Term.parse("5 working days").after(due) + timedelta(days=1), time(9))
    chased = [
        ("task_reminded", at(Term.parse("-2 working days").after(due), EIGHT)),
        ("task_escalated", end_of_day(due).astimezone(BRUSSELS)),
    ]
    again = Term.parse("5 working days").after(due + timedelta(days=1))
    if life.now() >= end_of_day(again):
        chased.append(("task_escalated", end_of_day(again).astimezone(BRUSSELS)))
    assert await life.happened("task_reminded", "task_escalated") == chased
    assert await life.sent("task_escalated") == [local_date(moment) for what, moment in chased if "escalated" in what]
    role = await play.rows("select role from task where task = :task", task=await play.task("review"))
    assert role == [{"role": "team_lead"}]
    await play.does("review", "ANT-lead-1", "approve")
    await play.does("approval", "ANT-approver-1", "approve")
    await play.awaits("calendar", "training")

    asked = course + timedelta(days=1)
    await life.wakes_on(asked, time(9))
    await play.awaits("applicant", "evidence")
    assert (await life.happened("request_opened"))[-1] == ("request_opened", at(asked))
    assert (await life.sent("request_documents"))[-1] == asked
    await play.says("evidence", Party.APPLICANT, *PROOF)
    await play.does("determination", "ANT-handler-1", "confirm")
    await play.pays()
    await play.awaits("calendar", "follow_up")

    survey = Term.parse("3 months").after(asked)
    await life.wakes_on(survey, time(9))
    await play.awaits("applicant", "survey")
    assert await life.sent("survey") == [survey]
    closes = survey + timedelta(days=30)
    await life.wakes_on(closes + timedelta(days=1), time(1))
    assert await play.ends() == ("granted", "completed")
    assert await life.happened("closed") == [("closed", at(closes + timedelta(days=1)))]
    assert await life.sent("closed") == [closes + timedelta(days=1)]


async def test_what_nobody_completes_is_reminded_and_lapses_at_midnight(house: Any, time_skipper: TimeSkipper) -> None:
    life = await file(house, time_skipper, INCOMPLETE)
    await life.play.awaits("applicant", "completion")
    last = (await life.play.asked("completion"))["until"]
    await life.wakes_on(last + timedelta(days=1), time(1))
    assert await life.play.ends() == ("lapsed", "completion")
    assert await life.happened("request_lapsed", "closed") == [
        ("request_lapsed", at(last + timedelta(days=1))),
        ("closed", at(last + timedelta(days=1))),
    ]
    assert await life.sent("request_reminder") == [last - timedelta(days=14)]
    assert await life.sent("lapsed") == [last + timedelta(days=1)]


@pytest.mark.parametrize("change", ["to summer time", "to winter time"])
async def test_midnight_is_midnight_in_brussels_on_either_side_of_a_change_of_clocks(
    house: Any, time_skipper: TimeSkipper, change: str
) -> None:
    month = 3 if change == "to summer time" else 10
    sunday = _next_change(month, local_date(datetime.now(UTC)))
    life = await file(house, time_skipper, planned(starts_on=sunday, ends_on=sunday))
    await life.play.awaits("calendar", "training")
    await life.goes_on_to(start_of_day(sunday) - timedelta(minutes=30))
    assert (await life.play.dossier())["waiting_for"] == "training"
    monday = sunday + timedelta(days=1)
    await life.wakes_on(monday, time(0, 5))
    await life.play.awaits("applicant", "evidence")
    (opened,) = await life.play.events("request_opened")
    assert _minute(opened["at"]) == at(monday)
    length = start_of_day(monday) - start_of_day(sunday)
    assert length == timedelta(hours=23 if month == 3 else 25), "that Sunday is shorter or longer"


def _next_change(month: int, after: date) -> date:
    """The next last Sunday of March or October."""
    for year in (after.year, after.year + 1):
        last = date(year, month, 31)
        sunday = last - timedelta(days=(last.weekday() + 1) % 7)
        if sunday > after:
            return sunday
    raise AssertionError("there is one every year")


async def test_an_answer_a_minute_before_midnight_is_in_time(house: Any, time_skipper: TimeSkipper) -> None:
    life = await file(house, time_skipper, INCOMPLETE)
    await life.play.awaits("applicant", "completion")
    last = (await life.play.asked("completion"))["until"]
    await life.goes_on_to(at(last, time(23, 59)))
    await life.play.says("completion", Party.APPLICANT, Document.INVOICE)
    await life.play.task("review")
    assert await life.happened("request_answered") == [("request_answered", at(last, time(23, 59)))]


async def test_an_answer_at_midnight_is_too_late(house: Any, time_skipper: TimeSkipper) -> None:
    life = await file(house, time_skipper, INCOMPLETE)
    await life.play.awaits("applicant", "completion")
    last = (await life.play.asked("completion"))["until"]
    await life.goes_on_to(at(last + timedelta(days=1)))  # the answer races with the lapse, and loses either way
    told = rf"Antwoorden kon tot en met {last:%d/%m/%Y}|is gesloten op .* \(lapsed\)"
    with pytest.raises(Refusal, match=told):
        await life.play.says("completion", Party.APPLICANT, Document.INVOICE)
    assert await life.play.ends() == ("lapsed", "completion")

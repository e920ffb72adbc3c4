"""Where a trajectory stands, by the events that pages read: the course the dossier itself goes by, to look ahead."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple

from models.messages import events as e
from models.messages.facts import TrajectoryFacts
from models.messages.policies import OutplacementPolicy
from schemes.calendar import ONE_DAY, local_date
from schemes.coded_answers import day_in
from schemes.correcting import CORRECTED, CorrectionError, corrected
from schemes.course import Course, end_of_guidance
from schemes.deadlines import Suspension
from schemes.regimes import Regime

EARLY_END = ("stopped", "finished")


class Happened(NamedTuple):
    """An event with its moment."""

    at: datetime
    fact: e.AnyEvent


class _Told:
    """What was told last of a job, and where the guidance stood when somebody was told to be gone."""

    job: date | None = None
    lost: date | None = None
    stood: Mapping[str, object] = MappingProxyType({})


def course_of(facts: TrajectoryFacts, happened: Iterable[Happened], policy: OutplacementPolicy) -> Course:
    """The course after these events; `facts` are those of the application, with its answers that corrected them."""
    course = Course(facts=facts, notify_term=policy.notify_term, follow_up_months=policy.follow_up_months)
    told = _Told()
    for one in happened:
        course = course.model_copy(update=_changes(course, one, told))
    return course


def _changes(course: Course, one: Happened, told: _Told) -> dict[str, object]:
    match one.fact:
        case e.PhaseEntered(phase=phase):
            return {"phase": phase}
        case e.RegimeChosen(regime=regime, because=because):
            over = because is not None and not course.before("guidance_3")
            given = course.guided_as or (course.regime if over else None)
            return {"regime": Regime(regime), "guided_as": given}
        case e.RequestAnswered(code=code, values=values) if "reported" not in values:
            return {"facts": _answered(course.facts, code, values, local_date(one.at))}
        case e.AnswerKept(code=code, values=values):
            return {"facts": _answered(course.facts, code, values, None)}
        case e.Reported():
            return _reported(course, one.fact, told)
        case e.ClockStopped(because="new_job") if told.job and course.facts.started_on:
            return {"working_since": max(told.job, course.facts.started_on)}
        case e.ClockResumed() if course.working_since and told.lost:
            held = Suspension(start=course.working_since, end=max(told.lost - ONE_DAY, course.working_since))
            return {"working_since": None, "suspensions": (*course.suspensions, held)}
        case e.DatesMoved(because="new_job") if told.job and course.facts.started_on:
            return {"working_since": None, "ended_on": max(told.job, course.facts.started_on)}
    return {}


def _answered(facts: TrajectoryFacts, code: str, values: dict[str, str], on: date | None) -> TrajectoryFacts:
    """What an answer says of the offer, of whether it is accepted, and of the first session."""
    learned: dict[str, object] = {}
    if code == "offer" and (offered := day_in(values, "offered_on") or on):
        learned["offered_on"] = offered
    if code == "answer" and values.get("answer") in ("accepted", "refused"):
        learned["answer"] = values["answer"]
    if code == "start" and (started := day_in(values, "started_on")):
        learned["started_on"] = started
    return facts.model_copy(update=learned)


def _reported(course: Course, fact: e.Reported, told: _Told) -> dict[str, object]:
    facts, started = course.facts, course.facts.started_on
    if fact.fact == CORRECTED:
        with suppress(CorrectionError):
            return {"facts": corrected(facts, fact.values)}
    elif fact.fact == "new_job":
        told.job = fact.on
    elif fact.fact == "job_lost":
        told.lost = fact.on
    elif fact.fact == "default_notice":
        return {"facts": facts.model_copy(update={"default_notice_on": fact.on})}
    elif fact.fact == "guidance_started":
        return {"facts": facts.model_copy(update={"started_on": fact.on})}
    elif fact.fact in EARLY_END and started and course.phase.startswith("guidance"):
        return {"working_since": None, "ended_on": max(fact.on, started)}
    elif fact.fact == "still_here":
        return {**told.stood}
    elif fact.fact == "guidance_ended" and course.regime and fact.on != end_of_guidance(course, course.regime):
        if course.phase.startswith("guidance"):  # said before the phases are over: only of somebody who is gone
            told.stood = {"working_since": course.working_since, "ended_on": course.ended_on}
        return {"working_since": None, "ended_on": fact.on}
    return {}

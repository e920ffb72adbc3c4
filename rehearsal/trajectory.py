"""The part of agency and participant in an outplacement, played from what really became of a person.

The columns `Simulatie:` of the practice files are the future: they are played here and never imported.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from models.messages.words import FollowUpOutcome, Party, UnknownReason
from rehearsal.parts import Answer, Move, Part, Tell
from rehearsal.scene import Question, Scene, Task
from schemes.calendar import local_date

NEVER = 99
NEW_JOB = "nieuwe job vóór de start"
NOBODY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Future:
    """What became of one person, and how they would answer."""

    answer: FollowUpOutcome
    since: date | None
    consents: bool
    agency_knows: FollowUpOutcome | None
    reminders_needed: int
    days: int
    silent_because: UnknownReason | None
    became: FollowUpOutcome
    """What it came to a year after, whoever knows it."""
    channel: str
    """By which way the person answers: `e-mail`, `sms`, `telefoon` or `brief`."""

    @classmethod
    def of(cls, row: Mapping[str, str]) -> "Future":
        """From the columns of the file, with or without their prefix."""
        told = {name.removeprefix("Simulatie:").strip(): text for name, text in row.items()}
        needed = told["herinneringen nodig"]
        return cls(
            answer=FollowUpOutcome(told["antwoord"] or told["uitkomst na 1 jaar"]),
            since=_day(told["datum uitkomst"]),
            consents=told["toestemming opvolging"] == "ja",
            agency_knows=FollowUpOutcome(told["bureau meldt"]) if told["bureau meldt"] else None,
            reminders_needed=int(needed) if needed.isdecimal() else NEVER,
            days=int(told["dagen tot antwoord"] or 0),
            silent_because=UnknownReason(told["reden geen antwoord"]) if told["reden geen antwoord"] else None,
            became=FollowUpOutcome(told["uitkomst na 1 jaar"]),
            channel=told["kanaal"],
        )

    def said_on(self, day: date) -> FollowUpOutcome:
        """What the person would say on a day: before the outcome they were still looking."""
        return FollowUpOutcome.JOB_SEEKING if self.since and day < self.since else self.answer


def _day(typed: str) -> date | None:
    """A date as the files write it: day, month, year."""
    if not typed:
        return None
    day, month, year = map(int, typed.split("/"))
    return date(year, month, day)


class TrajectoryPart(Part):
    """Plays each person by their own future; whoever has none is willing."""

    def __init__(self, futures: Mapping[str, Future], away: Mapping[str, str] = NOBODY) -> None:
        self._futures = futures
        self._away = away
        """Why somebody never started, by number: then nobody offers, asks or answers."""

    def decide(self, scene: Scene, task: Task) -> Move:
        """The telephone reaches who would answer at all; the rest as everybody."""
        if task.step == "phone":
            future = self._futures.get(scene.number)
            if future is None or future.reminders_needed < NEVER:
                return Move(future.said_on(local_date(scene.at)) if future else FollowUpOutcome.JOB_SEEKING)
            return Move(future.silent_because or UnknownReason.NO_ANSWER)
        return super().decide(scene, task)

    def answer(self, scene: Scene, question: Question) -> Answer | Tell | None:
        """The person, the agency, or whoever is asked."""
        if scene.number in self._away:
            return Tell("new_job") if self._away[scene.number] == NEW_JOB else None
        future = self._futures.get(scene.number)
        if question.code in ("follow_up", "status"):
            return self._person(scene, question, future)
        if question.code == "agency_outcome":
            known = future.agency_knows if future else None
            return Answer(after=timedelta(days=2), values={"outcome": known or FollowUpOutcome.UNKNOWN})
        if question.code == "hours":
            return Answer(after=timedelta(days=2), values={"hours": "20"})
        if question.code == "new_contact":
            return Answer(after=timedelta(days=2), values={"contact": "unknown"})
        if question.party == Party.AGENCY and question.wants == ["started_on"]:
            return Answer(after=timedelta(days=10), values={"started_on": str(local_date(scene.at))})
        return super().answer(scene, question)

    def _person(self, scene: Scene, question: Question, future: Future | None) -> Answer | Tell | None:
        if future is None:
            return Answer(values={"outcome": FollowUpOutcome.JOB_SEEKING})
        if not future.consents:
            return Tell("consent_withdrawn")
        if question.reminders < future.reminders_needed:
            return None
        asked = scene.at if question.reminders else question.opened_at
        after = asked - question.opened_at + timedelta(days=future.days)
        day = local_date(question.opened_at + after)
        values: dict[str, str] = {"outcome": future.said_on(day)}
        if question.code == "follow_up" and future.since and future.since <= day:
            values["since"] = str(future.since)
        return Answer(after=after, values=values)

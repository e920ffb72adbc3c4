"""One person who was guided, as counted: what is known, since when, and how it came to be known. Pure.

Sources of a word: what was noted at a moment of follow-up, and what somebody told unasked (a new job, its loss, a
death, an emigration). The last word counts, also when it says that nothing is known any more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from models.messages.words import FollowUpOutcome as Word
from models.messages.words import UnknownReason

NEW_JOB = frozenset({Word.SAME_SECTOR, Word.OTHER_SECTOR})
"""A new job, as annual reports count it: in paid employment, elsewhere."""
AT_WORK = NEW_JOB | {Word.SELF_EMPLOYED, Word.FORMER_EMPLOYER}
LEAVES = {"deceased": Word.MOVED_OR_DIED, "emigrated": Word.MOVED_OR_DIED}
MOMENTS = ("phase_1", "phase_2", "end", "3_months", "6_months", "12_months")
LATEST = "latest"
"""The last word, whatever the moment."""


class AgeGroup(StrEnum):
    """Age on the day of the dismissal, in completed years."""

    UNDER_25 = "-24"
    FROM_25 = "25-34"
    FROM_35 = "35-44"
    FROM_45 = "45-54"
    FROM_55 = "55+"
    NOT_KNOWN = "?"


UNTIL_AGE = ((25, AgeGroup.UNDER_25), (35, AgeGroup.FROM_25), (45, AgeGroup.FROM_35), (55, AgeGroup.FROM_45))


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a person at a moment; unknown always has its reason."""

    outcome: Word
    reason: UnknownReason | None = None
    told_by: str | None = None
    on: date | None = None
    """The local day on which it was told."""
    since: date | None = None
    """Since when it is so, where that was told."""


NOT_ASKED = Known(Word.UNKNOWN, UnknownReason.NOT_ASKED_YET)


@dataclass(frozen=True, slots=True)
class Moment:
    """How one moment went: who was asked, whether a message arrived, and what came of it (None: it still runs)."""

    name: str
    person: bool
    delivered: bool
    agency: bool
    phoned: bool
    known: Known | None


@dataclass(frozen=True, slots=True)
class Person:
    """One trajectory that started, by its number; nobody's name."""

    number: str
    employer_dossier: str
    enterprise: str
    agency: str
    status: str
    age: AgeGroup
    regime: str
    started_on: date
    ended_on: date | None
    moments: tuple[Moment, ...]
    latest: Known
    earlier: Known | None
    """What was known before, of somebody of whom nothing is known now."""
    job_on: date | None
    """The first day of the first new job; when only that it was there is known, the day on which it was told."""
    seen_on: date
    """Without a new job: the last day on which the person was known not to have one."""

    def at(self, moment: str) -> Known:
        """What is known at a moment, or last of all."""
        if moment == LATEST:
            return self.latest
        return next((one.known for one in self.moments if one.name == moment and one.known), NOT_ASKED)


def person(row: Mapping[str, Any], day: date) -> Person:
    """Read a row of `reading.outcomes`; `day` is the one as of which is counted."""
    told = [_told(*word) for word in row["words"]]
    started_on, ended_on = row["started_on"], row["ended_on"]
    known = _standings(told)
    latest = known[-1] if known else NOT_ASKED
    before = [one for one in known if one.outcome is not Word.UNKNOWN]
    guided_until = ended_on if ended_on and ended_on <= day else day
    seen = [one.on for one in before if one.on and one.outcome not in NEW_JOB]
    return Person(
        number=row["number"],
        employer_dossier=row["parent"] or "",
        enterprise=row["enterprise_number"] or "",
        agency=row["agency"] or "",
        status=row["status"] or "",
        age=age_group(row["age"]),
        regime=row["regime"] or "",
        started_on=started_on,
        ended_on=ended_on,
        moments=_moments(row["moments"], told),
        latest=latest,
        earlier=before[-1] if latest.outcome is Word.UNKNOWN and before else None,
        job_on=_first_job(told, started_on, day),
        seen_on=min(max([started_on, guided_until, *seen]), day),
    )


def age_group(age: int | None) -> AgeGroup:
    """The group of an age in completed years."""
    if age is None:
        return AgeGroup.NOT_KNOWN
    return next((group for until, group in UNTIL_AGE if age < until), AgeGroup.FROM_55)


@dataclass(frozen=True, slots=True)
class _Told:
    """A word as it was told: at which moment or as which fact; `day` is since when, or else when it was told."""

    fact: str
    day: date
    known: Known | None


def _told(fact: str, outcome: str | None, reason: str | None, told_by: str | None, on: str, since: str | None) -> _Told:
    told_on, began = date.fromisoformat(on), date.fromisoformat(since) if since else None
    word = Word(outcome) if outcome else LEAVES.get(fact)
    if fact == "job_lost":
        word = Word.JOB_SEEKING
    known = Known(word, UnknownReason(reason) if reason else None, told_by, told_on, began) if word else None
    return _Told(fact, began or told_on, known)


def _standings(told: Sequence[_Told]) -> list[Known]:
    """What was known, in its order. The loss of a job says something only of somebody who was known to have one."""
    found: list[Known] = []
    for one in told:
        if one.known and (one.fact != "job_lost" or (found and found[-1].outcome in AT_WORK)):
            found.append(one.known)
    return found


def _first_job(told: Sequence[_Told], started_on: date, day: date) -> date | None:
    days = [one.day for one in told if one.day <= day and _is_new_job(one)]
    return max(min(days), started_on) if days else None


def _is_new_job(one: _Told) -> bool:
    """A job of which was not told in which sector is one too."""
    return one.known.outcome in NEW_JOB if one.known else one.fact == "new_job"


def _moments(asked: Sequence[Sequence[Any]], told: Sequence[_Told]) -> tuple[Moment, ...]:
    """Each moment with its last word; one that still runs is named by what was asked, or by the phase of the story."""
    last = {one.fact: one.known for one in told if one.fact in MOMENTS}
    found = []
    for moment, during, person_asked, delivered, agency, phoned in asked:
        name = moment or _moment_of(during or "")
        if name:
            found.append(Moment(name, person_asked, delivered, agency, phoned, last.get(name) if moment else None))
    return tuple(found)


def _moment_of(phase: str) -> str | None:
    for begins, name in (("follow_up_", "{}_months"), ("guidance_", "phase_{}")):
        if phase.startswith(begins):
            return name.format(phase.removeprefix(begins))
    return "end" if phase == "ending" else phase if phase in MOMENTS else None

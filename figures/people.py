"""One person who was guided, as counted: what is known, since when, and how it came to be known. Pure.

Sources of a word: what was noted at a moment of follow-up, and what somebody told unasked (a new job, its loss, a
death, an emigration). The last word counts, also when it says that nothing is known any more; what was put right or
taken back since counts nowhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from models.messages.words import FollowUpOutcome as Word
from models.messages.words import Outcome, UnknownReason

NEW_JOB = frozenset({Word.SAME_SECTOR, Word.OTHER_SECTOR})
"""A new job, as annual reports count it: in paid employment, elsewhere."""
AT_WORK = NEW_JOB | {Word.SELF_EMPLOYED, Word.FORMER_EMPLOYER}
GONE = ("deceased", "emigrated")
SAYS = dict.fromkeys(GONE, Word.MOVED_OR_DIED) | {"job_lost": Word.JOB_SEEKING}
"""Facts that are a word by themselves."""
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
WITHDREW = Known(Word.UNKNOWN, UnknownReason.NO_CONSENT)
"""Of somebody who took the trajectory back before anything was known: nobody asks any more."""


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
    untold: Known = NOT_ASKED
    """Why nothing is known at a moment of which nothing was told."""

    def at(self, moment: str) -> Known:
        """What is known at a moment, or last of all."""
        if moment == LATEST:
            return self.latest
        return next((one.known for one in self.moments if one.name == moment and one.known), self.untold)


def person(row: Mapping[str, Any], day: date) -> Person:
    """Read a row of `reading.outcomes`; `day` is the one as of which is counted."""
    told = _not_put_right(_told(*word) for word in row["words"])
    started_on, ended_on = row["started_on"], row["ended_on"]
    untold = WITHDREW if row["closed_as"] == Outcome.WITHDRAWN else NOT_ASKED
    known = _standings(told)
    latest = known[-1] if known else untold
    before = [one for one in known if one.outcome is not Word.UNKNOWN]
    followed_until = min(one for one in (ended_on, row["closed_on"], day) if one)
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
        moments=_moments(row["moments"], told, untold),
        latest=latest,
        earlier=before[-1] if latest.outcome is Word.UNKNOWN and before else None,
        job_on=_first_job(told, started_on, day),
        seen_on=min(max([started_on, followed_until, *seen]), day),
        untold=untold,
    )


def age_group(age: int | None) -> AgeGroup:
    """The group of an age in completed years."""
    if age is None:
        return AgeGroup.NOT_KNOWN
    return next((group for until, group in UNTIL_AGE if age < until), AgeGroup.FROM_55)


@dataclass(frozen=True, slots=True)
class _Told:
    """A word as it was told: at which moment or as which fact, when, and since when it is so, where that was told."""

    fact: str
    on: date
    since: date | None
    known: Known | None

    @property
    def day(self) -> date:
        """Since when it is so, or else when it was told."""
        return self.since or self.on


def _told(fact: str, outcome: str | None, reason: str | None, told_by: str | None, on: str, since: str | None) -> _Told:
    told_on, began = date.fromisoformat(on), date.fromisoformat(since) if since else None
    word = _word(fact, outcome)
    known = Known(word, UnknownReason(reason) if reason else None, told_by, told_on, began) if word else None
    return _Told(fact, told_on, began, known)


def _word(fact: str, outcome: str | None) -> Word | None:
    """What a fact says by itself, or what came with it; "not known" beside an event says nothing of the person."""
    if fact in SAYS:
        return SAYS[fact]
    if fact not in MOMENTS and outcome == Word.UNKNOWN:
        return None
    return Word(outcome) if outcome else None


def _not_put_right(told: Iterable[_Told]) -> list[_Told]:
    """What stands of what was told: of each moment the last word, unless that took it back; nobody gone who is here."""
    found: list[_Told] = []
    for one in told:
        if one.fact == "still_here":
            found = _here_after_all(found)
        elif found and _follows_from(one, found[-1]):
            found[-1] = replace(found[-1], since=one.since)
        else:
            found = [was for was in found if was.fact != one.fact or one.fact not in MOMENTS]
            found.append(one)
    return [one for one in found if one.known is None or one.known.reason is not UnknownReason.NOT_ASKED_YET]


def _here_after_all(told: list[_Told]) -> list[_Told]:
    """Without the word that somebody was gone, and without what moments were filled with since."""
    first = next((place for place, one in enumerate(told) if one.fact in GONE), len(told))
    since = (one for one in told[first:] if one.known is None or one.known.outcome is not Word.MOVED_OR_DIED)
    return [*told[:first], *since]


def _follows_from(one: _Told, word: _Told) -> bool:
    """Whether the house itself told of this job, because of the answer just before: it stands or falls with it."""
    if one.fact != "new_job" or word.fact not in MOMENTS or one.known is None or word.known is None:
        return False
    return (one.known.outcome, one.on, one.since) == (word.known.outcome, word.on, min(word.day, word.on))


def _standings(told: Sequence[_Told]) -> list[Known]:
    """What was known, in its order. The loss of a job says something only of somebody who was known to have one."""
    found: list[Known] = []
    for one in told:
        if one.known and (one.fact != "job_lost" or (found and found[-1].outcome in AT_WORK)):
            found.append(one.known)
    return found


def _first_job(told: Sequence[_Told], started_on: date, day: date) -> date | None:
    jobs = [one for place, one in enumerate(told, 1) if _is_new_job(one) and not _never_was(one, told[place:])]
    days = [one.day for one in jobs if one.day <= day]
    return max(min(days), started_on) if days else None


def _is_new_job(one: _Told) -> bool:
    """A job of which was not told in which sector is one too."""
    return one.known.outcome in NEW_JOB if one.known else one.fact == "new_job"


def _never_was(job: _Told, later: Iterable[_Told]) -> bool:
    """Whether it was said later that the job was lost by its first day: it was told by mistake."""
    return job.since is not None and any(one.fact == "job_lost" and one.day <= job.since for one in later)


def _moments(asked: Sequence[Sequence[Any]], told: Sequence[_Told], untold: Known) -> tuple[Moment, ...]:
    """Each moment with its last word; one that still runs is named by what was asked, or by the phase of the story.

    Nothing runs any more of who took the trajectory back.
    """
    last = {one.fact: one.known for one in told if one.fact in MOMENTS}
    found = []
    for moment, during, person_asked, delivered, agency, phoned in asked:
        name = moment or _moment_of(during or "")
        if name:
            runs = moment is None and untold is NOT_ASKED
            known = None if runs else last.get(name, untold)
            found.append(Moment(name, person_asked, delivered, agency, phoned, known))
    return tuple(found)


def _moment_of(phase: str) -> str | None:
    for begins, name in (("follow_up_", "{}_months"), ("guidance_", "phase_{}")):
        if phase.startswith(begins):
            return name.format(phase.removeprefix(begins))
    return "end" if phase == "ending" else phase if phase in MOMENTS else None

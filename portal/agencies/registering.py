"""What an agency registers of one participant, however it comes: by page, by file or from its own system.

What cannot be is refused by field before anything is told; what stands already is not told again.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from models.errors import Refusal
from models.messages.commands import Actor, AnswerRequest, ReportFact
from models.messages.words import FollowUpOutcome
from portal.following.answered import LATER
from portal.house import House
from portal.language import Tongue
from portal.language import marked as _
from reading.guided import COURSE, ENDS, OF_AGENCY, Guided
from schemes.calendar import local_date
from schemes.guided_hours import Course, HoursFault, Registration, faults, last_day

GUIDING = ("guidance_1", "guidance_2", "guidance_3")
"""Phases in which somebody is guided."""
WAITING = "start"
"""The phase in which the first talk is waited for."""
STAMP = "%Y%m%dT%H%M%S%f"


class Why(NamedTuple):
    """Why a field is refused: a sentence of the catalogues, with what stands in its places."""

    text: str
    values: Mapping[str, Any] = {}


class Happening(NamedTuple):
    """A turn of the guidance: new_job, job_lost, stopped or finished."""

    fact: str
    on: date


class Act(NamedTuple):
    """What is registered of one participant at once; every part may be left out."""

    month: Registration | None = None
    happening: Happening | None = None
    outcome: str | None = None


SENTENCES: Mapping[HoursFault, str] = {
    HoursFault.FUTURE: _("Deze maand moet nog beginnen."),
    HoursFault.BEFORE_START: _("De begeleiding begon pas op %(started)s."),
    HoursFault.AFTER_END: _("De begeleiding eindigde op %(ended)s."),
    HoursFault.NEGATIVE: _("Vul een aantal uren van nul of meer in."),
    HoursFault.TOO_FINE: _("Gebruik hoogstens twee cijfers na de komma."),
    HoursFault.TOO_MANY: _("Dat is meer dan 24 uur per dag."),
    HoursFault.NO_SESSIONS: _("Vul in hoeveel gesprekken of sessies dat waren."),
    HoursFault.SESSIONS: _("Zoveel gesprekken op een maand kan niet."),
    HoursFault.NO_HOURS: _("Er waren gesprekken: vul ook de uren in."),
    HoursFault.NOT_STARTED: _("De begeleiding begon nog niet: vul de dag van het eerste gesprek in."),
    HoursFault.FIRST_ELSEWHERE: _("Kies een dag in deze maand."),
    HoursFault.FIRST_FUTURE: _("Deze dag moet nog komen."),
    HoursFault.FIRST_BEFORE_START: _("De begeleiding begon pas op %(started)s."),
}
CLOSED = _("Dit traject is afgesloten. Er kan niets meer bij.")
NOT_RUNNING = _("Dit kan alleen zolang de begeleiding loopt.")
NOT_ASKED = _("Een uitkomst vragen wij u nu niet. Meld nieuw werk of het einde van de begeleiding.")


def course_of(one: Guided, now: datetime) -> Course:
    """What is known of somebody's guidance, on today by the own calendar of the dossier."""
    return Course(today=local_date(one.lived or now), started_on=one.started_on, ended_on=one.ended_on)


def problems_of(one: Guided, act: Act, now: datetime) -> dict[str, Why]:
    """What is wrong, by field: month, hours, sessions, first_on, event, event_on or outcome."""
    new = unsaid(one, act)
    if new == Act():
        return {}
    if one.closed is not None:
        return {"month": Why(CLOSED)}
    course, found = course_of(one, now), dict[str, Why]()
    if new.month is not None:
        told = {"started": _short(one.started_on), "ended": _short(one.ended_on)}
        found |= {field: Why(SENTENCES[fault], told) for field, fault in faults(new.month, course).items()}
        if "first_on" not in found and course.started_on is None and one.phase != WAITING:
            found["first_on"] = Why(_("Deze begeleiding kan nog niet beginnen: het aanbod is niet aangenomen."))
    if new.happening is not None:
        found |= _of_happening(one, new.happening, course)
    if new.outcome is not None and (wrong := _of_outcome(one, new, act.happening)):
        found["outcome"] = Why(wrong)
    return found


def wrong_in(say: Tongue, problems: Mapping[str, Why]) -> dict[str, str]:
    """What is wrong by field, in a language."""
    return {field: say(why.text, **why.values) for field, why in problems.items()}


def unsaid(one: Guided, act: Act) -> Act:
    """What of it is not known already."""
    month, happening, outcome = act
    stands = one.month(f"{month.month:%Y-%m}") if month else None
    if month is not None and stands is not None:
        told = stands.told
        if (told.hours, told.sessions, told.first_on) == (month.hours, month.sessions, month.first_on):
            month = None
    with_it = _told_with(one, happening)
    if with_it is not None and not (outcome and outcome not in with_it and _works(one, happening)):
        happening = None
    said = one.said.union(with_it or ())
    if happening is None and outcome in said and one.open_request(OF_AGENCY) is None:
        outcome = None
    return Act(month, happening, outcome)


async def register(house: House, by: Actor, one: Guided, act: Act, now: datetime) -> bool:
    """Tell the dossier what it does not know yet; whether there was anything. First see that there are no problems.

    Raises:
        Refusal: the dossier says no.
    """
    new = unsaid(one, act)
    if new.month is not None:
        await _month(house, by, one, new.month, now)
    carried = new.outcome is not None and new.happening is not None and new.happening.fact == "new_job"
    if new.happening is not None:
        values = {"outcome": new.outcome} if new.outcome and carried else {}
        report = ReportFact(fact=new.happening.fact, on=new.happening.on, by=by, values=values)
        await _heard(house.starter.report(one.number, report))
    if new.outcome is not None and (not carried or one.open_request(OF_AGENCY)):
        await _outcome(house, by, one, new.outcome)
    return new != Act()


async def _month(house: House, by: Actor, one: Guided, month: Registration, now: datetime) -> None:
    """The hours of a month; a first talk that nobody told yet begins the guidance."""
    if one.started_on is None and month.first_on is not None:
        asked = one.open_request("start") or "start"
        started = AnswerRequest(request=asked, by=by, values={"started_on": month.first_on.isoformat()})
        await _heard(house.starter.answer(one.number, started))
    values, stands = month.told().values(), one.month(f"{month.month:%Y-%m}")
    if stands is not None:  # so that going back to an earlier number is not the same report again
        values["replaces"] = f"{stands.at:{STAMP}}"
    on = last_day(month, course_of(one, now))
    await _heard(house.starter.report(one.number, ReportFact(fact="hours_registered", on=on, by=by, values=values)))


async def _outcome(house: House, by: Actor, one: Guided, outcome: str) -> None:
    """An outcome that is asked, was asked, or belongs to an end that was told a moment ago."""
    names = [asked.request for asked in one.asked if asked.code == OF_AGENCY]
    request = one.open_request(OF_AGENCY) or (names[-1] if names else OF_AGENCY)
    answer = AnswerRequest(request=request, by=by, values={"outcome": outcome})
    await _heard(house.starter.answer(one.number, answer))


async def _heard(told: Any) -> None:
    """What is kept and will be heard later is told as well."""
    try:
        await told
    except Refusal as refusal:
        if refusal.code != LATER:
            raise


def _of_happening(one: Guided, happening: Happening, course: Course) -> dict[str, Why]:
    if happening.fact not in COURSE:
        return {"event": Why(_("Kies nieuw werk, werk verloren, gestopt of klaar."))}
    if one.phase not in GUIDING:
        return {"event": Why(NOT_RUNNING)}
    if happening.on > course.today:
        return {"event_on": Why(SENTENCES[HoursFault.FIRST_FUTURE])}
    if course.started_on is not None and happening.on < course.started_on:
        return {"event_on": Why(SENTENCES[HoursFault.BEFORE_START], {"started": _short(course.started_on)})}
    return {}


def _of_outcome(one: Guided, new: Act, told: Happening | None) -> str | None:
    """An outcome of an end or of a new job is heard with it, and of an end that was told before afterwards too."""
    if new.outcome not in set(FollowUpOutcome):
        return _("Kies een uitkomst uit de lijst.")
    asked = any(question.code == OF_AGENCY for question in one.asked)
    of_job = new.happening is not None and new.happening.fact == "new_job"
    of_end = told is not None and told.fact in ENDS
    return None if asked or of_job or of_end else NOT_ASKED


def _told_with(one: Guided, happening: Happening | None) -> tuple[str | None, ...] | None:
    """The outcomes with which a turn was told before; None when it was not."""
    told = tuple(turn.outcome for turn in one.happened if (turn.fact, turn.on) == happening)
    return told or None


def _works(one: Guided, happening: Happening | None) -> bool:
    """Whether this is the job that the person has while the guidance may still go on."""
    jobs = [turn for turn in one.happened if turn.fact in ("new_job", "job_lost")]
    return one.phase in GUIDING and bool(jobs) and jobs[-1][:2] == happening and jobs[-1].fact == "new_job"


def _short(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""

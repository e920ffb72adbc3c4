"""What a person can answer by one click, and the one or two things that are asked with it. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from importing import notations
from models.messages.words import FollowUpOutcome
from portal.language import marked as _
from schemes.calendar import ONE_DAY
from schemes.terms import add_months

LONGEST_AGO = 600
"""Months: who says since when cannot mean a day before this."""


class Word(NamedTuple):
    """One answer of a closed list. `label` is on the button, `said` is how it is told back."""

    outcome: FollowUpOutcome
    label: str
    said: str


class Way(NamedTuple):
    """One of the five big buttons. `words` are chosen from when there are several; `dated`: since when is asked."""

    code: str
    label: str
    sure: str
    """The question that is confirmed."""
    words: tuple[Word, ...] = ()
    dated: bool = False


_WORKS = (
    Word(
        FollowUpOutcome.SAME_SECTOR,
        _("In dezelfde sector: metaal of technologie"),
        _("U heeft werk in dezelfde sector."),
    ),
    Word(FollowUpOutcome.OTHER_SECTOR, _("In een andere sector"), _("U heeft werk in een andere sector.")),
    Word(FollowUpOutcome.SELF_EMPLOYED, _("Ik heb een eigen zaak"), _("U heeft een eigen zaak.")),
    Word(
        FollowUpOutcome.FORMER_EMPLOYER,
        _("Ik werk weer bij mijn vorige werkgever"),
        _("U werkt weer bij uw vorige werkgever."),
    ),
)
_OTHERWISE = (
    Word(FollowUpOutcome.PENSION, _("Ik ben met pensioen of SWT"), _("U bent met pensioen of SWT.")),
    Word(FollowUpOutcome.ILL, _("Ik ben ziek"), _("U bent ziek.")),
    Word(FollowUpOutcome.MOVED_OR_DIED, _("Ik woon nu in het buitenland"), _("U woont in het buitenland.")),
)
_TRAINED = (Word(FollowUpOutcome.TRAINING, "", _("U volgt een opleiding.")),)
_SEEKS = (Word(FollowUpOutcome.JOB_SEEKING, "", _("U zoekt nog werk.")),)
WAYS: Mapping[str, Way] = {
    way.code: way
    for way in (
        Way("job", _("Ik heb werk"), _("U heeft werk. Welk werk is het?"), _WORKS, dated=True),
        Way("opleiding", _("Ik volg een opleiding"), _("U volgt een opleiding. Klopt dat?"), _TRAINED),
        Way("zoekend", _("Ik zoek nog werk"), _("U zoekt nog werk. Klopt dat?"), _SEEKS),
        Way("anders", _("Iets anders"), _("Wat is er veranderd?"), _OTHERWISE),
        Way("stop", _("Stel mij geen vragen meer"), _("Wilt u geen vragen meer krijgen?")),
    )
}
"""By the word that stands in the address. The words are Dutch and short: they stand in text messages."""
SAID: Mapping[str, str] = {word.outcome.value: word.said for way in WAYS.values() for word in way.words}
BEFORE_DISMISSAL = _(
    "Uw nieuwe werk begon na uw ontslag. Vul een latere dag in. "
    "Had u dit werk al voor uw ontslag? Kies dan “Ik zoek nog werk”."
)
SAID_BY_OTHERS = _("Dit hebben wij al van iemand anders gehoord.")


class Told(NamedTuple):
    """What somebody confirmed. `outcome` is None for who wants no more questions."""

    way: Way
    outcome: FollowUpOutcome | None
    since: date | None = None
    call: bool = False
    """The person wants to be called for help."""
    lost_on: date | None = None
    """The last day of a new job that was lost again."""
    again: int = 0
    """How many answers were there when the page was shown: a button pressed twice is one answer."""


class Unclear(ValueError):
    """Something is missing in what was confirmed. `problems`: Dutch sentences by field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


def told(way: Way, typed: Mapping[str, str], today: date, dismissed_on: date | None = None) -> Told:
    """What was confirmed on the page of one way. Work since before the dismissal is no new work, and asked again.

    Raises:
        Unclear: no word of the list was chosen, or a day cannot be meant.
    """
    times = typed.get("keer", "")
    again = int(times) if times.isascii() and times.isdigit() and len(times) < 4 else 0
    if not way.words:
        return Told(way, None, again=again)
    problems: dict[str, str] = {}
    chosen = [word.outcome for word in way.words if len(way.words) == 1 or word.outcome.value == typed.get("uitkomst")]
    if not chosen:
        problems["uitkomst"] = _("Kies wat bij u past.")
    since = _since(typed, today, dismissed_on or date.min, problems) if way.dated else None
    lost_on = past_day(typed.get("verloren-op", ""), today, problems, "verloren-op") if typed.get("verloren") else None
    if problems:
        raise Unclear(problems)
    lost = (lost_on or today) if typed.get("verloren") else None
    return Told(way, chosen[0], since, bool(typed.get("bellen")), lost, again)


def _since(typed: Mapping[str, str], today: date, dismissed_on: date, problems: dict[str, str]) -> date | None:
    """Since when: the first day of this month, or a day. Whoever fills in a day means that day."""
    if typed.get("dag", "").strip():
        day = past_day(typed["dag"], today, problems, "dag")
        if day is not None and day <= dismissed_on:
            problems.setdefault("dag", BEFORE_DISMISSAL)
        return day
    if typed.get("sinds") == "maand":
        return min(max(today.replace(day=1), dismissed_on + ONE_DAY), today)
    problems["sinds"] = _("Kies sinds wanneer. Weet u de dag niet juist? Kies er een die erbij ligt.")
    return None


def past_day(text: str, today: date, problems: dict[str, str], field: str) -> date | None:
    """A day of the past; None when it was left open."""
    if not text.strip():
        return None
    try:
        day = notations.day(text.strip())
    except ValueError:
        problems[field] = _("Schrijf de dag als dag/maand/jaar, bijvoorbeeld 14/03/2025.")
        return None
    if day > today:
        problems[field] = _("Deze dag moet nog komen. Kies een dag die voorbij is.")
    elif day < add_months(today, -LONGEST_AGO):
        problems[field] = _("Deze dag is te lang geleden. Kijk het jaar na.")
    return day

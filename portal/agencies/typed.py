"""What an agency typed of one participant, in a row of a page or of a file, read with suspicion."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from importing import notations
from models.messages.words import FollowUpOutcome
from portal.agencies.registering import Act, Happening, Why
from portal.language import marked as _
from schemes.guided_hours import Registration

HAPPENINGS: Mapping[str, str] = {
    "new_job": _("nieuw werk"),
    "job_lost": _("werk verloren"),
    "stopped": _("gestopt"),
    "finished": _("klaar"),
}
"""What may be told of the course, as a file writes it."""
NUMBER, WHOLE, DAY = (
    _("Dit is geen getal van nul of meer. Schrijf bijvoorbeeld 7,5."),
    _("Dit is geen geheel getal van nul of meer. Schrijf bijvoorbeeld 3."),
    _("Dit is geen dag. Schrijf dag/maand/jaar, bijvoorbeeld 14/05/2024."),
)


class Typed(NamedTuple):
    """The cells of one row, as they were typed."""

    hours: str = ""
    sessions: str = ""
    first_on: str = ""
    event: str = ""
    event_on: str = ""
    outcome: str = ""


class Read(NamedTuple):
    """What a row says, and why some of its fields cannot be read."""

    act: Act
    problems: dict[str, Why]


def read(typed: Typed, month: date) -> Read:
    """Read one row about a month; nothing typed is nothing said."""
    problems: dict[str, Why] = {}

    def value(field: str, reader: Callable[[str], Any], wrong: str) -> Any:
        text = getattr(typed, field).strip()
        try:
            return reader(text) if text else None
        except ValueError:
            problems[field] = Why(wrong)
            return None

    hours: Decimal | None = value("hours", notations.number, NUMBER)
    sessions: int | None = value("sessions", notations.whole, WHOLE)
    first_on: date | None = value("first_on", notations.day, DAY)
    happening = _happening(typed, value("event_on", notations.day, DAY), problems)
    outcome: str | None = value("outcome", _outcome, _("Kies een uitkomst uit de lijst."))
    registration = None
    if typed.hours.strip() or typed.sessions.strip() or typed.first_on.strip():
        if not typed.hours.strip():
            problems["hours"] = Why(_("Vul ook de uren in; 0 als er geen waren."))
        registration = Registration(month=month, hours=hours or Decimal(0), sessions=sessions or 0, first_on=first_on)
    return Read(Act(None if problems else registration, happening, outcome), problems)


def shown(hours: Decimal) -> str:
    """Hours as they are typed here: 7,5."""
    return f"{hours.normalize():f}".replace(".", ",")


def _happening(typed: Typed, on: date | None, problems: dict[str, Why]) -> Happening | None:
    word = notations.plain(typed.event)
    if not word:
        if typed.event_on.strip():
            problems["event"] = Why(_("Zeg wat er op die dag gebeurde."))
        return None
    facts = [fact for fact, said in HAPPENINGS.items() if word in (fact, said)]
    if not facts:
        problems["event"] = Why(_("Kies nieuw werk, werk verloren, gestopt of klaar."))
        return None
    if on is None:
        problems.setdefault("event_on", Why(_("Vul in op welke dag dat was.")))
        return None
    return Happening(facts[0], on)


def _outcome(text: str) -> str:
    words = {notations.plain(outcome): outcome.value for outcome in FollowUpOutcome}
    if found := words.get(notations.plain(text)):
        return found
    raise ValueError(text)

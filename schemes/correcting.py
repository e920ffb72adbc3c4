"""Facts of a dismissal that turn out otherwise: which may be put right, why, and what cannot be.

Only facts on which a day of the course depends (domain.md 6.2); a birth date comes as the ages that follow from it.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, get_args

from models.messages.facts import TrajectoryFacts
from schemes.deadlines import Deadline, Term

CORRECTED = "facts_corrected"
"""The fact that tells a trajectory what was put right."""
Because = Literal["birth_date", "illness", "mistake", "agreement", "judgment", "successor"]
BECAUSE: tuple[str, ...] = get_args(Because)
"""Why a fact is put right; closed, because the timeline tells it."""
FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2100, 12, 31)
"""Days outside are typing errors, and have no legal holidays here."""
LONGEST_NOTICE = Decimal(260)
"""Weeks: five years, more than any term of notice."""
YOUNGEST, OLDEST = 14, 99

NAMES: Mapping[str, str] = {
    "dismissed_on": "de dag van het ontslag",
    "announced_on": "de dag van de aankondiging",
    "service_began_on": "de eerste werkdag",
    "notice_began_on": "het begin van de opzegtermijn",
    "contract_ended_on": "het einde van de arbeidsovereenkomst",
    "notice_weeks": "de weken opzeg",
    "indemnity_weeks": "de weken vergoeding",
    "employment_fraction": "de tewerkstellingsbreuk",
    "age_on_dismissal": "de leeftijd op de dag van het ontslag",
    "age_on_announcement": "de leeftijd op de dag van de aankondiging",
    "offered_on": "de dag van het aanbod",
    "started_on": "de dag van de eerste sessie",
}
"""What may be put right, as a sentence names it."""
MAY_BE_EMPTY = frozenset({"announced_on", "notice_began_on", "notice_weeks", "indemnity_weeks", "age_on_announcement"})
FROM_A_BIRTH_DATE = frozenset({"age_on_dismissal", "age_on_announcement"})
PLANNED_AHEAD = Term.parse("3 months")
"""How far ahead an offer or a first session may be planned, so that a mistyped year silences nobody. [example]"""
BESIDE = frozenset({"because", "seen"})
"""What a report carries besides facts: why, and up to which event its teller had read."""


class CorrectionError(ValueError):
    """A correction that cannot be; `field` names the fact and the text says in plain Dutch what is wrong with it."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def corrected(facts: TrajectoryFacts, values: Mapping[str, str]) -> TrajectoryFacts:
    """The facts with what was put right in them; days as 2024-03-31, numbers as 12.5, nothing as an empty text.

    Raises:
        CorrectionError: a fact that may not be put right, cannot be read, or cannot be together with the others.
    """
    changes = {field: _read(field, text) for field, text in values.items() if field not in BESIDE}
    for field in ("offered_on", "started_on"):
        if field in changes and getattr(facts, field) is None:
            raise CorrectionError(field, f"Verbeteren kan pas als {NAMES[field]} gekend is; dat is nog niet gevraagd.")
    found = facts.model_copy(update=changes)
    for wrong in _impossible(found):
        if wrong.field in changes or _other(wrong.field, changes):
            raise wrong
    return found


def see_that_it_can_be(facts: TrajectoryFacts, field: str, day: date, today: date) -> None:
    """See that a day that is told for the first time, of the offer or the first session, can be; a planned one may.

    Raises:
        CorrectionError: it lies before a day that comes first, or so far ahead that its year must be wrong.
    """
    if day > Deadline(start=today, term=PLANNED_AHEAD).last_day:
        text = f"{NAMES[field].capitalize()} ({day:%d/%m/%Y}) ligt meer dan drie maanden vooruit. Kijk het jaar na."
        raise CorrectionError(field, text)
    for wrong in _impossible(facts.model_copy(update={field: day})):
        if wrong.field == field:
            raise wrong


def changed(before: TrajectoryFacts, after: TrajectoryFacts) -> tuple[str, ...]:
    """Which facts are other than they were."""
    return tuple(field for field in NAMES if getattr(before, field) != getattr(after, field))


def _read(field: str, text: str) -> Any:
    if field not in NAMES:
        raise CorrectionError(field, f"'{field}' kan hier niet verbeterd worden. Kies uit: {', '.join(NAMES)}.")
    if not text.strip():
        if field in MAY_BE_EMPTY:
            return None
        raise CorrectionError(field, f"Vul {NAMES[field]} in; leeg kan niet.")
    return _READERS.get(field, _day)(field, text.strip())


def _day(field: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        message = f"Voor {NAMES[field]} is '{text}' geen dag; schrijf bijvoorbeeld 2025-03-14."
        raise CorrectionError(field, message) from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise CorrectionError(field, f"Voor {NAMES[field]} kan {day:%d/%m/%Y} niet: kijk het jaar na.")
    return day


def _number(field: str, text: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise CorrectionError(field, f"Voor {NAMES[field]} is '{text}' geen getal; schrijf bijvoorbeeld 12,5.")
    return number


def _weeks(field: str, text: str) -> Decimal:
    weeks = _number(field, text)
    if not 0 <= weeks <= LONGEST_NOTICE:
        raise CorrectionError(field, f"Voor {NAMES[field]} kan {text} niet: schrijf 0 tot {LONGEST_NOTICE}.")
    return weeks


def _fraction(field: str, text: str) -> Decimal:
    fraction = _number(field, text)
    if not 0 < fraction <= 1:
        raise CorrectionError(field, f"Voor {NAMES[field]} kan {text} niet: 1 is voltijds, 0,5 is halftijds.")
    return fraction


def _age(field: str, text: str) -> int:
    if not text.isdecimal() or not YOUNGEST <= int(text) <= OLDEST:
        raise CorrectionError(field, f"Voor {NAMES[field]} kan {text} niet: kijk de geboortedatum na.")
    return int(text)


_READERS: Mapping[str, Callable[[str, str], Any]] = {
    "notice_weeks": _weeks,
    "indemnity_weeks": _weeks,
    "employment_fraction": _fraction,
    "age_on_dismissal": _age,
    "age_on_announcement": _age,
}
_IN_ORDER = (
    ("service_began_on", "dismissed_on"),
    ("announced_on", "dismissed_on"),
    ("dismissed_on", "contract_ended_on"),
    ("dismissed_on", "notice_began_on"),
    ("notice_began_on", "contract_ended_on"),
    ("dismissed_on", "offered_on"),
    ("dismissed_on", "started_on"),
    ("offered_on", "started_on"),
)
"""The first cannot come after the second."""


def _impossible(facts: TrajectoryFacts) -> Iterator[CorrectionError]:
    for first, then in _IN_ORDER:
        before, after = getattr(facts, first), getattr(facts, then)
        if before is not None and after is not None and before > after:
            named, other = NAMES[then].capitalize(), NAMES[first]
            text = f"{named} ({after:%d/%m/%Y}) kan niet vóór {other} ({before:%d/%m/%Y}) vallen."
            yield CorrectionError(then, text)
    if facts.dismissal == "restructuring" and facts.announced_on is None:
        yield CorrectionError("announced_on", "Een collectief ontslag heeft een dag van aankondiging: vul die in.")
    if facts.announced_on is not None and facts.age_on_announcement is None:
        text = "De leeftijd op de dag van de aankondiging ontbreekt: vul de geboortedatum in."
        yield CorrectionError("age_on_announcement", text)


def _other(field: str, changes: Mapping[str, Any]) -> bool:
    """Whether the other day of an impossible pair is what was put right."""
    return any(then == field and first in changes for first, then in _IN_ORDER) or (
        field == "age_on_announcement" and "announced_on" in changes
    )

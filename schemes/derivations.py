"""The words of a deadline: from what, how long, what stopped or moved it. Dutch first, French and English beside it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from schemes.calendar import LegalHoliday, legal_holiday
from schemes.terms import Term, Unit

_Plural = tuple[str, str]


@dataclass(frozen=True)
class Moves:
    """What happened to a deadline besides its own term."""

    suspended: int = 0
    """Days given back, in working days when the term counts working days."""
    stopped_since: date | None = None
    longer: tuple[Term | date, ...] = ()
    """Extensions: by a term, or to a date."""
    moved_off: date | None = None
    """The weekend day or holiday the last day would have fallen on."""


@dataclass(frozen=True)
class _Words:
    """One language. Templates take `{}` for a length, a day or a number."""

    months: str
    weekdays: tuple[str, str]
    units: dict[Unit, _Plural]
    from_day: str
    before_day: str
    suspended: str
    stopped: str
    longer_by: str
    longer_to: str
    moved: str
    holidays: dict[LegalHoliday, str]
    day_number: Callable[[int], str] = field(default=str)


_HOLIDAYS = tuple(LegalHoliday)


def _holidays(*names: str) -> dict[LegalHoliday, str]:
    """Names in the order of the year, as `LegalHoliday` lists them."""
    return dict(zip(_HOLIDAYS, names, strict=True))


_DUTCH = _Words(
    months="januari februari maart april mei juni juli augustus september oktober november december",
    weekdays=("zaterdag", "zondag"),
    units={
        "days": ("dag", "dagen"),
        "weeks": ("week", "weken"),
        "months": ("maand", "maanden"),
        "working_days": ("werkdag", "werkdagen"),
    },
    from_day="{} vanaf {}",
    before_day="{} vóór {}",
    suspended="{} geschorst",
    stopped="geschorst sinds {}",
    longer_by="verlengd met {}",
    longer_to="verlengd tot en met {}",
    moved="verschoven van {}",
    holidays=_holidays(
        "Nieuwjaar",
        "Paasmaandag",
        "de Dag van de Arbeid",
        "Hemelvaart",
        "Pinkstermaandag",
        "de nationale feestdag",
        "Onze-Lieve-Vrouw-Hemelvaart",
        "Allerheiligen",
        "Wapenstilstand",
        "Kerstmis",
    ),
)
_FRENCH = _Words(
    months="janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    weekdays=("du samedi", "du dimanche"),
    units={
        "days": ("jour", "jours"),
        "weeks": ("semaine", "semaines"),
        "months": ("mois", "mois"),
        "working_days": ("jour ouvrable", "jours ouvrables"),
    },
    from_day="{} à partir du {}",
    before_day="{} avant le {}",
    suspended="suspendu pendant {}",
    stopped="suspendu depuis le {}",
    longer_by="prolongé de {}",
    longer_to="prolongé jusqu'au {} inclus",
    moved="reporté {}",
    holidays=_holidays(
        "du jour de l'an",
        "du lundi de Pâques",
        "de la fête du Travail",
        "de l'Ascension",
        "du lundi de Pentecôte",
        "de la fête nationale",
        "de l'Assomption",
        "de la Toussaint",
        "de l'Armistice",
        "de Noël",
    ),
    day_number=lambda number: "1er" if number == 1 else str(number),
)
_ENGLISH = _Words(
    months="January February March April May June July August September October November December",
    weekdays=("a Saturday", "a Sunday"),
    units={
        "days": ("day", "days"),
        "weeks": ("week", "weeks"),
        "months": ("month", "months"),
        "working_days": ("working day", "working days"),
    },
    from_day="{} from {}",
    before_day="{} before {}",
    suspended="{} suspended",
    stopped="suspended since {}",
    longer_by="extended by {}",
    longer_to="extended to {} inclusive",
    moved="moved off {}",
    holidays=_holidays(
        "New Year's Day",
        "Easter Monday",
        "Labour Day",
        "Ascension Day",
        "Whit Monday",
        "the national holiday",
        "Assumption Day",
        "All Saints' Day",
        "Armistice Day",
        "Christmas Day",
    ),
)
_LANGUAGES = {"nl": _DUTCH, "fr": _FRENCH, "en": _ENGLISH}


def derivation(start: date, term: Term, moves: Moves, language: str = "nl") -> str:
    """One line such as "15 werkdagen vanaf 3 maart 2025, 6 werkdagen geschorst"; other languages than fr, en get nl."""
    words = _LANGUAGES.get(language, _DUTCH)
    opening = words.from_day if term.amount >= 0 else words.before_day
    parts = [opening.format(_length(term.amount, term.unit, words), _day(start, words))]
    for longer in moves.longer:
        if isinstance(longer, Term):
            parts.append(words.longer_by.format(_length(longer.amount, longer.unit, words)))
        else:
            parts.append(words.longer_to.format(_day(longer, words)))
    if moves.suspended:
        unit: Unit = "working_days" if term.unit == "working_days" else "days"
        parts.append(words.suspended.format(_length(moves.suspended, unit, words)))
    if moves.stopped_since:
        parts.append(words.stopped.format(_day(moves.stopped_since, words)))
    if moves.moved_off:
        parts.append(words.moved.format(_name(moves.moved_off, words)))
    return ", ".join(parts)


def _length(amount: int, unit: Unit, words: _Words) -> str:
    one, many = words.units[unit]
    return f"{abs(amount)} {one if abs(amount) == 1 else many}"


def _day(day: date, words: _Words) -> str:
    return f"{words.day_number(day.day)} {words.months.split()[day.month - 1]} {day.year}"


def _name(day: date, words: _Words) -> str:
    """A holiday by its name, a weekend day by its day of the week and date."""
    if (holiday := legal_holiday(day)) is not None:
        return words.holidays[holiday]
    return f"{words.weekdays[day.weekday() - 5]} {_day(day, words)}"


def translated(told: str, language: str) -> str:
    """A stored line in another language: it is Dutch, and every part of it is one that `derivation` writes.

    What was not written by `derivation` stays as it is.
    """
    words = _LANGUAGES.get(language, _DUTCH)
    parts = [_translated(part, words) for part in told.split(", ")]
    return told if words is _DUTCH or None in parts else ", ".join(part for part in parts if part)


def _translated(part: str, words: _Words) -> str | None:
    for template in ("from_day", "before_day", "suspended", "stopped", "longer_by", "longer_to", "moved"):
        own = getattr(_DUTCH, template)
        found = re.fullmatch(re.escape(own).replace(r"\{\}", "(.+)"), part)
        values = [_value_in(words, value) for value in found.groups()] if found else [None]
        if None not in values:
            return str(getattr(words, template).format(*values))
    return None


def _value_in(words: _Words, told: str) -> str | None:
    """A length, a day, a holiday or a weekend day of Dutch in other words; None for anything else."""
    first, _, rest = told.partition(" ")
    for holiday, name in _DUTCH.holidays.items():
        if told == name:
            return words.holidays[holiday]
    for unit, names in _DUTCH.units.items():
        if first.isdecimal() and rest in names:
            return _length(int(first), unit, words)
    if first in _DUTCH.weekdays and (day := _day_of(rest)):
        return _name(day, words)
    day = _day_of(told)
    return _day(day, words) if day else None


def _day_of(told: str) -> date | None:
    match told.split():
        case [number, month, year] if number.isdecimal() and year.isdecimal() and month in _DUTCH.months.split():
            return date(int(year), _DUTCH.months.split().index(month) + 1, int(number))
    return None

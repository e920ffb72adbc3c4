"""How people write numbers, dates and yes or no. Everything that could mean two things is refused, not guessed."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal

_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f'’"), " ")
_CURRENCY = re.compile(r"^(?:€|EUR|euro)\s*|\s*(?:€|EUR|euro)$", re.IGNORECASE)
_PLAIN = re.compile(r"[0-9]{1,12}(?:[.,](?P<decimals>[0-9]{1,12}))?")
_GROUPED = re.compile(
    r"[1-9][0-9]{0,2}(?:(?P<group>[ .,])[0-9]{3})(?:(?P=group)[0-9]{3})*(?:(?P<point>[.,])[0-9]{1,12})?"
)
_DAY_FIRST = re.compile(r"(?P<day>[0-9]{1,2})(?P<sign>[/.-])(?P<month>[0-9]{1,2})(?P=sign)(?P<year>[0-9]{4})")
_YEAR_FIRST = re.compile(r"(?P<year>[0-9]{4})(?P<sign>[/.-])(?P<month>[0-9]{1,2})(?P=sign)(?P<day>[0-9]{1,2})")
_MIDNIGHT = re.compile(r"[T ]00:00(?::00(?:\.0+)?)?$")
_SERIAL = re.compile(r"[2-7][0-9]{4}")
_EPOCH = date(1899, 12, 30)
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_YES = frozenset({"ja", "j", "oui", "yes", "1", "waar", "true", "x"})
_NO = frozenset({"nee", "neen", "n", "non", "no", "0", "onwaar", "false"})


def number(typed: str) -> Decimal:
    """A number of zero or more: 1234,56, 1234.56, 1.234,56, 1 234,56, 1,234.56 or 1.234 (thousands, as in Belgium).

    Raises ValueError for text, a negative number, and 1,234, which is a thousand to some and a good one to others.
    """
    text = _CURRENCY.sub("", typed.translate(_SPACES).strip()).strip()
    if grouped := _GROUPED.fullmatch(text):
        group, point = grouped["group"], grouped["point"]
        several = text.count(group) > 1
        if point == group or (group == "," and point is None and not several):
            raise ValueError(f"{typed!r} can be read in two ways")
        return Decimal(text.replace(group, "").replace(",", "."))
    if _PLAIN.fullmatch(text):
        return Decimal(text.replace(",", "."))
    raise ValueError(f"{typed!r} is not a number")


def amount(typed: str) -> Decimal:
    """Euros with at most two decimals. Raises ValueError for anything else."""
    value = number(typed)
    if value != value.quantize(Decimal("0.01")):
        raise ValueError(f"{typed!r} has more than two decimals")
    return value


def whole(typed: str) -> int:
    """A count. Raises ValueError for anything but digits (12 or 12,0)."""
    value = number(typed)
    if value != value.to_integral_value():
        raise ValueError(f"{typed!r} is not a whole number")
    return int(value)


def day(typed: str) -> date:
    """A date: dd/mm/yyyy, d-m-yyyy, dd.mm.yyyy, yyyy-mm-dd (midnight behind it is fine) or a spreadsheet's day number.

    Raises ValueError for a day that does not exist, a year of two digits, and years before 1900 or after 2100.
    """
    text = _MIDNIGHT.sub("", typed.translate(_SPACES).strip())
    if found := _DAY_FIRST.fullmatch(text) or _YEAR_FIRST.fullmatch(text):
        value = date(int(found["year"]), int(found["month"]), int(found["day"]))
    elif _SERIAL.fullmatch(text):
        value = _EPOCH + timedelta(days=int(text))
    else:
        raise ValueError(f"{typed!r} is not a date")
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise ValueError(f"{typed!r} is not a likely date")
    return value


def yes(typed: str) -> bool:
    """Yes or no, in the words of a form or a spreadsheet. Raises ValueError for anything else."""
    word = plain(typed)
    if word in _YES or word in _NO:
        return word in _YES
    raise ValueError(f"{typed!r} is not yes or no")


def plain(text: str) -> str:
    """Text to compare by: without accents, capitals, punctuation at word ends and superfluous spaces."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(word.strip(".:*") for word in bare.casefold().split())


def written_day(value: date | datetime) -> str:
    """A date cell of a spreadsheet as text that `day` reads back; a time of day stays visible, and is then refused."""
    if isinstance(value, datetime) and value.time() != datetime.min.time():
        return f"{value:%d/%m/%Y %H:%M}"
    return f"{value:%d/%m/%Y}"

"""Days as a calendar reads them (RFC 5545): lines of 75 octets that end in CRLF, with text escaped. Pure."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

MOST_OCTETS = 75
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Day(NamedTuple):
    """Something that lasts one whole local day. `uid` stays the same when the day moves."""

    uid: str
    day: date
    summary: str
    description: str
    url: str
    stamp: datetime


def calendar(name: str, days: Iterable[Day]) -> str:
    """A calendar of whole days, under a name that the reader sees."""
    return "".join(folded(line) for line in _lines(name, days))


def _lines(name: str, days: Iterable[Day]) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//mtech+//Doorstroom//NL", "CALSCALE:GREGORIAN")
    yield from ("METHOD:PUBLISH", f"X-WR-CALNAME:{escaped(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT4H")
    for one in days:
        yield "BEGIN:VEVENT"
        yield f"UID:{escaped(one.uid)}"
        yield f"DTSTAMP:{one.stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        yield f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{one.day + timedelta(days=1):%Y%m%d}"
        yield f"SUMMARY:{escaped(one.summary)}"
        yield f"DESCRIPTION:{escaped(one.description)}"
        yield f"URL:{_CONTROLS.sub('', one.url)}"
        yield "TRANSP:TRANSPARENT"
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def escaped(text: str) -> str:
    """Text in which nothing can be read as a mark of the format (RFC 5545, 3.3.11)."""
    plain = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    for mark in ("\\", ";", ","):
        plain = plain.replace(mark, "\\" + mark)
    return plain.replace("\n", "\\n")


def folded(line: str) -> str:
    """A line in pieces of 75 octets at most, never within a character (RFC 5545, 3.1)."""
    pieces: list[str] = []
    piece, size, room = "", 0, MOST_OCTETS
    for sign in line:
        octets = len(sign.encode())
        if size + octets > room:
            pieces.append(piece)
            piece, size, room = "", 0, MOST_OCTETS - 1
        piece, size = piece + sign, size + octets
    return "\r\n ".join([*pieces, piece]) + "\r\n"

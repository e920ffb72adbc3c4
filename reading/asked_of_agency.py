"""What is asked of an agency about one of its participants, and what was and may still be answered."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from models.messages.questions import HOURS, Questions
from reading.days import local_day


class Asked(NamedTuple):
    """What is asked of the agency, or was and stayed without answer: `overdue`."""

    request: str
    code: str
    until: date
    overdue: bool


def standing(asked: list[Any], *, closed: bool, known: set[str]) -> tuple[Asked, ...]:
    """What is open, and the last question of a code that stayed without answer, while an answer still helps.

    One of which the answer is known since is asked no more, nor is one after which another was taken back.
    """
    last = {row.code: row for row in sorted(asked, key=lambda row: row.opened_at)}
    return tuple(
        Asked(row.request, row.code, row.until, overdue=row.state == "lapsed")
        for row in asked
        if row.state == "open"
        or (row.state == "lapsed" and row is last[row.code] and row.request not in known and not closed)
    )


def known_since(events: list[Any], months: Iterable[Any], ended_on: date | None) -> set[str]:
    """The questions that lapsed and were answered late, in words or by months that reach the end of the phase."""
    questions, known = Questions(), set[str]()
    registered = max((row.told_on for row in months), default=date.min)
    for event in events:
        questions.take(event.type, event.data)
        if event.type == "request_opened" and event.data["code"] == HOURS:
            last_day = min(
                local_day(event.at) - timedelta(days=1), ended_on or date.max
            )  # asked when the phase was over
            if registered >= last_day:
                known.add(event.data["request"])
    return known | questions.late

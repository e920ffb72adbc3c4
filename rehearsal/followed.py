"""What a year of following people shows: who was asked when, by which messages, and whether it is as the files say."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import asyncpg

from models.messages.words import FollowUpOutcome
from rehearsal.trajectory import NEVER, Future
from schemes.calendar import BRUSSELS
from schemes.reaching import Channel, is_allowed
from schemes.terms import add_months

UNKNOWN_IN_2024 = "41,0 % van 2 010 (jaarverslag 2024)"
KNOWN_LATE = timedelta(days=30)
"""A new job ends the guidance only when nobody may come back to it any more; what was due by then is asked at once."""
SHOWN = 20
"""How many of a kind of fault are named."""
_MOMENTS = """
    SELECT d.number, f.moment, f.outcome, f.reason, f.told_by
    FROM dossier d JOIN follow_up f ON f.dossier = d.number
    WHERE d.kind = 'trajectory' AND d.rehearsed
"""
_ENDED = """
    SELECT d.number, (e.data ->> 'on')::date AS ended_on, (e.at AT TIME ZONE 'Europe/Brussels')::date AS known_on
    FROM dossier d JOIN event e ON e.dossier = d.number
    WHERE d.kind = 'trajectory' AND d.rehearsed AND e.type = 'reported' AND e.data ->> 'fact' = 'guidance_ended'
"""
_ASKED = """
    SELECT r.dossier, r.code, (r.opened_at AT TIME ZONE 'Europe/Brussels')::date AS opened_on
    FROM request r JOIN dossier d ON d.number = r.dossier
    WHERE d.kind = 'trajectory' AND d.rehearsed AND r.party = 'participant' AND r.code = 'follow_up'
"""
_LEFT = """
    SELECT effect, person, template, occasion, dossier, state, channel, leaves_on, left_at
    FROM effect WHERE party = 'participant' AND state IN ('sent', 'to_print', 'posted', 'unknown')
"""
_STATES = "SELECT state, count(*) FROM effect WHERE party = 'participant' GROUP BY 1 ORDER BY 1"


async def shown(
    pool: asyncpg.Pool, futures: Mapping[str, Future], months: tuple[int, ...], away: tuple[date, date] | None
) -> dict[str, Any]:
    """Everything that was to be shown, counted; a fault is named by dossier."""
    moments = await pool.fetch(_MOMENTS)
    return {
        "people": len({row["number"] for row in await pool.fetch(_ENDED)}),
        "asked": await _asked(pool, months, away, {(row["number"], row["moment"]): row for row in moments}),
        "messages": await _messages(pool),
        "outcomes": _outcomes(moments, futures),
    }


async def _asked(
    pool: asyncpg.Pool,
    months: tuple[int, ...],
    away: tuple[date, date] | None,
    known: Mapping[tuple[str, str], asyncpg.Record],
) -> dict[str, Any]:
    """Each moment after the guidance of everybody: noted, and when somebody was asked on the day by the rule."""
    ended = {row["number"]: row for row in await pool.fetch(_ENDED)}
    opened: dict[str, set[date]] = {}
    for row in await pool.fetch(_ASKED):
        opened.setdefault(row["dossier"], set()).add(row["opened_on"])
    due = {(number, month): add_months(row["ended_on"], month) for number, row in ended.items() for month in months}
    late = {one for one, day in due.items() if day <= ended[one[0]]["known_on"] + KNOWN_LATE}
    asked = {one for one, day in due.items() if any(_on_its_day(day, on, away) for on in opened.get(one[0], ()))}
    other = [
        f"{number}: {on}"
        for number, days in opened.items()
        for on in days
        if not any(_on_its_day(due[number, month], on, away) or (number, month) in late for month in months)
    ]
    return {
        "moments": len(due),
        "without_a_word": [f"{number} {month}" for number, month in due if (number, f"{month}_months") not in known][
            :SHOWN
        ],
        "asked_on_the_day": len(asked),
        "end_known_too_late": len(late - asked),
        "asked_on_another_day": other[:SHOWN],
    }


def _on_its_day(due: date, asked: date, away: tuple[date, date] | None) -> bool:
    """On the day itself, or as soon as the house stood again."""
    return asked == due or (away is not None and away[0] <= due <= away[1] and asked == away[1])


async def _messages(pool: asyncpg.Pool) -> dict[str, Any]:
    """What left to people who are followed: none twice, none on one day with another, none at night or on a holiday."""
    left = await pool.fetch(_LEFT)
    twice = Counter((row["dossier"], row["template"], row["occasion"]) for row in left)
    a_day = Counter((row["person"], row["leaves_on"]) for row in left)
    hours = Counter(row["left_at"].astimezone(BRUSSELS).hour for row in left if row["left_at"])
    at_night = [
        row["effect"]
        for row in left
        if row["left_at"] is None or not is_allowed(row["left_at"], Channel(row["channel"] or "email"))
    ]
    return {
        "states": {row["state"]: row["count"] for row in await pool.fetch(_STATES)},
        "channels": dict(Counter(row["channel"] for row in left)),
        "twice": [str(key) for key, count in twice.items() if count > 1][:SHOWN],
        "two_on_a_day": [str(key) for key, count in a_day.items() if count > 1][:SHOWN],
        "at_night_or_on_a_holiday": at_night[:SHOWN],
        "by_hour": dict(sorted(hours.items())),
    }


def _outcomes(moments: list[asyncpg.Record], futures: Mapping[str, Future]) -> dict[str, Any]:
    """After a year: as the file says for who would answer, a reason for everybody else."""
    last = {row["number"]: row for row in moments if row["moment"] == "12_months"}
    unknown = {number: row for number, row in last.items() if row["outcome"] == FollowUpOutcome.UNKNOWN}
    otherwise = [
        f"{number}: {row['outcome']} in plaats van {futures[number].became}"
        for number, row in sorted(last.items())
        if number in futures and number not in unknown and row["outcome"] != futures[number].became
    ]
    silent = [
        number
        for number in unknown
        if number in futures and futures[number].consents and futures[number].reminders_needed < NEVER
    ]
    share = 100 * len(unknown) / len(last) if last else 0.0
    return {
        "after_a_year": dict(Counter(row["outcome"] for row in last.values())),
        "otherwise_than_the_file": otherwise[:SHOWN],
        "would_have_answered": silent[:SHOWN],
        "unknown_by_reason": dict(Counter(row["reason"] for row in unknown.values())),
        "without_a_reason": [number for number, row in unknown.items() if not row["reason"]][:SHOWN],
        "unknown": f"{share:.1f} % van {len(last)}".replace(".", ","),
        "published": UNKNOWN_IN_2024,
    }

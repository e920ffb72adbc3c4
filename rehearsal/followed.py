"""What a year of following people shows: who was asked when, by which messages, and whether it is as the files say."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

import asyncpg

from models.messages.words import FollowUpOutcome, Party
from rehearsal.trajectory import NEVER, Future
from schemes.calendar import BRUSSELS, ONE_DAY, local_date
from schemes.follow_up import AT_THE_END, LASTING
from schemes.reaching import Channel, is_allowed

UNKNOWN_IN_2024 = "41,0 % van 2 010 (jaarverslag 2024)"
LAST = "12_months"
SHOWN = 20
"""How many of a kind of fault are named."""
_MOMENTS = """
    SELECT due.dossier AS number, due.moment, due.due_on, known.outcome, known.reason, known.told_by, known.elsewhere,
        known.asked_on, known.at
    FROM follow_up_due AS due JOIN dossier ON dossier.number = due.dossier
    LEFT JOIN follow_up AS known ON known.dossier = due.dossier AND known.moment = due.moment
    WHERE dossier.rehearsed AND due.because IS NULL
"""
"""Every moment that applies to somebody, with what is known of it."""
_STARTED = """
    SELECT count(*) FROM dossier WHERE kind = 'trajectory' AND rehearsed AND EXISTS (
        SELECT FROM event WHERE event.dossier = dossier.number AND type = 'reported'
            AND data ->> 'fact' = 'guidance_started')
"""
_LEFT = """
    SELECT effect, person, template, occasion, dossier, state, channel, leaves_on, left_at
    FROM effect WHERE party = 'participant' AND state IN ('sent', 'to_print', 'posted', 'unknown')
"""
_STATES = "SELECT state, count(*) FROM effect WHERE party = 'participant' GROUP BY 1 ORDER BY 1"


async def shown(pool: asyncpg.Pool, futures: Mapping[str, Future], away: tuple[date, date] | None) -> dict[str, Any]:
    """Everything that was to be shown, counted; a fault is named by dossier. `away`: the days without a house."""
    moments = await pool.fetch(_MOMENTS)
    return {
        "people": await pool.fetchval(_STARTED),
        "moments": _asked(moments, away),
        "messages": await _messages(pool),
        "outcomes": _outcomes(moments, futures),
    }


def _asked(moments: list[asyncpg.Record], away: tuple[date, date] | None) -> dict[str, Any]:
    """Each moment that applies to somebody: whether it was asked on its day, spared the question, or forgotten."""
    asked = [row for row in moments if row["asked_on"] is not None]
    late = [row for row in asked if not _on_its_day(row, away)]
    return {
        "applying": len(moments),
        "asked_on_the_day": len(asked) - len(late),
        "asked_when_the_house_stood_again": sum(
            away is not None and away[0] < row["due_on"] <= row["asked_on"] == away[1] for row in asked
        ),
        "asked_weeks_later": dict(sorted(Counter(_weeks_late(row) for row in late).items())),
        "asked_before": [
            f"{row['number']} {row['moment']} due {row['due_on']} asked {row['asked_on']}"
            for row in late
            if row["asked_on"] < row["due_on"]
        ][:SHOWN],
        "spared_the_question": dict(Counter(_spared(row) for row in moments if row["asked_on"] is None)),
        "without_a_word": [f"{row['number']} {row['moment']}" for row in moments if row["outcome"] is None][:SHOWN],
    }


def _weeks_late(row: asyncpg.Record) -> str:
    """By moment: an agency is asked the hours of a phase first, and a new job ends the guidance months later."""
    weeks: int = (row["asked_on"] - row["due_on"]).days // 7
    return f"{row['moment']}: {weeks}"


def _on_its_day(row: asyncpg.Record, away: tuple[date, date] | None) -> bool:
    """On the day itself, or as soon as the house stood again; the end is asked about on the last day of the guidance
    already, when the agency told that it was the last."""
    due, asked = row["due_on"], row["asked_on"]
    days = {due, due - ONE_DAY} if row["moment"] == AT_THE_END else {due}
    return asked in days or (away is not None and away[0] <= due <= away[1] and asked == away[1])


def _spared(row: asyncpg.Record) -> str:
    """Why a person was not asked at a moment that applies."""
    if row["reason"]:
        return f"{row['reason']}"
    if row["elsewhere"]:
        return "told in another dossier"
    if FollowUpOutcome(row["outcome"]) in LASTING:
        return "lasting"
    return f"told by {row['told_by']} before"


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
    last = {row["number"]: row for row in moments if row["moment"] == LAST and row["outcome"]}
    unknown = {number: row for number, row in last.items() if row["outcome"] == FollowUpOutcome.UNKNOWN}
    otherwise = [
        f"{number}: {row['outcome']} in plaats van {expected}"
        for number, row in sorted(last.items())
        if number in futures and number not in unknown
        for expected in (_expected(futures[number], row),)
        if row["outcome"] != expected
    ]
    silent = [
        number
        for number in unknown
        if number in futures and futures[number].consents and futures[number].reminders_needed < NEVER
    ]
    reasonless = [row for row in moments if row["outcome"] == FollowUpOutcome.UNKNOWN and not row["reason"]]
    share = 100 * len(unknown) / len(last) if last else 0.0
    return {
        "after_a_year": dict(Counter(row["outcome"] for row in last.values())),
        "otherwise_than_the_file": otherwise[:SHOWN],
        "would_have_answered": silent[:SHOWN],
        "unknown_by_reason": dict(Counter(row["reason"] for row in unknown.values())),
        "without_a_reason": [f"{row['number']} {row['moment']}" for row in reasonless][:SHOWN],
        "unknown": f"{share:.1f} % van {len(last)}".replace(".", ","),
        "published": UNKNOWN_IN_2024,
    }


def _expected(future: Future, row: asyncpg.Record) -> FollowUpOutcome:
    """What the file says: what the agency knew, or what the person said then, which need not be how it turned out."""
    if row["told_by"] != Party.AGENCY:
        return future.said_on(local_date(row["at"]))
    return FollowUpOutcome.JOB_SEEKING if future.since and local_date(row["at"]) < future.since else future.became

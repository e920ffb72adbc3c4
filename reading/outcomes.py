"""What became of people after a dismissal, as it was known at the end of a day: one small row per trajectory.

Read from the journal, so that the past can be asked: an event counts when the dossier's own clock stood on that day or
before. Two things are not in the journal and are told as they stand now: whether a message bounced, and what an office
called an employer. A trajectory that another fund took over counts there, and one that was stopped as a double nowhere.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.messages.words import Fund, Outcome, UnknownReason
from models.tables.journal import OF_THE_START

NOT_OF_OUTCOMES = ("completion", "offer", "wish", "answer", "start", "hours", "new_contact")
"""Questions of a trajectory that are not about what became of the person."""
QUESTION_MAILS = "trajectory_follow_up%"
LEFT = ("sent", "merged", "posted")
"""States of a message that reached the person's mail server, telephone or letter box; not when it came back."""
UNASKED = ("new_job", "job_lost", "deceased", "emigrated", "still_here")
"""What is told of a person without a question."""
COURSE = ("guidance_started", "guidance_ended", "guidance_resumed", "facts_corrected", *UNASKED)
ELSEWHERE = (Outcome.HANDED_OVER.value, Outcome.NOT_STARTED.value)
"""How a trajectory closes that does not count: another dossier is about that guidance. One that closed as not started
after its first session is a double."""
_UNTIL = "((CAST(:day AS date) + 1)::timestamp AT TIME ZONE 'Europe/Brussels')"

KNOWN = f"""
SELECT number, parent, enterprise_number, agency, facts ->> 'status' AS status,
    (facts ->> 'age_on_dismissal')::int AS age
FROM receipt
WHERE kind = 'trajectory' AND fund = :fund AND rehearsed = :rehearsed AND opens_at < {_UNTIL}
ORDER BY number
"""
EMPLOYED = f"""
SELECT DISTINCT ON (dossier) dossier, data -> 'values' ->> 'before' AS before
FROM event
WHERE dossier = ANY (:parents) AND type = 'reported' AND data ->> 'fact' = 'succeeded'
    AND (at >= {_UNTIL} OR (data ->> 'on')::date > :day)
ORDER BY dossier, sequence
"""
"""Who was the employer until the first succession that did not count yet; the receipt has the last one."""
_FIRST_DAY = "(array_agg(coalesce(data -> 'values' ->> 'started_on', data ->> 'on') ORDER BY sequence DESC))[1]"
"""As it was told, and put right since."""
BEGUN = f"""
SELECT dossier, {_FIRST_DAY} AS started_on
FROM event
WHERE dossier = ANY (:numbers) AND {OF_THE_START} AND at < {_UNTIL}
GROUP BY dossier HAVING bool_or(data ->> 'fact' = 'guidance_started')
"""
TOLD = f"""
SELECT dossier,
    (array_agg(data ->> 'regime' ORDER BY sequence DESC) FILTER (WHERE type = 'regime_chosen'))[1] AS regime,
    (array_agg(CASE data ->> 'fact' WHEN 'guidance_ended' THEN data ->> 'on' END ORDER BY sequence DESC)
        FILTER (WHERE data ->> 'fact' IN ('guidance_ended', 'guidance_resumed')))[1]::date AS ended_on,
    (array_agg(data -> 'values' ->> 'age_on_dismissal' ORDER BY sequence DESC)
        FILTER (WHERE data -> 'values' ? 'age_on_dismissal'))[1]::int AS age,
    jsonb_agg(jsonb_build_array(
        coalesce(data ->> 'moment', data ->> 'fact'),
        coalesce(data ->> 'outcome', data -> 'values' ->> 'outcome'),
        data ->> 'reason',
        data ->> 'told_by',
        (at AT TIME ZONE 'Europe/Brussels')::date::text,
        coalesce(data ->> 'since', data ->> 'on')
    ) ORDER BY sequence) FILTER (
        WHERE type = 'followed_up' OR data ->> 'fact' = ANY (:unasked)
    ) AS words,
    max(data ->> 'outcome') FILTER (WHERE type = 'closed') AS closed_as,
    max((at AT TIME ZONE 'Europe/Brussels')::date) FILTER (WHERE type = 'closed') AS closed_on
FROM event
WHERE dossier = ANY (:numbers) AND at < {_UNTIL} AND (
    type IN ('followed_up', 'regime_chosen', 'closed')
    OR type = 'reported' AND data ->> 'fact' = ANY (:course)
)
GROUP BY dossier
"""
OPEN = UnknownReason.NOT_ASKED_YET.value
"""The word that takes back what was noted of a moment: it is asked anew, and the next word concludes it."""
MOMENTS = f"""
WITH said AS (
    SELECT dossier, sequence, type, data, type = 'followed_up'
        AND lag(coalesce(data ->> 'reason', ''), 1, :open) OVER words = :open
        AND NOT bool_or(coalesce(data ->> 'reason' = :open, false)) OVER (
            words ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
        ) AS concludes
    FROM event
    WHERE dossier = ANY (:numbers) AND at < {_UNTIL} AND (
        type IN ('followed_up', 'phase_entered')
        OR type = 'request_opened' AND data ->> 'code' <> ALL (:before)
            AND data ->> 'party' IN ('participant', 'agency')
        OR type = 'task_opened' AND data ->> 'step' = 'phone'
        OR type = 'mail_planned' AND data ->> 'template' LIKE :mails AND data ->> 'party' = 'participant'
    )
    WINDOW words AS (PARTITION BY dossier, type, data ->> 'moment' ORDER BY sequence)
), placed AS (
    SELECT *, count(*) FILTER (WHERE concludes) OVER (
        PARTITION BY dossier ORDER BY sequence ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS place
    FROM said
)
SELECT dossier,
    max(data ->> 'moment') FILTER (WHERE concludes) AS moment,
    coalesce(
        max(data ->> 'moment') FILTER (WHERE type = 'request_opened'),
        max(data ->> 'phase') FILTER (WHERE type = 'phase_entered')
    ) AS during,
    coalesce(bool_or(type = 'request_opened' AND data ->> 'party' = 'participant'), false) AS person,
    array_agg(data ->> 'effect') FILTER (WHERE type = 'mail_planned') AS mails,
    coalesce(bool_or(type = 'request_opened' AND data ->> 'party' = 'agency'), false) AS agency,
    coalesce(bool_or(type = 'task_opened'), false) AS phoned
FROM placed GROUP BY dossier, place ORDER BY dossier, place
"""
DELIVERED = f"""
SELECT effect FROM effect
WHERE dossier = ANY (:numbers) AND template LIKE :mails AND party = 'participant' AND state = ANY (:left)
    AND CASE WHEN left_at IS NOT NULL THEN left_at < {_UNTIL} ELSE coalesce(leaves_on, dated) <= :day END
"""
STARTS = f"""
SELECT DISTINCT rehearsed, started_on FROM (
    SELECT rehearsed, {_FIRST_DAY} AS started_on
    FROM receipt JOIN event ON dossier = number
    WHERE kind = 'trajectory' AND fund = :fund AND {OF_THE_START} AND at < {_UNTIL}
    GROUP BY number HAVING bool_or(data ->> 'fact' = 'guidance_started')
) AS begun
"""
NOTHING_TOLD: Mapping[str, Any] = dict.fromkeys(("regime", "ended_on", "closed_as", "closed_on")) | {"words": ()}
EMPLOYERS = """
SELECT DISTINCT ON (enterprise_number) enterprise_number, name FROM employer
WHERE enterprise_number = ANY (:numbers) ORDER BY enterprise_number, establishment_number
"""


async def people(
    connection: AsyncConnection, fund: Fund, day: date, *, year: int | None = None, rehearsed: bool = False
) -> list[dict[str, Any]]:
    """Everybody whose guidance by this fund began, at the latest on a local day and in that year when one is named.

    Of each: who was dismissed from where, the regime, age on the dismissal, first and last day of the guidance, every
    word about what became of the person, how and when it closed, and per moment whether was asked, delivered and called
    (`figures.people.person` reads it). Rehearsed dossiers are counted apart.

    Asked in steps, each by the numbers the one before gave: under row-level security a join of the journal with
    anything else has no estimate, and took minutes.
    """
    known = await _rows(connection, KNOWN, day, fund=fund.value, rehearsed=rehearsed)
    begun = await _rows(connection, BEGUN, day, numbers=[row["number"] for row in known])
    started = {row["dossier"]: _day(row["started_on"]) for row in begun}
    chosen = [row | {"started_on": started[row["number"]]} for row in known if row["number"] in started]
    if year is not None:
        chosen = [row for row in chosen if row["started_on"].year == year]
    return await _courses(connection, [row for row in chosen if row["started_on"] <= day], day)


async def _courses(connection: AsyncConnection, chosen: list[dict[str, Any]], day: date) -> list[dict[str, Any]]:
    """With what the journal tells of them; without those whom another dossier is about."""
    before = await _employers_then(connection, chosen, day)
    numbers, facts = [row["number"] for row in chosen], {"course": list(COURSE), "unasked": list(UNASKED)}
    told = {row.pop("dossier"): row for row in await _rows(connection, TOLD, day, numbers=numbers, **facts)}
    moments = await _moments(connection, numbers, day)
    found = []
    for row in chosen:
        course = {name: value for name, value in told.get(row["number"], {}).items() if value is not None}
        if course.get("closed_as") not in ELSEWHERE:
            then = {"enterprise_number": before.get(row["parent"]) or row["enterprise_number"]}
            found.append(dict(NOTHING_TOLD) | row | then | course | {"moments": moments.get(row["number"], [])})
    return found


async def _employers_then(connection: AsyncConnection, chosen: list[dict[str, Any]], day: date) -> dict[str, str]:
    """Who was the employer on a day, by the employer's dossier, where another enterprise succeeded it since."""
    parents = sorted({row["parent"] for row in chosen if row["parent"]})
    return {row["dossier"]: row["before"] for row in await _rows(connection, EMPLOYED, day, parents=parents)}


async def _moments(connection: AsyncConnection, numbers: list[str], day: date) -> dict[str, list[list[Any]]]:
    """Of each person the moments at which somebody was asked or something was noted, in their order."""
    mails = {"mails": QUESTION_MAILS, "numbers": numbers}
    delivered = {row["effect"] for row in await _rows(connection, DELIVERED, day, left=list(LEFT), **mails)}
    found: dict[str, list[list[Any]]] = {}
    for row in await _rows(connection, MOMENTS, day, before=list(NOT_OF_OUTCOMES), open=OPEN, **mails):
        if row["moment"] or row["person"] or row["agency"] or row["phoned"]:
            arrived = not delivered.isdisjoint(row["mails"] or ())
            moment = [row["moment"], row["during"], row["person"], arrived, row["agency"], row["phoned"]]
            found.setdefault(row["dossier"], []).append(moment)
    return found


async def years(connection: AsyncConnection, fund: Fund, day: date) -> dict[bool, tuple[int, ...]]:
    """The years in which guidance began, the last one first: of real dossiers and, under True, of rehearsed ones."""
    found: dict[bool, set[int]] = {False: set(), True: set()}
    for row in await connection.execute(text(STARTS), {"fund": fund.value, "day": day}):
        if (began := _day(row.started_on)) <= day:
            found[row.rehearsed].add(began.year)
    return {rehearsed: tuple(sorted(seen, reverse=True)) for rehearsed, seen in found.items()}


async def employers(connection: AsyncConnection, numbers: Sequence[str]) -> Mapping[str, str]:
    """What employers are called, by enterprise number."""
    found = await connection.execute(text(EMPLOYERS), {"numbers": list(numbers)})
    return {row.enterprise_number: row.name for row in found}


async def _rows(connection: AsyncConnection, query: str, day: date, **asked: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in (await connection.execute(text(query), asked | {"day": day})).mappings()]


def _day(told: str) -> date:
    """A day as a fact carries it: also as somebody wrote it who put it right."""
    return date.fromisoformat(told.strip())

"""What became of people after a dismissal, as it was known at the end of a day: one small row per trajectory.

Read from the journal, so that the past can be asked: an event counts when the dossier's own clock stood on that day or
before. Two things are not in the journal and are told as they stand now: whether a message bounced, and what an office
called an employer. A trajectory that another fund took over counts there.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.messages.words import Fund

BEFORE_THE_START = ("completion", "offer", "wish", "answer", "start", "new_contact")
"""Questions of a trajectory that are not about what became of the person."""
QUESTION_MAILS = "trajectory_follow_up%"
LEFT = ("sent", "merged", "posted")
"""States of a message that reached the person's mail server, telephone or letter box; not when it came back."""
COURSE = ("guidance_started", "guidance_ended", "new_job", "job_lost", "deceased", "emigrated", "facts_corrected")
_UNTIL = "((CAST(:day AS date) + 1)::timestamp AT TIME ZONE 'Europe/Brussels')"

PEOPLE = f"""
WITH known AS MATERIALIZED (
    SELECT number, parent, enterprise_number, agency, facts ->> 'status' AS status,
        facts ->> 'age_on_dismissal' AS age
    FROM receipt
    WHERE kind = 'trajectory' AND fund = :fund AND rehearsed = :rehearsed AND opens_at < {_UNTIL}
), begun AS MATERIALIZED (
    SELECT dossier, (array_agg(data ->> 'on' ORDER BY sequence DESC))[1]::date AS started_on
    FROM event JOIN known ON number = dossier
    WHERE type = 'reported' AND data ->> 'fact' = 'guidance_started' AND at < {_UNTIL}
    GROUP BY dossier
), person AS MATERIALIZED (
    SELECT known.*, started_on FROM known JOIN begun ON dossier = number
    WHERE (CAST(:year AS int) IS NULL OR extract(year FROM started_on) = :year) AND started_on <= :day
), said AS MATERIALIZED (
    SELECT event.dossier, sequence, at, type, data,
        type = 'followed_up' AND row_number() OVER (
            PARTITION BY event.dossier, type, data ->> 'moment' ORDER BY sequence
        ) = 1 AS concludes
    FROM event JOIN person ON number = event.dossier
    WHERE at < {_UNTIL} AND (
        type IN ('followed_up', 'regime_chosen', 'phase_entered')
        OR type = 'closed' AND data ->> 'outcome' = 'handed_over'
        OR type = 'reported' AND data ->> 'fact' = ANY (:course)
        OR type = 'request_opened' AND data ->> 'code' <> ALL (:before)
            AND data ->> 'party' IN ('participant', 'agency') AND data ->> 'code' <> 'hours'
        OR type = 'task_opened' AND data ->> 'step' = 'phone'
        OR type = 'mail_planned' AND data ->> 'template' LIKE :mails AND data ->> 'party' = 'participant'
    )
), placed AS (
    SELECT *, count(*) FILTER (WHERE concludes) OVER (
        PARTITION BY dossier ORDER BY sequence ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS place
    FROM said
), asked AS (
    SELECT placed.dossier, place,
        max(data ->> 'moment') FILTER (WHERE concludes) AS moment,
        coalesce(
            max(data ->> 'moment') FILTER (WHERE type = 'request_opened'),
            max(data ->> 'phase') FILTER (WHERE type = 'phase_entered')
        ) AS during,
        coalesce(bool_or(type = 'request_opened' AND data ->> 'party' = 'participant'), false) AS person,
        coalesce(bool_or(type = 'request_opened' AND data ->> 'party' = 'agency'), false) AS agency,
        coalesce(bool_or(type = 'task_opened'), false) AS phoned,
        coalesce(bool_or(
            effect.state = ANY (:left) AND CASE
                WHEN left_at IS NOT NULL THEN left_at < {_UNTIL} ELSE coalesce(leaves_on, dated) <= :day END
        ), false) AS delivered
    FROM placed LEFT JOIN effect ON type = 'mail_planned' AND effect.effect = data ->> 'effect'
    GROUP BY placed.dossier, place
), moments AS (
    SELECT dossier, jsonb_agg(jsonb_build_array(moment, during, person, delivered, agency, phoned) ORDER BY place)
        AS moments
    FROM asked WHERE moment IS NOT NULL OR person OR agency OR phoned GROUP BY dossier
), told AS (
    SELECT dossier,
        (array_agg(data ->> 'regime' ORDER BY sequence DESC) FILTER (WHERE type = 'regime_chosen'))[1] AS regime,
        (array_agg(data ->> 'on' ORDER BY sequence DESC)
            FILTER (WHERE data ->> 'fact' = 'guidance_ended'))[1]::date AS ended_on,
        (array_agg(data -> 'values' ->> 'age_on_dismissal' ORDER BY sequence DESC)
            FILTER (WHERE data -> 'values' ? 'age_on_dismissal'))[1] AS age,
        (array_agg(data -> 'values' ->> 'started_on' ORDER BY sequence DESC)
            FILTER (WHERE data -> 'values' ? 'started_on'))[1]::date AS started_on,
        jsonb_agg(jsonb_build_array(
            coalesce(data ->> 'moment', data ->> 'fact'),
            coalesce(data ->> 'outcome', data -> 'values' ->> 'outcome'),
            data ->> 'reason',
            data ->> 'told_by',
            (at AT TIME ZONE 'Europe/Brussels')::date::text,
            coalesce(data ->> 'since', data ->> 'on')
        ) ORDER BY sequence) FILTER (
            WHERE type = 'followed_up' OR data ->> 'fact' IN ('new_job', 'job_lost', 'deceased', 'emigrated')
        ) AS words,
        coalesce(bool_or(type = 'closed'), false) AS handed_over
    FROM said GROUP BY dossier
)
SELECT number, parent, enterprise_number, person.agency, status, coalesce(told.age, person.age)::int AS age,
    coalesce(told.started_on, person.started_on) AS started_on, ended_on, regime,
    coalesce(words, '[]') AS words, coalesce(moments, '[]') AS moments
FROM person LEFT JOIN told ON told.dossier = number LEFT JOIN moments ON moments.dossier = number
WHERE NOT coalesce(handed_over, false)
ORDER BY number
"""
STARTS = f"""
SELECT extract(year FROM (data ->> 'on')::date)::int AS year, rehearsed, count(DISTINCT dossier) AS started
FROM receipt JOIN event ON dossier = number
WHERE kind = 'trajectory' AND fund = :fund AND type = 'reported' AND data ->> 'fact' = 'guidance_started'
    AND at < {_UNTIL} AND (data ->> 'on')::date <= :day
GROUP BY 1, 2 ORDER BY 1 DESC, 2
"""
EMPLOYERS = """
SELECT DISTINCT ON (enterprise_number) enterprise_number, name FROM employer
WHERE enterprise_number = ANY (:numbers) ORDER BY enterprise_number, establishment_number
"""


async def people(
    connection: AsyncConnection, fund: Fund, day: date, *, year: int | None = None, rehearsed: bool = False
) -> list[dict[str, Any]]:
    """Everybody whose guidance by this fund began, at the latest on a local day and in that year when one is named.

    Of each: who was dismissed from where, the regime, age on the dismissal, first and last day of the guidance, every
    word about what became of the person, and per moment whether was asked, delivered and called
    (`figures.people.person` reads it). Rehearsed dossiers are counted apart.
    """
    asked = {
        "fund": fund.value,
        "day": day,
        "year": year,
        "rehearsed": rehearsed,
        "course": list(COURSE),
        "before": list(BEFORE_THE_START),
        "mails": QUESTION_MAILS,
        "left": list(LEFT),
    }
    return [dict(row) for row in (await connection.execute(text(PEOPLE), asked)).mappings()]


async def years(connection: AsyncConnection, fund: Fund, day: date) -> dict[bool, tuple[int, ...]]:
    """The years in which guidance began, the last one first: of real dossiers and, under True, of rehearsed ones."""
    found: dict[bool, tuple[int, ...]] = {False: (), True: ()}
    for row in await connection.execute(text(STARTS), {"fund": fund.value, "day": day}):
        found[row.rehearsed] += (row.year,)
    return found


async def employers(connection: AsyncConnection, numbers: Sequence[str]) -> Mapping[str, str]:
    """What employers are called, by enterprise number."""
    found = await connection.execute(text(EMPLOYERS), {"numbers": list(numbers)})
    return {row.enterprise_number: row.name for row in found}

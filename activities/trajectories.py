"""What an employer's dossier wants to know of its trajectories: how many are left, and who was guided how long."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio import activity

from database import transaction
from models.messages.receipts import Reference
from models.messages.trajectories import Guided, Sought, Standing, ToldElsewhere
from models.messages.words import Outcome
from schemes.earlier import DOUBLE

PAST_GUIDANCE = ("ending", "follow_up_3", "follow_up_6", "follow_up_12")
"""Phases of a trajectory in which the guidance is over."""

_STANDING = text(
    """
    SELECT count(*) AS registered,
           count(*) FILTER (WHERE d.outcome IS NULL) AS open,
           count(*) FILTER (
               WHERE d.outcome IS NULL AND (coalesce(d.phase, '') <> ALL (:past) OR r.parent <> :number)
           ) AS guided
    FROM receipt r LEFT JOIN dossier d ON d.number = r.number
    WHERE r.kind = 'trajectory' AND (
        r.parent = :number
        OR d.outcome IS NULL AND r.parent IN (SELECT predecessor FROM handed_on WHERE number = :number)
    )
    """
)
"""Who still has to come from the fund that had the dossier before counts as guided: the dossier waits for everybody."""
_TURNS = text(
    """
    SELECT e.dossier, e.data
    FROM dossier d JOIN event e ON e.dossier = d.number
    WHERE d.parent = :number AND d.kind = 'trajectory' AND coalesce(d.reason, '') <> :double AND e.type = 'reported'
      AND e.data ->> 'fact' IN ('guidance_started', 'guidance_ended', 'guidance_resumed', 'facts_corrected')
    ORDER BY e.dossier, e.sequence
    """
)
"""A dismissal that was told twice is one person: the second trajectory is nobody."""
_CLOSED = text(
    """
    SELECT number, (closed_at AT TIME ZONE 'Europe/Brussels')::date AS "on" FROM dossier
    WHERE parent = :number AND kind = 'trajectory' AND outcome <> :handed_over
    """
)
"""Who goes on at another fund is guided there; of everybody else a closed trajectory is the end."""
_ELSEWHERE = text(
    """
    SELECT f.dossier, f.outcome, f.since, (f.at AT TIME ZONE 'Europe/Brussels')::date AS "on"
    FROM participant me
    JOIN participant same ON same.person = me.person AND same.dossier <> me.dossier
    JOIN follow_up f ON f.dossier = same.dossier
    JOIN dossier here ON here.number = me.dossier
    JOIN dossier there ON there.number = f.dossier AND there.rehearsed = here.rehearsed
    WHERE me.dossier = :number AND f.told_by = 'participant' AND f.outcome <> 'onbekend' AND f.elsewhere IS NULL
        AND (f.at AT TIME ZONE 'Europe/Brussels')::date BETWEEN :since AND :on
    ORDER BY f.at DESC, f.dossier LIMIT 1
    """
)
"""A word that was itself taken from elsewhere is not handed on: it would grow older each time."""


class Trajectories:
    """Reads the trajectories of one employer's dossier, and what one person told in several."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    def every(self) -> list[Callable[..., Any]]:
        """All of them, for a worker."""
        return [self.standing, self.guided, self.elsewhere]

    @activity.defn
    async def standing(self, reference: Reference) -> Standing:
        """How many trajectories this dossier has and how many are not over; a receipt not started yet counts."""
        async with transaction(self._engine) as connection:
            found = await connection.execute(_STANDING, {"number": reference.number, "past": list(PAST_GUIDANCE)})
            return Standing.model_validate(dict(found.mappings().one()))

    @activity.defn
    async def guided(self, reference: Reference) -> list[Guided]:
        """Everybody who started, with who pays and until when, by the journals; the first day as it was put right.

        Who withdrew told no end: the guidance lasted until the trajectory closed.
        """
        of = {"number": reference.number}
        async with transaction(self._engine) as connection:
            turns = (await connection.execute(_TURNS, {**of, "double": DOUBLE})).all()
            closed = {**of, "handed_over": Outcome.HANDED_OVER}
            ends = {row.number: row.on for row in await connection.execute(_CLOSED, closed)}
        people: dict[str, dict[str, Any]] = {}
        for trajectory, turn in turns:
            if turn["fact"] == "facts_corrected":
                if trajectory in people and (day := turn["values"].get("started_on")):
                    people[trajectory]["started_on"] = date.fromisoformat(day.strip())
                continue
            person = people.setdefault(trajectory, {"trajectory": trajectory, "case": turn["values"]["case"]})
            if turn["fact"] == "guidance_resumed":
                person.pop("ended_on", None)
            else:
                person["started_on" if turn["fact"] == "guidance_started" else "ended_on"] = turn["on"]
        for trajectory, person in people.items():
            if "ended_on" not in person and trajectory in ends:
                person["ended_on"] = max(ends[trajectory], date.fromisoformat(str(person["started_on"])))
        return [Guided.model_validate(person) for person in people.values()]

    @activity.defn
    async def elsewhere(self, sought: Sought) -> ToldElsewhere | None:
        """What the same person told last in another dossier, not long before; None: nothing, or nobody knows who."""
        async with transaction(self._engine) as connection:
            found = (await connection.execute(_ELSEWHERE, sought.model_dump())).mappings().first()
        return ToldElsewhere.model_validate(dict(found)) if found else None

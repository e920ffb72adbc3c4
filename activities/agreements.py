"""What the invoices of an employer's dossier are held against: agreements, and what is registered of each person."""

from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio import activity

from database import transaction
from models.messages.agreements import Agreement, Delivered, Evidence
from models.messages.receipts import Reference
from models.messages.words import Fund
from policies import agreements

_DELIVERED = text(
    """
    SELECT r.number AS trajectory, r.facts ->> 'agency' AS agency,
           (SELECT (array_agg(coalesce(e.data -> 'values' ->> 'started_on', e.data ->> 'on')
                   ORDER BY e.sequence DESC))[1]
               FROM event e WHERE e.dossier = r.number AND e.type = 'reported'
               AND (e.data ->> 'fact' = 'guidance_started'
                   OR e.data ->> 'fact' = 'facts_corrected' AND e.data -> 'values' ? 'started_on')
               HAVING bool_or(e.data ->> 'fact' = 'guidance_started')) AS started_on,
           (SELECT e.data ->> 'regime' FROM event e WHERE e.dossier = r.number AND e.type = 'regime_chosen'
               ORDER BY e.sequence DESC LIMIT 1) AS regime,
           (SELECT count(DISTINCT e.data ->> 'phase') FROM event e WHERE e.dossier = r.number
               AND e.type = 'phase_entered' AND e.data ->> 'phase' LIKE 'guidance_%') AS begun,
           (SELECT sum(h.hours) FROM guided_hours h WHERE h.dossier = r.number) AS registered,
           (SELECT sum((a.data -> 'values' ->> 'hours')::numeric) FROM event a WHERE a.dossier = r.number
               AND a.type = 'request_answered' AND a.data ->> 'code' = 'hours'
               AND a.data -> 'values' ->> 'hours' ~ '^[0-9]{1,4}(\\.[0-9]{1,2})?$') AS answered
    FROM receipt r WHERE r.parent = :number AND r.kind = 'trajectory' ORDER BY r.number
    """
)


class Agreements:
    """Reads agreements and hours."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @activity.defn
    async def evidence(self, reference: Reference) -> Evidence:
        """Everybody of this dossier with the hours that stand now, and the agreements of the days on which they began.

        Hours by month go before what was answered at the end of a phase.
        """
        async with transaction(self._engine) as connection:
            found = (await connection.execute(_DELIVERED, {"number": reference.number})).mappings().all()
        fund, held = Fund(reference.number.split("-")[0]), list[Agreement]()
        people = tuple(_delivered(dict(row), fund, held) for row in found)
        return Evidence(agreements=tuple(held), people=people)


def _delivered(row: dict[str, Any], fund: Fund, held: list[Agreement]) -> Delivered:
    """One person; an agreement that was not met before is added to `held`."""
    started_on = date.fromisoformat(row["started_on"].strip()) if row["started_on"] else None
    agreement = agreements.in_force(fund, row["agency"], started_on) if started_on else None
    if agreement is not None and agreement not in held:
        held.append(agreement)
    hours = row["registered"] if row["registered"] is not None else row["answered"] or 0
    return Delivered(
        trajectory=row["trajectory"],
        agency=row["agency"],
        started_on=started_on,
        hours=hours,
        begun=row["begun"],
        regime=row["regime"],
        agreement=None if agreement is None else held.index(agreement),
    )

"""Whether nobody was lost when another fund went on with a dossier: everybody went along, or is on the way."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from verification.findings import Fault

_LEFT_BEHIND = text(
    """
    SELECT person.number FROM dossier person
    JOIN dossier employer ON employer.number = person.parent
    WHERE person.kind = 'trajectory' AND person.outcome IS NULL
        AND employer.outcome = 'handed_over' AND employer.reason = 'other_fund'
        AND (CAST(:fund AS text) IS NULL OR person.fund = :fund)
        AND (CAST(:number AS text) IS NULL OR person.number = :number)
        AND NOT EXISTS (
            SELECT FROM pending_command c WHERE c.dossier = person.number AND c.command ->> 'fact' = 'moves_fund'
        )
        AND NOT EXISTS (
            SELECT FROM event e WHERE e.dossier = person.number AND e.type = 'reported'
                AND e.data ->> 'fact' = 'moves_fund'
        )
    ORDER BY person.number
    """
)
_NOWHERE = text(
    """
    SELECT d.number FROM dossier d
    WHERE d.outcome = 'handed_over' AND d.reason = 'other_fund'
        AND (CAST(:fund AS text) IS NULL OR d.fund = :fund) AND (CAST(:number AS text) IS NULL OR d.number = :number)
        AND NOT EXISTS (SELECT FROM handed_on h JOIN receipt r ON r.number = h.number WHERE h.predecessor = d.number)
    ORDER BY d.number
    """
)


async def check_moves(connection: AsyncConnection, fund: str | None, number: str | None) -> list[Fault]:
    """Who stayed behind without having been told, and what went nowhere."""
    asked = {"fund": fund, "number": number}
    behind = (await connection.execute(_LEFT_BEHIND, asked)).scalars()
    told = [
        Fault(dossier=one, check="moved", text="de werkgever ging naar een ander fonds, dit traject niet")
        for one in behind
    ]
    nowhere = (await connection.execute(_NOWHERE, asked)).scalars()
    return told + [
        Fault(dossier=one, check="moved", text="overgedragen, maar er is geen dossier bij het andere fonds")
        for one in nowhere
    ]

"""What was received before: the rules against repetition look at it."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from models.messages.facts import ProjectFacts
from models.messages.words import Fund, Instrument, Outcome
from models.tables import DossierRow, Receipt
from schemes.project import OtherProject

_ENDED = (Outcome.REFUSED, Outcome.WITHDRAWN, Outcome.LAPSED, Outcome.HANDED_OVER)


async def known_projects(
    connection: AsyncConnection, fund: Fund, enterprise_number: str | None = None
) -> tuple[OtherProject, ...]:
    """Projects of a fund, or of one employer at it, that may still run: one project per lever at a time."""
    query = (
        select(col(Receipt.reference), col(Receipt.number), col(Receipt.enterprise_number), col(Receipt.facts))
        .join(DossierRow, col(DossierRow.number) == col(Receipt.number), isouter=True)
        .where(
            col(Receipt.fund) == fund,
            col(Receipt.instrument) == Instrument.PROJECT_FINANCING,
            col(DossierRow.outcome).is_(None) | col(DossierRow.outcome).not_in(_ENDED),
        )
    )
    if enterprise_number is not None:
        query = query.where(col(Receipt.enterprise_number) == enterprise_number)
    return tuple(
        OtherProject(
            reference=row.reference or row.number,
            enterprise=row.enterprise_number or "",
            facts=ProjectFacts.model_validate(row.facts),
        )
        for row in await connection.execute(query)
    )

"""A verification that an auditor asks for; what it found is kept."""

from datetime import UTC, datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from database import transaction
from models.messages.words import Fund
from models.tables import VerificationRun
from verification import Verification, verify

MOST_FAULTS = 200
"""How many faults are kept of one verification; the command line tells them all."""


async def verified(engine: AsyncEngine, fund: Fund, by: str, dossier: str | None = None) -> Verification:
    """Verify one dossier, or all of a fund, and keep the result."""
    found = await verify(engine, fund=None if dossier else fund, number=dossier)
    run = {
        "fund": fund,
        "dossier": dossier,
        "by": by,
        "at": datetime.now(UTC),
        "dossiers": found.dossiers,
        "events": found.events,
        "faults": [fault.model_dump(mode="json") for fault in found.faults[:MOST_FAULTS]],
    }
    async with transaction(engine) as connection:
        await connection.execute(insert(VerificationRun).values(**run))
    return found

"""The books of who came in and what was tried: opaque ids and keyed digests, never a name or an address."""

from datetime import UTC, datetime

import structlog
from fastapi import Request
from sqlalchemy import insert

from database import transaction
from models.tables import SignIn
from portal.access.keys import digest
from portal.access.visitor import Visitor
from portal.house import house_of

log = structlog.get_logger("portal.access")


def source_of(request: Request) -> str:
    """Where a request comes from, as a keyed digest of its address: enough to count by, too little to know whom."""
    host = request.client.host if request.client else "unknown"
    return digest(house_of(request).settings, "source", host)[:16]


async def signed_in(request: Request, how: str, outcome: str, person: str | None = None) -> None:
    """Write down that somebody came in by this door, or why not."""
    source = source_of(request)
    row = {"person": person, "how": how, "outcome": outcome, "source": source, "at": datetime.now(UTC)}
    async with transaction(house_of(request).engine) as connection:
        await connection.execute(insert(SignIn).values(**row))
    tell = log.info if outcome == "in" else log.warning
    tell("sign_in", how=how, outcome=outcome, person=person, source=source)


async def turned_away(request: Request, reason: str, visitor: Visitor | None = None) -> None:
    """Tell the operator that something was tried that may not be done."""
    person = visitor.person if visitor else None
    log.warning("turned_away", reason=reason, path=request.url.path, person=person, source=source_of(request))

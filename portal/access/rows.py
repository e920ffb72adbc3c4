"""What a visitor may see, told to PostgreSQL, which shows no other row: the wall under every page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from portal.access.rights import visitor_of
from portal.access.visitor import Visitor
from portal.house import house_of

TOLD = ("party", "funds", "enterprises", "dossiers", "agency")
_PLANNED = ", set_config('plan_cache_mode', 'force_custom_plan', true)"
"""Every question is planned for what is asked: a plan for any visitor, fund and place walks whole tables."""
_TELL = text("SELECT " + ", ".join(f"set_config('doorstroom.{name}', :{name}, true)" for name in TOLD) + _PLANNED)
"""For this transaction alone: a connection that goes back to the pool has forgotten it."""


@asynccontextmanager
async def seen_by(engine: AsyncEngine, visitor: Visitor | None) -> AsyncIterator[AsyncConnection]:
    """Give a connection that shows one moment, only what this visitor may see, and cannot write.

    `engine` is that of the role pages read under. Nobody sees nothing. Do not commit: the visitor would be forgotten
    with the transaction, and what follows would show nothing.
    """
    async with engine.connect() as plain:
        connection = await plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        if visitor is not None:
            await connection.execute(_TELL, told_of(visitor))
        yield connection


async def rows(request: Request) -> AsyncIterator[AsyncConnection]:
    """The rows of whoever asks for this page; a dependency."""
    async with seen_by(house_of(request).reading, await visitor_of(request)) as connection:
        yield connection


Rows = Annotated[AsyncConnection, Depends(rows)]


def told_of(visitor: Visitor) -> dict[str, str]:
    """What the policies of `migrations.rows` read; staff are known by their funds alone, all others never by a fund."""
    if visitor.is_staff:
        return dict.fromkeys(TOLD, "") | {"party": visitor.party.value, "funds": ",".join(visitor.funds)}
    return {
        "party": visitor.party.value,
        "funds": "",
        "enterprises": ",".join(visitor.enterprises),
        "dossiers": ",".join(visitor.dossiers),
        "agency": visitor.agency or "",
    }

"""Whether the portal can serve pages: asked by whoever restarts it, told to everybody because it tells nothing else."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse
from sqlalchemy import text

from database import glance
from portal.access.rights import anyone
from portal.house import house_of

router = APIRouter()


@router.get("/gezond", dependencies=[Depends(anyone())])
async def healthy(request: Request) -> PlainTextResponse:
    """'goed' when PostgreSQL answers under the role that pages read as; otherwise the error itself is the answer."""
    async with glance(house_of(request).reading) as connection:
        await connection.execute(text("SELECT 1"))
    return PlainTextResponse("goed")

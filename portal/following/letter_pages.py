"""The letters of an own dossier, as they left."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from portal.access.rights import Outsider
from portal.access.rows import Rows
from portal.following.follow import own_file
from portal.letters import kept

router = APIRouter()


@router.get("/mijn-dossiers/{number}/brief/{name:path}")
async def letter(request: Request, visitor: Outsider, rows: Rows, number: str, name: str) -> Response:
    """A letter that was written to the visitor.

    Raises:
        HTTPException: 404, the same as for a dossier that does not exist.
    """
    await own_file(rows, visitor, number)
    return await kept(request, rows, number, name)

"""A letter for the browser: shown as a page that runs nothing, kept by nobody on the way."""

from fastapi import HTTPException, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.applying.document_pages import HARMLESS
from reading import letters

LOOKED_AT = "letter"


async def kept(request: Request, rows: AsyncConnection, number: str, name: str) -> Response:
    """A letter that left, or waits to be printed, by its name within the dossier, such as `decision/1`.

    Raises:
        HTTPException: 404, when there is none or it is not for this visitor.
    """
    content = await letters.content(rows, f"{number}/letter/{name}")
    if content is None:
        raise HTTPException(404)
    return served(request, content, f"{number}-{name.replace('/', '-')}")


def served(request: Request, content: bytes, name: str) -> Response:
    """The page under a name; `name` is made of a number and codes."""
    request.state.looked_at = LOOKED_AT
    headers = {
        "Content-Disposition": f'inline; filename="{name}.pdf"',
        "Content-Security-Policy": HARMLESS,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return Response(content, media_type="application/pdf", headers=headers)

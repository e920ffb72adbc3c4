"""What a visitor gets instead of a page: the doors, or why it is not for them."""

from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from portal.access import audit, explained, kept
from portal.access.csrf import SAFE
from portal.access.rights import NotAllowed, visitor_of
from portal.pages import render

STREAM = "text/event-stream"
"""What a list that stands open asks for: a page of doors would be of no use to it."""


async def sign_in_first(request: Request, _: Exception) -> Response:
    """To the doors; the page that was asked for comes after, and so does the form that was sent too late."""
    if request.headers.get("accept", "") == STREAM:
        return Response(status_code=401)
    if request.method in SAFE:
        asked = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
        return RedirectResponse("/aanmelden?" + urlencode({"naar": asked}), status_code=303)
    response = RedirectResponse("/aanmelden?" + urlencode({"naar": "/formulier", "bewaard": "1"}), status_code=303)
    if await kept.keep(request, response):
        return response
    return RedirectResponse("/aanmelden", status_code=303)


async def not_allowed(request: Request, why: Exception) -> Response:
    """Signed in, but this is for others: say for whom, and what to do."""
    assert isinstance(why, NotAllowed)
    visitor = await visitor_of(request)
    assert visitor is not None, "who is not signed in is sent to the doors"
    await audit.turned_away(request, "not_allowed", visitor)
    return render(request, visitor, "refused.html", status=403, why=explained.page(visitor, why), sentence=None)

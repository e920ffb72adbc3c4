"""Pages of somebody who is not signed in: their language, and a token that ties each form to its link and browser."""

import hmac
import secrets
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from models.messages.words import Language
from portal.access import csrf
from portal.access.keys import digest
from portal.house import house_of
from portal.pages import chosen, language_of, render_in

COOKIE = "doorstroom_antwoord"
FIELD = "bewijs"


def page(
    request: Request, secret: str, language: Language | None, template: str, *, status: int = 200, **values: Any
) -> HTMLResponse:
    """A page for whoever holds this link: in the language chosen in this browser, else in that of the person."""
    known = request.cookies.get(COOKIE)
    nonce = known or secrets.token_urlsafe(16)
    proof = {"name": FIELD, "value": _proof(request, nonce, secret)}
    wanted = chosen(request) or language or language_of(request, None)
    shown = render_in(wanted, request, None, template, status=status, secret=secret, proof=proof, **values)
    if known is None:
        secure = request.url.scheme == "https"
        shown.set_cookie(COOKIE, nonce, httponly=True, samesite="lax", secure=secure, path="/antwoord")
    return shown


async def meant(request: Request, secret: str) -> bool:
    """Whether this form was shown to this browser for this link; one that was not is shown again, and counts for
    nothing.

    Raises:
        Refusal: another site sent it.
    """
    if not csrf.same_site(request):
        raise csrf.foreign()
    nonce, said = request.cookies.get(COOKIE, ""), (await request.form()).get(FIELD, "")
    return bool(nonce) and hmac.compare_digest(str(said).encode(), _proof(request, nonce, secret).encode())


def _proof(request: Request, nonce: str, secret: str) -> str:
    return digest(house_of(request).settings, "answer", f"{nonce}:{secret}")

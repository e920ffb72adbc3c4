"""A form counts only when this site showed it to this session: its token, and where the browser says it comes from."""

import hmac
from urllib.parse import urlsplit

from fastapi import Request

from models.errors import Refusal
from portal.access.visitor import Visitor

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
HEADER, FIELD = "x-csrf-token", "csrf"
SMALL_FORM = 1_000_000
"""Bytes up to which a form is read to find its token; what is larger names it in its address or a header."""


async def guard(request: Request, visitor: Visitor) -> None:
    """See that a request that changes something was meant by this visitor.

    Raises:
        Refusal: it came from another site, or without this session's token.
    """
    if request.method in SAFE:
        return
    if not same_site(request) or not hmac.compare_digest((await _token(request)).encode(), visitor.csrf.encode()):
        raise foreign()


def foreign() -> Refusal:
    """What is said of a form that this site did not show to this visitor."""
    return Refusal(
        "CrossSite", "Dit formulier hoort niet bij uw sessie. Open de bladzijde opnieuw en probeer nog eens."
    )


def same_site(request: Request) -> bool:
    """Whether a page of this site sent the request. A browser that says so itself is believed; an older one names the
    site, or hides it because our pages tell no address on."""
    said = request.headers.get("sec-fetch-site")
    if said is not None:
        return said in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


async def _token(request: Request) -> str:
    told = request.headers.get(HEADER) or request.query_params.get(FIELD)
    if told:
        return told
    if not request.headers.get("content-type", "").startswith(
        ("application/x-www-form-urlencoded", "multipart/form-data")
    ):
        return ""
    if int(request.headers.get("content-length") or SMALL_FORM + 1) > SMALL_FORM:
        return ""
    found = (await request.form()).get(FIELD, "")
    return found if isinstance(found, str) else ""

"""The application: its rooms, its refusals and its headers."""

from pathlib import Path
from urllib.parse import urlencode

import structlog
from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from temporalio.service import RPCError

from models.errors import Refusal
from portal import health
from portal.access import demo as demonstration
from portal.access import headers, signing
from portal.access.csrf import SAFE
from portal.access.rights import NotAllowed, NotSignedIn, visitor_of
from portal.api.application import make_api
from portal.board import pages as board
from portal.house import House
from portal.pages import render
from portal.parties import follow

STATIC = Path(__file__).resolve().parent / "static"
ROOMS = (
    health.router,
    signing.router,
    board.router,
    follow.router,
)
log = structlog.get_logger("portal")


def make_app(house: House, *, demo: bool = False) -> FastAPI:
    """The application on this house. `demo` opens the door of the demonstration; nothing else can."""
    app = FastAPI(title="Doorstroom", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.house = house
    app.state.demo = demo
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.mount("/api/v1", make_api(house), name="api")
    for router in ROOMS:
        app.include_router(router)
    if demo:
        app.include_router(demonstration.router)
    app.add_middleware(headers.SecurityHeaders)
    app.add_exception_handler(NotSignedIn, _sign_in_first)
    app.add_exception_handler(NotAllowed, _not_allowed)
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(HTTPException, _nothing_here)
    app.add_exception_handler(RPCError, _unavailable)
    return app


async def _sign_in_first(request: Request, _: Exception) -> Response:
    """A page that was asked for is shown after signing in."""
    asked = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    naar = asked if request.method in SAFE else "/"
    return RedirectResponse("/aanmelden?" + urlencode({"naar": naar}), status_code=303)


async def _not_allowed(request: Request, why: Exception) -> Response:
    visitor = await visitor_of(request)
    log.warning("not_allowed", path=request.url.path, person=visitor.person if visitor else None)
    return render(request, visitor, "refused.html", status=403, why=why, sentence=None)


async def _refused(request: Request, refusal: Exception) -> Response:
    """A rule said no and the page itself had no better place to say it."""
    return render(request, await visitor_of(request), "refused.html", status=422, why=None, sentence=str(refusal))


async def _nothing_here(request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 404)
    return render(request, await visitor_of(request), "nothing.html", status=status)


async def _unavailable(request: Request, error: Exception) -> Response:
    log.warning("temporal_away", path=request.url.path, error=type(error).__name__)
    return render(request, await visitor_of(request), "away.html", status=503)

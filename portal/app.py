"""The application: its rooms, its refusals and its headers."""

from pathlib import Path

import structlog
from fastapi import FastAPI, Request
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from temporalio.service import RPCError

from models.errors import Refusal
from portal import health, housekeeping, statements
from portal.access import audit, entering, headers, limits, signing, turning_away, witness
from portal.access import demo as demonstration
from portal.access.rights import NotAllowed, NotSignedIn, visitor_of
from portal.administration import agency_pages as administration_agencies
from portal.administration import pages as administration
from portal.administration import reading_pages as administration_reading
from portal.agencies import month_pages, participants, quality_pages
from portal.api.application import make_api
from portal.applying import apply_pages, document_pages, list_pages
from portal.asking import own_pages, relatives, renewing
from portal.asking import pages as asking
from portal.audit import pages as audit_pages
from portal.board import pages as board
from portal.cohorts import act_pages, cohort_pages, employer_pages, file_pages
from portal.figures import pages as figures
from portal.following import answering, calendars, communication, contacts, follow, letter_pages, reaching, voices
from portal.house import House
from portal.language import tongue
from portal.pages import language_of, render
from portal.refusals import in_words
from portal.staff import (
    absence,
    bulk,
    claim,
    coordination,
    correction,
    decision,
    dossier,
    export,
    hands,
    here_again,
    live,
    post,
    reversal,
    views,
    worklist,
)
from portal.staff import letter_pages as staff_letters
from portal.treasury import account_pages, bank_pages, budget_pages, entrance, payment_pages, recovery_pages

STATIC = Path(__file__).resolve().parent / "static"
ROOMS = (
    health.router,
    housekeeping.router,
    statements.router,
    signing.router,
    entering.router,
    board.router,
    audit_pages.router,
    figures.router,
    administration.router,
    administration_agencies.router,
    administration_reading.router,
    follow.router,
    asking.router,
    relatives.router,
    renewing.router,
    own_pages.router,
    letter_pages.router,
    answering.router,
    voices.router,
    communication.router,
    calendars.router,
    contacts.router,
    participants.router,
    month_pages.router,
    quality_pages.router,
    file_pages.router,
    act_pages.router,
    cohort_pages.router,
    employer_pages.router,
    worklist.router,
    dossier.router,
    decision.router,
    staff_letters.router,
    hands.router,
    here_again.router,
    reaching.router,
    absence.router,
    views.router,
    export.router,
    bulk.router,
    coordination.router,
    correction.router,
    reversal.router,
    post.router,
    claim.router,
    live.router,
    entrance.router,
    budget_pages.router,
    payment_pages.router,
    account_pages.router,
    bank_pages.router,
    recovery_pages.router,
    apply_pages.router,
    list_pages.router,
    document_pages.router,
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
    app.add_middleware(witness.Witness, house=house)
    app.add_exception_handler(NotSignedIn, turning_away.sign_in_first)
    app.add_exception_handler(NotAllowed, turning_away.not_allowed)
    app.add_exception_handler(limits.TooOften, entering.too_often)
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(HTTPException, _nothing_here)
    app.add_exception_handler(RPCError, _unavailable)
    return app


async def _refused(request: Request, refusal: Exception) -> Response:
    """A rule said no and the page itself had no better place to say it."""
    visitor = await visitor_of(request)
    if getattr(refusal, "code", "") == "CrossSite":
        await audit.turned_away(request, "cross_site", visitor)
    told = in_words(tongue(language_of(request, visitor)), refusal) if isinstance(refusal, Refusal) else str(refusal)
    return render(request, visitor, "refused.html", status=422, why=(), sentence=told)


async def _nothing_here(request: Request, error: Exception) -> Response:
    status, visitor = getattr(error, "status_code", 404), await visitor_of(request)
    if visitor is not None:
        await audit.turned_away(request, "nothing_here", visitor)
    return render(request, visitor, "nothing.html", status=status)


async def _unavailable(request: Request, error: Exception) -> Response:
    log.warning("temporal_away", path=request.url.path, error=type(error).__name__)
    return render(request, await visitor_of(request), "away.html", status=503)

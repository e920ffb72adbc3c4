"""Everything that goes wrong, as problem details (RFC 9457): for the system a code, for its people a Dutch sentence."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from temporalio.service import RPCError, RPCStatusCode

from models.errors import Refusal
from models.messages.words import Instrument
from portal.api.sentences import sentence

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = 5
"""Seconds after which what was away may be back."""
log = structlog.get_logger("api")

TITLES: Mapping[int, str] = {
    400: "De vraag is onleesbaar",
    401: "Meld u aan",
    403: "Dit mag deze toepassing niet",
    404: "Dit is er niet",
    405: "Dat kan hier niet",
    406: "Die vorm geven wij niet",
    409: "Een regel zegt nee",
    413: "Dit is te groot",
    415: "Deze vorm lezen wij niet",
    422: "De gegevens kloppen niet",
    429: "Te veel vragen",
    500: "Er ging iets mis",
    503: "Even niet bereikbaar",
}
DETAILS: Mapping[int, str] = {
    400: "Wij konden uw vraag niet lezen. Kijk na of ze geldige JSON is.",
    404: "Wat u vraagt is er niet, of is niet voor deze toepassing. Kijk het adres en het nummer na.",
    405: "Dit adres kent die methode niet.",
    500: "Dit had niet mogen gebeuren. Wij kijken ernaar; er is niets half bewaard.",
    503: "Wij zijn even niet bereikbaar. Probeer het straks opnieuw met dezelfde Idempotency-Key.",
}
FORBIDDEN = frozenset({"WrongParty", "WrongRole", "NotYours", "MissingScope"})
UNKNOWN = frozenset({"UnknownDossier", "UnknownPayment"})
MISFIT = frozenset({"KeyReused", "OtherInstrument", "GEEN_FONDS"})
LATER = frozenset({"NoAnswerYet"})
"""Kept and on its way: the same question under the same key gives the answer."""
UNSETTLED = LATER | {"NotStarted", "InProgress"}
"""Refusals that say 'not yet': the next time the answer may be another."""


class FieldFault(BaseModel):
    """One field that is wrong."""

    field: str = Field(description="JSON pointer into what was sent", examples=["/participants/0/status"])
    message: str = Field(description="What to do, in Dutch")


class Problem(BaseModel):
    """Problem details (RFC 9457)."""

    type: str = Field(
        description="What sort of problem: the address of this page with the code", examples=["/api/v1/#DossierClosed"]
    )
    title: str = Field(description="The sort of problem, in Dutch")
    status: int = Field(description="The status of HTTP", examples=[409])
    detail: str = Field(description="What is wrong and what to do, in Dutch")
    code: str = Field(description="A code that stays the same", examples=["DossierClosed"])
    fields: list[FieldFault] | None = Field(default=None, description="The fields that are wrong")


class ProblemRaised(Exception):
    """A problem that the rooms of the API raise themselves."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        fields: Sequence[FieldFault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.fields, self.headers = tuple(fields), dict(headers or {})


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    fields: Sequence[FieldFault] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The answer that tells a problem."""
    told = Problem(
        type=f"/api/v1/#{code}",
        title=TITLES.get(status, HTTPStatus(status).phrase),
        status=status,
        detail=detail,
        code=code,
        fields=list(fields) or None,
    )
    told_headers = {"Cache-Control": "no-store", **(headers or {})}
    return JSONResponse(told.model_dump(exclude_none=True), status, told_headers, MEDIA_TYPE)


def status_of(refusal: Refusal) -> int:
    """The status under which a refusal is told."""
    for codes, status in ((FORBIDDEN, 403), (UNKNOWN, 404), (MISFIT, 422), (LATER, 503)):
        if refusal.code in codes:
            return status
    return 409


def tell_problems(app: FastAPI) -> None:
    """Have every problem of this application told in this one form."""
    app.add_exception_handler(ProblemRaised, _raised)
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _misfit)
    app.add_exception_handler(HTTPException, _http)
    for away in (RPCError, DBAPIError, PoolTimeout, OSError, TimeoutError):
        app.add_exception_handler(away, _away)
    app.add_exception_handler(Exception, _defect)


async def _raised(request: Request, raised: Exception) -> JSONResponse:
    assert isinstance(raised, ProblemRaised)
    _noted(request, raised.status, raised.code)
    return problem(raised.status, raised.code, raised.detail, fields=raised.fields, headers=raised.headers)


async def _refused(request: Request, refusal: Exception) -> JSONResponse:
    assert isinstance(refusal, Refusal)
    _noted(request, status_of(refusal), refusal.code)
    later = {"Retry-After": str(RETRY_AFTER)} if refusal.code in UNSETTLED else {}
    return problem(status_of(refusal), refusal.code, refusal.message, headers=later)


def _noted(request: Request, status: int, code: str) -> None:
    """Write down who tried what is not theirs."""
    if status in (401, 403, 404, 429):
        client = getattr(request.state, "client", None)
        log.warning("not_given", status=status, code=code, path=request.url.path, client=client and client.client)


async def _misfit(_: Request, misfit: Exception) -> JSONResponse:
    assert isinstance(misfit, RequestValidationError)
    errors: Sequence[Any] = misfit.errors()
    if any(error["type"] == "json_invalid" for error in errors):
        return problem(400, "Unreadable", DETAILS[400])
    fields = [FieldFault(field=_pointer(error["loc"]), message=sentence(error)) for error in errors]
    return problem(422, "Misfit", "Kijk deze velden na; er is niets bewaard.", fields=fields[:100])


def _pointer(place: Sequence[Any]) -> str:
    """Where it is wrong, as a JSON pointer; the part of the question and the sort of application are no place."""
    inside = place[2:] if place[0] == "body" and place[1:2] and place[1] in set(Instrument) else place[1:]
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in inside) or "/"


async def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == 400:
        return problem(400, "Unreadable", DETAILS[400])
    detail = DETAILS.get(error.status_code, TITLES.get(error.status_code, "Dat kan niet."))
    return problem(
        error.status_code, HTTPStatus(error.status_code).name.title().replace("_", ""), detail, headers=error.headers
    )


async def _away(request: Request, error: Exception) -> JSONResponse:
    if not is_away(error):
        return await _defect(request, error)
    log.warning("away", path=request.url.path, error=type(error).__name__)
    return problem(503, "Away", DETAILS[503], headers={"Retry-After": str(RETRY_AFTER)})


def is_away(error: Exception) -> bool:
    """Whether PostgreSQL or Temporal went away (classes 08 and 57 of SQLSTATE, or a lost connection), rather than said
    no to what we did wrong."""
    if isinstance(error, RPCError):
        return error.status in (RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED)
    if not isinstance(error, DBAPIError):
        return True
    origin = error.orig
    state = str(getattr(origin, "sqlstate", "") or "")
    lost = error.connection_invalidated or isinstance(getattr(origin, "__cause__", None), OSError)
    return lost or state[:2] in ("08", "57")


async def _defect(request: Request, error: Exception) -> JSONResponse:
    log.error("defect", path=request.url.path, error=type(error).__name__)
    return problem(500, "Defect", DETAILS[500])

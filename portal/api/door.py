"""How a system comes in: client credentials for a token (RFC 6749 4.4), a token for everything else. No cookies."""

import base64
import binascii
from datetime import UTC, datetime
from math import ceil
from typing import Annotated, Any, Literal
from urllib.parse import unquote_plus

import structlog
from fastapi import APIRouter, Depends, Form, Request, Security
from fastapi.responses import JSONResponse
from fastapi.security import OAuth2
from pydantic import BaseModel, ConfigDict, Field

from models.errors import Refusal
from portal.api.clients import TOKEN_LASTS, Client, Clients
from portal.api.limits import Allowance
from portal.api.problems import Problem, ProblemRaised
from portal.api.repeats import Repeats
from portal.api.scopes import MEANINGS, Scope

log = structlog.get_logger("api")
router = APIRouter(tags=["Access"])
SCHEME = OAuth2(
    flows={"clientCredentials": {"tokenUrl": "token", "scopes": {one.value: text for one, text in MEANINGS.items()}}},
    scheme_name="client_credentials",
    description="Ask a token with the name and the secret of the client; send it as `Authorization: Bearer`.",
    auto_error=False,
)


class Needs:
    """Who may use a route of the API: a client whose token carries this permission. Gives the client."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    async def __call__(self, request: Request, told: Annotated[str | None, Depends(SCHEME)] = None) -> Client:
        kind, _, token = (told or "").partition(" ")
        client = await clients_of(request).bearer(token.strip()) if kind.lower() == "bearer" and token else None
        if client is None:
            detail = "Vraag een token op /api/v1/token en stuur het mee als 'Authorization: Bearer'. Is het verlopen, "
            headers = {"WWW-Authenticate": 'Bearer realm="doorstroom", error="invalid_token"'}
            raise ProblemRaised(401, "NoToken", detail + "vraag dan een nieuw.", headers=headers)
        spend(request.app.state.allowance, client.client)
        if not client.may(self.scope):
            detail = f"Uw token heeft geen recht op {self.scope}. Vraag het aan bij het fonds."
            headers = {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{self.scope}"'}
            raise ProblemRaised(403, "MissingScope", detail, headers=headers)
        request.state.client = client
        return client

    def __str__(self) -> str:
        return f"system ({self.scope})"


def clients_of(request: Request) -> Clients:
    """The clients this house knows."""
    found: Clients = request.app.state.clients
    return found


def repeats_of(request: Request) -> Repeats:
    """What was asked here under which key."""
    found: Repeats = request.app.state.repeats
    return found


def spend(allowance: Allowance, name: str) -> None:
    """Take one question from what is allowed.

    Raises:
        ProblemRaised: there are none left for the moment.
    """
    if seconds := allowance.wait(name):
        wait = str(ceil(seconds))
        raise ProblemRaised(
            429, "TooMany", f"U vraagt te veel na elkaar. Wacht {wait} s.", headers={"Retry-After": wait}
        )


class Credentials(BaseModel):
    """What a token is asked with; name and secret here or in a Basic header, not in both."""

    model_config = ConfigDict(extra="forbid")

    grant_type: Literal["client_credentials"] = Field(description="The only grant there is")
    client_id: str | None = Field(default=None, max_length=100, description="Name of the client")
    client_secret: str | None = Field(default=None, max_length=200, description="Its secret")
    scope: str | None = Field(
        default=None,
        max_length=300,
        description="Permissions wanted, with spaces between; left out: all that the client holds",
        examples=["dossiers:read applications:write"],
    )


class Token(BaseModel):
    """A token and how long it lasts."""

    access_token: str = Field(description="Send it as `Authorization: Bearer ...`")
    token_type: Literal["Bearer"] = "Bearer"
    expires_in: int = Field(description="Seconds", examples=[900])
    scope: str = Field(description="The permissions it carries", examples=["dossiers:read"])


@router.post(
    "/token",
    response_model=Token,
    summary="Ask a token",
    description="Client credentials (RFC 6749, 4.4), with `client_secret_basic` or `client_secret_post`. "
    "A token lasts a quarter of an hour and ends at once when the client is revoked.",
    responses={401: {"model": Problem, "description": "Name or secret is wrong, or the client was revoked"}},
)
async def token(request: Request, told: Annotated[Credentials, Form()]) -> JSONResponse:
    """Give a token to a system that knows its secret."""
    spend(request.app.state.doorstep, request.client.host if request.client else "")
    client, secret = _basic(request) or (told.client_id or "", told.client_secret or "")
    spend(request.app.state.guesses, client)
    try:
        asked = frozenset(Scope(scope) for scope in (told.scope or "").split())
        given = await clients_of(request).token(client, secret, asked)
    except (ValueError, Refusal) as refused:
        detail = str(refused) if isinstance(refused, Refusal) else "Een van de gevraagde rechten bestaat niet."
        raise ProblemRaised(403, "invalid_scope", detail) from refused
    if given is None:
        log.warning("client_not_let_in", client=client[:40])
        raise _not_let_in()
    await repeats_of(request).erase(datetime.now(UTC))
    bearer, scopes = given
    answer = Token(access_token=bearer, expires_in=int(TOKEN_LASTS.total_seconds()), scope=" ".join(sorted(scopes)))
    return JSONResponse(answer.model_dump(), headers={"Cache-Control": "no-store"})


def _not_let_in() -> ProblemRaised:
    detail = "De naam of het geheim van de toepassing klopt niet, of ze werd afgesloten."
    return ProblemRaised(401, "invalid_client", detail, headers={"WWW-Authenticate": 'Basic realm="doorstroom"'})


def _basic(request: Request) -> tuple[str, str] | None:
    """Name and secret of a Basic header; None when there is none."""
    kind, _, packed = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(packed, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise _not_let_in() from None
    return unquote_plus(name), unquote_plus(secret)


def needs(scope: Scope) -> Any:
    """The right to use a route, as one of its dependencies."""
    return Security(Needs(scope), scopes=[scope.value])


async def _caller(request: Request) -> Client:
    found: Client = request.state.client
    return found


Caller = Annotated[Client, Depends(_caller)]
"""The client that `needs` let in."""

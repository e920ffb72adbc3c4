"""Reading: each client the rows that concern it, in pages; an unchanged answer is not sent again."""

import hashlib
from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from models.errors import Refusal
from models.messages.words import Fund, Instrument, Kind, Party, Role
from portal.access.rows import seen_by
from portal.api import shapes, showing
from portal.api.cursors import no_cursor, packed, page, unpacked, unpacked_number
from portal.api.door import Caller, needs
from portal.api.scopes import Scope
from portal.house import house_of
from reading import outside
from reading.dossiers import Standing, standing
from reading.waiting import waiting as waits_of
from reading.worklist import WorkListQuery
from reading.worklist import tasks as work_list

UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "Unchanged since the `ETag` that you have"}}
router = APIRouter(tags=["Readings"], responses=UNCHANGED)
MOST = 200
READS = [needs(Scope.DOSSIERS_READ)]
Number = Annotated[
    str,
    Path(
        pattern=shapes.NUMBER,
        description="Number of the dossier",
        examples=["ANT-2025-S-000123"],
        json_schema_extra={"format": "dossier-number"},
    ),
]


class Part(BaseModel):
    """Which part of a list."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=50, ge=1, le=MOST, description="How many at most")
    cursor: str | None = Field(
        default=None,
        max_length=200,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="`next` of the page before",
        json_schema_extra={"format": "cursor"},
    )


class DossierFilter(Part):
    """Which dossiers; what is left out does not narrow."""

    fund: Fund | None = None
    kind: Kind | None = None
    instrument: Instrument | None = None
    state: Literal["open", "closed"] | None = None
    waiting_on: Party | None = Field(default=None, description="On whom it waits")
    parent: str | None = Field(default=None, pattern=shapes.NUMBER, description="The dossier they came from")
    enterprise_number: str | None = Field(default=None, pattern=r"^[01][0-9]{9}$", description="Of the employer")
    reference: str | None = Field(
        default=None, pattern=r"^[A-Za-z0-9_.:/-]{1,60}$", description="Your own reference of the application"
    )


class TaskFilter(Part):
    """Which tasks; what is left out does not narrow."""

    fund: Fund | None = None
    role: Role | None = None
    dossier: str | None = Field(default=None, pattern=shapes.NUMBER)
    due_before: date | None = Field(default=None, description="Only tasks whose last day lies before this day")


async def rows(request: Request, client: Caller) -> AsyncIterator[AsyncConnection]:
    """The rows that concern the client of this request."""
    async with seen_by(house_of(request).reading, client.visitor()) as connection:
        yield connection


Rows = Annotated[AsyncConnection, Depends(rows)]


@router.get("/dossiers", response_model=shapes.DossierPage, dependencies=READS, summary="List dossiers")
async def dossiers(request: Request, client: Caller, asked: Annotated[DossierFilter, Query()], seen: Rows) -> Response:
    """The dossiers that concern you, in the order of their numbers."""
    query = outside.OutsideQuery(
        own=client.party is not Party.SYSTEM,
        open=None if asked.state is None else asked.state == "open",
        enterprise=asked.enterprise_number,
        after=unpacked(asked.cursor),
        **asked.model_dump(include={"fund", "kind", "instrument", "waiting_on", "parent", "reference", "limit"}),
    )
    shown, last = page(await outside.dossiers(seen, query), asked.limit)
    told = shapes.DossierPage(
        dossiers=[showing.dossier(one) for one in shown], next=None if last is None else packed(last.number)
    )
    return answer(request, told)


@router.get("/dossiers/{number}", response_model=shapes.Dossier, dependencies=READS, summary="Read one dossier")
async def dossier(request: Request, number: Number, seen: Rows) -> Response:
    """Where it stands. An application that was just received is here at once, as `received`."""
    found = await standing(seen, number)
    if found is not None:
        return answer(request, showing.dossier(found))
    received = await outside.received(seen, number)
    if received is None:
        raise _nothing(number)
    return answer(request, showing.receipt(received))


@router.get(
    "/dossiers/{number}/waiting", response_model=shapes.Waiting, dependencies=READS, summary="Why a dossier waits"
)
async def waiting(request: Request, number: Number, seen: Rows) -> Response:
    """On whom, since when, until when, and what happens otherwise. What staff do among themselves is for funds."""
    return answer(request, showing.waiting(await waits_of(seen, await opened(seen, number))))


@router.get(
    "/dossiers/{number}/timeline",
    response_model=shapes.EntryPage,
    dependencies=READS,
    summary="What happened in a dossier",
)
async def timeline(
    request: Request, number: Number, client: Caller, part: Annotated[Part, Query()], seen: Rows
) -> Response:
    """Everything that happened and that concerns you, in codes, the oldest first; it only ever grows."""
    await opened(seen, number)
    found = await outside.happened(seen, number, unpacked_number(part.cursor), part.limit)
    shown, last = page(found, part.limit)
    told = shapes.EntryPage(
        entries=[showing.entry(one, client) for one in shown], next=None if last is None else packed(last.sequence)
    )
    return answer(request, told)


@router.get(
    "/dossiers/{number}/documents",
    response_model=shapes.DocumentPage,
    dependencies=READS,
    summary="Documents of a dossier",
)
async def documents(
    request: Request, number: Number, client: Caller, part: Annotated[Part, Query()], seen: Rows
) -> Response:
    """Kinds of documents and when they came; the content is not given here."""
    await opened(seen, number)
    shown, last = page(await outside.papers(seen, number, unpacked_number(part.cursor), part.limit), part.limit)
    told = shapes.DocumentPage(
        documents=[showing.document(one, client) for one in shown], next=None if last is None else packed(last.id)
    )
    return answer(request, told)


@router.get(
    "/dossiers/{number}/payments",
    response_model=shapes.PaymentPage,
    dependencies=READS,
    summary="Payments of a dossier",
)
async def payments(request: Request, number: Number, part: Annotated[Part, Query()], seen: Rows) -> Response:
    """Payments and what became of them."""
    await opened(seen, number)
    shown, last = page(await outside.payments(seen, number, unpacked(part.cursor), part.limit), part.limit)
    told = shapes.PaymentPage(
        payments=[showing.payment(one) for one in shown], next=None if last is None else packed(last.payment)
    )
    return answer(request, told)


@router.get("/tasks", response_model=shapes.TaskPage, dependencies=[needs(Scope.TASKS_READ)], summary="The work list")
async def tasks(request: Request, client: Caller, asked: Annotated[TaskFilter, Query()], seen: Rows) -> Response:
    """Open tasks of your funds, the most urgent first. Finishing one needs a person who signs in: see the pages."""
    query = WorkListQuery(
        funds=client.funds if asked.fund is None else tuple({asked.fund} & set(client.funds)),
        roles=tuple(Role) if asked.role is None else (asked.role,),
        dossier=asked.dossier,
        late_on=asked.due_before,
        limit=asked.limit,
        after=unpacked(asked.cursor) or None,
    )
    try:
        found = await work_list(seen, query)
    except Refusal:
        raise no_cursor() from None
    told = shapes.TaskPage(
        tasks=[showing.task(one, client) for one in found.tasks], next=packed(found.next) if found.next else None
    )
    return answer(request, told)


def answer(request: Request, told: BaseModel) -> Response:
    """The answer with its digest; when the asker has the same already, only that it is the same."""
    body = told.model_dump_json().encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Authorization"}
    known = {mark.strip().removeprefix("W/") for mark in request.headers.get("if-none-match", "").split(",")}
    if etag in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


async def opened(seen: AsyncConnection, number: str) -> Standing:
    """A dossier of this client that was opened.

    Raises:
        Refusal: there is none, or not for this client: nobody is told which.
    """
    found = await standing(seen, number)
    if found is None:
        raise _nothing(number)
    return found


def _nothing(number: str) -> Refusal:
    return Refusal("UnknownDossier", f"Dossier {number} is er niet, of het is niet voor deze toepassing.")

"""The pages of the auditor: dossiers as they stood on a day, their events with hashes, and the verification of them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Annotated
from weakref import WeakKeyDictionary

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy.ext.asyncio import AsyncEngine

from database import glance
from models.messages.words import Fund, Kind, Party, Role
from portal.access.rights import may
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.audit.verifying import Verifier, ask, verified
from portal.days import AskedDay, TypedDay
from portal.house import House, house_of
from portal.language import tongue
from portal.pages import Flash, go, render
from reading import dossiers, parties, trail
from schemes.calendar import local_date
from verification import AsOf, as_of, differences

_VERIFIERS: WeakKeyDictionary[AsyncEngine, Verifier] = WeakKeyDictionary()


def verifier_of(house: House) -> Verifier:
    """What carries out the verifications of this house, in this process."""
    return _VERIFIERS.setdefault(house.engine, Verifier(house))


@asynccontextmanager
async def _verifying(app: FastAPI) -> AsyncIterator[None]:
    """While the portal is served; one that a restart interrupted is begun again."""
    async with verifier_of(app.state.house).working():
        yield


router = APIRouter(prefix="/nazicht", lifespan=_verifying)
Auditor = Annotated[Visitor, Depends(may(Party.STAFF, roles={Role.AUDITOR}))]
PAGE = 50
FORMAT = "doorstroom-events-1"


@router.get("")
async def overview(
    request: Request,
    visitor: Auditor,
    rows: Rows,
    soort: Annotated[str, Query()] = "",
    open_: Annotated[bool, Query(alias="open")] = False,
    nummer: Annotated[str, Query()] = "",
    na: Annotated[str, Query()] = "",
) -> Response:
    """The dossiers of the own fund, and the last verification of it."""
    if nummer and await dossiers.standing(rows, nummer.strip().upper()) is not None:
        return go(f"/nazicht/{nummer.strip().upper()}")
    fund = visitor.funds[0]
    kind = Kind(soort) if soort in set(Kind) else None
    page = await dossiers.dossiers(
        rows, dossiers.DossierQuery(kind=kind, fund=fund, open_only=open_, limit=PAGE, after=na)
    )
    return render(
        request,
        visitor,
        "audit/overview.html",
        page=page,
        kind=kind,
        kinds=tuple(Kind),
        open_only=open_,
        unknown=nummer.strip(),
        fund=fund,
        run=await trail.last_run(rows, fund),
    )


@router.post("/keten")
async def verify_fund(request: Request, visitor: Auditor) -> Response:
    """Ask that every dossier of the fund is verified; it is done in the background."""
    house = house_of(request)
    await ask(house.engine, visitor.funds[0], visitor.person)
    verifier_of(house).wake()
    return go("/nazicht")


@router.get("/wie")
async def people(request: Request, visitor: Auditor, rows: Rows) -> Response:
    """Who came in, who saw personal data, and what administrators did."""
    async with glance(house_of(request).engine) as connection:
        entrances = await trail.entrances(connection, visitor.funds)
    looks = await trail.looks(rows)
    changes = await trail.changes(rows, visitor.funds)
    persons = {one.person for one in entrances} | {one.person for one in looks}
    persons |= {person for one in changes for person in (one.by, one.about)}
    names = await parties.names(rows, "", persons)
    return render(request, visitor, "audit/people.html", entrances=entrances, looks=looks, changes=changes, names=names)


@router.get("/{number}")
async def dossier(request: Request, visitor: Auditor, rows: Rows, number: str, op: AskedDay = None) -> Response:
    """One dossier as it stood at the end of a day, what changed since, and every event with its hash."""
    now = await as_of(rows, number)
    if now is None or not now.opened:
        raise HTTPException(404)
    day = op or _last_day(now)
    then = await as_of(rows, number, day)
    assert then is not None, "it stood a moment ago"
    events = await trail.events(rows, number)
    persons = {event.by for event in events} | {event.data.get("person", "") for event in events}
    looks = await trail.looks(rows, number)
    return render(
        request,
        visitor,
        "audit/dossier.html",
        number=number,
        day=day,
        then=then,
        now=now,
        changed=differences(then, now),
        events=events,
        looks=looks,
        names=await parties.names(rows, number, persons | {look.person for look in looks}),
        run=await trail.last_run(rows, Fund(now.dossier["fund"]), number),
    )


@router.post("/{number}/keten")
async def verify_dossier(request: Request, visitor: Auditor, rows: Rows, number: str, op: TypedDay = None) -> Response:
    """Verify the chain of one dossier."""
    standing = await dossiers.standing(rows, number)
    if standing is None:
        raise HTTPException(404)
    found = await verified(house_of(request).engine, Fund(standing.fund), visitor.person, number)
    back = f"/nazicht/{number}" + (f"?op={op}" if op else "")
    return go(back, _told(visitor, len(found.faults)))


@router.get("/{number}/gebeurtenissen.json")
async def download(visitor: Auditor, rows: Rows, number: str) -> Response:
    """The events of one dossier, to check elsewhere; docs/audit.md tells how."""
    events = await trail.events(rows, number)
    if not events:
        raise HTTPException(404)
    content = {
        "format": FORMAT,
        "dossier": number,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "made_for": visitor.person,
        "events": [_exported(event) for event in events],
    }
    name = f'attachment; filename="{number}.json"'
    return JSONResponse(content, headers={"Content-Disposition": name, "Cache-Control": "no-store"})


def _exported(event: trail.StoredEvent) -> Mapping[str, object]:
    """As it was hashed: moments in UTC to the microsecond."""
    moments = {
        name: moment.astimezone(UTC).isoformat(timespec="microseconds")
        for name, moment in (("at", event.at), ("recorded_at", event.recorded_at))
    }
    return event.model_dump(mode="json", exclude={"dossier"}) | moments


def _last_day(now: AsOf) -> date:
    return local_date(now.events[-1].at)


def _told(visitor: Visitor, faults: int) -> Flash:
    _ = tongue(visitor.language)
    if faults:
        return Flash(text=_("Niet alles klopt: %(count)s vaststellingen.", count=faults), tone="bad")
    return Flash(text=_("Alles klopt."))

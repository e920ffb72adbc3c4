"""The pages of one act on many tasks: choose what, see what will happen, follow it, read what was refused, undo it."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Annotated, Any
from weakref import WeakKeyDictionary

from fastapi import APIRouter, FastAPI, Form, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy import String, cast, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col

from models.errors import Refusal
from models.tables import StaffMember
from portal.access.rights import Staff
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.house import House, house_of
from portal.language import marked as _
from portal.language import tongue
from portal.pages import go, language_of, own_address, render
from portal.refusals import Refused
from portal.staff import bulk_runs
from portal.staff.bulk_runs import Runs
from portal.staff.grace import GRACE
from portal.staff.listing import PATH, desk_of, listing_of
from portal.staff.offered import HANDS, asks_why, offers, outcomes, preview, reasons, told
from reading import inbox
from reading.inbox import BULK, Line
from starter import Starter

SHOWN = 50
"""Tasks named on the page; of the rest the number is told."""
_RUNS: WeakKeyDictionary[Starter, Runs] = WeakKeyDictionary()


def runs_of(house: House) -> Runs:
    """What carries out the runs of this house, in this process."""
    return _RUNS.setdefault(house.starter, Runs(house.engine, house.starter))


@asynccontextmanager
async def _carrying_out(app: FastAPI) -> AsyncIterator[None]:
    """While the portal is served, runs are carried out; one that a restart interrupted goes on."""
    async with runs_of(app.state.house).working():
        yield


router = APIRouter(lifespan=_carrying_out)


@router.post("/bulk")
async def choose(
    request: Request,
    visitor: Staff,
    rows: Rows,
    taak: Annotated[list[str] | None, Form()] = None,
    wat: Annotated[str, Form()] = "gekozen",
    hand: Annotated[str, Form()] = "",
    terug: Annotated[str, Form()] = PATH,
    lijst: Annotated[str, Form()] = "",
    q: Annotated[str, Form()] = "",
) -> Response:
    """Take the chosen tasks, or all that the list finds, to a page where one says what to do with them.

    Raises:
        Refusal: nothing was chosen, or more was found than can be done at once.
    """
    tasks = taak or []
    if wat == "alle":
        listing = listing_of(await desk_of(rows, visitor), visitor.language.value, {"lijst": lijst, "q": q})
        found = await inbox.every(rows, replace(listing.query(), after=None, before=None), BULK + 1)
        if len(found) > BULK:
            raise Refused(
                "TooMany", _("Er zijn meer dan %(most)s taken gevonden. Verfijn de zoekvraag eerst."), most=BULK
            )
        tasks = [line.task for line in found]
    if not tasks:
        raise Refused("NothingChosen", _("Kies eerst een of meer taken in de lijst."))
    chosen = [(task, None) for task in dict.fromkeys(tasks)]
    run = await bulk_runs.draft(house_of(request).engine, visitor.person, own_address(terug, PATH), chosen)
    return go(f"/bulk/{run}" + (f"?hand={hand}" if hand in HANDS else ""))


@router.get("/bulk/{run}")
async def look(request: Request, visitor: Staff, rows: Rows, run: int, hand: str = "") -> Response:
    """What may be done and what would happen; once it began: how far it is and what was refused."""
    return await _shown(request, visitor, rows, run, hand)


async def _shown(
    request: Request, visitor: Visitor, rows: Any, run: int, hand: str, refused: str | None = None, **typed: Any
) -> Response:
    engine = house_of(request).engine
    asked = await bulk_runs.run_of(engine, run, visitor.person)
    if asked is None:
        raise HTTPException(404)
    items = await bulk_runs.items_of(engine, run)
    if asked.state != "draft":
        return _report(request, visitor, asked, items)
    desk = await desk_of(rows, visitor)
    lines = await inbox.some(rows, desk, tuple(item.task for item in items))
    hand = asked.hand or (hand if hand in HANDS else "")
    instruments = await inbox.instruments(rows, lines)
    say = tongue(language_of(request, visitor))
    return render(
        request,
        visitor,
        "staff/bulk.html",
        status=422 if refused else 200,
        refused=refused and say(refused),
        run=asked,
        lines=lines[:SHOWN],
        count=len(items),
        spread=sorted(Counter(item.to_person for item in items if item.to_person).items()),
        offers=[(offer, told(offer, say)) for offer in offers(lines, visitor, desk, len(items) - len(lines))],
        hand=hand,
        hands=HANDS,
        outcomes=[(outcome, preview(lines, outcome), asks_why(lines, outcome)) for outcome in outcomes(lines)],
        reasons={one: reasons(lines, one, instruments) for one in outcomes(lines) if asks_why(lines, one)},
        grace=GRACE,
        colleagues=await _colleagues(rows, lines, visitor) if hand == "assign" else [],
        typed={"uitkomst": "", "tot": None, "aan": ""} | typed,
        today=desk.today,
        last=min((line.due for line in lines), default=desk.today),
        sum=preview(lines, "").total,
    )


@router.post("/bulk/{run}/start")
async def start(
    request: Request,
    visitor: Staff,
    rows: Rows,
    run: int,
    hand: Annotated[str, Form()],
    uitkomst: Annotated[str, Form()] = "",
    reden: Annotated[list[str] | None, Form()] = None,
    tot: Annotated[date | None, Form()] = None,
    aan: Annotated[str, Form()] = "",
) -> Response:
    """Begin. What is asked is looked at again for every task when its turn comes."""
    house = house_of(request)
    asked = await bulk_runs.run_of(house.engine, run, visitor.person)
    if asked is None:
        raise HTTPException(404)
    missing = _missing(hand, uitkomst, tot, aan or ("verdeeld" if asked.hand == "assign" else ""))
    if missing is None and hand == "complete":
        missing = await _unexplained(rows, visitor, await bulk_runs.items_of(house.engine, run), uitkomst, reden or [])
    if missing is not None:
        return await _shown(request, visitor, rows, run, hand, missing, uitkomst=uitkomst, tot=tot, aan=aan)
    what = {"hand": hand, "outcome": uitkomst or None, "reasons": reden or [], "until": tot, "to_person": aan or None}
    await bulk_runs.start(house.engine, run, visitor.person, **what)
    runs_of(house).wake()
    return go(f"/bulk/{run}")


@router.post("/bulk/{run}/stop")
async def stop(request: Request, visitor: Staff, run: int) -> Response:
    """Leave alone what was not done yet."""
    await bulk_runs.stop(house_of(request).engine, run, visitor.person)
    return go(f"/bulk/{run}")


@router.post("/bulk/{run}/ongedaan")
async def undo(request: Request, visitor: Staff, run: int) -> Response:
    """Take all of it back, as far as that can be."""
    house = house_of(request)
    await bulk_runs.take_back(house.engine, run, visitor.person)
    runs_of(house).wake()
    return go(f"/bulk/{run}")


async def _unexplained(rows: Any, visitor: Visitor, items: list[Any], outcome: str, why: list[str]) -> str | None:
    """What is wrong with the reasons of an outcome: none where one is asked, or one that does not fit all tasks."""
    lines = await inbox.some(rows, await desk_of(rows, visitor), tuple(item.task for item in items))
    if asks_why(lines, outcome) and not why:
        return _("Kies minstens één reden: de aanvrager moet ze kunnen lezen.")
    if set(why) <= set(reasons(lines, outcome, await inbox.instruments(rows, lines))):
        return None
    return _("Een van de redenen past niet bij deze uitkomst van alle taken. Kies uit de lijst van die uitkomst.")


def _missing(hand: str, outcome: str, until: date | None, to: str) -> str | None:
    """What still has to be said, in a sentence."""
    if hand not in HANDS:
        return _("Kies wat er met de taken moet gebeuren.")
    if hand == "complete" and not outcome:
        return _("Kies een uitkomst.")
    if hand == "snooze" and until is None:
        return _("Kies tot welke dag.")
    return _("Kies een collega.") if hand == "assign" and not to else None


async def _colleagues(rows: Any, lines: tuple[Line, ...], visitor: Visitor) -> list[Any]:
    """Who has all the roles that these tasks ask."""
    asked = select(StaffMember).where(
        col(StaffMember.active),
        col(StaffMember.fund).in_({line.fund for line in lines}),
        cast(col(StaffMember.roles), ARRAY(String)).contains(sorted({line.role for line in lines})),
        col(StaffMember.person) != visitor.person,
    )
    return list((await rows.execute(asked.order_by(col(StaffMember.name)))).all())


def _report(request: Request, visitor: Visitor, run: Any, items: list[Any]) -> Response:
    counts = Counter(item.state for item in items)
    undoable = run.state in ("ended", "stopped") and counts["done"] > 0
    if run.hand == "complete":
        undoable = undoable and run.goes_out_at > datetime.now(UTC)
    return render(
        request,
        visitor,
        "staff/bulk_report.html",
        run=run,
        hands=HANDS,
        counts=counts,
        count=len(items),
        over=len(items) - counts["waiting"] - counts["returning"],
        busy=run.state in ("running", "undoing"),
        undoable=undoable,
        problems=[
            (*item.task.split("/")[:2], Refusal(item.code or "", item.why))
            for item in items
            if item.state in ("refused", "kept")
        ],
    )

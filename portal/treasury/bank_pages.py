"""The pages of what the bank says: files read, whether every euro is explained, and lines that a person sets right."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request, UploadFile
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncConnection

from absences import today
from models.errors import Refusal
from models.messages.words import Fund
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.days import AskedDay
from portal.house import house_of
from portal.language import marked as _
from portal.language import tongue
from portal.pages import Flash, go, language_of
from portal.refusals import Refused
from portal.treasury.desk import Finance, Looking, Text, fund_of, show
from reading import payment_runs
from reading import statements as reading
from reading.statements import QueueEntry
from treasury import intake, queue

router = APIRouter(prefix="/geld/bankbestanden")
MOST_MB = 50
"""Of one file: a year of statements of a fund is a tenth of it."""
SHOWN, FILES = 20, 30
MEGABYTE = 1024 * 1024


@router.get("")
async def overview(
    request: Request,
    visitor: Looking,
    rows: Rows,
    fonds: str | None = None,
    van: AskedDay = None,
    tot: AskedDay = None,
) -> Response:
    """Per account whether all is explained, and the files that were read."""
    return await _overview(request, visitor, rows, fund_of(visitor, fonds), van, tot)


@router.post("")
async def take_in(request: Request, visitor: Finance, rows: Rows, file: list[UploadFile], fund: Text = "") -> Response:
    """Read files of the bank; what is refused is told by its name, the others count."""
    house, of_fund = house_of(request), fund_of(visitor, fund)
    refused: list[tuple[str, Refusal]] = []
    read: list[intake.TakenIn] = []
    for one in file:
        name = (one.filename or "")[:120]
        try:
            content = await one.read(MOST_MB * MEGABYTE + 1)
            if len(content) > MOST_MB * MEGABYTE:
                raise Refused("TooLarge", _("Dit bestand is te groot: hoogstens %(most)s MB."), most=MOST_MB)
            read.append(await intake.take_in(house.engine, content, name, visitor.person, funds=visitor.funds))
        except Refusal as refusal:
            refused.append((name, refusal))
    if refused:
        return await _overview(request, visitor, rows, of_fund, None, None, refused=refused)
    for run in await payment_runs.runs(rows, (of_fund,), states=("handed_over",)):
        await house.starter.heard_of_the_bank(run.run)
    say = tongue(language_of(request, visitor))
    counted = {state: sum(one.states.get(state, 0) for one in read) for state in ("matched", "unmatched", "repeated")}
    told = say(_("Gelezen: %(matched)s herkend, %(unmatched)s niet herkend, %(repeated)s al gekend."), **counted)
    return go(_address(of_fund), Flash(text=told, tone="warn" if counted["unmatched"] else "good"))


@router.get("/niet-herkend")
async def unmatched(request: Request, visitor: Looking, rows: Rows, fonds: str | None = None, na: int = 0) -> Response:
    """Lines of the bank that fit nothing, each beside what it might be."""
    return await _queue(request, visitor, rows, fund_of(visitor, fonds), na)


@router.post("/niet-herkend/{entry}")
async def settle(
    request: Request,
    visitor: Finance,
    rows: Rows,
    entry: int,
    answer: Text = "",
    to: Text = "",
    other: Text = "",
    reason: Text = "",
    fund: Annotated[str, Form()] = "",
) -> Response:
    """Match a line by hand, agree to what a colleague matched, set it aside, or take that back."""
    house, of_fund = house_of(request), fund_of(visitor, fund)
    await _known(rows, of_fund, entry)
    by = await house.starter.staff(visitor.person)
    say = tongue(language_of(request, visitor))
    try:
        match answer:
            case "match":
                if not (target := other.strip() or to):
                    raise Refused("NothingChosen", _("Kies waarbij deze regel hoort, of typ het kenmerk."))
                done = await queue.match_by_hand(house.engine, entry, target, by)
                told = _("Verbonden.") if not done.waits_for_second else _("Voorgesteld: een collega bevestigt het.")
            case "set_aside":
                await queue.set_aside(house.engine, entry, reason, by)
                told = _("Opzijgezet.")
            case "take_back":
                await queue.take_back(house.engine, entry, by)
                told = _("De regel staat weer open.")
            case _:
                raise Refused("UnknownAnswer", _("Kies wat er met deze regel moet gebeuren."))
    except Refusal as refusal:
        return await _queue(request, visitor, rows, of_fund, 0, refusal)
    return go(f"/geld/bankbestanden/niet-herkend?fonds={of_fund}", Flash(text=say(told)))


async def _overview(
    request: Request,
    visitor: Visitor,
    rows: AsyncConnection,
    fund: Fund,
    since: date | None,
    until: date | None,
    *,
    refused: list[tuple[str, Refusal]] | None = None,
) -> Response:
    now = today()
    first, last = since or date(now.year, 1, 1), until or now
    found = await reading.files(rows, (fund,), limit=FILES)
    return await show(
        request,
        visitor,
        rows,
        "bank.html",
        fund=fund,
        status=422 if refused else 200,
        people=frozenset(one.by for one in found),
        refused=refused or [],
        first=first,
        last=last,
        accounts=await reading.reconciliation(rows, fund, first, last),
        files=found,
        open_count=len((await reading.queue(rows, (fund,), limit=SHOWN)).entries),
        shown=SHOWN,
        most_mb=MOST_MB,
    )


async def _queue(
    request: Request,
    visitor: Visitor,
    rows: AsyncConnection,
    fund: Fund,
    after: int,
    problem: Refusal | None = None,
) -> Response:
    page = await reading.queue(rows, (fund,), after=after, limit=SHOWN)
    aside = (await reading.queue(rows, (fund,), state="set_aside", limit=SHOWN)).entries
    acts = {one.entry: await reading.acts(rows, one.entry) for one in aside}
    people = {one.proposed_by for one in page.entries} | {act.by for done in acts.values() for act in done}
    return await show(
        request,
        visitor,
        rows,
        "queue.html",
        fund=fund,
        problem=problem,
        people=frozenset(person for person in people if person),
        unmatched=page.entries,
        next=page.next,
        candidates={one.entry: await _candidates(rows, one) for one in page.entries},
        aside=aside,
        acts=acts,
    )


async def _candidates(rows: AsyncConnection, entry: QueueEntry) -> tuple[reading.Candidate, ...]:
    """What a booking may be; a word on an order is no money and fits nothing."""
    return await reading.candidates(rows, entry) if entry.says == "booked" else ()


async def _known(rows: AsyncConnection, fund: Fund, entry: int) -> None:
    """That a line is there for this visitor, and not told to a dossier yet.

    Raises:
        HTTPException: 404, the same for a line of others as for one that does not exist.
    """
    for state in ("unmatched", "set_aside"):
        page = await reading.queue(rows, (fund,), state=state, after=entry - 1, limit=1)
        if any(one.entry == entry for one in page.entries):
            return
    raise HTTPException(404)


def _address(fund: Fund) -> str:
    return f"/geld/bankbestanden?fonds={fund}"

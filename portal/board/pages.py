"""The pages of a board: its meetings, the agenda that fills itself, votes per bench, and the minutes."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncConnection

from models.errors import Refusal
from models.messages.words import Fund, Party, Role
from portal.access.rights import may
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.board.counting import counted, last_votes
from portal.board.meetings import Meetings
from portal.days import Likely
from portal.house import house_of
from portal.language import tongue
from portal.pages import Flash, go, render
from portal.wording import codes
from reading import meetings as reading
from schemes.votes import EXAMPLE, Bench, Choice

router = APIRouter(prefix="/vergadering")
SECRETARIES = frozenset({Role.TEAM_LEAD, Role.ADMINISTRATOR})
Present = Annotated[Visitor, Depends(may(Party.STAFF, roles={Role.BOARD, Role.AUDITOR, *SECRETARIES}))]
Secretary = Annotated[Visitor, Depends(may(Party.STAFF, roles=SECRETARIES))]
Member = Annotated[Visitor, Depends(may(Party.STAFF, roles={Role.BOARD}))]
Leading = Annotated[Visitor, Depends(may(Party.STAFF, roles={Role.BOARD, *SECRETARIES}))]
"""Who may close an item: the chair or the secretary."""
Text = Annotated[str, Form()]
NO_VALUES: Mapping[str, str] = {}


@router.get("")
async def overview(request: Request, visitor: Present, rows: Rows) -> Response:
    """The meetings of the own fund, and what waits for the next one."""
    return await _overview(request, visitor, rows)


@router.post("/plannen")
async def plan(
    request: Request,
    visitor: Secretary,
    rows: Rows,
    day: Annotated[Likely, Form()],
    fund: Annotated[Fund | None, Form()] = None,
    place: Text = "",
    remark: Text = "",
) -> Response:
    """Plan a meeting; everything the board has to decide on is proposed for its agenda."""
    of_fund = fund or visitor.funds[0]
    if of_fund not in visitor.funds:
        raise HTTPException(404)
    try:
        name = await _meetings(request).plan(of_fund, day, visitor.person, place=place.strip(), remark=remark.strip())
    except Refusal as refusal:
        typed = {"day": day.isoformat(), "place": place, "remark": remark}
        return await _overview(request, visitor, rows, problem=refusal, typed=typed)
    waiting = await reading.board_tasks(rows, of_fund)
    await _meetings(request).put_on(name, [task.dossier for task in waiting])
    _ = tongue(visitor.language)
    return go(f"/vergadering/{name}", Flash(text=_("De vergadering is gepland.")))


@router.get("/{name}")
async def meeting(request: Request, visitor: Present, rows: Rows, name: str) -> Response:
    """One meeting: its agenda, and while it is open the votes."""
    return await _meeting(request, visitor, rows, name)


@router.get("/{name}/agenda")
async def agenda(request: Request, visitor: Present, rows: Rows, name: str) -> Response:
    """The agenda on paper."""
    return render(request, visitor, "board/agenda.html", **await _shown(rows, visitor, name))


@router.get("/{name}/verslag")
async def minutes(request: Request, visitor: Present, rows: Rows, name: str) -> Response:
    """The minutes on paper."""
    return render(request, visitor, "board/minutes.html", **await _shown(rows, visitor, name))


@router.post("/{name}/agenda")
async def put_on(
    request: Request, visitor: Secretary, rows: Rows, name: str, dossier: Annotated[list[str] | None, Form()] = None
) -> Response:
    """Put what was chosen on the agenda."""
    await _known(rows, name)
    try:
        await _meetings(request).put_on(name, dossier or [])
    except Refusal as refusal:
        return await _meeting(request, visitor, rows, name, refusal)
    _ = tongue(visitor.language)
    return go(f"/vergadering/{name}", Flash(text=_("De agenda is aangevuld.")))


@router.post("/{name}/openen")
async def begin(request: Request, visitor: Secretary, rows: Rows, name: str, chair: Text = "") -> Response:
    """Begin the meeting."""
    await _known(rows, name)
    try:
        await _meetings(request).open(name, chair)
    except Refusal as refusal:
        return await _meeting(request, visitor, rows, name, refusal)
    return go(f"/vergadering/{name}")


@router.post("/{name}/stem")
async def vote(
    request: Request, visitor: Member, rows: Rows, name: str, dossier: Text, choice: Annotated[Choice, Form()]
) -> Response:
    """Vote, or vote again."""
    await _known(rows, name)
    try:
        await _meetings(request).vote(name, dossier, visitor.person, choice)
    except Refusal as refusal:
        return await _meeting(request, visitor, rows, name, refusal)
    _ = tongue(visitor.language)
    return go(f"/vergadering/{name}#{dossier}", Flash(text=_("Uw stem is genoteerd.")))


@router.post("/{name}/besluit")
async def decide(
    request: Request, visitor: Leading, rows: Rows, name: str, dossier: Text, reason: Text = ""
) -> Response:
    """Close the vote on a dossier and tell the outcome."""
    found = await _known(rows, name)
    try:
        if not SECRETARIES & visitor.roles and visitor.person != found.chair:
            raise Refusal("NotTheChair", "Alleen de voorzitter of de secretaris sluit een stemming.")
        told = await _meetings(request).decide(name, dossier, visitor.person, (reason,) if reason else ())
    except Refusal as refusal:
        return await _meeting(request, visitor, rows, name, refusal)
    _ = tongue(visitor.language)
    if told.result == "adjourned":
        later = _("Geen beslissing: het dossier komt terug op een volgende vergadering.")
        return go(f"/vergadering/{name}#{dossier}", Flash(text=later, tone="warn"))
    return go(f"/vergadering/{name}#{dossier}", Flash(text=_("De beslissing van het bestuur is genoteerd.")))


@router.post("/{name}/sluiten")
async def close(request: Request, visitor: Secretary, rows: Rows, name: str, minutes: Text = "") -> Response:
    """End the meeting."""
    await _known(rows, name)
    try:
        await _meetings(request).close(name, minutes.strip())
    except Refusal as refusal:
        return await _meeting(request, visitor, rows, name, refusal)
    _ = tongue(visitor.language)
    return go(f"/vergadering/{name}", Flash(text=_("De vergadering is afgesloten.")))


async def _overview(
    request: Request,
    visitor: Visitor,
    rows: AsyncConnection,
    *,
    problem: Refusal | None = None,
    typed: Mapping[str, str] = NO_VALUES,
) -> Response:
    waiting = [task for fund in visitor.funds for task in await reading.board_tasks(rows, fund)]
    return render(
        request,
        visitor,
        "board/meetings.html",
        status=422 if problem else 200,
        problem=problem,
        typed=typed,
        meetings=await reading.meetings(rows, visitor.funds),
        waiting=waiting,
        plans=bool(SECRETARIES & visitor.roles),
    )


async def _meeting(
    request: Request, visitor: Visitor, rows: AsyncConnection, name: str, problem: Refusal | None = None
) -> Response:
    shown = await _shown(rows, visitor, name)
    return render(
        request,
        visitor,
        "board/meeting.html",
        status=422 if problem else 200,
        problem=problem,
        reasons=codes("reasons"),
        **shown,
    )


async def _shown(rows: AsyncConnection, visitor: Visitor, name: str) -> dict[str, Any]:
    """What the pages of one meeting show."""
    found = await _known(rows, name)
    tasks = {task.dossier: task for task in await reading.board_tasks(rows, found.fund)}
    items = await reading.items(rows, name)
    cast = await reading.votes(rows, name)
    seats = await reading.members(rows, found.fund)
    on_agenda = {item.dossier for item in items}
    secretary = bool(SECRETARIES & visitor.roles)
    names = await reading.names(rows, found.fund)
    return {
        "meeting": found,
        "items": items,
        "tasks": tasks,
        "counts": {d: counted(found.fund, task, seats, cast) for d, task in tasks.items() if d in on_agenda},
        "ballots": {item.dossier: last_votes(item.dossier, cast) for item in items},
        "cast": cast,
        "proposed": [task for task in tasks.values() if task.dossier not in on_agenda],
        "seats": seats,
        "names": names,
        "called": lambda persons: ", ".join(names.get(person, person) for person in persons),
        "benches": tuple(Bench),
        "choices": tuple(Choice),
        "rules": EXAMPLE,
        "secretary": secretary,
        "leads": secretary or visitor.person == found.chair,
        "votes": Role.BOARD in visitor.roles,
    }


async def _known(rows: AsyncConnection, name: str) -> reading.Meeting:
    found = await reading.meeting(rows, name)
    if found is None:
        raise HTTPException(404)
    return found


def _meetings(request: Request) -> Meetings:
    house = house_of(request)
    return Meetings(house.engine, house.starter)

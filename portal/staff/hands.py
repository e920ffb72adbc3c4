"""What staff do with a task besides answering it: take it, put it back, give it, let it rest, look again."""

from collections.abc import Awaitable
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncConnection

from models.errors import Refusal
from models.messages.words import HandOverReason, Party
from portal.access.rights import may
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.house import house_of
from portal.language import marked as _
from portal.language import tongue
from portal.pages import Flash, go, language_of
from portal.staff.decision import WORKS, Typed, acting_as, form, found_task

router = APIRouter(prefix="/taak/{number}/{step}/{occurrence}")
Worker = Annotated[Visitor, Depends(may(Party.STAFF, roles=WORKS))]
Name = tuple[str, str, str]
LONGEST_NOTE = 500


def _name(number: str, step: str, occurrence: str) -> Name:
    return number, step, occurrence


Task = Annotated[Name, Depends(_name)]


@router.post("/nemen")
async def claim(request: Request, visitor: Worker, rows: Rows, name: Task) -> Response:
    """Take the task in hand, for oneself or for the colleague stood in for."""
    found, task = await found_task(rows, *name)
    acting = await acting_as(rows, visitor, task, found)
    does = house_of(request).starter.claim("/".join(name), visitor.person, for_person=acting.for_person)
    return await _done(request, visitor, rows, name, does, _("U hebt de taak in handen."))


@router.post("/terugleggen")
async def release(request: Request, visitor: Worker, rows: Rows, name: Task) -> Response:
    """Put the task back on the list."""
    does = house_of(request).starter.release("/".join(name), visitor.person)
    return await _done(request, visitor, rows, name, does, _("De taak ligt weer op de lijst."))


@router.post("/doorgeven")
async def hand_over(
    request: Request,
    visitor: Worker,
    rows: Rows,
    name: Task,
    aan: Annotated[str, Form()] = "",
    waarom: Annotated[HandOverReason, Form()] = HandOverReason.WORKLOAD,
    woord: Annotated[str, Form()] = "",
) -> Response:
    """Give the task to a colleague, with a reason and a word."""
    note = " ".join(woord.split())[:LONGEST_NOTE] or None
    starter = house_of(request).starter
    does = starter.reassign("/".join(name), visitor.person, aan, reason=waarom, note=note)
    return await _done(request, visitor, rows, name, does, _("De taak is doorgegeven."))


@router.post("/rusten")
async def snooze(request: Request, visitor: Worker, rows: Rows, name: Task, tot: Annotated[date, Form()]) -> Response:
    """Put the task out of sight until a day."""
    does = house_of(request).starter.snooze("/".join(name), visitor.person, tot)
    return await _done(request, visitor, rows, name, does, _("De taak rust tot die dag; u ziet ze dan weer."))


@router.post("/wekken")
async def wake(request: Request, visitor: Worker, rows: Rows, name: Task) -> Response:
    """See the task again now."""
    does = house_of(request).starter.wake("/".join(name), visitor.person)
    return await _done(request, visitor, rows, name, does, _("U ziet de taak weer in uw lijst."))


@router.post("/opvolgen")
async def follow_up(
    request: Request, visitor: Worker, rows: Rows, name: Task, op: Annotated[date | None, Form()] = None
) -> Response:
    """Note the day on which to look again; none takes it away."""
    does = house_of(request).starter.follow_up("/".join(name), visitor.person, op)
    return await _done(request, visitor, rows, name, does, _("De opvolging is bewaard."))


async def _done(
    request: Request, visitor: Visitor, rows: AsyncConnection, name: Name, does: Awaitable[None], said: str
) -> Response:
    """To the task again, with what was done, or with why not."""
    try:
        await does
    except Refusal as refusal:
        found, task = await found_task(rows, *name)
        typed = Typed(outcome=task.advice or "")
        return await form(request, visitor, rows, found, task, typed, problem=refusal)
    query = f"?{request.url.query}" if request.url.query else ""
    return go(f"/taak/{'/'.join(name)}{query}", Flash(text=tongue(language_of(request, visitor))(said)))

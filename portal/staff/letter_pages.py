"""The page that goes with a mail: before the answer is given, made by the same hand; and as it left."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncConnection

import policies
from activities.grants import Grants
from letters.asking import QUESTION, case_of
from letters.composing import LETTERS, compose
from letters.render import pdf
from letters.values import Decision
from models.messages.facts import TrainingFacts
from models.messages.receipts import Reference
from models.messages.words import Fund, Instrument, Party
from portal.access.rights import Staff
from portal.access.rows import Rows
from portal.house import House, house_of
from portal.letters import kept, served
from portal.staff.conditions import chosen, offered
from portal.staff.decision import Typed, answer_of, found_task
from portal.staff.letters import planned
from reading import stated
from reading.dossiers import Standing
from schemes.calendar import local_date
from schemes.intake import eligible_amount

router = APIRouter()
LEVELS = {"approval": "approver", "board_employers": "board", "board_unions": "board"}
"""At which level an answer to a step decides; every other one by the handler."""
DRAFT = "voorbeeld"


@router.get("/taak/{number}/{step}/{occurrence}/brief")
async def draft(
    request: Request,
    _visitor: Staff,
    rows: Rows,
    number: str,
    step: str,
    occurrence: str,
    uitkomst: str = "",
    reden: Annotated[list[str] | None, Query()] = None,
    bedrag: str = "",
    voorwaarde: Annotated[list[str] | None, Query()] = None,
) -> Response:
    """The page that this answer would send. Looking decides nothing.

    Raises:
        HTTPException: 404 for an answer that sends no page.
        Refusal: the amount cannot be read, or the letter may not leave as it stands.
    """
    found, task = await found_task(rows, number, step, occurrence)
    standing, today = found.timeline.dossier, local_date(datetime.now(UTC) + found.ahead)
    answer = answer_of(task, Typed(uitkomst, tuple(reden or ()), bedrag.strip()))
    told = planned(task, answer, standing, today) if uitkomst in task.outcomes else None
    if told is None or told.template not in LETTERS:
        raise HTTPException(404)
    row = (await rows.exec_driver_sql(QUESTION, (number, Party.APPLICANT.value, ""))).mappings().one()
    named = offered(found, task).named | set(chosen(found, task, uitkomst, tuple(voorwaarde or ())))
    conditions = tuple(sorted(named)) if told.template != "decision_refused" else ()
    decision = Decision(LEVELS.get(step, "handler"), await _steps(house_of(request), rows, standing), conditions)
    case = case_of(dict(row), told.template, DRAFT, Party.APPLICANT, today, told.values, decision=decision)
    page = await asyncio.to_thread(lambda: pdf(compose(case)))
    return served(request, page.content, f"{number}-{DRAFT}")


@router.get("/dossier/{number}/brief/{name:path}")
async def letter(request: Request, _visitor: Staff, rows: Rows, number: str, name: str) -> Response:
    """A letter of the dossier, as it left."""
    return await kept(request, rows, number, name)


async def _steps(house: House, rows: AsyncConnection, standing: Standing) -> tuple[str, ...]:
    """The sum by the rules, with what is stated now; nothing where the money follows invoices."""
    facts = await stated.facts(rows, standing.number)
    instrument = Instrument(standing.instrument)
    if facts is None or instrument in (Instrument.OUTPLACEMENT, Instrument.TRAJECTORY):
        return ()
    policy = policies.of_version(Fund(standing.fund), instrument, standing.policy)
    used = await Grants(house.engine).used(Reference(number=standing.number))
    ahead = isinstance(facts, TrainingFacts) and facts.filed == "before"
    found = eligible_amount(facts, policy, used, "planned" if ahead else "attended")
    return tuple(f"{step.rule}: {step.amount}" for step in found.steps)

"""Trajectories as an agency keeps them: each of its own participants with hours per phase and what became of them."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from models.messages.words import Kind, Party
from models.tables import DossierRow, EventRow, FollowUpRow, Participant, RequestRow


class Hours(NamedTuple):
    """Hours that were told of one phase of the guidance."""

    phase: str
    hours: Decimal


class Guided(NamedTuple):
    """One participant of an agency. `asked`: code and last day of what is asked of the agency now."""

    number: str
    name: str
    phase: str
    closed: str | None
    hours: tuple[Hours, ...]
    outcome: str | None
    asked: tuple[tuple[str, str, date], ...]


async def guided(connection: AsyncConnection, *, number: str | None = None, limit: int = 500) -> tuple[Guided, ...]:
    """The participants of the agency that asks, open ones first; the connection shows no others."""
    query = select(DossierRow).where(
        col(DossierRow.kind) == Kind.TRAJECTORY.value, col(DossierRow.number).in_(select(func.own_dossiers()))
    )
    if number is not None:
        query = query.where(col(DossierRow.number) == number)
    order = (col(DossierRow.closed_at).desc().nulls_first(), col(DossierRow.number))
    found = (await connection.execute(query.order_by(*order).limit(limit))).all()
    numbers = [row.number for row in found]
    names = await _names(connection, numbers)
    events = await _events(connection, numbers)
    outcomes = await _outcomes(connection, numbers)
    asked = await _asked(connection, numbers)
    return tuple(
        Guided(
            number=row.number,
            name=names.get(row.number, ""),
            phase=row.phase,
            closed=row.outcome,
            hours=hours_of([event for event in events if event.dossier == row.number]),
            outcome=outcomes.get(row.number),
            asked=tuple((one.request, one.code, one.until) for one in asked if one.dossier == row.number),
        )
        for row in found
    )


def hours_of(events: list[Any]) -> tuple[Hours, ...]:
    """The last number of hours that was told in each phase, in the order of the phases."""
    phase, told = "", dict[str, Decimal]()
    for event in events:
        if event.type == "phase_entered":
            phase = event.data["phase"]
        elif event.data.get("code") == "hours":
            try:
                told[phase] = Decimal(event.data.get("values", {}).get("hours", ""))
            except InvalidOperation:
                continue
    return tuple(Hours(*one) for one in told.items())


async def _names(connection: AsyncConnection, numbers: list[str]) -> dict[str, str]:
    query = select(Participant).where(col(Participant.dossier).in_(numbers))
    return {row.dossier: f"{row.first_name} {row.last_name}" for row in await connection.execute(query)}


async def _events(connection: AsyncConnection, numbers: list[str]) -> list[Any]:
    told = ("phase_entered", "request_answered", "answer_kept")
    query = select(col(EventRow.dossier), col(EventRow.type), col(EventRow.data)).where(
        col(EventRow.dossier).in_(numbers), col(EventRow.type).in_(told)
    )
    return list(await connection.execute(query.order_by(col(EventRow.dossier), col(EventRow.sequence))))


async def _outcomes(connection: AsyncConnection, numbers: list[str]) -> dict[str, str]:
    query = select(FollowUpRow).where(col(FollowUpRow.dossier).in_(numbers)).order_by(col(FollowUpRow.at))
    return {row.dossier: row.outcome for row in await connection.execute(query)}


async def _asked(connection: AsyncConnection, numbers: list[str]) -> list[Any]:
    query = select(RequestRow).where(
        col(RequestRow.dossier).in_(numbers),
        col(RequestRow.party) == Party.AGENCY.value,
        col(RequestRow.state) == "open",
    )
    return list(await connection.execute(query.order_by(col(RequestRow.until))))

"""Trajectories as the journal would hold them: who was guided since when, was asked what, and what was told of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import asyncpg
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.dossiers import Dossiers
from database import lean_pool, transaction
from models.messages import events as e
from models.messages.words import FollowUpOutcome, Fund, Instrument, Kind, Outcome, Party, Role, UnknownReason
from models.tables import Employer, Receipt
from schemes.calendar import BRUSSELS

Dated = tuple[date, e.AnyEvent]


@dataclass
class Life:
    """One person: unless said otherwise a man of forty of a bankrupt company, in guidance since 15 January 2024."""

    serial: int
    story: Sequence[Dated] = ()
    started_on: date | None = date(2024, 1, 15)
    age: int = 40
    regime: str = "faillissement"
    agency: str = "RiseSmart"
    enterprise: str = "0000.000.123"
    parent: str = "ANT-2024-O-000001"
    fund: Fund = Fund.ANTWERPEN
    rehearsed: bool = False
    sent: bool = True
    """Whether the mails that were planned arrived."""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def number(self) -> str:
        return f"{self.fund.value}-2024-W-{self.serial:06d}"

    @property
    def opened_on(self) -> date:
        return (self.started_on or date(2024, 1, 15)) - timedelta(days=10)


def reported(day: date, fact: str, on: date | None = None, **values: str) -> Dated:
    return day, e.Reported(fact=fact, on=on or day, values=values)


def asks(life: int, day: date, moment: str, *, of: Party = Party.PARTICIPANT, mail: bool = True) -> list[Dated]:
    """A question about a moment, with the message that carries it."""
    number, code = f"ANT-2024-W-{life:06d}", "follow_up" if of is Party.PARTICIPANT else "agency_outcome"
    name = f"{number}/{code}/{moment}"
    question = e.RequestOpened(
        request=name,
        code=code,
        party=of,
        wants=("outcome",),
        until=day + timedelta(days=14),
        derivation="14 dagen",
        silence="asks_agency",
        stops_clock=False,
    )
    planned = e.MailPlanned(
        effect=f"{number}/mail/trajectory_follow_up/{moment}/{of}",
        template="trajectory_follow_up",
        occasion=name,
        party=of,
    )
    return [(day, question), *([(day, planned)] if mail else [])]


def calls(life: int, day: date, moment: str) -> Dated:
    """A telephone call that staff has to make."""
    return day, e.TaskOpened(
        task=f"ANT-2024-W-{life:06d}/phone/{moment}",
        fund=Fund.ANTWERPEN,
        kind=Kind.TRAJECTORY,
        step="phone",
        role=Role.HANDLER,
        due=day + timedelta(days=5),
        derivation="5 werkdagen",
        priority=3,
        outcomes=("werkzoekend",),
        silence="escalates:team_lead",
    )


def told(
    day: date,
    moment: str,
    outcome: FollowUpOutcome = FollowUpOutcome.UNKNOWN,
    reason: UnknownReason | None = None,
    by: Party | None = None,
    since: date | None = None,
) -> Dated:
    return day, e.FollowedUp(moment=moment, outcome=outcome, reason=reason, told_by=by, since=since)


def closes(day: date, outcome: Outcome = Outcome.COMPLETED, reason: str = "followed") -> Dated:
    return day, e.Closed(outcome=outcome, reason=reason)


def at(day: date) -> datetime:
    """Ten in the morning in Brussels."""
    return datetime.combine(day, time(10), BRUSSELS)


async def live(engine: AsyncEngine, url: str, *lives: Life) -> None:
    """Have these lives stand in the tables, by the record itself."""
    async with transaction(engine) as connection:
        await connection.execute(insert(Receipt), [_receipt(life) for life in lives])
    async with await lean_pool(url, size=2) as pool:
        for life in lives:
            await _lived(pool, life)
    arrived = (
        "UPDATE effect SET state = 'sent', left_at = dated + time '10:00', ended_at = now() WHERE dossier = ANY (:n)"
    )
    async with transaction(engine) as connection:
        await connection.execute(text(arrived), {"n": [life.number for life in lives if life.sent]})


async def named(engine: AsyncEngine, **employers: str) -> None:
    """Give enterprises a name: `named(engine, e123="Staal nv")` names 0000.000.123."""
    rows = [
        {
            "establishment_number": f"2.{key[1:]}",
            "enterprise_number": f"0000.000.{key[1:]}",
            "fund": "ANT",
            "name": name,
            "postcode": "2000",
            "municipality": "Antwerpen",
            "headcount_on": date(2023, 9, 30),
        }
        for key, name in employers.items()
    ]
    async with transaction(engine) as connection:
        await connection.execute(insert(Employer), rows)


async def _lived(pool: asyncpg.Pool, life: Life) -> None:
    facts: Iterable[Dated] = [
        (
            life.opened_on,
            e.DossierOpened(
                kind=Kind.TRAJECTORY,
                instrument=Instrument.TRAJECTORY,
                fund=life.fund,
                policy="2024-01-01",
                received_at=at(life.opened_on),
                rehearsed=life.rehearsed,
                parent=life.parent,
            ),
        ),
        (life.opened_on, e.RegimeChosen(regime=life.regime, rule="bankruptcy", source="P50")),
        *([reported(life.started_on, "guidance_started")] if life.started_on else []),
        *life.story,
    ]
    await _recorded(pool, life.number, facts)


async def tell(url: str, number: str, *facts: Dated) -> None:
    """Have the dossier of an employer stand there, with what was told of it."""
    opened = e.DossierOpened(
        kind=Kind.OUTPLACEMENT,
        instrument=Instrument.OUTPLACEMENT,
        fund=Fund.ANTWERPEN,
        policy="2024-01-01",
        received_at=at(date(2024, 1, 2)),
        rehearsed=False,
    )
    async with await lean_pool(url, size=1) as pool:
        await _recorded(pool, number, [(date(2024, 1, 2), opened), *facts])


async def _recorded(pool: asyncpg.Pool, number: str, facts: Iterable[Dated]) -> None:
    events = tuple(
        e.Event(sequence=place, at=at(day), by="system", fact=fact) for place, (day, fact) in enumerate(facts, start=1)
    )
    await Dossiers(pool).record(e.Step(dossier=number, events=events, head="0" * 64))


def _receipt(life: Life) -> dict[str, Any]:
    facts = {"instrument": "trajectory", "age_on_dismissal": life.age, "agency": life.agency, "status": "worker"}
    return {
        "number": life.number,
        "idempotency_key": life.number,
        "fund": life.fund.value,
        "kind": "trajectory",
        "instrument": "trajectory",
        "received_at": at(life.opened_on),
        "opens_at": at(life.opened_on),
        "started_at": at(life.opened_on),
        "facts": facts | life.facts,
        "typed": {"Voornaam": "Jozefien", "Naam": "Van den Geheime"},
        "enterprise_number": life.enterprise,
        "parent": life.parent,
        "rehearsed": life.rehearsed,
    }

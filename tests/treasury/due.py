"""Dossiers with money due, as `record` would leave them in the tables, and who is of finance."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from schwifty import IBAN
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from database import transaction
from models.messages.commands import Actor
from models.messages.payment_runs import ChangeLine, HoldReason, RunOpening, RunStanding, SignRun
from models.messages.words import Fund, Instrument, Party, Role
from models.tables import Contact, DossierRow, Employer, PaymentRow, Receipt, TaskRow
from treasury import collecting, runs, sealing, signing

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
_SERIALS = itertools.count(1)


def account(serial: int) -> str:
    """A Belgian account that passes every check."""
    return str(IBAN.generate("BE", bank_code="539", account_code=f"{serial % 10_000_000:07d}"))


def finance(person: str = "ANT-finance-1", fund: Fund = Fund.ANTWERPEN, **more: Any) -> Actor:
    """Somebody of finance."""
    return Actor(person=person, party=Party.STAFF, fund=fund, roles=frozenset({Role.FINANCE}), **more)


FIRST, SECOND = finance("ANT-finance-1"), finance("ANT-finance-2")


@dataclass
class Payment:
    """One payment of a dossier of its own, as it is due; what is said otherwise makes it the case at hand."""

    amount: Decimal = Decimal("500.00")
    serial: int = field(default_factory=lambda: next(_SERIALS))
    fund: Fund = Fund.ANTWERPEN
    rehearsed: bool = False
    instrument: Instrument = Instrument.FORMAL_TRAINING
    account_of: Party = Party.APPLICANT
    iban: str | None = "known"
    """`known` stands with the employer too, `new` does not."""
    granted: Decimal | None = None
    paid: Decimal = Decimal(0)
    outcome: str | None = None
    excluded: tuple[str, ...] = ()
    name: str = "Elke Barmdael"
    attempt: int = 1

    @property
    def number(self) -> str:
        return f"{self.fund}-2026-S-{self.serial:06d}"

    @property
    def key(self) -> str:
        return f"{self.number}/payment/1/{self.attempt}"

    @property
    def line(self) -> str:
        return f"{self.number}-1-{self.attempt}"

    @property
    def stated(self) -> str | None:
        return {"known": account(self.serial), "new": account(self.serial + 5_000_000)}.get(self.iban or "", self.iban)


async def due(engine: AsyncEngine, *payments: Payment) -> None:
    """Have these payments stand in the tables."""
    rows = {
        Receipt: [_receipt(one) for one in payments],
        DossierRow: [_dossier(one) for one in payments],
        Employer: [_employer(one) for one in payments],
        Contact: [_contact(one) for one in payments],
        PaymentRow: [instructed(one) for one in payments],
        TaskRow: [_task(one) for one in payments],
    }
    async with transaction(engine) as connection:
        for table, values in rows.items():
            await connection.execute(insert(table), values)


def instructed(one: Payment) -> dict[str, Any]:
    """The row of a payment that nobody answered for."""
    row = {
        "payment": one.key,
        "dossier": one.number,
        "instalment": 1,
        "amount": one.amount,
        "account_of": one.account_of,
    }
    return row | {"state": "instructed", "instructed_at": NOW}


def _receipt(one: Payment) -> dict[str, Any]:
    row = {"number": one.number, "idempotency_key": one.number, "fund": one.fund, "kind": "subsidy", "facts": {}}
    more = {"instrument": one.instrument, "received_at": NOW, "typed": {}, "rehearsed": one.rehearsed, "opens_at": NOW}
    return row | more | {"enterprise_number": _enterprise(one), "started_at": NOW}


def _dossier(one: Payment) -> dict[str, Any]:
    row = {"number": one.number, "fund": one.fund, "kind": "subsidy", "instrument": one.instrument}
    money = {"granted": one.amount if one.granted is None else one.granted, "paid": one.paid}
    told = {"policy": "2023-01-01", "rehearsed": one.rehearsed, "outcome": one.outcome, "phase": "payment"}
    return (
        row | money | told | {"received_at": NOW, "updated_at": NOW, "recovered": Decimal(0), "sequence": 1, "head": ""}
    )


def _employer(one: Payment) -> dict[str, Any]:
    row = {
        "establishment_number": f"2{one.serial:09d}{one.fund}",
        "enterprise_number": _enterprise(one),
        "fund": one.fund,
    }
    place = {"name": f"Draaierij {one.serial}", "postcode": "2000", "municipality": "Antwerpen"}
    return (
        row
        | place
        | {
            "headcount_on": date(2025, 9, 30),
            "language": "nl",
            "iban": account(one.serial),
            "workers": 1,
            "employees": 1,
        }
    )


def _contact(one: Payment) -> dict[str, Any]:
    return {"dossier": one.number, "party": one.account_of, "name": one.name, "language": "nl", "iban": one.stated}


def _task(one: Payment) -> dict[str, Any]:
    row = {
        "task": f"{one.number}/payment/1",
        "dossier": one.number,
        "fund": one.fund,
        "kind": "subsidy",
        "step": "payment",
    }
    asked = {
        "role": "finance",
        "due": date(2026, 3, 31),
        "derivation": "",
        "priority": 2,
        "outcomes": ["confirmed", "returned"],
    }
    state = {"excluded": list(one.excluded), "silence": "", "state": "open", "opened_at": NOW, "reasons": []}
    return row | asked | state | {"reminders": 0, "escalations": 0, "amount": one.amount}


def _enterprise(one: Payment) -> str:
    return f"{one.fund}0{one.serial:09d}"


async def rows(engine: AsyncEngine, query: str, **values: Any) -> list[Any]:
    """What stands in the database."""
    async with transaction(engine) as connection:
        return [tuple(row) for row in await connection.execute(text(query), values)]


async def value(engine: AsyncEngine, query: str, **values: Any) -> Any:
    """The one thing a question asks."""
    return (await rows(engine, query, **values))[0][0]


async def execute(engine: AsyncEngine, statement: str, **values: Any) -> None:
    """Something happens to the rows."""
    async with transaction(engine) as connection:
        await connection.execute(text(statement), values)


async def lines(engine: AsyncEngine, run: str) -> dict[str, tuple[str, str | None]]:
    """State and reason of each line of a run."""
    query = "SELECT line, state, reason FROM payment_line WHERE run = :run ORDER BY line"
    return {line: (state, reason) for line, state, reason in await rows(engine, query, run=run)}


@dataclass
class Till:
    """What finance does with one run, without the workflow that orders it."""

    engine: AsyncEngine
    run: str = "ANT-2026-B-0001"
    fund: Fund = Fund.ANTWERPEN

    async def collect(self, *, rehearsed: bool = False, by: Actor = FIRST, on: date | None = None) -> RunStanding:
        opening = RunOpening(run=self.run, fund=self.fund, rehearsed=rehearsed, by=by, on=on)
        return await collecting.collect(self.engine, opening)

    async def sign(self, *persons: Actor) -> RunStanding:
        for person in persons:
            stands = await signing.sign(self.engine, SignRun(run=self.run, by=person))
        return stands

    async def change(self, line: str, change: Any, reason: HoldReason | None = HoldReason.DISPUTE) -> RunStanding:
        command = ChangeLine(run=self.run, line=line, change=change, by=FIRST, reason=reason)
        return await runs.change_line(self.engine, command)

    async def seal(self) -> RunStanding:
        return await sealing.seal(self.engine, self.run)

    async def sealed(self) -> RunStanding:
        """From what is due to the file, as it goes when nobody objects."""
        await self.collect()
        await self.sign(FIRST, SECOND)
        return await self.seal()


def amounts(payments: Sequence[Payment]) -> Decimal:
    """Their sum."""
    return sum((one.amount for one in payments), Decimal(0))

"""Envelopes of the rehearsed house, opened and raised by two people, and what the ledger holds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import insert

from budgets.acts import Budgets, Sort
from database import transaction
from models.messages.commands import Actor
from models.messages.words import Fund, Party, Role
from models.tables import Employer, HeadcountRow

COURSES = "ANT/2024/formal_training/111/rehearsal"
PROPOSES = Actor(person="ANT-finance-1", party=Party.STAFF, fund=Fund.ANTWERPEN, roles=frozenset({Role.FINANCE}))
DECIDES = Actor(person="ANT-approver-1", party=Party.STAFF, fund=Fund.ANTWERPEN, roles=frozenset({Role.APPROVER}))


async def act(house: Any, sort: Sort, amount: int, envelope: str = COURSES) -> None:
    """Finance proposes, an approver decides."""
    budgets = Budgets(house.engine)
    number = await budgets.propose(envelope, sort, PROPOSES, amount=Decimal(amount), reason="raad van bestuur")
    await budgets.approve(number, DECIDES)


async def envelope(house: Any, name: str = COURSES) -> tuple[Any, ...]:
    """Reserved, committed and paid."""
    (row,) = await house.rows("select reserved, committed, paid from envelope where envelope = :name", name=name)
    return row["reserved"], row["committed"], row["paid"]


async def employer(house: Any, workers: int, employees: int, day: date, number: str = "0000236263") -> None:
    """An employer of Antwerpen with so many people on a day."""
    row = {
        "establishment_number": "2000000000",
        "enterprise_number": number,
        "fund": Fund.ANTWERPEN,
        "name": "Snuvotron",
        "postcode": "2000",
        "municipality": "Antwerpen",
        "headcount_on": day,
        "language": "nl",
    }
    heads = {"establishment_number": "2000000000", "counted_on": day, "workers": workers, "employees": employees}
    async with transaction(house.engine) as connection:
        await connection.execute(insert(Employer), row)
        await connection.execute(insert(HeadcountRow), heads)

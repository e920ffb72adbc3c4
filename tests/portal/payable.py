"""Payments that are due in a house with a worker, and the runs that take them to the bank."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

from database import transaction
from tests.patience import patient
from tests.portal.living import Living
from tests.treasury.due import Payment, due

RUNS = "/geld/betalingen"


@dataclass
class Bank:
    """What is due in this house, and what the bank gets of it."""

    living: Living
    payments: list[Payment] = field(default_factory=list)

    async def owes(self, *payments: Payment) -> None:
        """These are due."""
        self.payments += payments
        await due(self.living.house.engine, *payments)

    async def collected(self, *payments: Payment) -> str:
        """A draft run of these, as finance puts it together."""
        await self.owes(*payments)
        starter = self.living.house.starter
        fund, rehearsed = payments[0].fund, payments[0].rehearsed
        return (await starter.collect_payments(fund, f"{fund}-finance-1", rehearsed=rehearsed)).run

    async def handed_over(self, *payments: Payment) -> str:
        """A run that two people signed and that the bank has."""
        run = await self.collected(*payments)
        for serial in (1, 2):
            await self.living.house.starter.sign_run(run, f"{payments[0].fund}-finance-{serial}")
        await self.becomes(run, "handed_over")
        return run

    async def becomes(self, run: str, state: str) -> None:
        """Wait until a run is in this state."""
        async with patient():
            query = "SELECT state FROM payment_run WHERE run = :run"
            while await self.living.rows(query, run=run) != [(state,)]:
                await asyncio.sleep(0.05)

    async def says(self, statement: str, **values: Any) -> None:
        """What the bank said, as the rows stand after it."""
        async with transaction(self.living.house.engine) as connection:
            await connection.execute(text(statement), values)

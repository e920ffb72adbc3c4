"""The house at work: what a page sends becomes a dossier, tasks come up, mails leave, and the clock may be moved."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, text

import receipts
from commands.example import EXAMPLE
from database import transaction
from embedded import EmbeddedMail
from models.messages.commands import Actor
from models.messages.words import Fund, Party
from models.tables import NumberSeries
from portal.house import House
from receipts import LETTERS
from rehearsal.cast import hands
from schemes.calendar import end_of_day
from tests.patience import patient

ENTERPRISE = "0417497106"
YEARS = range(2024, 2040)
SERIES = itertools.count(1)
Found = Sequence[tuple[Any, ...]]


def application(enterprise: str = ENTERPRISE, *, rehearsed: bool = True, **facts: Any) -> receipts.Application:
    """The example of a training, of this enterprise; rehearsed, so that its clock may be moved."""
    own = {"idempotency_key": uuid.uuid4().hex, "enterprise_number": enterprise, "rehearsed": rehearsed}
    return receipts.Application.model_validate(EXAMPLE | own | {"facts": EXAMPLE["facts"] | facts})


@dataclass
class Living:
    """A house with a worker in it. Commands go through `house.starter`; `rows` looks into the database."""

    house: House
    mailbox: EmbeddedMail

    async def receive(self, sent: receipts.Application | None = None, **facts: Any) -> str:
        """Receive an application and wait until its dossier waits for somebody; gives its number."""
        number = (await self.house.starter.receive(sent or application(**facts))).number
        await self.settled(number)
        return number

    async def rows(self, query: str, **values: Any) -> Found:
        """What stands in the database."""
        async with transaction(self.house.engine) as connection:
            return [tuple(row) for row in await connection.execute(text(query), values)]

    async def eventually(self, query: str, **values: Any) -> Any:
        """The first column of the first row, as soon as there is one."""
        async with patient():
            while not (found := await self.rows(query, **values)):
                await asyncio.sleep(0.05)
        return found[0][0]

    async def settled(self, number: str) -> None:
        """Wait until a dossier waits for somebody, or is closed."""
        query = "SELECT 1 FROM dossier WHERE number = :number AND (waiting_on IS NOT NULL OR outcome IS NOT NULL)"
        await self.eventually(query, number=number)

    async def task(self, number: str, step: str) -> str:
        """The open task of this step, as soon as there is one."""
        query = "SELECT task FROM task WHERE dossier = :number AND state = 'open' AND step = :step"
        return str(await self.eventually(query, number=number, step=step))

    async def decide(self, number: str, step: str, outcome: str, **told: Any) -> None:
        """Somebody who may do so finishes the open task of this step."""
        task = await self.task(number, step)
        ((fund, role, excluded),) = await self.rows(
            "SELECT fund, role, excluded FROM task WHERE task = :task", task=task
        )
        await self.house.starter.complete(task, hands(fund, role, excluded, 0, task), outcome, **told)

    async def request(self, number: str, code: str) -> tuple[str, date]:
        """The open request of this code and its last day, as soon as there is one."""
        open_one = "FROM request WHERE dossier = :number AND state = 'open' AND code = :code"
        name = await self.eventually(f"SELECT request {open_one}", number=number, code=code)
        return str(name), await self.eventually(f"SELECT until {open_one}", number=number, code=code)

    async def comes(self, number: str, day: date) -> None:
        """Move the clock of a rehearsed dossier past the end of a day."""
        await self.house.starter.move_clock(number, end_of_day(day))
        await self.settled(number)


async def own_numbers(house: House) -> None:
    """Numbers that no other test uses: Temporal is shared by all."""
    last = 700_000 + next(SERIES) * 100
    letters = (*LETTERS.values(), "B")
    series = [f"{fund}-{year}-{letter}" for fund in Fund for year in YEARS for letter in letters]
    async with transaction(house.engine) as connection:
        await connection.execute(insert(NumberSeries), [{"series": one, "last": last} for one in series])


def party(which: Party = Party.APPLICANT) -> Actor:
    """Somebody outside, for a command."""
    return Actor(person=which.value, party=which)

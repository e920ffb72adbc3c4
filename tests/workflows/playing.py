"""Playing the people around one rehearsed dossier: they see what stands in the database and act through the starter."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

import receipts
from database import transaction
from models.messages.commands import Accepted, Actor, AnswerRequest, ReportFact
from models.messages.facts import Facts
from models.messages.words import Document, Fund, Party
from tests.patience import patient

BRUSSELS = ZoneInfo("Europe/Brussels")
BUSY = """
    SELECT state, wait_event_type, wait_event, pg_blocking_pids(pid), now() - state_change AS since, left(query, 120)
    FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()
"""


def at_nine(day: date) -> datetime:
    """Nine in the morning in Brussels."""
    return datetime.combine(day, time(9), BRUSSELS)


def outside(party: Party) -> Actor:
    """Somebody of a party outside."""
    return Actor(person=f"{party}-1", party=party)


class Play:
    """One dossier, its people, and what they see."""

    def __init__(self, house: Any, number: str) -> None:
        self.house = house
        self.number = number

    @classmethod
    async def begin(cls, house: Any, facts: Facts, *, opens: date, rehearsed: bool = True, starter: Any = None) -> Play:
        """Receive an application on a day and start its dossier."""
        application = receipts.Application(
            idempotency_key=uuid.uuid4().hex,
            fund=Fund.ANTWERPEN,
            facts=facts,
            enterprise_number=f"0{random.randrange(10**9):09d}",
            received_at=datetime.now(BRUSSELS),
            opens_at=at_nine(opens) if rehearsed else None,
            rehearsed=rehearsed,
            parties=(
                receipts.PartyDetails(party=Party.APPLICANT, name="Moldermeul", email="hr@moldermeul.example"),
                receipts.PartyDetails(party=Party.EXPERT, name="Bureau Overstap", email="expert@overstap.example"),
            ),
        )
        given = await (starter or house.starter).receive(application)
        assert given.started
        return cls(house, given.number)

    # What they see

    async def rows(self, query: str, **values: Any) -> list[dict[str, Any]]:
        """Rows of this dossier; `:number` stands for it."""
        async with transaction(self.house.engine) as connection:
            found = await connection.execute(text(query), {"number": self.number, **values})
            return [dict(row) for row in found.mappings()]

    async def dossier(self) -> dict[str, Any]:
        """The dossier as pages show it."""
        found = await self.rows("select * from dossier where number = :number")
        return found[0] if found else {}

    @asynccontextmanager
    async def awaiting(self, what: str) -> AsyncIterator[None]:
        """A block in which this has to come; otherwise tell how the dossier stands and what its database does."""
        try:
            async with patient():
                yield
        except TimeoutError:
            raise AssertionError(f"no {what}: {await self.dossier()}, {await self.rows(BUSY)}") from None

    async def sees(self, what: str, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Wait until the dossier looks so."""
        async with self.awaiting(what):
            while not ((row := await self.dossier()) and condition(row)):
                await asyncio.sleep(0.03)
        return row

    async def awaits(self, on: str, what: str) -> dict[str, Any]:
        """Wait until the dossier waits on somebody for something."""
        return await self.sees(f"{on}: {what}", lambda row: (row["waiting_on"], row["waiting_for"]) == (on, what))

    async def ends(self) -> tuple[str, str]:
        """Wait until it is closed; how, and why."""
        row = await self.sees("closed", lambda row: row["outcome"] is not None)
        return row["outcome"], row["reason"]

    async def mails(self, template: str) -> list[str]:
        """To whom this mail was planned, in order of its key."""
        found = await self.rows(
            "select data from event where dossier = :number and type = 'mail_planned' order by sequence"
        )
        return [str(row["data"]["party"]) for row in found if row["data"]["template"] == template]

    async def payments(self) -> list[Decimal]:
        """What was paid, part by part."""
        found = await self.rows(
            "select amount from payment where dossier = :number and state = 'confirmed' order by instalment"
        )
        return [row["amount"] for row in found]

    async def planned(self) -> list[Decimal]:
        """The parts as they are planned now."""
        found = await self.rows("select amount from instalment where dossier = :number order by instalment")
        return [row["amount"] for row in found]

    async def recoveries(self) -> list[tuple[Decimal, str, str]]:
        """What is claimed back, why, and how that stands."""
        found = await self.rows(
            "select amount, reason, state from recovery where dossier = :number order by ordered_at"
        )
        return [(row["amount"], row["reason"], row["state"]) for row in found]

    async def recovery(self, number: int = 1) -> dict[str, Any]:
        """One claim as it stands."""
        found = await self.rows("select * from recovery where recovery = :key", key=f"{self.number}/recovery/{number}")
        return found[0] if found else {}

    async def claims(self, state: str, number: int = 1) -> dict[str, Any]:
        """Wait until a claim stands so."""
        async with self.awaiting(f"claim {number} {state}"):
            while (row := await self.recovery(number)).get("state") != state:
                await asyncio.sleep(0.03)
        return row

    # What they do

    async def task(self, step: str) -> str:
        """Wait for the open task of a step."""
        query = "select task from task where dossier = :number and step = :step and state = 'open'"
        async with self.awaiting(f"task {step}"):
            while not (found := await self.rows(query, step=step)):
                await asyncio.sleep(0.03)
        return str(found[0]["task"])

    async def does(
        self, step: str, person: str, outcome: str, *, reasons: tuple[str, ...] = (), amount: Decimal | None = None
    ) -> Accepted:
        """A member of staff takes a step."""
        task = await self.task(step)
        accepted: Accepted = await self.house.starter.complete(task, person, outcome, reasons=reasons, amount=amount)
        return accepted

    async def says(
        self, code: str, party: Party, *documents: Document, facts: Facts | None = None, **values: str
    ) -> Accepted:
        """A party answers, asked or not."""
        answer = AnswerRequest(
            request=code, by=outside(party), documents=frozenset(documents), facts=facts, values=values
        )
        accepted: Accepted = await self.house.starter.answer(self.number, answer)
        return accepted

    async def wishes(self, on: date, **values: str) -> Accepted:
        """The applicant asks for a change."""
        report = ReportFact(fact="change_requested", on=on, by=outside(Party.APPLICANT), values=values)
        accepted: Accepted = await self.house.starter.report(self.number, report)
        return accepted

    async def claimed(self, person: str = "ANT-approver-2") -> None:
        """A second person agrees that money is claimed back."""
        await self.does("recovery_approval", person, "approve")

    async def pays_back(self, amount: str, reference: str, number: int = 1, on: date = date(2025, 9, 1)) -> Accepted:
        """The bank says that money came back."""
        key = f"{self.number}/recovery/{number}"
        accepted: Accepted = await self.house.starter.recovery_received(key, Decimal(amount), reference, on)
        return accepted

    async def moves(self, *days: date) -> None:
        """The clock goes on, to nine in the morning of each day."""
        for day in days:
            await self.house.starter.move_clock(self.number, at_nine(day))

    async def board_approves(self) -> None:
        """Both benches agree."""
        await self.does("board_employers", "ANT-board-1", "approve")
        await self.does("board_unions", "ANT-board-2", "approve")

    async def reports_halfway(self) -> None:
        """The expert reports, which is accepted and pays the second part."""
        await self.awaits("expert", "interim_report")
        await self.says("interim_report", Party.EXPERT, Document.INTERIM_REPORT)
        await self.does("report_review", "ANT-handler-1", "accept")
        await self.pays()
        await self.awaits("calendar", "execution")

    async def pays(self, times: int = 1) -> None:
        """Finance carries out what is to be paid."""
        for _ in range(times):
            await self.does("payment", "ANT-finance-1", "confirmed")


def euros(amounts: Sequence[str]) -> list[Decimal]:
    """Amounts as the database gives them."""
    return [Decimal(amount) for amount in amounts]

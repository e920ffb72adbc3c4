"""Dismissed people and their employers, played by a script: who answers what, and who keeps silent."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Self

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

import receipts
from activities.trajectories import Trajectories
from database import transaction
from models.messages.commands import AnswerRequest, ReportFact
from models.messages.facts import Facts, TrajectoryFacts
from models.messages.receipts import Reference
from models.messages.words import Document, Fund, Kind, Party, Role
from models.tables import NumberSeries
from tests.patience import patient
from tests.workflows.playing import BRUSSELS, Play, at_nine, outside

DISMISSED_ON = date(2024, 1, 8)
SILENT = None
PEOPLE_LEFT = {"guidance": "guided", "trajectories": "open"}
"""For which of its people an employer's dossier waits, by the name of that in a `Standing`."""
UNDER_WAY = 5.0
"""Seconds that a word of a trajectory may take to its parent on a busy machine."""
PERSONS = {
    Role.INTAKE: "ANT-intake-1",
    Role.HANDLER: "ANT-handler-1",
    Role.TEAM_LEAD: "ANT-lead-1",
    Role.APPROVER: "ANT-approver-2",
    Role.FINANCE: "ANT-finance-1",
}
BENCHES = {"board_employers": "ANT-board-1", "board_unions": "ANT-board-2"}
Script = Mapping[str, Any]
"""What is answered, by the code of a request or the step of a task; a list is used up, but its last one stays."""


def dismissed(**changed: Any) -> TrajectoryFacts:
    """Somebody of 50 with ten years of service and a short indemnity: special regime."""
    facts: dict[str, Any] = {
        "employer_dossier": "",
        "dismissal": "individual",
        "bankrupt": False,
        "announced_on": None,
        "age_on_dismissal": 50,
        "age_on_announcement": None,
        "status": "worker",
        "service_began_on": date(2014, 1, 6),
        "dismissed_on": DISMISSED_ON,
        "notice_began_on": None,
        "contract_ended_on": DISMISSED_ON,
        "notice_weeks": None,
        "indemnity_weeks": Decimal(20),
        "urgent_cause": False,
        "employment_fraction": Decimal(1),
        "gross_yearly_wage": None,
        "four_weeks_withheld": None,
        "agency": "RiseSmart",
    }
    return TrajectoryFacts(**facts | changed)


class Life(Play):
    """One dossier with its own clock, lived by a script."""

    clock: datetime

    @classmethod
    async def live(
        cls, house: Any, facts: Facts, *, parent: str | None = None, opens: date = DISMISSED_ON, **how: Any
    ) -> Self:
        """Receive a notification, or a person of it."""
        rows = [
            {"series": f"{Fund.ANTWERPEN}-{datetime.now(BRUSSELS).year}-{letter}", "last": random.randrange(900_000)}
            for letter in "OJ"
        ]
        async with transaction(house.engine) as connection:
            await connection.execute(insert(NumberSeries).on_conflict_do_nothing(), rows)
        rehearsed = how.get("rehearsed", True)
        given = await (how.get("starter") or house.starter).receive(
            receipts.Application(
                idempotency_key=uuid.uuid4().hex,
                fund=Fund.ANTWERPEN,
                facts=facts,
                parent=parent,
                received_at=datetime.now(BRUSSELS),
                opens_at=at_nine(opens) if rehearsed else None,
                rehearsed=rehearsed,
                parties=tuple(
                    receipts.PartyDetails(party=party, name=f"De {party}", email=f"{party}@voorbeeld.example")
                    for party in (Party.APPLICANT, Party.PARTICIPANT, Party.AGENCY)
                ),
            )
        )
        life = cls(house, given.number)
        life.clock = at_nine(opens)
        return life

    async def tells(self, fact: str, on: date, party: Party = Party.AGENCY, **values: str) -> None:
        """Somebody tells something unasked."""
        report = ReportFact(fact=fact, on=on, by=outside(party), values=values)
        await self.house.starter.report(self.number, report)

    async def follows(self, script: Script, *, until: tuple[str, str] = ("", "")) -> dict[str, Any]:
        """Play until the dossier is closed, or waits on somebody for something: `until`."""
        left = {code: list(said) if isinstance(said, list) else [said] for code, said in script.items()}
        row: dict[str, Any] = {}
        try:
            async with patient():
                while True:
                    row = await self.dossier()
                    if row.get("outcome") or (row.get("waiting_on"), row.get("waiting_for")) == until:
                        return row
                    if not row or not await self._acts(row, left):
                        await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"at {self.clock}: {row}") from None

    async def _acts(self, row: dict[str, Any], left: dict[str, list[Any]]) -> bool:
        if row["waiting_on"] == Party.CALENDAR:
            if await self._hears_of_its_people(row):
                return True
            return await self.comes_to(row["waiting_until"])
        if row["waiting_on"] == Party.STAFF:
            return await self._takes(left)
        open_ones = await self.rows(
            "select request, code, party, until from request where dossier=:number and state='open'"
        )
        for request in open_ones:
            said = _next(left, request["code"])
            if said is SILENT:
                return await self.comes_to(request["until"] + timedelta(days=1))
            documents, values = _papers(said)
            answer = AnswerRequest(
                request=request["request"], by=outside(Party(request["party"])), documents=documents, values=values
            )
            await self.house.starter.answer(self.number, answer)
        return bool(open_ones)

    async def _takes(self, left: dict[str, list[Any]]) -> bool:
        tasks = await self.rows("select task, step, role from task where dossier=:number and state='open'")
        for task in tasks:
            outcome, *reasons = _next(left, task["step"]).split(":")
            person = BENCHES.get(task["step"]) or PERSONS[Role(task["role"])]
            await self.house.starter.complete(task["task"], person, outcome, reasons=tuple(reasons))
        return bool(tasks)

    async def _hears_of_its_people(self, row: dict[str, Any]) -> bool:
        """Whether an employer's dossier goes on by itself: its people are through, and their word is under way.

        A clock that went on meanwhile would pass the days in which the employer may answer.
        """
        left = PEOPLE_LEFT.get(row["waiting_for"])
        if row["kind"] != Kind.OUTPLACEMENT or left is None:
            return False
        standing = await Trajectories(self.house.engine).standing(Reference(number=self.number))
        if getattr(standing, left) > 0:
            return False
        last = asyncio.get_running_loop().time() + UNDER_WAY
        while asyncio.get_running_loop().time() < last:
            if (await self.dossier())["waiting_for"] != row["waiting_for"]:
                return True
            await asyncio.sleep(0.02)
        return False  # it went astray, or people are still to be told of

    async def comes_to(self, day: date) -> bool:
        """The clock goes on to the morning of a day; False when it is that day already."""
        if at_nine(day) <= self.clock:
            return False
        self.clock = at_nine(day)
        await self.moves(day)
        return True

    async def adopts(self, table: str, number: str) -> None:
        """Put a dossier under this one in the books, as if its signals had gone astray."""
        async with transaction(self.house.engine) as connection:
            await connection.execute(
                text(f"update {table} set parent = :parent where number = :number"),
                {"parent": self.number, "number": number},
            )

    async def facts_of(self, kind: str) -> list[dict[str, Any]]:
        """What its events of one type say, in order."""
        query = "select data from event where dossier = :number and type = :kind order by sequence"
        return [row["data"] for row in await self.rows(query, kind=kind)]

    async def followed(self) -> list[tuple[str, str, str | None, str | None]]:
        """What is known at each moment, later words last: moment, outcome, reason, who told it."""
        facts = await self.facts_of("followed_up")
        return [(fact["moment"], fact["outcome"], fact.get("reason"), fact.get("told_by")) for fact in facts]


def _next(left: dict[str, list[Any]], code: str) -> Any:
    said = left[code]
    return said.pop(0) if len(said) > 1 else said[0]


def _papers(said: Mapping[str, str]) -> tuple[frozenset[Document], dict[str, str]]:
    """`papers` in a script are documents, the rest are values."""
    values = dict(said)
    papers = values.pop("papers", "")
    return frozenset(Document(code) for code in papers.split("|") if code), values

"""Applications for a subsidy, as an employer or a person files them, and their people."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import receipts
from models.messages.commands import Accepted
from models.messages.facts import CareerAccountFacts, Facts, ParticipantFacts, TrainingFacts
from models.messages.words import Document, Fund, Instrument, Language, Party
from tests.workflows.playing import BRUSSELS, Play, at_nine, outside

FILED = date(2024, 3, 4)
"""A Monday in winter time; summer time began on 31 March."""
PROOF = frozenset({Document.INVOICE, Document.PROOF_OF_PAYMENT, Document.ATTENDANCE, Document.PROGRAMME})
PLANS = frozenset({Document.QUOTE, Document.PROGRAMME})
HOURS = 16
PER_PERSON = 200
"""Euro for one participant: 16 hours at 12.50 (policies/shared/subsidy.toml)."""


def training(people: int = 2, **changed: Any) -> TrainingFacts:
    """A course of two days that was followed: 400 euro for two people, which nobody has to decide."""
    attended = changed.pop("attended", HOURS)
    facts = {
        "instrument": Instrument.FORMAL_TRAINING,
        "filed_on": FILED,
        "filed": "after",
        "starts_on": date(2024, 2, 5),
        "ends_on": date(2024, 2, 6),
        "hours": Decimal(HOURS),
        "participants": tuple(
            ParticipantFacts(line=line, status="worker", hours_planned=Decimal(HOURS), hours_attended=Decimal(attended))
            for line in range(1, people + 1)
        ),
        "cost": Decimal(10_000),
        "asked": Decimal(PER_PERSON * people),
        "postcode": "2000",
        "municipality": "Antwerpen",
        "joint_committee": "111",
        "documents": PROOF,
        "iban_valid": True,
        "known_on": FILED,
    }
    return TrainingFacts.model_validate(facts | changed)


def planned(people: int = 2, **changed: Any) -> TrainingFacts:
    """The same course, asked for before it began."""
    facts = {
        "filed": "before",
        "starts_on": date(2024, 4, 8),
        "ends_on": date(2024, 4, 12),
        "documents": PLANS,
    }
    return training(people, **(facts | changed))


def career(fee: int, account: str = "account-1", **changed: Any) -> CareerAccountFacts:
    """A person's own course that was followed."""
    facts = {
        "filed_on": FILED,
        "filed_by": "person",
        "status": "worker",
        "employed_since": date(2010, 1, 4),
        "purpose": "training",
        "starts_on": date(2024, 1, 8),
        "ends_on": date(2024, 2, 26),
        "hours": Decimal(40),
        "fee": Decimal(fee),
        "asked": Decimal(fee),
        "documents": frozenset({Document.REGISTRATION_PROOF, Document.PROOF_OF_PAYMENT}),
        "iban_valid": True,
        "account": account,
    }
    return CareerAccountFacts.model_validate(facts | changed)


def application(
    facts: Facts,
    *,
    rehearsed: bool = True,
    opens: date = FILED,
    received: datetime | None = None,
    fingerprint: str | None = None,
    language: Language = Language.DUTCH,
) -> receipts.Application:
    """As it comes in: facts for the rules, and an applicant who can be reached."""
    return receipts.Application(
        idempotency_key=uuid.uuid4().hex,
        fund=Fund.ANTWERPEN,
        facts=facts,
        enterprise_number="0000236263",
        received_at=received or datetime.now(BRUSSELS),
        opens_at=at_nine(opens) if rehearsed else received,
        rehearsed=rehearsed,
        fingerprint=fingerprint,
        parties=(
            receipts.PartyDetails(
                party=Party.APPLICANT,
                name="Snuvotron",
                email=f"{uuid.uuid4().hex}@snuvotron.example",
                language=language,
            ),
        ),
    )


async def apply(house: Any, facts: Facts, *, starter: Any = None, **how: Any) -> Subsidy:
    """File an application and see its dossier start."""
    given = await (starter or house.starter).receive(application(facts, **how))
    assert given.started
    return Subsidy(house, given.number)


class Subsidy(Play):
    """One subsidy and the people around it."""

    async def events(self, *types: str) -> list[dict[str, Any]]:
        """What was recorded, in order; only these types when any are named."""
        rows = await self.rows("select type, at, data from event where dossier = :number order by sequence")
        return [row for row in rows if not types or row["type"] in types]

    async def withdraws(self) -> Accepted:
        """The applicant takes it back."""
        accepted: Accepted = await self.house.starter.withdraw(self.number, outside(Party.APPLICANT))
        return accepted

    async def objects(self, ground: str = "facts_wrong") -> Accepted:
        """The applicant objects to the decision."""
        accepted: Accepted = await self.house.starter.object(self.number, outside(Party.APPLICANT), ground)
        return accepted

    async def asked(self, code: str) -> dict[str, Any]:
        """The last request of this code."""
        found = await self.rows(
            "select * from request where dossier = :number and code = :code order by opened_at desc limit 1", code=code
        )
        return found[0]

    async def due(self, step: str) -> date:
        """Last day of the open task of a step."""
        found = await self.rows("select due from task where task = :task", task=await self.task(step))
        day: date = found[0]["due"]
        return day

    async def approved(self, reviewer: str = "ANT-handler-1", approver: str = "ANT-approver-1") -> None:
        """Reviewed by one, approved by another."""
        await self.does("review", reviewer, "approve")
        await self.does("approval", approver, "approve")

    async def paid_and_asked(self) -> None:
        """Paid, and months later asked what came of it."""
        await self.pays()
        row = await self.awaits("calendar", "follow_up")
        await self.moves(row["waiting_until"])
        await self.awaits("applicant", "survey")

    async def answered_to_the_end(self) -> tuple[str, str]:
        """Paid, asked, and the survey answered."""
        await self.paid_and_asked()
        await self.says("survey", Party.APPLICANT, survey="useful")
        return await self.ends()

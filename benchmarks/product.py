"""The product's own dossier under load: a subsidy from receipt to closing with four human steps."""

import asyncio
import time
import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

import receipts
from database import errand, transaction
from models.messages.commands import Actor, AnswerRequest
from models.messages.dossier import DossierState
from models.messages.facts import ParticipantFacts, TrainingFacts
from models.messages.policies import TrainingPolicy
from models.messages.words import Document, Fund, Instrument, Party, Role
from models.tables import StaffMember
from starter import Starter

STEPS = (
    ("review", "ANT-handler", "approve"),
    ("approval", "ANT-approver", "approve"),
    ("payment", "ANT-finance", "confirmed"),
)
MONEY_STAYS = datetime(2024, 3, 13, 9, tzinfo=UTC)
"""More than five bank days after the payment of the day of receipt: only then a paid dossier closes."""
FIRST_PAUSE, LONGEST_PAUSE = 0.03, 0.24
"""Seconds between two looks."""
STAFF = {"ANT-handler": Role.HANDLER, "ANT-approver": Role.APPROVER, "ANT-finance": Role.FINANCE}


class SurveyAtOnce(Starter):
    """Asks the follow-up question at once, so that a dossier can be timed from receipt to closing."""

    def opening(self, receipt: Any) -> DossierState:
        """The same dossier with a follow-up after no days."""
        state = super().opening(receipt)
        assert isinstance(state.policy, TrainingPolicy)
        state.policy = state.policy.model_copy(update={"follow_up_after": "0 days"})
        return state


async def add_staff(engine: AsyncEngine) -> None:
    """The people who act."""
    rows = [
        {
            "person": person,
            "fund": Fund.ANTWERPEN,
            "name": person,
            "email": f"{person.lower()}@fonds.example",
            "language": "nl",
            "roles": [role],
            "active": True,
        }
        for person, role in STAFF.items()
    ]
    async with transaction(engine) as connection:
        await connection.execute(insert(StaffMember), rows)


def application() -> receipts.Application:
    """A formal training for four people, applied for after the course, with everything in order."""
    facts = TrainingFacts(
        instrument=Instrument.FORMAL_TRAINING,
        filed_on=date(2024, 3, 4),
        filed="after",
        starts_on=date(2024, 2, 1),
        ends_on=date(2024, 2, 2),
        hours=Decimal(16),
        participants=tuple(
            ParticipantFacts(line=line, status="worker", hours_planned=Decimal(16), hours_attended=Decimal(16))
            for line in range(1, 5)
        ),
        cost=Decimal(2000),
        asked=Decimal(800),
        postcode="2000",
        municipality="Antwerpen",
        joint_committee="111",
        documents=frozenset({Document.INVOICE, Document.PROOF_OF_PAYMENT, Document.ATTENDANCE, Document.PROGRAMME}),
        iban_valid=True,
        known_on=date(2024, 3, 4),
    )
    return receipts.Application(
        idempotency_key=uuid.uuid4().hex,
        fund=Fund.ANTWERPEN,
        facts=facts,
        received_at=datetime.now(UTC),
        opens_at=datetime(2024, 3, 4, 9, tzinfo=UTC),
        rehearsed=True,
        parties=(receipts.PartyDetails(party=Party.APPLICANT, name="Els", email="els@bedrijf.example"),),
    )


async def live(client: Client, starter: Starter, engine: AsyncEngine, latencies: list[float]) -> str:
    """Live one dossier; notes the seconds from 'complete' to 'next task visible in PostgreSQL'."""
    number = (await starter.receive(application())).number
    await _visible(engine, f"{number}/review/1")
    for (step, person, outcome), following in zip(STEPS, ("approval", "payment", None), strict=True):
        began = time.perf_counter()
        await starter.complete(f"{number}/{step}/1", person, outcome)
        if following is not None:
            await _visible(engine, f"{number}/{following}/1")
            latencies.append(time.perf_counter() - began)
    by = Actor(person="applicant", party=Party.APPLICANT)
    await starter.answer(number, AnswerRequest(request="survey", by=by, values={"survey": "good"}))
    await starter.move_clock(number, MONEY_STAYS)
    await client.get_workflow_handle(number).result()
    return number


async def _visible(engine: AsyncEngine, task: str) -> None:
    """Look until a task stands: at once, because the answer to a command comes when its step is stored, then less and
    less often, as a page does that nobody looks at."""
    pause = FIRST_PAUSE
    while True:
        async with errand(engine) as connection:
            if await connection.fetchval("SELECT true FROM task WHERE task = $1", task):
                return
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)

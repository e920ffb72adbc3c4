"""A dossier of every sort of row, written by `record` itself, and the ways in which somebody could spoil it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

import database
from activities.dossiers import Dossiers
from models.messages import events as e
from models.messages.words import FollowUpOutcome, Fund, Instrument, Kind, Outcome, Party, Role
from models.tables import Receipt

NUMBER = "ANT-2024-S-000001"
RECEIVED = datetime(2024, 3, 4, 9, tzinfo=UTC)
NOW = datetime(2024, 3, 20, 9, tzinfo=UTC)

Live = Callable[..., Awaitable[str]]
Spoil = Callable[..., Awaitable[None]]


def opened(*, rehearsed: bool = False) -> e.DossierOpened:
    return e.DossierOpened(
        kind=Kind.SUBSIDY,
        instrument=Instrument.FORMAL_TRAINING,
        fund=Fund.ANTWERPEN,
        policy="2024-01",
        received_at=RECEIVED,
        rehearsed=rehearsed,
    )


def task(number: str, step: str, due: date, role: Role = Role.HANDLER) -> e.TaskOpened:
    return e.TaskOpened(
        task=f"{number}/{step}/1",
        fund=Fund.ANTWERPEN,
        kind=Kind.SUBSIDY,
        step=step,
        role=role,
        due=due,
        derivation="10 werkdagen vanaf 04/03/2024",
        priority=3,
        outcomes=("approve", "refuse"),
        silence="escalates:team_lead",
        amount=Decimal("866.40"),
    )


def answered(number: str, goes_out_at: datetime) -> e.TaskAnswered:
    return e.TaskAnswered(
        task=f"{number}/review/1", step="review", outcome="approve", person="ANT-handler-1", goes_out_at=goes_out_at
    )


def request(number: str, until: date) -> e.RequestOpened:
    return e.RequestOpened(
        request=f"{number}/completion/1",
        code="completion",
        party=Party.APPLICANT,
        wants=("invoice",),
        until=until,
        derivation="30 dagen vanaf 04/03/2024",
        silence="lapses",
        stops_clock=True,
    )


def mail(number: str, template: str, occasion: str = "1") -> e.MailPlanned:
    return e.MailPlanned(
        effect=f"{number}/mail/{template}/{occasion}/applicant",
        template=template,
        occasion=occasion,
        party=Party.APPLICANT,
    )


def decided(granted: str) -> e.Decided:
    return e.Decided(
        decision=1,
        outcome=Outcome.GRANTED,
        level="approver",
        asked=Decimal("866.40"),
        granted=Decimal(granted),
        reasons=(),
        persons=("ANT-handler-1", "ANT-approver-1"),
        steps=("rate: 866.40",),
    )


def instructed(number: str, attempt: int = 1, instalment: int = 1, amount: str = "400") -> e.PaymentInstructed:
    key = f"{number}/payment/{instalment}/{attempt}"
    return e.PaymentInstructed(payment=key, instalment=instalment, amount=Decimal(amount), account_of=Party.APPLICANT)


def confirmed(number: str, paid: str, attempt: int = 1, instalment: int = 1) -> e.PaymentConfirmed:
    key = f"{number}/payment/{instalment}/{attempt}"
    return e.PaymentConfirmed(payment=key, reference=f"{key}/payment", paid=Decimal(paid))


def whole_life(number: str) -> list[list[e.AnyEvent]]:
    """Steps that leave a row in every projection."""
    review = task(number, "review", date(2024, 3, 18))
    asked = request(number, date(2024, 4, 3))
    recovery = e.RecoveryOrdered(recovery=f"{number}/recovery/1", amount=Decimal(100), reason="retention")
    return [
        [opened(), mail(number, "receipt"), e.PhaseEntered(phase="intake"), asked, mail(number, "request_documents")],
        [
            e.RequestReminded(request=asked.request, times=1),
            e.RequestExtended(request=asked.request, until=date(2024, 4, 9)),
        ],
        [e.RequestAnswered(request=asked.request, code="completion"), e.PhaseEntered(phase="review"), review],
        [
            e.TaskReminded(task=review.task, times=1),
            e.TaskEscalated(task=review.task, role=Role.TEAM_LEAD, times=1),
            answered(number, RECEIVED + timedelta(days=1)),
        ],
        [e.TaskReopened(task=review.task, times=1)],
        [
            e.TaskCompleted(task=review.task, step="review", outcome="approve", person="ANT-handler-1"),
            decided("866.40"),
            mail(number, "decision_granted"),
            e.InstalmentPlanned(instalment=1, moment="approval", amount=Decimal("866.40")),
        ],
        [e.GrantChanged(granted=Decimal("800"), reason="determination"), instructed(number), confirmed(number, "400")],
        [
            recovery,
            e.RecoverySettled(recovery=recovery.recovery, outcome="received", recovered=Decimal(100)),
            e.Reported(fact="hours_registered", on=date(2024, 3, 31), values={"month": "2024-03", "hours": "7.5"}),
            e.MomentsPlanned(moments=(e.PlannedMoment(moment="end+3", due=date(2024, 3, 31)),)),
            e.FollowedUp(moment="end+3", outcome=FollowUpOutcome.SAME_SECTOR, told_by=Party.PARTICIPANT),
        ],
        [e.Closed(outcome=Outcome.GRANTED, reason="completed"), mail(number, "closed")],
    ]


@pytest.fixture
async def dossiers(database_urls: Any) -> AsyncIterator[Dossiers]:
    """The journal of this test's database."""
    async with asyncpg.create_pool(database_urls.app.replace("+asyncpg", ""), min_size=1, max_size=2) as pool:
        yield Dossiers(pool)


@pytest.fixture
def live(engine: AsyncEngine, dossiers: Dossiers) -> Live:
    """Records a dossier, step by step, an hour apart; its receipt stands and is started."""

    async def lived(steps: Sequence[Sequence[Any]], number: str = NUMBER, **receipt: Any) -> str:
        columns = {
            "number": number,
            "idempotency_key": number,
            "fund": "ANT",
            "kind": "subsidy",
            "instrument": "formal_training",
            "received_at": RECEIVED,
            "opens_at": RECEIVED,
            "started_at": RECEIVED,
            "facts": {},
            "typed": {},
        }
        async with database.transaction(engine) as connection:
            await connection.execute(insert(Receipt).values(columns | receipt))
        stands = e.Recorded(sequence=0, head="0" * 64)
        for hours, facts in enumerate(steps):
            at = RECEIVED + timedelta(hours=hours)
            events = tuple(
                e.Event(sequence=stands.sequence + place, at=at, by="system", fact=fact)
                for place, fact in enumerate(facts, start=1)
            )
            stands = await dossiers.record(e.Step(dossier=number, events=events, head=stands.head))
        return number

    return lived


@pytest.fixture
def spoil(database_urls: Any) -> Spoil:
    """Somebody with the owner's rights who switches the guards off and changes what stands."""

    async def spoiled(statement: str, **values: Any) -> None:
        owner = database.make_engine(database_urls.owner)
        try:
            async with database.transaction(owner) as connection:
                await connection.execute(text("ALTER TABLE event DISABLE TRIGGER USER"))
                await connection.execute(text(statement), values)
                await connection.execute(text("ALTER TABLE event ENABLE TRIGGER USER"))
        finally:
            await owner.dispose()

    return spoiled


@pytest.fixture
def made() -> Any:
    """The facts above, for tests that tell a story of their own."""
    from types import SimpleNamespace

    return SimpleNamespace(
        number=NUMBER,
        received=RECEIVED,
        now=NOW,
        opened=opened,
        task=task,
        answered=answered,
        request=request,
        mail=mail,
        decided=decided,
        instructed=instructed,
        confirmed=confirmed,
        whole_life=whole_life,
    )

"""Money that was claimed back: what came in, what is left, until when, and who has to act."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from models.messages.message import Message
from models.messages.words import Fund
from models.tables import BankEntry, DossierRow, RecoveryRow, TaskRow

RUNNING = ("ordered", "approved")
STEPS = (
    *("recovery", "recovery_approval", "recovery_late", "recovery_excess"),
    *("write_off_board_employers", "write_off_board_unions"),
)
"""What staff does about money that is claimed back."""


class PlannedPart(Message):
    """A part that may be paid back by itself. Euro; the last day counts entirely."""

    until: date
    amount: Decimal


class Claim(Message):
    """One claim, in euro. `task`: the open task it waits for, such as the word of a second person."""

    recovery: str
    dossier: str
    fund: Fund
    rehearsed: bool
    amount: Decimal
    received: Decimal
    reason: str
    state: str
    proposed_by: str | None
    approved_by: str | None
    communication: str | None
    until: date | None
    plan: tuple[PlannedPart, ...] | None
    reminders: int
    ordered_at: datetime
    ended_at: datetime | None
    task: str | None = None
    step: str | None = None

    @property
    def left(self) -> Decimal:
        """What still has to come in; nothing once the claim ended."""
        return self.amount - self.received if self.runs else Decimal(0)

    @property
    def runs(self) -> bool:
        """Whether money is still expected."""
        return self.state in RUNNING


class Receipt(Message):
    """Money that came in on a claim, as the bank booked it."""

    booked_on: date
    amount: Decimal
    counterparty: str | None
    bank_reference: str | None


async def claims(connection: AsyncConnection, fund: Fund, most: int = 200) -> tuple[Claim, ...]:
    """The claims of a fund: what still runs first, the earliest last day on top."""
    order = (col(RecoveryRow.ended_at).is_not(None), col(RecoveryRow.until).nulls_first(), col(RecoveryRow.recovery))
    rows = await connection.execute(_claims().where(col(DossierRow.fund) == fund).order_by(*order).limit(most))
    return tuple(Claim.model_validate(dict(row)) for row in rows.mappings())


async def claim(connection: AsyncConnection, recovery: str) -> Claim | None:
    """One claim; None when there is none that may be seen."""
    found = await connection.execute(_claims().where(col(RecoveryRow.recovery) == recovery))
    row = found.mappings().one_or_none()
    return None if row is None else Claim.model_validate(dict(row))


async def receipts(connection: AsyncConnection, recovery: str) -> tuple[Receipt, ...]:
    """What the bank said came in on a claim, the first on top."""
    shown = (getattr(BankEntry, name) for name in Receipt.model_fields)
    query = select(*shown).where(
        col(BankEntry.matched_to) == recovery,
        col(BankEntry.matched_as) == "recovery",
        col(BankEntry.state) == "matched",
    )
    rows = await connection.execute(query.order_by(col(BankEntry.booked_on), col(BankEntry.entry)))
    return tuple(Receipt.model_validate(dict(row)) for row in rows.mappings())


def _claims() -> Select[Any]:
    """Claims with their dossier's fund and the first open task about money that is claimed back."""
    asked = (
        select(func.min(col(TaskRow.task)))
        .where(
            and_(
                col(TaskRow.dossier) == col(RecoveryRow.dossier),
                col(TaskRow.state) == "open",
                col(TaskRow.step).in_(STEPS),
            )
        )
        .scalar_subquery()
    )
    own = [name for name in Claim.model_fields if name not in ("fund", "rehearsed", "task", "step")]
    return select(
        *(getattr(RecoveryRow, name) for name in own),
        col(DossierRow.fund),
        col(DossierRow.rehearsed),
        asked.label("task"),
        func.split_part(asked, "/", 2).label("step"),
    ).join(DossierRow, col(DossierRow.number) == col(RecoveryRow.dossier))

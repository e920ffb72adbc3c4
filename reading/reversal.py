"""Where the money of a dossier stands, as a plan to turn back its decision needs it."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from models.tables import DossierRow, PaymentRow, RecoveryRow, RequestRow

CONDITION = "condition_"
"""How the code of a question begins that is a condition of the grant."""


class Money(NamedTuple):
    """Amounts in euro; `claimed` is asked back and not received yet."""

    fund: str
    instrument: str
    policy: str
    received_at: datetime
    outcome: str | None
    asked: Decimal | None
    granted: Decimal
    paid: Decimal
    recovered: Decimal
    instructed: Decimal
    claimed: Decimal
    conditions: int


async def money(connection: AsyncConnection, number: str) -> Money | None:
    """The standing of one dossier; None when there is none that may be seen."""
    instructed = select(func.coalesce(func.sum(col(PaymentRow.amount)), 0)).where(
        col(PaymentRow.dossier) == number, col(PaymentRow.state) == "instructed"
    )
    claimed = select(func.coalesce(func.sum(col(RecoveryRow.amount) - col(RecoveryRow.received)), 0)).where(
        col(RecoveryRow.dossier) == number, col(RecoveryRow.state).in_(("ordered", "approved"))
    )
    conditions = select(func.count()).where(
        col(RequestRow.dossier) == number,
        col(RequestRow.state) == "open",
        col(RequestRow.code).startswith(CONDITION, autoescape=True),
    )
    columns = ("fund", "instrument", "policy", "received_at", "outcome", "asked", "granted", "paid", "recovered")
    query = select(
        *(col(getattr(DossierRow, name)) for name in columns),
        instructed.scalar_subquery(),
        claimed.scalar_subquery(),
        conditions.scalar_subquery(),
    ).where(col(DossierRow.number) == number)
    row = (await connection.execute(query)).one_or_none()
    return Money._make(row) if row is not None else None

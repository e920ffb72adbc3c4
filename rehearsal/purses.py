"""What rehearsed dossiers are paid from: budgets that two rehearsed people open, one of which may be raised."""

from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncEngine

from budgets.acts import Budgets
from budgets.purses import Purse
from models.messages.words import Fund, Instrument, Role
from starter import Starter

AMOUNTS = {
    Instrument.FORMAL_TRAINING: Decimal(40_000),
    Instrument.INFORMAL_TRAINING: Decimal(2_000),
    Instrument.CAREER_ACCOUNT: Decimal(5_000),
    Instrument.TRANSITION_SUPPORT: Decimal(40_000),
    Instrument.PROJECT_FINANCING: Decimal(30_000),
    Instrument.OUTPLACEMENT: Decimal(25_000),
}
"""Euro for a year, invented: somewhat more than the samples ask."""
MORE = Decimal(5_000)


async def open_budgets(engine: AsyncEngine, starter: Starter, year: int, fund: Fund = Fund.ANTWERPEN) -> None:
    """Open the budgets of a fund for rehearsals of a year, and propose to raise that of outplacement.

    Raises:
        Refusal: they are open already, or the rehearsed people are not engaged.
    """
    budgets = Budgets(engine)
    finance = await starter.staff(f"{fund}-{Role.FINANCE}-1")
    approver = await starter.staff(f"{fund}-{Role.APPROVER}-1")
    for instrument, amount in AMOUNTS.items():
        name = Purse(fund, year, instrument, rehearsed=True).name
        act = await budgets.propose(name, "open", finance, amount=amount, reason="begroting van het jaar")
        await budgets.approve(act, approver)
    outplacement = Purse(fund, year, Instrument.OUTPLACEMENT, rehearsed=True).name
    await budgets.propose(outplacement, "raise", finance, amount=MORE, reason="meer vraag na de zomer")

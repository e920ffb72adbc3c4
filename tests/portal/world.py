"""A house in the middle of its year: the sample dossiers lived up to today, as the demonstration opens them."""

from __future__ import annotations

from datetime import UTC, datetime

from importing.storing import Rehearsed
from models.messages.words import Fund
from portal.house import House
from rehearsal import performance
from rehearsal.cast import engage
from rehearsal.purses import open_budgets
from rehearsal.samples import samples
from schemes.calendar import local_date
from tests.treasury.bank_says import Booked, camt
from tests.treasury.due import Payment, due
from treasury.intake import take_in

WEEKS = 12


async def fill(house: House) -> None:
    """Receive the samples and live them up to now. Needs a worker."""
    settings = house.settings.model_copy(update={"rehearsal_allowed": True})
    now = datetime.now(UTC)
    async with performance.stage(settings, house.engine, house.starter) as stage:
        await engage(house.engine)
        await open_budgets(house.engine, house.starter, local_date(now).year)
        batch = samples(local_date(now), weeks=WEEKS)
        await performance.receive(stage, batch, Rehearsed.FROM_FILING)
        await performance.catch_up(stage, now)
    await move_money(house)


async def move_money(house: House) -> None:
    """A run that one person signed, and a statement with a stranger in it."""
    await due(house.engine, Payment(rehearsed=True, serial=990_001))
    run = (await house.starter.collect_payments(Fund.ANTWERPEN, "ANT-finance-1", rehearsed=True)).run
    await house.starter.sign_run(run, "ANT-finance-2")
    await take_in(house.engine, camt(Booked(None, "125.00", reference="A1", text="storting")), "uittreksel.xml", "")

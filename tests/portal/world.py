"""A house in the middle of its year: the sample dossiers lived up to today, as the demonstration opens them."""

from __future__ import annotations

from datetime import UTC, datetime

from importing.storing import Rehearsed
from portal.house import House
from rehearsal import performance
from rehearsal.samples import samples
from schemes.calendar import local_date

WEEKS = 12


async def fill(house: House) -> None:
    """Receive the samples and live them up to now. Needs a worker."""
    settings = house.settings.model_copy(update={"rehearsal_allowed": True})
    now = datetime.now(UTC)
    async with performance.stage(settings, house.engine, house.starter) as stage:
        batch = samples(local_date(now), weeks=WEEKS)
        await performance.receive(stage, batch, Rehearsed.FROM_FILING)
        await performance.catch_up(stage, now)

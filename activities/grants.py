"""What was granted before, and how many people an employer has: readings that a ceiling needs."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, and_, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col
from temporalio import activity

from database import transaction
from models.messages.headcounts import CompanyYear, Headcount
from models.messages.receipts import Reference
from models.messages.words import Instrument, Outcome
from models.tables import DossierRow, Employer, HeadcountRow, Receipt

WINDOW = timedelta(days=730)
"""24 months, the window of the ceilings per company (domain.md 4 and 5, example)."""
VOID = (Outcome.REFUSED, Outcome.WITHDRAWN, Outcome.LAPSED, Outcome.HANDED_OVER)


class Grants:
    """Reads what other dossiers of the same person or company were granted."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @activity.defn
    async def used(self, reference: Reference) -> Decimal:
        """Euro granted to the same account in the calendar year of the course, or to the same company in 24 months."""
        async with transaction(self._engine) as connection:
            receipt = (await connection.execute(select(Receipt).where(col(Receipt.number) == reference.number))).one()
            if receipt.instrument == Instrument.CAREER_ACCOUNT:
                return await _of_account(connection, reference.number, receipt.facts)
            return await _of_company(connection, receipt)

    @activity.defn
    async def headcount(self, asked: CompanyYear) -> Headcount:
        """Heads of the employer of a dossier on 30 September of the year before, summed over its establishments.

        Not known unless every establishment that was open on that day has its figure of that day; of which other days
        there are figures does not matter.
        """
        day = date(asked.year - 1, 9, 30)
        query = (
            select(col(HeadcountRow.workers), col(HeadcountRow.employees))
            .select_from(Employer)
            .join(
                Receipt,
                and_(
                    col(Receipt.enterprise_number) == col(Employer.enterprise_number),
                    col(Receipt.fund) == col(Employer.fund),
                ),
            )
            .join(
                HeadcountRow,
                and_(
                    col(HeadcountRow.establishment_number) == col(Employer.establishment_number),
                    col(HeadcountRow.counted_on) == day,
                ),
                isouter=True,
            )
            .where(
                col(Receipt.number) == asked.number,
                or_(col(Employer.stopped_on).is_(None), col(Employer.stopped_on) > day),
            )
        )
        async with transaction(self._engine) as connection:
            found = (await connection.execute(query)).all()
        if not found or any(row.workers is None for row in found):
            return Headcount(year=asked.year, workers=None, employees=None)
        workers, employees = (sum(heads) for heads in zip(*found, strict=True))
        return Headcount(year=asked.year, workers=workers, employees=employees)


async def _of_account(connection: AsyncConnection, number: str, facts: dict[str, str]) -> Decimal:
    ends_on = date.fromisoformat(facts["ends_on"])
    query = (
        select(func.coalesce(func.sum(col(DossierRow.granted)), 0))
        .join(Receipt, col(Receipt.number) == col(DossierRow.number))
        .where(
            col(Receipt.instrument) == Instrument.CAREER_ACCOUNT,
            col(Receipt.facts)["account"].astext == facts["account"],
            func.extract("year", cast(col(Receipt.facts)["ends_on"].astext, Date)) == ends_on.year,
            col(DossierRow.number) != number,
            func.coalesce(col(DossierRow.outcome), "").not_in(VOID),
        )
    )
    return Decimal((await connection.execute(query)).scalar_one())


async def _of_company(connection: AsyncConnection, receipt: Any) -> Decimal:
    query = (
        select(func.coalesce(func.sum(col(DossierRow.granted)), 0))
        .join(Receipt, col(Receipt.number) == col(DossierRow.number))
        .where(
            col(Receipt.instrument) == receipt.instrument,
            col(Receipt.fund) == receipt.fund,
            col(Receipt.enterprise_number) == receipt.enterprise_number,
            col(Receipt.opens_at) > receipt.opens_at - WINDOW,
            col(Receipt.opens_at) <= receipt.opens_at,
            col(DossierRow.number) != receipt.number,
            func.coalesce(col(DossierRow.outcome), "").not_in(VOID),
        )
    )
    return Decimal((await connection.execute(query)).scalar_one())

"""A dossier that becomes another one: the successor's receipt, once."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col
from temporalio import activity

import receipts
from database import transaction
from models.messages.facts import Facts, TrainingFacts
from models.messages.receipts import HandOver
from models.tables import Contact, Employer, Participant, Receipt


class Receipts:
    """Writes receipts on behalf of a dossier."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @activity.defn
    async def hand_over(self, order: HandOver) -> str:
        """Write the receipt of the successor and return its number; ordered twice, it is the same receipt.

        People and parties go along. The sweep starts its workflow.
        """
        async with transaction(self._engine) as connection:
            origin = (await connection.execute(select(Receipt).where(col(Receipt.number) == order.dossier))).one()
            parties = (
                await connection.execute(select(Contact).where(col(Contact.dossier) == order.dossier))
            ).mappings()
            people = (
                await connection.execute(select(Participant).where(col(Participant.dossier) == order.dossier))
            ).mappings()
            successor = receipts.Application(
                idempotency_key=f"{order.dossier}/successor",
                fund=order.fund,
                facts=await _placed(connection, order.facts, origin.enterprise_number),
                reference=origin.reference,
                enterprise_number=origin.enterprise_number,
                parent=order.dossier,
                received_at=datetime.now(UTC),
                opens_at=order.opens_at,
                rehearsed=origin.rehearsed,
                parties=tuple(
                    receipts.PartyDetails.model_validate({key: row[key] for key in receipts.PartyDetails.model_fields})
                    for row in parties
                ),
                people=tuple(
                    receipts.Person.model_validate({key: row[key] for key in receipts.Person.model_fields})
                    for row in people
                ),
                typed=origin.typed,
            )
            number, _ = await receipts.write(connection, successor)
            return number


async def _placed(connection: AsyncConnection, facts: Facts, enterprise_number: str | None) -> Facts:
    """Training facts made of another kind have no place yet: it is the establishment's."""
    if not isinstance(facts, TrainingFacts) or facts.postcode:
        return facts
    found = await connection.execute(
        select(col(Employer.postcode), col(Employer.municipality))
        .where(col(Employer.enterprise_number) == enterprise_number)
        .limit(1)
    )
    place = found.one_or_none()
    return facts if place is None else facts.model_copy(update=dict(place._mapping))

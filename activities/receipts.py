"""A dossier that becomes another one: the successor's receipt, once."""

from datetime import UTC, datetime

from pydantic import TypeAdapter
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col
from temporalio import activity

import receipts
from database import transaction
from models.messages.dossier import Carried
from models.messages.events import AnyEvent
from models.messages.facts import Facts, TrainingFacts
from models.messages.receipts import HandOver
from models.tables import Contact, Employer, EventRow, HandedOn, Participant, Receipt


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
                parent=order.parent if order.carried else order.dossier,
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
            number, new = await receipts.write(connection, successor)
            if new and order.carried is not None:
                await _carry(connection, number, order.carried)
            return number


async def _carry(connection: AsyncConnection, number: str, carried: Carried) -> None:
    """What the dossier goes on with, and what is known of how its parties are reached."""
    query = (
        select(col(EventRow.type), col(EventRow.data))
        .where(col(EventRow.dossier) == carried.predecessor, col(EventRow.type).in_(SAID_AGAIN))
        .order_by(col(EventRow.sequence))
    )
    said = [data | {"type": kind} for kind, data in await connection.execute(query)]
    told = [_ANY_EVENT.validate_python(data) for data in said if data.get("fact") not in OF_THE_MOVE]
    stated = carried.model_copy(update={"told": told}).model_dump(mode="json")
    row = {"number": number, "predecessor": carried.predecessor, "carried": stated, "at": datetime.now(UTC)}
    await connection.execute(insert(HandedOn).values(**row))
    await connection.execute(_AS_REACHED, {"new": number, "old": carried.predecessor})


_ANY_EVENT: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)
SAID_AGAIN = ("regime_chosen", "reported", "moments_planned", "followed_up")
"""Events of the old dossier that stay true in the new one."""
OF_THE_MOVE = ("moves_fund", "taken_over")
"""Facts about the move itself: each dossier tells its own."""
_AS_REACHED = text(
    """
    UPDATE contact AS n SET channel = o.channel, email_failed_at = o.email_failed_at,
        phone_failed_at = o.phone_failed_at, address_failed_at = o.address_failed_at, left_on = o.left_on
    FROM contact AS o WHERE n.dossier = :new AND o.dossier = :old AND o.party = n.party
    """
)


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

"""What the register of employers knows already, so that nobody types it again."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from models.messages.words import Instrument
from models.tables import Employer
from portal.access.visitor import Visitor
from portal.forms import FORMS, shared
from portal.forms.answers import Filled
from schemes.identifiers import dotted


async def establishments(connection: AsyncConnection, visitor: Visitor) -> Sequence[Any]:
    """The establishments of the enterprises a visitor acts for, by name."""
    query = select(Employer).where(col(Employer.enterprise_number).in_(visitor.enterprises))
    ordered = query.order_by(col(Employer.name), col(Employer.establishment_number))
    return (await connection.execute(ordered)).all()


def prefilled(instrument: Instrument, enterprise: str, establishment: Any | None) -> Mapping[str, Filled]:
    """The pages of a new draft, with what is known of the enterprise and one of its establishments."""
    known = {shared.ENTERPRISE: dotted(enterprise), shared.LANGUAGE: "nl"}
    if establishment is not None:
        committees = (establishment.joint_committee_workers, establishment.joint_committee_employees)
        known |= {
            shared.EMPLOYER: establishment.name,
            shared.ESTABLISHMENT: _written(establishment.establishment_number),
            shared.POSTCODE: establishment.postcode,
            shared.MUNICIPALITY: establishment.municipality,
            shared.COMMITTEE: "+".join(committee for committee in committees if committee),
            shared.CONTACT: establishment.contact_name or "",
            shared.EMAIL: establishment.email or "",
            shared.LANGUAGE: establishment.language,
            shared.ACCOUNT: establishment.iban or "",
        }
    return {
        group.code: Filled(fields={q.column: known[q.column] for q in group.questions if known.get(q.column)})
        for group in FORMS[instrument].groups
        if group.code in ("werkgever", "contact")
    }


def _written(number: str) -> str:
    return dotted(number) if number.isdecimal() else number

"""A successor of an employer: asked and paid from now on, with service counted from the first employer."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from database import glance, transaction
from models.messages.commands import Actor, ReportFact
from models.messages.words import Kind, Party
from models.tables import Contact, PendingCommand, Receipt
from portal.forms import shared
from portal.forms.questions import Question, Sort
from portal.house import House
from portal.language import marked as _

SINCE, FIRST_DAY = "Overname op", "Eerste werkdag"
ABOUT = (
    shared.ENTERPRISE_QUESTION,
    shared.EMPLOYER_QUESTION,
    Question(SINCE, Sort.DAY, _("Dag van de overname"), _("Dag/maand/jaar.")),
    Question(shared.CONTACT, Sort.TEXT, _("Contactpersoon bij de opvolger"), _("Voornaam en naam.")),
    Question(shared.EMAIL, Sort.EMAIL, _("E-mailadres van de contactpersoon")),
    Question(shared.LANGUAGE, Sort.CHOICE, _("Taal van de contactpersoon"), choices=shared.LANGUAGES[:3]),
    Question(shared.ACCOUNT, Sort.ACCOUNT, _("Rekeningnummer van de opvolger (IBAN)"), required=False),
    Question(
        FIRST_DAY,
        Sort.DAY,
        _("Eerste werkdag bij de eerste werkgever"),
        _("Alleen als de lijst de dienst pas vanaf de overname telt: dan telt hij voor die mensen vanaf deze dag."),
        required=False,
    ),
)


class Successor(NamedTuple):
    """The enterprise that took over, and how it is reached. Personal: stands in erasable rows."""

    enterprise: str
    since: date
    first_day: date | None
    contact: dict[str, str | None]


def successor_in(values: Mapping[str, Any], typed: Mapping[str, str]) -> Successor:
    """The successor as a form named it."""
    contact = {
        "name": values[shared.CONTACT],
        "email": values[shared.EMAIL],
        "language": typed[shared.LANGUAGE],
        "phone": None,
        "iban": values.get(shared.ACCOUNT),
    }
    return Successor(values[shared.ENTERPRISE], values[SINCE], values.get(FIRST_DAY), contact)


async def succeed(house: House, number: str, successor: Successor, by: Actor, on: date) -> int:
    """Tell the dossier, then reach the successor instead; how many people's service was put right.

    The dossier says no first, and its journal keeps who was the employer until then. What follows is written in one
    transaction, and told to trajectories by commands that are kept until they are answered.

    Raises:
        Refusal: the dossier is over, or this is its employer already.
    """
    async with glance(house.engine) as connection:
        was = await connection.scalar(select(col(Receipt.enterprise_number)).where(col(Receipt.number) == number))
    values = {"enterprise": successor.enterprise, "before": was or ""}
    await house.starter.report(number, ReportFact(fact="succeeded", on=successor.since, by=by, values=values))
    async with transaction(house.engine) as connection:
        children = (
            await connection.execute(
                select(col(Receipt.number), col(Receipt.facts), col(Receipt.started_at)).where(
                    col(Receipt.parent) == number, col(Receipt.kind) == Kind.TRAJECTORY.value
                )
            )
        ).all()
        everything = [number, *(child.number for child in children)]
        now_of = update(Receipt).where(col(Receipt.number).in_(everything))
        await connection.execute(now_of.values(enterprise_number=successor.enterprise))
        reached = update(Contact).where(
            col(Contact.dossier).in_(everything), col(Contact.party) == Party.APPLICANT.value
        )
        known = {name: value for name, value in successor.contact.items() if name != "iban" or value}
        await connection.execute(reached.values(**known, email_failed_at=None, phone_failed_at=None))
        late = [child.number for child in children if _counts_from_takeover(child, successor)]
        await _correct(connection, late, successor, by, on)
    return len(late)


def _counts_from_takeover(child: Any, successor: Successor) -> bool:
    """Whether the service of this person was counted from the successor only."""
    began = date.fromisoformat(child.facts["service_began_on"])
    return successor.first_day is not None and child.started_at is not None and began >= successor.since


async def _correct(connection: AsyncConnection, numbers: list[str], successor: Successor, by: Actor, on: date) -> None:
    if not numbers or successor.first_day is None:
        return
    values = {"service_began_on": successor.first_day.isoformat(), "because": "successor"}
    report = ReportFact(fact="facts_corrected", on=on, by=by, values=values)
    command = {
        "update_id": f"report:successor:{successor.enterprise}:{successor.first_day}",
        "name": "report_fact",
        "command": report.model_dump(mode="json"),
    }
    rows = [{"dossier": number, "sent_at": datetime.now(UTC)} | command for number in numbers]
    await connection.execute(insert(PendingCommand), rows)

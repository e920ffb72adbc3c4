"""Receiving an application: from here on it cannot be lost, whatever happens to the house or to the line."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncConnection
from temporalio.service import RPCError

import receipts
from database import transaction
from importing.known import known_projects
from models.errors import Refusal
from models.messages.words import Fund, Instrument, Party
from portal.api import shapes
from portal.api.applications import AnyApplication, Sent, field_of, form_in, typed_in
from portal.api.clients import Client
from portal.api.door import needs
from portal.api.once import RESPONSES, Once, Single
from portal.api.problems import ProblemRaised
from portal.api.scopes import Scope
from portal.applying.assembling import Sending, as_receipt, assemble, fund_of, trajectories
from portal.applying.sending import secret_of
from portal.forms.answers import Typed, all_faults
from portal.forms.questions import Form
from portal.house import House, house_of
from schemes.calendar import local_date
from schemes.project import OtherProject
from starter import START_PATIENCE

router = APIRouter(tags=["Commands"])
MOST_FIELDS = 100
"""Faults told at once."""
AT_ONCE = 10
"""Dossiers started before the answer; the sweep of the workers starts the others."""


@router.post(
    "/applications",
    status_code=201,
    response_model=shapes.ReceiptGiven,
    dependencies=[needs(Scope.APPLICATIONS_WRITE)],
    responses=RESPONSES
    | {200: {"model": shapes.ReceiptGiven, "description": "Was received before, under this number"}},
    summary="Send an application",
)
async def apply(request: Request, told: AnyApplication, once: Single) -> JSONResponse:
    """Send what the form of the instrument asks. The answer is the receipt; the same key gives the same number."""
    house, now = house_of(request), datetime.now(UTC)
    form, typed = form_in(told), typed_in(told)
    if faults := all_faults(form, typed, local_date(now)):
        fields = [field_of(form, fault) for fault in faults[:MOST_FIELDS]]
        raise ProblemRaised(422, "Misfit", "Kijk deze velden na; er is niets bewaard.", fields=fields)
    _may_apply(once.client, told, form, typed, now)

    async def work() -> shapes.ReceiptGiven:
        numbers = await _receive(house, once, told, now)
        started = True
        for number in numbers[:AT_ONCE]:
            try:
                await house.starter.start(number, patience=START_PATIENCE)
            except (RPCError, OSError, RuntimeError):  # a client that never connected raises the last one
                started = False
        return shapes.ReceiptGiven(number=numbers[0], started=started, trajectories=list(numbers[1:]))

    return await once(work, status=201)


def _may_apply(client: Client, told: Sent, form: Form, typed: Typed, now: datetime) -> None:
    """See that a client applies for whom it speaks.

    Raises:
        Refusal: it does not, or no fund is competent.
    """
    fund = fund_of(typed, local_date(now))
    if client.party is Party.SYSTEM:
        if fund not in client.funds:
            raise Refusal(
                "NotYours", f"Voor deze postcode is fonds {fund} bevoegd; daarvoor werkt deze toepassing niet."
            )
        return
    if told.documents:
        raise Refusal(
            "NotYours", "Alleen een toepassing van een fonds bewaart zelf documenten. Stuur ze via de pagina's."
        )
    if form.instrument is Instrument.CAREER_ACCOUNT:
        raise Refusal("NotYours", "Een loopbaanrekening vraagt de werknemer zelf aan; de werkgever ziet ze niet.")
    if told.enterprise_number not in client.enterprises:  # type: ignore[attr-defined]
        raise Refusal("NotYours", "Deze toepassing spreekt niet voor dat ondernemingsnummer.")


async def _receive(house: House, once: Once, told: Sent, now: datetime) -> Sequence[str]:
    """Everything that an application brings, in one transaction."""
    form, typed = form_in(told), typed_in(told)
    name = f"{once.client.client}/{once.key}"
    async with transaction(house.engine) as connection:
        projects = await _projects(connection, form, fund_of(typed, local_date(now)), told)
        attached = tuple((code, code.value) for code in told.documents)
        key = hashlib.sha256(name.encode()).hexdigest()[:32]
        sending = Sending(key, now, secret_of(house), attached, projects)
        assembled = assemble(form, typed, sending)
        own = {"idempotency_key": f"api/{name}", "reference": told.reference}
        number, _ = await receipts.write(connection, as_receipt(assembled, sending).model_copy(update=own))
        children = trajectories(assembled, number, sending)
        return [number, *[(await receipts.write(connection, one))[0] for one in children]]


async def _projects(connection: AsyncConnection, form: Form, fund: Fund, told: Sent) -> tuple[OtherProject, ...]:
    """Projects of the same employer that may still run: one per lever at a time."""
    if form.instrument is not Instrument.PROJECT_FINANCING:
        return ()
    return await known_projects(connection, fund, told.enterprise_number)  # type: ignore[attr-defined]

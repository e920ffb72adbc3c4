"""What a system may tell a dossier, in the name of the party for which it is registered.

Finishing a task and giving more time are not here: a rule asks for a member of staff, with four eyes and roles, and a
system signs in as nobody.
"""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, WithJsonSchema

from models.errors import Refusal
from models.messages.commands import Accepted, ReportFact, SettlePayment
from models.messages.words import FollowUpOutcome, Kind
from portal.access.rows import seen_by
from portal.api import shapes
from portal.api.clients import Client
from portal.api.door import needs
from portal.api.once import RESPONSES, Single
from portal.api.readings import Number
from portal.api.reporting import LEAVING, may_report, report_leaving, see_that_course_fits
from portal.api.scopes import Scope
from portal.house import House, house_of
from reading import outside
from reading.dossiers import standing
from reading.guided import COURSE
from schemes.identifiers import iban_valid

router = APIRouter(tags=["Commands"], responses=RESPONSES)
CODE = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$"
ANSWERS = [needs(Scope.ANSWERS_WRITE)]
Code = Annotated[str, Field(pattern=CODE)]


def _no_account(value: str) -> str:
    if iban_valid(value):
        raise ValueError("Een rekeningnummer hoort hier niet. De werkgever vult het in op de pagina van het dossier.")
    return value


Said = Annotated[Code, AfterValidator(_no_account)]
OUTCOME = "outcome"
"""The field that says what became of a person, in a word of the closed list; some have spaces."""
_CODES, _OUTCOME = TypeAdapter(dict[Code, Said]), TypeAdapter(dict[Code, FollowUpOutcome])


def _coded(values: dict[str, str]) -> dict[str, str]:
    """Values as they came, once each is a code and no account number, and an outcome a word of its list."""
    _CODES.validate_python({name: value for name, value in values.items() if name != OUTCOME})
    _OUTCOME.validate_python({name: value for name, value in values.items() if name == OUTCOME})
    return values


Values = Annotated[
    dict[str, str],
    AfterValidator(_coded),
    WithJsonSchema(
        {
            "type": "object",
            "maxProperties": 50,
            "propertyNames": {"pattern": CODE},
            "properties": {OUTCOME: {"type": "string", "enum": [*FollowUpOutcome]}},
            "additionalProperties": {"type": "string", "pattern": CODE},
        }
    ),
    Field(
        default={},
        max_length=50,
        description="Coded answers by field, and in `outcome` a word of its list; never free text or names",
    ),
]


class Told(BaseModel):
    """Something a client tells; what is not described is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class WithdrawalTold(Told):
    """The application is taken back."""

    reason: Code = Field(default="applicant", description="Code of the reason")


class ObjectionTold(Told):
    """An objection to the last decision."""

    ground: Code = Field(description="Code of the ground; the text belongs in a document", examples=["amount_too_low"])


class ReportTold(Told):
    """Something that happened and was not asked."""

    fact: Code = Field(
        description="Code of what happened; which you may tell depends on the kind of dossier and on your party",
        examples=["new_job"],
    )
    on: date = Field(description="The day on which it happened")
    values: Values


class SettlementTold(Told):
    """The word of the bank on a payment."""

    outcome: Literal["confirmed", "returned"]
    reference: Code = Field(description="Of the bank", examples=["2025-118-0042"])


@router.post("/dossiers/{number}/withdrawal", response_model=shapes.Accepted, dependencies=ANSWERS, summary="Withdraw")
async def withdraw(request: Request, number: Number, told: WithdrawalTold, once: Single) -> JSONResponse:
    """Take an application back; possible until it is paid or closed."""
    house = house_of(request)

    async def work() -> shapes.Accepted:
        await see(house, once.client, number)
        return shown(await house.starter.withdraw(number, once.client.actor(), told.reason))

    return await once(work)


@router.post("/dossiers/{number}/objection", response_model=shapes.Accepted, dependencies=ANSWERS, summary="Object")
async def objection(request: Request, number: Number, told: ObjectionTold, once: Single) -> JSONResponse:
    """Object to the last decision within the term."""
    house = house_of(request)

    async def work() -> shapes.Accepted:
        await see(house, once.client, number)
        return shown(await house.starter.object(number, once.client.actor(), told.ground))

    return await once(work)


@router.post(
    "/dossiers/{number}/reports",
    response_model=shapes.Accepted,
    dependencies=[needs(Scope.REPORTS_WRITE)],
    summary="Report what happened",
)
async def report(request: Request, number: Number, told: ReportTold, once: Single) -> JSONResponse:
    """Tell something unasked, such as a new job, as far as it is for your party to tell."""
    house = house_of(request)

    async def work() -> shapes.Accepted:
        kind = await see(house, once.client, number)
        may_report(kind, once.client.party, told.fact)
        fact = ReportFact(fact=told.fact, on=told.on, by=once.client.actor(), values=told.values)
        if fact.fact in LEAVING:
            return await report_leaving(house, once.client, number, fact)
        if kind == Kind.TRAJECTORY and fact.fact in COURSE:
            await see_that_course_fits(house, once.client, number, fact)
        return shown(await house.starter.report(number, fact))

    return await once(work)


@router.post(
    "/dossiers/{number}/payment/{instalment}/{attempt}/settlement",
    response_model=shapes.Accepted,
    dependencies=[needs(Scope.PAYMENTS_WRITE)],
    summary="The word of the bank",
)
async def settle(
    request: Request,
    number: Number,
    instalment: Annotated[int, Path(ge=1, le=999, description="Number of the instalment")],
    attempt: Annotated[int, Path(ge=1, le=999, description="Which attempt to pay it; the last part of its name")],
    told: SettlementTold,
    once: Single,
) -> JSONResponse:
    """Say that a payment arrived, or came back. The name of a payment is the middle of this address."""
    house = house_of(request)
    name = f"{number}/payment/{instalment}/{attempt}"

    async def work() -> shapes.Accepted:
        async with seen_by(house.reading, once.client.visitor()) as seen:
            paid = await outside.payment(seen, name)
        if paid is None:
            raise Refusal("UnknownPayment", f"De betaling {name} is er niet. Kijk het dossier na.")
        if paid.state != "instructed":
            raise Refusal("PaymentSettled", f"De betaling {name} is al afgehandeld.")
        settlement = SettlePayment(payment=name, outcome=told.outcome, reference=told.reference)
        return shown(await house.starter.settle_payment(settlement))

    return await once(work)


async def see(house: House, client: Client, number: str) -> str:
    """See that a dossier concerns a client; gives its kind.

    Raises:
        Refusal: it does not, or does not exist: nobody is told which.
    """
    async with seen_by(house.reading, client.visitor()) as seen:
        found = await standing(seen, number) or await outside.received(seen, number)
    if found is None:
        raise Refusal("UnknownDossier", f"Dossier {number} is er niet, of het is niet voor deze toepassing.")
    return found.kind


def shown(accepted: Accepted) -> shapes.Accepted:
    """What a command answered."""
    return shapes.Accepted(dossier=accepted.dossier, version=accepted.sequence, repeated=accepted.repeated)

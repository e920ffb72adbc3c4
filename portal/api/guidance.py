"""What a system of an agency registers of its own participants, and what is asked of it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from models.errors import Refusal
from models.messages.guidance import MONTH
from models.messages.words import Language, Party
from portal.access.rows import seen_by
from portal.agencies import registering
from portal.agencies.registering import Act, wrong_in
from portal.api import shapes
from portal.api.commands import Told
from portal.api.door import needs
from portal.api.once import RESPONSES, Single
from portal.api.problems import FieldFault, ProblemRaised
from portal.api.readings import READS, Number, Rows, answer, opened
from portal.api.scopes import Scope
from portal.house import house_of
from portal.language import tongue
from reading import guided as reading
from schemes.guided_hours import Registration

reads = APIRouter(tags=["Readings"])
writes = APIRouter(tags=["Commands"], responses=RESPONSES)
HOURS = r"^[0-9]{1,3}(\.[0-9]{1,2})?$"
DUTCH = tongue(Language.DUTCH)


class MonthTold(Told):
    """Hours of one participant in one month. Told again, a month replaces what was told of it before."""

    month: str = Field(pattern=MONTH, description="Year and month", examples=["2024-05"])
    hours: str = Field(pattern=HOURS, description="Clock hours", examples=["7.5"])
    sessions: int = Field(ge=0, le=200, description="How many talks or workshops that were", examples=[3])
    first_on: date | None = Field(
        default=None,
        description="Day of the first talk, if it was in this month; the first time, it begins the guidance",
    )


class QuestionFilter(BaseModel):
    """Which questions."""

    model_config = ConfigDict(extra="forbid")

    overdue: bool | None = Field(default=None, description="Only those that are late, or only those that are not")


@writes.post(
    "/dossiers/{number}/hours",
    response_model=shapes.Accepted,
    dependencies=[needs(Scope.REPORTS_WRITE)],
    summary="Register hours",
)
async def register_hours(request: Request, number: Number, told: MonthTold, once: Single) -> JSONResponse:
    """Register a month of one of your own participants. What cannot have been is refused with its field."""
    house, client = house_of(request), once.client

    async def work() -> shapes.Accepted:
        if client.party is not Party.AGENCY:
            raise Refusal("WrongParty", "Uren worden geregistreerd door het bureau dat begeleidt.")
        async with seen_by(house.reading, client.visitor()) as seen:
            found = await reading.guided(seen, numbers=[number])
            if not found:
                raise Refusal("UnknownDossier", f"Dossier {number} is er niet, of het is niet voor deze toepassing.")
        now = datetime.now(UTC)
        act = Act(month=_registration(told))
        if problems := wrong_in(DUTCH, registering.problems_of(found[0], act, now)):
            fields = [FieldFault(field=f"/{field}", message=text) for field, text in problems.items()]
            raise ProblemRaised(422, "HoursImpossible", "Dit kan niet; er is niets geregistreerd.", fields=fields)
        changed = await registering.register(house, client.actor(), found[0], act, now)
        async with seen_by(house.reading, client.visitor()) as seen:
            stands = await opened(seen, number)
        return shapes.Accepted(dossier=number, version=stands.sequence, repeated=not changed)

    return await once(work)


@reads.get(
    "/dossiers/{number}/hours", response_model=shapes.GuidedHours, dependencies=READS, summary="Hours of a participant"
)
async def hours(request: Request, number: Number, seen: Rows) -> Response:
    """Every month as it was registered last, the oldest first; of a dossier without guidance there are none."""
    await opened(seen, number)
    found = await reading.months(seen, number)
    told = [
        shapes.GuidedMonth(
            month=one.told.month,
            hours=one.told.hours,
            sessions=one.told.sessions,
            first_on=one.told.first_on,
            told_at=one.at,
        )
        for one in found
    ]
    return answer(request, shapes.GuidedHours(number=number, months=told))


@reads.get("/questions", response_model=shapes.Questions, dependencies=READS, summary="What is asked of you")
async def questions(request: Request, asked: Annotated[QuestionFilter, Query()], seen: Rows) -> Response:
    """Everything that is asked of an agency now, what is late first; nothing is asked of the system of a fund."""
    found = await reading.asked(seen)
    listed = [
        shapes.Question(
            number=one.number, key=question.request, what=question.code, until=question.until, overdue=question.overdue
        )
        for one in found
        for question in one.asked
        if asked.overdue in (None, question.overdue)
    ]
    listed.sort(key=lambda one: (not one.overdue, one.until, one.number))
    return answer(request, shapes.Questions(questions=listed))


def _registration(told: MonthTold) -> Registration:
    month = date.fromisoformat(f"{told.month}-01")
    return Registration(month=month, hours=Decimal(told.hours), sessions=told.sessions, first_on=told.first_on)

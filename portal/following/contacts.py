"""For whom somebody acts, and who acts for the own enterprise: contacts with rights, and mandates between two days."""

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy import delete, func, insert, select, update
from sqlmodel import col
from starlette.background import BackgroundTask

from absences import today
from database import transaction
from models.errors import Refusal
from models.messages.words import Language, Party
from models.tables import Mandate, PortalAccount
from portal.access import letters, links
from portal.access.rights import may
from portal.access.rows import Rows
from portal.access.visitor import Act, Visitor
from portal.following.answering import UNPROCESSABLE, read_all
from portal.forms.filling import Problem, fields_of, typed_in
from portal.forms.questions import Question, Sort
from portal.forms.shared import LANGUAGES
from portal.house import House, house_of
from portal.language import Tongue, tongue
from portal.language import marked as _
from portal.pages import Flash, go, language_of, render
from schemes.identifiers import dotted, enterprise_number

router = APIRouter()
Employer = Annotated[Visitor, Depends(may(Party.APPLICANT))]
NAME = Question("naam", Sort.TEXT, _("Voornaam en naam"), autocomplete="off")
EMAIL = Question("adres", Sort.EMAIL, _("E-mailadres"))
LANGUAGE = Question("taal-contact", Sort.CHOICE, _("Taal waarin wij schrijven"), choices=LANGUAGES[:3])
HOLDER = Question(
    "houder", Sort.ENTERPRISE, _("Ondernemingsnummer van het kantoor"), _("Van uw boekhouder of sociaal secretariaat.")
)
UNTIL = Question("einde", Sort.DAY, _("Tot en met"), _("Dag/maand/jaar. Leeg: tot u het beëindigt."), required=False)


class Acting(NamedTuple):
    """An enterprise the visitor acts for; `managed` when the visitor decides who else does."""

    enterprise: str
    acts: tuple[str, ...]
    managed: bool


@router.get("/contacten")
async def show(request: Request, visitor: Employer, rows: Rows, onderneming: str | None = None) -> Response:
    """For whom the visitor acts, and who else acts for one of those enterprises."""
    return await _page(request, visitor, rows, at=onderneming)


@router.post("/contacten/{enterprise}/nieuw")
async def invite(request: Request, visitor: Employer, rows: Rows, enterprise: str) -> Response:
    """Invite a contact: an account with rights, and a link to sign in."""
    _manages(visitor, enterprise)
    say, form = _say(request, visitor), await request.form()
    typed = typed_in((NAME, EMAIL, LANGUAGE), form)
    values, problems = read_all((NAME, EMAIL, LANGUAGE), typed, say)
    rights = _rights(form.getlist("recht"))
    if not problems and not rights:
        problems = {"naam": say("Kies wat deze persoon mag doen.")}
    if problems:
        return await _page(request, visitor, rows, at=enterprise, typed=typed, problems=problems)
    house = house_of(request)
    person = await _account(house, enterprise, values, rights)
    addressee = links.Addressee(values["adres"], Language(values["taal-contact"]))
    purpose = links.Purpose.SIGN_IN
    secret = await links.make(house.engine, house.settings, purpose, links.Whom(person=person), addressee)
    response = go(
        "/contacten", Flash(text=say("Uitgenodigd: %(name)s krijgt een mail met een link.", name=values["naam"]))
    )
    response.background = BackgroundTask(letters.send, house.engine, house.settings, secret, purpose, addressee)
    return response


@router.post("/contacten/{enterprise}/wijzig/{person}")
async def change(request: Request, visitor: Employer, enterprise: str, person: str) -> Response:
    """Give a contact other rights; none left means that the account works no longer."""
    _manages(visitor, enterprise)
    if person == visitor.person:
        raise Refusal("OwnRights", "Uw eigen rechten kan alleen een ander contact van de onderneming wijzigen.")
    rights = _rights((await request.form()).getlist("recht"))
    own = update(PortalAccount).where(
        col(PortalAccount.person) == person, col(PortalAccount.enterprise_number) == enterprise
    )
    async with transaction(house_of(request).engine) as connection:
        await connection.execute(own.values(rights=rights, active=bool(rights)))
    await house_of(request).sessions.end_all(person)
    return go("/contacten", Flash(text=_say(request, visitor)("De rechten zijn gewijzigd.")))


@router.post("/contacten/{enterprise}/mandaat")
async def mandate(request: Request, visitor: Employer, rows: Rows, enterprise: str) -> Response:
    """Let another enterprise, such as an accountant, act for this one."""
    _manages(visitor, enterprise)
    say, form = _say(request, visitor), await request.form()
    typed = typed_in((HOLDER, UNTIL), form)
    values, problems = read_all((HOLDER, UNTIL), typed, say)
    rights, now = _rights(form.getlist("recht")), today()
    if not problems and (not rights or values["houder"] == enterprise or values.get("einde", now) < now):
        problems = {"houder": say("Kies een ander kantoor, wat het mag doen, en een einddag die nog komt.")}
    if problems:
        return await _page(request, visitor, rows, at=enterprise, typed=typed, problems=problems)
    row = {
        "mandate": secrets.token_hex(12),
        "enterprise_number": enterprise,
        "holder_enterprise": enterprise_number(values["houder"]),
        "rights": rights,
        "starts_on": now,
        "ends_on": values.get("einde"),
        "given_by": visitor.person,
        "given_at": datetime.now(UTC),
    }
    async with transaction(house_of(request).engine) as connection:
        await connection.execute(insert(Mandate).values(**row))
    return go("/contacten", Flash(text=say("Het mandaat is gegeven. Het geldt vanaf de volgende aanmelding.")))


@router.post("/contacten/{enterprise}/mandaat/{name}/einde")
async def end_mandate(request: Request, visitor: Employer, enterprise: str, name: str) -> Response:
    """End a mandate today; one of today is as if it never was."""
    _manages(visitor, enterprise)
    own = (col(Mandate.mandate) == name) & (col(Mandate.enterprise_number) == enterprise)
    yesterday = today() - timedelta(days=1)
    async with transaction(house_of(request).engine) as connection:
        await connection.execute(delete(Mandate).where(own, col(Mandate.starts_on) > yesterday))
        await connection.execute(update(Mandate).where(own).values(ends_on=yesterday))
    return go("/contacten", Flash(text=_say(request, visitor)("Het mandaat is beëindigd.")))


async def _account(house: House, enterprise: str, values: dict[str, Any], rights: list[str]) -> str:
    """The account of this address at this enterprise, as it is wanted now; opaque name of the person."""
    known = select(col(PortalAccount.person)).where(
        func.lower(col(PortalAccount.email)) == values["adres"].lower(),
        col(PortalAccount.enterprise_number) == enterprise,
    )
    wanted = {"name": values["naam"], "language": values["taal-contact"], "rights": rights, "active": True}
    async with transaction(house.engine) as connection:
        person: str | None = await connection.scalar(known.limit(1))
        if person is not None:
            await connection.execute(update(PortalAccount).where(col(PortalAccount.person) == person).values(**wanted))
            return person
        person = f"p-{secrets.token_hex(8)}"
        row = {
            "person": person,
            "party": Party.APPLICANT.value,
            "email": values["adres"],
            "enterprise_number": enterprise,
        }
        await connection.execute(insert(PortalAccount).values(**row, **wanted))
    return person


def _manages(visitor: Visitor, enterprise: str) -> None:
    """See that a visitor may decide who acts for an enterprise: who may do everything for it.

    Raises:
        Refusal: the visitor may do only some things, or nothing.
    """
    if not all(visitor.may(act, enterprise) for act in Act):
        raise Refusal("MayNotManage", "Alleen wie alles mag voor een onderneming, beheert haar contacten.")


def _rights(chosen: Iterable[object]) -> list[str]:
    """What was ticked, and reading with it: nobody answers without reading."""
    found = {act.value for act in Act if act.value in set(map(str, chosen))}
    return sorted(found | {Act.READ.value}) if found else []


def _say(request: Request, visitor: Visitor) -> Tongue:
    return tongue(language_of(request, visitor))


async def _page(
    request: Request,
    visitor: Visitor,
    rows: Any,
    *,
    at: str | None = None,
    typed: dict[str, str] | None = None,
    problems: dict[str, str] | None = None,
) -> Response:
    told, filled = problems or {}, typed or {}
    acting = [
        Acting(one, tuple(act.value for act in Act if visitor.may(act, one)), all(visitor.may(act, one) for act in Act))
        for one in visitor.enterprises
    ]
    managed = [one.enterprise for one in acting if one.managed]
    shown = at if at in managed else next(iter(managed), None)
    accounts = select(PortalAccount).where(col(PortalAccount.enterprise_number) == shown)
    given = select(Mandate).where(col(Mandate.enterprise_number) == shown)
    running = given.where(col(Mandate.holder_enterprise).is_not(None)).where(
        col(Mandate.ends_on).is_(None) | (col(Mandate.ends_on) >= today())
    )
    invited, office = (NAME, EMAIL, LANGUAGE), (HOLDER, UNTIL)
    ids = {question.column: question.field for question in (*invited, *office)}
    return render(
        request,
        visitor,
        "parties/contacts.html",
        status=UNPROCESSABLE if told else 200,
        acting=acting,
        shown=shown,
        accounts=list(await rows.execute(accounts.order_by(col(PortalAccount.name)))),
        mandates=list(await rows.execute(running.order_by(col(Mandate.given_at)))),
        invited=fields_of(invited, filled, {}, told),
        office=fields_of(office, filled, {}, told),
        problems=[Problem(text, f"#{ids.get(column, column)}") for column, text in told.items()],
        acts=[act.value for act in Act],
        dotted=dotted,
    )

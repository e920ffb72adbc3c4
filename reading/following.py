"""A party's own dossiers: where they stand, what is asked of it, what was decided, paid and sent.

Asked on a connection that shows only the party's rows; the query asks for them too, so that neither stands alone.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from models.messages.message import Message
from models.messages.words import Instrument, Kind, Party
from models.tables import (
    DecisionRow,
    DossierRow,
    Effect,
    Employer,
    EventRow,
    InstalmentRow,
    PaymentRow,
    Receipt,
    RecoveryRow,
    RequestRow,
)
from reading.dossiers import Standing
from reading.timeline import Entry

MOST = 200
"""How many dossiers one list shows; who has more narrows it to an enterprise."""


class Whose(Message):
    """Whose dossiers are meant: of these enterprises, or these dossiers. An agency's follow from the connection."""

    party: Party
    enterprises: tuple[str, ...] = ()
    dossiers: tuple[str, ...] = ()


class Asked(Message):
    """A question to this party, as it stands."""

    request: str
    code: str
    wants: list[str]
    until: date
    derivation: str
    silence: str
    stops_clock: bool
    state: str
    opened_at: datetime
    ended_at: datetime | None


class Followed(Message):
    """A dossier in a list: where it stands and what is asked of this party. `at`: its last event."""

    dossier: Standing
    at: datetime
    enterprise: str | None
    employer: str | None
    reference: str | None
    asked: tuple[Asked, ...]


class Decision(Message):
    """A formal outcome. Amounts in euro."""

    decision: int
    outcome: str
    asked: Decimal | None
    granted: Decimal
    reasons: list[str]
    steps: list[str]
    decided_at: datetime


class Instalment(Message):
    """A planned part of a grant, in euro."""

    instalment: int
    moment: str
    amount: Decimal


class Paid(Message):
    """A payment and what became of it, in euro."""

    payment: str
    instalment: int
    amount: Decimal
    state: str
    reference: str | None
    instructed_at: datetime
    ended_at: datetime | None


class Recovery(Message):
    """Money that is asked back, in euro."""

    amount: Decimal
    reason: str
    state: str
    ordered_at: datetime
    ended_at: datetime | None


class Sent(Message):
    """A mail to this party."""

    template: str
    state: str
    dated: date


class File(Message):
    """Everything a party may know of one dossier."""

    followed: Followed
    requests: tuple[Asked, ...]
    decisions: tuple[Decision, ...]
    instalments: tuple[Instalment, ...]
    payments: tuple[Paid, ...]
    recoveries: tuple[Recovery, ...]
    mails: tuple[Sent, ...]
    entries: tuple[Entry, ...]

    @property
    def number(self) -> str:
        """The number of the dossier."""
        return self.followed.dossier.number


async def followed(connection: AsyncConnection, whose: Whose, *, enterprise: str | None = None) -> tuple[Followed, ...]:
    """The party's dossiers: open ones first, then by what is due first; closed ones by when they were closed."""
    order = (
        col(DossierRow.closed_at).desc().nulls_first(),
        col(DossierRow.waiting_until).nulls_last(),
        col(DossierRow.number),
    )
    narrowed = [] if enterprise is None else [col(Receipt.enterprise_number) == enterprise]
    found = await _found(connection, _own(whose), *narrowed, order=order)
    asked = await _asked(connection, whose.party, [one["number"] for one in found])
    return tuple(_followed(one, [a for number, a in asked if number == one["number"]]) for one in found)


async def file(connection: AsyncConnection, whose: Whose, number: str) -> File | None:
    """One of the party's dossiers; None when it is not one of them, or did not open yet."""
    found = await _found(connection, _own(whose), col(DossierRow.number) == number, order=(col(DossierRow.number),))
    if not found:
        return None
    requests = [asked for _, asked in await _asked(connection, whose.party, [number], still_open=False)]
    mails = (col(Effect.party) == whose.party,)
    return File(
        followed=_followed(found[0], [asked for asked in requests if asked.state == "open"]),
        requests=tuple(requests),
        decisions=await _rows(connection, Decision, DecisionRow, DecisionRow.decision, number),
        instalments=await _rows(connection, Instalment, InstalmentRow, InstalmentRow.instalment, number),
        payments=await _rows(connection, Paid, PaymentRow, PaymentRow.instructed_at, number),
        recoveries=await _rows(connection, Recovery, RecoveryRow, RecoveryRow.ordered_at, number),
        mails=await _rows(connection, Sent, Effect, Effect.planned_at, number, *mails),
        entries=await _rows(connection, Entry, EventRow, EventRow.sequence, number),
    )


async def received(connection: AsyncConnection, whose: Whose, number: str) -> datetime | None:
    """When an application of this party was received whose dossier has not opened yet."""
    query = select(col(Receipt.received_at)).where(col(Receipt.number) == number, _own(whose, of=Receipt.number))
    moment: datetime | None = await connection.scalar(query)
    return moment


async def open_requests(connection: AsyncConnection, whose: Whose) -> tuple[tuple[str, Asked], ...]:
    """Everything that is asked of this party now, with the number of its dossier; by last day."""
    numbers = [one["number"] for one in await _found(connection, _own(whose), col(DossierRow.outcome).is_(None))]
    return tuple(await _asked(connection, whose.party, numbers))


def _own(whose: Whose, of: Any = DossierRow.number) -> ColumnElement[bool]:
    """The dossiers of a party. An employer has no part in a career account, and in a trajectory only when asked."""
    own = col(of).in_(whose.dossiers)
    if whose.party is Party.AGENCY:
        return col(of).in_(select(func.own_dossiers()))
    if whose.party is not Party.APPLICANT or not whose.enterprises:
        return own
    asked = select(col(RequestRow.request)).where(
        col(RequestRow.dossier) == col(of),
        col(RequestRow.party) == Party.APPLICANT.value,
        col(RequestRow.state) == "open",
    )
    employer = and_(
        col(Receipt.enterprise_number).in_(whose.enterprises),
        col(Receipt.instrument) != Instrument.CAREER_ACCOUNT.value,
        or_(col(Receipt.kind) != Kind.TRAJECTORY.value, asked.exists()),
    )
    return or_(own, employer)


async def _found(connection: AsyncConnection, *where: Any, order: Any = ()) -> list[Any]:
    columns = [col(getattr(DossierRow, name)) for name in Standing.model_fields]
    more = (col(DossierRow.updated_at), col(Receipt.enterprise_number), col(Receipt.reference))
    query = (
        select(*columns, *more)
        .join(Receipt, col(Receipt.number) == col(DossierRow.number), isouter=True)
        .where(*where)
        .order_by(*order)
        .limit(MOST)
    )
    found = [dict(row) for row in (await connection.execute(query)).mappings()]
    names = select(col(Employer.enterprise_number), col(Employer.name)).where(
        col(Employer.enterprise_number).in_({one["enterprise_number"] for one in found} - {None})
    )
    rows = await connection.execute(names.order_by(col(Employer.establishment_number).desc()))
    known = {row.enterprise_number: row.name for row in rows}
    return [one | {"employer": known.get(one["enterprise_number"])} for one in found]


async def _asked(
    connection: AsyncConnection, party: Party, numbers: list[str], *, still_open: bool = True
) -> list[tuple[str, Asked]]:
    columns = [col(getattr(RequestRow, name)) for name in Asked.model_fields]
    query = select(col(RequestRow.dossier), *columns).where(
        col(RequestRow.dossier).in_(numbers), col(RequestRow.party) == party.value
    )
    if still_open:
        query = query.where(col(RequestRow.state) == "open")
    rows = await connection.execute(query.order_by(col(RequestRow.until), col(RequestRow.request)))
    return [(row["dossier"], Asked.model_validate(_without(row, "dossier"))) for row in rows.mappings()]


def _followed(row: Any, asked: list[Asked]) -> Followed:
    more = ("updated_at", "enterprise_number", "reference", "employer")
    return Followed(
        dossier=Standing.model_validate(_without(row, *more)),
        at=row["updated_at"],
        enterprise=row["enterprise_number"],
        employer=row["employer"],
        reference=row["reference"],
        asked=tuple(asked),
    )


def _without(row: Any, *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


async def _rows(
    connection: AsyncConnection, shown: type[Any], table: Any, order: Any, number: str, *where: Any
) -> tuple[Any, ...]:
    columns = (getattr(table, name) for name in shown.model_fields)
    query = select(*columns).where(col(table.dossier) == number, *where)
    rows = await connection.execute(query.order_by(order))
    return tuple(shown.model_validate(dict(row)) for row in rows.mappings())

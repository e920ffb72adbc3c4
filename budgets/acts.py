"""What people decide about envelopes: one proposes, another approves, and only then the database moves the money.

The application itself cannot write an envelope. It settles the act, and a trigger of migration 0015 does what the act
says in the same transaction, or refuses it by a constraint, which is told here as a sentence.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col

from budgets.purses import Purse
from database import transaction
from models.errors import Refusal
from models.messages.commands import Actor
from models.messages.words import Fund, Role
from models.tables import BudgetAct, Envelope

Sort = Literal["open", "raise", "lower", "shift", "close"]
PROPOSES = frozenset({Role.FINANCE})
DECIDES = frozenset({Role.APPROVER, Role.BOARD})
"""Who may propose and who may decide; a person who holds roles of both kinds still never decides on an own proposal."""
CENT = Decimal("0.01")
SENTENCES: Mapping[str, str] = {
    "BudgetPromised": "Dat kan niet: er is al meer gereserveerd of vastgelegd dan er zou overblijven. Verlaag minder, "
    "of wacht tot er ruimte vrijkomt.",
    "EnvelopeClosed": "Dit budget is niet open (meer). Kies een budget van het lopende jaar.",
    "EnvelopeExists": "Dit budget bestaat al. Stel voor om het te verhogen.",
    "OtherPurse": "Verschuiven kan alleen naar een ander budget van hetzelfde fonds en hetzelfde jaar.",
    "ActSettled": "Over dit voorstel is al beslist. Ververs de lijst.",
    "ActFourEyes": "Vier ogen: u stelde dit zelf voor. Laat een collega beslissen.",
    "OtherProposal": "Alleen wie het voorstel deed kan het intrekken. U kunt het wel weigeren.",
    "ShiftTarget": "Zeg naar welk budget het geld verschuift; bij de andere voorstellen hoort dat niet.",
    "BudgetAmount": "Geef een bedrag in euro van meer dan nul, met hoogstens twee cijfers na de komma.",
    "BudgetReason": "Zeg waarom: wie beslist, moet dat kunnen lezen.",
}
CONSTRAINTS: Mapping[str, str] = {
    "envelope_room": "BudgetPromised",
    "envelope_open": "EnvelopeClosed",
    "envelope_pkey": "EnvelopeExists",
    "budget_act_same_purse": "OtherPurse",
    "budget_act_four_eyes": "ActFourEyes",
}
"""Constraints of the database that a person may run into."""


class Budgets:
    """Acts on the envelopes of a fund, each by two people."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def propose(
        self,
        envelope: str,
        sort: Sort,
        actor: Actor,
        *,
        reason: str,
        amount: Decimal | None = None,
        to: str | None = None,
    ) -> int:
        """Propose what may become of an envelope; returns the number of the act. Amount in euro, none for `close`.

        Raises:
            Refusal: not of this fund or role, no reason or amount, or the envelope is not what this act needs.
        """
        _may(actor, Purse.named(envelope).fund, PROPOSES, "voorstellen")
        row = {"envelope": envelope, "sort": sort, "amount": _amount(sort, amount), "reason": _reason(reason)}
        async with transaction(self._engine) as connection:
            await _possible(connection, envelope, sort, to)
            return await _proposed(connection, actor, row | {"to_envelope": to})

    async def close_year(self, fund: Fund, year: int, actor: Actor, *, reason: str) -> tuple[int, ...]:
        """Propose to close every open envelope of a year for which that was not proposed yet; the numbers of the acts.

        Raises:
            Refusal: not of this fund or role, no reason, or there is nothing left to close.
        """
        _may(actor, fund, PROPOSES, "voorstellen")
        row = {"sort": "close", "amount": None, "reason": _reason(reason), "to_envelope": None}
        pending = select(col(BudgetAct.envelope)).where(
            col(BudgetAct.state) == "proposed", col(BudgetAct.sort) == "close", col(BudgetAct.fund) == fund
        )
        query = select(col(Envelope.envelope)).where(
            *(col(Envelope.fund) == fund, col(Envelope.year) == year, col(Envelope.state) == "open"),
            col(Envelope.envelope).not_in(pending),
        )
        async with transaction(self._engine) as connection:
            names = (await connection.execute(query.order_by(col(Envelope.envelope)))).scalars().all()
            if not names:
                raise Refusal(
                    "NothingToClose", f"Van {fund.value} in {year} is er geen open budget dat nog af te sluiten is."
                )
            return tuple([await _proposed(connection, actor, row | {"envelope": name}) for name in names])

    async def approve(self, act: int, actor: Actor) -> None:
        """Do what was proposed; those who waited and now fit are served in the same transaction.

        Raises:
            Refusal: not of this fund or role, one's own proposal, settled already, or the envelope cannot bear it.
        """
        await self._settle(act, actor, "approved")

    async def refuse(self, act: int, actor: Actor) -> None:
        """Leave everything as it is.

        Raises:
            Refusal: not of this fund or role, one's own proposal, or settled already.
        """
        await self._settle(act, actor, "refused")

    async def withdraw(self, act: int, actor: Actor) -> None:
        """Take an own proposal back.

        Raises:
            Refusal: somebody else proposed it, or it was settled already.
        """
        await self._settle(act, actor, "withdrawn")

    async def _settle(self, act: int, actor: Actor, state: str) -> None:
        mine = col(BudgetAct.act) == act
        settled = {"state": state, "decided_by": actor.person, "decided_at": datetime.now(UTC)}
        try:
            async with transaction(self._engine) as connection:
                found = (await connection.execute(select(BudgetAct).where(mine).with_for_update())).one_or_none()
                if found is None:
                    raise Refusal("UnknownAct", f"Er is geen voorstel met nummer {act}. Kijk de lijst na.")
                _may_settle(found, actor, state)
                await connection.execute(update(BudgetAct).where(mine).values(settled))
        except IntegrityError as wrong:
            raise _told(wrong) from wrong


async def _possible(connection: AsyncConnection, envelope: str, sort: Sort, to: str | None) -> None:
    """Whether the envelopes that the act names are there; the trigger looks again when it is approved."""
    if (to is not None) != (sort == "shift"):
        raise _no("ShiftTarget")
    names = {envelope, to} - {None}
    query = select(col(Envelope.envelope), col(Envelope.state)).where(col(Envelope.envelope).in_(names))
    states = {row.envelope: row.state for row in await connection.execute(query)}
    if sort == "open" and states:
        raise _no("EnvelopeExists")
    for name in sorted(map(str, names)) if sort != "open" else ():
        if name not in states:
            raise Refusal("UnknownEnvelope", f"Het budget {name} bestaat niet. Kijk de lijst van budgetten na.")
        if states[name] != "open":
            raise _no("EnvelopeClosed")
    if to is not None and (to == envelope or _purse(to) != _purse(envelope)):
        raise _no("OtherPurse")


def _purse(name: str) -> tuple[Fund, int, bool]:
    found = Purse.named(name)
    return found.fund, found.year, found.rehearsed


async def _proposed(connection: AsyncConnection, actor: Actor, row: dict[str, Any]) -> int:
    made = {"fund": row["envelope"].partition("/")[0], "proposed_by": actor.person, "proposed_at": datetime.now(UTC)}
    added = insert(BudgetAct).values(row | made | {"state": "proposed"}).returning(col(BudgetAct.act))
    return int((await connection.execute(added)).scalar_one() or 0)


def _may(actor: Actor, fund: Fund, roles: frozenset[Role], what: str) -> None:
    if actor.fund != fund:
        raise Refusal("OtherFund", f"U werkt niet voor het fonds {fund.value}.")
    if not actor.roles & roles:
        named = " of ".join(sorted(role.value for role in roles))
        raise Refusal("RoleMissing", f"Over een budget mag wie {named} is {what}; die rol hebt u niet.")


def _may_settle(act: Any, actor: Actor, state: str) -> None:
    if act.state != "proposed":
        raise _no("ActSettled")
    own = act.proposed_by in (actor.person, actor.for_person)
    if state == "withdrawn":
        if act.proposed_by != actor.person:
            raise _no("OtherProposal")
        return
    if own:
        raise _no("ActFourEyes")
    _may(actor, Fund(act.fund), DECIDES, "beslissen")


def _amount(sort: Sort, amount: Decimal | None) -> Decimal | None:
    if sort == "close":
        return None
    if amount is None or amount <= 0 or amount != amount.quantize(CENT):
        raise _no("BudgetAmount")
    return amount


def _reason(typed: str) -> str:
    if not typed.strip():
        raise _no("BudgetReason")
    return typed.strip()


def _told(wrong: IntegrityError) -> Exception:
    """The constraint that said no as a sentence; anything else is a defect and stays what it is."""
    name = str(getattr(getattr(wrong.orig, "__cause__", None), "constraint_name", None))
    return _no(CONSTRAINTS[name]) if name in CONSTRAINTS else wrong


def _no(code: str) -> Refusal:
    return Refusal(code, SENTENCES[code])

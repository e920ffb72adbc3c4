"""What the pages of money share: who sees and who does what, which fund is looked at, and what the tabs say."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Form, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncConnection

from budgets.acts import DECIDES, PROPOSES
from models.errors import Refusal
from models.messages.words import Fund, Party, Role
from portal.access.rights import may
from portal.access.visitor import Visitor
from portal.navigation import MONEY
from portal.pages import render
from reading import parties

Looking = Annotated[Visitor, Depends(may(Party.STAFF, roles=MONEY))]
Finance = Annotated[Visitor, Depends(may(Party.STAFF, roles={Role.FINANCE}))]
Deciding = Annotated[Visitor, Depends(may(Party.STAFF, roles=PROPOSES | DECIDES))]
"""Who has a word on what was proposed about a budget: who decides, and who proposed it and may withdraw it."""
Text = Annotated[str, Form()]
Typed = Mapping[str, str]
NOTHING: Typed = {}


def fund_of(visitor: Visitor, asked: str | None) -> Fund:
    """The fund whose money is shown: the one asked, else the visitor's first.

    Raises:
        HTTPException: 404, the same for a fund of others as for one that does not exist.
    """
    if not asked:
        return visitor.funds[0]
    if asked not in visitor.funds:
        raise HTTPException(404)
    return Fund(asked)


def sees_accounts(visitor: Visitor) -> bool:
    """Whether account numbers are shown whole: to who pays and to who audits."""
    return bool({Role.FINANCE, Role.AUDITOR} & visitor.roles)


def masked(iban: str) -> str:
    """An account number of which the middle is hidden: BE68 •••• •••• 7034."""
    return f"{iban[:4]} •••• •••• {iban[-4:]}" if len(iban) > len("BE68") + 4 else "••••"


def spaced(iban: str) -> str:
    """An account number in fours: BE68 5390 0754 7034."""
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


def account_shown(visitor: Visitor, iban: str | None) -> str:
    """An account number as this visitor may read it."""
    if not iban:
        return ""
    return spaced(iban) if sees_accounts(visitor) else masked(iban)


async def show(
    request: Request,
    visitor: Visitor,
    rows: AsyncConnection,
    template: str,
    *,
    fund: Fund,
    problem: Refusal | None = None,
    status: int | None = None,
    people: frozenset[str] = frozenset(),
    **values: Any,
) -> Response:
    """A page of money of one fund. `people`: whose names it says; a name that is not known reads as its code."""
    names = await parties.names(rows, "", people) if people else {}
    return render(
        request,
        visitor,
        f"treasury/{template}",
        status=status or (422 if problem else 200),
        problem=problem,
        fund=fund,
        named=lambda person: names.get(person, person) if person else "",
        iban=lambda number: account_shown(visitor, number),
        decides=bool(DECIDES & visitor.roles),
        pays=Role.FINANCE in visitor.roles,
        **values,
    )

"""The page of accounts that nobody knew yet: a second person looks before anything is paid to them."""

from typing import get_args

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncConnection

from models.errors import Refusal
from models.messages.words import Fund, Party
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.house import house_of
from portal.language import marked as _
from portal.language import tongue
from portal.pages import Flash, go, language_of
from portal.refusals import Refused
from portal.treasury.desk import Finance, Looking, Text, fund_of, masked, show
from portal.wording import Wording
from reading import payment_runs as reading
from reading.payment_runs import Account
from treasury.accounts import NameCheck

router = APIRouter(prefix="/geld/rekeningen")
NAME_CHECKS: tuple[NameCheck, ...] = get_args(NameCheck)
SETTLED = 30


@router.get("")
async def overview(request: Request, visitor: Looking, rows: Rows, fonds: str | None = None) -> Response:
    """Accounts to look at, and those that were looked at before."""
    return await _page(request, visitor, rows, fund_of(visitor, fonds))


@router.post("/{dossier}")
async def verify(
    request: Request,
    visitor: Finance,
    rows: Rows,
    dossier: str,
    party: Text = "",
    seen: Text = "",
    answer: Text = "",
    name_check: Text = "",
) -> Response:
    """Say whether the account that was shown is right."""
    account = await _known(rows, visitor, dossier, party)
    try:
        if answer not in ("verify", "refuse") or name_check not in NAME_CHECKS:
            raise Refused("UnknownAnswer", _("Zeg wat de bank over de naam antwoordde, en of de rekening klopt."))
        if account.iban is None or account.digest != seen:
            raise Refused("AccountChanged", _("De rekening is intussen een andere. Bekijk ze opnieuw."))
        right = answer == "verify"
        await house_of(request).starter.verify_account(
            dossier, party, visitor.person, right=right, name_check=name_check, iban=account.iban
        )
    except Refusal as refusal:
        return await _page(request, visitor, rows, Fund(dossier.split("-")[0]), refusal)
    say = tongue(language_of(request, visitor))
    told = _("De rekening is aanvaard: er mag op betaald worden.")
    if not right:
        told = _("De rekening is niet aanvaard. Vraag de begunstigde een andere.")
    return go(
        f"/geld/rekeningen?fonds={dossier.split('-')[0]}", Flash(text=say(told), tone="good" if right else "warn")
    )


async def _page(
    request: Request, visitor: Visitor, rows: AsyncConnection, fund: Fund, problem: Refusal | None = None
) -> Response:
    to_verify = await reading.accounts(rows, (fund,), settled=False)
    settled = await reading.accounts(rows, (fund,), settled=True, limit=SETTLED)
    words, say = Wording(language_of(request, visitor)), tongue(language_of(request, visitor))

    def told_by(code: str) -> str:
        """Parties by their word; nobody said so where an account stood there from the start."""
        return say(_("bij de aanvraag")) if code == "unknown" else words.word(code, "parties")

    return await show(
        request,
        visitor,
        rows,
        "accounts.html",
        fund=fund,
        problem=problem,
        people=frozenset(p for one in (*to_verify, *settled) for p in (one.changed_by, one.verified_by) if p),
        to_verify=to_verify,
        settled=settled,
        name_checks=NAME_CHECKS,
        hidden=lambda iban: masked(iban) if iban else "",
        told_by=told_by,
        parties={party.value for party in Party} | {"unknown"},
        tones={"match": "good", "close": "warn", "no_match": "bad", "not_possible": ""},
    )


async def _known(rows: AsyncConnection, visitor: Visitor, dossier: str, party: str) -> Account:
    """The account as the page showed it.

    Raises:
        HTTPException: 404, the same for one of another fund as for one that does not exist.
    """
    for settled in (False, True):
        for one in await reading.accounts(rows, visitor.funds, settled=settled):
            if (one.dossier, one.party) == (dossier, party):
                return one
    raise HTTPException(404)

"""What the pages of payments show: what is due with the runs of a fund, and one run."""

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncConnection

import policies
from absences import today
from models.errors import Refusal
from models.messages.payment_runs import SAID_BY_PEOPLE, DiscardReason, HoldReason
from models.messages.words import Fund, Role
from portal.access.visitor import Visitor
from portal.language import marked as _
from portal.language import tongue
from portal.pages import language_of
from portal.treasury.desk import NOTHING, Typed, show
from portal.treasury.stages import line_tone, run_tone, stages
from reading import payment_runs as reading
from reading import payments_due
from reading.payment_runs import Run
from schemes.calendar import ONE_DAY, next_bank_day
from schemes.identifiers import compact_iban

DISCARDED_BY_PEOPLE: tuple[DiscardReason, ...] = ("made_by_mistake", "wrong_day", "other")
HELD_BY_PEOPLE = tuple(reason.value for reason in HoldReason if reason in SAID_BY_PEOPLE)
OPEN, ENDED = ("draft", "signing"), ("settled", "discarded")
UNDER_WAY = (*OPEN, "sealed", "handing_over", "handed_over", "unknown")
SHOWN, OVER = 100, 20
"""Lines and payments on one page; runs that are over."""


async def due_page(
    request: Request,
    visitor: Visitor,
    rows: AsyncConnection,
    fund: Fund,
    *,
    problem: Refusal | None = None,
    typed: Typed = NOTHING,
) -> Response:
    """What is due, runs on their way and runs that are over."""
    under_way = await reading.runs(rows, (fund,), states=UNDER_WAY)
    over = await reading.runs(rows, (fund,), states=ENDED, limit=OVER)
    account = policies.funds()[fund]
    return await show(
        request,
        visitor,
        rows,
        "payments.html",
        fund=fund,
        problem=problem,
        people=frozenset(person for run in (*under_way, *over) for person in _signers(run)),
        typed=typed,
        sums=await payments_due.sums(rows, fund),
        due=await payments_due.due(rows, fund, SHOWN),
        under_way=under_way,
        over=over,
        uncertain=[run for run in (*under_way, *over) if run.state == "unknown" or run.unknown],
        account=account,
        account_iban=compact_iban(account.iban),
        next_bank_day=next_bank_day(today() + ONE_DAY),
        run_tone=run_tone,
    )


async def run_page(
    request: Request,
    visitor: Visitor,
    rows: AsyncConnection,
    run: Run,
    *,
    state: str | None = None,
    after: str = "",
    problem: Refusal | None = None,
) -> Response:
    """One run, after a look as after something that was refused."""
    states = await payments_due.states(rows, run.run)
    shown = state if state in states else None
    lines = await reading.lines(rows, run.run, states=(shown,) if shown else None, after=after, limit=SHOWN + 1)
    pays = Role.FINANCE in visitor.roles
    return await show(
        request,
        visitor,
        rows,
        "run.html",
        fund=Fund(run.fund),
        problem=problem,
        people=frozenset({run.made_by, *_signers(run), *(line.by for line in lines)}),
        run=run,
        states=states,
        stages=stages(run.state),
        lines=lines[:SHOWN],
        next=lines[SHOWN - 1].line if len(lines) > SHOWN else None,
        state=shown,
        changeable=pays and run.state in OPEN,
        acts=pays and (run.state in OPEN or run.unknown > 0),
        why_not=await _why_not(request, visitor, rows, run) if pays and run.state in OPEN else "",
        hold_reasons=HELD_BY_PEOPLE,
        discard_reasons=DISCARDED_BY_PEOPLE,
        run_tone=run_tone,
        line_tone=line_tone,
    )


async def _why_not(request: Request, visitor: Visitor, rows: AsyncConnection, run: Run) -> str:
    """Why this visitor cannot sign this run, in words; nothing when there is no reason."""
    say = tongue(language_of(request, visitor))
    if visitor.person in _signers(run):
        return say(_("U tekende al. Een collega tekent als tweede."))
    if not run.lines:
        return say(_("Er staat geen enkele betaling in die vertrekt: er is niets om voor te tekenen."))
    if visitor.person in await payments_due.may_not_sign(rows, run.run):
        return say(
            _("Vier ogen: u nam al een stap in een van deze dossiers. Laat een collega tekenen, of laat het eruit.")
        )
    return ""


def _signers(run: Run) -> frozenset[str]:
    """Everybody who signed, and for whom."""
    return frozenset(name for one in run.signatures for name in (one.person, one.on_behalf_of) if name)

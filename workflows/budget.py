"""Room in the budget: asked before an amount goes to decision, so that what is on somebody's desk can be paid."""

from datetime import date, timedelta
from decimal import Decimal

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.grants import Grants
    from models.messages.dossier import BudgetStanding, ClosedPeriod
    from models.messages.events import BudgetAnswer, BudgetAsked, BudgetHeard, Cap, ClockStopped, Waited
    from models.messages.headcounts import CompanyYear, Headcount
    from models.messages.words import Party
    from schemes.calendar import end_of_day
    from schemes.checks import Check
    from schemes.company_budget import (
        budget_of,
        caps,
        committee_of,
        counted_on,
        headcount_known,
        lowered,
        short_reason,
    )
    from workflows.dossier import Dossier, Level
    from workflows.journal import FOREVER

ROOM = "budget_room"
CEILINGS = ("cap", "place")
"""Why the ledger leaves less than was asked for ever, and not only until there is room."""


class Budget(Dossier):
    """How a dossier asks the ledger, and what it does with the answer."""

    headcount: Headcount | None = None
    """Of the employer, for the year in which it was asked last."""
    _early: BudgetAnswer | None = None
    """Word of room that came before the ledger's first answer was heard."""

    async def reserve(self, amount: Decimal, level: Level) -> Decimal:
        """Ask room for the whole of an amount (euro) before it is decided on; returns what may be granted of it.

        A short budget lets the dossier wait in the order of receipt, and at the end of the year ask the next one. What
        was asked since the last decision is not asked again.

        Raises:
            SideExit: a ceiling leaves nothing, and that is refused at this level; or withdrawn while it waited.
        """
        if self.state.budgeted is None or amount <= 0:
            return amount
        if self.state.budget is None and not await self._ask_room(amount):
            return amount
        while (standing := self._hold()).state == "waiting":
            if not await self._wait_for_room(standing):
                if self._outlived():
                    await self._begin_anew()
                await self._ask_room(amount)
        self._resume(bool(self.state.suspensions) and self.state.suspensions[-1].end is None)
        if standing.allowed <= 0:
            self.refuse(level, self.shortfall(amount))
        return min(amount, standing.allowed)

    def shortfall(self, amount: Decimal) -> tuple[str, ...]:
        """Why less than this amount is reserved; nothing when all of it is."""
        standing = self.state.budget
        return (standing.reason,) if standing and standing.reason and standing.allowed < amount else ()

    def sum_told(self, steps: tuple[str, ...], amount: Decimal) -> tuple[str, ...]:
        """The steps of the sum of an amount, with what a ceiling left of it."""
        for reason in self.shortfall(amount):
            return lowered(steps, reason, self._hold().allowed)
        return steps

    async def count_heads(self) -> None:
        """Look up the headcount that gives this year's budget, where the policy has one per company."""
        year = self.today().year
        if budget_of(self.state.policy) is None or (self.headcount and self.headcount.year == year):
            return
        self.headcount = await workflow.execute_local_activity_method(
            Grants.headcount,
            CompanyYear(number=self.state.number, year=year),
            start_to_close_timeout=timedelta(seconds=10),
            retry_policy=FOREVER,
        )

    def heads_known(self) -> tuple[Check, ...]:
        """The check of the headcount, where the policy has a budget per company."""
        if budget_of(self.state.policy) is None:
            return ()
        return (headcount_known(self.state.facts, self.headcount, counted_on(self.today().year)),)

    async def _ask_room(self, amount: Decimal) -> bool:
        """Ask the ledger and note what it answers; False when there is nothing to ask."""
        await self.count_heads()
        ceilings = self._ceilings(amount)
        if not (ceilings or self.state.budgeted):
            return False
        told, year = bool(self.state.budget and self.state.budget.told), self.today().year
        asked = BudgetAsked(amount=amount, year=year, committee=committee_of(self.state.facts), caps=ceilings)
        sequence = self.note(asked)
        await self.settle()
        early = self._early
        answer = early if early is not None and early.sequence == sequence else self._ledger
        assert answer is not None
        assert answer.sequence == sequence
        self.state.budget = BudgetStanding(
            sequence=sequence, year=year, state=answer.state, allowed=answer.allowed, told=told
        )
        self._hear_of(answer)
        return True

    def _ceilings(self, amount: Decimal) -> tuple[Cap, ...]:
        number = self.state.enterprise_number
        company = f"{self.state.fund}/{number}" if number else None
        facts, policy = self.state.facts, self.state.policy
        return caps(amount, facts, policy, company=company, opened_on=self.opened_on, headcount=self.headcount)

    def _hear_of(self, answer: BudgetAnswer) -> None:
        standing = self._hold()
        standing.state, standing.allowed = answer.state, answer.allowed
        ceiling = short_reason(self.state.facts) if answer.reason == "cap" else "HEFBOOM_LOOPT_AL"
        standing.reason = ceiling if answer.reason in CEILINGS else "budget_short" if answer.reason else None
        self.note(BudgetHeard(state=standing.state, allowed=standing.allowed, reason=standing.reason))

    async def _wait_for_room(self, standing: BudgetStanding) -> bool:
        """Rest until there is room; False when the year ended first. Meanwhile the clock of the fund stands still."""
        last = date(standing.year, 12, 31)
        if not standing.told:
            standing.told = True
            self.state.suspensions.append(ClosedPeriod(start=self.today()))
            self.note(ClockStopped(because=f"{self.state.number}/{ROOM}/{standing.year}"))
            self.mail("budget_short", occasion=str(self.state.decisions + 1), amount=standing.allowed, until=last)
        self.note(Waited(on=Party.STAFF, reason=ROOM, until=last, then="asks_next_year"))
        return await self.rest(lambda: self._hold().state != "waiting", until=end_of_day(last))

    def _hold(self) -> BudgetStanding:
        assert self.state.budget is not None
        return self.state.budget

    @workflow.signal
    def budget_reserved(self, answer: BudgetAnswer) -> None:
        """The ledger's word that there is room now; one on an earlier question, or a second one, changes nothing."""
        standing = self.state.budget
        if standing is not None and standing.state == "waiting" and standing.sequence == answer.sequence:
            self._hear_of(answer)
        else:
            self._early = answer

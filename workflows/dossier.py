"""The spine: a life in phases, side exits, objections, and rolling over to newer code between phases."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, NoReturn

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.receipts import Receipts
    from models.messages.dossier import DossierState, Ending
    from models.messages.events import (
        Closed,
        Decided,
        DossierOpened,
        HandedOver,
        InstalmentPlanned,
        Waited,
    )
    from models.messages.facts import Facts
    from models.messages.receipts import HandOver
    from models.messages.words import Fund, Outcome
    from schemes.calendar import ONE_DAY, end_of_day, start_of_day
    from schemes.payment_days import last_day_of_a_return
    from schemes.steps import OBJECTION
    from workflows.beside import Awaited
    from workflows.journal import FOREVER, SideExit
    from workflows.reversals import Reversed
    from workflows.voices import OBJECTIONABLE, Voices

Phase = Callable[[], Awaitable[None]]
Level = Literal["automatic", "handler", "approver", "board"]

DECIDING = ("review", "approval", "board_employers", "board_unions", "admissibility", "objection")
"""Steps whose persons took a decision."""


class Letter(NamedTuple):
    """How a decision is told where it is not told as usual: by which mail, with which values, and who decided."""

    template: str | None = None
    values: Mapping[str, Any] = MappingProxyType({})
    deciding: tuple[str, ...] = DECIDING


class Reopened(Exception):
    """An objection was heard and the decision is taken again."""


class Dossier(Voices):
    """One dossier from receipt to closing. A kind gives its phases; this gives them a life."""

    reopens = "review"
    """The phase to which an objection that was followed leads back."""
    applied_for = True
    """Whether somebody applied, who is told of the receipt and of the end."""

    @workflow.init
    def __init__(self, state: DossierState) -> None:
        super().__init__(state)
        if not state.sequence:
            self._open_dossier()

    async def live(self, *phases: Phase) -> Ending:
        """Go through the phases, from where an earlier run left, and end by the last one or a side exit."""
        names = [phase.__name__ for phase in phases]
        if not self.state.phase:
            self.state.phase = names[0]
            self._confirm_receipt()
        while True:
            try:
                for phase in () if self.state.lived else phases[names.index(self.state.phase) :]:
                    await self._enter(phase.__name__)
                    await phase()
                    await self._roll_over(names, phase.__name__)
                if self._objected():
                    await self._hear()
                await self._money_stays()
                self.state.lived = True
                return await self._close(self.state.outcome or Outcome.COMPLETED, "completed")
            except SideExit as way:
                if not await self._reconsidered(way):
                    return await self._close(way.outcome, way.reason)
            except Reversed as turned:
                over = self._turn_back(turned)
                if over is None:
                    continue
                if not await self._reconsidered(over):
                    return await self._close(over.outcome, over.reason)
            except Reopened:
                pass
            self._live_again()

    def _open_dossier(self) -> None:
        """The first event of all, said before anybody can be heard: a command may come before the story begins."""
        self.note(
            DossierOpened(
                kind=self.state.facts.kind,
                instrument=self.state.facts.instrument,
                fund=self.state.fund,
                policy=self.state.policy.version,
                received_at=self.state.received_at,
                rehearsed=self.state.rehearsed,
                parent=self.state.parent,
                asked=getattr(self.state.facts, "asked", None),
            )
        )

    def _confirm_receipt(self) -> None:
        if not self.applied_for:
            return
        stated = getattr(self.state.facts, "asked", None)
        self.mail("receipt", instrument=self.state.facts.instrument, received_on=self.opened_on, asked=stated)

    async def _enter(self, phase: str) -> None:
        if self._objected():
            await self._hear()
        self.state.phase = phase
        await self.pay_again()

    async def _roll_over(self, names: list[str], done: str) -> None:
        """Between two phases, move to newer code when there is any, or to a fresh history when this one is long."""
        if done == names[-1] or not self._outlived():
            return
        self.state.phase = names[names.index(done) + 1]
        await self._begin_anew()

    def _outlived(self) -> bool:
        """Whether there is newer code to move to, or this history is long."""
        info = workflow.info()
        return info.is_target_worker_deployment_version_changed() or info.is_continue_as_new_suggested()

    async def _begin_anew(self) -> NoReturn:
        """Go on in a new run, on the newest code, with the phase that the state names."""
        await self._answer_everybody()
        workflow.continue_as_new(
            self.state, initial_versioning_behavior=workflow.ContinueAsNewVersioningBehavior.AUTO_UPGRADE
        )

    def _live_again(self) -> None:
        self.state.lived = False
        self.state.phase = self.reopens

    def _turn_back(self, turned: Reversed) -> SideExit | None:
        """Carry out a reversal; the way out when nothing is left of the grant, else the phase is taken up again."""
        plan, reason, was = turned.plan, turned.reason, self.state.granted
        self._leave_story("reversed", keep=frozenset() if plan.amount <= 0 else frozenset(self.state.duties))
        if plan.anew:
            self._live_again()
            return None
        agreed = ("reversal_proposal", "reversal_approval", "reversal_board_employers", "reversal_board_unions")
        letter = {"was": was, "amount": plan.amount, "claimed": plan.claim or None}
        told = Letter(template="decision_reversed", values=letter, deciding=agreed)
        self.decide(plan.outcome, plan.granted, level=plan.level, reasons=(reason,), told=told)
        self.replan()
        self.claim(plan.claim, "reversed")
        return SideExit(plan.outcome, reason) if plan.amount <= 0 else None

    def replan(self) -> None:
        """Plan what is still to be paid, where a kind pays in parts."""

    def _leave_story(self, reason: str, keep: frozenset[str] = frozenset()) -> None:
        """Nobody has to do any more what the story asked; what is beside it stays."""
        for task in [task for task in self.state.tasks if task not in self.state.beside]:
            self.cancel_task(task, reason)
        self.cancel_requests(reason, keep)

    # What stories say

    async def wait_until(self, day: date, reason: str, then: str, unless: Callable[[], bool] = lambda: False) -> bool:
        """Rest until a day begins; nobody has to do anything before. True when `unless` came first.

        An objection made meanwhile is heard at once, and what the bank brings back is paid again.
        """
        while day > self.today():
            self.note(Waited(reason=reason, until=day, then=then))
            came = await self.rest(lambda: unless() or self._objected() or self.brought_back(), until=start_of_day(day))
            if self._objected():
                await self._hear()
            elif self.brought_back():
                await self.pay_again()
            else:
                return came
        return unless()

    def refuse(self, level: Level, reasons: tuple[str, ...]) -> NoReturn:
        """Refuse, and leave by the door where an objection may still be made.

        Once something was paid this means that the grant stops at it.

        Raises:
            SideExit: always.
        """
        outcome = Outcome.REFUSED if self.state.paid <= 0 else Outcome.PARTIALLY_GRANTED
        self.decide(outcome, self.state.paid, level=level, reasons=reasons)
        raise SideExit(outcome, reasons[0] if reasons else "refused")

    def decide(
        self,
        outcome: Outcome,
        granted: Decimal,
        *,
        level: Level,
        reasons: tuple[str, ...] = (),
        steps: tuple[str, ...] = (),
        told: Letter = Letter(),  # noqa: B008 - frozen
    ) -> None:
        """Take the formal decision and tell the applicant, with the term for an objection. Amounts in euro."""
        self.state.budget = None
        self.state.decisions += 1
        self.state.outcome, self.state.granted, self.state.decided_on = outcome, granted, self.today()
        conditions = tuple(sorted(self.state.conditions)) if outcome is not Outcome.REFUSED else ()
        self.state.conditions = set()
        persons = tuple(self.state.acted[step] for step in told.deciding if step in self.state.acted)
        self.note(
            Decided(
                decision=self.state.decisions,
                outcome=outcome,
                level=level,
                asked=self.state.asked,
                granted=granted,
                reasons=reasons,
                persons=persons,
                steps=steps,
                conditions=conditions,
            )
        )
        self._tell_decision(outcome, granted, reasons, conditions, told)
        self.impose(conditions)

    def _tell_decision(
        self, outcome: Outcome, granted: Decimal, reasons: tuple[str, ...], conditions: tuple[str, ...], told: Letter
    ) -> None:
        template = {Outcome.GRANTED: "decision_granted", Outcome.PARTIALLY_GRANTED: "decision_partial"}
        values: dict[str, Any] = {
            "amount": granted,
            "asked": self.state.asked,
            "instrument": self.state.facts.instrument,
            "reasons": "|".join(reasons),
            "until": self.objection_deadline().last_day,
            "conditions": "|".join(conditions) or None,
        }
        self.mail(
            told.template or template.get(outcome, "decision_refused"),
            occasion=str(self.state.decisions),
            **values | dict(told.values),
        )

    def plan(self, instalment: int, moment: str, amount: Decimal) -> None:
        """Plan a part of the grant, in euro."""
        self.note(InstalmentPlanned(instalment=instalment, moment=moment, amount=amount))

    async def hand_over(self, fund: Fund, facts: Facts, reason: str) -> NoReturn:
        """Make a new dossier of this one, at another fund or of another kind, and end here.

        Raises:
            SideExit: always; the story ends with the hand-over.
        """
        self.note(HandedOver(to_fund=fund, to_instrument=facts.instrument, reason=reason))
        order = HandOver(dossier=self.state.number, fund=fund, facts=facts, opens_at=self.now())
        await self.settle()
        successor = await workflow.execute_activity_method(
            Receipts.hand_over, order, start_to_close_timeout=timedelta(seconds=10), retry_policy=FOREVER
        )
        self.mail("handed_over", fund=fund, successor=successor, reason=reason)
        raise SideExit(Outcome.HANDED_OVER, reason)

    async def _reconsidered(self, way: SideExit) -> bool:
        """After a refusal, leave time to object. True when an objection led to a new decision."""
        self._exits_open = False
        self._leave_story(way.reason)
        if way.outcome not in OBJECTIONABLE:
            return False
        last = self.objection_deadline().last_day
        self.note(Waited(reason="objection_term", until=last, then="closes"))
        if not await self.rest(lambda: self.state.objection is not None, until=end_of_day(last)):
            return False
        try:
            await self._hear()
        except Reopened:
            self._exits_open = True
            return True
        return False

    def _objected(self) -> bool:
        return self._exits_open and self.state.objection is not None

    async def _hear(self) -> None:
        """Let somebody who took no part in the decision hear the objection.

        Raises:
            Reopened: the objection is followed.
        """
        done = await self.ask(OBJECTION)
        self.state.objection = None
        self.mail("objection_decided", occasion=str(self.state.decisions), outcome=done.outcome)
        if done.outcome == "overturned":
            self.drop_what_rests_on_the_decision()
            raise Reopened

    async def _money_stays(self) -> None:
        """A closed dossier hears nobody, so it stays open until the bank can no longer bring back what it paid."""
        await self.pay_again()
        while self.state.story > 2 and (paid_on := self.paid_on()) is not None:
            stays_from = last_day_of_a_return(paid_on) + ONE_DAY
            if stays_from <= self.today():
                return
            await self.wait_until(stays_from, "payment_stays", "closes")

    async def _close(self, outcome: Outcome, reason: str) -> Ending:
        """Say how it ended, store it, and let everybody who is still asking have an answer."""
        await self._see_through()
        self._exits_open = False
        self._closed = True
        self.state.outcome = outcome
        self.note(Closed(outcome=outcome, reason=reason))
        template = {Outcome.WITHDRAWN: "withdrawn", Outcome.LAPSED: "lapsed"}.get(outcome, "closed")
        if self.applied_for and outcome not in (Outcome.REFUSED, Outcome.HANDED_OVER):
            granted, paid = self.state.granted or None, self.state.paid or None
            self.mail(template, outcome=outcome, reason=reason, on=self.today(), granted=granted, paid=paid)
        await self._answer_everybody()
        return Ending(
            number=self.state.number, outcome=outcome, reason=reason, granted=self.state.granted, paid=self.state.paid
        )

    async def _see_through(self) -> None:
        """Before it closes: what is beside the story comes to its end, such as money that has to come back."""
        self.tend()
        while (awaited := self.awaited_beside()) is not None:
            on, reason, until, then = awaited
            self.note(Waited(on=on, reason=reason, until=until, then=then))
            await self.rest(partial(self._moved_on, awaited), until=self.end_of(until))
            if self._objected():
                await self._hear()

    def _moved_on(self, awaited: Awaited) -> bool:
        return self.awaited_beside() != awaited or self._objected()

    async def _answer_everybody(self) -> None:
        """Before this run ends: store what was said, and what comes in meanwhile, until nobody awaits an answer."""
        await self.settle()
        self.ended = True
        while self._unstored or not workflow.all_handlers_finished():
            await self.settle()
            await workflow.wait_condition(lambda: bool(self._unstored) or workflow.all_handlers_finished())

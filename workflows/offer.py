"""From a dismissal to an offer: the regime of the law, its terms, and every way in which nothing starts."""

import contextlib
from functools import partial
from typing import NoReturn

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.events import RegimeChosen
    from models.messages.words import Party
    from schemes.calendar import ONE_DAY
    from schemes.coded_answers import day_in
    from schemes.deadlines import Deadline, Term
    from schemes.dismissals import FactMissing
    from schemes.outplacement_terms import (
        FIFTEEN_DAYS,
        ONE_MONTH,
        default_notice_deadline,
        employer_response_deadline,
        offer_deadline,
        way_to_start,
    )
    from schemes.regimes import RegimeDecision, choose_regime
    from workflows.correcting import Correcting, Turned, look_again


class Offer(Correcting):
    """What comes before the guidance."""

    async def regime(self) -> None:
        """Which regime fits, by the first decision table; a fact it cannot do without is asked."""
        found = await self._decide()
        self.state.notes["regime"] = found.regime
        source = f"{found.article} [{found.source}]"
        self.note(RegimeChosen(regime=found.regime, rule=found.rule, source=source))
        await self.check_terms()

    async def offer(self) -> None:
        """The employer's offer within the term of the law, or after a notice of default.

        Facts that are put right meanwhile begin it again, by the regime that they give.
        """
        found = self.offered
        while not found:
            with contextlib.suppress(Turned):
                await self._seek_offer()
                found = True

    async def _seek_offer(self) -> None:
        way = way_to_start(self.chosen)
        if way == "none":
            self.not_started(self.chosen)
        if way == "register":
            return
        if way == "request":
            await self._hear_wish()
            await self._ask_offer(Deadline(start=self.today(), term=FIFTEEN_DAYS), "not_started")
        elif deadline := offer_deadline(self.chosen, self.dismissal):
            await self._ask_offer(deadline, "default_notice")
        if not self.offered:
            await self._default_notice()
        await self.check_terms()

    async def _decide(self) -> RegimeDecision:
        procedure = self.policy.procedure
        while True:
            try:
                return choose_regime(self.dismissal)
            except FactMissing as missing:
                fields = (missing.field,)
            reminders = procedure.completion_reminders
            term = procedure.completion_term
            if await self.ask_party("completion", term, fields=fields, reminders=reminders) is None:
                self.not_started("facts_missing")

    async def _ask_offer(self, deadline: Deadline, silence: str) -> None:
        """Ask the employer for the day of the offer, unless the term is over and nothing was said.

        Raises:
            Turned: by the facts as they are now, no offer is asked.
        """
        if deadline.is_over(self.now()) and "offer" not in self.state.answers:
            return
        answer = await self.ask_party("offer", deadline, fields=("offered_on",), silence=silence)
        if answer is not None:
            look_again(answer)
            self.learn(offered_on=day_in(answer.values, "offered_on") or self.today())

    async def _default_notice(self) -> None:
        """The person may give notice of default, after which the employer has one more term."""
        seen = self.corrections
        await self.check_terms()
        if self.put_right_since(seen):
            raise Turned
        if self.facts.default_notice_on is None:
            window = default_notice_deadline(self.chosen, self.dismissal)
            if window is None or not await self._noticed(window):
                self._give_up("no_offer", seen)
        notice = self.facts.default_notice_on or self.today()
        own = Deadline(start=notice, term=Term.parse(self.policy.notify_term))
        await self._ask_offer(employer_response_deadline(self.chosen, notice) or own, "not_started")
        if not self.offered:
            await self.check_terms()
            self._give_up("no_offer_after_default_notice", seen)

    def _give_up(self, reason: str, seen: int) -> NoReturn:
        """End without an offer; raises Turned when one came while the clerk looked, or facts were put right."""
        if "offer" in self.state.answers or self.put_right_since(seen):
            raise Turned
        self.not_started(reason)

    async def _noticed(self, window: Deadline) -> bool:
        """Whether a notice of default, or a late offer after all, came before the end of the window.

        Raises:
            Turned: facts were put right meanwhile.
        """
        day, seen = window.last_day + ONE_DAY, self.corrections
        woken = partial(self._noticed_or_moved, seen)
        came = await self.wait_until(day, "default_notice", "not_started", unless=woken)
        self.leave_when_gone()
        if self.put_right_since(seen):
            raise Turned
        notice = self.told_of("default_notice")
        if notice is not None:
            self.learn(default_notice_on=notice.on)
        return came

    def _noticed_or_moved(self, seen: int) -> bool:
        noticed = self.told_of("default_notice") is not None or "offer" in self.state.answers
        return noticed or self.put_right_since(seen) or self.is_gone()

    async def _hear_wish(self) -> None:
        """Below half time the guidance exists only for who asks it in so many words [P40]."""
        if "wished" in self.state.notes:
            return
        term = Deadline(start=self.today(), term=ONE_MONTH)
        answer = await self.ask_party("wish", term, party=Party.PARTICIPANT, fields=("wish",))
        if answer is not None:
            look_again(answer)
        if answer is None or answer.values.get("wish") != "yes":
            self.not_started("not_requested")
        self.state.notes["wished"] = "yes"

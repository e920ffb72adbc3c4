"""From a dismissal to an accepted offer: the regime of the law, its terms, and every way in which nothing starts."""

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
        answer_deadline,
        default_notice_deadline,
        employer_response_deadline,
        offer_deadline,
    )
    from schemes.regimes import Regime, RegimeDecision, choose_regime
    from workflows.dismissal import Dismissal

WITHOUT_DUTY = (Regime.NO_DUTY, Regime.EXCLUDED_URGENT_CAUSE, Regime.PENSION_AGE)
WITHOUT_OFFER = (Regime.BANKRUPTCY, Regime.COLLECTIVE_UNDER_45, Regime.COLLECTIVE_45_PLUS)
"""The person registers with the employment cell or the public fund; no offer and no answer run by the law."""
ANSWERS = ("accepted", "refused")


class Offer(Dismissal):
    """What comes before the guidance."""

    async def regime(self) -> None:
        """Which regime fits, by the first decision table; a fact it cannot do without is asked."""
        found = await self._decide()
        self.state.notes["regime"] = found.regime
        source = f"{found.article} [{found.source}]"
        self.note(RegimeChosen(regime=found.regime, rule=found.rule, source=source))
        await self.check_terms()

    async def offer(self) -> None:
        """The employer's offer within the term of the law, or after a notice of default."""
        if self.offered:
            return
        if self.chosen in WITHOUT_DUTY:
            self.not_started(self.chosen)
        if self.chosen in WITHOUT_OFFER:
            return
        if self.chosen is Regime.SPECIAL_45_PLUS_ON_REQUEST:
            await self._hear_wish()
            await self._ask_offer(Deadline(start=self.today(), term=FIFTEEN_DAYS), "not_started")
        elif deadline := offer_deadline(self.chosen, self.dismissal):
            await self._ask_offer(deadline, "default_notice")
        if not self.offered:
            await self._default_notice()
        await self.check_terms()

    async def answer(self) -> None:
        """The person's answer within the term of the law."""
        offered_on = self.facts.offered_on
        if self.facts.answer is None and self.facts.started_on is None and offered_on is not None:
            await self.wait_until(offered_on, "offer", "asks_answer", unless=self.is_gone)
            own = Deadline(start=offered_on, term=Term.parse(self.policy.notify_term))
            await self._ask_answer(answer_deadline(self.chosen, offered_on) or own)
        if self.facts.answer == "refused":
            self.not_started("refused")

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
        """Ask the employer for the day of the offer, unless the term is over and nothing was said."""
        if deadline.is_over(self.now()) and "offer" not in self.state.answers:
            return
        answer = await self.ask_party("offer", deadline, fields=("offered_on",), silence=silence)
        if answer is not None:
            self.learn(offered_on=day_in(answer.values, "offered_on") or self.today())

    async def _default_notice(self) -> None:
        """The person may give notice of default, after which the employer has one more term."""
        await self.check_terms()
        if self.facts.default_notice_on is None:
            window = default_notice_deadline(self.chosen, self.dismissal)
            if window is None or not await self._noticed(window):
                self.not_started("no_offer")
        notice = self.facts.default_notice_on or self.today()
        own = Deadline(start=notice, term=Term.parse(self.policy.notify_term))
        await self._ask_offer(employer_response_deadline(self.chosen, notice) or own, "not_started")
        if not self.offered:
            await self.check_terms()
            self.not_started("no_offer_after_default_notice")

    async def _noticed(self, window: Deadline) -> bool:
        """Whether a notice of default, or a late offer after all, came before the end of the window."""
        day = window.last_day + ONE_DAY
        came = await self.wait_until(day, "default_notice", "not_started", unless=self._was_noticed)
        self.leave_when_gone()
        notice = self.told_of("default_notice")
        if notice is not None:
            self.learn(default_notice_on=notice.on)
        return came

    def _was_noticed(self) -> bool:
        return self.told_of("default_notice") is not None or "offer" in self.state.answers or self.is_gone()

    async def _hear_wish(self) -> None:
        """Below half time the guidance exists only for who asks it in so many words [P40]."""
        term = Deadline(start=self.today(), term=ONE_MONTH)
        answer = await self.ask_party("wish", term, party=Party.PARTICIPANT, fields=("wish",))
        if answer is None or answer.values.get("wish") != "yes":
            self.not_started("not_requested")

    async def _ask_answer(self, deadline: Deadline) -> None:
        while self.facts.answer is None:
            late = deadline.is_over(self.now()) and "answer" not in self.state.answers
            details = {"offered_on": self.facts.offered_on, "agency": self.facts.agency}
            answer = None
            if not late:
                answer = await self.ask_party(
                    "answer",
                    deadline,
                    party=Party.PARTICIPANT,
                    fields=("answer",),
                    template="trajectory_offer",
                    details=details,
                )
            if answer is None:
                await self.check_terms()
                if self.facts.answer is None:
                    self.not_started("no_answer")
            elif (word := answer.values.get("answer")) in ANSWERS:
                self.learn(answer=word, answered_on=self.today())

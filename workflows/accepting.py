"""The person's answer to an offer, within the term of the law, and the day of the first session."""

from datetime import date
from functools import partial

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import AnswerRequest, ReportFact
    from models.messages.words import Party
    from schemes.calendar import ONE_DAY
    from schemes.coded_answers import day_in
    from schemes.collective_dismissal import cell_ends
    from schemes.correcting import CorrectionError, see_that_it_can_be
    from schemes.deadlines import Deadline, Term
    from schemes.outplacement_terms import answer_deadline, offer_deadline
    from workflows.journal import refusal
    from workflows.offer import Offer
    from workflows.standing import TO_THE_WORD

ANSWERS = ("accepted", "refused")
DAYS = {"offer": "offered_on", "start": "started_on"}
"""What a party tells the day of."""
AGENCY_SILENT, CELL_OVER = "BUREAU_ZWIJGT", "CEL_VOORBIJ"


class Accepting(Offer):
    """What comes between an offer and the first session."""

    async def answer(self) -> None:
        """The person's answer within the term of the law."""
        if self.facts.answer is None and self.facts.started_on is None and self.facts.offered_on is not None:
            await self._come_to_the_offer(self.facts.offered_on)
            await self._ask_answer(self.facts.offered_on)
        if self.facts.answer == "refused":
            self.not_started("refused")

    def may_take(self, command: AnswerRequest) -> None:
        """The days of the offer and of the first session are days that can be."""
        super().may_take(command)
        field = DAYS.get(self._code(command.request))
        if field is None or getattr(self.facts, field) is not None:
            return
        day = day_in(command.values, field)
        if day is None:
            if field == "started_on":
                raise refusal("FactImpossible", "Vul de dag van het eerste gesprek in (started_on).")
            return
        try:
            see_that_it_can_be(self.facts, field, day, self.today())
        except CorrectionError as wrong:
            raise refusal("FactImpossible", str(wrong)) from wrong

    def may_hear(self, command: ReportFact) -> None:
        """Nobody is in default before an offer was due: a notice before that would cost the right to a good one."""
        super().may_hear(command)
        if command.fact != "default_notice" or "regime" not in self.state.notes:
            return
        deadline = offer_deadline(self.chosen, self.dismissal)
        if deadline is not None and command.on <= deadline.last_day:
            first = deadline.last_day + ONE_DAY
            raise refusal(
                "NoticeEarly", f"In gebreke stellen kan vanaf {first:%d/%m/%Y}: tot dan mag een aanbod komen."
            )

    async def _come_to_the_offer(self, offered_on: date) -> None:
        seen = -1
        while self.put_right_since(seen):
            seen = self.corrections
            woken = partial(self._gone_or_moved, seen)
            await self.wait_until(self.facts.offered_on or offered_on, "offer", "asks_answer", unless=woken)

    def _gone_or_moved(self, seen: int) -> bool:
        return self.is_gone() or self.put_right_since(seen)

    def _answer_deadline(self, offered_on: date) -> Deadline:
        own = Deadline(start=offered_on, term=Term.parse(self.policy.notify_term))
        return answer_deadline(self.chosen, self.facts.offered_on or offered_on) or own

    async def _ask_answer(self, offered_on: date) -> None:
        while self.facts.answer is None:
            deadline = self._answer_deadline(self.facts.offered_on or offered_on)
            late = deadline.is_over(self.now()) and "answer" not in self.state.answers
            answer = None if late else await self._asked_for_answer(deadline)
            if answer is None:
                seen = self.corrections
                await self.check_terms()
                spoke = "answer" in self.state.answers
                if self.facts.answer is None and not spoke and not self.put_right_since(seen):
                    self.not_started("no_answer")
            elif (word := answer.values.get("answer")) in ANSWERS:
                self.learn(answer=word, answered_on=self.today())

    async def _asked_for_answer(self, deadline: Deadline) -> AnswerRequest | None:
        details = {"offered_on": self.facts.offered_on, "agency": self.facts.agency}
        return await self.ask_party(
            "answer",
            deadline,
            party=Party.PARTICIPANT,
            fields=("answer",),
            template="trajectory_offer",
            details=details,
        )

    def first_session_by(self) -> Deadline:
        """Until when the agency is asked: its term, but no longer than the employment cell is open."""
        own, cell = Deadline(start=self.today(), term=Term.parse(self.policy.agency_term)), self._cell
        return cell if cell is not None and self.today() <= cell.last_day < own.last_day else own

    def no_session(self) -> tuple[str, ...]:
        """What a clerk looks at when the agency keeps silent; that the cell is over comes once."""
        if self._cell is None or not self._cell.is_over(self.now()) or CELL_OVER in self.state.notes:
            return (AGENCY_SILENT,)
        self.state.notes[CELL_OVER] = "seen"
        return AGENCY_SILENT, CELL_OVER

    @property
    def _cell(self) -> Deadline | None:
        return cell_ends(self.chosen, self.facts.dismissed_on) if self.state.story >= TO_THE_WORD else None

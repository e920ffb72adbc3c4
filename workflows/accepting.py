"""The person's answer to an offer, within the term of the law."""

from datetime import date
from functools import partial

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import AnswerRequest
    from models.messages.words import Party
    from schemes.deadlines import Deadline, Term
    from schemes.outplacement_terms import answer_deadline
    from workflows.offer import Offer

ANSWERS = ("accepted", "refused")


class Accepting(Offer):
    """What comes between an offer and the first session."""

    async def answer(self) -> None:
        """The person's answer within the term of the law."""
        if self.facts.answer is None and self.facts.started_on is None and self.facts.offered_on is not None:
            await self._come_to_the_offer(self.facts.offered_on)
            await self._ask_answer(self.facts.offered_on)
        if self.facts.answer == "refused":
            self.not_started("refused")

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

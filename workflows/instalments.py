"""A grant that is paid in parts, and planned anew whenever it moves."""

from decimal import Decimal

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import AnswerRequest
    from models.messages.events import InstalmentPlanned
    from schemes.instalments import Instalment, Moment, closing_part, instalments
    from workflows.changes import Changes

CLOSING_PART = 5
"""The story from which on a grant that is raised when all parts were settled is made good by one part more."""
CLOSING = "closing_part"
"""The note of the number of the part that was planned beyond the policy's."""


class Instalments(Changes):
    """How parts of a grant are paid, each once, and never more together than the grant."""

    async def pay_up_to(self, moment: Moment) -> None:
        """Pay every part that is payable at this moment and was not paid yet."""
        moments = [part.moment for part in self.policy.slices]
        last = moments.index(moment) + 1
        for part in self._parts():
            if part.number <= last or last == len(moments):
                await self.pay(part.number, part.amount)
                self.state.notes["settled"] = str(part.number)

    def regrant(self, amount: Decimal, reason: str) -> None:
        """Let the grant be another amount (euro), and plan what is left of it anew."""
        before = self.state.granted
        super().regrant(amount, reason)
        if self.state.granted != before:
            self.plan_parts()

    def _correct(self, command: AnswerRequest) -> None:
        """Facts may be corrected with any answer; once the board decided, the term moves by an approved change only."""
        if command.facts is not None and "agreed_end" in self.state.notes:
            term = {"starts_on": self.facts.starts_on, "ends_on": self.facts.ends_on}
            command = command.model_copy(update={"facts": command.facts.model_copy(update=term)})
        super()._correct(command)

    def _parts(self) -> tuple[Instalment, ...]:
        settled, slices = int(self.state.notes.get("settled", "0")), self.policy.slices
        if self.state.story < CLOSING_PART or settled < len(slices):
            return instalments(self.state.granted, slices, settled, self.state.paid)
        part = closing_part(self.state.granted, slices, settled, self.state.paid)
        told = self.state.notes.get(CLOSING) == str(part.number)  # then it is also told that nothing is left of it
        return (part,) if told or part.amount > 0 else ()

    def replan(self) -> None:
        """The parts of the new grant."""
        self.plan_parts()

    def plan_parts(self) -> None:
        """Plan what is still to be paid."""
        for part in self._parts():
            self.note(InstalmentPlanned(instalment=part.number, moment=part.moment, amount=part.amount))
            if part.number > len(self.policy.slices):
                self.state.notes[CLOSING] = str(part.number)

"""When a word is firm: a click on the wrong answer can be put right before anything follows from it."""

from datetime import date
from functools import partial

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from schemes.follow_up import Told, due, firm_from, moment_of
    from workflows.due import Due

SETTLES = 4
"""The story from which on the last word of a person stays open to correction for one answer term."""
SAID_ON = "said_on"
"""The note of the day on which something new became known of the person."""


class Settling(Due):
    """Leaves time to correct before a lasting word settles what comes later, and before the trajectory closes."""

    def conclude(self, moment: str, found: Told) -> None:
        """As ever; what only follows from a lasting word is nothing new."""
        if self.state.story >= SETTLES and found != self.lasting:
            self.state.notes[SAID_ON] = str(self.today())
        super().conclude(moment, found)

    async def follow_up_at(self, months: int, ended_on: date) -> None:
        """Come to the moment, which moves with the end of the guidance; then ask as ever.

        A lasting word spares the question, once it is firm or the moment is there. A moment that is known, because the
        story stopped in the time to correct and goes on, is not asked about again.
        """
        if not self.by_moments:
            await super().follow_up_at(months, ended_on)
            return
        moment = moment_of(months)
        known = self.state.story >= SETTLES and not self._nobody_asked(moment)
        if known or months not in self.policy.follow_up_months:
            return
        while (day := due(self.ended_on, months)) > self.today():
            changed = partial(self._differs, self.lasting, self.corrections)
            if self.lasting is None:
                await self.wait_until(day, "follow_up", "asks_person", unless=changed)
            elif (firm := min(day, self._firm_from)) > self.today():
                await self.wait_until(firm, "correction", "closes", unless=changed)
            else:
                break
        await self.find_out(moment, months)

    async def time_to_correct(self) -> None:
        """Before it closes: a closed trajectory hears nobody, so it stays open until the last word is firm."""
        while self._firm_from > self.today():
            await self.wait_until(self._firm_from, "correction", "closes")

    def _differs(self, lasting: Told | None, corrections: int) -> bool:
        return self.lasting != lasting or self.put_right_since(corrections)

    @property
    def _firm_from(self) -> date:
        """The first day on which the last word is firm; today where this story noted none."""
        said_on = self.state.notes.get(SAID_ON)
        return firm_from(date.fromisoformat(said_on), self.policy) if said_on else self.today()

"""A plan that several parties sign, in any order; early ones count, silence of a party outside ends the dossier."""

import heapq
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from operator import itemgetter

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.dossier import OpenRequest, OpenTask
    from models.messages.events import RequestLapsed, RequestReminded, Waited
    from models.messages.words import Party
    from schemes.calendar import end_of_day
    from schemes.steps import StaffStep
    from workflows.clock import morning
    from workflows.intake import Intake

Press = tuple[datetime, Callable[[], None]]
SIGNED = "signed"


class Signatures(Intake):
    """How a plan is signed by parties outside and by the fund, in any order."""

    async def sign(self, parties: Mapping[str, Party], term: str, step: StaffStep) -> None:
        """Ask every party (by the code of its signature) and the fund at once; comes back when all have signed.

        Raises:
            SideExit: a party did not sign within the term, or the fund refused to.
        """
        self._collect(parties, step, None)
        if not self._missing(parties, step):
            return
        task = None if step.code in self.state.notes else self._open(step, None, "sign")
        asked = [self._ask_to_sign(code, parties[code], term) for code in parties if code not in self.state.notes]
        presses = heapq.merge(self._on_staff(step, task), self._on_parties(asked), key=itemgetter(0))
        for moment, press in presses:
            while await self.rest(partial(self._news, parties, step, task), until=moment):
                self._collect(parties, step, task)
                if not self._missing(parties, step):
                    return
                self._say_who_is_awaited(task)
            press()

    def _missing(self, parties: Mapping[str, Party], step: StaffStep) -> list[str]:
        return [code for code in (*parties, step.code) if code not in self.state.notes]

    def _ask_to_sign(self, code: str, party: Party, term: str) -> OpenRequest:
        opened = self._ask(code, term, party, (), (code,), "lapses", stops=False)
        self.mail("plan_to_sign", party, occasion=self._occasion(code), until=opened.until)
        return opened

    def _news(self, parties: Mapping[str, Party], step: StaffStep, task: OpenTask | None) -> bool:
        signed = any(code in self.state.answers for code in parties)
        return signed or (step.code not in self.state.notes and task is not None and task.task in self.state.done)

    def _collect(self, parties: Mapping[str, Party], step: StaffStep, task: OpenTask | None) -> None:
        for code, party in parties.items():
            answer = self.state.answers.pop(code, None)
            if answer is not None and answer.by.party in (party, Party.STAFF):  # nobody signs for another, early or not
                self.state.requests.pop(code, None)
                self.state.notes[code] = SIGNED
        done = self.state.done.get(task.task) if task else None
        if done is not None and done.outcome == "refuse":
            self.refuse("handler", done.reasons)
        if done is not None:
            self.state.notes[step.code] = SIGNED

    def _say_who_is_awaited(self, task: OpenTask | None) -> None:
        """A party outside goes first: it has a last day with a consequence; staff is pressed, but never lets lapse."""
        for opened in self.state.requests.values():
            self.note(Waited(on=opened.party, reason=opened.code, until=opened.until, then=opened.silence))
            return
        if task is not None:
            self.note(Waited(on=Party.STAFF, reason=task.step, until=task.due, then="escalates"))

    def _on_staff(self, step: StaffStep, task: OpenTask | None) -> Iterator[Press]:
        if task is None:
            return
        for moment, chase in self._chases(step, task):
            if task.task not in self.state.tasks:
                return
            yield moment, partial(self._chase_open, task, chase)

    def _chase_open(self, task: OpenTask, chase: Callable[[], None]) -> None:
        if task.task in self.state.tasks:
            chase()

    def _on_parties(self, asked: list[OpenRequest]) -> Iterator[Press]:
        """Remind who did not sign yet; after the last day, which may have been moved, the dossier lapses."""
        days = {day for one in asked for day in self._reminders(one.until, self._before)}
        for times, day in enumerate(sorted(days), start=1):
            yield morning(day), partial(self._remind_signers, times)
        while open_ones := [one for one in asked if one.code in self.state.requests]:
            first = min(one.until for one in open_ones)
            yield end_of_day(first), self._lapse_unsigned

    @property
    def _before(self) -> tuple[str, ...]:
        return self.state.policy.procedure.completion_reminders

    def _remind_signers(self, times: int) -> None:
        for opened in self.state.requests.values():
            self.note(RequestReminded(request=self._name(opened.code), times=times))
            occasion = f"{self._occasion(opened.code)}/{times}"
            self.mail("request_reminder", opened.party, occasion=occasion, until=opened.until, wants=opened.code)

    def _lapse_unsigned(self) -> None:
        late = [opened for opened in self.state.requests.values() if self._over(end_of_day(opened.until))]
        for opened in late:
            self.note(RequestLapsed(request=self._name(opened.code), code=opened.code))
        if late:
            self.lapse("unsigned")

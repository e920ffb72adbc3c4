"""How trajectories that opened before were followed: a person after the guidance, and shortly between two phases."""

from collections.abc import Mapping
from datetime import date

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.words import Party
    from schemes import follow_up
    from schemes.follow_up import Told
    from schemes.steps import PHONE
    from workflows.moments import OF_AGENCY, Moments
    from workflows.requests import NO_DETAILS

QUESTION = "follow_up"


class FirstManner(Moments):
    """Stories 1 and 2: an answer is about the last moment, and the agency alone is asked at the end."""

    async def follow_up_at(self, months: int, ended_on: date) -> None:
        """One moment after the guidance, when the fund asks at it; a lasting outcome is noted without asking."""
        if months not in self.policy.follow_up_months:
            return
        moment = follow_up.moment_of(months)
        if not self.lasting:
            await self._come_to(follow_up.due(ended_on, months))
        self.conclude(moment, self.lasting or await self._ask_around(months))
        self.state.notes["followed"] = moment

    async def status_at(self, moment: str) -> None:
        """A short question at the end of a phase, without reminders."""
        found = self.lasting
        if found is None and Party.PARTICIPANT in self._turns:
            found = await self._ask_person("status")
        self.conclude(moment, found or self.unknown)

    async def ask_agency(self, silence: str, details: Mapping[str, str] = NO_DETAILS) -> Told | None:
        """What the agency knows."""
        term, fields = self.policy.agency_term, ("outcome",)
        answer = await self.request(
            OF_AGENCY, term, party=Party.AGENCY, fields=fields, silence=silence, details=details
        )
        return self.word(answer)

    async def _come_to(self, day: date) -> None:
        """Wait for the day; an answer that comes meanwhile is about the moment before it."""
        while await self.wait_until(day, "follow_up", "asks_person", unless=self._corrected):
            found = self._late_word()
            if found is not None:
                self.conclude(self.state.notes["followed"], found)
            if self.lasting:
                return

    def _corrected(self) -> bool:
        return self.gone is not None or ("followed" in self.state.notes and QUESTION in self.state.answers)

    async def _ask_around(self, months: int) -> Told:
        """Ask one after the other; who turns out to be out of reach meanwhile is passed over."""
        found = None
        if Party.PARTICIPANT in self._turns:
            found = await self._ask_person(QUESTION, months)
        if found is None:
            found = await self.ask_agency("asks_by_telephone" if Party.STAFF in self._turns else "unknown")
        if found is None and Party.STAFF in self._turns and QUESTION not in self.state.answers:
            done = await self.ask_unless(lambda: not self.may_be_asked or QUESTION in self.state.answers, PHONE)
            found = follow_up.of_call(done.outcome) if done else None
        return self._late_word() or found or self.unknown

    async def _ask_person(self, code: str, months: int | None = None) -> Told | None:
        light = months is None
        answer = await self.request(
            code,
            self.policy.follow_up_answer_term if light else follow_up.question_term(self.policy),
            party=Party.PARTICIPANT,
            fields=("outcome",),
            silence="asks_later" if light else "asks_agency",
            reminders=() if light else follow_up.question_reminders(self.policy),
            template="trajectory_follow_up",
            reminder="trajectory_follow_up_reminder",
            details={} if light else {"months": months},
        )
        return self.word(answer)

    def _late_word(self) -> Told | None:
        """What the person said while somebody else was asked; it goes before their word."""
        return self.word(self.state.answers.pop(QUESTION, None))

    @property
    def _turns(self) -> tuple[Party, ...]:
        return follow_up.asked_in_turn(consents=self.consents and self.gone is None, reachable=not self.lost)

    @property
    def unknown(self) -> Told:
        """What is noted when nobody knows."""
        if self.lasting is not None:
            return self.lasting
        return follow_up.unknown(consents=self.consents, reachable=not self.lost)

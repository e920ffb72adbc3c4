"""Asking what became of a person: the person, the agency, and by telephone, until there is an outcome or a reason."""

from datetime import date

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import AnswerRequest
    from models.messages.events import FollowedUp
    from models.messages.facts import TrajectoryFacts
    from models.messages.policies import OutplacementPolicy
    from models.messages.words import FollowUpOutcome, Party
    from schemes import follow_up
    from schemes.follow_up import Told, told
    from schemes.steps import PHONE
    from workflows.dossier import Dossier

QUESTION = "follow_up"


class FollowUp(Dossier):
    """The moments at which is asked, and what is noted."""

    async def follow_up_at(self, months: int, ended_on: date) -> None:
        """One moment after the guidance, when the fund asks at it; a lasting outcome is noted without asking."""
        if months not in self.policy.follow_up_months:
            return
        moment = follow_up.moment_of(months)
        if not self.lasting:
            await self._come_to(follow_up.due(ended_on, months))
        self.conclude(moment, self.lasting or await self._find_out(months))
        self.state.notes["followed"] = moment

    async def status_at(self, moment: str) -> None:
        """A short question at the end of a phase, without reminders."""
        found = self.lasting
        if found is None and Party.PARTICIPANT in self._turns:
            found = await self._by_person("status")
        self.conclude(moment, found or self.unknown)

    async def ask_agency(self, silence: str) -> Told | None:
        """What the agency knows."""
        term = self.policy.agency_term
        answer = await self.request("agency_outcome", term, party=Party.AGENCY, fields=("outcome",), silence=silence)
        return _word(answer)

    def conclude(self, moment: str, found: Told) -> None:
        """Note what is known of a moment; a later word on the same moment stands beside the first and replaces it."""
        self.note(FollowedUp(moment=moment, outcome=found.outcome, reason=found.reason, told_by=found.by))
        self.state.notes["outcome"] = found.outcome
        self.state.notes["outcome_by"] = found.by or ""

    def corrects(self, command: AnswerRequest) -> bool:
        """A second answer of the person counts when it says something else."""
        found = told(command.values.get("outcome"), command.by.party)
        return (
            self._code(command.request) == QUESTION
            and found is not None
            and found.outcome != self.state.notes.get("outcome")
        )

    async def _come_to(self, day: date) -> None:
        """Wait for the day; an answer that comes meanwhile is about the moment before it."""
        while await self.wait_until(day, "follow_up", "asks_person", unless=self._corrected):
            found = self._late_word()
            if found is not None:
                self.conclude(self.state.notes["followed"], found)
            if self.lasting:
                return

    def _corrected(self) -> bool:
        return "followed" in self.state.notes and QUESTION in self.state.answers

    async def _find_out(self, months: int) -> Told:
        """Ask one after the other; who turns out to be out of reach meanwhile is passed over."""
        found = None
        if Party.PARTICIPANT in self._turns:
            found = await self._by_person(QUESTION, months)
        if found is None:
            found = await self.ask_agency("asks_by_telephone" if Party.STAFF in self._turns else "unknown")
        if found is None and Party.STAFF in self._turns and QUESTION not in self.state.answers:
            found = await self._by_telephone()
        return self._late_word() or found or self.unknown

    async def _by_person(self, code: str, months: int | None = None) -> Told | None:
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
        return _word(answer)

    async def _by_telephone(self) -> Told | None:
        done = await self.ask_unless(lambda: not self.consents or QUESTION in self.state.answers, PHONE)
        return follow_up.of_call(done.outcome) if done else None

    def _late_word(self) -> Told | None:
        """What the person said while somebody else was asked; it goes before their word."""
        return _word(self.state.answers.pop(QUESTION, None))

    @property
    def consents(self) -> bool:
        """Whether the person still agrees to be asked."""
        return all(report.fact != "consent_withdrawn" for report in self.state.reports)

    @property
    def _turns(self) -> tuple[Party, ...]:
        return follow_up.asked_in_turn(consents=self.consents, reachable=self.facts.reachable)

    @property
    def unknown(self) -> Told:
        """What is noted when nobody knows."""
        return follow_up.unknown(consents=self.consents, reachable=self.facts.reachable)

    @property
    def lasting(self) -> Told | None:
        """What is known and will not change any more."""
        word, by = self.state.notes.get("outcome", ""), self.state.notes.get("outcome_by", "")
        found = Told(outcome=FollowUpOutcome(word), by=Party(by) if by else None) if word else None
        return found if found and found.lasts else None

    @property
    def facts(self) -> TrajectoryFacts:
        """What is known of the dismissal."""
        assert isinstance(self.state.facts, TrajectoryFacts)
        return self.state.facts

    @property
    def policy(self) -> OutplacementPolicy:
        """The numbers that hold for this trajectory."""
        assert isinstance(self.state.policy, OutplacementPolicy)
        return self.state.policy


def _word(answer: AnswerRequest | None) -> Told | None:
    """What an answer says of the person; None when there is none, or it says nothing."""
    return told(answer.values.get("outcome"), answer.by.party) if answer else None

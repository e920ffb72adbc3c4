"""Whether a person may be asked and how they are reached: consent, channels, and who is not here any more."""

from typing import Any

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import AnswerRequest, ReportFact
    from models.messages.events import MailsWithdrawn, RequestAnswered, RequestCancelled
    from models.messages.facts import TrajectoryFacts
    from models.messages.policies import OutplacementPolicy
    from models.messages.words import Party
    from schemes.follow_up import GONE, told
    from schemes.last_words import CHANNELS, CONSENT, PRESENCE, STILL_HERE
    from schemes.steps import CALL_BACK, CONDOLENCE, StaffStep
    from workflows.dossier import Dossier
    from workflows.journal import refusal

BY_MOMENTS = 3
"""The story from which on a person is asked at every moment, and an answer is about a moment."""
QUESTIONS = ("follow_up", "status")
"""Codes under which a person is asked what became of them: after the guidance, and between two phases."""
NEW_CONTACT = "new_contact"
BESIDE = {"wants_help": CALL_BACK, "deceased": CONDOLENCE}


class Reached(Dossier):
    """What is told of a person counts at once, in every phase."""

    def may_hear(self, command: ReportFact) -> None:
        """Only staff takes back that somebody died or went abroad; of any fund, because the person is the same.
        Consent is the word of that person, or of staff who heard it."""
        super().may_hear(command)
        if command.fact == STILL_HERE and command.by.party is not Party.STAFF:
            raise refusal("WrongParty", "Alleen medewerkers van een fonds zetten zo'n bericht recht.")
        if command.fact in CONSENT and command.by.party not in (Party.PARTICIPANT, Party.STAFF):
            raise refusal("WrongParty", "Alleen de persoon zelf zegt of die vragen wil krijgen.")

    def _heard(self, command: ReportFact) -> int:
        known = command in self.state.reports
        sequence = super()._heard(command)
        if known:
            return sequence
        if step := BESIDE.get(command.fact):
            self._ask_once_beside(step)
        if command.fact in GONE:
            self.note(MailsWithdrawn(party=Party.PARTICIPANT, because=command.fact))
        if self._ends_questions(command):
            self._end_questions(command)
        elif command.fact == "channel_mended" and NEW_CONTACT in self.state.requests:
            self._settle(NEW_CONTACT, command)
        return sequence

    def usual_reminders(self, party: Party) -> tuple[str, ...]:
        """An agency that keeps silent hears it once more before its last day."""
        return (self.policy.agency_reminder,) if party is Party.AGENCY and self.by_moments else ()

    def mail(self, template: str, party: Party = Party.APPLICANT, **how: Any) -> None:
        """As any mail; nothing is written any more to somebody who died or went away."""
        if party is not Party.PARTICIPANT or self.gone is None:
            super().mail(template, party, **how)

    def _ends_questions(self, command: ReportFact) -> bool:
        """Whether the person need not, or cannot, answer any more what stands open."""
        if command.fact == "consent_withdrawn":
            return self.by_moments
        if command.fact in GONE or (command.fact == "channel_failed" and self.lost):
            return True
        known = command.fact in ("earlier_answer", "new_job") and self.by_moments
        return known and told(command.values.get("outcome"), command.by.party) is not None

    def _end_questions(self, command: ReportFact) -> None:
        for code in QUESTIONS:
            if code in self.state.requests and code not in self.state.answers:
                occasion = self._occasion(code)
                since = {"since": str(command.on)} if command.fact == "new_job" else {}
                values = {**command.values, **since, "reported": command.fact}
                self.state.answers[code] = AnswerRequest(request=code, by=command.by, values=values)
                self.note(RequestCancelled(request=self._name(code), code=code, reason=command.fact))
                self.withdraw_mails(occasion, command.fact)

    def withdraw_mails(self, occasion: str, because: str) -> None:
        """What is planned to the person for one question and did not leave yet is not wanted any more."""
        self.note(MailsWithdrawn(party=Party.PARTICIPANT, because=because, occasion=occasion))

    def _settle(self, code: str, command: ReportFact) -> None:
        """A question is answered by what somebody told."""
        if code not in self.state.answers:
            values = {"reported": command.fact}
            self.state.answers[code] = AnswerRequest(request=code, by=command.by, values=values)
            fact = RequestAnswered(request=self._name(code), code=code, values=values)
            self.state.answered[self._name(code)] = self.note(fact, by=command.by.person)

    def _ask_once_beside(self, step: StaffStep) -> None:
        if not self._closed and all(task.step != step.code for task in self.state.tasks.values()):
            self.ask_beside(step)

    def tend(self) -> None:
        """Also take what was answered beside the story."""
        super().tend()
        codes = {step.code for step in BESIDE.values()}
        for task in sorted(self.state.beside):
            if task in self.state.done and self.state.done[task].step in codes:
                self.answer_beside(task)

    @property
    def by_moments(self) -> bool:
        """Whether this trajectory opened since people are asked at every moment."""
        return self.state.story >= BY_MOMENTS

    @property
    def may_be_asked(self) -> bool:
        """Whether the person agrees, can be reached and is here."""
        return self.consents and not self.lost and self.gone is None

    @property
    def consents(self) -> bool:
        """Whether the person still agrees to be asked; the last word counts."""
        last = self.last_of(*CONSENT)
        return last is None or last.fact == "consent_given"

    @property
    def gone(self) -> ReportFact | None:
        """Who told that the person died or went abroad, unless that was taken back."""
        last = self.last_of(*PRESENCE)
        return last if last and last.fact in GONE else None

    @property
    def lost(self) -> bool:
        """Whether no channel to the person is left."""
        last = self.last_of(*CHANNELS)
        if last is None:
            return not self.facts.reachable
        return last.fact == "channel_failed" and not last.values.get("left")

    def last_of(self, *facts: str) -> ReportFact | None:
        """The last report of one of these facts."""
        return next((report for report in reversed(self.state.reports) if report.fact in facts), None)

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

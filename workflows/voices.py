"""What may be said to any dossier at any time: withdraw, object, tell something, and in a rehearsal move the clock."""

import contextlib
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import Accepted, FileObjection, MoveClock, NoteMessage, ReportFact, Withdraw
    from models.messages.events import MessageWritten, ObjectionFiled, Reported, Withdrawn
    from models.messages.words import Outcome, Party
    from schemes.deadlines import Deadline, Term
    from workflows.journal import refusal
    from workflows.reversals import Reversals

OBJECTIONABLE = (Outcome.REFUSED, Outcome.PARTIALLY_GRANTED)


class Voices(Reversals):
    """Commands that no phase has to ask for."""

    reports: frozenset[str] = frozenset()
    """Facts that this kind wants to hear of."""
    withdrawn_by = frozenset({Party.APPLICANT, Party.PARTICIPANT, Party.STAFF})

    def objection_deadline(self) -> Deadline:
        """Until when the applicant may object to the last decision."""
        start = self.state.decided_on or self.today()
        return Deadline(start=start, term=Term.parse(self.state.policy.procedure.objection_term))

    @workflow.update
    async def withdraw(self, command: Withdraw) -> Accepted:
        """The applicant takes the application back."""
        if self.state.withdrawal is not None:
            return await self.stored(self.state.recorded, repeated=True)
        self.state.withdrawal = command
        return await self.stored(self.note(Withdrawn(reason=command.reason), by=command.by.person))

    @withdraw.validator
    def _may_withdraw(self, command: Withdraw) -> None:
        if self.state.withdrawal is not None:
            return
        if not self._exits_open:
            raise refusal("Closing", "Dit dossier wordt al afgesloten; intrekken kan niet meer.")
        if self.state.paid > 0 or any(task.step == "payment" for task in self.state.tasks.values()):
            raise refusal("AlreadyPaid", "Er is al betaald of een betaling loopt. Neem contact op met het fonds.")
        if command.by.party not in self.withdrawn_by:
            raise refusal("WrongParty", "Alleen wie het aanvroeg, of de persoon om wie het gaat, kan intrekken.")

    @workflow.update
    async def file_objection(self, command: FileObjection) -> Accepted:
        """The applicant objects to the last decision."""
        if self.state.objection is not None:
            return await self.stored(self.state.recorded, repeated=True)
        self.state.objection = command
        sequence = self.note(ObjectionFiled(ground=command.ground), by=command.by.person)
        self.mail("objection_received", occasion=str(self.state.decisions), on=self.today())
        return await self.stored(sequence)

    @file_objection.validator
    def _may_object(self, command: FileObjection) -> None:
        if self.state.objection == command:
            return
        if self.state.objection is not None:
            raise refusal("ObjectionHeard", "Er loopt al een bezwaar tegen deze beslissing. U krijgt er bericht over.")
        if self.state.decided_on is None or self.state.outcome not in OBJECTIONABLE:
            raise refusal("NothingToObject", "Er is geen beslissing waartegen u bezwaar kunt maken.")
        deadline = self.objection_deadline()
        if deadline.is_over(self.now()):
            raise refusal("ObjectionLate", f"Bezwaar kon tot en met {deadline.last_day:%d/%m/%Y}.")
        if command.by.party not in (Party.APPLICANT, Party.PARTICIPANT):
            raise refusal("WrongParty", "Alleen de aanvrager kan bezwaar maken.")

    @workflow.update
    async def note_message(self, command: NoteMessage) -> Accepted:
        """Somebody wrote to the other side; who is outside hears of it by mail, once."""
        known = self.state.messages.get(command.message)
        if known is not None:
            return await self.stored(known, repeated=True)
        fact = MessageWritten(message=command.message, by_party=command.by.party, to=command.to)
        sequence = self.state.messages[command.message] = self.note(fact, by=command.by.person)
        if command.to is not Party.STAFF:
            self.mail("message_waiting", command.to, occasion=command.message, on=self.today())
        return await self.stored(sequence)

    @note_message.validator
    def _may_note_message(self, command: NoteMessage) -> None:
        if command.by.party is Party.STAFF and command.by.fund != self.state.fund:
            raise refusal("WrongRole", f"Alleen medewerkers van fonds {self.state.fund} schrijven in dit dossier.")
        if Party.STAFF not in (command.by.party, command.to) or command.by.party is command.to:
            raise refusal("WrongParty", "Een bericht gaat tussen het fonds en een partij buiten het fonds.")

    @workflow.update
    async def report_fact(self, command: ReportFact) -> Accepted:
        """Somebody tells something unasked."""
        return await self.stored(self._heard(command))

    @report_fact.validator
    def _may_report(self, command: ReportFact) -> None:
        if command.fact not in self.reports:
            raise refusal("UnknownFact", f"'{command.fact}' kan in dit dossier niet gemeld worden.")
        self.may_hear(command)

    def may_hear(self, command: ReportFact) -> None:
        """A kind refuses here, with a reason, what it cannot use now; unless it does, all of `reports` is heard."""

    @workflow.signal
    def fact_reported(self, command: ReportFact) -> None:
        """The same from a system that waits for no answer; what this kind does not know is left aside."""
        if command.fact in self.reports:
            with contextlib.suppress(ApplicationError):
                self.may_hear(command)
                self._heard(command)

    def _heard(self, command: ReportFact) -> int:
        if command in self.state.reports:
            return self.state.recorded
        self.state.reports.append(command)
        fact = Reported(fact=command.fact, on=command.on, values=command.values)
        return self.note(fact, by=command.by.person)

    @workflow.update
    async def move_clock(self, command: MoveClock) -> Accepted:
        """Put the clock of a rehearsed dossier forward; comes back when the dossier rests again."""
        self.state.clock_shift += max(command.to - self.now(), timedelta(0))
        wakes_at = await self.rested()
        return Accepted(dossier=self.state.number, sequence=self.state.recorded, wakes_at=wakes_at)

    @move_clock.validator
    def _may_move_clock(self, command: MoveClock) -> None:
        if not self.state.rehearsed:
            raise refusal("NotARehearsal", "De klok van een echt dossier kan niet verzet worden.")

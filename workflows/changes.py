"""While a project runs a wished change is decided when it comes, and the dossier then says again what it awaits."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import ReportFact
    from models.messages.events import FactsCorrected, GrantChanged, RequestExtended, Waited
    from models.messages.facts import ProjectFacts, TransitionFacts
    from models.messages.policies import ProjectPolicy, TransitionPolicy
    from models.messages.words import Outcome, Party
    from schemes.changes import Change, ChangeError, check_change, read_change
    from schemes.steps import CHANGE
    from schemes.terms import Term
    from workflows.intake import Intake
    from workflows.journal import refusal

CHANGE_REQUESTED = "change_requested"
RUNNING = ("first_payment", "execution", "final_report")
"""Phases in which a change may be asked."""
REPORT_REQUESTS = frozenset({"interim_report", "final_report"})


class Changes(Intake):
    """How a running project hears that its last day or its amount should be another."""

    reports = frozenset({CHANGE_REQUESTED})

    @property
    def facts(self) -> TransitionFacts | ProjectFacts:
        """What the applicant stated, with the changes that were approved."""
        assert isinstance(self.state.facts, TransitionFacts | ProjectFacts)
        return self.state.facts

    @property
    def policy(self) -> TransitionPolicy | ProjectPolicy:
        """The numbers that hold for this dossier."""
        assert isinstance(self.state.policy, TransitionPolicy | ProjectPolicy)
        return self.state.policy

    @property
    def latest_end(self) -> date | None:
        """The last day to which a change may move the end; None when no rule limits it."""
        return None

    def may_hear(self, command: ReportFact) -> None:
        """A change is the applicant's to ask, of something that runs, and within the rules."""
        if command.fact != CHANGE_REQUESTED:
            return
        if command.by.party not in (Party.APPLICANT, Party.STAFF):
            raise refusal("WrongParty", "Alleen de aanvrager vraagt een wijziging.")
        if self.state.phase not in RUNNING:
            raise refusal("NotRunning", "Een wijziging kan alleen tussen de toekenning en het eindverslag.")
        try:
            self._possible(read_change(command.values))
        except ChangeError as wrong:
            raise refusal("ChangeImpossible", str(wrong)) from wrong

    def spoken_to(self) -> bool:
        """Whether a change waits to be decided, or an objection to be heard."""
        return bool(self._wishes()) or self.state.objection is not None

    async def listen(self) -> None:
        """Decide on every change that was asked, and hear the objection that was made.

        Raises:
            Reopened: the objection is followed.
        """
        while self._wishes():
            await self._decide_on(self._wishes()[0])
        if self.state.objection is not None:
            await self._hear()

    async def pause_until(self, day: date, reason: str, then: str) -> None:
        """Rest until a day begins, with an open ear."""
        while await self.wait_until(day, reason, then, unless=self.spoken_to):
            await self.listen()

    async def rest(self, woken: Callable[[], bool], until: datetime | None = None) -> bool:
        """Rest; a change that comes while a report is awaited is decided first, and the report is awaited again."""
        while True:
            came = await super().rest(lambda: woken() or self._interrupted(), until)
            if woken() or not self._interrupted():
                return came
            await self._decide_on(self._wishes()[0])
            for opened in self.state.requests.values():
                self.note(Waited(on=opened.party, reason=opened.code, until=opened.until, then=opened.silence))

    def regrant(self, amount: Decimal, reason: str) -> None:
        """Let the grant be another amount (euro), never below what was paid."""
        amount = max(amount, self.state.paid)
        if amount != self.state.granted:
            self.state.granted = amount
            self.note(GrantChanged(granted=amount, reason=reason))

    def _interrupted(self) -> bool:
        """Only while a report is awaited, and no task of staff: that comes first, and then the change."""
        awaited = not REPORT_REQUESTS.isdisjoint(self.state.requests)
        return awaited and not self.state.tasks.keys() - self.state.beside.keys() and bool(self._wishes())

    def _wishes(self) -> list[ReportFact]:
        asked = [report for report in self.state.reports if report.fact == CHANGE_REQUESTED]
        return asked[int(self.state.notes.get("changes", "0")) :]

    def _possible(self, change: Change) -> None:
        check_change(
            change,
            starts_on=self.facts.starts_on,
            latest=self.latest_end,
            granted=self.state.granted,
            paid=self.state.paid,
        )

    async def _decide_on(self, wish: ReportFact) -> None:
        change, advice = read_change(wish.values), "approve"
        try:
            self._possible(change)
        except ChangeError:
            advice = "refuse"  # it could be when it was asked, and something was paid since
        done = await self.ask(CHANGE, amount=change.amount, advice=advice)
        times = int(self.state.notes.get("changes", "0")) + 1
        self.state.notes["changes"] = str(times)
        approved = done.outcome == "approve"
        self.mail(
            "change_decided",
            occasion=str(times),
            outcome=Outcome.GRANTED if approved else Outcome.REFUSED,
            reason="|".join(done.reasons),
            until=change.ends_on or "",
            amount="" if change.amount is None else change.amount,
        )
        if approved and change.amount is not None:
            self.regrant(min(change.amount, self.state.granted), "change")
        if approved and change.ends_on is not None:
            self._move_end(change.ends_on)

    def _move_end(self, ends_on: date) -> None:
        """Another last day; a final report that was asked already may come later too."""
        self.state.facts = self.facts.model_copy(update={"ends_on": ends_on})
        self.note(FactsCorrected(fields=("ends_on",)))
        until = Term.parse(self.policy.report_term).after(ends_on)
        for opened in self.state.requests.values():
            if opened.code == "final_report" and opened.until < until:
                opened.until = until
                self.note(RequestExtended(request=self._name(opened.code), until=until))
                self.mail("deadline_extended", opened.party, occasion=f"{opened.code}/{until}", until=until)

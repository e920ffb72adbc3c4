"""Facts that are put right while a trajectory runs: what depends on them moves, what is over stays over."""

import contextlib

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import AnswerRequest, ReportFact
    from models.messages.events import FactsCorrected, RegimeChosen, RequestCancelled, RequestExtended
    from models.messages.facts import TrajectoryFacts
    from models.messages.words import Party, Role
    from schemes import course
    from schemes.correcting import BECAUSE, CORRECTED, CorrectionError, changed, corrected
    from schemes.course import Course, Running
    from schemes.dismissals import FactMissing
    from schemes.outplacement_findings import findings
    from schemes.outplacement_terms import way_to_start
    from schemes.regimes import choose_regime
    from workflows.journal import refusal
    from workflows.standing import DATES_MOVE, HOUSE, Standing

MAY_CORRECT = frozenset({Role.INTAKE, Role.HANDLER, Role.TEAM_LEAD})
OF_THE_LAW = {"offer": ("offer_by", "offer_after_notice_by"), "answer": ("answer_by",)}
"""Questions whose last day is one of the law, by the days they may have."""


class Turned(Exception):
    """Facts were put right, and what was waited for does not fit them any more."""


def look_again(answer: AnswerRequest) -> None:
    """Go on with what a party answered; raises Turned when the question was called off."""
    if answer.values.get("reported") == CORRECTED:
        raise Turned


class Correcting(Standing):
    """Takes corrections at any time; the story looks again at what it waits for."""

    def may_hear(self, command: ReportFact) -> None:
        """Staff of the fund, or the house itself, puts facts right; what cannot be is refused by its field."""
        super().may_hear(command)
        if command.fact != CORRECTED or command in self.state.reports:
            return
        if self.state.story < DATES_MOVE:
            raise refusal("OlderStory", "Dit dossier opende voor data konden verschuiven; laat het opnieuw indienen.")
        by, fund = command.by, self.state.fund
        of_fund = by.party is Party.STAFF and by.fund == fund and bool(by.roles & MAY_CORRECT)
        if not (of_fund or by == HOUSE):
            raise refusal("WrongRole", f"Alleen intake, behandelaars en teamleiders van fonds {fund} verbeteren dit.")
        if not self._exits_open:
            raise refusal("Closing", "Dit dossier wordt al afgesloten; verbeteren kan niet meer.")
        if command.values.get("because") not in BECAUSE:
            raise refusal("ReasonMissing", f"Kies waarom (because): {', '.join(BECAUSE)}.")
        try:
            found = corrected(self.facts, command.values)
            course.redirected(self.course(), found)
        except (CorrectionError, FactMissing) as wrong:
            raise refusal("FactImpossible", str(wrong)) from wrong
        if found == self.facts:
            raise refusal("NothingChanges", "Dit staat al zo in het dossier; er verandert niets.")

    def _heard(self, command: ReportFact) -> int:
        known = command in self.state.reports
        sequence = super()._heard(command)
        if command.fact == CORRECTED and not known:
            self._put_right(corrected(self.facts, command.values), command)
        return sequence

    def _put_right(self, facts: TrajectoryFacts, command: ReportFact) -> None:
        """Take the facts, choose the regime again, and move every day that depends on them."""
        because, by, before = command.values["because"], command.by.person, self.course()
        after = course.redirected(before, facts)
        self.note(FactsCorrected(fields=changed(self.facts, facts)), by=by)
        self.state.facts = facts
        decision = course.decided(after)
        if decision and after.regime is not before.regime:
            self.state.notes["regime"] = decision.regime
            source = f"{decision.article} [{decision.source}]"
            self.note(RegimeChosen(regime=decision.regime, rule=decision.rule, source=source, because=because))
        if after.guided_as is not None:
            self.state.notes["guided_as"] = after.guided_as
        self.state.notes["corrections"] = str(self.corrections + 1)
        self.tell_moved(because, before)
        self._forget_findings()
        for code in sorted(self.state.requests.keys() - self.state.answers.keys()):
            if code in OF_THE_LAW:
                self._move_question(code, before, after)
            elif not self._still_wanted(code):
                self._call_off(code)

    def _forget_findings(self) -> None:
        """A term that is not missed any more may be missed again, and is then looked at again."""
        if "findings" not in self.state.notes:
            return
        missed = {found.code for found in findings(self.chosen, self.dismissal, self.today())}
        seen = self.state.notes["findings"].split("|")
        self.state.notes["findings"] = "|".join(code for code in seen if not code or code in missed)

    def _move_question(self, code: str, before: Course, after: Course) -> None:
        """An open question gets the last day it should have had; one that the new regime does not ask ends."""
        opened = self.state.requests[code]
        was = [one for one in course.running(before) if one.what in OF_THE_LAW[code] and one.day == opened.until]
        if was and not self._still_asked(code, before):
            self._call_off(code)
            return
        for one in course.running(after):
            if was and one.what == was[0].what and one.day != opened.until:
                self._give(code, one)

    def _call_off(self, code: str) -> None:
        """A question that the facts as they are now do not ask any more."""
        self.note(RequestCancelled(request=self._name(code), code=code, reason=CORRECTED))
        self.state.answers[code] = AnswerRequest(request=code, by=HOUSE, values={"reported": CORRECTED})

    def _still_wanted(self, code: str) -> bool:
        """Whether a wish still has to be heard, and the regime still cannot be chosen; all else stays open."""
        if code == "wish":
            return way_to_start(self.chosen) == "request"
        if code == "completion":
            with contextlib.suppress(FactMissing):
                choose_regime(self.dismissal)
                return False
        return True

    def _still_asked(self, code: str, before: Course) -> bool:
        way = before.regime and way_to_start(before.regime)
        return code != "offer" or way_to_start(self.chosen) == way

    def _give(self, code: str, running: Running) -> None:
        """Another last day; one that is past ends the question at once, and nobody is written to about it."""
        opened, name = self.state.requests[code], self._name(code)
        previous, opened.until = opened.until, running.day
        self.note(RequestExtended(request=name, until=opened.until, derivation=running.deadline.derivation()))
        if opened.until >= self.today():
            occasion, until = f"{name}/{opened.until}", opened.until
            self.mail("deadline_moved", opened.party, occasion=occasion, until=until, previous=previous)

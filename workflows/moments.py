"""What is known of a person at each moment: answers are about a moment, a later one corrects it, both stay."""

from datetime import date

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import Actor, AnswerRequest
    from models.messages.dossier import Followed
    from models.messages.events import AnswerKept, FollowedUp, RequestCancelled
    from models.messages.words import FollowUpOutcome, Party, UnknownReason
    from schemes import follow_up
    from schemes.coded_answers import day_in
    from schemes.follow_up import LASTING, Told, told
    from workflows.reached import QUESTIONS, Reached

OF_AGENCY = "agency_outcome"
WORDS = (*QUESTIONS, OF_AGENCY)
ASKING = "asking"
"""The note that names the moment that is being asked about."""


class Moments(Reached):
    """Notes what is known, and takes answers about any moment, whenever they come."""

    def conclude(self, moment: str, found: Told) -> None:
        """Note what is known of a moment; a later word on the same moment stands beside the first and replaces it."""
        fact = FollowedUp(moment=moment, outcome=found.outcome, reason=found.reason, told_by=found.by)
        if self.by_moments:
            before = self.state.followed.get(moment)
            times = before.corrections + 1 if before else 0
            name, asked_on = self.asked_of(moment)
            more = {"since": found.since, "elsewhere": found.elsewhere, "request": name, "asked_on": asked_on}
            fact = fact.model_copy(
                update={**more, "previous": before.outcome if before else None, "corrections": times}
            )
            self.state.followed[moment] = Followed(
                outcome=found.outcome, reason=found.reason, told_by=found.by, since=found.since, corrections=times
            )
        self.note(fact)
        self.state.notes["outcome"] = found.outcome
        self.state.notes["outcome_by"] = found.by or ""

    def steered_by(self, found: Told, by: Actor) -> None:
        """What an outcome means for the course of the guidance; nothing, unless the guidance runs."""

    def taken_aside(self, command: AnswerRequest) -> int | None:
        """An answer about a moment that was concluded corrects it, whatever is asked now."""
        moment = self._meant(command)
        if moment is None or moment == self.state.notes.get(ASKING):
            return None
        found, stands = self.word(command), self.state.followed[moment]
        if found is None or (found.outcome, found.since or stands.since) == (stands.outcome, stands.since):
            return self.state.recorded
        kept = AnswerKept(code=self._code(command.request), values={**command.values, "moment": moment})
        sequence = self.note(kept, by=command.by.person)
        if follow_up.may_correct(command.by.party, stands.told_by):
            self.conclude(moment, found)
            self.steered_by(found, command.by)
        return sequence

    def read_as(self, command: AnswerRequest) -> AnswerRequest:
        """The word of the person counts under the question that is open now; nobody else need answer then."""
        if self._meant(command) is None:
            self._date(command)
            return command
        for code in QUESTIONS:
            if code in self.state.requests and code not in self.state.answers:
                return command.model_copy(update={"request": self._name(code)})
        if self.word(command) and OF_AGENCY in self.state.requests and OF_AGENCY not in self.state.answers:
            self.state.answers[OF_AGENCY] = AnswerRequest(request=OF_AGENCY, by=command.by)
            name = self._name(OF_AGENCY)
            self.note(RequestCancelled(request=name, code=OF_AGENCY, reason="person_answered"))
        return command.model_copy(update={"request": self._code(command.request)})

    def _meant(self, command: AnswerRequest) -> str | None:
        """The moment an answer is about, when that is asked now or was concluded; None: it is as any other answer."""
        code, values = self._code(command.request), command.values
        if not self.by_moments or code not in WORDS:
            return None
        asked = (self.state.questions.get(name) for name in (values.get("request", ""), command.request))
        moment = values.get("moment") or next((found.moment for found in asked if found), None)
        asking = self.state.notes.get(ASKING)
        if moment is None and code in QUESTIONS:  # a word without a question is about now
            moment = asking
        known = code in QUESTIONS if moment == asking else moment in self.state.followed
        return moment if known else None

    def _date(self, command: AnswerRequest) -> None:
        """Remember when a word came that nobody asked for: it does not stay new."""
        if self.by_moments and (code := self._code(command.request)) in WORDS and code not in self.state.requests:
            self.state.notes[f"kept/{code}"] = str(self.today())

    def drop_old_words(self) -> None:
        """What was said too long ago spares no question of today; it stays in the journal."""
        first = follow_up.fresh_since(self.today())
        for code in WORDS:
            said_on = self.state.notes.get(f"kept/{code}")
            if said_on and date.fromisoformat(said_on) < first:
                self.state.answers.pop(code, None)

    def waiting_word(self, codes: tuple[str, ...] = WORDS) -> Told | None:
        """What somebody said that was not used yet, the person before the agency; it is used once."""
        waiting = [self.state.answers.pop(code, None) for code in codes if code not in self.state.requests]
        return next((found for answer in waiting if (found := self.word(answer))), None)

    def corrects(self, command: AnswerRequest) -> bool:
        """A second answer counts when it says something else: about a moment in the manner of moments, else about the
        last one."""
        found, code = self.word(command), self._code(command.request)
        if found is None or code not in QUESTIONS:
            return False
        if self.by_moments:
            return code in self.state.answers and self.state.answers[code].values != command.values
        return code == QUESTIONS[0] and found.outcome != self.state.notes.get("outcome")

    def word(self, answer: AnswerRequest | None) -> Told | None:
        """What an answer says of the person; None when there is none, or it says nothing."""
        if answer is None:
            return None
        values, by = answer.values, answer.by.party
        if values.get("reported") == "earlier_answer":
            found = told(values.get("outcome"), Party.PARTICIPANT)
            return found and found.model_copy(update={"elsewhere": values.get("dossier")})
        return told(values.get("outcome"), by, day_in(values, "since") if self.by_moments else None)

    def asked_of(self, moment: str) -> tuple[str | None, date | None]:
        """The last question to the person about a moment, and the day of the first."""
        asked = [
            (name, found.on)
            for name, found in self.state.questions.items()
            if found.moment == moment and name.split("/")[1] in QUESTIONS
        ]
        return (asked[-1][0], asked[0][1]) if asked else (None, None)

    @property
    def lasting(self) -> Told | None:
        """What is known and will not change any more."""
        if self.gone is not None:
            return follow_up.gone(self.gone.by.party)
        if self.by_moments:
            asked = [one for one in self.state.followed.values() if one.reason is not UnknownReason.NOT_ASKED_YET]
            found = [Told(outcome=one.outcome, by=one.told_by, since=one.since) for one in asked[-1:]]
            return found[0] if found and found[0].outcome in LASTING else None
        word, by = self.state.notes.get("outcome", ""), self.state.notes.get("outcome_by", "")
        known = Told(outcome=FollowUpOutcome(word), by=Party(by) if by else None) if word else None
        return known if known and known.lasts else None

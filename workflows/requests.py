"""Parties outside: ask, stop the clock, remind, give more time, and take answers early, late or twice."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import Accepted, Actor, AnswerRequest, ExtendRequest
    from models.messages.dossier import ClosedPeriod, LastAnswer, OpenRequest
    from models.messages.events import (
        AnswerKept,
        ClockResumed,
        ClockStopped,
        FactsCorrected,
        RequestAnswered,
        RequestCancelled,
        RequestExtended,
        RequestLapsed,
        RequestOpened,
        RequestReminded,
    )
    from models.messages.words import Document, Party
    from schemes.calendar import ONE_DAY, end_of_day
    from schemes.deadlines import Deadline, Term
    from workflows.clock import morning
    from workflows.journal import Journal, refusal

Wants = tuple[tuple[Document, ...], ...]
CLICKS_LAST = timedelta(hours=1)
LONGEST_EXTENSION = timedelta(days=2 * 366)
COUNTS_AGAIN = 5
"""The story from which on the day on which the clock runs again counts, as the days that are told always said."""
NO_DETAILS: Mapping[str, Any] = MappingProxyType({})


class Requests(Journal):
    """What a dossier asks of applicants, experts, agencies and participants."""

    asks: frozenset[str] = frozenset()
    """Codes of everything this kind may ask; an answer to something else is refused."""
    told_by: Mapping[str, Party] = MappingProxyType({})
    """Who answers what before it is asked, where it is not the applicant."""

    def missing(self, wants: Wants) -> Wants:
        """The groups of documents of which not one is there yet."""
        return tuple(group for group in wants if not self.state.documents.intersection(group))

    async def request(
        self,
        code: str,
        term: str | Term | Deadline,
        *,
        party: Party = Party.APPLICANT,
        wants: Wants = (),
        fields: tuple[str, ...] = (),
        silence: str = "lapses",
        reminders: tuple[str, ...] = (),
        stops_clock: bool = False,
        template: str = "request_documents",
        reminder: str = "request_reminder",
        details: Mapping[str, Any] = NO_DETAILS,
    ) -> AnswerRequest | None:
        """Ask a party and wait; None when the last day passed in silence.

        With `wants` the request is answered once of every group a document is there; otherwise by an answer with its
        code. What came before it was asked counts. A `Deadline` of the law starts on a day of its own; `template` and
        `reminder` are the mails, `details` further values in them.
        """
        if self._answered(code, wants):
            return self._take(code)
        moment = details.get("moment")
        opened = self._ask(code, term, party, wants, fields, silence, stops_clock, moment=moment)
        until = opened.until
        told = {"silence": silence, "stops_clock": stops_clock or None, **details}
        self.mail(template, party, occasion=self._occasion(code), until=until, wants=_codes(wants, fields), **told)
        reminders = reminders or self.usual_reminders(party)
        moments = self._reminders(until, reminders)
        times = 0
        while not self._answered(code, wants):
            moment = morning(moments[0]) if moments else end_of_day(until)
            if await self.rest(partial(self._answered_or_moved, code, wants, until), until=moment):
                until, moments = opened.until, self._reminders(opened.until, reminders)
                continue
            if not moments:
                self._lapse(code, stops_clock)
                return None
            times += 1
            moments = moments[1:]
            self.note(RequestReminded(request=self._name(code), times=times))
            occasion = f"{self._occasion(code)}/{times}"
            wanted = _codes(self.missing(wants), fields)
            self.mail(reminder, party, occasion=occasion, until=until, wants=wanted, silence=silence, **details)
        del self.state.requests[code]
        self._resume(stops_clock)
        return self._take(code)

    def _ask(
        self,
        code: str,
        term: str | Term | Deadline,
        party: Party,
        wants: Wants,
        fields: tuple[str, ...],
        silence: str,
        stops: bool,
        *,
        beside: bool = False,
        moment: str | None = None,
    ) -> OpenRequest:
        self.state.occurrences[code] = self.state.occurrences.get(code, 0) + 1
        deadline = self._until(term)
        opened = self.state.requests[code] = OpenRequest(
            code=code, party=party, until=deadline.last_day, wants=wants, silence=silence
        )
        self.note(
            RequestOpened(
                request=self._name(code),
                code=code,
                party=party,
                wants=tuple(_codes(wants, fields).split("|")) if wants or fields else (),
                until=opened.until,
                derivation=deadline.derivation(),
                silence=silence,
                stops_clock=stops,
                beside=beside,
                moment=moment,
            )
        )
        if stops:
            self.state.suspensions.append(ClosedPeriod(start=self.today()))
            self.note(ClockStopped(because=self._name(code)))
        return opened

    def _until(self, term: str | Term | Deadline) -> Deadline:
        if isinstance(term, Deadline):
            return term
        return Deadline(start=self.today(), term=Term.parse(term) if isinstance(term, str) else term)

    def _name(self, code: str) -> str:
        return f"{self.state.number}/{self._occasion(code)}"

    def _occasion(self, code: str) -> str:
        return f"{code}/{self.state.occurrences.get(code, 1)}"

    def _reminders(self, until: date, before: tuple[str, ...]) -> list[date]:
        days = (Deadline(start=until, term=Term.parse("0 days")).reminder(Term.parse(text)) for text in before)
        return sorted(day for day in days if day > self.today())

    def _answered_or_moved(self, code: str, wants: Wants, until: date) -> bool:
        return self._answered(code, wants) or self.state.requests[code].until != until

    def _answered(self, code: str, wants: Wants) -> bool:
        return not self.missing(wants) if wants else code in self.state.answers

    def _take(self, code: str) -> AnswerRequest:
        """The answer, used once; documents alone answer a request without saying more."""
        by = Actor(person=Party.APPLICANT, party=Party.APPLICANT)
        return self.state.answers.pop(code, None) or AnswerRequest(request=code, by=by)

    def _lapse(self, code: str, stops_clock: bool) -> None:
        self.note(RequestLapsed(request=self._name(code), code=code))
        del self.state.requests[code]
        self._resume(stops_clock)

    def cancel_requests(self, reason: str, keep: frozenset[str] = frozenset()) -> None:
        """Take back everything that is asked, but for some codes; a clock that stood still for it runs again."""
        for code in sorted(self.state.requests.keys() - keep):
            self.note(RequestCancelled(request=self._name(code), code=code, reason=reason))
            del self.state.requests[code]
        self._resume(bool(self.state.suspensions) and self.state.suspensions[-1].end is None)

    def _resume(self, stops_clock: bool) -> None:
        if not stops_clock:
            return
        stop, today = self.state.suspensions[-1], self.today()
        self.note(ClockResumed(days=(today - stop.start).days))
        last = today - ONE_DAY if self.state.story >= COUNTS_AGAIN else today
        if last < stop.start:
            del self.state.suspensions[-1]
        else:
            stop.end = last

    @workflow.update
    async def answer_request(self, command: AnswerRequest) -> Accepted:
        """Take an answer, whenever it comes; documents are kept in any case."""
        if (aside := self.taken_aside(command)) is not None:
            return await self.stored(aside, repeated=aside <= self.state.recorded)
        command = self.read_as(command)
        code = self._code(command.request)
        if command.request in self.state.answered and not self.corrects(command):
            return await self.stored(self.state.answered[command.request], repeated=True)
        if (clicked := self._second_click(code, command)) is not None:
            return await self.stored(clicked, repeated=True)
        self.state.documents |= command.documents
        if command.facts is not None:
            self._correct(command)
        opened = self.state.requests.get(code)
        asked = opened is not None and command.request in (code, self._name(code))
        if asked or opened is None or command.request == code:
            self.state.answers[code] = command
        documents = tuple(sorted(command.documents))
        if opened is not None and asked and self._answered(code, opened.wants):
            fact = RequestAnswered(request=self._name(code), code=code, documents=documents, values=command.values)
            sequence = self.state.answered[self._name(code)] = self.note(fact, by=command.by.person)
            self.state.last_answers[code] = LastAnswer(answer=command, at=self.now(), sequence=sequence)
        else:
            fact_kept = AnswerKept(code=code, documents=documents, values=command.values)
            sequence = self.note(fact_kept, by=command.by.person)
            if command.request != code and not asked:  # late; a part of an open one may be followed by the rest
                self.state.answered[command.request] = sequence
        return await self.stored(sequence)

    @answer_request.validator
    def _may_answer(self, command: AnswerRequest) -> None:
        code = self._code(command.request)
        if code not in self.asks and code not in self.state.duties:
            raise refusal("UnknownRequest", f"In dit dossier wordt '{code}' niet gevraagd.")
        opened = self.state.requests.get(code)
        party = opened.party if opened else self.told_by.get(code, Party.APPLICANT)
        if command.by.party not in (party, Party.STAFF):
            raise refusal("WrongParty", f"Dit antwoord wordt van een andere partij verwacht ({party}).")
        if command.request in self.state.answered and not self.corrects(command):
            return  # a repeat, of which the reply may have been lost; what was decided since changes nothing
        if opened is not None and self._over(end_of_day(opened.until)):
            raise refusal("AnswerLate", f"Antwoorden kon tot en met {opened.until:%d/%m/%Y}.")
        if command.facts is not None and opened is None and self.state.decided_on is not None:
            raise refusal("Decided", "Er is al beslist. Verbeter uw gegevens als het fonds er nog iets over vraagt.")
        if command.facts is not None and command.facts.instrument != self.state.facts.instrument:
            raise refusal("OtherInstrument", "Een verbetering kan geen ander instrument kiezen. Dien opnieuw in.")
        self.may_take(command)

    def may_take(self, command: AnswerRequest) -> None:
        """Refuse an answer that says what cannot be."""

    def _second_click(self, code: str, command: AnswerRequest) -> int | None:
        """The sequence of the same answer given a moment ago, when nothing is asked any more under its code.

        Later, the same words are a new answer: one that comes before the next question.
        """
        last = self.state.last_answers.get(code)
        if last is None or code in self.state.requests or self.now() - last.at > CLICKS_LAST:
            return None
        same = last.answer.model_copy(update={"request": command.request}) == command
        return last.sequence if same else None

    def usual_reminders(self, party: Party) -> tuple[str, ...]:
        """When this party is reminded of a question that names no reminders itself, counted back from its last day."""
        return ()

    def taken_aside(self, command: AnswerRequest) -> int | None:
        """The sequence of an answer that is about something else than what is asked; None: it is as any other."""
        return None

    def read_as(self, command: AnswerRequest) -> AnswerRequest:
        """An answer under the question that it is about."""
        return command

    def corrects(self, command: AnswerRequest) -> bool:
        """Whether a second answer to one question says something else that this kind wants to hear."""
        return False

    def _code(self, request: str) -> str:
        return request.removeprefix(f"{self.state.number}/").split("/")[0]

    def _correct(self, command: AnswerRequest) -> None:
        if command.facts is None:
            return
        old, new = self.state.facts.model_dump(), command.facts.model_dump()
        changed = tuple(sorted(field for field in new if new[field] != old.get(field)))
        self.state.facts = command.facts
        self.note(FactsCorrected(fields=changed), by=command.by.person)

    @workflow.update
    async def extend_request(self, command: ExtendRequest) -> Accepted:
        """Give more time for one request of this dossier."""
        opened = self.state.requests[self._code(command.request)]
        if opened.until == command.until:
            return await self.stored(self.state.recorded, repeated=True)
        opened.until = command.until
        name = self._name(opened.code)
        sequence = self.note(RequestExtended(request=name, until=command.until), by=command.by.person)
        self.mail("deadline_extended", opened.party, occasion=f"{name}/{command.until}", until=command.until)
        return await self.stored(sequence)

    @extend_request.validator
    def _may_extend(self, command: ExtendRequest) -> None:
        opened = self.state.requests.get(self._code(command.request))
        if opened is None:
            raise refusal("RequestClosed", "Deze vraag staat niet (meer) open; er is geen termijn om te verlengen.")
        if command.by.party is not Party.STAFF or command.by.fund != self.state.fund:
            raise refusal("WrongRole", f"Alleen medewerkers van fonds {self.state.fund} verlengen een termijn.")
        if command.until < opened.until:
            raise refusal("NotLater", f"De nieuwe datum ligt voor de huidige uiterste dag ({opened.until:%d/%m/%Y}).")
        if command.until > self.today() + LONGEST_EXTENSION:
            raise refusal("TooLate", "Een termijn verlengen kan tot twee jaar vooruit. Kijk het jaar na.")


def _codes(wants: Wants, fields: tuple[str, ...]) -> str:
    """What is asked, for events and mails: alternatives joined by '/', groups and fields by '|'."""
    return "|".join("/".join(group) for group in (*wants, *((field,) for field in fields)))

"""Asking what became of a person: the person, the agency, and by telephone, until there is an outcome or a reason."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.trajectories import Trajectories
    from models.messages.commands import Actor, AnswerRequest, ReportFact
    from models.messages.dossier import AskedAbout
    from models.messages.trajectories import Sought
    from models.messages.words import Party
    from schemes import follow_up
    from schemes.deadlines import Deadline
    from schemes.follow_up import AT_THE_END, Told, told
    from schemes.steps import PHONE
    from workflows.first_manner import QUESTION, FirstManner
    from workflows.journal import FOREVER
    from workflows.moments import ASKING, OF_AGENCY, WORDS
    from workflows.reached import NEW_CONTACT, QUESTIONS
    from workflows.watch import READING

__all__ = ["QUESTION", "FollowUp"]


class FollowUp(FirstManner):
    """The moments at which is asked; a trajectory that opened before keeps the first manner."""

    async def status_at(self, moment: str) -> None:
        """At the end of a phase the person and the agency are asked; nobody is telephoned."""
        if self.by_moments:
            await self.find_out(moment)
        else:
            await super().status_at(moment)

    async def find_out(self, moment: str, months: int | None = None) -> None:
        """Ask one after the other until there is an outcome or a reason, and note it."""
        self.state.notes[ASKING] = moment
        found = await self._found(moment, months)
        del self.state.notes[ASKING]
        self.conclude(moment, found)
        self.steered_by(found, Actor(person=found.by or Party.SYSTEM, party=found.by or Party.SYSTEM))

    async def _found(self, moment: str, months: int | None) -> Told:
        self.drop_old_words()
        if known := self.lasting or self.waiting_word(QUESTIONS) or self._told_with_a_job(moment):
            return known
        by_telephone = moment == AT_THE_END or months is not None
        found = await self._by_person(moment, months)
        if found is None:
            found = await self._by_agency(moment, by_telephone)
        if found is None and by_telephone and self.may_be_asked and not self._was_answered():
            done = await self.ask_unless(lambda: not self.may_be_asked or self._was_answered(), PHONE)
            found = follow_up.of_call(done.outcome) if done else None
        return self.waiting_word() or found or self._not_known(moment)

    async def _by_person(self, moment: str, months: int | None) -> Told | None:
        """Ask the person until the last day; again when it turns out meanwhile how they can be reached."""
        deadline = Deadline(start=self.today(), term=follow_up.question_term(self.policy))
        while self.consents and not deadline.is_over(self.now()):
            if self.lost and not await self._found_again(moment):
                return None
            if self.lost or not self.consents:
                continue
            if found := await self._told_elsewhere():
                return found
            answer = await self._question(moment, months, deadline)
            if answer is None or self.may_be_asked or self.word(answer):
                return self.word(answer)
        return None

    async def _question(self, moment: str, months: int | None, deadline: Deadline) -> AnswerRequest | None:
        code = QUESTION if moment == AT_THE_END or months is not None else "status"
        self._asks_about(code, moment)
        answer = await self.request(
            code,
            deadline,
            party=Party.PARTICIPANT,
            fields=("outcome",),
            silence="asks_agency",
            reminders=follow_up.question_reminders(self.policy),
            template="trajectory_follow_up",
            reminder="trajectory_follow_up_reminder",
            details={"moment": moment, "months": months},
        )
        if answer is not None and "reported" not in answer.values:
            self.withdraw_mails(self._occasion(code), "answered")
        return answer

    async def _found_again(self, moment: str) -> bool:
        """Ask the agency for a new address, once for each time that the last channel failed."""
        failed = str(sum(report.fact == "channel_failed" for report in self.state.reports))
        if self.state.notes.get(NEW_CONTACT) != failed:
            self.state.notes[NEW_CONTACT] = failed
            how = {"fields": ("contact",), "silence": "asks_agency", "details": {"moment": moment}}
            await self.request(NEW_CONTACT, self.policy.agency_term, party=Party.AGENCY, **how)  # type: ignore[arg-type]
        return not self.lost

    async def _told_elsewhere(self) -> Told | None:
        """What the same person told in another dossier not long ago: nobody is asked the same twice."""
        sought = Sought(number=self.state.number, since=follow_up.fresh_since(self.today()), on=self.today())
        found = await workflow.execute_local_activity_method(
            Trajectories.elsewhere, sought, start_to_close_timeout=READING, retry_policy=FOREVER
        )
        if found is None or not self.may_be_asked:
            return None
        values = {"outcome": found.outcome, "dossier": found.dossier}
        by = Actor(person=Party.SYSTEM, party=Party.SYSTEM)
        self._heard(ReportFact(fact="earlier_answer", on=found.on, by=by, values=values))
        return Told(outcome=found.outcome, by=Party.PARTICIPANT, since=found.since, elsewhere=found.dossier)

    async def _by_agency(self, moment: str, by_telephone: bool) -> Told | None:
        """What the agency knows, unless the person speaks first."""
        self._asks_about(OF_AGENCY, moment)
        silence = "asks_by_telephone" if by_telephone and self.may_be_asked else "unknown"
        return await self.ask_agency(silence, {"moment": moment})

    def _told_with_a_job(self, moment: str) -> Told | None:
        """At the end of a guidance that ended with a new job: what was told of that job."""
        job = self.last_of("new_job", "job_lost")
        if moment != AT_THE_END or job is None or job.fact != "new_job":
            return None
        return told(job.values.get("outcome"), job.by.party, job.on)

    def _not_known(self, moment: str) -> Told:
        """Who was not asked because nobody knew an address did not keep silent."""
        reached = not self.lost and (not self.consents or self.asked_of(moment)[0] is not None)
        return follow_up.unknown(consents=self.consents, reachable=reached)

    def _asks_about(self, code: str, moment: str) -> None:
        name = f"{self.state.number}/{code}/{self.state.occurrences.get(code, 0) + 1}"
        self.state.questions[name] = AskedAbout(moment=moment, on=self.today())

    def _was_answered(self) -> bool:
        return any(code in self.state.answers for code in WORDS)

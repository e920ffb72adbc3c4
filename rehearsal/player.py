"""Lives dossiers to their end: acts where somebody is waited for, and moves the clock where nobody is."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

import asyncpg

from models.errors import Refusal
from models.messages.commands import Actor, AnswerRequest, ReportFact
from models.messages.words import Party
from rehearsal.cast import hands
from rehearsal.corrections import corrected
from rehearsal.parts import Answer, Part, Tell, seed_of
from rehearsal.patience import patiently
from rehearsal.scene import Question, Scene, Task, facts_of, look
from rehearsal.treasury import Treasurer
from schemes.calendar import end_of_day, local_date, start_of_day
from schemes.steps import PAYMENT
from starter import Starter

LOOK_AGAIN = 0.05
"""Seconds between two looks at a dossier that has not opened yet, or has not moved on yet."""
PATIENCE = 600
"""How often a dossier is looked at that waits on nobody: half a minute, as a busy machine may need."""
STEP = timedelta(days=7)
"""Silence is lived week by week, so that reminders go out on their own days."""
LONGEST = 400
"""A dossier that is not closed after so many acts goes in circles."""


class Stuck(Exception):
    """A dossier waits for nobody, or goes in circles: a defect that a rehearsal is there to find."""


@dataclass
class Played:
    """What a rehearsal did."""

    acts: int = 0
    refusals: list[str] = field(default_factory=list)


class Player:
    """Plays all people of the dossiers it is given."""

    def __init__(
        self, starter: Starter, pool: asyncpg.Pool, part: Part | None = None, treasurer: Treasurer | None = None
    ) -> None:
        self._starter = starter
        self._treasurer = treasurer
        """Who pays by files; without one, finance confirms each payment by hand."""
        self._pool = pool
        self._part = part or Part()
        self.played = Played()
        self._moved: dict[str, datetime] = {}

    async def live_all(
        self, numbers: Iterable[str], *, in_flight: int = 16, told: Callable[[str], None] = lambda _: None
    ) -> None:
        """Live many dossiers, so many at a time; `told` hears of each that closed.

        Raises:
            Stuck: one of them does not end.
        """
        left = iter(numbers)

        async def actor() -> None:
            for number in left:
                await self.live(number)
                told(number)

        async with asyncio.TaskGroup() as group:
            for _ in range(in_flight):
                group.create_task(actor())

    async def live(self, number: str) -> None:
        """Live one dossier to its closing, or until it waits for the treasurer.

        Raises:
            Stuck: it waits for nobody, or goes in circles.
        """
        for _ in range(LONGEST):
            scene = await patiently(partial(look, self._pool, number))
            if scene is None:
                await asyncio.sleep(LOOK_AGAIN)
                continue
            if scene.outcome is not None or self._waits_for_money(scene):
                return
            try:
                await patiently(partial(self._act, scene))
            except Refusal as refusal:
                await self._hear(number, refusal)
            self.played.acts += 1
        raise Stuck(f"{number} does not end")

    def _waits_for_money(self, scene: Scene) -> bool:
        return self._treasurer is not None and [task.step for task in scene.tasks] == [PAYMENT.code]

    async def _hear(self, number: str, refusal: Refusal) -> None:
        """What the world changed between looking and acting is no surprise; anything else is kept for the report."""
        if refusal.code in ("NotStarted", "DossierClosed"):
            await asyncio.sleep(LOOK_AGAIN)
            return
        self.played.refusals.append(f"{number}: {refusal.code}: {refusal.message}")
        await asyncio.sleep(LOOK_AGAIN)

    async def _act(self, scene: Scene) -> None:
        if scene.tasks:
            await self._decide(scene, scene.tasks[0])
        elif scene.questions:
            await self._answer(scene, min(scene.questions, key=lambda question: question.until))
        elif scene.waiting_until is not None:
            begins = start_of_day(scene.waiting_until)
            await self._wait(scene, begins if self._clock(scene) < begins else end_of_day(scene.waiting_until))
        else:
            await self._patience(scene)

    async def _patience(self, scene: Scene) -> None:
        """Between two steps, as when it heard whether there is room, a dossier waits on nobody for a moment.

        Raises:
            Stuck: it does so for longer than a step takes.
        """
        for _ in range(PATIENCE):
            await asyncio.sleep(LOOK_AGAIN)
            now = await patiently(partial(look, self._pool, scene.number))
            if now != scene:
                return
        raise Stuck(f"{scene.number} waits on nobody in phase {scene.phase}")

    async def _decide(self, scene: Scene, task: Task) -> None:
        if self._treasurer is not None and task.step == PAYMENT.code:
            task = next(other for other in scene.tasks if other.step != PAYMENT.code)
        person = hands(task.fund, task.role, task.excluded, seed_of(task.task), task.task)
        move = self._part.decide(scene, task)
        await self._starter.complete(task.task, person, move.outcome, reasons=move.reasons)

    async def _answer(self, scene: Scene, question: Question) -> None:
        answer = self._part.answer(scene, question)
        if isinstance(answer, Tell):
            await self._tell(scene, answer, Party(question.party), local_date(scene.at))
            return
        moment = None if answer is None else question.opened_at + answer.after
        last, clock = end_of_day(question.until), self._clock(scene)
        if answer is None or moment is None or moment >= last or moment > clock + STEP:
            await self._wait(scene, min(moment or last, last, clock + STEP))
            return
        if moment > clock:
            await self._wait(scene, moment)
        await self._say(scene, question, answer)

    async def _tell(self, scene: Scene, tell: Tell, by: Party, on: date) -> None:
        """A party tells something that was not asked."""
        party = tell.by or by
        actor = Actor(person=party, party=party)
        await self._starter.report(scene.number, ReportFact(fact=tell.fact, on=on, by=actor, values=tell.values))

    async def _say(self, scene: Scene, question: Question, answer: Answer) -> None:
        """A party answers."""
        facts = corrected(await facts_of(self._pool, scene.number), question.wants) if answer.corrects else None
        by = Actor(person=question.party, party=Party(question.party))
        told = AnswerRequest(
            request=question.request, by=by, documents=answer.documents, facts=facts, values=answer.values
        )
        if self._treasurer is not None and question.code == "account":
            await self._treasurer.other_account(scene.number, question.party)
        await self._starter.answer(scene.number, told)

    async def _wait(self, scene: Scene, moment: datetime) -> None:
        """Nobody acts before: put the clock forward; a moment that passed in vain gets a minute more, after a look."""
        if moment <= self._clock(scene):
            await asyncio.sleep(LOOK_AGAIN)
        moved = max(moment, self._clock(scene) + timedelta(minutes=1))
        await self._starter.move_clock(scene.number, moved)
        self._moved[scene.number] = moved

    def _clock(self, scene: Scene) -> datetime:
        """Where the dossier's own clock stands: its last event, or where we put it since."""
        return max(scene.at, self._moved.get(scene.number, scene.at))

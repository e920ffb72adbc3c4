"""A rehearsal on one calendar: every dossier lives the same day, and the day ends when its messages have left.

`Player` lives each dossier by its own clock. Here all clocks go together, day after day, as in a real house: what
concerns one person in two dossiers, the post of a day, and a house that is away for some days can only be seen so.
"""

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial

from models.errors import Refusal
from models.messages.commands import Accepted
from models.messages.words import Party
from rehearsal.parts import Answer, Part, Tell
from rehearsal.patience import patiently
from rehearsal.player import LONGEST, LOOK_AGAIN, Player, Stuck
from rehearsal.post import Post
from rehearsal.scene import Question, Scene, look
from schemes.calendar import BRUSSELS, ONE_DAY, end_of_day, local_date, start_of_day
from starter import Starter

MORNING = time(8)

Hears = Callable[[date, int, int], None]
"""Hears which day it is, how many dossiers have closed, and of how many."""


@dataclass
class Interruption:
    """What happens to the house on a day, and for how many days it is away then."""

    day: date
    days: int
    fall: Callable[[], Awaitable[None]]
    rise: Callable[[], Awaitable[None]]
    happened: bool = False


@dataclass
class Agenda:
    """Who has something to do when; a dossier has one appointment, the first."""

    first: dict[str, datetime] = field(default_factory=dict)
    _heap: list[tuple[datetime, str]] = field(default_factory=list)

    def put(self, number: str, moment: datetime) -> None:
        """The next thing this dossier has to do."""
        self.first[number] = moment
        heapq.heappush(self._heap, (moment, number))

    def begins(self) -> datetime | None:
        """The first moment at which anybody has something to do."""
        while self._heap and self.first.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def until(self, moment: datetime) -> list[str]:
        """Everybody who has something to do up to a moment, in order; taken off the agenda."""
        due: list[str] = []
        while (begins := self.begins()) is not None and begins <= moment:
            due.append(heapq.heappop(self._heap)[1])
            del self.first[due[-1]]
        return due


class Calendar(Player):
    """Plays all people of all dossiers, day after day."""

    def __init__(self, starter: Starter, part: Part, post: Post, *, in_flight: int = 16) -> None:
        super().__init__(starter, post.pool, part)
        self._post = post
        self._hands = asyncio.Semaphore(in_flight)
        self._agenda = Agenda()
        self._wakes: dict[str, datetime | None] = {}
        self._told: dict[str, int] = {}
        self._opens: Mapping[str, datetime] = {}

    async def live_together(
        self,
        opens: Mapping[str, datetime],
        parents: Mapping[str, str],
        *,
        interruption: Interruption | None = None,
        hears: Hears = lambda *_: None,
    ) -> None:
        """Live every dossier to its closing; `opens` is when each comes in, `parents` the employer's dossier of each.

        Raises:
            Stuck: one waits for nobody, or goes in circles.
        """
        self._opens = opens
        for number, moment in opens.items():
            self._agenda.put(number, moment)
        closed = 0
        today = date.min
        while (begins := self._agenda.begins()) is not None:
            today = max(local_date(begins), today + ONE_DAY if today > date.min else date.min)
            if interruption is not None and not interruption.happened and today >= interruption.day:
                today = await self._interrupted(interruption, parents)
            closed += await self._live_day(today, parents)
            hears(today, closed, len(opens))

    async def _interrupted(self, interruption: Interruption, parents: Mapping[str, str]) -> date:
        """The house falls while people are at work; what they were doing they do again when it stands, days later."""
        interruption.happened = True
        at_work = asyncio.create_task(self._live_day(interruption.day, parents, evening=False))
        await asyncio.sleep(0.3)
        await interruption.fall()
        after: date = interruption.day + timedelta(days=interruption.days)
        await self._post.stands_on(datetime.combine(after, MORNING, BRUSSELS))
        await asyncio.sleep(2)
        await interruption.rise()
        await at_work
        return after

    async def _live_day(self, today: date, parents: Mapping[str, str], *, evening: bool = True) -> int:
        """Everything that anybody does on a day; how many dossiers closed."""
        await self._post.stands_on(datetime.combine(today, MORNING, BRUSSELS))
        closed = 0
        while due := self._agenda.until(end_of_day(today)):
            above = sorted({parents[number] for number in due if number in parents})
            await self._together(partial(self._to_the_day, today), above)
            closed += sum(await self._together(partial(self._visit, today), due))
        if evening:
            await self._post.leaves(today)
        return closed

    async def _together(self, act: Callable[[str], Awaitable[bool]], numbers: Collection[str]) -> list[bool]:
        async def one(number: str) -> bool:
            async with self._hands:
                return await act(number)

        return await asyncio.gather(*(one(number) for number in numbers))

    async def _to_the_day(self, today: date, number: str) -> bool:
        """An employer's dossier hears of its people on the day itself, so its clock goes along."""
        if number in self._moved and local_date(self._moved[number]) < today:
            self._agenda.put(number, datetime.combine(today, MORNING, BRUSSELS))
            await self._goes_to(number, datetime.combine(today, MORNING, BRUSSELS))
        return False

    async def _visit(self, today: date, number: str) -> bool:
        """One dossier's day; whether it closed."""
        last = end_of_day(today)
        for _ in range(LONGEST):
            scene = await patiently(partial(look, self._pool, number))
            if scene is None:
                await asyncio.sleep(LOOK_AGAIN)
                continue
            if scene.outcome is not None:
                return True
            try:
                if number not in self._wakes:
                    await self._goes_to(number, max(self._clock(scene), self._begins(number, today)))
                    continue
                moment = await self._first(scene, self._begins(number, today))
                if moment > last:
                    self._agenda.put(number, moment)
                    return False
                await self._take(scene, moment)
            except Refusal as refusal:
                if refusal.code in ("DossierClosed", "NotFound"):
                    return True
                self._wakes.pop(number, None)
                await self._hear(number, refusal)
            self.played.acts += 1
        raise Stuck(f"{number} goes in circles on {today}")

    def _begins(self, number: str, today: date) -> datetime:
        """The first moment of a day for a dossier: a new one comes in when it comes in."""
        return start_of_day(today) if number in self._moved else self._opens[number]

    async def _first(self, scene: Scene, floor: datetime) -> datetime:
        """When something happens next: what somebody does, or what the dossier does by itself."""
        clock = max(self._clock(scene), floor)
        moments = [moment for moment in (self._wakes[scene.number], self._people(scene, clock)) if moment is not None]
        if not moments:
            await self._patience(scene)
            self._wakes.pop(scene.number)
            return clock
        return max(min(moments), floor)

    def _people(self, scene: Scene, clock: datetime) -> datetime | None:
        """When the first of the people does something; None when all keep silent."""
        if scene.tasks:
            return clock
        said = [says[0] for question in scene.questions if (says := self._says(scene, question)) is not None]
        unasked = self._unasked(scene)
        return min([*said, *([unasked[0]] if unasked else [])], default=None)

    def _says(self, scene: Scene, question: Question) -> tuple[datetime, Answer | Tell] | None:
        """When who was asked says what; None when this one keeps silent."""
        answer = self._part.answer(scene, question)
        if answer is None:
            return None
        if isinstance(answer, Tell):
            return max(question.opened_at, scene.at), answer
        moment = question.opened_at + answer.after
        return (moment, answer) if moment < end_of_day(question.until) else None

    def _unasked(self, scene: Scene) -> tuple[datetime, Tell] | None:
        """What is told next without being asked."""
        told = self._part.unasked(scene)
        place = self._told.get(scene.number, 0)
        return told[place] if place < len(told) else None

    async def _take(self, scene: Scene, moment: datetime) -> None:
        """Go to the moment, and do what somebody does then, unless the dossier itself does something at it."""
        wakes = self._wakes[scene.number]
        if moment > self._clock(scene) or (wakes is not None and wakes <= moment):
            await self._goes_to(scene.number, moment)
        if wakes is not None and wakes <= moment:
            return
        self._wakes.pop(scene.number)
        unasked = self._unasked(scene)
        if scene.tasks:
            await self._decide(scene, scene.tasks[0])
        elif unasked is not None and unasked[0] <= moment:
            self._told[scene.number] = self._told.get(scene.number, 0) + 1
            await self._tell(scene, unasked[1], Party.AGENCY, local_date(unasked[0]))
        else:
            await self._speak(scene, moment)

    async def _speak(self, scene: Scene, moment: datetime) -> None:
        """Who was asked says something, when this is the moment."""
        for question in scene.questions:
            says = self._says(scene, question)
            if says is None or says[0] > moment:
                continue
            answer = says[1]
            if isinstance(answer, Tell):
                await self._tell(scene, answer, Party(question.party), local_date(moment))
            else:
                await self._say(scene, question, answer)
            return

    async def _goes_to(self, number: str, moment: datetime) -> Accepted:
        moved = await patiently(partial(self._starter.move_clock, number, moment))
        self._moved[number] = max(moment, self._moved.get(number, moment))
        self._wakes[number] = moved.wakes_at
        return moved

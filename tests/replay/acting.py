"""People who do not only what is asked: silent, late, unwilling, withdrawing, objecting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import asyncpg

from models.errors import Refusal
from models.messages.commands import Actor, AnswerRequest, ReportFact
from models.messages.words import Party
from rehearsal.cast import hands
from rehearsal.parts import Answer, Move, Tell, seed_of
from rehearsal.player import Player
from rehearsal.scene import Question, Scene, Task
from rehearsal.trajectory import Future, TrajectoryPart
from starter import Starter

GRACE = timedelta(minutes=10)
"""How long a held answer may be taken back."""
LATE = timedelta(days=30)
"""Long enough to be reminded, and for a task to go up a role."""


@dataclass(frozen=True)
class Script:
    """In what a play differs from the willing one."""

    moves: Mapping[str, Sequence[Move]] = field(default_factory=dict)
    """What staff does with a step, in order of its occurrences; afterwards it follows the advice."""
    silent: frozenset[str] = frozenset()
    """Questions nobody answers, by code, or one of them by code and occurrence."""
    held: frozenset[str] = frozenset()
    """Steps answered with time to take that back: taken back once, and answered again."""
    late: frozenset[str] = frozenset()
    """Tasks that staff first leaves lying."""
    withdraws_in: str | None = None
    """The phase in which the applicant takes it back."""
    objects: bool = False
    """Whether the applicant objects to the first decision that allows it."""
    told: Mapping[str, str] = field(default_factory=dict)
    """Facts that are told instead of an answer, by the question, and once each."""
    said: Mapping[str, str] = field(default_factory=dict)
    """What the person answers, by question."""
    put_right: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What the person answers by an old link, by the phase in which that happens: the moment and the outcome."""
    late_hours: Mapping[str, str] = field(default_factory=dict)
    """The hours of the first phase that the agency answers only in a later one, by that phase."""
    corrected: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Facts that are put right, with the reason, by the phase in which that happens."""


class ScriptedPart(TrajectoryPart):
    """The willing part, but for the script."""

    def __init__(self, script: Script, futures: Mapping[str, Future]) -> None:
        super().__init__(futures)
        self._script = script
        self._moves = {step: list(moves) for step, moves in script.moves.items()}
        self._told = dict(script.told)

    def decide(self, scene: Scene, task: Task) -> Move:
        """The next move of the script for this step."""
        moves = self._moves.get(task.step)
        return moves.pop(0) if moves else super().decide(scene, task)

    def answer(self, scene: Scene, question: Question) -> Answer | Tell | None:
        """Silence where the script wants it, or something that was not asked."""
        name = question.request.removeprefix(f"{scene.number}/")
        if fact := self._told.pop(name, None):
            return Tell(fact)
        if outcome := self._script.said.get(name):
            return Answer(values={"outcome": outcome})
        return None if {question.code, name} & self._script.silent else super().answer(scene, question)


class ScriptedPlayer(Player):
    """Plays one dossier by a script."""

    def __init__(
        self, starter: Starter, pool: asyncpg.Pool, script: Script, futures: Mapping[str, Future] | None = None
    ) -> None:
        super().__init__(starter, pool, ScriptedPart(script, futures or {}))
        self._script = script
        self._applicant = Actor(person="applicant-1", party=Party.APPLICANT)
        self._objected = False
        self._corrections = dict(script.corrected)
        self._old_links = dict(script.put_right)
        self._late_hours = dict(script.late_hours)
        self._left_lying: set[str] = set()
        self._taken_back: set[str] = set()

    async def _act(self, scene: Scene) -> None:
        if scene.phase == self._script.withdraws_in:
            await self._starter.withdraw(scene.number, self._applicant)
        elif values := self._corrections.pop(scene.phase, None):
            by, on = Actor(person="system", party=Party.SYSTEM), self._clock(scene).date()
            report = ReportFact(fact="facts_corrected", on=on, by=by, values=dict(values))
            await self._starter.report(scene.number, report)
        elif values := self._old_links.pop(scene.phase, None):
            by = Actor(person="participant-1", party=Party.PARTICIPANT)
            await self._starter.answer(scene.number, AnswerRequest(request="follow_up", by=by, values=dict(values)))
        elif hours := self._late_hours.pop(scene.phase, None):
            by = Actor(person="agency-1", party=Party.AGENCY)
            late = AnswerRequest(request=f"{scene.number}/hours/1", by=by, values={"hours": hours})
            await self._starter.answer(scene.number, late)
        elif not (await self._objects(scene) or await self._leaves_lying(scene)):
            await super()._act(scene)

    async def _decide(self, scene: Scene, task: Task) -> None:
        if task.step not in self._script.held:
            await super()._decide(scene, task)
            return
        person = hands(task.fund, task.role, task.excluded, seed_of(task.task))
        move = self._part.decide(scene, task)
        await self._starter.complete(task.task, person, move.outcome, reasons=move.reasons, grace=GRACE)
        if task.task not in self._taken_back:
            self._taken_back.add(task.task)
            await self._starter.undo(task.task, person)

    async def _objects(self, scene: Scene) -> bool:
        if self._objected or not self._script.objects or scene.waiting_on != Party.CALENDAR:
            return False
        try:
            await self._starter.object(scene.number, self._applicant, "facts_wrong")
        except Refusal as refusal:
            if refusal.code != "NothingToObject":
                raise
            return False
        self._objected = True
        return True

    async def _leaves_lying(self, scene: Scene) -> bool:
        for task in scene.tasks:
            if task.step in self._script.late and task.task not in self._left_lying:
                self._left_lying.add(task.task)
                await self._wait(scene, self._clock(scene) + LATE)
                return True
        return False

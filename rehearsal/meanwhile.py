"""What happened until now: dossiers that came in during the past year are lived up to today, and left as they stand."""

import contextlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

import asyncpg

from models.errors import Refusal
from rehearsal.parts import Part, seed_of
from rehearsal.patience import patiently
from rehearsal.player import Player
from rehearsal.scene import Scene
from starter import Starter

LATELY = timedelta(days=45)
"""What came to people before this is done; of what came since, some still lies there."""
PROMPT = 4


class _Reached(Exception):
    """The dossier stands where its people are now."""


class Meanwhile(Player):
    """Plays all people of dossiers up to a moment; what waits for somebody then, keeps waiting."""

    def __init__(self, starter: Starter, pool: asyncpg.Pool, until: datetime, part: Part | None = None) -> None:
        super().__init__(starter, pool, part)
        self._until = until

    async def live(self, number: str) -> None:
        """Live one dossier up to the moment, then put its clock there: reminders of the backlog go out.

        Raises:
            Stuck: it waits for nobody, or goes in circles.
        """
        with contextlib.suppress(_Reached):
            await super().live(number)
            return
        with contextlib.suppress(Refusal):  # it closed by the moving of its clock
            await patiently(partial(self._starter.move_clock, number, self._until))

    async def _act(self, scene: Scene) -> None:
        clock = self._clock(scene)
        if clock >= self._until or any(clock >= self._until - behind for behind in self._lying(scene)):
            raise _Reached
        await super()._act(scene)

    async def _wait(self, scene: Scene, moment: datetime) -> None:
        if moment >= self._until:
            raise _Reached
        await super()._wait(scene, moment)

    def _lying(self, scene: Scene) -> Iterator[timedelta]:
        """How long what waits for somebody has been lying there."""
        if scene.tasks:
            yield self._behind(scene.tasks[0].task)
        elif scene.questions:
            yield self._behind(min(one.request for one in scene.questions))

    def _behind(self, task: str) -> timedelta:
        """How long this task has been lying there: one in four is done the day it comes."""
        seed = seed_of(task)
        return LATELY * (seed // PROMPT % 100) / 100 if seed % PROMPT else timedelta(0)

"""The product's worker, made to die inside `record` at chosen moments, and if asked recording by regular activity.

`DYING_PLAN` says at which call of `record` each process dies, and where: "5 after, 9 before"; a process that finds
nothing left in the plan lives. `DYING_NOTES` is the file in which each death is written down.
"""

import itertools
import os
from pathlib import Path
from typing import Any

from temporalio import activity

import worker
from activities.dossiers import Dossiers
from benchmarks.recording import work_regularly
from models.messages.events import Recorded, Step

NOTES = Path(os.environ["DYING_NOTES"])
PLAN = [death.split() for death in os.environ["DYING_PLAN"].split(",")]


class Dying(Dossiers):
    """Dies before the transaction, or between its commit and the answer."""

    def __init__(self, pool: Any) -> None:
        super().__init__(pool)
        self._calls = itertools.count(1)
        died = len(NOTES.read_text("utf-8").splitlines()) if NOTES.exists() else 0
        self._at, self._where = PLAN[died] if died < len(PLAN) else ("0", "never")

    @activity.defn
    async def record(self, step: Step) -> Recorded:
        """The product's own, with death in it."""
        doomed = next(self._calls) == int(self._at)
        if doomed and self._where == "before":
            self._die(step)
        stored = await super().record(step)
        if doomed:
            self._die(step)
        return stored

    def _die(self, step: Step) -> None:
        with NOTES.open("a", encoding="utf-8") as notes:
            notes.write(f"{self._where} {step.dossier} {step.events[0].sequence} {step.events[-1].sequence}\n")
        os._exit(9)


if __name__ == "__main__":
    worker.Dossiers = Dying  # type: ignore[attr-defined]
    if os.environ["DYING_RECORD"] == "regular":
        work_regularly()
    worker.main(["--promote"])

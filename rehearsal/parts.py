"""How a part is played: what staff decides, and what the parties outside answer, and when."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from models.messages.words import Document, Kind, Party
from rehearsal.scene import Question, Scene, Task
from schemes.calendar import local_date

DOCUMENTS = frozenset(Document)
WORDS = {"invoiced": "1900.00", "refund": "0.00", "answer": "accepted", "hours": "20"}


@dataclass(frozen=True)
class Answer:
    """What a party says, so many days after it was asked."""

    after: timedelta = timedelta(days=3)
    documents: frozenset[Document] = frozenset()
    values: dict[str, str] = field(default_factory=dict)
    corrects: bool = False
    """Whether the answer also puts right what was stated wrong."""


@dataclass(frozen=True)
class Move:
    """What a member of staff does with a task."""

    outcome: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tell:
    """Something a party says that was not asked; `by` None is the party of the question it comes instead of."""

    fact: str
    by: Party | None = None
    values: dict[str, str] = field(default_factory=dict)


class Part:
    """The willing part: everybody does what is asked, a few days later. A rehearsal may play it otherwise."""

    def decide(self, scene: Scene, task: Task) -> Move:
        """Staff follows the advice of the rules; an application that looks double is double, another doubt is none."""
        advice = task.advice if task.advice in task.outcomes else None
        if advice is None and task.step == "admissibility":
            return Move("refuse", ("DUBBELE_AANVRAAG",)) if scene.kind == Kind.SUBSIDY else Move("admissible")
        outcome = advice or task.outcomes[0]
        return Move(outcome, () if advice in (None, "approve", "confirmed", "confirm") else ("rehearsed",))

    def answer(self, scene: Scene, question: Question) -> Answer | Tell | None:
        """Everything that was asked; None is silence."""
        named = [code for want in question.wants for code in want.split("/")[:1]]
        documents = frozenset(Document(code) for code in named if code in DOCUMENTS)
        values = {code: _word(scene, code) for code in named if code not in DOCUMENTS}
        return Answer(documents=documents, values=values, corrects=bool(values) and question.code == "completion")

    def unasked(self, scene: Scene) -> Sequence[tuple[datetime, Tell]]:
        """Everything that is told of this dossier without being asked, in order, with its moment."""
        del scene
        return ()


def _word(scene: Scene, code: str) -> str:
    """What is filled in: a day, an amount in euro, or yes."""
    if code.endswith("_on"):
        return local_date(scene.at).isoformat()
    return WORDS.get(code, "yes")


def seed_of(text: str) -> int:
    """The same number for the same text, in every process."""
    return zlib.crc32(text.encode())

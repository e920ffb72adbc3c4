"""By which ways a message leaves, what each of them needs to know, and what it answers."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from activities.letters import LetterDesk
from letters.composing import LETTERS
from models.errors import Defect, Refusal
from models.messages.words import Language
from schemes.reaching import Channel


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt."""

    state: str
    problem: str | None = None
    again: timedelta | None = None
    """After how long to try again, only where nothing can have left."""
    wrong_address: bool = False
    """Nobody is reached at this address or number, now or later."""


@dataclass(frozen=True)
class Addressee:
    """Who gets a message and by which way: one person, or all of a role."""

    name: str
    language: Language
    addresses: tuple[str, ...]
    """Mail addresses, one telephone number, or the lines of an address on paper below the name."""
    channel: Channel = Channel.EMAIL
    others: tuple[Channel, ...] = ()
    """The other ways by which this message may reach this person, the best one first."""
    person: str | None = None
    """Who it is over all dossiers, of a participant: only they have hours, and one message a day."""
    rehearsed: bool = False
    clock: datetime | None = None
    """What time it is for all rehearsed dossiers together, where a rehearsal says so."""

    @property
    def digest(self) -> str:
        """By which the same person is recognised without keeping the address in the ledger."""
        return hashlib.sha256("|".join(sorted(map(str.lower, self.addresses))).encode()).hexdigest()


Claimed = tuple[dict[str, Any], Addressee | Outcome | None]
"""A message in hand and who gets it; how it ended when nobody should, None when nothing is known of anybody."""


class Carrier(Protocol):
    """A way out besides mail. What goes this way is marked `sending` before `send` is called."""

    def takes(self, template: str) -> bool:
        """Whether there is a text of this message for this way."""
        ...

    async def send(self, effect: dict[str, Any], addressee: Addressee) -> Outcome:
        """Hand one message over, once. `effect` is its row in the ledger.

        The answer is `sent`, `to_print`, `planned` with when to try again (nothing left), `refused`, or `unknown` (it
        may have left). What is wrong outside is an answer and no exception.

        Raises:
            Refusal, Defect: this message cannot be made; it goes to a person.
        """
        ...


class Paper:
    """A letter is made and kept; a person prints it, puts it in an envelope and tells when it was posted."""

    def __init__(self, letters: LetterDesk) -> None:
        self._letters = letters

    def takes(self, template: str) -> bool:
        """Whether a letter of this message exists."""
        return template in LETTERS

    async def send(self, effect: dict[str, Any], addressee: Addressee) -> Outcome:
        """Lay the letter ready."""
        try:
            await self._letters.letter(effect, addressee.language, on_paper=True)
        except (Refusal, Defect) as wrong:
            return Outcome("refused", str(wrong))
        return Outcome("to_print")

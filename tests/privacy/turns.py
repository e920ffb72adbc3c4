"""What a talkative story came by, kept outside its sandbox: it tells a replay from a turn that is done again."""

from typing import NamedTuple


class Passage(NamedTuple):
    """A story came by here: for the first time, or while it read back its own history."""

    phase: str
    replayed: bool


PASSAGES: list[Passage] = []

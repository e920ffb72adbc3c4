"""Which phases a kind of dossier goes through, as its own story says: a list kept beside it would drift."""

import inspect
import re
from functools import lru_cache

from models.messages.words import Kind
from opening import WORKFLOWS

_NAMED = re.compile(r"\bself\.(\w+)\b(?!\()")


@lru_cache(maxsize=len(Kind))
def phases(kind: Kind) -> tuple[str, ...]:
    """The phases in the order in which `run` gives them to `live`."""
    return tuple(_NAMED.findall(inspect.getsource(WORKFLOWS[kind])))


def to_come(kind: Kind, phase: str) -> tuple[str, ...]:
    """The phases behind the one a dossier is in; all of them before it entered the first."""
    known = phases(kind)
    return known[known.index(phase) + 1 :] if phase in known else known

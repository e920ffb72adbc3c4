"""How an envelope is named: fund, year, instrument and joint committee, and whether it is for rehearsals."""

import re
from typing import NamedTuple, Self

from models.errors import Refusal
from models.messages.words import Fund, Instrument

ANY = "*"
COMMITTEES = ("111", "209", ANY)
"""Joint committees of the field (domain.md 1): workers, employees, or either."""
REHEARSAL = "rehearsal"
_NAMED = re.compile(
    r"(?P<fund>[A-Z]{3})/(?P<year>20\d\d)/(?P<instrument>[a-z_]+|\*)/(?P<committee>111|209|\*)(/rehearsal)?"
)


class Purse(NamedTuple):
    """What an envelope is for."""

    fund: Fund
    year: int
    instrument: Instrument | None
    """None: any instrument."""
    committee: str = ANY
    rehearsed: bool = False

    @property
    def name(self) -> str:
        """The name of the envelope, such as `ANT/2026/formal_training/111`."""
        parts = (self.fund, str(self.year), self.instrument or ANY, self.committee, *((REHEARSAL,) * self.rehearsed))
        return "/".join(parts)

    @classmethod
    def named(cls, name: str) -> Self:
        """Read a name.

        Raises:
            Refusal: it is not the name of an envelope.
        """
        found = _NAMED.fullmatch(name)
        known = found and found["fund"] in set(Fund) and found["instrument"] in {ANY, *Instrument}
        if found is None or not known:
            raise Refusal(
                "EnvelopeName",
                f"'{name}' is geen naam van een budget. Schrijf fonds/jaar/instrument/paritair comité, "
                "zoals ANT/2026/formal_training/111; een * betekent alle.",
            )
        instrument = None if found["instrument"] == ANY else Instrument(found["instrument"])
        return cls(Fund(found["fund"]), int(found["year"]), instrument, found["committee"], bool(found[5]))

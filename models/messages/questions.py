"""Which question an answer is about, by the events of one journal: also when it comes after the question lapsed."""

from collections.abc import Mapping
from decimal import Decimal
from re import compile as pattern
from typing import Any

HOURS = "hours"
"""The question about the hours of a phase that is over."""
_HOURS = pattern(r"[0-9]{1,4}(\.[0-9]{1,2})?")


class Questions:
    """What was asked so far. `late`: the questions that lapsed and were answered afterwards, by name.

    `answers`: the name of the question that the event taken last answers; None when it answers none.
    `about`: what a question asks of, a moment of the follow-up or the phase in which it was asked. Its number does not
    say so: nobody is asked about a phase whose hours were registered.
    """

    def __init__(self) -> None:
        self.about: dict[str, str] = {}
        self.late: set[str] = set()
        self.answers: str | None = None
        self._phase = ""
        self._timeless: set[str] = set()
        self._lapsed: list[tuple[str, str]] = []

    def take(self, kind: str, data: Mapping[str, Any]) -> str | None:
        """Take the next event; of an answer, give the phase or moment it is about."""
        self.answers = None
        match kind:
            case "phase_entered":
                self._phase = data["phase"]
            case "request_opened":
                self.about[data["request"]] = data.get("moment") or self._phase
                if not data.get("moment"):
                    self._timeless.add(data["request"])
            case "request_lapsed":
                self._lapsed.append((data["code"], data["request"]))
            case "request_answered":
                self.answers = data["request"]
                return self.about.get(data["request"], self._phase)
            case "answer_kept":
                return self._kept(data["code"], data.get("values", {}))
        return None

    def _kept(self, code: str, values: Mapping[str, str]) -> str:
        """It says what it is about, except in older stories: then the question that lapsed last is meant."""
        said = values.get("phase") or values.get("moment")
        lapsed = [name for of, name in self._lapsed if of == code and name not in self.late]
        meant = [name for name in lapsed if said is None or self._may_be(name, values)]
        self.late.update(meant[-1:])
        self.answers = meant[-1] if meant else None
        return said or self.about.get(self.answers or "", self._phase)

    def _may_be(self, name: str, said: Mapping[str, str]) -> bool:
        """Whether a question is the one that is said; one that was asked of no moment may be of any."""
        if phase := said.get("phase"):
            return self.about.get(name) == phase
        return name in self._timeless or self.about.get(name) == said.get("moment")


def told_hours(values: Mapping[str, str]) -> Decimal | None:
    """The hours of an answer; None when they cannot be read."""
    text = values.get(HOURS, "")
    return Decimal(text) if _HOURS.fullmatch(text) else None

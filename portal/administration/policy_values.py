"""The numbers of a policy as an administrator reads them, each with its source."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import policies
from models.messages.policies import CompanyBudget, HeadcountBudget, Policy, Slice
from models.messages.words import Fund, Instrument, Language
from portal.language import tongue
from portal.wording import Wording
from schemes.terms import Term

HEAD = {"fund", "instrument", "version", "valid_from", "procedure"}
UNCONFIRMED = frozenset({"example", "assumption"})
PLAIN = frozenset({"minimum_hours", "maximum_hours"})
"""Decimals that are no euros."""


class Value(NamedTuple):
    """One number: its name and itself in words, where it was read, and whether a fund has yet to confirm it."""

    name: str
    text: str
    source: str
    unconfirmed: bool


class Governing(NamedTuple):
    """The version in force of one instrument, and the next one when it is published already."""

    instrument: Instrument
    policy: Policy
    next: Policy | None


def governing(fund: Fund, on: date) -> tuple[Governing, ...]:
    """What governs an application of that day, per instrument; an instrument the fund does not have is left out."""
    found = []
    for instrument in Instrument:
        versions = [one for one in policies.every() if (one.fund, one.instrument) == (fund, instrument)]
        standing = [one for one in versions if one.valid_from <= on]
        coming = [one for one in versions if one.valid_from > on]
        if standing:
            latest = max(standing, key=lambda one: one.valid_from)
            found.append(Governing(instrument, latest, min(coming, key=lambda one: one.valid_from, default=None)))
    return tuple(found)


def values(policy: Policy, language: Language) -> tuple[Value, ...]:
    """Every value with its source: those of the instrument, then the terms and limits all share."""
    teller = _Teller(language)
    return tuple(
        Value(teller.words.word(name.rpartition(".")[2], "policy_fields"), teller.text(name, value), source, made_up)
        for name, value in _named(policy)
        for source in [_told(policies.source_of(policy, name))]
        for made_up in [policies.source_of(policy, name).split(",")[0] in UNCONFIRMED]
    )


def changed(policy: Policy, following: Policy, language: Language) -> tuple[tuple[Value, Value], ...]:
    """What the next version changes: the value now and then."""
    now, then = ({one.name: one for one in values(each, language)} for each in (policy, following))
    return tuple((now[name], then[name]) for name in now if name in then and now[name].text != then[name].text)


def _told(source: str) -> str:
    """A source in full: what its first words stand for, and the qualification behind them."""
    return ", ".join(policies.sources().get(part.strip(), part.strip()) for part in source.split(","))


def _named(policy: Policy) -> Iterator[tuple[str, Any]]:
    own = [(name, getattr(policy, name)) for name in type(policy).model_fields if name not in HEAD]
    shared = [(f"procedure.{name}", value) for name, value in policy.procedure]
    yield from own
    yield from shared


class _Teller:
    def __init__(self, language: Language) -> None:
        self.words = Wording(language)
        self._ = tongue(language)

    def text(self, name: str, value: Any) -> str:
        if value is None:
            return self._("geen")
        if isinstance(value, Decimal):
            return self._decimal(name, value)
        if isinstance(value, str):
            return self._term(value)
        if isinstance(value, CompanyBudget):
            return "; ".join(f"{self.words.word(status)}: {self._budget(rule)}" for status, rule in value)
        if isinstance(value, tuple):
            return "; ".join(self._part(name, part) for part in value) or self._("geen")
        return str(self.words.number(value))

    def _decimal(self, name: str, value: Decimal) -> str:
        if name.endswith("percentage"):
            return f"{self.words.number(value)} %"
        return self.words.number(value) if name in PLAIN else self.words.euro(value)

    def _budget(self, rule: HeadcountBudget) -> str:
        """A budget by heads in words, without what a rule does not have."""
        said = []
        if rule.small_below:
            most, each = rule.small_below - 1, self.words.euro(rule.per_head_when_small)
            said.append(self._("tot en met %(heads)s personen %(amount)s per persoon", heads=most, amount=each))
        values = {"fixed": self.words.euro(rule.fixed), "each": self.words.euro(rule.per_head)}
        if rule.heads_included:
            first = rule.heads_included + 1
            said.append(self._("%(fixed)s en %(each)s per persoon vanaf de %(first)ste", **values, first=first))
        else:
            said.append(self._("%(fixed)s en %(each)s per persoon", **values))
        if rule.minimum:
            said.append(self._("minstens %(amount)s", amount=self.words.euro(rule.minimum)))
        return ", ".join(said)

    def _part(self, name: str, part: Any) -> str:
        if isinstance(part, Slice):
            return f"{self.words.word(part.moment, 'moments')}: {self.words.number(part.percentage)} %"
        if isinstance(part, tuple):
            return f" {self._('of')} ".join(self.words.word(code, "documents") for code in part)
        if isinstance(part, int):
            return self.words.number(part)
        return self._term(part) if name.endswith(("reminders", "term")) else str(part)

    def _term(self, value: str) -> str:
        """A term as a policy writes it; what is no term stands as it is."""
        try:
            term = Term.parse(value)
        except ValueError:
            return value
        unit = self.words.word(f"{term.unit}_one" if abs(term.amount) == 1 else term.unit, "units")
        shift = ", " + self._("of de volgende werkdag") if term.shift_to_working_day else ""
        return f"{self.words.number(term.amount)} {unit}{shift}"

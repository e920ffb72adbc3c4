"""Whether the policy files hold together: `doorstroom policies check` and a test ask it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import groupby, pairwise
from pathlib import Path

from models.errors import Defect
from models.messages.policies import (
    OutplacementPolicy,
    Policy,
    ProjectPolicy,
    TrainingPolicy,
    TransitionPolicy,
)
from models.messages.words import Fund
from policies import agreements, legal_persons, versions
from policies.versions import HOUSE, Version
from schemes.deadlines import Term

FIRST_DAY = date(2023, 1, 1)
"""From this day on every fund has a version of every instrument: dossiers of 2023 are the oldest that are known."""


def check_all(house: Path = HOUSE) -> list[str]:
    """Every fault in the policy files under `house`, in plain Dutch; empty when all is well."""
    faults: list[str] = []
    found: list[Version] = []
    for fund in Fund:
        try:
            found.extend(versions.of_fund(fund, house))
        except Defect as defect:
            faults.append(str(defect))
    try:
        persons = legal_persons.read(house / "funds.toml").values()
    except Defect as defect:
        faults.append(str(defect))
        persons = {}.values()
    agreed = _agreements(house, faults)
    known = tomllib.loads((house / "sources.toml").read_text("utf-8"))
    named = [(one.name, one.sources) for one in agreed]
    named += [(version.name, version.sources) for version in found]
    named += [(f"funds.toml/{person.code.value}", person.sources) for person in persons]
    for name, sources in named:
        faults += [f"{name}: {fault}" for fault in _unknown_sources(sources, known)]
    for version in found:
        faults += [f"{version.name}: {fault}" for fault in _policy_faults(version.policy)]
    if not faults:
        faults += _calendar_faults(found)
    present = {version.name: version.digest for version in found} | {one.name: one.digest for one in agreed}
    return [*faults, *_digest_faults(present, house)]


def _agreements(house: Path, faults: list[str]) -> tuple[agreements.Agreed, ...]:
    try:
        return agreements.read(house)
    except Defect as defect:
        faults.append(str(defect))
        return ()


def _unknown_sources(sources: Mapping[str, str], known: Mapping[str, str]) -> Iterator[str]:
    for field, source in sources.items():
        word = source.split(",")[0].strip()
        if word not in known:
            yield f"de bron van {field} ('{word}') staat niet in sources.toml"


def _calendar_faults(found: list[Version]) -> Iterator[str]:
    """No day without a version, and no day with two: each version runs until the day before the next begins."""
    by_instrument = {
        key: [v.policy.valid_from for v in group]
        for key, group in groupby(found, key=lambda v: (v.policy.fund, v.policy.instrument))
    }
    for fund in Fund:
        for instrument in (i for group in versions.GROUPS.values() for i in group):
            days = by_instrument.get((fund, instrument), [])
            name = f"{fund.value}/{instrument.value}"
            if not days or min(days) > FIRST_DAY:
                yield f"{name}: geen versie die op {FIRST_DAY:%d/%m/%Y} al geldt"
            if any(later <= earlier for earlier, later in pairwise(days)):
                yield f"{name}: de versies staan niet in de volgorde van hun eerste dag"


def _policy_faults(policy: Policy) -> Iterator[str]:
    yield from _term_faults(policy)
    yield from _number_faults("", policy)
    yield from _number_faults("procedure.", policy.procedure)
    if isinstance(policy, TrainingPolicy) and policy.company_budget is not None:
        for status, budget in policy.company_budget:
            yield from _number_faults(f"company_budget.{status}.", budget)
    if policy.procedure.automatic_up_to > policy.procedure.board_above:
        yield "procedure.automatic_up_to is hoger dan procedure.board_above"
    match policy:
        case TrainingPolicy(minimum_hours=least, maximum_hours=Decimal() as most) if least > most:
            yield "minimum_hours is hoger dan maximum_hours"
        case TransitionPolicy() | ProjectPolicy():
            if (total := sum(part.percentage for part in policy.slices)) != 100:
                yield f"slices: de schijven tellen op tot {total} %, niet tot 100 %"
        case OutplacementPolicy(follow_up_months=months) if any(b <= a for a, b in pairwise(months)):
            yield "follow_up_months: de maanden staan niet in volgorde"
        case _:
            pass
    if isinstance(policy, TransitionPolicy) and policy.maximum_per_participant > policy.maximum_per_company:
        yield "maximum_per_participant is hoger dan maximum_per_company"


def _terms(policy: Policy) -> Iterator[tuple[str, str]]:
    for prefix, part in (("procedure.", policy.procedure), ("", policy)):
        for field in type(part).model_fields:
            value = getattr(part, field)
            if isinstance(value, str) and field.endswith(("_term", "_after", "_every")):
                yield f"{prefix}{field}", value
    for reminder in policy.procedure.completion_reminders:
        yield "procedure.completion_reminders", reminder


def _term_faults(policy: Policy) -> Iterator[str]:
    for field, text in _terms(policy):
        try:
            Term.parse(text)
        except ValueError as wrong:
            yield f"{field}: '{text}' is geen termijn ({wrong})"


def _number_faults(prefix: str, part: object) -> Iterator[str]:
    for field, value in vars(part).items():
        if isinstance(value, Decimal) and value < 0:
            yield f"{prefix}{field} is negatief"
        if isinstance(value, Decimal) and field.endswith("_percentage") and value > 100:
            yield f"{prefix}{field} is meer dan 100 %"


def _digest_faults(present: Mapping[str, str], house: Path) -> Iterator[str]:
    published: dict[str, str] = tomllib.loads((house / "digests.toml").read_text("utf-8"))
    for name, digest in present.items():
        if name not in published:
            yield f'{name}: nog niet gepubliceerd; voeg aan digests.toml toe: "{name}" = "{digest}"'
        elif published[name] != digest:
            yield (
                f"{name}: een gepubliceerde versie is veranderd, en dossiers steunen erop. "
                "Zet de oude waarde terug en maak een nieuwe versie met een latere eerste dag."
            )
    for name in published.keys() - present.keys():
        yield f"{name}: een gepubliceerde versie is verdwenen; zet ze terug."

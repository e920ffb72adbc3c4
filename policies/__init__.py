"""The dated numbers of the eight funds: which version was in force on a day, and where each value comes from.

A published version is frozen: a dossier that was decided with it must be able to show the same numbers for ten years.
`policies/digests.toml` holds the digest of each. To change a number, add a version with a later first day.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from models.errors import Refusal
from models.messages.policies import Policy
from models.messages.words import Fund, Instrument
from policies import legal_persons, versions
from policies.legal_persons import LegalPerson
from policies.versions import HOUSE, Version

__all__ = ["LegalPerson", "digests", "every", "funds", "in_force", "of_version", "source_of", "sources"]


@lru_cache(maxsize=1)
def _published() -> tuple[Version, ...]:
    return tuple(version for fund in Fund for version in versions.of_fund(fund, HOUSE))


def every() -> tuple[Policy, ...]:
    """All versions of all funds, per fund and instrument from the oldest to the newest.

    Raises:
        Defect: a policy file cannot be read; the text names file and field.
    """
    return tuple(version.policy for version in _published())


@lru_cache(maxsize=4096)
def in_force(fund: Fund, instrument: Instrument, on: date) -> Policy:
    """The version that governs what happened on `on` (a local date in Brussels, first day of a version included).

    A trajectory follows the version of its outplacement dossier, so `TRAJECTORY` gives the fund's outplacement policy.

    Raises:
        Refusal: the fund has no version of this instrument for that day.
    """
    asked = Instrument.OUTPLACEMENT if instrument is Instrument.TRAJECTORY else instrument
    candidates = [p for p in every() if p.fund is fund and p.instrument is asked and p.valid_from <= on]
    if not candidates:
        raise Refusal(
            "GEEN_REGLEMENT",
            f"Het fonds {fund.value} heeft voor {_DUTCH[asked]} geen reglement dat geldt op {on:%d/%m/%Y}. "
            "Controleer de datum, of laat het fonds een versie met een eerdere begindatum toevoegen.",
        )
    return max(candidates, key=lambda policy: policy.valid_from)


def of_version(fund: Fund, instrument: Instrument, version: str) -> Policy:
    """The version that a dossier opened with and keeps, as its row names it; of a trajectory that of outplacement.

    Raises:
        KeyError: that was never published.
    """
    asked = Instrument.OUTPLACEMENT if instrument is Instrument.TRAJECTORY else instrument
    wanted = (fund, asked, version)
    for policy in every():
        if (policy.fund, policy.instrument, policy.version) == wanted:
            return policy
    raise KeyError(f"{fund}/{asked}/{version}")


def source_of(policy: Policy, field: str) -> str:
    """Where a value comes from: a page, an article, or `example`; `field` such as `procedure.review_term`.

    A field that holds several values, such as `company_budget`, comes from the sources of them all.

    Raises:
        KeyError: the policy has no such field, or is not one of the published versions.
    """
    for version in _published():
        if version.policy == policy:
            within = {s: None for name, s in version.sources.items() if name.startswith(f"{field}.")}
            return ", ".join(within) if within else version.sources.get(field) or _by_default(policy, field)
    raise KeyError(f"{policy.fund}/{policy.instrument}/{policy.version}")


def _by_default(policy: Policy, field: str) -> str:
    """A number that came later stands in no version before it: what holds there is an example, as the model says.

    Raises:
        KeyError: the policy has no such field.
    """
    of = policy.procedure if field.startswith("procedure.") else policy
    if field.removeprefix("procedure.") not in type(of).model_fields:
        raise KeyError(field)
    return "example"


@lru_cache(maxsize=1)
def sources() -> Mapping[str, str]:
    """What the first word of a source means, in plain Dutch, as `sources.toml` tells."""
    return MappingProxyType(tomllib.loads((HOUSE / "sources.toml").read_text("utf-8")))


def digests() -> Mapping[str, str]:
    """The sha256 of each resolved version, by `FUND/instrument/version`."""
    return MappingProxyType({version.name: version.digest for version in _published()})


@lru_cache(maxsize=1)
def funds() -> Mapping[Fund, LegalPerson]:
    """Name, seat, numbers and account of each fund.

    Raises:
        Defect: the file cannot be read or a fund is missing.
    """
    return MappingProxyType(legal_persons.read(HOUSE / "funds.toml"))


_DUTCH = {
    Instrument.FORMAL_TRAINING: "formele opleiding",
    Instrument.INFORMAL_TRAINING: "informele opleiding",
    Instrument.CAREER_ACCOUNT: "de loopbaanrekening",
    Instrument.TRANSITION_SUPPORT: "transitiesteun",
    Instrument.PROJECT_FINANCING: "projectfinanciering",
    Instrument.OUTPLACEMENT: "outplacement",
}

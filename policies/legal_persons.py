"""Who the funds are: each a legal person with its own name, numbers and account (covenant art. 1)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from models.errors import Defect
from models.messages.words import Fund


@dataclass(frozen=True, slots=True)
class LegalPerson:
    """One fund. Numbers keep the spelling of the source; compare them after removing points and spaces."""

    code: Fund
    name: str
    seat: str
    enterprise_number: str
    iban: str
    bic: str
    joint_committees: tuple[str, ...]
    email: str
    sources: Mapping[str, str]


def read(path: Path) -> dict[Fund, LegalPerson]:
    """Read all funds.

    Raises:
        Defect: a fund or a field is missing, is unknown or has no source.
    """
    tables = tomllib.loads(path.read_text("utf-8"))
    if unlike := set(tables) ^ {fund.value for fund in Fund}:
        raise Defect(f"{path.name}: ontbrekend of onbekend fonds {', '.join(sorted(unlike))}")
    return {fund: _person(fund, tables[fund.value]) for fund in Fund}


def _person(fund: Fund, table: Mapping[str, Mapping[str, object]]) -> LegalPerson:
    texts: dict[str, str] = {}
    for field in ("name", "seat", "enterprise_number", "iban", "bic", "email"):
        texts[field] = str(_value(fund, table, field))
    committees = _value(fund, table, "joint_committees")
    if not isinstance(committees, list) or not committees:
        raise Defect(f"funds.toml: {fund.value}.joint_committees moet een lijst zijn")
    return LegalPerson(
        code=fund,
        joint_committees=tuple(str(committee) for committee in committees),
        sources={field: str(entry["source"]) for field, entry in table.items()},
        **texts,
    )


def _value(fund: Fund, table: Mapping[str, Mapping[str, object]], field: str) -> object:
    entry = table.get(field, {})
    if not entry.get("value") or not entry.get("source"):
        raise Defect(f"funds.toml: {fund.value}.{field} ontbreekt of heeft geen bron")
    return entry["value"]

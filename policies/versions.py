"""How the TOML files of a fund and the shared ones become complete, typed versions.

Each value is written as `{ value = ..., source = ... }`; left out `value` means that there is none (no maximum, say).
What a fund writes goes before what it takes over with `based_on` from `policies/shared`, and a shared version may take
over an earlier one in the same way.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from models.errors import Defect
from models.messages.policies import Policy
from models.messages.words import Fund, Instrument

HOUSE = Path(__file__).resolve().parent

GROUPS: Mapping[str, tuple[Instrument, ...]] = {
    "subsidy": (Instrument.FORMAL_TRAINING, Instrument.INFORMAL_TRAINING, Instrument.CAREER_ACCOUNT),
    "transition_support": (Instrument.TRANSITION_SUPPORT,),
    "project_financing": (Instrument.PROJECT_FINANCING,),
    "outplacement": (Instrument.OUTPLACEMENT,),
}
"""Which instruments stand together in one file."""

_POLICY: TypeAdapter[Policy] = TypeAdapter(Policy)

Table = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sourced:
    """A value and where it comes from."""

    value: Any
    source: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one instrument of one fund, with everything it took over filled in."""

    policy: Policy
    sources: Mapping[str, str]
    digest: str

    @property
    def name(self) -> str:
        """`FUND/instrument/version`, the name under which its digest is published."""
        return f"{self.policy.fund.value}/{self.policy.instrument.value}/{self.policy.version}"


def of_fund(fund: Fund, house: Path) -> tuple[Version, ...]:
    """The versions of one fund, per instrument in the order of the file.

    Raises:
        Defect: a file or a value cannot be read; the text names file, version and field.
    """
    found: list[Version] = []
    for group, instruments in GROUPS.items():
        path = house / fund.value / f"{group}.toml"
        content = table_of(path)
        if unknown := set(content) - set(instruments):
            raise Defect(f"{path.name} van {fund.value}: onbekend instrument {', '.join(sorted(unknown))}")
        for instrument in instruments:
            for version, table in content.get(instrument.value, {}).items():
                found.append(_resolve(fund, instrument, version, table, house / "shared" / f"{group}.toml"))
    return tuple(found)


def _resolve(fund: Fund, instrument: Instrument, version: str, table: Table, shared: Path) -> Version:
    place = f"{fund.value}/{instrument.value}/{version}"
    own = dict(table)
    based_on = own.pop("based_on", None)
    layers: list[tuple[str, Table]] = [(place, own)]
    while based_on is not None:
        taken = dict(_shared(shared, instrument.value, based_on))
        layers.insert(0, (f"shared/{instrument.value}/{based_on}", taken))
        earlier = taken.pop("based_on", None)
        if earlier is None:  # terms and limits stand beside the version that a chain begins with
            procedure = {"procedure": _shared(shared.parent / "procedure.toml", "procedure", based_on)}
            layers.insert(0, (f"shared/procedure/{based_on}", procedure))
        based_on = earlier
    fields: dict[str, Sourced] = {}
    for where, layer in layers:
        fields.update(flatten(where, layer))
    values = _nest({name: sourced.value for name, sourced in fields.items()})
    values |= {"fund": fund.value, "instrument": instrument.value, "version": version, "valid_from": version}
    try:
        policy = _POLICY.validate_python(values)
    except ValidationError as wrong:
        raise Defect(f"{place}: {_first(wrong)}") from wrong
    digest = hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    return Version(policy=policy, sources={name: s.source for name, s in fields.items()}, digest=digest)


@lru_cache(maxsize=64)
def _read(path: Path, changed: int) -> Table:
    del changed  # only tells the cache that the file is another one now
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as wrong:
        raise Defect(f"{path.parent.name}/{path.name} is geen geldige TOML: {wrong}") from wrong


def table_of(path: Path) -> Table:
    """The content of one TOML file.

    Raises:
        Defect: it is missing, or is no TOML.
    """
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError as missing:
        raise Defect(f"{path.parent.name}/{path.name} ontbreekt") from missing


def _shared(path: Path, table: str, version: str) -> Table:
    try:
        found: Table = table_of(path)[table][version]
    except KeyError as missing:
        raise Defect(f"shared/{path.name} heeft geen [{table}.{version!r}] om op te steunen") from missing
    return found


def flatten(place: str, table: Table, prefix: str = "") -> dict[str, Sourced]:
    """Every value of a table with its source, by name; parts of a part behind a point.

    Raises:
        Defect: a value has no source, or is a float.
    """
    fields: dict[str, Sourced] = {}
    for name, entry in table.items():
        field = f"{prefix}{name}"
        if not isinstance(entry, dict):
            raise Defect(f"{place}: {field} heeft geen bron; schrijf {{ value = ..., source = ... }}")
        if set(entry) <= {"value", "source"}:
            fields[field] = _sourced(place, field, entry)
        else:
            fields |= flatten(place, entry, f"{field}.")
    return fields


def _sourced(place: str, field: str, entry: Table) -> Sourced:
    source = entry.get("source")
    if not isinstance(source, str) or not source.strip():
        raise Defect(f"{place}: {field} heeft geen bron; schrijf er een, of het woord example")
    value = entry.get("value")
    if isinstance(value, float):
        raise Defect(f'{place}: {field} is een kommagetal; schrijf het tussen aanhalingstekens, zoals "12.50"')
    return Sourced(value=value, source=source)


def _nest(flat: Mapping[str, Any]) -> Table:
    nested: Table = {}
    for field, value in flat.items():
        *parents, last = field.split(".")
        table = nested
        for parent in parents:
            table = table.setdefault(parent, {})
        table[last] = value
    return nested


def _first(wrong: ValidationError) -> str:
    error = wrong.errors(include_url=False)[0]
    field = ".".join(str(part) for part in error["loc"] if part not in set(Instrument))
    return f"{field}: {error['msg']}"

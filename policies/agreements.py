"""Framework agreements with agencies as dated data: which held on a day, and where each value comes from.

A published agreement is frozen like every policy: an invoice that was held against it must be able to show the same
price for ten years. An agency that a fund writes itself is the fund's own; of all others the shared ones hold.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from models.errors import Defect
from models.messages.agreements import Agreement
from models.messages.words import Fund
from policies.versions import HOUSE, Sourced, Table, flatten, table_of

FILE = "agreements.toml"
SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Agreed:
    """One agreement with the source of each value; `of` is the fund that wrote it, or shared."""

    of: str
    agreement: Agreement
    sources: Mapping[str, str]
    digest: str

    @property
    def name(self) -> str:
        """The name under which its digest is published."""
        return f"{self.of}/agreement/{self.agreement.agency}/{self.agreement.valid_from}"


def read(house: Path = HOUSE) -> tuple[Agreed, ...]:
    """Every agreement, the shared ones first, in the order of the files.

    Raises:
        Defect: a file or value cannot be read, has no source, or two agreements of one agency overlap.
    """
    found = [agreed for of in (SHARED, *(fund.value for fund in Fund)) for agreed in _of(of, house)]
    for former, later in pairwise(found):
        before, after = former.agreement, later.agreement
        if (former.of, before.agency) != (later.of, after.agency):
            continue
        if max(before.valid_from, before.valid_until or before.valid_from) >= after.valid_from:
            raise Defect(f"{later.name}: begint niet na {former.name}; kies een latere eerste dag")
    return tuple(found)


def every(fund: Fund) -> tuple[Agreed, ...]:
    """The agreements of a fund: its own, and the shared ones of agencies that it wrote nothing of."""
    all_of_them = _published()
    own = tuple(agreed for agreed in all_of_them if agreed.of == fund.value)
    named = {agreed.agreement.agency for agreed in own}
    shared = (one for one in all_of_them if one.of == SHARED and one.agreement.agency not in named)
    return (*own, *shared)


def in_force(fund: Fund, agency: str | None, on: date) -> Agreement | None:
    """The agreement with this agency on a local day; None when there is none."""
    held = [one.agreement for one in every(fund) if one.agreement.agency == agency and one.agreement.holds_on(on)]
    return max(held, key=lambda agreement: agreement.valid_from, default=None)


def digests() -> Mapping[str, str]:
    """The sha256 of each agreement, by `FUND/agreement/agency/first day`."""
    return MappingProxyType({agreed.name: agreed.digest for agreed in _published()})


@lru_cache(maxsize=1)
def _published() -> tuple[Agreed, ...]:
    return read()


def _of(of: str, house: Path) -> list[Agreed]:
    path = house / of / FILE
    if not path.exists():
        return []
    found = []
    for agency, versions in table_of(path).items():
        for first, table in versions.items():
            found.append(_agreed(of, agency, first, table))
    return found


def _agreed(of: str, agency: str, first: str, table: Table) -> Agreed:
    place = f"{of}/agreement/{agency}/{first}"
    fields: dict[str, Sourced] = flatten(place, table)
    values = {name: sourced.value for name, sourced in fields.items()} | {"agency": agency, "valid_from": first}
    try:
        agreement = Agreement.model_validate(values)
    except ValidationError as wrong:
        error = wrong.errors(include_url=False)[0]
        field = ".".join(map(str, error["loc"])) or "afspraak"
        raise Defect(f"{place}: {field}: {error['msg']}") from wrong
    digest = hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    return Agreed(of, agreement, {name: sourced.source for name, sourced in fields.items()}, digest)

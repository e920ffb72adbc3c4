"""Framework agreements: which price held on a day, where it comes from, and what is wrong in a file, in words."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from models.errors import Defect
from models.messages.words import Fund
from policies import agreements
from policies.checks import check_all
from policies.versions import HOUSE


@pytest.mark.parametrize(
    ("fund", "agency", "day", "first"),
    [
        pytest.param(Fund.ANTWERPEN, "RiseSmart", date(2022, 12, 31), None, id="the day before the first"),
        pytest.param(Fund.ANTWERPEN, "RiseSmart", date(2023, 1, 1), date(2023, 1, 1), id="the first day"),
        pytest.param(Fund.ANTWERPEN, "RiseSmart", date(2024, 12, 31), date(2023, 1, 1), id="the last day"),
        pytest.param(Fund.ANTWERPEN, "RiseSmart", date(2025, 1, 1), date(2025, 1, 1), id="the next agreement"),
        pytest.param(Fund.ANTWERPEN, "Hura", date(2024, 5, 2), date(2023, 1, 1), id="an agreement of one fund"),
        pytest.param(Fund.LIMBURG, "Hura", date(2024, 5, 2), None, id="another fund has none"),
        pytest.param(Fund.LIMBURG, "SBS", date(2030, 5, 2), date(2023, 1, 1), id="no end was agreed"),
        pytest.param(Fund.ANTWERPEN, None, date(2024, 5, 2), None, id="no agency"),
    ],
)
def test_the_agreement_of_the_day_holds(fund: Fund, agency: str | None, day: date, first: date | None) -> None:
    found = agreements.in_force(fund, agency, day)
    assert (found.valid_from if found else None) == first


def test_every_value_has_a_source_and_every_price_is_an_example_until_a_fund_confirms_it() -> None:
    for agreed in agreements.read():
        named = agreed.agreement.model_fields_set - {"agency", "valid_from"}
        assert named == agreed.sources.keys()
        assert {agreed.sources[field] for field in named & {"phase_prices", "hour_price"}} == {"example"}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    copy = tmp_path / "policies"
    shutil.copytree(HOUSE, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return copy


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        pytest.param('"780.00"', '"781.00"', "een gepubliceerde versie is veranderd", id="a changed price"),
        pytest.param('value = "32.50", source = "example"', 'value = "32.50"', "heeft geen bron", id="no source"),
        pytest.param('"32.50"', "32.50", "is een kommagetal", id="money as a float"),
        pytest.param('"P25, hours of the law"', '"P666"', "staat niet in sources.toml", id="an unknown source"),
        pytest.param('["20", "20", "20"]', '["20", "20"]', "each phase has a price", id="a phase without hours"),
        pytest.param('"2024-12-31"', '"2022-12-31"', "the last day is before the first", id="ends before it begins"),
        pytest.param('"2024-12-31"', '"2025-01-01"', "begint niet na", id="two agreements on one day"),
        pytest.param('RiseSmart."2025-01-01"', 'RiseSmart."2022-01-01"', "begint niet na", id="out of order"),
    ],
)
def test_a_fault_in_an_agreement_is_named(house: Path, old: str, new: str, fault: str) -> None:
    path = house / "shared/agreements.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    assert any(fault in found for found in check_all(house))


def test_a_fund_that_writes_its_own_agreement_with_an_agency_leaves_the_shared_one(house: Path) -> None:
    own = '[SBS."2024-01-01"]\nhour_price = { value = "30.00", source = "example" }\n'
    (house / "LIM/agreements.toml").write_text(own, "utf-8")
    found = [one for one in agreements.read(house) if one.of == "LIM"]
    assert [(one.name, one.agreement.hour_price) for one in found] == [
        ("LIM/agreement/SBS/2024-01-01", Decimal("30.00"))
    ]


def test_a_file_that_is_no_toml_is_named(house: Path) -> None:
    (house / "LIM/agreements.toml").write_text("[SBS", "utf-8")
    with pytest.raises(Defect, match=r"LIM/agreements\.toml is geen geldige TOML"):
        agreements.read(house)

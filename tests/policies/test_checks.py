"""`doorstroom policies check` finds what is wrong in the files and says it in words."""

import shutil
from pathlib import Path

import pytest

from policies.checks import check_all
from policies.versions import HOUSE


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the policy files that a test may spoil."""
    copy = tmp_path / "policies"
    shutil.copytree(HOUSE, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return copy


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_the_published_policies_hold_together() -> None:
    assert check_all() == []


def test_a_changed_value_of_a_published_version_is_named_with_what_to_do(house: Path) -> None:
    _replace(house / "shared/subsidy.toml", '"12.50"', '"12.75"')
    faults = check_all(house)
    assert len(faults) == 15  # two of each fund: Limburg's later versions have a rate of their own
    assert any(
        fault.startswith("ANT/formal_training/2023-01-01: een gepubliceerde versie is veranderd") for fault in faults
    )
    assert all("nieuwe versie met een latere eerste dag" in fault for fault in faults)


def test_a_removed_version_is_noticed(house: Path) -> None:
    path = house / "LIM/subsidy.toml"
    text = path.read_text("utf-8")
    start = text.index('[formal_training."2025-01-01"]')
    path.write_text(text[:start] + text[text.index('[formal_training."2027-01-01"]') :], "utf-8")
    assert check_all(house) == ["LIM/formal_training/2025-01-01: een gepubliceerde versie is verdwenen; zet ze terug."]


def test_a_new_version_gets_the_line_that_publishes_it(house: Path) -> None:
    with (house / "WVL/project_financing.toml").open("a", encoding="utf-8") as file:
        file.write('\n[project_financing."2026-01-01"]\nbased_on = "2023-01-01"\n')
    (fault,) = check_all(house)
    assert fault.startswith("WVL/project_financing/2026-01-01: nog niet gepubliceerd; voeg aan digests.toml toe: ")


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        pytest.param(
            "shared/subsidy.toml",
            '{ value = "12.50", source = "P6, unit assumed" }',
            '{ value = "12.50" }',
            "rate_per_participant_hour heeft geen bron",
            id="no source",
        ),
        pytest.param(
            "shared/subsidy.toml",
            '{ value = "12.50", source = "P6, unit assumed" }',
            '"12.50"',
            "rate_per_participant_hour heeft geen bron",
            id="a bare value",
        ),
        pytest.param(
            "shared/subsidy.toml",
            '"P6, unit assumed"',
            '"P666"',
            "de bron van rate_per_participant_hour ('P666') staat niet in sources.toml",
            id="a source nobody knows",
        ),
        pytest.param(
            "shared/subsidy.toml", 'value = "12.50"', "value = 12.50", "is een kommagetal", id="money as a float"
        ),
        pytest.param(
            "shared/subsidy.toml",
            'value = "12.50"',
            'value = "twaalf"',
            "rate_per_participant_hour: Input should be a valid decimal",
            id="not a number",
        ),
        pytest.param(
            "shared/subsidy.toml",
            "minimum_hours",
            "minimal_hours",
            "minimum_hours: Field required",
            id="misspelt field",
        ),
        pytest.param(
            "shared/procedure.toml",
            '"10 working days"',
            '"10 workingdays"',
            "procedure.review_term: '10 workingdays' is geen termijn",
            id="a term nobody can read",
        ),
        pytest.param(
            "shared/procedure.toml",
            'automatic_up_to = { value = "500.00"',
            'automatic_up_to = { value = "9000.00"',
            "procedure.automatic_up_to is hoger dan procedure.board_above",
            id="limits in the wrong order",
        ),
        pytest.param(
            "shared/subsidy.toml",
            'value = "160"',
            'value = "16"',
            "minimum_hours is hoger dan maximum_hours",
            id="less than the least",
        ),
        pytest.param(
            "shared/project_financing.toml",
            'percentage = "20"',
            'percentage = "30"',
            "de schijven tellen op tot 110 %",
            id="slices beyond the whole",
        ),
        pytest.param(
            "shared/transition_support.toml",
            'intervention_percentage = { value = "50"',
            'intervention_percentage = { value = "150"',
            "intervention_percentage is meer dan 100 %",
            id="more than everything",
        ),
        pytest.param(
            "shared/outplacement.toml",
            "[3, 6, 12]",
            "[3, 12, 6]",
            "follow_up_months: de maanden staan niet in volgorde",
            id="months out of order",
        ),
        pytest.param(
            "shared/outplacement.toml",
            '"1600.00"',
            '"-1600.00"',
            "first_phase_amount is negatief",
            id="a negative amount",
        ),
        pytest.param(
            "ANT/outplacement.toml",
            '"2023-01-01"]',
            '"2023-02-01"]',
            "ANT/outplacement: geen versie die op 01/01/2023 al geldt",
            id="a gap at the beginning",
        ),
        pytest.param(
            "LIM/subsidy.toml",
            '[formal_training."2025-01-01"]',
            '[formal_training."2022-01-01"]',
            "LIM/formal_training: de versies staan niet in de volgorde",
            id="versions out of order",
        ),
        pytest.param(
            "ANT/outplacement.toml",
            'based_on = "2023-01-01"',
            'based_on = "2022-01-01"',
            "om op te steunen",
            id="based on nothing",
        ),
        pytest.param(
            "ANT/subsidy.toml", "formal_training", "subsidie", "onbekend instrument subsidie", id="what is this"
        ),
        pytest.param("ANT/subsidy.toml", "based_on =", "based_on", "geen geldige TOML", id="not TOML"),
        pytest.param(
            "funds.toml",
            '"GKCCBEBB", source = "P60"',
            '"GKCCBEBB"',
            "ANT.bic ontbreekt of heeft geen bron",
            id="a fund",
        ),
    ],
)
def test_a_fault_in_the_files_is_named(house: Path, file: str, old: str, new: str, fault: str) -> None:
    _replace(house / file, old, new)
    assert any(fault in found for found in check_all(house))


def test_a_missing_file_is_named(house: Path) -> None:
    (house / "BRA/subsidy.toml").unlink()
    assert "BRA/subsidy.toml ontbreekt" in check_all(house)

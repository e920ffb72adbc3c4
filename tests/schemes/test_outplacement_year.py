"""The whole year of the office: every dismissal gets the regime and the findings an intake clerk would give."""

import csv
import json
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from schemes.dismissals import DismissalFacts, ages
from schemes.outplacement_findings import findings
from schemes.outplacement_terms import guidance_value
from schemes.regimes import Regime, choose_regime

GOLDEN = Path(__file__).parent / "golden"
OFFICE = Path(__file__).parents[2].parent / "shared" / "data"
"""The office's files, which stand beside the checkout on some machines; the extract was reduced from them."""
OFFICE_FILES = ("outplacement-2024.csv", "outplacement-not-started-2024.csv")
AS_OF = date(2025, 1, 31)
KINDS = {"sluiting": "closure", "herstructurering": "restructuring", "individueel": "individual"}


def golden_rows() -> list[dict[str, str]]:
    with (GOLDEN / "outplacement-2024.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def golden_findings() -> list[dict[str, str]]:
    with (GOLDEN / "outplacement-findings-2024.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def facts_of(row: dict[str, str]) -> DismissalFacts:
    given = {name: value for name, value in row.items() if value and name not in {"number", "regime"}}
    return DismissalFacts.model_validate(given)


def test_every_dismissal_of_the_year_gets_the_regime_of_the_office() -> None:
    rows = golden_rows()
    decided = {row["number"]: choose_regime(facts_of(row)).regime.value for row in rows}
    assert decided == {row["number"]: row["regime"] for row in rows}


def test_the_year_has_as_many_of_each_regime_as_was_published() -> None:
    assert Counter(row["regime"] for row in golden_rows() if row["number"].startswith("OUT")) == {
        "faillissement": 1397,
        "collectief-onder45": 199,
        "collectief-45plus": 153,
        "algemeen-vergoeding": 100,
        "bijzonder-45plus": 76,
        "geen-verplichting": 44,
        "algemeen-opzeg": 38,
        "bijzonder-45plus-op-verzoek": 3,
    }
    assert len(golden_rows()) == 2010 + 60


def test_every_dismissal_of_the_year_gets_the_findings_of_the_clerk_word_for_word() -> None:
    found = [
        {
            "number": row["number"],
            "code": finding.code.value,
            "column": finding.column,
            "next_step": finding.next_step,
            "sentence": finding.sentence,
        }
        for row in golden_rows()
        for finding in findings(Regime(row["regime"]), facts_of(row), AS_OF)
    ]
    assert found == golden_findings()
    assert len({finding["number"] for finding in found}) == 18 + 18


@pytest.mark.parametrize(
    ("number", "value"),
    [
        pytest.param("OUT-2024-00061", 5500, id="wage-above-66000"),
        pytest.param("OUT-2024-01345", 2750, id="half-time"),
        pytest.param("OUT-2024-01873", 1800, id="wage-below-21600"),
    ],
)
def test_rows_that_look_wrong_but_are_right_get_the_value_the_office_explains(number: str, value: int) -> None:
    row = next(row for row in golden_rows() if row["number"] == number)
    assert guidance_value(Regime(row["regime"]), facts_of(row)) == value


def test_the_extract_is_what_the_files_of_the_office_reduce_to() -> None:
    """Where the files are not at hand, the extract is held against the sizes it had when it was reduced."""
    if OFFICE.is_dir():
        assert golden_rows() == [row for name in OFFICE_FILES for row in reduced(name)]
        assert golden_findings() == [row for name in OFFICE_FILES for row in reduced_findings(name)]
    assert (len(golden_rows()), len(golden_findings())) == (2070, 43)


def expected(name: str) -> Any:
    return json.loads((OFFICE / "expected.json").read_text(encoding="utf-8"))["bestanden"][name]


def reduced(name: str) -> list[dict[str, str]]:
    """One file of the office without the columns that name a person; ages in the place of birth dates."""
    regimes = expected(name)["stelsel"]
    with (OFFICE / name).open(encoding="utf-8", newline="") as file:
        return [reduced_row(row, regimes[row["Trajectnummer"]]) for row in csv.DictReader(file, delimiter=";")]


def reduced_row(row: dict[str, str], regime: str) -> dict[str, str]:
    dismissed, announced = day(row["Kennisgeving ontslag"]), day(row["Aankondiging collectief ontslag"])
    born = day(row["Geboortedatum"])
    assert born is not None
    assert dismissed is not None
    computed = ages(born, dismissed, announced)
    yes_no = {"ja": "true", "nee": "false", "": ""}
    return {
        "number": row["Trajectnummer"],
        "dismissal": KINDS[row["Soort ontslag"]],
        "bankrupt": yes_no[row["Faillissement"]],
        "urgent_cause": yes_no[row["Dringende reden"]],
        "announced_on": iso(row["Aankondiging collectief ontslag"]),
        "dismissed_on": iso(row["Kennisgeving ontslag"]),
        "service_began_on": iso(row["Eerste werkdag"]),
        "notice_began_on": iso(row["Begin opzegtermijn"]),
        "contract_ended_on": iso(row["Einde overeenkomst"]),
        "notice_weeks": row["Opzegtermijn (weken)"],
        "indemnity_weeks": row["Verbrekingsvergoeding (weken)"],
        "employment_fraction": row["Tewerkstellingsbreuk"].replace(",", "."),
        "age_on_dismissal": str(computed.on_dismissal),
        "age_on_announcement": "" if computed.on_announcement is None else str(computed.on_announcement),
        "gross_yearly_wage": row["Bruto jaarloon"].replace(",", "."),
        "four_weeks_withheld": yes_no[row["Vier weken ingehouden"]],
        "offered_on": iso(row["Datum aanbod"]),
        "default_notice_on": iso(row["Ingebrekestelling"]),
        "answered_on": iso(row["Datum antwoord"]),
        "regime": regime,
    }


def reduced_findings(name: str) -> list[dict[str, str]]:
    keys = {"code": "code", "column": "kolom", "next_step": "vervolg", "sentence": "zin"}
    return [
        {"number": row["traject"]} | {ours: finding[theirs] for ours, theirs in keys.items()}
        for row in expected(name)["bevindingen"]
        for finding in row["bevindingen"]
    ]


def day(text: str) -> date | None:
    return datetime.strptime(text, "%d/%m/%Y").date() if text else None  # noqa: DTZ007


def iso(text: str) -> str:
    return found.isoformat() if (found := day(text)) else ""

"""Which policy a dossier opens with: that of the day of filing, however late the office hands it over."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from models.errors import Refusal
from models.messages.facts import Facts
from models.messages.words import Fund
from opening import opening_state
from tests.workflows.subsidies import career, training
from tests.workflows.test_project_financing import project
from tests.workflows.test_transition_support import transition

IMPORTED = datetime(2027, 1, 18, 9, tzinfo=UTC)
BEFORE, AFTER = date(2026, 12, 30), date(2027, 1, 1)


def opened(facts: Facts, fund: Fund = Fund.LIMBURG) -> Any:
    row: dict[str, Any] = {"number": "LIM-2027-S-000001", "fund": fund, "facts": facts.model_dump(mode="json")}
    row |= {"opens_at": IMPORTED, "parent": None, "enterprise_number": None, "rehearsed": False}
    return opening_state(SimpleNamespace(**row))


GOVERNED = {
    "the year before the import": (training(filed_on=BEFORE), "2025-01-01"),
    "two versions before": (training(filed_on=date(2024, 12, 31)), "2023-01-01"),
    "the first day of a version": (training(filed_on=AFTER), "2027-01-01"),
    "a day to come is governed by the receipt": (training(filed_on=date(2030, 1, 1)), "2027-01-01"),
    "career account": (career(100, filed_on=BEFORE), "2023-01-01"),
    "transition": (transition(filed_on=BEFORE), "2023-01-01"),
    "project": (project(filed_on=BEFORE), "2023-01-01"),
}


@pytest.mark.parametrize(("facts", "version"), GOVERNED.values(), ids=GOVERNED)
def test_an_application_imported_late_is_governed_by_its_day_of_filing(facts: Facts, version: str) -> None:
    assert opened(facts).policy.version == version


def test_the_terms_of_the_fund_run_from_the_receipt_all_the_same() -> None:
    assert opened(training(filed_on=BEFORE)).received_at == IMPORTED


def test_a_day_without_a_policy_is_refused_with_that_day() -> None:
    with pytest.raises(Refusal, match="05/03/2022"):
        opened(training(filed_on=date(2022, 3, 5)))

"""Every mistake of the practice year is found, with the next step a clerk would take, and nothing else is."""

import json
from pathlib import Path
from typing import Annotated, NamedTuple

import pytest
from pydantic import Field, TypeAdapter

from models.messages.facts import CareerAccountFacts, ProjectFacts, TrainingFacts, TransitionFacts
from models.messages.policies import CareerAccountPolicy, Policy
from models.messages.words import Fund
from policies import in_force
from schemes.checks import failed
from schemes.intake import check, eligible_amount

NEXT_STEP = {
    "complete": {"aanvullen"},
    "refuse": {"weigeren"},
    "refer": {"doorsturen", "doorverwijzen"},
    "look": {"controleren"},
}
Asking = TrainingFacts | CareerAccountFacts | TransitionFacts | ProjectFacts


class Row(NamedTuple):
    """One application of the practice year without personal data, and the codes and next steps a clerk would note."""

    reference: str
    expected: dict[str, str]
    facts: Asking


def golden_rows() -> list[Row]:
    adapter: TypeAdapter[Asking] = TypeAdapter(Annotated[Asking, Field(discriminator="instrument")])
    lines = (Path(__file__).parent / "golden" / "intake.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [Row(row["reference"], row["expected"], adapter.validate_python(row["facts"])) for row in rows]


ROWS = golden_rows()


def policy_of(facts: Asking) -> Policy:
    return in_force(Fund.ANTWERPEN, facts.instrument, facts.filed_on)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.reference)
def test_the_intake_finds_exactly_what_a_clerk_would_find(row: Row) -> None:
    found = {one.code: one.blocking for one in failed(check(row.facts, policy_of(row.facts)))}

    assert found.keys() == row.expected.keys()
    assert all(row.expected[code] in NEXT_STEP[blocking] for code, blocking in found.items())


def test_the_golden_rows_hold_every_code_of_the_intake() -> None:
    assert {code for row in ROWS for code in row.expected} == {
        *("BIJLAGE_ONTBREEKT", "UREN_TE_WEINIG", "TE_LAAT_INGEDIEND", "UITZENDKRACHT", "ZAAKVOERDER", "IBAN_FOUT"),
        *("BUITEN_PROVINCIE", "DUBBELE_AANVRAAG", "EINDE_VOOR_BEGIN", "DATUM_IN_TOEKOMST", "BEDRAG_TYPFOUT"),
        *("BEDRAG_ONLEESBAAR", "GEEN_OMSCHOLING", "GEEN_EXTERNE_EXPERT", "DIT_IS_OPLEIDING", "GEEN_HEFBOOM"),
        *("HEFBOOM_LOOPT_AL", "PROJECT_AL_AFGEROND"),
    }


@pytest.mark.parametrize("row", [row for row in ROWS if not row.expected], ids=lambda row: row.reference)
def test_a_correct_application_may_get_what_it_asks(row: Row) -> None:
    """Before the course the absent are not known yet; a career account has a yearly maximum."""
    policy = policy_of(row.facts)
    before = isinstance(row.facts, TrainingFacts) and row.facts.filed == "before"
    asked = row.facts.asked
    assert asked is not None

    decision = eligible_amount(row.facts, policy, basis="planned" if before else "attended")

    assert decision.amount == (min(asked, policy.yearly_amount) if isinstance(policy, CareerAccountPolicy) else asked)

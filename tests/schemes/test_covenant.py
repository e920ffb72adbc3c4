"""The worked cases of the covenant (domain.md 2), and the edge at half."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemes.covenant import covenant_payment

SUBSIDY = Decimal(1_166_000)


@pytest.mark.parametrize(
    ("met", "commitments", "result"),
    [
        pytest.param(3, 3, "349800", id="3 of 3"),
        pytest.param(2, 3, "233200", id="2 of 3"),
        pytest.param(1, 3, "0", id="1 of 3 is less than half"),
        pytest.param(0, 3, "0", id="0 of 3"),
        pytest.param(1, 2, "174900", id="exactly half pays in proportion"),
        pytest.param(2, 4, "174900", id="exactly half of four"),
        pytest.param(2, 5, "0", id="just under half"),
    ],
)
def test_the_result_part_follows_the_commitments_that_were_met(met: int, commitments: int, result: str) -> None:
    paid = covenant_payment(SUBSIDY, met, commitments)
    assert (paid.effort, paid.result) == (Decimal(816_200), Decimal(result))
    assert paid.total == Decimal(816_200) + Decimal(result)


@given(cents=st.integers(0, 10**10), commitments=st.integers(1, 20), data=st.data())
def test_the_parts_never_exceed_the_subsidy_and_all_met_pays_it_whole(
    cents: int, commitments: int, data: st.DataObject
) -> None:
    subsidy, met = Decimal(cents) / 100, data.draw(st.integers(0, commitments))
    assert covenant_payment(subsidy, met, commitments).total <= subsidy
    assert covenant_payment(subsidy, commitments, commitments).total == subsidy


@pytest.mark.parametrize(
    ("subsidy", "met", "commitments"),
    [
        pytest.param(SUBSIDY, 4, 3, id="more than there are"),
        pytest.param(SUBSIDY, -1, 3, id="fewer than none"),
        pytest.param(SUBSIDY, 0, 0, id="no commitments"),
        pytest.param(Decimal(-1), 1, 3, id="a negative subsidy"),
    ],
)
def test_numbers_that_cannot_be_are_refused(subsidy: Decimal, met: int, commitments: int) -> None:
    with pytest.raises(ValueError, match=r"negatief|resultaatsverbintenissen"):
        covenant_payment(subsidy, met, commitments)

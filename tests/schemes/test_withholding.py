"""What a person gets of a premium, and what goes to the tax office."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.messages.words import Instrument, Party
from schemes.withholding import job_seeker_premium, natural_person, withhold

GOLDEN = {
    "220 days of a job-seeker, P13": (job_seeker_premium(220), "0", "0", "1100"),
    "220 days, 11.11 percent": (job_seeker_premium(220), "11.11", "122.21", "977.79"),
    "half a cent of tax goes up": (Decimal("0.10"), "5", "0.01", "0.09"),
    "all of it": (Decimal("205"), "100", "205", "0"),
}


@pytest.mark.parametrize(("gross", "percent", "withheld", "net"), GOLDEN.values(), ids=GOLDEN.keys())
def test_a_gross_premium_is_split(gross: Decimal, percent: str, withheld: str, net: str) -> None:
    found = withhold(gross, Decimal(percent))
    assert (found.withheld, found.net) == (Decimal(withheld), Decimal(net))


@pytest.mark.parametrize(
    ("days", "gross"),
    [
        pytest.param(220, 1100, id="the most"),
        pytest.param(221, 1100, id="a day more counts no more"),
        pytest.param(1, 5, id="one day"),
        pytest.param(0, 0, id="none"),
        pytest.param(-3, 0, id="less than none"),
    ],
)
def test_a_job_seeker_gets_five_euro_a_day_for_at_most_220_days(days: int, gross: int) -> None:
    assert job_seeker_premium(days) == gross


@given(st.decimals(0, 10**6, places=2), st.decimals(0, 100, places=2))
def test_net_and_tax_are_the_gross_to_the_cent(gross: Decimal, percent: Decimal) -> None:
    found = withhold(gross, percent)
    assert found.net + found.withheld == found.gross == gross
    assert found.net >= 0
    assert found.withheld.as_tuple().exponent == -2


@pytest.mark.parametrize("percent", ["-0.01", "100.01"])
def test_no_other_percentage_can_be_withheld(percent: str) -> None:
    with pytest.raises(ValueError, match="cannot be withheld"):
        withhold(Decimal(100), Decimal(percent))


@pytest.mark.parametrize(
    ("instrument", "account_of", "person"),
    [
        (Instrument.CAREER_ACCOUNT, Party.APPLICANT, True),
        (Instrument.TRAJECTORY, Party.PARTICIPANT, True),
        (Instrument.FORMAL_TRAINING, Party.APPLICANT, False),
        (Instrument.OUTPLACEMENT, Party.AGENCY, False),
    ],
)
def test_money_goes_to_a_person_or_to_an_enterprise(instrument: Instrument, account_of: Party, person: bool) -> None:
    assert natural_person(instrument, account_of) is person

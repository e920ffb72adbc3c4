"""Terms as a policy writes them."""

from datetime import date

import pytest
from pydantic import ValidationError

from schemes.terms import Term, add_months


@pytest.mark.parametrize(
    ("text", "term"),
    [
        pytest.param("15 working days", Term(amount=15, unit="working_days"), id="working-days"),
        pytest.param("1 working day", Term(amount=1, unit="working_days"), id="one-working-day"),
        pytest.param("3 months", Term(amount=3, unit="months"), id="months"),
        pytest.param("30  Days", Term(amount=30, unit="days"), id="spaces-and-capitals"),
        pytest.param("39 weeks", Term(amount=39, unit="weeks"), id="weeks"),
        pytest.param("-2 weeks", Term(amount=-2, unit="weeks"), id="minus"),
        pytest.param("5 working days before", Term(amount=-5, unit="working_days"), id="before"),
        pytest.param(
            "1 month, next working day",
            Term(amount=1, unit="months", shift_to_working_day=True),
            id="shifted",
        ),
    ],
)
def test_a_policy_writes_a_term_as_text(text: str, term: Term) -> None:
    assert Term.parse(text) == term
    assert Term.model_validate(text) == term


@pytest.mark.parametrize("text", ["", "15", "days", "1.5 months", "15 hours", "3 months 2 days", "-5 days before"])
def test_a_text_that_is_no_term_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValidationError, match=repr(text)):
        Term.parse(text)


def test_a_term_of_more_than_ten_years_is_a_typing_error() -> None:
    with pytest.raises(ValidationError, match="3660"):
        Term.parse("9999 days")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        pytest.param("1 working days", "1 working day", id="one"),
        pytest.param("3 weeks before", "-3 weeks", id="before"),
        pytest.param("30 DAYS, next working day", "30 days, next working day", id="shifted"),
    ],
)
def test_a_term_writes_itself_as_a_policy_would(text: str, written: str) -> None:
    assert str(Term.parse(text)) == written


def test_a_month_outside_the_calendar_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="outside the calendar"):
        add_months(date(9999, 12, 1), 1)

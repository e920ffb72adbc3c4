"""The ten legal holidays, the bank's own days, and a day that ends at midnight in Brussels."""

from datetime import UTC, date, datetime, timedelta

import pytest
from holidays.countries.belgium import Belgium
from holidays.financial.european_central_bank import EuropeanCentralBank
from hypothesis import given, settings
from hypothesis import strategies as st

from schemes.calendar import (
    BRUSSELS,
    LegalHoliday,
    add_working_days,
    bank_closing_days,
    end_of_day,
    is_bank_day,
    is_over,
    is_working_day,
    legal_holiday,
    legal_holidays,
    local_date,
    next_bank_day,
    next_working_day,
    previous_working_day,
    start_of_day,
    working_days_between,
)

days = st.dates(date(2002, 1, 10), date(2090, 1, 1))


@pytest.mark.parametrize(
    ("year", "easter_monday", "ascension", "whit_monday"),
    [
        pytest.param(2025, date(2025, 4, 21), date(2025, 5, 29), date(2025, 6, 9), id="2025"),
        pytest.param(2026, date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25), id="2026"),
        pytest.param(2027, date(2027, 3, 29), date(2027, 5, 6), date(2027, 5, 17), id="2027"),
    ],
)
def test_a_year_has_exactly_the_ten_legal_holidays(
    year: int, easter_monday: date, ascension: date, whit_monday: date
) -> None:
    assert legal_holidays(year) == {
        date(year, 1, 1): LegalHoliday.NEW_YEAR,
        easter_monday: LegalHoliday.EASTER_MONDAY,
        date(year, 5, 1): LegalHoliday.LABOUR_DAY,
        ascension: LegalHoliday.ASCENSION,
        whit_monday: LegalHoliday.WHIT_MONDAY,
        date(year, 7, 21): LegalHoliday.NATIONAL_DAY,
        date(year, 8, 15): LegalHoliday.ASSUMPTION,
        date(year, 11, 1): LegalHoliday.ALL_SAINTS,
        date(year, 11, 11): LegalHoliday.ARMISTICE,
        date(year, 12, 25): LegalHoliday.CHRISTMAS,
    }


@pytest.mark.parametrize("year", range(1975, 2101))
def test_every_year_has_ten_holidays_and_only_2008_puts_two_on_one_day(year: int) -> None:
    assert len(legal_holidays(year)) == (9 if year == 2008 else 10)


def test_easter_sunday_and_whit_sunday_are_no_legal_holidays() -> None:
    assert legal_holiday(date(2025, 4, 20)) is None
    assert legal_holiday(date(2025, 6, 8)) is None


@pytest.mark.parametrize("year", range(1950, 2101))
def test_the_legal_holidays_are_those_of_the_library_without_its_sundays(year: int) -> None:
    found = {
        day: min(LegalHoliday(name) for name in names.split("; ") if name in set(LegalHoliday))
        for day, names in Belgium(years=year, language="en_US").items()  # type: ignore[no-untyped-call]
        if set(names.split("; ")) & set(LegalHoliday)
    }
    assert legal_holidays(year) == found


@pytest.mark.parametrize("year", range(2002, 2101))
def test_the_bank_closing_days_are_those_of_the_library(year: int) -> None:
    assert bank_closing_days(year) == set(EuropeanCentralBank(years=year, language="en_US"))  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("year", [1949, 2101])
def test_a_year_far_away_is_a_defect_and_not_a_year_without_holidays(year: int) -> None:
    with pytest.raises(LookupError, match=str(year)):
        legal_holidays(year)
    with pytest.raises(LookupError, match=str(year)):
        bank_closing_days(year)


def test_banks_close_on_the_six_target_days() -> None:
    assert bank_closing_days(2025) == {
        date(2025, 1, 1),
        date(2025, 4, 18),
        date(2025, 4, 21),
        date(2025, 5, 1),
        date(2025, 12, 25),
        date(2025, 12, 26),
    }


@pytest.mark.parametrize(
    ("day", "works", "bank"),
    [
        pytest.param(date(2025, 4, 18), True, False, id="good-friday"),
        pytest.param(date(2025, 7, 21), False, True, id="national-day"),
        pytest.param(date(2025, 12, 26), True, False, id="boxing-day"),
        pytest.param(date(2025, 4, 21), False, False, id="easter-monday"),
        pytest.param(date(2025, 3, 8), False, False, id="saturday"),
        pytest.param(date(2025, 3, 10), True, True, id="ordinary-monday"),
    ],
)
def test_working_days_and_bank_days_are_two_calendars(day: date, works: bool, bank: bool) -> None:
    assert (is_working_day(day), is_bank_day(day)) == (works, bank)


@pytest.mark.parametrize(
    ("start", "amount", "end"),
    [
        pytest.param(date(2025, 4, 17), 2, date(2025, 4, 22), id="over-easter"),
        pytest.param(date(2024, 12, 24), 1, date(2024, 12, 26), id="over-christmas"),
        pytest.param(date(2024, 12, 31), 1, date(2025, 1, 2), id="over-new-year"),
        pytest.param(date(2025, 4, 22), -1, date(2025, 4, 18), id="back-over-easter"),
        pytest.param(date(2025, 1, 2), -1, date(2024, 12, 31), id="back-over-new-year"),
        pytest.param(date(2025, 3, 8), 0, date(2025, 3, 8), id="nothing"),
    ],
)
def test_working_days_are_counted_over_weekends_and_holidays(start: date, amount: int, end: date) -> None:
    assert add_working_days(start, amount) == end


@settings(deadline=None, derandomize=True)
@given(days, st.integers(1, 60))
def test_counting_working_days_forth_agrees_with_counting_them_between(day: date, amount: int) -> None:
    assert working_days_between(day, add_working_days(day, amount)) == amount


@settings(deadline=None, derandomize=True)
@given(days)
def test_the_next_and_previous_working_day_enclose_a_day_without_skipping_one(day: date) -> None:
    before, after = previous_working_day(day), next_working_day(day)
    assert before <= day <= after
    assert (before == day == after) is is_working_day(day)
    assert working_days_between(before, after) == (0 if is_working_day(day) else 1)


def test_a_payment_planned_on_good_friday_waits_until_the_banks_open() -> None:
    assert next_bank_day(date(2025, 4, 18)) == date(2025, 4, 22)


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        pytest.param(date(2025, 3, 30), 23, id="summer-time-begins"),
        pytest.param(date(2025, 10, 26), 25, id="summer-time-ends"),
        pytest.param(date(2025, 3, 3), 24, id="ordinary"),
    ],
)
def test_a_local_day_lasts_as_long_as_it_does_in_brussels(day: date, hours: int) -> None:
    assert end_of_day(day) - start_of_day(day) == timedelta(hours=hours)


@settings(deadline=None, derandomize=True)
@given(days)
def test_a_last_day_counts_until_its_last_instant_in_brussels(day: date) -> None:
    last_instant = datetime(day.year, day.month, day.day, 23, 59, 59, 999999, tzinfo=BRUSSELS)
    assert not is_over(day, last_instant)
    assert is_over(day, (last_instant.astimezone(UTC) + timedelta(microseconds=1)))
    assert local_date(end_of_day(day) - timedelta(microseconds=1)) == day


def test_a_moment_late_in_the_evening_in_utc_is_the_next_day_in_brussels() -> None:
    assert local_date(datetime(2025, 6, 30, 22, 0, tzinfo=UTC)) == date(2025, 7, 1)
    assert local_date(datetime(2025, 12, 31, 23, 0, tzinfo=UTC)) == date(2026, 1, 1)


def test_a_moment_without_time_zone_has_no_local_date() -> None:
    with pytest.raises(ValueError, match="time zone"):
        local_date(datetime(2025, 1, 1))  # noqa: DTZ001

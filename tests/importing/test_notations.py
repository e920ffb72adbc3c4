"""Numbers and dates: what is written is read back, and what could mean two things is not guessed."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importing.notations import amount, day, number, plain, whole, yes

CENTS = st.decimals(min_value=0, max_value=10**8, places=2)


@given(CENTS)
def test_an_amount_is_read_back_in_every_notation(value: Decimal) -> None:
    english = f"{value:,.2f}"
    swapped = english.translate(str.maketrans(",.", ".,"))
    notations = (
        f"{value:.2f}",
        f"{value:.2f}".replace(".", ","),
        english if value < 1000 or english.count(",") else f"{value}",
        swapped,
        english.replace(",", " ").replace(".", ","),
        english.replace(",", "\u00a0"),
        english.replace(",", "'"),
        f"€ {swapped}",
        f"{swapped} EUR",
    )
    assert {amount(text) for text in notations} == {value}


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)))
def test_a_date_is_read_back_in_every_notation(value: date) -> None:
    bare = f"{value.day}-{value.month}-{value.year}"
    notations = (f"{value:%d/%m/%Y}", bare, f"{value:%d.%m.%Y}", f"{value:%Y-%m-%d}", f"{value:%Y-%m-%d}T00:00:00")
    assert {day(text) for text in notations} == {value}


@given(st.dates(min_value=date(1954, 10, 4), max_value=date(2100, 12, 31)))
def test_a_day_number_of_a_spreadsheet_is_read_back(value: date) -> None:
    serial = (value - date(1899, 12, 30)).days
    assert day(str(serial)) == value


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    try:
        value = number(text)
    except ValueError:
        return
    assert value >= 0
    assert any(sign.isascii() and sign.isdigit() for sign in text)


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_refused(text: str) -> None:
    try:
        value = day(text)
    except ValueError:
        return
    assert 1900 <= value.year <= 2100


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("7,5", "7.5"),
        ("7.5", "7.5"),
        ("1.234", "1234"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1 234", "1234"),
        ("0.500", "0.500"),
        ("1234.567", "1234.567"),
        (" 12 ", "12"),
    ],
)
def test_a_number_is_read_as_in_belgium(typed: str, value: str) -> None:
    assert number(typed) == Decimal(value)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "1OO,OO",
        "l00,00",
        "-5",
        "1,234",
        "1.234.56",
        "1.23.456",
        "12 34",
        "1e3",
        "NaN",
        "Infinity",
        "٣",
        "1,2,3",
        "12345678901234",
    ],
)
def test_what_is_no_number_or_two_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"number|ways"):
        number(typed)


def test_an_amount_has_two_decimals_and_a_count_none() -> None:
    assert (amount("12,50"), amount("1234,500"), whole("12,0")) == (Decimal("12.5"), Decimal("1234.5"), 12)
    with pytest.raises(ValueError, match="decimals"):
        amount("1234,505")
    with pytest.raises(ValueError, match="whole"):
        whole("12,5")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "31/02/2024",
        "30-02-2023",
        "1/13/2024",
        "01/02/24",
        "1/2-2024",
        "2024",
        "19999",
        "45292,5",
        "2024-01-02 13:00",
        "01/01/1899",
        "01/01/2101",
        "٠١/٠٢/٢٠٢٤",
        "gisteren",
    ],
)
def test_what_is_no_likely_date_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"date|day|month"):
        day(typed)


@pytest.mark.parametrize(
    ("typed", "value"), [("ja", True), ("Ja ", True), ("NEE", False), ("neen", False), ("0", False)]
)
def test_yes_and_no(typed: str, value: bool) -> None:
    assert yes(typed) is value


def test_neither_yes_nor_no() -> None:
    with pytest.raises(ValueError, match="yes or no"):
        yes("misschien")


def test_headers_compare_without_accents_case_and_spaces() -> None:
    assert plain("  Gestart  VÓÓR\u00a0aanvraag: ") == plain("gestart voor aanvraag")

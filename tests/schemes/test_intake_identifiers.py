"""Enterprise, establishment and account numbers in the notations that people use."""

import pytest

from schemes.identifiers import compact_iban, dotted, enterprise_number, establishment_number, iban_valid


@pytest.mark.parametrize(
    "typed",
    [
        "0409.845.289",
        "BE0409845289",
        "409845289",
        "0409845289",
        "BE 0409.845.289",
        "be0409.845.289",
        " 0409 845 289 ",
        "0409-845-289",
    ],
)
def test_an_enterprise_number_is_read_in_any_notation(typed: str) -> None:
    assert enterprise_number(typed) == "0409845289"


@pytest.mark.parametrize(("typed", "digits"), [("236263", "0000236263"), ("0000.236.263", "0000236263")])
def test_zeros_that_a_spreadsheet_dropped_are_put_back(typed: str, digits: str) -> None:
    assert enterprise_number(typed) == digits


@pytest.mark.parametrize(
    "typed", ["0409.845.288", "", "0", "BE", "2.999.010.168", "04098452890", "O409845289", "NL409845289", "٠٤٠٩٨٤٥٢٨٩"]
)
def test_another_number_is_no_enterprise_number(typed: str) -> None:
    with pytest.raises(ValueError, match="enterprise"):
        enterprise_number(typed)


@pytest.mark.parametrize("typed", ["2.999.010.168", "2999010168"])
def test_an_establishment_number_is_read(typed: str) -> None:
    assert establishment_number(typed) == "2999010168"
    assert dotted("2999010168") == "2.999.010.168"
    assert dotted("0409845289") == "0409.845.289"


@pytest.mark.parametrize("typed", ["2.999.010.169", "0409.845.289", "299901016", "29990101680", "²999010168"])
def test_another_number_is_no_establishment_number(typed: str) -> None:
    with pytest.raises(ValueError, match="establishment"):
        establishment_number(typed)


@pytest.mark.parametrize(
    ("typed", "valid"),
    [
        ("BE62 6450 0089 5061", True),
        ("be62645000895061", True),
        (" BE62\u00a06450 0089 5061", True),
        ("NL91ABNA0417164300", True),
        ("BE02 6450 0104 6040", False),
        ("BE62 6450 0089", False),
        ("", False),
        ("geen", False),
    ],
)
def test_an_account_number_is_checked_whatever_its_notation(typed: str, valid: bool) -> None:
    assert iban_valid(typed) is valid


def test_an_account_number_is_kept_compact() -> None:
    assert compact_iban(" be62 6450\u00a00089 5061") == "BE62645000895061"


@pytest.mark.parametrize(
    "typed", ["BE62-6450-0089-5061", "BE62.6450.0089.5061", "IBAN BE62 6450 0089 5061", "be62\u200b645000895061"]
)
def test_an_account_number_is_read_in_every_notation_of_an_office(typed: str) -> None:
    assert iban_valid(typed)
    assert compact_iban(typed) == "BE62645000895061"

"""The structured communication of a dossier: the same one always, checked, and read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.messages.words import Fund, Kind
from receipts import LETTERS as LETTERS_OF_NUMBERS
from schemes.communications import LETTERS, checked, communication_of, dossier_of, is_communication, spelled

NUMBERS = st.builds(
    "{}-{}-{}-{:06}".format,
    st.sampled_from(list(Fund)),
    st.integers(2000, 2099),
    st.sampled_from(LETTERS),
    st.integers(0, 999_999),
)


@given(NUMBERS)
def test_a_dossier_is_found_again_by_its_communication(number: str) -> None:
    assert dossier_of(communication_of(number)) == number
    assert dossier_of(spelled(communication_of(number))) == number


@given(NUMBERS, st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(number: str, place: int, by: int) -> None:
    digits = communication_of(number)
    wrong = str((int(digits[place]) + by) % 10)
    assert not is_communication(digits[:place] + wrong + digits[place + 1 :])


@pytest.mark.parametrize(
    ("ten", "twelve"),
    [
        pytest.param("0909337554", "090933755493", id="the well-known example of the banks"),
        pytest.param("0000000097", "000000009797", id="a remainder of nought is written as 97"),
        pytest.param("2261000123", f"2261000123{2261000123 % 97:02}", id="one of ours"),
    ],
)
def test_the_check_digits_are_the_remainder_by_97(ten: str, twelve: str) -> None:
    assert checked(ten) == twelve


@pytest.mark.parametrize(
    "number",
    [
        pytest.param("ANT-2026-S-1000000", id="a serial of seven digits"),
        pytest.param("ANT-1999-S-000001", id="a year before our century"),
        pytest.param("XXX-2026-S-000001", id="no fund of ours"),
        pytest.param("ANT-2026-Z-000001", id="no kind of ours"),
        pytest.param("ANT-2026-000001", id="a part is missing"),
    ],
)
def test_what_does_not_fit_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        communication_of(number)


@pytest.mark.parametrize(
    "digits",
    [
        pytest.param("090933755493", id="another house's"),
        pytest.param(checked("9261000123"), id="a fund that is not"),
        pytest.param(checked("2269000123"), id="a kind that is not"),
        pytest.param("FACTUUR 2026", id="free text"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_not_ours_names_no_dossier(digits: str) -> None:
    assert dossier_of(digits) is None


def test_every_kind_has_the_digit_of_its_letter() -> None:
    assert "".join(LETTERS_OF_NUMBERS[kind] for kind in Kind) == LETTERS

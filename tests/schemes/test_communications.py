"""The structured communication of a dossier: the same one always, checked, and another for every dossier."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.messages.words import Fund, Kind
from receipts import LETTERS as LETTERS_OF_NUMBERS
from schemes.communications import LETTERS, checked, communication_of, is_communication, spelled

NUMBERS = st.builds(
    "{}-{}-{}-{:06}".format,
    st.sampled_from(list(Fund)),
    st.integers(2000, 2099),
    st.sampled_from(LETTERS),
    st.integers(0, 999_999),
)


@given(NUMBERS, NUMBERS)
def test_two_dossiers_never_share_one(number: str, other: str) -> None:
    assert is_communication(communication_of(number))
    assert (communication_of(number) == communication_of(other)) is (number == other)


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
    ],
)
def test_the_check_digits_are_the_remainder_by_97(ten: str, twelve: str) -> None:
    assert checked(ten) == twelve


@pytest.mark.parametrize(
    ("number", "written"),
    [
        pytest.param("ANT-2026-S-000123", "+++226/1000/12360+++", id="a subsidy of Antwerp"),
        pytest.param("INO-2025-J-000001", "+++125/5000/00133+++", id="a trajectory of INOM"),
        pytest.param("ANT-2026-S-7000123", "+++226/1000/12360+++", id="a serial above a million"),
    ],
)
def test_it_is_written_as_on_a_transfer_form(number: str, written: str) -> None:
    assert spelled(communication_of(number)) == written


@pytest.mark.parametrize("number", ["XXX-2026-S-000001", "ANT-2026-Z-000001", "ANT-2026-000001", "ANT-2026-S-1", ""])
def test_what_is_no_dossier_number_has_none(number: str) -> None:
    with pytest.raises(ValueError, match="not a dossier number"):
        communication_of(number)


def test_every_kind_has_the_digit_of_its_letter() -> None:
    assert "".join(LETTERS_OF_NUMBERS[kind] for kind in Kind) == LETTERS

"""Names at the bank lead back to the payment, the run and the dossier; texts keep to the characters banks take."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.be import ogm_vcs

from banking.references import allowed, communication_in, end_to_end, message_id
from models.errors import Refusal
from models.messages.words import Fund
from schemes.communications import LETTERS, communication_of, spelled

NUMBERS = st.builds(
    "{}-{}-{}-{:06}".format,
    st.sampled_from(list(Fund)),
    st.integers(2000, 2099),
    st.sampled_from(LETTERS),
    st.integers(0, 999_999),
)


KEYS = st.builds("{}/payment/{}/{}".format, NUMBERS, st.integers(1, 99), st.integers(1, 99))


@given(KEYS, KEYS)
def test_every_payment_has_a_line_at_the_bank_of_its_own(one: str, other: str) -> None:
    assert len(end_to_end(one)) <= 35
    assert (end_to_end(one) == end_to_end(other)) == (one == other)


def test_a_person_reads_in_a_line_which_payment_it_is() -> None:
    assert end_to_end("ANT-2025-S-000123/payment/1/2") == "ANT-2025-S-000123-1-2"
    assert message_id("ANT-2026-B-0001", 1) == "ANT-2026-B-0001-01"


RUNS = st.builds("{}-{}-B-{:04}".format, st.sampled_from(list(Fund)), st.integers(2000, 2099), st.integers(1, 99_999))
ATTEMPTS = st.integers(1, 999)


@given(RUNS, ATTEMPTS, RUNS, ATTEMPTS)
def test_every_attempt_of_a_run_has_a_file_of_its_own(one: str, first: int, other: str, second: int) -> None:
    assert len(message_id(one, first)) <= 35
    assert (message_id(one, first) == message_id(other, second)) == ((one, first) == (other, second))


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("ANT-2025-S-000123/recovery/1", id="a claim"),
        pytest.param("ANT-2025-S-000123/payment/1", id="without its attempt"),
        pytest.param("", id="nothing"),
        pytest.param(f"ANT-2025-S-{'1' * 24}/payment/1/1", id="too long for a bank"),
    ],
)
def test_what_is_no_payment_has_no_line_at_the_bank(key: str) -> None:
    with pytest.raises(Refusal):
        end_to_end(key)


def test_a_run_whose_number_is_too_long_has_no_file_at_the_bank() -> None:
    with pytest.raises(Refusal, match="past niet als kenmerk"):
        message_id("ANT-2026-B-" + "1" * 30, 1)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("+++010/8068/17183+++", "010806817183", id="as it is printed"),
        pytest.param("***010/8068/17183***", "010806817183", id="with stars"),
        pytest.param("010806817183", "010806817183", id="digits alone"),
        pytest.param("terugbetaling 010/8068/17183 met dank", "010806817183", id="in the middle of words"),
        pytest.param("010 8068 17183 en nogmaals 010/8068/17183", "010806817183", id="twice the same"),
        pytest.param("010/8068/17184", None, id="a wrong check"),
        pytest.param("BE25210004988882010806817183", None, id="a part of a longer number"),
        pytest.param("010/8068/17183 of 202/4000/00138", None, id="two that differ"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_communication_is_read_from_what_somebody_typed(text: str, found: str | None) -> None:
    assert communication_in(text) == found


@given(NUMBERS)
def test_our_own_communication_is_one_of_the_banks(number: str) -> None:
    digits = communication_of(number)
    assert ogm_vcs.is_valid(digits)
    assert communication_in(f"Betreft {spelled(digits)}") == digits


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        pytest.param("Crèche L'Été & Zonen", "Creche L'Ete + Zonen", id="French"),
        pytest.param("Müller Straße GmbH", "Muller Strasse GmbH", id="German"),
        pytest.param("Łukasz Żółć", "Lukasz Zolc", id="Polish"),
        pytest.param("Ağaoğlu Işık", "Agaoglu Isik", id="Turkish"),
        pytest.param("Ørsted Æbelø", "Orsted AEbelo", id="Danish"),
        pytest.param("C.V.B.A. “De Brug” #1", "C.V.B.A. .De Brug. .1", id="signs that no bank takes"),
        pytest.param("  twee   spaties\n", "twee spaties", id="spaces"),
        pytest.param("//a//b/", "a/b", id="slashes"),
        pytest.param("Иван", "....", id="letters without an equal"),
    ],
)
def test_a_name_is_written_as_every_bank_takes_it(name: str, taken: str) -> None:
    assert allowed(name) == taken


@given(st.text())
def test_what_is_allowed_stays_as_it_is(text: str) -> None:
    once = allowed(text)
    assert re.fullmatch(r"[A-Za-z0-9/\-?:().,'+ ]*", once)
    assert allowed(once) == once

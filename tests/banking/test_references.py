"""Names at the bank lead back to the payment, the run and the dossier; texts keep to the characters banks take."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.be import ogm_vcs

from banking.references import (
    allowed,
    bic_of,
    communication_in,
    dossier_named,
    end_to_end,
    message_id,
    payment_of,
    run_of,
)
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


@given(NUMBERS, st.integers(1, 99), st.integers(1, 99))
def test_a_payment_is_found_again_by_its_line_at_the_bank(number: str, instalment: int, attempt: int) -> None:
    key = f"{number}/payment/{instalment}/{attempt}"
    assert len(end_to_end(key)) <= 35
    assert payment_of(end_to_end(key)) == key


@given(st.sampled_from(list(Fund)), st.integers(2000, 2099), st.integers(1, 99_999), st.integers(1, 999))
def test_a_run_is_found_again_by_its_file_at_the_bank(fund: str, year: int, serial: int, attempt: int) -> None:
    run = f"{fund}-{year}-B-{serial:04}"
    assert len(message_id(run, attempt)) <= 35
    assert run_of(message_id(run, attempt)) == (run, attempt)


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


@pytest.mark.parametrize("reference", ["NOTPROVIDED", "SALARIS 2026", "ANT-2025-S-000123", "ant-2025-s-000123-1-2", ""])
def test_a_reference_of_somebody_else_names_nothing_of_ours(reference: str) -> None:
    assert payment_of(reference) is None
    assert run_of(reference) is None


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
def test_our_own_communication_is_one_of_the_banks_and_names_its_dossier(number: str) -> None:
    digits = communication_of(number)
    assert ogm_vcs.is_valid(digits)
    assert communication_in(f"Betreft {spelled(digits)}") == digits
    assert dossier_named(digits) == number


@pytest.mark.parametrize(
    "digits",
    [
        pytest.param("090933755493", id="another house's"),
        pytest.param("226100012361", id="a wrong check"),
        pytest.param("FACTUUR 2026", id="no digits"),
    ],
)
def test_a_communication_of_somebody_else_names_no_dossier(digits: str) -> None:
    assert dossier_named(digits) is None


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


@pytest.mark.parametrize(
    ("iban", "bic"),
    [
        pytest.param("BE25210004988882", "GEBABEBB", id="the first fund's own"),
        pytest.param("BE44068942075545", "GKCCBEBB", id="the second fund's own"),
        pytest.param("BE00000000000000", None, id="no account"),
    ],
)
def test_a_bank_is_known_by_the_account(iban: str, bic: str | None) -> None:
    assert bic_of(iban) == bic

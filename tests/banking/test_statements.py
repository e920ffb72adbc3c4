"""Statements and notifications: one entry per transaction, whatever the version, and balances that add up or a no."""

import contextlib
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banking.bookings import Direction, Entry
from banking.statements import Statement, read
from models.errors import Refusal
from tests.banking.messages import ACCOUNT, OTHER, Bank

VERSIONS = [f"camt.{kind}.001.{version:02}" for kind in ("053", "054") for version in range(2, 13)]
LINE = "ANT-2026-S-000123-1-1"


def entries(content: bytes) -> list[Entry]:
    return [said for said in read(content) if isinstance(said, Entry)]


def statement(content: bytes) -> Statement:
    return next(said for said in read(content) if isinstance(said, Statement))


@pytest.mark.parametrize("message", VERSIONS)
def test_every_version_says_the_same(message: str) -> None:
    bank = Bank(message)
    paid = bank.amount("-1240.50") | {
        "Refs": {"EndToEndId": LINE, "MsgId": "ANT-2026-B-0001-01", "PmtInfId": "ANT-2026-B-0001-01"},
        "RltdPties": bank.parties(Cdtr=("Metaal NV", OTHER)),
        "RmtInf": {"Ustrd": "Dossier ANT-2026-S-000123"},
    }
    repaid = bank.amount("80.00") | {
        "Refs": {"EndToEndId": "NOTPROVIDED"},
        "RltdPties": bank.parties(Dbtr=("Staal BV", OTHER)),
        "RmtInf": {"Strd": {"CdtrRefInf": {"Tp": {"CdOrPrtry": {"Cd": "SCOR"}, "Issr": "BBA"}, "Ref": "226100012360"}}},
    }
    content = bank.file(bank.statement(bank.entry("-1240.50", paid), bank.entry("80.00", repaid)), indent="  ")
    first, second = entries(content)
    assert first == Entry(
        place=1,
        account=ACCOUNT,
        booked_on=date(2026, 3, 4),
        amount=Decimal("1240.50"),
        direction=Direction.DEBIT,
        reversal=False,
        bank_reference="REF-1",
        message_id="ANT-2026-B-0001-01",
        payment_info_id="ANT-2026-B-0001-01",
        text="Dossier ANT-2026-S-000123",
        end_to_end=LINE,
        counterparty="Metaal NV",
        counterparty_iban=OTHER,
    )
    assert (second.place, second.direction, second.amount) == (2, Direction.CREDIT, Decimal("80.00"))
    assert (second.communication, second.end_to_end) == ("226100012360", None)
    assert (second.counterparty, second.counterparty_iban) == ("Staal BV", OTHER)


BANK = Bank()


def test_a_statement_tells_its_account_its_days_and_its_balances() -> None:
    balances = [BANK.balance("OPBD", "-10.00"), BANK.balance("CLAV", "99.00"), BANK.balance("CLBD", "90.00")]
    days = {"FrDtTm": "2026-03-04T00:00:00", "ToDtTm": "2026-03-05T00:00:00"}
    content = BANK.file(BANK.statement(BANK.entry("100.00"), Bal=balances, FrToDt=days))
    assert statement(content) == Statement(
        identification="BANK-1-1",
        account=ACCOUNT,
        number="44",
        first=date(2026, 3, 4),
        last=date(2026, 3, 5),
        opening=Decimal("-10.00"),
        closing=Decimal("90.00"),
    )


def test_a_statement_without_bookings_is_still_told() -> None:
    content = BANK.file(BANK.statement(Bal=[BANK.balance("OPBD", "5.00"), BANK.balance("CLBD", "5.00")]))
    assert [type(said) for said in read(content)] == [Statement]


def test_several_statements_each_have_their_own_entries_and_balances() -> None:
    other = {"Acct": {"Id": {"IBAN": OTHER}}, "Bal": [BANK.balance("PRCD", "0.00"), BANK.balance("CLBD", "7.00")]}
    content = BANK.file(
        BANK.statement(BANK.entry("3.00"), Bal=[BANK.balance("OPBD", "1.00"), BANK.balance("CLBD", "4.00")]),
        BANK.statement(BANK.entry("7.00"), **other),
    )
    said = list(read(content))
    assert [one.account for one in said] == [ACCOUNT, ACCOUNT, OTHER, OTHER]
    assert [one.place for one in said if isinstance(one, Entry)] == [1, 2]


def detail(amount: str | None, line: str, bank: Bank = BANK) -> dict[str, Any]:
    told = {"Refs": {"EndToEndId": line, "MsgId": "ANT-2026-B-0001-01"}}
    return told if amount is None else told | bank.amount(amount)


@pytest.mark.parametrize("message", VERSIONS)
def test_a_batch_with_details_gives_one_entry_for_each(message: str) -> None:
    bank = Bank(message)
    details = (detail("-10.00", "A", bank), detail("-20.00", "B", bank))
    found = entries(bank.file(bank.statement(bank.entry("-30.00", *details))))
    assert [(one.place, one.detail, one.end_to_end, one.amount) for one in found] == [
        (1, 1, "A", Decimal("10.00")),
        (2, 2, "B", Decimal("20.00")),
    ]


@pytest.mark.parametrize(
    "details",
    [
        pytest.param([detail(None, "A"), detail(None, "B")], id="amounts are not told"),
        pytest.param([detail("-10.00", "A"), detail(None, "B")], id="one amount is not told"),
        pytest.param([detail("-10.00", "A"), detail("-19.00", "B")], id="amounts do not make up the booking"),
    ],
)
def test_details_that_do_not_make_up_the_booking_leave_it_one_sum(details: list[dict[str, Any]]) -> None:
    batch = {"NtryDtls": {"Btch": {"MsgId": "ANT-2026-B-0001-01", "NbOfTxs": "2"}, "TxDtls": details}}
    (found,) = entries(BANK.file(BANK.statement(BANK.entry("-30.00", **batch))))
    assert (found.amount, found.lines, found.end_to_end) == (Decimal("30.00"), 2, None)
    assert found.message_id == "ANT-2026-B-0001-01"


def test_a_batch_without_details_is_known_by_its_file() -> None:
    batch = {"MsgId": "ANT-2026-B-0001-01", "PmtInfId": "ANT-2026-B-0001-01", "NbOfTxs": "250"}
    (found,) = entries(BANK.file(BANK.statement(BANK.entry("-99999.99", NtryDtls={"Btch": batch}))))
    assert (found.lines, found.message_id, found.payment_info_id) == (250, "ANT-2026-B-0001-01", "ANT-2026-B-0001-01")


def test_a_single_detail_has_the_amount_of_its_booking() -> None:
    (found,) = entries(
        BANK.file(BANK.statement(BANK.entry("-10.35", detail("-10.00", "A"), AddtlNtryInf="met kosten")))
    )
    assert (found.amount, found.detail, found.end_to_end, found.text) == (Decimal("10.35"), 0, "A", "met kosten")


def test_money_that_came_back_names_the_line_the_reason_and_the_beneficiary() -> None:
    back = {
        "Refs": {"EndToEndId": LINE},
        "RltdPties": BANK.parties(Dbtr=("mtech+ Antwerpen vzw", ACCOUNT), Cdtr=("Metaal NV", OTHER)),
        "RtrInf": {"Rsn": {"Cd": "AC04"}},
    }
    (found,) = entries(BANK.file(BANK.statement(BANK.entry("1240.50", back, RvslInd=True))))
    assert (found.direction, found.reversal, found.reason) == (Direction.CREDIT, True, "AC04")
    assert (found.end_to_end, found.counterparty, found.counterparty_iban) == (LINE, "Metaal NV", OTHER)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("camt.053.001.02", "PDNG"),
        ("camt.054.001.02", "INFO"),
        ("camt.053.001.08", "FUTR"),
        ("camt.054.001.08", "PDNG"),
    ],
)
def test_what_is_not_booked_yet_is_left_out(message: str, code: str) -> None:
    bank = Bank(message)
    waiting = bank.entry("-10.00", detail("-10.00", "A", bank), Sts=bank.status(code))
    found = entries(bank.file(bank.statement(waiting, bank.entry("-1.00", detail("-1.00", "B", bank)))))
    assert [one.end_to_end for one in found] == ["B"]


def test_a_booking_of_nought_is_left_out() -> None:
    assert entries(BANK.file(BANK.statement(BANK.entry("0.00")))) == []


def test_a_communication_typed_as_words_is_understood() -> None:
    typed = {"RmtInf": {"Ustrd": ["terugbetaling dossier", "+++226/1000/12360+++"]}}
    (found,) = entries(BANK.file(BANK.statement(BANK.entry("80.00", typed))))
    assert (found.communication, found.text) == ("226100012360", "terugbetaling dossier +++226/1000/12360+++")


def test_a_structured_communication_counts_before_what_is_typed_beside_it() -> None:
    reference = {"CdtrRefInf": {"Tp": {"CdOrPrtry": {"Cd": "SCOR"}, "Issr": "BBA"}, "Ref": "226100012360"}}
    both = {"RmtInf": {"Ustrd": "uw factuur 010/8068/17183", "Strd": reference}}
    (found,) = entries(BANK.file(BANK.statement(BANK.entry("80.00", both))))
    assert found.communication == "226100012360"


AMOUNTS = st.lists(st.integers(-(10**9), 10**9).filter(bool), max_size=6)


@settings(deadline=None)
@given(AMOUNTS, st.integers(-(10**9), 10**9), st.sampled_from([0, 0, 1, -1]))
def test_entries_lead_from_the_one_balance_to_the_other_or_the_file_is_refused(
    cents: list[int], opening: int, wrong: int
) -> None:
    told = [f"{cent / 100:.2f}" for cent in (opening, opening + sum(cents) + wrong)]
    balances = [BANK.balance(code, amount) for code, amount in zip(("OPBD", "CLBD"), told, strict=True)]
    content = BANK.file(BANK.statement(*(BANK.entry(f"{cent / 100:.2f}") for cent in cents), Bal=balances))
    if wrong:
        with pytest.raises(Refusal, match="Afschrift 44 van BE44068942075545: het beginsaldo") as refused:
            entries(content)
        assert refused.value.code == "StatementDoesNotAddUp"
    else:
        assert sum(one.moved for one in entries(content)) == Decimal(sum(cents)) / 100


def test_a_notification_has_no_balances_to_lead_to() -> None:
    bank = Bank("camt.054.001.08")
    assert [one.amount for one in entries(bank.file(bank.statement(bank.entry("5.00"))))] == [Decimal("5.00")]


@pytest.mark.parametrize("page", [{"PgNb": "1", "LastPgInd": False}, {"PgNb": "2", "LastPgInd": True}])
def test_one_page_of_several_does_not_lead_there_by_itself(page: dict[str, Any]) -> None:
    balances = [BANK.balance("OPBD", "0.00"), BANK.balance("CLBD", "9.00")]
    content = BANK.file(BANK.statement(BANK.entry("5.00"), Bal=balances, StmtPgntn=page))
    assert [one.amount for one in entries(content)] == [Decimal("5.00")]


GOOD = BANK.file(BANK.statement(BANK.entry("-10.00", detail(None, LINE))))


def test_a_file_may_come_as_a_stream() -> None:
    assert list(read(BytesIO(GOOD))) == list(read(GOOD))


@pytest.mark.parametrize(
    ("content", "code", "sentence"),
    [
        pytest.param(GOOD[:-40], "BankFileUnreadable", "breekt af", id="breaks off"),
        pytest.param(b"", "BankFileUnreadable", "breekt af", id="nothing"),
        pytest.param(
            GOOD.replace(b"UTF-8", b"utf-7", 1), "BankFileUnreadable", "breekt af", id="written in unknown signs"
        ),
        pytest.param(b":20:STARTUMS", "BankFileUnreadable", "breekt af", id="a statement of another age"),
        pytest.param(
            GOOD.replace(b">10.00<", b">-10.00<"), "BookingImpossible", "'-10.00'", id="an amount below nought"
        ),
        pytest.param(GOOD.replace(b">10.00<", b">10.005<"), "BookingImpossible", "'10.005'", id="half a cent"),
        pytest.param(GOOD.replace(b">10.00<", b">NaN<"), "BookingImpossible", "'NaN'", id="no number"),
        pytest.param(GOOD.replace(b'Ccy="EUR"', b'Ccy="USD"'), "BookingImpossible", "USD", id="dollars"),
        pytest.param(
            GOOD.replace(b"<Ccy>EUR", b"<Ccy>CHF"), "StatementNotInEuro", "niet in euro", id="a Swiss account"
        ),
        pytest.param(GOOD.replace(b"DBIT", b"BOTH"), "BookingImpossible", "erbij of eraf", id="both ways"),
        pytest.param(GOOD.replace(b"2026-03-04", b"2026-02-30"), "BookingImpossible", "'2026-02-30'", id="no such day"),
        pytest.param(GOOD.replace(b"IBAN>", b"Iban>"), "StatementOfNobody", "geen rekening", id="nobody's account"),
        pytest.param(
            GOOD.replace(b"053.001.08", b"053.001.99"), "BankFileUnknown", "camt.053.001.99", id="a later version"
        ),
        pytest.param(GOOD.replace(b"camt.053", b"camt.052"), "BankFileUnknown", "camt.052", id="what is not final"),
        pytest.param(GOOD.replace(b"urn:iso", b"urn:oso"), "BankFileUnknown", "urn:oso", id="another namespace"),
        pytest.param(b"<html/>", "BankFileUnknown", "html", id="a page of the web"),
    ],
)
def test_what_cannot_be_trusted_is_refused_in_a_sentence(content: bytes, code: str, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence) as refused:
        list(read(content))
    assert refused.value.code == code
    assert refused.value.message.endswith(".")


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.binary(max_size=3)), max_size=4))
def test_whatever_is_broken_in_a_file_is_refused_or_read(changes: list[tuple[int, bytes]]) -> None:
    content = bytearray(GOOD)
    for place, put in changes:
        content[place : place + 1] = put
    with contextlib.suppress(Refusal):
        for said in read(bytes(content)):
            assert isinstance(said, Statement) or said.amount > 0

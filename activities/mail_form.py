"""A mail as it goes over the line: plain text, and the letter that goes with it.

Written by hand, because it is always of one of these two shapes and the standard library takes five times as long.
"""

import base64
import binascii
from collections.abc import Mapping
from email.header import Header

from activities.letters import Attachment

_TEXT = ('Content-Type: text/plain; charset="utf-8"', "Content-Transfer-Encoding: quoted-printable")


def over_the_line(head: Mapping[str, str], text: str, letter: Attachment | None, boundary: str) -> bytes:
    """The bytes of a mail; `boundary` is a digest, which stands in no part."""
    lines = [f"{name}: {_in_one_line(value)}" for name, value in head.items()]
    if letter is None:
        return _lines(*lines, *_TEXT, "") + _quoted(text)
    kind = f'Content-Type: multipart/mixed; boundary="{boundary}"'
    attached = (
        f'Content-Type: application/pdf; name="{letter.name}"',
        "Content-Transfer-Encoding: base64",
        f'Content-Disposition: attachment; filename="{letter.name}"',
    )
    return b"".join(
        (
            _lines(*lines, kind, "", f"--{boundary}", *_TEXT, ""),
            _quoted(text),
            _lines("", f"--{boundary}", *attached, ""),
            base64.encodebytes(letter.content).replace(b"\n", b"\r\n"),
            _lines(f"--{boundary}--"),
        )
    )


def _lines(*lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode()


def _quoted(text: str) -> bytes:
    return binascii.b2a_qp(text.encode(), istext=True).replace(b"\n", b"\r\n")


def _in_one_line(value: str) -> str:
    """A header's value: nothing in it can begin another header, and what is not ASCII is encoded."""
    line = " ".join(value.split())
    return line if line.isascii() and line.isprintable() else Header(line, "utf-8").encode(linesep="\r\n")

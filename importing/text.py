"""Bytes of a text file to text, in whatever encoding an office saved them."""

import codecs
import re

from charset_normalizer import from_bytes

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_CODE_PAGES = ["cp850", "cp437", "mac_roman", "latin_1", "cp1252"]
_SYMBOL_IN_WORD = re.compile(rb"[A-Za-z][\x81-\x8b\x8d\x8f\x90\x93-\x99\x9b\x9d][A-Za-z]")
"""Signs that Windows-1252 has between letters only when the file is in another code page (DOS or Mac)."""


class NotText(ValueError):
    """The bytes are not the text of a table."""


def decode(data: bytes) -> str:
    """The text of a file: UTF-8 (with or without byte order mark), UTF-16, else a code page of Western Europe.

    Raises NotText for bytes that are no text, among them NUL bytes.
    """
    text = _decoded(data)
    if "\x00" in text:
        raise NotText("NUL bytes")
    return text


def _decoded(data: bytes) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strictly(data, encoding)
    if unmarked := _unmarked_utf16(data):
        return _strictly(data, unmarked)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _code_page(data)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as broken:
        raise NotText(encoding) from broken


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without a mark: a table is mostly ASCII, so nearly every second byte is zero."""
    sample = data[:4000]
    if len(sample) < 4:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    most = len(sample) * 0.4
    if odd > most and even == 0:
        return "utf-16-le"
    return "utf-16-be" if even > most and odd == 0 else None


def _code_page(data: bytes) -> str:
    """Windows-1252 or Latin-1, unless signs in the middle of words show that it is a DOS or Mac code page."""
    if not _SYMBOL_IN_WORD.search(data):
        try:
            return data.decode("cp1252")
        except UnicodeDecodeError:
            return data.decode("latin-1")
    best = from_bytes(data, cp_isolation=_OTHER_CODE_PAGES).best()
    if best is None:
        raise NotText("no code page fits")
    return str(best)

"""Bytes of a text file to text, in whatever encoding an office saved them."""

import codecs
from collections import Counter

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PAGES = ("cp1252", "cp850", "mac_roman")
_EXPECTED = frozenset("àâäáãåçéèêëìîïíñòôöóõøùûüúýÿœæßÀÂÄÁÇÉÈÊËÎÏÔÖÓÙÛÜÚÑŒŠšŽž€£§°²³µ·«»‘’“”–—…•\u00a0")


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
    """Windows-1252 or the code page of DOS or the Mac, whichever makes most of its signs letters of our languages.

    With so few accents in a list, counting letters is right where statistics of language are not.
    """
    texts = [_in_page(data, page) for page in _PAGES]
    return max(texts, key=_likeness)


def _in_page(data: bytes, page: str) -> str:
    try:
        return data.decode(page)
    except UnicodeDecodeError:  # Windows-1252 has five holes that Latin-1 fills
        return data.decode("latin-1")


def _likeness(text: str) -> int:
    """How many signs beyond ASCII are expected in Dutch, French and English text, less those that are not."""
    counts = Counter(sign for sign in text if not sign.isascii())
    return sum(times if sign in _EXPECTED else -times for sign, times in counts.items())

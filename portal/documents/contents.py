"""What a file is, by its content: its name and what a browser says of it prove nothing.

Accepted is what a fund needs and what opens without running anything. Refused are HTML, SVG, programs, office files
with macros, archives that grow, and lists with formulas.
"""

import email
import email.policy
import re
import unicodedata
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from importing import delimited
from importing.text import NotText, decode
from portal.language import marked as _
from portal.refusals import Refused

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CSV, EML = "text/csv", "message/rfc822"
ENDINGS = {
    PDF: (".pdf",),
    PNG: (".png",),
    JPEG: (".jpg", ".jpeg"),
    XLSX: (".xlsx",),
    DOCX: (".docx",),
    CSV: (".csv", ".txt"),
    EML: (".eml",),
}
ACCEPTED = "PDF, JPG, PNG, Word (.docx), Excel (.xlsx), CSV, EML"
"""As a page tells it before somebody chooses a file."""
SHOWN = frozenset({PDF, PNG, JPEG})
"""What a browser may show in the page."""
LONGEST_NAME = 120
MOST_PARTS, MOST_UNPACKED, MOST_RATIO, FROM = 2_000, 300 * 1024 * 1024, 200, 1024 * 1024
"""Of an archive: parts, bytes unpacked, and how much it may grow once it unpacks to more than `FROM` bytes."""
MOST_TEXT = 10 * 1024 * 1024
"""Bytes of a list or mail: it is read whole to look into it."""
_MAIN_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_ACTIVE_PARTS = re.compile(r"vbaProject|\.bin$|activeX|embeddings/|\.(?:exe|dll|js|vbs|zip)$", re.IGNORECASE)
_HARMLESS_BIN = re.compile(r"printerSettings\d*\.bin$")
_MARKUP = re.compile(r"<\s*(?:!doctype|html|svg|script|iframe|body|\?xml)", re.IGNORECASE)
_FORMULA = re.compile(r"\s*(?:[=@]|[+-].*[(|!=])")


def media_type(path: Path) -> str:
    """The sort of file at `path`.

    Raises:
        Refusal: it is none that is accepted, is damaged, or could do something to who opens it.
    """
    with path.open("rb") as file:
        start = file.read(8192)
    if start.startswith(b"%PDF-"):
        return PDF
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if start.startswith(b"\xff\xd8\xff"):
        return JPEG
    if start.startswith(b"PK\x03\x04"):
        return _office(path)
    return _text(path, start)


def shown_name(typed: str, media: str) -> str:
    """The name of a file as it is kept: no folder, no hidden signs, and an ending that fits its content."""
    bare = PurePosixPath(typed.replace("\\", "/")).name
    visible = "".join(sign for sign in unicodedata.normalize("NFC", bare) if sign.isprintable())
    stem, dot, ending = visible.rpartition(".")
    endings = ENDINGS[media]
    kept = f".{ending.lower()}" if dot and f".{ending.lower()}" in endings else endings[0]
    named = (stem if dot else visible).strip(". ") or "document"
    return named[: LONGEST_NAME - len(kept)] + kept


def _office(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as broken:
        raise _refused(_("Dit bestand is beschadigd. Open het, sla het opnieuw op en probeer nog eens.")) from broken
    unpacked, packed = sum(part.file_size for part in parts), max(sum(part.compress_size for part in parts), 1)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or (unpacked > FROM and unpacked / packed > MOST_RATIO):
        raise _refused(_("Dit bestand wordt uitgepakt veel te groot. Bewaar het als PDF."))
    names = {part.filename for part in parts}
    if any(_ACTIVE_PARTS.search(name) and not _HARMLESS_BIN.search(name) for name in names):
        raise _refused(_("Dit bestand bevat macro's of ingesloten bestanden. Bewaar het zonder, of als PDF."))
    for main, media in _MAIN_PARTS.items():
        if main in names and "[Content_Types].xml" in names:
            return media
    raise _not_accepted()


def _text(path: Path, start: bytes) -> str:
    """A list or a mail; everything else that is text is refused, because a browser might run it."""
    if b"\x00" in start[:4] and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _not_accepted()
    if path.stat().st_size > MOST_TEXT:
        raise _not_accepted()
    data = path.read_bytes()
    if _is_mail(data):
        return EML
    try:
        text = decode(data)
    except NotText:
        raise _not_accepted() from None
    if _MARKUP.search(text):
        raise _refused(_("Dit bestand bevat opmaak van een webpagina. Bewaar het als PDF."))
    try:
        cells = [cell for _, row in delimited.rows(data) for cell in row]
    except (NotText, delimited.BadQuotes):
        raise _not_accepted() from None
    if not cells or any(not sign.isprintable() and sign not in "\r\n\t" for sign in text):
        raise _not_accepted()
    if any(_FORMULA.match(cell) for cell in cells):
        raise _refused(_("Deze lijst bevat formules. Plak de waarden zelf en sla haar opnieuw op."))
    return CSV


def _is_mail(data: bytes) -> bool:
    """Whether it begins with the headers that every mail has."""
    head = data[:65536]
    if not re.match(rb"[A-Za-z][A-Za-z0-9-]*:", head):
        return False
    message = email.message_from_bytes(head, policy=email.policy.compat32)
    return all(name in message for name in ("From", "Date")) and ("Subject" in message or "To" in message)


def _not_accepted() -> Refused:
    return _refused(_("Dit soort bestand nemen wij niet aan. Wel: %(accepted)s."), accepted=ACCEPTED)


def _refused(sentence: str, **values: str) -> Refused:
    return Refused("FileRefused", sentence, **values)

"""Letters that wait to be printed, one after another in one file."""

from collections.abc import Iterable
from io import BytesIO

from pypdf import PdfReader, PdfWriter


def bundled(letters: Iterable[bytes], *, two_sided: bool = False) -> bytes:
    """One PDF of all. For paper that is printed on both sides every letter begins on a new sheet."""
    writer = PdfWriter()
    for letter in letters:
        reader = PdfReader(BytesIO(letter))
        for page in reader.pages:
            writer.add_page(page)
        if two_sided and len(reader.pages) % 2:
            writer.add_blank_page()
    content = BytesIO()
    writer.write(content)
    return content.getvalue()

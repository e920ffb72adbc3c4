"""From a letter in sentences to a page: tagged PDF (PDF/UA-1), the same bytes for the same values.

The sentences travel as JSON, so that nothing anybody typed is ever read as markup. Fonts come with the library: a
letter looks the same on every machine.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Lock

import typst

from letters.composing import Letter
from models.errors import Defect

PAGES = Path(__file__).resolve().parent / "templates"
ACCESSIBLE = "ua-1"
NO_SUCH_LETTER = "could not be displayed"
"""What the library says of a character that no font has, which the standard forbids."""
_one_at_a_time = Lock()
"""A compiler remembers its last page, of which the number of pages is asked."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A letter as it leaves the house."""

    content: bytes
    pages: int

    @property
    def digest(self) -> str:
        """By which the same letter is recognised: sha256 of its bytes."""
        return sha256(self.content).hexdigest()


def pdf(letter: Letter) -> Printed:
    """The letter as PDF. Takes some milliseconds of the processor: call it in a thread where others wait.

    A name with a character that no font has (an emoji) is kept as it was typed, and read aloud so; the page shows a
    box, and the file is tagged without the claim to the standard.

    Raises:
        Defect: the page of this letter cannot be made.
    """
    with _one_at_a_time:
        try:
            content = _compiled(letter, [ACCESSIBLE])
        except typst.TypstError as wrong:
            if NO_SUCH_LETTER not in str(wrong):
                raise Defect(f"brief {letter.template}.{letter.language.value}: {wrong}") from wrong
            content = _compiled(letter, [])
        return Printed(content, json.loads(_compiler().query("<pages>", field="value", one=True)))


def picture(letter: Letter, ppi: float = 96) -> tuple[bytes, ...]:
    """The pages as PNG, to look at."""
    with _one_at_a_time:
        drawn = _compiler().compile(input=_page(letter), format="png", ppi=ppi, sys_inputs=_inputs(letter))
    return tuple(drawn) if isinstance(drawn, list) else (drawn or b"",)


def _compiled(letter: Letter, standards: list[str]) -> bytes:
    made = datetime.combine(letter.dated, time(), UTC)
    compiled = _compiler().compile(
        input=_page(letter),
        format="pdf",
        sys_inputs=_inputs(letter),
        pdf_standards=standards,  # type: ignore[arg-type]
        timestamp=made,
    )
    if not isinstance(compiled, bytes):
        raise Defect(f"brief {letter.template} is geen bestand geworden")
    return compiled


def _page(letter: Letter) -> str:
    return str(PAGES / f"{letter.sort}.typ")


def _inputs(letter: Letter) -> dict[str, str]:
    return {"letter": json.dumps(letter.content, ensure_ascii=False)}


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False)
    return typst.Compiler(root=str(PAGES), font_paths=fonts, ignore_system_fonts=True)

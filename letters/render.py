"""From a letter in sentences to a page: tagged PDF (PDF/UA-1), the same bytes for the same values.

The sentences travel as JSON, so that nothing anybody typed is ever read as markup. Fonts come with the library: a
letter looks the same on every machine.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import typst

from letters.composing import Content, Letter
from models.errors import Defect

PAGES = Path(__file__).resolve().parent / "templates"
ARABIC = Path(str(files("fontpkg_amiri"))) / "files"
"""Amiri, a typeface of the books, which comes as a library too."""
ACCESSIBLE: Literal["ua-1"] = "ua-1"
NOT_IN_A_FONT = re.compile(r'the text `"(.+?)"` could not be displayed')
"""What the library says of a character that no font has, which the standard forbids."""
BOX, MOST_BOXES = "□", 200
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

    A character that no font of ours has, such as an emoji in a name, becomes a box: the standard asks that everything
    on the page can be read aloud.

    Raises:
        Defect: the page of this letter cannot be made.
    """
    content = letter.content
    with _one_at_a_time:
        for _ in range(MOST_BOXES):
            try:
                made = _compiled(letter, content)
            except typst.TypstError as wrong:
                content = _boxed(content, _missing(letter, wrong))
            else:
                return Printed(made, json.loads(_compiler().query("<pages>", field="value", one=True)))
    raise Defect(f"brief {letter.template}: te veel tekens die geen lettertype heeft")


def _missing(letter: Letter, wrong: typst.TypstError) -> str:
    """The text of which the library says that no font has it."""
    found = NOT_IN_A_FONT.search(str(wrong))
    if found is None:
        raise Defect(f"brief {letter.template}.{letter.language.value}: {wrong}") from wrong
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), found[1])


def _boxed(value: Any, missing: str) -> Any:
    """The same, with a box for what is missing."""
    if isinstance(value, str):
        return value.replace(missing, BOX)
    if isinstance(value, dict):
        return {name: _boxed(part, missing) for name, part in value.items()}
    return [_boxed(part, missing) for part in value] if isinstance(value, list | tuple) else value


def picture(letter: Letter, ppi: float = 96) -> tuple[bytes, ...]:
    """The pages as PNG, to look at."""
    with _one_at_a_time:
        drawn = _compiler().compile(input=_page(letter), format="png", ppi=ppi, sys_inputs=_inputs(letter.content))
    return tuple(drawn) if isinstance(drawn, list) else (drawn or b"",)


def _compiled(letter: Letter, content: Content) -> bytes:
    made = datetime.combine(letter.dated, time(), UTC)
    compiled = _compiler().compile(
        input=_page(letter),
        format="pdf",
        sys_inputs=_inputs(content),
        pdf_standards=ACCESSIBLE,
        timestamp=made,
    )
    if not isinstance(compiled, bytes):
        raise Defect(f"brief {letter.template} is geen bestand geworden")
    return compiled


def _page(letter: Letter) -> str:
    return str(PAGES / f"{letter.sort}.typ")


def _inputs(content: Content) -> dict[str, str]:
    return {"letter": json.dumps(content, ensure_ascii=False)}


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(ARABIC)])
    return typst.Compiler(root=str(PAGES), font_paths=fonts, ignore_system_fonts=True)

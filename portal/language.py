"""What pages say: Dutch as written, French and English from the catalogues of every room."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

from models.messages.words import Language

LOCALES = {Language.DUTCH: "nl_BE", Language.FRENCH: "fr_BE", Language.ENGLISH: "en_GB"}
"""Languages of the pages, with the form of their dates and amounts."""
OWN_NAMES = {Language.DUTCH: "Nederlands", Language.FRENCH: "Français", Language.ENGLISH: "English"}
CATALOGUES = Path(__file__).resolve().parent / "locale"

Tongue = Callable[..., str]


def marked(text: str) -> str:
    """Marks a text for the catalogues, imported as `_`; it is translated where it is shown."""
    return text


@lru_cache
def catalogue(language: Language) -> dict[str, str]:
    """Every translated text of a language, from all rooms."""
    texts: dict[str, str] = {}
    for path in sorted((CATALOGUES / language.value).glob("*.po")):
        with path.open("rb") as file:
            texts |= {str(m.id): str(m.string) for m in read_po(file) if m.id and m.string and not m.fuzzy}
    return texts


def tongue(language: Language) -> Tongue:
    """`_` of a language: gives the text with its values filled in; what has no translation reads in Dutch."""
    texts = catalogue(written(language))

    def say(text: str, **values: object) -> str:
        said = texts.get(text, text)
        return said % values if values else said

    return say


def written(language: Language) -> Language:
    """A language that pages exist in."""
    return language if language in LOCALES else Language.DUTCH


def preferred(accept_language: str) -> Language:
    """The first language of a browser that pages exist in."""
    for part in accept_language.split(","):
        code = part.split(";")[0].strip().lower()[:2]
        if code in {language.value for language in LOCALES}:
            return Language(code)
    return Language.DUTCH

"""What pages say: Dutch as written, other languages from the catalogues of every room.

Every page exists in the languages of the office; what a participant reads also in Turkish and Arabic.
"""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

from models.messages.words import Language

LOCALES = {Language.DUTCH: "nl_BE", Language.FRENCH: "fr_BE", Language.ENGLISH: "en_GB"}
"""Languages of all pages, with the form of their dates and amounts."""
WIDER = LOCALES | {Language.TURKISH: "tr_TR", Language.ARABIC: "ar_MA"}
"""Languages of the pages of a participant. Arabic as it is written by most who read it here: with Latin digits."""
OF_PARTICIPANTS = ("asking/", "parties/simple.html")
"""How the templates begin that exist in the wider circle of languages."""
RIGHT_TO_LEFT = frozenset({Language.ARABIC})
OWN_NAMES = {
    Language.DUTCH: "Nederlands",
    Language.FRENCH: "Français",
    Language.ENGLISH: "English",
    Language.TURKISH: "Türkçe",
    Language.ARABIC: "العربية",
}
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
    """A language that some pages exist in."""
    return language if language in WIDER else Language.DUTCH


def of_office(language: Language) -> Language:
    """The language for what exists in those of the office only, such as the history of a dossier."""
    return language if language in LOCALES else Language.DUTCH


def names_for(template: str) -> dict[Language, str]:
    """The languages a page may be read in, by the names they give themselves."""
    wide = template.startswith(OF_PARTICIPANTS)
    return {language: name for language, name in OWN_NAMES.items() if wide or language in LOCALES}


def spoken(language: Language, template: str) -> Language:
    """The language in which a page is shown to who prefers this one."""
    return language if language in names_for(template) else Language.DUTCH


def preferred(accept_language: str) -> Language:
    """The first language of a browser that some pages exist in."""
    for part in accept_language.split(","):
        code = part.split(";")[0].strip().lower()[:2]
        if code in set(WIDER):
            return Language(code)
    return Language.DUTCH

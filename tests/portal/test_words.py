"""Every code has words in the languages of the pages, and every text of a page is translated."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from models.errors import Refusal
from models.messages.words import Language
from portal.language import CATALOGUES, LOCALES, catalogue, tongue
from portal.refusals import PLAIN, in_words
from portal.wording import TEMPLATES

PORTAL = CATALOGUES.parent
FOREIGN = [language for language in LOCALES if language is not Language.DUTCH]
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext.babel_extract")]
OPTIONS = {"templates/**.html": {"extensions": "jinja2.ext.do", "silent": "false", "trimmed": "true"}}


def texts() -> set[str]:
    """Every text in a page or a module of the portal that is marked for the catalogues."""
    found = extract_from_dir(
        PORTAL, METHODS, OPTIONS, keywords={"_": None, "say": None, "gettext": None, "ngettext": (1, 2)}
    )
    return {part for one in found for part in ((one[2],) if isinstance(one[2], str) else one[2]) if part}


@pytest.mark.parametrize("language", FOREIGN)
def test_every_text_of_a_page_is_translated(language: Language) -> None:
    assert texts() - catalogue(language).keys() == set()


@pytest.mark.parametrize("language", FOREIGN)
def test_no_translation_is_kept_that_no_page_uses(language: Language) -> None:
    assert catalogue(language).keys() - texts() == set()


@pytest.mark.parametrize("path", sorted(CATALOGUES.glob("*/*.po")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_catalogue_is_whole(path: Path) -> None:
    with path.open("rb") as file:
        entries = [message for message in read_po(file) if message.id]
    assert [message.id for message in entries if not message.string or message.fuzzy] == []
    wrong = [message.id for message in entries if _places(str(message.id)) != _places(str(message.string))]
    assert wrong == []


def _places(text: str) -> set[str]:
    return {part.split(")")[0] for part in text.split("%(")[1:]}


def test_words_of_screens_stand_in_every_language() -> None:
    for group in tomllib.loads((TEMPLATES / "screens.toml").read_text("utf-8")).values():
        for code, spelled in group.items():
            assert spelled.keys() == {language.value for language in LOCALES}, code
            assert all(spelled.values()), code


@pytest.mark.parametrize("language", FOREIGN)
def test_the_house_says_no_in_the_language_of_the_page(language: Language) -> None:
    refusal = Refusal("TaskHeld", "Deze taak is al in handen van Hanne.")
    assert in_words(tongue(Language.DUTCH), refusal) == refusal.message
    assert in_words(tongue(language), refusal) not in (refusal.message, PLAIN["TaskHeld"])
    assert in_words(tongue(language), Refusal("Unheard", "Nog nooit gehoord.")) == "Nog nooit gehoord."

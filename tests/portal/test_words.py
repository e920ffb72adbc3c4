"""Every code has words in the languages of the pages, and every text of a page is translated."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from models.errors import Refusal
from models.messages.words import Kind, Language, Party
from portal.following.possible import REPORTS
from portal.language import CATALOGUES, LOCALES, OF_PARTICIPANTS, WIDER, catalogue, tongue
from portal.refusals import PLAIN, in_words
from portal.wording import TEMPLATES, WIDER_WORDS, Wording, codes

PORTAL = CATALOGUES.parent
FOREIGN = [language for language in LOCALES if language is not Language.DUTCH]
OF_PERSONS = [language for language in WIDER if language not in LOCALES]
READ_BY_PERSONS = ("layout.html", *OF_PARTICIPANTS)
"""Templates that exist in the wider circle of languages; and the modules that say something on them."""
SAID_TO_PERSONS = ("asking/", "following/top.py")
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext.babel_extract")]
OPTIONS = {"templates/**.html": {"extensions": "jinja2.ext.do", "silent": "false", "trimmed": "true"}}


def texts(*rooms: str) -> set[str]:
    """Every text in a page or a module of the portal that is marked for the catalogues; of some rooms alone."""
    found = extract_from_dir(
        PORTAL, METHODS, OPTIONS, keywords={"_": None, "say": None, "gettext": None, "ngettext": (1, 2)}
    )
    return {
        part
        for one in found
        if not rooms or one[0].startswith(rooms)
        for part in ((one[2],) if isinstance(one[2], str) else one[2])
        if part
    }


@pytest.mark.parametrize("language", FOREIGN)
def test_every_text_of_a_page_is_translated(language: Language) -> None:
    assert texts() - catalogue(language).keys() == set()


@pytest.mark.parametrize("language", OF_PERSONS)
def test_every_text_that_a_participant_reads_is_translated(language: Language) -> None:
    read = texts(*(f"templates/{name}" for name in READ_BY_PERSONS), *SAID_TO_PERSONS)
    assert len(read) > 100
    assert read - catalogue(language).keys() == set()


@pytest.mark.parametrize("language", OF_PERSONS)
def test_what_a_participant_may_tell_has_words(language: Language) -> None:
    told = {report.title for report in REPORTS[Kind.TRAJECTORY, Party.PARTICIPANT]}
    assert told - catalogue(language).keys() == set()


@pytest.mark.parametrize("language", [*FOREIGN, *OF_PERSONS])
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


def test_words_of_participants_stand_in_both_languages_and_are_known() -> None:
    for group, words in tomllib.loads((TEMPLATES / WIDER_WORDS).read_text("utf-8")).items():
        assert set(words) <= set(codes(group)), group
        for code, spelled in words.items():
            assert spelled.keys() == {language.value for language in OF_PERSONS}, code
            assert all(spelled.values()), code


def test_days_in_arabic_have_latin_digits() -> None:
    assert Wording(Language.ARABIC).day(date(2025, 3, 14)).startswith("14 ")
    assert Wording(Language.TURKISH).day(date(2025, 3, 14)) == "14 Mart 2025"


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

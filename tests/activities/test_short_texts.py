"""A text for a telephone says who asks, what and where to answer, within two messages in every language."""

from __future__ import annotations

import re

import pytest

import policies
from activities.mail_texts import TEMPLATES, MailContext, names_of
from activities.short_texts import GSM_7, MOST_SEGMENTS, has_text, segments, short_text
from models.errors import Defect
from models.messages.words import Language

PORTAL = "https://portaal.doorstroom.example"
ANSWER, LINK = f"{PORTAL}/antwoord/{'y' * 20}", f"{PORTAL}/link/{'x' * 43}"
TEXTS = ("trajectory_follow_up", "trajectory_follow_up_reminder", "trajectory_offer")
LONGEST = {
    Language.DUTCH: "2024-12-14",
    Language.FRENCH: "2024-12-14",
    Language.ENGLISH: "2024-11-14",
    Language.TURKISH: "2024-08-14",
    Language.ARABIC: "2024-12-14",
}
"""A day in the month with the longest name."""


def _context(language: Language, *, portal: bool = True) -> MailContext:
    person = max(policies.funds().values(), key=lambda fund: len(fund.name))
    return MailContext(
        number="OVL-2024-T-000123",
        fund_name=person.name,
        fund_email=person.email,
        recipient_name="Riet Peeters",
        values={"until": LONGEST[language], "months": "12", "agency": "Een heel lang bureau voor outplacement nv"},
        link=LINK if portal else None,
        answer=ANSWER if portal else None,
    )


def test_every_text_exists_in_five_languages() -> None:
    files = {path.name for path in (TEMPLATES / "texts").iterdir()}
    assert files == {f"{text}.{language.value}.txt" for text in TEXTS for language in Language}
    assert all(has_text(text) for text in TEXTS)
    assert not has_text("decision_refused")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("template", TEXTS)
def test_a_text_fits_two_messages_with_the_longest_values(template: str, language: Language) -> None:
    text = short_text(template, language, _context(language))
    assert segments(text) <= MOST_SEGMENTS, text


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("template", TEXTS)
def test_a_text_has_one_address_on_its_last_line_and_reads_well(template: str, language: Language) -> None:
    text = short_text(template, language, _context(language))
    *said, address = text.split("\n")
    assert address == (LINK if template == "trajectory_offer" else ANSWER)
    assert text.count("http") == 1
    assert len(said) == 1
    for leftover in ("{", "}", "None", "  ", " .", "Undefined", "2024-"):
        assert leftover not in said[0]
    assert said[0].isprintable(), "a mark of direction takes the place of a letter"


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("template", TEXTS)
def test_without_a_portal_a_text_says_where_to_write(template: str, language: Language) -> None:
    context = _context(language, portal=False)
    context["values"] = {}
    text = short_text(template, language, context)
    assert text.endswith(f"\n{context['fund_email']}")
    assert segments(text) <= MOST_SEGMENTS


@pytest.mark.parametrize("language", [Language.DUTCH, Language.FRENCH, Language.ENGLISH])
@pytest.mark.parametrize("template", TEXTS)
def test_a_text_in_our_alphabet_needs_no_other_one(template: str, language: Language) -> None:
    assert set(short_text(template, language, _context(language))) <= GSM_7


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("template", TEXTS)
def test_a_text_asks_for_nothing_that_no_message_has(template: str, language: Language) -> None:
    assert names_of(template, language, "texts") <= MailContext.__annotations__.keys()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ş" * 70, 1),
        ("ş" * 71, 2),
        ("ş" * 134, 2),
        ("ş" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_messages_are_counted_as_a_provider_does(text: str, count: int) -> None:
    assert segments(text) == count


def test_an_arabic_text_begins_with_an_arabic_letter() -> None:
    """A telephone takes the direction of a text from its first letter."""
    for template in TEXTS:
        assert re.match("[\u0600-\u06ff]", short_text(template, Language.ARABIC, _context(Language.ARABIC)))


def test_a_text_that_does_not_exist_is_a_defect() -> None:
    with pytest.raises(Defect, match="er is geen mail birthday"):
        short_text("birthday", Language.DUTCH, _context(Language.DUTCH))

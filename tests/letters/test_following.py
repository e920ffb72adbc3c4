"""A question on paper: what is typed, what is ticked, in which direction it is read, and with which letters."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from letters.composing import OF_A_PERSON, compose, key
from letters.render import pdf, picture
from letters.values import Addressee
from models.messages.words import Instrument, Language
from tests.letters.cases import NUMBER, TYPED, case
from tests.letters.reading import placed, printed, tags, text

SAMIRA = Addressee("سميرة العمراني", street="Turnhoutsebaan 12 bus 3", place="2140 Borgerhout")
ASKING = sorted(OF_A_PERSON - {"trajectory_offer"})
NOT_JOINED = "\u200c"
"""Between two letters: they are not joined."""


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("template", ASKING)
def test_a_question_tells_the_page_and_the_code_in_large_and_has_five_boxes(template: str, language: Language) -> None:
    made = printed(case(template, language))
    assert made.pages == 1
    content = text(made.content)
    assert TYPED["answer_page"] in content
    assert TYPED["answer_code"] in content
    assert "Filip Williotstraat 7" in content.split("2600 Berchem", 1)[1], "where the slip goes"
    assert tags(made.content).count("/LI") == 3 + 5


@pytest.mark.parametrize("language", Language)
def test_an_offer_has_two_boxes_and_no_code(language: Language) -> None:
    made = printed(case("trajectory_offer", language))
    assert tags(made.content).count("/LI") == 2 + 2
    assert TYPED["answer_code"] not in text(made.content)


def test_without_a_portal_nobody_is_sent_to_one() -> None:
    content = text(printed(case("trajectory_follow_up", values={"months": "12"})).content)
    assert "Op internet" not in content
    assert "Kruis hieronder één antwoord aan" in content


def test_the_address_on_paper_has_its_street_and_stands_in_the_window_in_every_language() -> None:
    for language in (Language.DUTCH, Language.ARABIC):
        made = printed(case("trajectory_follow_up", language, addressee=SAMIRA, instrument=Instrument.TRAJECTORY))
        places = placed(PdfReader(BytesIO(made.content)).pages[0])
        left, top = places["Turnhoutsebaan 12 bus 3"]
        assert 105 < left < 115
        assert 45 < top < 75


def test_arabic_is_set_in_its_own_letters_joined_and_from_the_right() -> None:
    letter = compose(case("trajectory_follow_up", Language.ARABIC, addressee=SAMIRA))
    page: Any = PdfReader(BytesIO(pdf(letter).content)).pages[0]
    fonts = {str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()}
    assert any("Amiri" in font for font in fonts)
    assert not any("DejaVu" in font for font in fonts), "a letter was missing"
    apart = NOT_JOINED.join(letter.content["told"])
    loose = replace(letter, content={**letter.content, "told": apart})
    assert picture(letter) != picture(loose), "letters of a word are joined"
    places = placed(PdfReader(BytesIO(pdf(letter).content)).pages[0])
    assert places[NUMBER][0] > 150, "the number of the file stands at the right"


def test_a_turkish_i_keeps_its_dot() -> None:
    assert "teklifiniz" in text(printed(case("trajectory_offer", Language.TURKISH)).content)


def test_a_question_and_its_reminders_are_letters_of_their_own() -> None:
    keys = {
        key(NUMBER, "trajectory_follow_up", "follow_up/1", "participant"),
        key(NUMBER, "trajectory_follow_up", "follow_up/2", "participant"),
        key(NUMBER, "trajectory_follow_up_reminder", "follow_up/1/reminder/1", "participant"),
        key(NUMBER, "trajectory_offer", "answer/1", "participant"),
    }
    assert len(keys) == 4

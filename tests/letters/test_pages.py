"""The page itself: tagged for who hears it, the same bytes for the same values, and nothing typed is read as markup."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from letters.composing import LETTERS, compose
from letters.render import pdf, picture
from letters.values import Addressee, Case
from models.messages.words import Language
from tests.letters.cases import EVERY, NUMBER, case
from tests.letters.reading import catalogue, placed, printed, tags, text

SORTS = sorted(LETTERS)
PNG = b"\x89PNG\r\n"


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_a_letter_is_tagged_and_says_its_language_and_title(template: str, language: Language) -> None:
    content = printed(case(template, language)).content
    root, reader = catalogue(content), PdfReader(BytesIO(content))
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).split("-")[0] == language.value
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == f"{compose(case(template, language)).title} ({NUMBER})"
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()
    found = tags(content)
    assert found.count("/H1") == 1
    assert "/H2" in found
    assert found.index("/H1") < found.index("/H2")


@pytest.mark.parametrize("template", ["decision_granted", "decision_partial"])
def test_the_sum_is_a_table_with_header_cells(template: str) -> None:
    found = tags(printed(case(template)).content)
    assert found.count("/Table") == 1
    assert found.count("/TH") == 3
    assert found.count("/TR") == 5
    assert "/THead" in found


def test_the_text_comes_in_the_order_in_which_it_is_read() -> None:
    content = text(printed(case()).content)
    order = (
        *("mtech+ Antwerpen vzw", "Ardwicast Precision", "t.a.v. Karolien Uyllynck", "2160 Wommelgem", NUMBER),
        *("Uw aanvraag is gedeeltelijk goedgekeurd", "Geachte Karolien Uyllynck", "kent u € 1.000,00 toe", "Waarom"),
        *("Hoe het bedrag is berekend", "Regel", "Bron", "Bedrag", "Voorwaarden", "Wat er nu gebeurt"),
        *("Gaat u niet akkoord?", "U kunt bezwaar maken", "Vragen?", "Met vriendelijke groeten"),
    )
    places = [content.index(said) for said in order]
    assert places == sorted(places)


@pytest.mark.parametrize("template", SORTS)
def test_the_same_values_give_the_same_bytes(template: str) -> None:
    first, second = printed(case(template)), printed(case(template))
    assert first.content == second.content
    assert first.digest == second.digest
    other = printed(case(template, dated=date(2025, 3, 15)))
    assert other.digest != first.digest


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_an_ordinary_letter_is_one_page(template: str, language: Language) -> None:
    made = printed(case(template, language))
    assert made.pages == 1
    assert len(PdfReader(BytesIO(made.content)).pages) == 1


def test_a_long_letter_goes_on_and_counts_its_pages() -> None:
    steps = tuple(f"left_of_company: {amount}.00" for amount in range(60))
    decision = case().decision
    assert decision is not None
    many = case(decision=type(decision)("approver", steps))
    made = printed(many)
    assert made.pages == len(PdfReader(BytesIO(made.content)).pages) > 1
    assert f"bladzijde 2 van {made.pages}" in text(made.content)


MARKUP = [
    "#set page(fill: red)",
    "$x^2$ *vet* _schuin_ @bron <label>",
    "= Kop",
    "`raw` // geen commentaar /* ook niet */",
    r"achter\schuin \u{41} \# \n",
    '"); #panic("x',
    "{{ number }} {fund} %(name)s",
    "<script>alert(1)</script>",
    "a -- b --- c ... 'd' \"e\"",
]


def named(name: str, template: str = "decision_partial") -> Case:
    return case(template, addressee=Addressee(name, "Bedrijf " + name, "2000 Antwerpen"), reference=name)


@pytest.mark.parametrize("name", MARKUP)
@pytest.mark.parametrize("template", ["decision_partial", "payment_done", "recovery", "request_documents"])
def test_what_was_typed_is_shown_as_it_was_typed(name: str, template: str) -> None:
    made = printed(named(name, template))
    assert f"Geachte {name}," in text(made.content)
    assert f"Bedrijf {name}" in text(made.content)
    assert made.pages == 1


@pytest.mark.parametrize(
    "name",
    ["مرحبا", "שלום", "Łukasz Żółć", "Gül Şahin İnce", "Ελένη", "Олена"],
    ids=["arabic", "hebrew", "polish", "turkish", "greek", "cyrillic"],
)
def test_names_of_other_alphabets_are_shown(name: str) -> None:
    content = printed(named(name)).content
    assert set(name) <= set(text(content))
    assert b"pdfuaid:part" in catalogue(content)["/Metadata"].get_object().get_data()


@pytest.mark.parametrize(
    ("name", "shown"),
    [("😀 Jan", "□ Jan"), ("山田太郎", "□□□□"), ("👩‍🔧 An", "□□ An")],
    ids=["emoji", "japanese", "joined"],
)
def test_a_character_that_no_font_has_becomes_a_box_and_the_letter_stays_accessible(name: str, shown: str) -> None:
    content = printed(named(name)).content
    assert f"Geachte {shown}," in text(content)
    assert b"pdfuaid:part" in catalogue(content)["/Metadata"].get_object().get_data()


@pytest.mark.parametrize("name", ["a\u202eb", "a\x00b", "a\u200bb", "\ufeffab", "a\ue000b"])
def test_characters_that_show_nothing_are_left_out(name: str) -> None:
    assert "Geachte ab," in text(printed(named(name)).content)


def test_lines_are_not_broken_by_what_was_typed() -> None:
    assert "Geachte Jan Peeters," in text(printed(named("Jan\r\n\r\nPeeters\t")).content)


def test_a_word_longer_than_a_line_stays_on_the_paper() -> None:
    content = printed(named("W" * 400)).content
    page = PdfReader(BytesIO(content)).pages[0]
    assert "W" * 119 + "…" in text(content).replace("\u200b", "").replace(" ", "")
    assert max(across for across, _ in placed(page).values()) < 190
    assert max(len(line.strip("\u200b")) for line in page.extract_text().split("\n")) < 120


def test_the_address_stands_in_the_window_of_an_envelope() -> None:
    """110 to 190 mm from the left, 50 to 82 mm from the top; a point is 25,4/72 mm."""
    places = placed(PdfReader(BytesIO(printed(case()).content)).pages[0])
    for line in ("Ardwicast Precision", "2160 Wommelgem"):
        across, down = next(place for said, place in places.items() if line in said)
        assert 109 <= across <= 190, line
        assert 50 <= down <= 82, line


def test_a_picture_of_each_page_can_be_looked_at() -> None:
    assert [page[:6] for page in picture(compose(case()))] == [PNG]


def test_pages_are_made_side_by_side_and_do_not_mix() -> None:
    from concurrent.futures import ThreadPoolExecutor

    letters = [compose(named(f"Naam {serial}")) for serial in range(12)]
    alone = [pdf(letter).digest for letter in letters]
    with ThreadPoolExecutor(4) as pool:
        assert [made.digest for made in pool.map(pdf, letters)] == alone

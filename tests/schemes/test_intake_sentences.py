"""What people read: one sentence per code and case, in three languages, without personal data unless it is passed."""

from string import Formatter

import pytest

from schemes import wording_en, wording_fr, wording_nl
from schemes.checks import Check
from schemes.sentences import sentence


def failing(code: str, **values: str) -> Check:
    return Check(code=code, passed=False, blocking="complete", source="test", values=values)


@pytest.mark.parametrize("wording", [wording_fr, wording_en], ids=["fr", "en"])
def test_every_language_has_the_same_sentences_with_the_same_values(wording: object) -> None:
    theirs: dict[str, str] = wording.SENTENCES  # type: ignore[attr-defined]
    assert {key: _names(text) for key, text in theirs.items()} == {
        key: _names(text) for key, text in wording_nl.SENTENCES.items()
    }
    assert wording.WORDS.keys() == wording_nl.WORDS.keys()  # type: ignore[attr-defined]


def _names(text: str) -> set[tuple[str | None, str | None]]:
    return {(name, spec) for _, name, spec, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize(
    ("check", "language", "personal", "expected"),
    [
        (
            failing("BIJLAGE_ONTBREEKT", missing="invoice,attendance"),
            "nl",
            {},
            "De factuur van de opleidingsverstrekker ontbreekt. "
            "Er is geen getekende aanwezigheidslijst en geen deelnameattest.",
        ),
        (failing("BIJLAGE_ONTBREEKT", missing="survey_report"), "nl", {}, "Een verplichte bijlage ontbreekt."),
        (
            failing("UITZENDKRACHT", lines="2"),
            "nl",
            {"name:2": "Ann Voorbeeld"},
            "Ann Voorbeeld is uitzendkracht. Alleen werknemers met een contract bij het bedrijf tellen mee.",
        ),
        (
            failing("UITZENDKRACHT", lines="2,3,5", case="many"),
            "nl",
            {"name:2": "Ann Voorbeeld"},
            "Ann Voorbeeld, deelnemer 3 en deelnemer 5 zijn uitzendkracht. "
            "Alleen werknemers met een contract bij het bedrijf tellen mee.",
        ),
        (
            failing("ZAAKVOERDER", lines="1"),
            "fr",
            {},
            "Participant 1 est gérant. Les gérants n'ont pas droit au soutien à la formation.",
        ),
        (
            failing("IBAN_FOUT"),
            "en",
            {},
            "The account number is not right: its check digits are wrong. Please give the right number.",
        ),
        (
            failing("DATUM_IN_TOEKOMST", case="birth", lines="1"),
            "nl",
            {"name:1": "Ann Voorbeeld", "birth_date:1": "2042-02-18"},
            "De geboortedatum 18/02/2042 van Ann Voorbeeld ligt in de toekomst.",
        ),
        (
            failing("DATUM_IN_TOEKOMST", case="birth", lines="1"),
            "nl",
            {},
            "De geboortedatum van deelnemer 1 ligt in de toekomst.",
        ),
        (
            failing("TE_LAAT_INGEDIEND", ends_on="2024-02-29", filed_on="2024-06-01", term="3 months"),
            "ar",
            {},
            "De opleiding eindigde op 29/02/2024. De aanvraag kwam op 01/06/2024; dat is meer dan drie maanden later.",
        ),
        (
            failing("GEGEVEN_ONTBREEKT", missing="starts_on,cost"),
            "nl",
            {},
            "Dit ontbreekt of is niet te lezen: begindatum, kostprijs (met kmo-portefeuille). Vul het aan.",
        ),
        (
            failing("BUITEN_PROVINCIE", postcode="3980", municipality="", own="ANT", fund="LIM"),
            "nl",
            {},
            "De vestiging ligt in 3980, buiten de provincie Antwerpen. Stuur door naar mtech+ Limburg.",
        ),
        (
            failing("UREN_TE_WEINIG", case="formal", hours="3.50", minimum="4"),
            "nl",
            {},
            "De opleiding telt 3,5 uur per deelnemer. Het minimum is 4 uur voor een formele opleiding.",
        ),
    ],
    ids=lambda value: value.code if isinstance(value, Check) else "",
)
def test_a_check_says_what_is_wrong(check: Check, language: str, personal: dict[str, str], expected: str) -> None:
    assert sentence(check, language, personal) == expected


def test_a_code_without_a_sentence_is_a_defect() -> None:
    with pytest.raises(KeyError):
        sentence(failing("ONBEKEND"))

"""What a letter says to whom it is written, in three languages, and what it cannot be made without."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from letters.composing import MUST_TELL, compose, key
from letters.values import Addressee, Decision, Part
from letters.wording import HERE, Wording, sentences
from models.errors import Defect, Refusal
from models.messages.words import Fund, Instrument, Language
from tests.letters.cases import EVERY, LANGUAGES, NUMBER, SUM, VALUES, case
from tests.letters.reading import printed, text

HOUSE = Path(__file__).resolve().parents[2]
FOREIGN = [language for language in LANGUAGES if language is not Language.DUTCH]
PLACES = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("language", [one for one in Language if one is not Language.DUTCH])
def test_every_sentence_stands_in_every_language_with_the_same_places(language: Language) -> None:
    dutch, other = sentences(Language.DUTCH), sentences(language)
    if language not in LANGUAGES:
        dutch = {group: dutch[group] for group in ("frame", "asked")}
    assert {group: sorted(lines) for group, lines in dutch.items()} == {
        group: sorted(lines) for group, lines in other.items()
    }
    for group, lines in dutch.items():
        for name, line in lines.items():
            assert set(PLACES.findall(line)) == set(PLACES.findall(other[group][name])), f"{group}.{name}"
            assert other[group][name].strip(), f"{group}.{name}"


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_every_letter_is_written_in_every_language(template: str, language: Language) -> None:
    letter = compose(case(template, language))
    assert letter.language is language
    content = text(printed(case(template, language)).content)
    # What is read from the right, with joined letters, comes back in another order: it is looked for by the letter.
    title = list(letter.title) if language is Language.ARABIC else [letter.title]
    assert all(part in content for part in title)
    assert "\u25a1" not in content
    assert NUMBER in content
    assert "mtech+ Antwerpen vzw" in content
    assert "0433.981.067" in content
    assert "{" not in content


@pytest.mark.parametrize("language", [Language.TURKISH, Language.ARABIC])
def test_who_reads_none_of_the_three_gets_english(language: Language) -> None:
    assert compose(case(language=language)).language is Language.ENGLISH


def test_every_rule_of_a_sum_has_words() -> None:
    """A rule without words would read as its code: this looks where rules are named."""
    named = {
        rule
        for path in (HOUSE / "schemes").glob("*.py")
        for rule in re.findall(r'Step\(rule="(\w+)"', path.read_text("utf-8"))
    }
    assert len(named) > 8
    assert [rule for rule in sorted(named) if not Wording(Language.DUTCH).knows(f"rules.{rule}")] == []


def test_letters_say_for_a_code_what_mails_say() -> None:
    codes = tomllib.loads((HOUSE / "templates" / "words.toml").read_text("utf-8"))
    for code, spelled in codes["reasons"].items():
        for language in LANGUAGES:
            sentence = Wording(language).sentence(code)
            assert sentence.lower() == f"{spelled[language.value]}.".lower()
            assert not sentence[0].islower()


def test_a_decision_tells_the_amount_every_step_of_the_sum_and_where_it_comes_from() -> None:
    content = text(printed(case()).content)
    for said in (
        "mtech+ Antwerpen vzw kent u € 1.000,00 toe voor formele opleiding. U vroeg € 1.500,00.",
        "Deze beslissing is genomen door een bevoegde medewerker",
        "Het budget laat het niet toe.",
        "Tarief van € 12,50 per uur, maal de uren die tellen Reglement van het fonds € 1.000,00",
        "Kost min kmo-portefeuille Reglement van het fonds € 10.000,00",
        "Wat u vroeg Uw aanvraag € 1.500,00",
        "U krijgt € 1.000,00",
        "De factuur van de opleider nasturen, ten laatste op 13 april 2025.",
        "Zolang dat niet gebeurd is, betalen wij niets.",
        "Een verslag van de resultaten bezorgen, ten laatste op 14 juni 2025.",
        "Wij betalen € 1.000,00 na de bewijsstukken of het eindverslag.",
        "rekening die eindigt op 1278",
        "van 1 januari 2023",
        "Berchem, 14 maart 2025",
        "U kunt bezwaar maken tot en met 13 april 2025.",
    ):
        assert said in content, said
    assert "BE69" not in content, "a letter may be opened by somebody else"


def test_a_refusal_says_why_in_sentences_with_what_was_looked_at() -> None:
    content = text(printed(case("decision_refused")).content)
    assert "De opleiding telt 3 uur per deelnemer. Het minimum is 4 uur voor een formele opleiding." in content
    assert "Het is niet duidelijk genoeg." in content
    assert "U krijgt geen steun" in content or "u krijgt geen steun" in content
    assert "Hoe het bedrag is berekend" not in content


def test_what_an_older_build_looked_at_is_told_by_the_reason_alone() -> None:
    older = replace(case("decision_refused").failures[0], values={})
    content = text(printed(case("decision_refused", failures=(older,))).content)
    assert "Er zijn minder uren dan het minimum." in content


@pytest.mark.parametrize("template", sorted(MUST_TELL))
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_decision_that_gives_less_cannot_be_written_without_the_last_day_to_object(
    template: str, language: Language
) -> None:
    silent = {name: value for name, value in VALUES[template].items() if name != "until"}
    with pytest.raises(Refusal, match="bezwaar") as refused:
        compose(case(template, language, values=silent))
    assert refused.value.code == "NoObjectionText"
    written = printed(case(template, language))
    assert Wording(language).day(date(2025, 4, 13)) in text(written.content)
    assert compose(case(template, language)).objection_until == date(2025, 4, 13)


def test_an_amount_that_who_decided_chose_is_a_step_of_its_own() -> None:
    values = {**VALUES["decision_partial"], "amount": "650.00"}
    content = text(printed(case(values=values)).content)
    assert "Bij deze beslissing bepaald Deze beslissing € 650,00" in content
    assert "U krijgt € 650,00" in content
    assert "Bij deze beslissing bepaald" not in text(printed(case()).content)


def test_the_first_of_a_month_is_spelled_as_the_french_do() -> None:
    assert Wording(Language.FRENCH).day(date(2025, 7, 1)) == "1er juillet 2025"
    assert Wording(Language.FRENCH).day(date(2025, 7, 21)) == "21 juillet 2025"


def test_an_added_sum_ends_in_what_the_fund_bears() -> None:
    steps = ("invoices: 20000.00", "public_refund: -9000.00", "employer_share: -3000.00", "fund: 8000.00")
    values = {"amount": "8000.00", "until": "2025-04-13"}
    told = case(
        "decision_granted", values=values, instrument=Instrument.OUTPLACEMENT, decision=Decision("board", steps)
    )
    content = text(printed(told).content)
    assert "Deze bedragen leiden tot wat het fonds betaalt." in content
    assert "Terugbetaling door de overheid Beslissing van de overheid € -9.000,00" in content
    assert "het bestuursorgaan, waarin werkgevers en werknemers samen beslissen" in content


def test_a_claim_says_how_it_is_paid_back() -> None:
    content = text(printed(case("recovery")).content)
    for said in ("€ 250,00", "2 juni 2025", "BE44 0689 4207 5545", "GKCCBEBB", "+++202/4000/00138+++"):
        assert said in content, said
    assert "Het definitieve bedrag is lager dan wat al betaald is." in content


def test_what_is_paid_back_in_parts_tells_each() -> None:
    assert "Wij hebben dat bedrag nog niet ontvangen" in text(printed(case("recovery_reminder")).content)
    content = text(printed(case("recovery_planned")).content)
    assert "+++202/4000/00138+++" in content
    assert "€ 125,00, ten laatste op 1 juli 2025" in content


def test_a_decision_that_is_revised_says_what_it_was_and_what_is_claimed() -> None:
    content = text(printed(case("decision_reversed")).content)
    for said in (
        "kent u € 400,00 toe",
        "Eerder was dat € 1.000,00.",
        "€ 600,00 terug te vragen",
        "tot en met 13 april",
    ):
        assert said in content, said


def test_a_condition_of_a_newer_build_is_told_without_its_day() -> None:
    told = case(decision=Decision("approver", SUM, ("condition_something_new",)))
    assert "Condition something new." in text(printed(told).content)


def test_a_letter_of_a_career_account_or_to_nobody_known_is_still_a_letter() -> None:
    content = text(printed(case(addressee=Addressee())).content)
    assert "Geachte," in content


def test_a_rehearsed_dossier_says_so_on_its_letters() -> None:
    assert "oefendossier" in text(printed(case(rehearsed=True)).content)
    assert "oefendossier" not in text(printed(case()).content)


@pytest.mark.parametrize("fund", Fund)
def test_each_fund_signs_with_its_own_name(fund: Fund) -> None:
    content = compose(case(fund=fund)).content
    assert content["signed"] == content["sender"]["name"]


@pytest.mark.parametrize(
    ("template", "occasion", "party", "expected"),
    [
        ("decision_partial", "1", "applicant", f"{NUMBER}/letter/decision/1"),
        ("decision_refused", "2", "applicant", f"{NUMBER}/letter/decision/2"),
        ("payment_done", f"{NUMBER}/payment/1/2", "applicant", f"{NUMBER}/letter/payment/1/2"),
        ("payment_done", f"{NUMBER}/payment/1/2", "expert", f"{NUMBER}/letter/payment/1/2/expert"),
        ("recovery", f"{NUMBER}/recovery/1", "applicant", f"{NUMBER}/letter/recovery/1"),
        ("recovery_reminder", f"{NUMBER}/recovery/1/2", "applicant", f"{NUMBER}/letter/recovery_reminder/1/2"),
        ("request_documents", "completion/1", "applicant", f"{NUMBER}/letter/request/completion/1"),
        ("request_reminder", "completion/1/1", "applicant", f"{NUMBER}/letter/request_reminder/completion/1/1"),
    ],
)
def test_a_letter_has_a_key_that_exists_once(template: str, occasion: str, party: str, expected: str) -> None:
    assert key(NUMBER, template, occasion, party) == expected


def test_there_is_no_letter_of_a_mail_that_is_only_a_mail() -> None:
    with pytest.raises(Defect, match="survey"):
        compose(replace(case(), template="survey"))


def test_parts_of_nothing_are_not_promised() -> None:
    assert "€ 0,00" not in text(printed(case(parts=(Part("retention", Decimal(0)),))).content)


def test_the_words_stand_beside_the_pages() -> None:
    assert {path.stem for path in (HERE / "words").glob("*.toml")} == {language.value for language in Language}

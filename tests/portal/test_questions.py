"""What is typed in a form is read as it was meant, or answered with a sentence that says what to do."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from importing.layouts import LAYOUTS
from models.messages.words import Instrument
from portal.forms import FORMS, form_of
from portal.forms.answers import Filled, Wrong, all_faults, asked_answers, clean, faults_of, read
from portal.forms.questions import Choice, Form, Question, Sort

TODAY = date(2026, 3, 16)
LIST = (Choice("arbeider", "Arbeider"), Choice("bediende", "Bediende"))


def _question(sort: Sort, **stated: Any) -> Question:
    return Question("Vraag", sort, "Uw antwoord", choices=LIST if sort is Sort.CHOICE else (), **stated)


@pytest.mark.parametrize(
    ("sort", "typed", "meant"),
    [
        (Sort.TEXT, "=1+1", "=1+1"),
        (Sort.TEXT, "<b>Jan</b>", "<b>Jan</b>"),
        (Sort.DAY, "14/03/2025", date(2025, 3, 14)),
        (Sort.DAY, "2025-03-14", date(2025, 3, 14)),
        (Sort.EUROS, "1.234,56", Decimal("1234.56")),
        (Sort.EUROS, "€ 1234", Decimal(1234)),
        (Sort.NUMBER, "7,5", Decimal("7.5")),
        (Sort.WHOLE, "12", 12),
        (Sort.YES, "ja", True),
        (Sort.YES, "Nee", False),
        (Sort.CHOICE, "Arbeider", "arbeider"),
        (Sort.ENTERPRISE, "BE 0409.845.289", "0409845289"),
        (Sort.ESTABLISHMENT, "2.999.010.168", "2999010168"),
        (Sort.ACCOUNT, "BE68 5390 0754 7034", "BE68 5390 0754 7034"),
        (Sort.EMAIL, "petra@staalbouw.example", "petra@staalbouw.example"),
        (Sort.PHONE, "+32 3 123 45 67", "+32 3 123 45 67"),
        (Sort.POSTCODE, "2000", "2000"),
        (Sort.PUBLIC, "Heist-op-den-Berg", "Heist-op-den-Berg"),
    ],
    ids=str,
)
def test_an_answer_means_what_was_typed(sort: Sort, typed: str, meant: object) -> None:
    assert read(_question(sort), typed) == meant


@pytest.mark.parametrize(
    ("sort", "typed", "sentence"),
    [
        (Sort.TEXT, "", "Vul dit in: Uw antwoord."),
        (Sort.TEXT, "x" * 201, "Dit is te lang: hoogstens 200 tekens."),
        (Sort.DAY, "31/02/2025", "'31/02/2025' is geen datum. Schrijf dag/maand/jaar, bijvoorbeeld 14/03/2025."),
        (Sort.DAY, "14/03/25", "'14/03/25' is geen datum. Schrijf dag/maand/jaar, bijvoorbeeld 14/03/2025."),
        (Sort.EUROS, "1,234", "'1,234' is geen bedrag in euro. Schrijf bijvoorbeeld 1.234,56."),
        (Sort.EUROS, "-5", "'-5' is geen bedrag in euro. Schrijf bijvoorbeeld 1.234,56."),
        (Sort.EUROS, "100000000", "Dit is te veel: hoogstens 99999999,99."),
        (Sort.NUMBER, "veel", "'veel' is geen getal. Schrijf bijvoorbeeld 7,5."),
        (Sort.WHOLE, "1,5", "'1,5' is geen geheel getal."),
        (Sort.YES, "misschien", "Kies ja of nee."),
        (Sort.CHOICE, "directeur", "Kies een antwoord uit de lijst."),
        (
            Sort.ENTERPRISE,
            "0409.845.288",
            "'0409.845.288' is geen ondernemingsnummer: de lengte of het controlegetal klopt niet.",
        ),
        (
            Sort.ESTABLISHMENT,
            "0409.845.289",
            "'0409.845.289' is geen vestigingseenheidsnummer: de lengte of het controlegetal klopt niet.",
        ),
        (
            Sort.ACCOUNT,
            "BE68 5390 0754 7035",
            "'BE68 5390 0754 7035' is geen geldig rekeningnummer: kijk de cijfers na op uw bankkaart of uittreksel.",
        ),
        (Sort.EMAIL, "petra", "'petra' is geen e-mailadres. Schrijf bijvoorbeeld naam@bedrijf.be."),
        (
            Sort.EMAIL,
            "a@b.be\nBcc: x@y.be",
            "'a@b.be Bcc: x@y.be' is geen e-mailadres. Schrijf bijvoorbeeld naam@bedrijf.be.",
        ),
        (
            Sort.EMAIL,
            "ayşe@gmail.com",
            "Naar 'ayşe@gmail.com' kan geen mail: er staat een letter in zoals ş of é. Schrijf alleen gewone letters.",
        ),
        (Sort.PHONE, "bel mij", "'bel mij' is geen telefoonnummer."),
        (Sort.POSTCODE, "B-2000", "'B-2000' is geen Belgische postcode van vier cijfers."),
        (Sort.PUBLIC, "Jan, 03 123 45 67", "Schrijf hier alleen de naam, hoogstens 40 tekens."),
    ],
    ids=str,
)
def test_an_answer_that_cannot_be_used_is_told_what_to_do(sort: Sort, typed: str, sentence: str) -> None:
    with pytest.raises(Wrong) as wrong:
        read(_question(sort), typed)
    assert str(wrong.value) == sentence


@pytest.mark.parametrize("sort", list(Sort))
def test_what_need_not_be_answered_may_stay_open(sort: Sort) -> None:
    assert read(_question(sort, required=False), "") is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Jan \t Peeters ", "Jan Peeters"),
        ("Jan\x00Peeters", "JanPeeters"),
        ("Jan\u202ereeteP", "JanreeteP"),
        ("Jan\ud800", "Jan"),
        ("een\r\ntwee", "een twee"),
    ],
)
def test_signs_that_nobody_can_type_are_left_out(typed: str, kept: str) -> None:
    assert clean(typed) == kept


def test_a_long_text_keeps_its_lines() -> None:
    assert clean("een\r\ntwee ", lines=True) == "een\ntwee"


COMPUTED = {
    "kind": "of every form",
    "instrument": "of the form",
    "filed_on": "the day of sending",
    "known_on": "the day of sending",
    "notified_on": "the day of sending",
    "documents": "what was uploaded",
    "iban_valid": "of the account number",
    "participants": "the repeating group",
    "people": "the repeating group",
    "participant_count": "how many rows there are",
    "stated_participants": "how many rows there are",
    "duplicate_of": "recognised at the receipt",
    "postcode": "of the establishment",
    "municipality": "of the establishment",
    "joint_committee": "of the people",
    "account": "an opaque key of the person",
    "same_function": "the two functions compared",
    "has_expert": "whether one is named",
    "budget": "the repeating group",
    "cost": "the sum of the budget",
    "instalments": "the parts of the policy",
    "started_before_filing": "the first day compared with the day of sending",
    "looks_like_training": "of the budget",
    "running_in_lever": "of what is known of the employer",
    "running_until": "of what is known of the employer",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.instrument)
def test_every_fact_of_an_instrument_is_asked_or_follows_from_something_else(form: Form) -> None:
    asked = {question.fact for question in form.questions() if question.fact}
    assert set(form.facts.model_fields) - asked - set(COMPUTED) == set()


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.instrument)
def test_fields_of_a_page_have_names_of_their_own(form: Form) -> None:
    columns = [question.column for question in form.questions()]
    assert len(columns) == len(set(columns))
    for group in form.groups:
        questions = (*group.questions, *(group.rows.questions if group.rows else ()))
        assert len({question.field for question in questions}) == len(questions)
        assert all(question.field for question in questions)
    assert len({group.code for group in form.groups}) == len(form.groups)


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.instrument)
def test_what_the_office_files_need_is_asked_or_filled_in(form: Form) -> None:
    for group in form.groups:
        if group.rows:
            needed = {column for column in LAYOUTS[group.rows.table] if not column.endswith("?")}
            asked = {question.column for question in group.rows.questions} | {q.column for q in form.questions()}
            own = {"Dossiernummer", group.rows.numbered, "Rol", "Uren gevolgd", "Reden niet gestart"}
            assert needed - asked - own == set()


def test_only_what_can_be_applied_for_has_a_form() -> None:
    assert set(FORMS) == set(Instrument) - {Instrument.TRAJECTORY}
    assert form_of("formal_training") is FORMS[Instrument.FORMAL_TRAINING]
    assert form_of("trajectory") is None
    assert form_of("<script>") is None


def test_an_empty_form_tells_every_page_what_is_missing() -> None:
    for form in FORMS.values():
        told = {fault.group for fault in all_faults(form, {}, TODAY)}
        assert told == {group.code for group in form.groups if not group.attachments}


@pytest.mark.parametrize(
    ("typed", "column", "sentence"),
    [
        (
            {"Begindatum": "02/02/2026", "Einddatum": "01/02/2026"},
            "Einddatum",
            "De laatste dag ligt voor de eerste dag.",
        ),
        ({"Postcode": "4000"}, "Postcode", "Voor deze postcode is geen van de acht fondsen bevoegd."),
        ({"Geboortedatum": "17/03/2026"}, "Geboortedatum", "De geboortedatum ligt in de toekomst."),
    ],
)
def test_answers_that_contradict_are_told_beside_the_field(typed: dict[str, str], column: str, sentence: str) -> None:
    groups = [group for form in FORMS.values() for group in form.groups if group.question(column)]
    assert groups
    for group in groups:
        told = {(fault.column, fault.text) for fault in faults_of(group, Filled(fields=typed), {}, TODAY)}
        assert (column, sentence) in told


def test_a_question_that_is_not_asked_is_not_answered_either() -> None:
    form = FORMS[Instrument.OUTPLACEMENT]
    typed = {
        "ontslag": Filled(fields={"Soort ontslag": "individueel", "Aankondiging collectief ontslag": "01/01/2026"})
    }
    assert asked_answers(form, typed) == {"Soort ontslag": "individueel"}
    collective = {"ontslag": Filled(fields={"Soort ontslag": "sluiting"})}
    missing = [fault.column for fault in all_faults(form, collective, TODAY) if fault.group == "ontslag"]
    assert "Aankondiging collectief ontslag" in missing


def test_one_notification_of_an_individual_dismissal_is_about_one_person() -> None:
    form = FORMS[Instrument.OUTPLACEMENT]
    group = form.group("mensen")
    assert group is not None
    two = Filled(rows=({}, {}))
    alone = [
        fault.text for fault in faults_of(group, two, {"Soort ontslag": "individueel"}, TODAY) if fault.row is None
    ]
    assert alone == ["Doe bij individueel ontslag één melding per persoon."]
    assert not [fault for fault in faults_of(group, two, {"Soort ontslag": "sluiting"}, TODAY) if fault.row is None]

"""Every mail reads well in every language, with all it may know and with nothing but a number."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

import policies
from activities import mail_texts
from activities.mail_texts import (
    TEMPLATES,
    WRITTEN,
    MailContext,
    RenderedMail,
    languages_of,
    render,
    templates,
    values_of,
    words,
)
from models.errors import Defect
from models.messages.words import Document, Fund, Instrument, Language, Outcome, Role
from schemes import steps

EXPECTED = {
    *("receipt", "request_documents", "request_reminder", "request_lapsed", "clock_resumed", "deadline_extended"),
    *("decision_granted", "decision_partial", "decision_refused", "objection_received", "objection_decided"),
    *("payment_instructed", "payment_done", "recovery", "withdrawn", "lapsed", "handed_over", "closed"),
    *("survey", "survey_reminder", "plan_to_sign", "report_due", "change_decided", "task_due", "task_escalated"),
    *("recovery_reminder", "recovery_part_due", "recovery_planned", "recovery_settled"),
    *("condition", "decision_reversed", "deadline_moved", "hours_behind"),
    *("trajectory_offer", "trajectory_follow_up", "trajectory_follow_up_reminder", "message_waiting", "budget_short"),
}
MARKS = "\u200f\u2068\u2069"
FOLLOWING = {"trajectory_offer", "trajectory_follow_up", "trajectory_follow_up_reminder", "deadline_moved"}
EVERY = [
    (name, language) for name in sorted(EXPECTED) for language in Language if language in WRITTEN or name in FOLLOWING
]
FULL = {
    "agency": "RiseSmart",
    "amount": "1234.56",
    "asked": "2000.00",
    "claimed": "234.56",
    "condition": "condition_invoice",
    "conditions": "condition_invoice|condition_results",
    "days": "6",
    "due": "20",
    "evidence_until": "2025-06-06",
    "fund": "OVL",
    "granted": "1234.56",
    "hours": "7.50",
    "iban": "BE44 0689 4207 5545",
    "instalment": "2",
    "instrument": "formal_training",
    "months": "3",
    "offered_on": "2025-02-28",
    "on": "2025-03-05",
    "outcome": "partially_granted",
    "overdue": "True",
    "paid": "1000.00",
    "parts": "2025-04-30=100.00|2025-05-31=134.56",
    "previous": "2025-03-01",
    "reason": "evidence",
    "reasons": "UREN_TE_WEINIG|BIJLAGE_ONTBREEKT.invoice",
    "received_on": "2025-01-02",
    "reference": "010/8068/17183",
    "report": "interim_report",
    "role": "approver",
    "silence": "lapses",
    "stops_clock": "True",
    "successor": "OVL-2025-S-000007",
    "task": "ANT-2024-S-000123/review/1",
    "times": "2",
    "until": "2025-03-06",
    "was": "1469.12",
    "wants": "invoice|quote/programme|iban",
}


def _context(values: dict[str, str], name: str | None = "Riet Peeters") -> MailContext:
    return MailContext(
        number="ANT-2024-S-000123",
        fund_name="mtech+ Antwerpen vzw",
        fund_email="antwerpen@fonds.example",
        recipient_name=name,
        values=values,
    )


def _reads_well(mail: RenderedMail) -> None:
    assert mail.subject
    assert "ANT-2024-S-000123" in mail.subject
    for leftover in ("{", "}", "None", "  ", "Undefined", " .", " ,", "()", "Subject:"):
        assert leftover not in mail.text + mail.subject
    assert "\n\n\n" not in mail.text
    assert mail.text.count("\n\n") >= 3, "a paragraph was glued to the next one"
    assert not re.search(r"\d{4}-\d{2}-\d{2}", mail.text), "a date must be in words"
    assert not re.search(r"\b[a-z]+_[a-z_]+\b", mail.text), "a code must be in words"
    assert "antwerpen@fonds.example" in mail.text
    assert mail.text.rstrip().rstrip(MARKS).endswith("mtech+ Antwerpen vzw")


def test_every_mail_exists_in_three_languages_and_what_a_followed_person_reads_in_five() -> None:
    files = {path.name for path in (TEMPLATES / "mails").iterdir()}
    assert templates() == EXPECTED
    assert files == {
        f"{name}.{language.value}.txt" for name, language in (*EVERY, *(("frame", one) for one in Language))
    }
    assert all(languages_of(name) == set(Language) for name in FOLLOWING)


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_a_mail_reads_well_when_it_knows_everything(template: str, language: Language) -> None:
    mail = render(template, language, _context(FULL))
    _reads_well(mail)
    assert "Riet Peeters" in mail.text


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_a_mail_reads_well_when_it_knows_next_to_nothing(template: str, language: Language) -> None:
    _reads_well(render(template, language, _context({}, name=None)))


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_a_mail_asks_for_nothing_that_no_mail_has(template: str, language: Language) -> None:
    assert mail_texts.names_of(template, language) <= MailContext.__annotations__.keys()


@pytest.mark.parametrize("template", sorted(EXPECTED))
def test_the_values_of_a_mail_are_tried_in_these_tests(template: str) -> None:
    assert values_of(template) <= FULL.keys()
    assert not values_of(template) & set(dir(dict)), "a value that hides behind a method of dict"


def test_every_value_tried_here_is_used_by_a_mail() -> None:
    assert {value for template in EXPECTED for value in values_of(template)} == FULL.keys()


@pytest.mark.parametrize(
    ("language", "day", "amount"),
    [
        (Language.DUTCH, "6 maart 2025", "€ 1.234,56"),
        (Language.FRENCH, "6 mars 2025", "1 234,56 €"),
        (Language.ENGLISH, "6 March 2025", "€1,234.56"),
    ],
)
def test_days_and_amounts_follow_the_customs_of_the_language(language: Language, day: str, amount: str) -> None:
    values = {"until": "2025-03-06", "amount": "1234.56", "wants": "invoice"}
    text = render("decision_granted", language, _context(values)).text
    assert day in text
    assert amount in text.replace("\u00a0", " ")


@pytest.mark.parametrize("language", [Language.TURKISH, Language.ARABIC])
def test_who_prefers_a_language_without_mails_gets_dutch(language: Language) -> None:
    assert render("receipt", language, _context(FULL)) == render("receipt", Language.DUTCH, _context(FULL))


def test_a_request_names_what_is_missing_until_when_and_what_silence_means() -> None:
    text = render("request_documents", Language.DUTCH, _context(FULL)).text
    assert "- de factuur\n- de offerte of het opleidingsprogramma\n- het juiste rekeningnummer" in text
    assert "tot en met 6 maart 2025" in text
    assert "Antwoordt u niet op tijd, dan vervalt uw aanvraag." in text


@pytest.mark.parametrize("template", ["decision_granted", "decision_partial", "decision_refused", "decision_reversed"])
def test_a_decision_says_how_to_object_and_until_when(template: str) -> None:
    text = render(template, Language.DUTCH, _context(FULL)).text
    assert "bezwaar maken tot en met 6 maart 2025" in text


def test_a_refusal_gives_its_reasons_in_words() -> None:
    text = render("decision_refused", Language.FRENCH, _context(FULL)).text
    assert "il y a moins d'heures que le minimum; une annexe obligatoire manque." in text


def test_a_mail_that_does_not_exist_is_a_defect() -> None:
    with pytest.raises(Defect, match="er is geen mail birthday in het nl"):
        render("birthday", Language.DUTCH, _context({}))


def test_a_line_break_in_a_value_cannot_add_a_header() -> None:
    mail = render("task_due", Language.DUTCH, _context({"task": "review\nBcc: everybody@example.be"}))
    assert "\n" not in mail.subject


def test_every_code_of_the_field_has_words_in_three_languages() -> None:
    sections = tomllib.loads((TEMPLATES / "words.toml").read_text("utf-8"))
    codes = {code for section in sections.values() for code in section}
    assert codes >= {*Document, *Instrument, *Outcome, *Role, *Fund}
    staff_steps = [step for step in vars(steps).values() if isinstance(step, steps.StaffStep)]
    assert sections["steps"].keys() >= {step.code for step in staff_steps}
    for section in sections.values():
        for code, spelled in section.items():
            assert spelled.keys() == {language.value for language in WRITTEN}, code
            assert all(spelled.values()), code


def test_no_code_means_two_things() -> None:
    sections = tomllib.loads((TEMPLATES / "words.toml").read_text("utf-8"))
    codes = [code for section in sections.values() for code in section]
    assert len(codes) == len(set(codes))


def test_a_fund_is_called_by_its_own_name() -> None:
    for fund, person in policies.funds().items():
        assert words(fund.value, Language.FRENCH) == person.name


def test_an_unknown_code_reads_as_itself() -> None:
    assert words("SOMETHING_NEW", Language.DUTCH) == "something new"


def _planned() -> list[ast.Call]:
    """Every place where a workflow plans a mail or names the mail of a question."""
    workflows = Path(__file__).resolve().parents[2] / "workflows"
    calls = [node for path in workflows.glob("*.py") for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    return [
        call
        for call in calls
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in ("mail", "request")
    ]


def test_workflows_plan_mails_that_exist_with_values_that_are_used() -> None:
    names, values = set(), set()
    for call in _planned():
        named = [keyword.value for keyword in call.keywords if keyword.arg == "template"]
        if isinstance(call.func, ast.Attribute) and call.func.attr == "mail":
            named += call.args[:1]
            values |= {keyword.arg for keyword in call.keywords if keyword.arg}
        names |= {node.value for node in named if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert names
    assert names <= EXPECTED
    assert values - {"occasion", "role", "party"} <= FULL.keys()


CHOICES = ("job", "opleiding", "zoekend", "anders", "stop")
ANSWER = "https://portaal.example/antwoord/23456789abcdefghjkmn"


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("template", ["trajectory_follow_up", "trajectory_follow_up_reminder"])
def test_a_question_has_one_address_for_each_answer_alone_on_its_line(template: str, language: Language) -> None:
    context = _context({"months": "3", "until": "2025-03-06"})
    context["answer"], context["link"] = ANSWER, "https://portaal.example/link/geheim"
    lines = render(template, language, context).text.splitlines()
    assert [line for line in lines if "http" in line] == [f"{ANSWER}?keuze={choice}" for choice in CHOICES]


@pytest.mark.parametrize("language", Language)
def test_a_question_without_a_portal_asks_for_an_answer_by_mail(language: Language) -> None:
    with_portal = _context({"months": "3"})
    with_portal["answer"] = ANSWER
    asked = render("trajectory_follow_up", language, _context({"months": "3"})).text
    assert "http" not in asked
    assert asked != render("trajectory_follow_up", language, with_portal).text


@pytest.mark.parametrize(
    ("language", "months", "day"),
    [
        (Language.DUTCH, "12 maanden", "6 maart 2025"),
        (Language.FRENCH, "12 mois", "6 mars 2025"),
        (Language.ENGLISH, "12 months", "6 March 2025"),
        (Language.TURKISH, "12 ay", "6 Mart 2025"),
        (Language.ARABIC, "12 شهرًا", "6 مارس 2025"),
    ],
)
def test_a_term_and_a_day_follow_the_customs_of_the_language(language: Language, months: str, day: str) -> None:
    text = render("trajectory_follow_up", language, _context({"months": "12", "until": "2025-03-06"})).text
    assert months in text.replace("\u00a0", " ")
    assert day in text


def test_every_arabic_line_carries_its_direction_and_what_is_clicked_carries_none() -> None:
    context = _context({"months": "3", "until": "2025-03-06"})
    context["answer"] = ANSWER
    mail = render("trajectory_follow_up", Language.ARABIC, context)
    for line in (mail.subject, *mail.text.splitlines()):
        arabic = re.search("[\u0600-\u06ff]", line) is not None
        assert line.startswith("\u200f") == line.endswith("\u200f") == arabic
        assert ("http" in line or "@" in line) <= (not set(line) & set(MARKS))
        assert line.count("\u2068") == line.count("\u2069")
    assert "\u2068Riet Peeters\u2069" in mail.text
    assert "(\u2068ANT-2024-S-000123\u2069)" in mail.subject


@pytest.mark.parametrize("language", [one for one in Language if one is not Language.ARABIC])
def test_only_arabic_carries_marks_of_direction(language: Language) -> None:
    mail = render("trajectory_follow_up", language, _context(FULL))
    assert not set(mail.text + mail.subject) & set(MARKS)

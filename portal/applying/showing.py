"""The values of the pages of an application: one page of its form, everything together, and the receipt. Pure but for
the clock that the caller's day comes from."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import policies
from absences import today
from models.errors import Refusal
from models.messages.policies import (
    CareerAccountPolicy,
    OutplacementPolicy,
    Policy,
    ProjectPolicy,
    TrainingPolicy,
    TransitionPolicy,
)
from models.messages.words import Document, Fund, Language
from portal.applying.assembling import policy_of
from portal.applying.drafts import Standing
from portal.applying.sending import Looked
from portal.documents import contents
from portal.documents.uploads import PART, File
from portal.forms import shared
from portal.forms.answers import Fault, Filled, all_faults, answers_in, asked_answers, faults_of, row_faults
from portal.forms.filling import Problem, fields_of, problems_by_column, sentence, shown, steps
from portal.forms.questions import Answers, Form, Group, Question
from portal.language import Tongue
from portal.language import marked as _
from portal.wording import Wording
from schemes.calendar import local_date
from schemes.identifiers import dotted
from schemes.sentences import sentence as in_words
from schemes.terms import Term

ON_A_PAGE = 50
"""Rows of a repeating group shown at once."""
LATER_ONLY = frozenset(
    {Document.SIGNED_PLAN, Document.INTERIM_REPORT, Document.FINAL_REPORT, Document.EMPLOYMENT_PROOF}
)
"""Documents that exist only once a dossier runs."""


class Line(NamedTuple):
    """A rule that would not pass now. `blocking` as in `schemes.checks`."""

    blocking: str
    text: str


class Row(NamedTuple):
    """One row of a repeating group: its number, its answers as text, and what is wrong with it."""

    number: int
    cells: tuple[str, ...]
    problems: tuple[str, ...]


def page_of(
    standing: Standing,
    form: Form,
    group: Group,
    files: Sequence[File],
    say: Tongue,
    *,
    told: bool = False,
    row: int | None = None,
    first: int = 1,
) -> dict[str, Any]:
    """The values of one page. `told`: also say what is wrong; `row`: the row that is being repaired; `first`: the first
    row of a long list that is shown."""
    day = today()
    filled, answers = standing.typed.get(group.code, Filled()), answers_in(standing.typed)
    faults = faults_of(group, filled, answers, day) if told else ()
    fixed = _fixed(standing)
    return {
        "draft": standing.draft,
        "form": form,
        "group": group,
        "steps": steps(form, standing.typed, len(files), day),
        "fields": fields_of(group.questions, filled.fields, answers, problems_by_column(say, faults), fixed=fixed),
        "problems": [_problem(say, fault, group) for fault in faults if fault.row is None],
        "elsewhere": False,
        "refusal": None,
        "version": filled.version,
        "saved_at": standing.saved_at if standing.version else None,
        "kept_until": standing.kept_until,
        "previous": form.before(group.code),
        "last": form.after(group.code) is None,
        **_documents_of(standing, form, group, files, day),
        **_rows_of(group, filled, answers, say, day, row, max(first, 1)),
    }


def _documents_of(standing: Standing, form: Form, group: Group, files: Sequence[File], day: date) -> dict[str, Any]:
    """The documents of a page: what is there, what is asked, and what may be added."""
    still = _still_wanted(form, standing, files, day) if group.attachments else ()
    return {
        "files": files,
        "wanted": still,
        "documents": _in_order(still) if group.attachments else (),
        "accepted": contents.ACCEPTED,
        "part": PART,
    }


def _fixed(standing: Standing) -> Answers:
    return {} if standing.enterprise_number is None else {shared.ENTERPRISE: dotted(standing.enterprise_number)}


def _problem(say: Tongue, fault: Fault, group: Group) -> Problem:
    question = group.question(fault.column) if fault.column else None
    return Problem(sentence(say, fault), f"#{question.field}" if question else "#lijst")


def _rows_of(
    group: Group, filled: Filled, answers: Answers, say: Tongue, day: date, editing: int | None, first: int
) -> dict[str, Any]:
    """The repeating group of a page: its rows, the one being repaired, and those that wait for a yes."""
    if group.rows is None:
        return {"rows": None, "offered": None, "row": None, "row_fields": [], "first": 1, "at_once": ON_A_PAGE}
    questions = group.rows.questions
    known = editing is not None and 1 <= editing <= len(filled.rows)
    typed = filled.rows[editing - 1] if known and editing else {}
    problems = problems_by_column(say, row_faults(group, (typed,), answers, day), 1) if known else {}
    return {
        "rows": _listed(group, questions, filled.rows, answers, say, day),
        "offered": _listed(group, questions, filled.offered, answers, say, day) if filled.offered else None,
        "row": editing if known else None,
        "row_fields": fields_of(questions, typed, answers, problems),
        "first": first,
        "at_once": ON_A_PAGE,
    }


def _listed(
    group: Group, questions: Sequence[Question], rows: Sequence[Answers], answers: Answers, say: Tongue, day: date
) -> list[Row]:
    faults = row_faults(group, rows, answers, day)
    by_row: dict[int, list[str]] = {}
    labels = {question.column: question.label for question in questions}
    for fault in faults:
        assert fault.row is not None, "of a row"
        by_row.setdefault(fault.row, []).append(f"{say(labels[fault.column or ''])}: {sentence(say, fault)}")
    return [
        Row(number, tuple(row.get(question.column, "") for question in questions), tuple(by_row.get(number, ())))
        for number, row in enumerate(rows, start=1)
    ]


def wanted(policy: Policy, answers: Answers) -> tuple[tuple[Document, ...], ...]:
    """The documents that the fund asks for, of each group one."""
    match policy:
        case TrainingPolicy():
            return policy.documents_after if answers.get("Type aanvraag") == "achteraf" else policy.documents_before
        case CareerAccountPolicy() | TransitionPolicy() | ProjectPolicy() | OutplacementPolicy():
            return policy.documents


def _still_wanted(
    form: Form, standing: Standing, files: Sequence[File], day: date
) -> tuple[tuple[tuple[Document, ...], bool], ...]:
    """Each group of documents, and whether one of them is there; nothing as long as no fund is known."""
    try:
        policy = policy_of(form, standing.typed, day)
    except Refusal:
        return ()
    there = {file.code for file in files if file.state == "kept"}
    return tuple((one, bool(there & set(one))) for one in wanted(policy, answers_in(standing.typed)))


def _in_order(still: tuple[tuple[tuple[Document, ...], bool], ...]) -> list[Document]:
    """Documents to choose from: what is asked and not there yet comes first."""
    first = [code for codes, there in still if not there for code in codes]
    return first + [code for code in Document if code not in LATER_ONLY and code not in first]


def everything(standing: Standing, form: Form, files: Sequence[File], say: Tongue, wording: Wording) -> dict[str, Any]:
    """The values of the summary: what was answered page by page, and what must be repaired before it can be sent."""
    day, asked = today(), asked_answers(form, standing.typed)
    faults = all_faults(form, standing.typed, day)
    pages = []
    for group in form.groups:
        filled = standing.typed.get(group.code, Filled())
        answers = [
            (question.label, shown(question, asked[question.column], say, wording))
            for question in group.questions
            if asked.get(question.column)
        ]
        questions = group.rows.questions if group.rows else ()
        rows = [[shown(q, row.get(q.column, ""), say, wording) for q in questions] for row in filled.rows]
        pages.append((group, answers, questions, rows))
    return {
        "draft": standing.draft,
        "form": form,
        "steps": steps(form, standing.typed, len(files), day),
        "pages": pages,
        "files": files,
        "lines": [],
        "problems": [_repair(say, form, standing.draft, fault) for fault in faults],
        "kept_until": standing.kept_until,
    }


def _repair(say: Tongue, form: Form, draft: str, fault: Fault) -> Problem:
    group = form.group(fault.group)
    assert group is not None, "of this form"
    place = say(group.title)
    if fault.row is not None and group.rows is not None:
        text = say(_("%(place)s, %(one)s %(row)s: "), place=place, one=say(group.rows.one), row=fault.row)
        return Problem(text + sentence(say, fault), f"/aanvragen/{draft}/{group.code}?rij={fault.row}#rij")
    question = group.question(fault.column) if fault.column else None
    return Problem(
        f"{place}: {sentence(say, fault)}",
        f"/aanvragen/{draft}/{group.code}" + (f"#{question.field}" if question else ""),
    )


def lines_of(looked: Looked, language: Language) -> list[Line]:
    """What the rules see already, in words."""
    return [Line(check.blocking, in_words(check, language, looked.personal)) for check in looked.checks]


def receipt_of(standing: Standing, form: Form) -> dict[str, Any]:
    """The values of the receipt: the number, and by when somebody looks and decides."""
    assert standing.sent_as is not None, "only what was sent has a receipt"
    assert standing.sent_at is not None, "only what was sent has a receipt"
    day = local_date(standing.sent_at)
    fund = Fund(standing.sent_as.split("-")[0])
    procedure = policies.in_force(fund, form.instrument, day).procedure
    return {
        "number": standing.sent_as,
        "sent_at": standing.sent_at,
        "form": form,
        "fund": fund,
        "looked_at": Term.parse(procedure.review_term).after(day),
        "decided": Term.parse(procedure.decision_term).after(day),
    }

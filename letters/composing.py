"""From coded values to the sentences of a letter, in the language of who gets it; nothing here draws a page.

A decision that gives less than was asked cannot be written without the last day to object: the term binds nobody who
was not told of it (users.md, 32).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import policies
from letters import decisions, following, money, questions
from letters.values import Addressee, Case
from letters.wording import Wording, plain
from models.errors import Defect, Refusal
from models.messages.words import Language

Content = dict[str, Any]
Part = tuple[str, Callable[[Case, Wording], Content]]
"""The sort of letter, which is the name of its page too, and what it says beside the frame."""

LETTERS: Mapping[str, Part] = {
    "decision_granted": ("decision", decisions.decision),
    "decision_partial": ("decision", decisions.decision),
    "decision_refused": ("decision", decisions.decision),
    "decision_reversed": ("decision", decisions.decision),
    "payment_done": ("payment", money.payment),
    "recovery": ("recovery", money.recovery),
    "recovery_reminder": ("recovery", money.recovery),
    "recovery_planned": ("recovery", money.recovery),
    "request_documents": ("request", questions.request),
    "request_reminder": ("request", questions.request),
    "trajectory_offer": ("asked", following.asked),
    "trajectory_follow_up": ("asked", following.asked),
    "trajectory_follow_up_reminder": ("asked", following.asked),
}
"""The mails that are letters too, by template."""
OF_A_PERSON = frozenset({"trajectory_offer", "trajectory_follow_up", "trajectory_follow_up_reminder"})
"""Letters to a person who is followed: in five languages."""
ON_PAPER_ONLY = frozenset({"request_documents", "request_reminder"}) | OF_A_PERSON
"""Letters for who has no mail address; everybody else is asked by mail and answers in the portal."""
LONGEST_REFERENCE = 40
MUST_TELL = frozenset({"decision_partial", "decision_refused", "decision_reversed"})
"""Letters that are not written without the last day to object."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in sentences, before it is a page."""

    sort: str
    template: str
    language: Language
    title: str
    dated: date
    objection_until: date | None
    content: Content


def compose(case: Case) -> Letter:
    """Write the letter.

    Raises:
        Refusal: the decision gives less than was asked, and the last day to object is not known.
        Defect: there is no such letter.
    """
    if case.template not in LETTERS:
        raise Defect(f"er is geen brief {case.template}")
    until = objection_until(case)
    if until is None and case.template in MUST_TELL:
        raise Refusal(
            "NoObjectionText",
            f"De beslissing in {case.number} kan niet vertrekken: de laatste dag voor bezwaar ontbreekt. "
            "Kijk de bezwaartermijn van het reglement na.",
        )
    words = Wording(case.language, wider=case.template in OF_A_PERSON)
    sort, said = LETTERS[case.template]
    content = {**_frame(case, words), **said(case, words), "objection": decisions.objection(case, words, until)}
    return Letter(sort, case.template, words.language, content["title"], case.dated, until, content)


def objection_until(case: Case) -> date | None:
    """The last day to object, inclusive; a decision has it as `until`, which in other letters is another day."""
    name = "until" if case.template.startswith("decision_") else "objection_until"
    told = case.values.get(name, "")
    return date.fromisoformat(told) if told else None


def key(case_number: str, template: str, occasion: str, party: str = "applicant") -> str:
    """The business key of a letter, which exists once: `ANT-2024-S-000001/letter/decision/1`."""
    sort = template if template.endswith("_reminder") else LETTERS[template][0]
    serial = "/".join(re.sub(rf"^{re.escape(case_number)}/(payment|recovery)/", "", occasion).split("/"))
    whom = "" if party == "applicant" else f"/{party}"
    return f"{case_number}/letter/{sort}/{serial}{whom}"


def _frame(case: Case, words: Wording) -> Content:
    """What every letter has: who writes, to whom, about what, and when."""
    fund = policies.funds()[case.fund]
    place = re.sub(r"^.*\d{4} ", "", fund.seat)
    name = plain(case.addressee.name)
    day = words.day(case.dated)
    facts = [
        (words.say("frame.reference"), case.number),
        (words.say("frame.day"), words.say("frame.place_and_day", place=place, day=day)),
        (words.say("frame.own_reference"), plain(case.reference, LONGEST_REFERENCE)),
        (words.say("frame.rules"), "" if case.template in OF_A_PERSON else _version(case.policy, words)),
    ]
    return {
        "language": words.language.value,
        "number": case.number,
        "dated": [case.dated.year, case.dated.month, case.dated.day],
        "sender": {
            "name": fund.name,
            "seat": fund.seat,
            "enterprise": words.say("frame.enterprise", number=fund.enterprise_number),
            "email": fund.email,
        },
        "address": _address(case.addressee, words),
        "facts": [[label, value] for label, value in facts if value],
        "dear": words.say("frame.dear", name=name) if name else words.say("frame.dear_nobody"),
        "question": words.say("frame.question", email=fund.email, number=case.number),
        "closing": words.say("frame.closing"),
        "signed": words.say("frame.for_fund", fund=fund.name),
        "page": words.say("frame.page"),
        "of": words.say("frame.of"),
        "rehearsal": words.say("frame.rehearsal") if case.rehearsed else None,
    }


def _version(policy: str, words: Wording) -> str:
    """The rules by the day from which they hold, which is their name."""
    try:
        return words.say("frame.rules_from", day=words.day(date.fromisoformat(policy)))
    except ValueError:
        return policy


def _address(whom: Addressee, words: Wording) -> list[str]:
    """The lines that show in the window of an envelope."""
    name, organisation = plain(whom.name), plain(whom.organisation)
    place = [plain(line) for line in (whom.street, whom.place, whom.country)]
    if organisation and name and organisation != name:
        return [line for line in (organisation, words.say("frame.attention", name=name), *place) if line]
    return [line for line in (organisation or name, *place) if line]

"""What a decision letter says: the decision, why, every step of the sum, conditions, what comes, and how to object."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import policies
from letters.values import Case, Failure
from letters.wording import Wording
from models.messages.policies import Policy
from schemes import sentences
from schemes.checks import Check
from schemes.conditions import CONDITIONS
from schemes.deadlines import Deadline
from schemes.terms import Term

BASES: Mapping[str, str] = {
    "asked": "application",
    "decided": "decision",
    "granted": "earlier",
    "participants_with_enough_hours": "covenant",
    "invoices": "documents",
    "invoices_after_refund": "documents",
    "public_refund": "public",
}
"""On what a step of a sum rests, where it is not the rules of the fund."""
VALUES: Mapping[str, str] = {
    "rate_x_hours": "rate_per_participant_hour",
    "share_of_cost": "intervention_percentage",
    "maximum_per_participant": "maximum_per_participant",
    "left_of_the_year": "yearly_amount",
    "left_of_company": "maximum_per_company",
}
"""The number of the policy that a step names."""
ADDED = frozenset({"invoices", "invoices_after_refund", "fund"})
"""Steps of a sum that is added up; every other takes the lowest."""
FOR_APPLICANTS = frozenset(
    {
        *("UREN_TE_WEINIG", "UREN_TE_VEEL", "TE_LAAT_INGEDIEND", "UITZENDKRACHT", "ZAAKVOERDER", "NIET_IN_SECTOR"),
        *("TE_VER_TERUG", "GEEN_HEFBOOM", "HEFBOOM_LOOPT_AL", "PROJECT_AL_AFGEROND", "OFFERTES_TE_WEINIG"),
        *("BEGROTING_KLOPT_NIET", "SCHIJVEN_KLOPPEN_NIET", "EINDE_VOOR_BEGIN", "DUBBELE_AANVRAAG"),
    }
)
"""Checks whose sentence says to an applicant what it says to staff; the others tell staff what to do."""
TITLES = {
    "decision_granted": "granted",
    "decision_partial": "partial",
    "decision_refused": "refused",
    "decision_reversed": "reversed",
}

Content = dict[str, Any]


def decision(case: Case, words: Wording) -> Content:
    """The decision and what follows from it."""
    sort = TITLES[case.template]
    amount = Decimal(case.values.get("amount", "0"))
    told = {
        "fund": policies.funds()[case.fund].name,
        "amount": words.euro(amount),
        "instrument": words.word(case.instrument.value),
    }
    said = [words.say(f"decision.{sort}", **told)]
    if sort == "partial" and case.values.get("asked"):
        said.append(words.say("decision.asked", asked=words.euro(Decimal(case.values["asked"]))))
    more = [name for name in ("was", "claimed") if sort == "reversed" and case.values.get(name)]
    said += [words.say(f"decision.reversed_{name}", **{name: words.euro(Decimal(case.values[name]))}) for name in more]
    level = words.say(f"levels.{case.decision.level}") if case.decision else ""
    return {
        "title": words.say(f"decision.title_{sort}"),
        "decision": " ".join(said),
        "level": level,
        "why": _why(case, words, sort),
        "sum": _sum(case, words, amount) if sort != "refused" else None,
        "conditions": _conditions(case, words),
        "next": {"heading": words.say("decision.next"), "lines": _next(case, words, sort)},
    }


def objection(case: Case, words: Wording, until: date | None) -> Content | None:
    """How to object and until when; None where nobody can."""
    if until is None:
        return None
    fund = policies.funds()[case.fund]
    room = "decision" if case.template in TITLES else "recovery"
    how = {"email": fund.email, "fund": fund.name, "seat": fund.seat, "number": case.number}
    return {
        "heading": words.say(f"{room}.objection"),
        "until": words.say(f"{room}.objection_until", until=words.day(until)),
        "how": words.say(f"{room}.objection_how", **how),
    }


def reasons(case: Case, words: Wording, codes: str) -> list[str]:
    """Why, in full sentences: with what was looked at where a check says it, else the reason itself."""
    failed = {failure.code: failure for failure in case.failures if failure.code in FOR_APPLICANTS}
    return [_reason(code, failed.get(code), words) for code in codes.replace(",", "|").split("|") if code.strip()]


def _reason(code: str, failure: Failure | None, words: Wording) -> str:
    if failure is not None:
        stated = {"code": failure.code, "source": failure.source, "values": dict(failure.values)}
        try:
            check = Check(passed=False, blocking=failure.consequence, **stated)
            return sentences.sentence(check, words.language.value)
        except (KeyError, ValueError):  # an older build looked at other values than today's sentence tells
            pass
    return words.sentence(code.strip())


def _why(case: Case, words: Wording, sort: str) -> Content | None:
    told = reasons(case, words, case.values.get("reasons", ""))
    if not told and sort == "partial" and case.decision and any(case.decision.steps):
        told = [words.say("decision.why_sum")]
    return {"heading": words.say("decision.why"), "lines": told} if told else None


def _sum(case: Case, words: Wording, granted: Decimal) -> Content | None:
    """The sum, a row for every step; None for a decision without one."""
    lines = [line.rpartition(": ") for line in (case.decision.steps if case.decision else ()) if line]
    steps = [(rule, Decimal(amount)) for rule, _, amount in lines]
    if not steps:
        return None
    policy = _policy(case)
    added = any(rule in ADDED for rule, _ in steps)
    if not added and granted != min(amount for _, amount in steps):
        steps.append(("decided", granted))  # who decided chose another amount than the rules give
    return {
        "heading": words.say("decision.sum"),
        "told": words.say("decision.sum_added" if added else "decision.sum_lowest"),
        "head": [words.say(f"decision.{column}") for column in ("rule", "basis", "amount")],
        "rows": [
            [_rule(rule, policy, words), words.say(f"bases.{BASES.get(rule, 'rules')}"), words.euro(amount)]
            for rule, amount in steps
        ],
        "result": [words.say("decision.result"), words.euro(granted)],
    }


def _rule(rule: str, policy: Policy | None, words: Wording) -> str:
    """A step in words, with the number of the policy where it has one."""
    value = getattr(policy, VALUES.get(rule, ""), None) if policy else None
    if isinstance(value, Decimal):
        shown = words.percentage(value) if rule == "share_of_cost" else words.euro(value)
        return words.say(f"rules_with.{rule}", value=shown)
    spelled = words.say(f"rules.{rule}") if words.knows(f"rules.{rule}") else words.word(rule)
    return f"{spelled[:1].upper()}{spelled[1:]}"


def _policy(case: Case) -> Policy | None:
    own = (one for one in policies.every() if one.fund is case.fund and one.instrument is case.instrument)
    return next((one for one in own if one.version == case.policy), None)


def _conditions(case: Case, words: Wording) -> Content | None:
    """What the grant hangs on, each with its last day, counted from the day of the decision."""
    stated = case.decision.conditions if case.decision else ()
    lines = [_condition(code, case.dated, words) for code in stated]
    if not lines:
        return None
    told = words.say("decision.conditions_follow")
    return {"heading": words.say("decision.conditions"), "told": told, "lines": lines}


def _condition(code: str, decided_on: date, words: Wording) -> str:
    spelled = words.sentence(code).removesuffix(".")
    condition = CONDITIONS.get(code)
    if condition is None:
        return f"{spelled}."
    until = Deadline(start=decided_on, term=Term.parse(condition.term)).last_day
    said = words.say("decision.condition_until", condition=spelled, day=words.day(until)) + "."
    return f"{said} {words.say('decision.condition_held')}" if condition.before_payment else said


def _next(case: Case, words: Wording, sort: str) -> list[str]:
    if sort in ("refused", "reversed"):
        return [words.say(f"decision.next_{sort}")]
    lines = [
        words.say("decision.next_paid", amount=words.euro(part.amount), moment=_moment(part.moment, words))
        for part in case.parts
        if part.amount > 0
    ]
    account = "".join(case.addressee.account.split())
    if account:
        lines.append(words.say("decision.next_account", account=account[-4:]))
    asked = case.decision is not None and bool(case.decision.conditions)
    return lines if asked else [*lines, words.say("decision.next_granted")]


def _moment(moment: str, words: Wording) -> str:
    return words.say(f"moments.{moment if words.knows(f'moments.{moment}') else 'later'}")

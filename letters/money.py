"""What letters about money say: what was paid, and what is claimed back and how it is paid."""

from datetime import date
from decimal import Decimal
from typing import Any

import policies
from letters.decisions import reasons
from letters.values import Case
from letters.wording import Wording, plain
from policies import LegalPerson
from schemes.communications import is_communication, spelled

Content = dict[str, Any]
SORTS = {"recovery": "", "recovery_reminder": "_reminder", "recovery_planned": "_planned"}


def payment(case: Case, words: Wording) -> Content:
    """A payment that the bank carried out."""
    amount = words.euro(Decimal(case.values["amount"]))
    told = {"fund": policies.funds()[case.fund].name, "instrument": words.word(case.instrument.value)}
    account = "".join(case.addressee.account.split())
    on = case.values.get("on", "")
    details = [
        (words.say("payment.instalment"), _instalment(case)),
        (words.say("payment.day"), words.day(date.fromisoformat(on)) if on else ""),
        (words.say("payment.account"), account[-4:]),
        (words.say("payment.communication"), plain(case.values.get("reference", ""))),
    ]
    return {
        "title": words.say("payment.title"),
        "told": words.say("payment.told", amount=amount, **told),
        "details": {"heading": words.say("payment.details"), "rows": [list(row) for row in details if row[1]]},
        "next": {"heading": words.say("payment.next"), "lines": [words.say("payment.nothing")]},
    }


def recovery(case: Case, words: Wording) -> Content:
    """Support that is claimed back: for the first time, because it did not come, or in parts.

    `parts` among the values are days and amounts, as `2026-03-01=100.00`, joined by '|'.
    """
    fund, sort = policies.funds()[case.fund], SORTS[case.template]
    amount = words.euro(Decimal(case.values["amount"]))
    told = {"amount": amount, "fund": fund.name, "instrument": words.word(case.instrument.value)}
    why = reasons(case, words, case.values.get("reason", ""))
    return {
        "title": words.say(f"recovery.title{sort}"),
        "told": words.say(f"recovery.told{sort}", **told),
        "why": {"heading": words.say("recovery.why"), "lines": why},
        "pay": _pay(case, words, fund, amount),
        "next": {"heading": words.say("recovery.heading_next"), "lines": [words.say(f"recovery.next{sort}")]},
    }


def _pay(case: Case, words: Wording, fund: LegalPerson, amount: str) -> Content:
    """What somebody types over at the bank."""
    until = case.values.get("until", "")
    communication = case.values.get("communication") or case.values.get("reference", "")
    rows = [
        ("amount", amount),
        ("until", words.day(date.fromisoformat(until)) if until else ""),
        ("account", fund.iban),
        ("bic", fund.bic),
        ("to", fund.name),
        ("communication", spelled(communication) if is_communication(communication) else communication),
    ]
    return {
        "heading": words.say("recovery.pay"),
        "rows": [[words.say(f"recovery.{name}"), value] for name, value in rows if value],
        "told": words.say("recovery.exactly") if communication else None,
        "parts": words.say("recovery.parts"),
        "lines": _parts(case.values.get("parts", ""), words),
    }


def _parts(parts: str, words: Wording) -> list[str]:
    split = [part.partition("=") for part in parts.split("|") if part]
    return [
        words.say("recovery.part", amount=words.euro(Decimal(amount)), day=words.day(date.fromisoformat(day)))
        for day, _, amount in split
    ]


def _instalment(case: Case) -> str:
    """The part that was paid, of `DOSSIER/payment/INSTALMENT/ATTEMPT`."""
    parts = case.occasion.split("/")
    return parts[2] if len(parts) > 2 and parts[1] == "payment" else ""

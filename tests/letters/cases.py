"""Letters of every sort, as the post room would ask for them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from letters.composing import LETTERS, OF_A_PERSON
from letters.values import Addressee, Case, Decision, Failure, Part
from models.messages.words import Fund, Instrument, Language

NUMBER = "ANT-2025-S-000123"
SUM = ("rate_x_hours: 1000.00", "cost_minus_sme_wallet: 10000.00", "asked: 1500.00")
CLAIM = {"amount": "250.00", "reason": "lower_final_amount", "until": "2025-06-02", "communication": "202400000138"}
WITH_SUM = Decision("approver", SUM, ("condition_invoice", "condition_results"))
TOO_FEW = Failure("UREN_TE_WEINIG", "P1", "refuse", {"case": "formal", "hours": "3", "minimum": "4"})
PARTS = "2025-07-01=125.00|2025-08-01=125.00"
LANGUAGES = (Language.DUTCH, Language.FRENCH, Language.ENGLISH)
EVERY = [
    (template, language)
    for template in sorted(LETTERS)
    for language in Language
    if language in LANGUAGES or template in OF_A_PERSON
]
"""Every letter in every language it is written in."""

TYPED = {"answer_page": "portaal.example/antwoord", "answer_code": "7K2M-QX4T"}

VALUES: dict[str, dict[str, str]] = {
    "decision_granted": {"amount": "1000.00", "asked": "1000.00", "until": "2025-04-13"},
    "decision_partial": {"amount": "1000.00", "asked": "1500.00", "until": "2025-04-13", "reasons": "no_budget"},
    "decision_refused": {"amount": "0", "asked": "1500.00", "until": "2025-04-13", "reasons": "UREN_TE_WEINIG|unclear"},
    "decision_reversed": {
        "amount": "400.00",
        "was": "1000.00",
        "claimed": "600.00",
        "reasons": "wrong_amount",
        "until": "2025-04-13",
    },
    "payment_done": {"amount": "1000.00", "on": "2025-05-02", "reference": NUMBER},
    "recovery": CLAIM,
    "recovery_reminder": {
        **CLAIM,
    },
    "recovery_planned": {
        "amount": "250.00",
        "until": "2025-08-01",
        "reference": "+++202/4000/00138+++",
        "parts": PARTS,
    },
    "request_documents": {
        "wants": "invoice|proof_of_payment/attendance",
        "until": "2025-04-13",
        "silence": "lapses",
        "stops_clock": "True",
    },
    "request_reminder": {"wants": "iban", "until": "2025-04-13", "silence": "asked_again"},
    "trajectory_offer": {"agency": "RiseSmart (Gent)", "offered_on": "2025-03-12", "until": "2025-04-13"},
    "trajectory_follow_up": {"months": "12", "until": "2025-04-13", **TYPED},
    "trajectory_follow_up_reminder": {"until": "2025-04-13", **TYPED},
}
"""What each mail carries, by template."""
OCCASIONS = {
    "payment_done": f"{NUMBER}/payment/1/1",
    "trajectory_offer": "answer/1",
    "trajectory_follow_up": "follow_up/1",
    "trajectory_follow_up_reminder": "follow_up/1/reminder/1",
    "recovery": f"{NUMBER}/recovery/1",
    "recovery_planned": f"{NUMBER}/recovery/1/9",
}


def case(template: str = "decision_partial", language: Language = Language.DUTCH, **more: Any) -> Case:
    """A letter to an employer of Antwerp; `more` replaces what it is made of."""
    refused = template == "decision_refused"
    without_sum = {"decision_refused": Decision("handler"), "decision_reversed": Decision("approver")}
    own: dict[str, Any] = {
        "template": template,
        "occasion": OCCASIONS.get(template, "1"),
        "number": NUMBER,
        "fund": Fund.ANTWERPEN,
        "instrument": Instrument.FORMAL_TRAINING,
        "policy": "2023-01-01",
        "language": language,
        "dated": date(2025, 3, 14),
        "values": VALUES[template],
        "addressee": Addressee("Karolien Uyllynck", "Ardwicast Precision", "2160 Wommelgem", "BE69 0350 0073 1278"),
        "reference": "AANV-2025-17",
        "decision": without_sum.get(template, WITH_SUM),
        "parts": () if refused else (Part("final_report", Decimal(1000)),),
        "failures": (TOO_FEW,) if refused else (),
    }
    return Case(**own | more)

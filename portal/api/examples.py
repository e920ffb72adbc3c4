"""One application of each instrument, as a system sends it; shown in the description and received in a test."""

from collections.abc import Mapping
from typing import Any

from models.messages.words import Instrument

_EMPLOYER: dict[str, Any] = {
    "enterprise_number": "0417497106",
    "employer_name": "Staalbouw Peeters",
    "establishment_number": "2000000042",
    "postcode": "2000",
    "municipality": "Antwerpen",
}
_CONTACT: dict[str, Any] = {
    "contact_name": "Petra Peeters",
    "email": "petra@staalbouw.example",
    "language": "nl",
    "iban": "BE68539007547034",
}
_PERSON: dict[str, Any] = {
    "first_name": "Jan",
    "last_name": "Maes",
    "birth_date": "1984-06-02",
    "status": "worker",
}
_PLAN: dict[str, Any] = {
    "goal": "Iedereen kan tot het pensioen aan de slag blijven.",
    "reason": "De machines worden vervangen.",
    "starts_on": "2027-02-01",
    "ends_on": "2027-11-30",
    "expert_name": "An Janssens",
    "expert_email": "an@expert.example",
    "expert_organisation": "Werk en Welzijn",
    "quotes": 3,
    "participants": [_PERSON | {"hours_planned": "120"}],
    "budget": [
        {"sort": "guidance", "description": "Begeleiding door de expert", "amount": "6000.00"},
        {"sort": "report", "amount": "1500.00"},
    ],
    "asked": "3000.00",
}
_TRAINING: dict[str, Any] = {
    **_EMPLOYER,
    "joint_committee": "111",
    "filed": "before",
    "title": "Veilig werken op hoogte",
    "provider": "Centrum voor Veiligheid",
    "starts_on": "2027-02-01",
    "ends_on": "2027-02-02",
    "hours": "16",
    "participants": [_PERSON | {"hours_planned": "16"}],
    "cost": "800.00",
    "asked": "80.00",
    **_CONTACT,
}
EXAMPLES: Mapping[Instrument, dict[str, Any]] = {
    Instrument.FORMAL_TRAINING: {"instrument": "formal_training", "reference": "LL-2026-000815", **_TRAINING},
    Instrument.INFORMAL_TRAINING: {
        "instrument": "informal_training",
        **_TRAINING,
        "title": "Lassen naast een ervaren collega",
        "hours": "40",
        "ends_on": "2027-03-31",
    },
    Instrument.CAREER_ACCOUNT: {
        "instrument": "career_account",
        "filed_by": "person",
        **_PERSON,
        "employed_since": "2015-09-01",
        "email": "jan@post.example",
        "language": "nl",
        "enterprise_number": "0417497106",
        "employer_name": "Staalbouw Peeters",
        "postcode": "2000",
        "purpose": "training",
        "title": "Boekhouden",
        "provider": "Avondschool",
        "starts_on": "2027-02-01",
        "ends_on": "2027-06-30",
        "hours": "60",
        "fee": "250.00",
        "asked": "250.00",
        "iban": "BE68539007547034",
    },
    Instrument.TRANSITION_SUPPORT: {
        "instrument": "transition_support",
        **_EMPLOYER,
        "joint_committee": "111",
        "title": "Van lasser naar onderhoudstechnicus",
        "present_job": "Lasser",
        "new_job": "Onderhoudstechnicus",
        "bottleneck": True,
        "hours": "120",
        "council_advice": "favourable",
        **_PLAN,
        **_CONTACT,
    },
    Instrument.PROJECT_FINANCING: {
        "instrument": "project_financing",
        **_EMPLOYER,
        "lever": "workable_work",
        "title": "Ploegen die werken",
        "publication_consent": False,
        **_PLAN,
        **_CONTACT,
    },
    Instrument.OUTPLACEMENT: {
        "instrument": "outplacement",
        **_EMPLOYER,
        "dismissal": "individual",
        "bankrupt": False,
        "people": [
            _PERSON
            | {
                "language": "nl",
                "email": "jan@post.example",
                "service_began_on": "2005-03-01",
                "dismissed_on": "2026-09-07",
                "contract_ended_on": "2026-09-07",
                "indemnity_weeks": "36",
                "urgent_cause": False,
                "employment_fraction": "1",
                "four_weeks_withheld": True,
            }
        ],
        **_CONTACT,
    },
}

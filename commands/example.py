"""An application as `doorstroom receive` takes it; a test receives it."""

from typing import Any

EXAMPLE: dict[str, Any] = {
    "idempotency_key": "voorbeeld-0001",
    "fund": "ANT",
    "reference": "VOORBEELD-0001",
    "enterprise_number": "0000401460",
    "received_at": "2024-03-04T09:00:00+01:00",
    "facts": {
        "kind": "subsidy",
        "instrument": "formal_training",
        "filed_on": "2024-03-04",
        "filed": "after",
        "starts_on": "2024-02-01",
        "ends_on": "2024-02-02",
        "hours": "16",
        "participants": [
            {"line": 1, "status": "worker", "hours_planned": "16", "hours_attended": "16"},
            {"line": 2, "status": "employee", "hours_planned": "16", "hours_attended": "16"},
        ],
        "stated_participants": 2,
        "cost": "2000.00",
        "asked": "160.00",
        "postcode": "2160",
        "municipality": "Wommelgem",
        "joint_committee": "111+209",
        "documents": ["attendance", "invoice", "programme", "proof_of_payment"],
        "iban_valid": True,
        "known_on": "2024-03-04",
    },
    "parties": [
        {
            "party": "applicant",
            "name": "Karolien Voorbeeld",
            "email": "karolien@bedrijf.example",
            "language": "nl",
            "iban": "BE69 0350 0073 1278",
        }
    ],
    "people": [
        {"line": 1, "first_name": "Jan", "last_name": "Voorbeeld", "birth_date": "1980-05-17"},
        {"line": 2, "first_name": "An", "last_name": "Voorbeeld", "birth_date": "1991-11-02"},
    ],
    "documents": [["invoice", "factuur.pdf"], ["proof_of_payment", "betaalbewijs.pdf"]],
    "typed": {"Titel opleiding": "Veilig werken op hoogte"},
}

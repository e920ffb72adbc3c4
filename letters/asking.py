"""What a letter has to know of a dossier: one question to the database, and its answer as values.

Worker, pages and commands each ask it over a connection of their own, so it stands here as text.
"""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from letters.values import Addressee, Case, Decision, Failure, Part
from models.messages.words import Fund, Instrument, Language, Party

QUESTION = """
    SELECT dossier.number, dossier.fund, dossier.instrument, dossier.policy, dossier.rehearsed, receipt.reference,
        (SELECT to_jsonb(contact) FROM contact
            WHERE contact.dossier = dossier.number AND contact.party = $2) AS contact,
        (SELECT jsonb_build_object('name', name, 'place', concat_ws(' ', postcode, municipality)) FROM employer
            WHERE employer.enterprise_number = receipt.enterprise_number
            ORDER BY employer.fund <> dossier.fund, establishment_number LIMIT 1) AS employer,
        (SELECT data FROM event WHERE event.dossier = dossier.number AND type = 'decided'
            AND data ->> 'decision' = $3) AS decided,
        (SELECT data -> 'checks' FROM event WHERE event.dossier = dossier.number AND type = 'checked'
            ORDER BY sequence DESC LIMIT 1) AS checks,
        (SELECT jsonb_agg(jsonb_build_object('moment', moment, 'amount', amount) ORDER BY instalment) FROM instalment
            WHERE instalment.dossier = dossier.number) AS parts
    FROM dossier LEFT JOIN receipt ON receipt.number = dossier.number
    WHERE dossier.number = $1
"""
"""Asked with the number, the party that is written to, and the decision it is about ("" for none)."""


def decision_of(template: str, occasion: str) -> str:
    """The decision that a mail tells, as `QUESTION` asks for it."""
    return occasion if template.startswith("decision_") else ""


def case_of(
    row: Mapping[str, Any],
    template: str,
    occasion: str,
    party: str,
    dated: date,
    values: Mapping[str, str],
    *,
    language: Language | None = None,
    decision: Decision | None = None,
) -> Case:
    """The answer as values; without `language` that of whoever is written to. `decision` is one not taken yet."""
    contact, decided = _read(row["contact"]) or {}, _read(row["decided"])
    instrument = Instrument(row["instrument"])
    return Case(
        template=template,
        occasion=occasion,
        number=row["number"],
        fund=Fund(row["fund"]),
        instrument=instrument,
        policy=row["policy"],
        language=language or Language(contact.get("language", Language.DUTCH)),
        dated=dated,
        values={name: str(value) for name, value in values.items() if value not in (None, "", "None")},
        addressee=_addressee(contact, _read(row["employer"]) or {}, party, instrument),
        reference=row["reference"] or "",
        rehearsed=row["rehearsed"],
        decision=decision or (_decision(decided) if decided else None),
        parts=tuple(Part(part["moment"], Decimal(str(part["amount"]))) for part in _read(row["parts"]) or ()),
        failures=tuple(_failure(check) for check in _read(row["checks"]) or () if not check["passed"]),
    )


def _addressee(
    contact: Mapping[str, Any], employer: Mapping[str, Any], party: str, instrument: Instrument
) -> Addressee:
    """Who is written to. A career account is applied for by the worker: its letters never name the employer."""
    of_company = party == Party.APPLICANT and instrument is not Instrument.CAREER_ACCOUNT
    own_place = " ".join(part for part in (contact.get("postcode"), contact.get("municipality")) if part)
    return Addressee(
        name=contact.get("name") or "",
        organisation=employer.get("name", "") if of_company else "",
        place=own_place or (employer.get("place", "") if of_company else ""),
        street=contact.get("street") or "",
        country=contact.get("country") or "",
        account=contact.get("iban") or "",
    )


def _decision(decided: Mapping[str, Any]) -> Decision:
    conditions = tuple(decided.get("conditions") or ())
    return Decision(level=decided["level"], steps=tuple(decided.get("steps") or ()), conditions=conditions)


def _failure(check: Mapping[str, Any]) -> Failure:
    return Failure(check["code"], check["source"], check["consequence"], check.get("values") or {})


def _read(value: Any) -> Any:
    """JSON as a driver gives it: read already, or as text."""
    return json.loads(value) if isinstance(value, str) else value

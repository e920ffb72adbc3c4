"""What a payment must pass before it stands in a file, asked when it is collected and when it is released."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from schwifty import IBAN

import policies
from banking.orders import MOST
from models.messages.payment_runs import HoldReason
from models.messages.words import Fund, Instrument
from schemes.identifiers import compact_iban, iban_valid

LIVE = "('included', 'sealed', 'accepted', 'executed', 'unknown')"
ANSWERED = """(
    EXISTS (SELECT FROM task WHERE task.dossier = payment.dossier AND step = 'payment' AND task.state = 'held')
    OR EXISTS (
        SELECT FROM pending_command AS told WHERE told.dossier = payment.dossier AND (
            told.name = 'settle_payment'
            OR (told.name = 'complete_task' AND told.command ->> 'task' LIKE '%/payment/%')
        )
    )
)"""
"""Somebody answered for this payment by hand, or the bank did, and the dossier has not said so yet."""
_DIGEST = "encode(sha256(convert_to(upper(regexp_replace(contact.iban, '\\s', '', 'g')), 'UTF8')), 'hex')"
_FACTS = f"""
    SELECT payment.payment, payment.dossier, payment.instalment, payment.amount AS gross, payment.account_of,
        payment.state, payment.instructed_at, dossier.rehearsed, dossier.fund, dossier.instrument, dossier.policy,
        dossier.granted, dossier.paid, dossier.outcome, contact.name AS contact, contact.iban,
        contact.communication, {_DIGEST} AS digest,
        account_check.state AS checked, known.name AS employer, known.accounts
    FROM payment
    JOIN dossier ON dossier.number = payment.dossier
    LEFT JOIN receipt ON receipt.number = payment.dossier
    LEFT JOIN contact ON contact.dossier = payment.dossier AND contact.party = payment.account_of
    LEFT JOIN account_check ON account_check.dossier = payment.dossier
        AND account_check.party = payment.account_of AND account_check.digest = {_DIGEST}
    LEFT JOIN LATERAL (
        SELECT min(name) AS name, array_agg(iban) AS accounts FROM employer
        WHERE employer.enterprise_number = receipt.enterprise_number AND payment.account_of = 'applicant'
    ) AS known ON true
"""
DUE = f"""{_FACTS}
    WHERE payment.state = 'instructed' AND dossier.fund = :fund AND dossier.rehearsed = :rehearsed AND NOT {ANSWERED}
        AND NOT EXISTS (
            SELECT FROM payment_line AS line LEFT JOIN payment_run USING (run)
            WHERE line.payment = payment.payment AND (
                line.state IN {LIVE} OR (line.state = 'held' AND payment_run.state IN ('draft', 'signing'))
            )
        )
    ORDER BY payment.payment
"""
"""What is instructed and stands in no line that holds it, nor lies held in a run that is still open."""
OF_PAYMENT = f"{_FACTS} WHERE payment.payment = :payment"


def found_wrong(row: Mapping[str, Any], net: Decimal, person: bool) -> HoldReason | None:
    """Why a payment cannot be made as it stands; None when nothing is wrong. `net` in euro is what would be paid.

    An account is known when the employer's file has it, when a second person verified it, or when a natural person
    stated it at the receipt and nobody changed it since.
    """
    if row["outcome"] is not None:
        return HoldReason.CLOSED_DOSSIER
    if net <= 0:
        return HoldReason.AMOUNT_NOT_POSITIVE
    if net > MOST:
        return HoldReason.AMOUNT_TOO_LARGE
    if row["paid"] + row["gross"] > row["granted"]:
        return HoldReason.ABOVE_GRANT
    if not holder(row, person):
        return HoldReason.HOLDER_MISSING
    return _account_wrong(row, person)


def holder(row: Mapping[str, Any], person: bool) -> str:
    """On whose name the account stands: the enterprise when the employers' file knows it, else who was named."""
    return (None if person else row["employer"]) or row["contact"] or ""


def _account_wrong(row: Mapping[str, Any], person: bool) -> HoldReason | None:
    account = compact_iban(row["iban"] or "")
    if not account:
        return HoldReason.ACCOUNT_MISSING
    if not _valid(account):
        return HoldReason.ACCOUNT_INVALID
    if row["checked"] == "refused":
        return HoldReason.ACCOUNT_REFUSED
    known = {compact_iban(iban) for iban in row["accounts"] or () if iban}
    stated_and_kept = person and row["checked"] is None
    if row["checked"] == "verified" or account in known or stated_and_kept:
        return None
    return HoldReason.ACCOUNT_UNVERIFIED


@lru_cache(maxsize=50_000)
def _valid(account: str) -> bool:
    """By its own check digits, and within the reach of a euro payment."""
    return iban_valid(account) and IBAN(account).in_sepa_zone


def percentage_withheld(row: Mapping[str, Any]) -> Decimal:
    """What the policy that governs the dossier withholds of a premium to a person, in percent.

    Raises:
        Refusal: the fund has no such policy.
    """
    version = date.fromisoformat(row["policy"])
    return policies.in_force(Fund(row["fund"]), Instrument(row["instrument"]), version).withholding_percentage

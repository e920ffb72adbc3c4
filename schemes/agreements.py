"""What a framework agreement and the registered hours justify, beside what was invoiced. Amounts are euros, no VAT.

Hours of one person fill the phases in their order: 25 in the first and 15 in the second are the 40 that two phases of
20 ask. Only phases that began count. That the fund pays by hours delivered follows from "sharp prices" and "quality"
in the covenant (act. 20); how a phase below its hours counts stands in each agreement.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from models.messages.agreements import Agreement, Delivered, Evidence
from schemes.checks import Check, stated
from schemes.coded_answers import amount_in
from schemes.money import cents
from schemes.regimes import Regime

NOTHING = Decimal(0)
CELL = frozenset({Regime.COLLECTIVE_UNDER_45, Regime.COLLECTIVE_45_PLUS, Regime.BANKRUPTCY})
"""Regimes whose guidance is one phase of an employment cell or a public fund: counted by the hour."""
LINE = "line."
"""Before the number of a person, in the values of an answer about invoices."""
MOST_NAMED = 40
"""People whose line is told one by one; of the others the sum says enough."""
SOURCE = "covenant, act. 20"


class Reason(StrEnum):
    """Why less is justified than the price of all that began."""

    HOURS_MISSING = "hours_missing"
    NO_AGREEMENT = "no_agreement"
    NOT_STARTED = "not_started"


class Justified(NamedTuple):
    """What may be asked for one person, and why it is not more."""

    amount: Decimal
    reason: Reason | None


class Line(NamedTuple):
    """One person on the invoices; `invoiced` None: only a total was given."""

    person: Delivered
    justified: Justified
    invoiced: Decimal | None


def justified(person: Delivered, agreement: Agreement | None) -> Justified:
    """What one person may cost by the hours that are registered, to the cent."""
    if person.started_on is None:
        return Justified(NOTHING, Reason.NOT_STARTED)
    if agreement is None:
        return Justified(NOTHING, Reason.NO_AGREEMENT)
    if agreement.phase_prices and person.regime not in CELL:
        return _by_phase(person, agreement)
    if agreement.hour_price is None:
        return Justified(NOTHING, Reason.NO_AGREEMENT)
    if person.hours <= 0 or person.hours < agreement.least_hours:
        return Justified(NOTHING, Reason.HOURS_MISSING)
    return Justified(cents(person.hours * agreement.hour_price), None)


def _by_phase(person: Delivered, agreement: Agreement) -> Justified:
    left, amount, short = person.hours, NOTHING, person.begun == 0
    for price, least in list(zip(agreement.phase_prices, agreement.phase_hours, strict=True))[: person.begun]:
        given = min(left, least)
        left -= given
        short |= given < least
        amount += price if given == least else _below(agreement, price, given / least)
    return Justified(cents(amount), Reason.HOURS_MISSING if short else None)


def _below(agreement: Agreement, price: Decimal, share: Decimal) -> Decimal:
    return cents(price * share) if agreement.below_minimum == "pro_rata" else NOTHING


def lines(evidence: Evidence, invoiced: Mapping[str, Decimal]) -> tuple[Line, ...]:
    """Everybody with what is justified, and what was invoiced for whom it was said; who is on no invoice costs 0."""
    return tuple(
        Line(
            person,
            justified(person, None if person.agreement is None else evidence.agreements[person.agreement]),
            invoiced.get(person.trajectory, NOTHING) if invoiced else None,
        )
        for person in evidence.people
    )


def invoiced_lines(values: Mapping[str, str]) -> dict[str, Decimal]:
    """Amounts per person in an answer: `line.ANT-2024-J-000001` is 1250.50; what cannot be read is left out."""
    named = {name.removeprefix(LINE): amount_in(values, name) for name in values if name.startswith(LINE)}
    return {person: amount for person, amount in named.items() if amount is not None}


def check_invoices(evidence: Evidence, total: Decimal, invoiced: Mapping[str, Decimal]) -> tuple[Check, ...]:
    """Whether the invoices ask more than the hours justify: of the total, then of whom more was asked for.

    A handler looks; nothing is refused by it. Of at most forty people the line is told, the widest apart first.
    """
    found = lines(evidence, invoiced)
    unknown = sorted(set(invoiced) - {line.person.trajectory for line in found})
    over = sorted((line for line in found if _above(line) > 0), key=_above, reverse=True)
    return (
        _of_total(found, total),
        *([_of_unknown(unknown, invoiced)] if unknown else []),
        *(_of_person(line) for line in over[:MOST_NAMED]),
    )


def _above(line: Line) -> Decimal:
    return NOTHING if line.invoiced is None else line.invoiced - line.justified.amount


def _of_total(found: tuple[Line, ...], total: Decimal) -> Check:
    amount = sum((line.justified.amount for line in found), NOTHING)
    started = sum(line.person.started_on is not None for line in found)
    counts = {
        reason.value: sum(line.justified.reason is reason for line in found)
        for reason in (Reason.HOURS_MISSING, Reason.NO_AGREEMENT)
    }
    hours = sum((line.person.hours for line in found), NOTHING)
    values = stated(
        invoiced=total, justified=amount, difference=total - amount, people=started, registered=hours, **counts
    )
    case = {"case": "no_hours"} if hours == 0 else {}
    return _check("FACTUUR_EN_UREN", total <= amount, values | case)


def _of_unknown(unknown: list[str], invoiced: Mapping[str, Decimal]) -> Check:
    amount = sum((invoiced[one] for one in unknown), NOTHING)
    return _check("FACTUUR_ANDER_PERSOON", False, stated(count=len(unknown), invoiced=amount))


def _of_person(line: Line) -> Check:
    case = line.justified.reason or "price"
    values = stated(
        trajectory=line.person.trajectory,
        invoiced=line.invoiced,
        justified=line.justified.amount,
        hours=line.person.hours,
        difference=_above(line),
        case=str(case),
    )
    return _check("FACTUUR_PERSOON", False, values)


def _check(code: str, passed: bool, values: dict[str, str]) -> Check:
    return Check(code=code, passed=passed, blocking="look", source=SOURCE, fields=("invoiced",), values=values)

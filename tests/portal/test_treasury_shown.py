"""What the pages of money show of an amount and of an account number."""

from __future__ import annotations

from decimal import Decimal

import pytest

from models.messages.words import Role
from portal.access.visitor import Visitor
from portal.treasury.bars import FULL, Part, Sums, parts, place, together
from portal.treasury.desk import account_shown, masked, spaced
from tests.portal.conftest import staff

IBAN = "BE68539007547034"


def sums(budget: str, reserved: str, committed: str, paid: str, recovered: str = "0") -> Sums:
    granted, held, promised, gone, back = (Decimal(each) for each in (budget, reserved, committed, paid, recovered))
    return Sums(granted, held, promised, gone, back, granted - held - promised + back)


BARS = {
    "nothing used": (sums("1000", "0", "0", "0"), ()),
    "everything paid": (sums("1000", "0", "1000", "1000"), (Part("paid", 0, FULL),)),
    "each its own stretch": (
        sums("1000", "100", "500", "200"),
        (Part("paid", 0, 200), Part("committed", 200, 300), Part("reserved", 500, 100)),
    ),
    "what came back is room again": (
        sums("1000", "0", "500", "500", "200"),
        (Part("paid", 0, 300),),
    ),
    "a budget of nothing": (sums("0", "0", "0", "0"), ()),
}


@pytest.mark.parametrize(("used", "shown"), BARS.values(), ids=BARS)
def test_a_bar_shows_the_numbers_beside_it(used: Sums, shown: tuple[Part, ...]) -> None:
    assert parts(used) == shown


def test_envelopes_together_are_their_sum() -> None:
    one, other = sums("1000", "100", "500", "200"), sums("500.50", "0", "100", "50", "25")
    assert together((one, other)) == sums("1500.50", "100", "600", "250", "25")


def test_what_is_above_the_budget_lies_at_the_end_of_the_bar() -> None:
    assert place(Decimal(1200), Decimal(1000)) == FULL


def finance(*roles: Role) -> Visitor:
    return staff("ANT-finance-1", *roles)


@pytest.mark.parametrize(
    ("roles", "shown"),
    [
        ((Role.FINANCE,), "BE68 5390 0754 7034"),
        ((Role.AUDITOR,), "BE68 5390 0754 7034"),
        ((Role.APPROVER,), "BE68 •••• •••• 7034"),
        ((Role.BOARD,), "BE68 •••• •••• 7034"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_only_who_pays_or_audits_reads_a_whole_account_number(roles: tuple[Role, ...], shown: str) -> None:
    assert account_shown(finance(*roles), IBAN) == shown


def test_no_account_is_shown_as_nothing_and_a_short_one_is_hidden_whole() -> None:
    assert account_shown(finance(), None) == ""
    assert masked("BE68") == "••••"
    assert spaced("BE685390") == "BE68 5390"

"""The whole course of the money of a dossier, as a model over the rules: whatever happens in whatever order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import policies
from models.messages.words import Fund, Instrument
from schemes.money import cents
from schemes.recoveries import booked, claimable
from schemes.reversal import ReversalError, Standing, plan_reversal

PROCEDURE = policies.in_force(Fund.ANTWERPEN, Instrument.FORMAL_TRAINING, date(2024, 1, 1)).procedure
CENTS = st.integers(1, 8_000_00).map(lambda cents: Decimal(cents) / 100)


class Course(RuleBasedStateMachine):
    """Grants, payments, reversals, claims and receipts, one after the other."""

    @initialize(granted=CENTS)
    def decided(self, granted: Decimal) -> None:
        self.granted, self.right = granted, granted
        self.paid = self.recovered = self.came = self.too_much = Decimal(0)
        self.claims: list[Decimal] = []

    @property
    def claimed(self) -> Decimal:
        return sum(self.claims, Decimal(0))

    @rule(part=st.integers(1, 4))
    def pays_a_part_of_what_is_left(self, part: int) -> None:
        self.paid += cents((self.granted - self.paid) / part)

    @rule(amount=st.one_of(st.just(Decimal(0)), CENTS))
    def turns_the_decision_back(self, amount: Decimal) -> None:
        known = {"granted": self.granted, "paid": self.paid, "recovered": self.recovered, "claimed": self.claimed}
        try:
            plan = plan_reversal(Standing(asked=None, **known), amount, PROCEDURE)
        except ReversalError:
            return
        if plan.anew:  # decided on again, within what was right
            self.granted = self.right = amount
            return
        self.granted, self.right = plan.granted, amount
        if plan.claim:
            self.claims.append(plan.claim)

    @rule(amount=CENTS)
    def claims_back(self, amount: Decimal) -> None:
        asked = min(amount, claimable(self.paid, self.recovered, self.claimed))
        if asked > 0:
            self.claims.append(asked)

    @precondition(lambda self: self.claims)
    @rule(amount=CENTS)
    def money_comes_back(self, amount: Decimal) -> None:
        counted, excess = booked(amount, self.claims[0])
        self.recovered, self.too_much, self.came = self.recovered + counted, self.too_much + excess, self.came + amount
        self.claims[0] -= counted
        if not self.claims[0]:
            del self.claims[0]

    @precondition(lambda self: self.claims)
    @rule()
    def a_claim_is_let_go(self) -> None:
        self.right += self.claims.pop()

    @invariant()
    def never_pays_more_than_granted(self) -> None:
        assert Decimal(0) <= self.paid <= self.granted

    @invariant()
    def never_asks_more_than_was_paid(self) -> None:
        assert self.recovered + self.claimed <= self.paid
        assert all(claim > 0 for claim in self.claims)

    @invariant()
    def loses_nothing_that_came(self) -> None:
        assert self.recovered + self.too_much == self.came


Course.TestCase.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)
test_the_money_of_a_dossier_balances_whatever_happens = Course.TestCase

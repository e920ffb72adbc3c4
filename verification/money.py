"""Whether money moved as it may: after a decision, never above the grant, each instalment once."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from models.messages.events import Decided, GrantChanged, PaymentConfirmed, PaymentInstructed, PaymentReturned
from verification.findings import Fault
from verification.journal import Journal


def check_payments(journal: Journal) -> Iterator[Fault]:
    """The payments of one dossier in the order in which they happened. Amounts in euro."""
    granted, paid = Decimal(0), Decimal(0)
    instructed: dict[str, PaymentInstructed] = {}
    confirmed: Counter[int] = Counter()
    for fact in journal.facts(Decided, GrantChanged, PaymentInstructed, PaymentConfirmed, PaymentReturned):
        match fact:
            case Decided(granted=amount) | GrantChanged(granted=amount):
                granted = amount
            case PaymentInstructed():
                if granted <= 0:
                    yield _fault(journal, f"{fact.payment} is opgedragen zonder beslissing die iets toekent")
                instructed[fact.payment] = fact
            case PaymentConfirmed(payment=payment) if payment not in instructed:
                yield _fault(journal, f"{payment} is bevestigd maar nooit opgedragen")
            case PaymentConfirmed(payment=payment):
                paid += instructed[payment].amount
                confirmed[instructed[payment].instalment] += 1
                if paid > granted:
                    yield _fault(
                        journal, f"met {payment} is {paid} euro betaald, meer dan de toegekende {granted} euro"
                    )
                if fact.paid != paid:
                    yield _fault(journal, f"{payment} zegt dat {fact.paid} euro betaald is, de som is {paid} euro")
            case PaymentReturned(payment=payment, paid=left) if left is not None and payment in instructed:
                paid -= instructed[payment].amount
                confirmed[instructed[payment].instalment] -= 1
                if left != paid:
                    yield _fault(journal, f"{payment} zegt dat {left} euro betaald bleef, de som is {paid} euro")
    for instalment, times in sorted(confirmed.items()):
        if times > 1:
            yield _fault(journal, f"schijf {instalment} is {times} keer betaald")


def _fault(journal: Journal, text: str) -> Fault:
    return Fault(dossier=journal.number, check="payment", text=text)

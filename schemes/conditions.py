"""What a grant may be made to hang on: a closed list per instrument, each a duty with its own last day.

The list and its terms are examples: no source names conditions (domain.md 3.3). Silence never decides: money that waits
for a condition stays held, and a person is asked what the silence means.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from models.messages.message import Message
from models.messages.words import Document, Instrument

REMINDERS = ("14 days", "3 days")
"""How long before the last day the applicant is reminded."""


class Condition(Message):
    """One condition: within which term, proven by what, and what becomes of the money meanwhile.

    `silence`: `held` (nothing is paid before), `lowered` (a person may lower the grant), `asked_again`.
    """

    code: str
    term: str
    proof: Document
    silence: Literal["held", "lowered", "asked_again"]

    @property
    def before_payment(self) -> bool:
        """Whether nothing is paid before it is settled."""
        return self.silence == "held"


CONDITIONS: Mapping[str, Condition] = {
    condition.code: condition
    for condition in (
        Condition(code="condition_invoice", term="30 days", proof=Document.INVOICE, silence="held"),
        Condition(code="condition_payment_proof", term="30 days", proof=Document.PROOF_OF_PAYMENT, silence="held"),
        Condition(code="condition_council", term="60 days", proof=Document.WORKS_COUNCIL_ADVICE, silence="held"),
        Condition(code="condition_employment", term="6 months", proof=Document.EMPLOYMENT_PROOF, silence="lowered"),
        Condition(code="condition_results", term="3 months", proof=Document.SURVEY_REPORT, silence="asked_again"),
    )
}
OF_INSTRUMENT: Mapping[Instrument, tuple[str, ...]] = {
    Instrument.FORMAL_TRAINING: ("condition_invoice", "condition_payment_proof", "condition_results"),
    Instrument.INFORMAL_TRAINING: ("condition_results",),
    Instrument.CAREER_ACCOUNT: ("condition_invoice", "condition_payment_proof"),
    Instrument.TRANSITION_SUPPORT: ("condition_council", "condition_employment", "condition_results"),
    Instrument.PROJECT_FINANCING: ("condition_invoice", "condition_council", "condition_results"),
    Instrument.OUTPLACEMENT: ("condition_payment_proof",),
}
"""Which conditions a decision on an instrument may carry."""
DECIDES = frozenset({"review", "approval"})
"""Steps whose approval may name conditions: who advises and who decides."""


def possible(instrument: str) -> tuple[Condition, ...]:
    """The conditions a decision on this instrument may carry, in order."""
    codes = OF_INSTRUMENT.get(Instrument(instrument), ())
    return tuple(CONDITIONS[code] for code in codes)


def unknown(codes: Sequence[str], instrument: str) -> tuple[str, ...]:
    """Which of these codes are no condition of this instrument."""
    known = {condition.code for condition in possible(instrument)}
    return tuple(code for code in codes if code not in known)

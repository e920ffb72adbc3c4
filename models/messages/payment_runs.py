"""What people tell a payment run, and where it stands. No names, no account numbers: those stay in PostgreSQL."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from models.messages.commands import Actor
from models.messages.message import Message
from models.messages.words import Fund

RunState = Literal[
    "draft", "signing", "sealed", "handing_over", "handed_over", "unknown", "settled", "discarded", "nothing_due"
]
"""`nothing_due`: there was nothing to pay, and no run was made."""


class HoldReason(StrEnum):
    """Why a line is not paid in this run. The first ones the house finds itself, the last ones a person says."""

    ACCOUNT_MISSING = "account_missing"
    ACCOUNT_INVALID = "account_invalid"
    ACCOUNT_UNVERIFIED = "account_unverified"
    ACCOUNT_REFUSED = "account_refused"
    ACCOUNT_CHANGED = "account_changed"
    HOLDER_MISSING = "holder_missing"
    AMOUNT_TOO_LARGE = "amount_too_large"
    AMOUNT_NOT_POSITIVE = "amount_not_positive"
    ABOVE_GRANT = "above_grant"
    CLOSED_DOSSIER = "closed_dossier"
    SETTLED_MEANWHILE = "settled_meanwhile"
    ANSWERED_BY_HAND = "answered_by_hand"
    STILL_HELD = "still_held"
    TO_LOOK_INTO = "to_look_into"
    DISPUTE = "dispute"
    INSOLVENCY = "insolvency"
    WRONG_AMOUNT = "wrong_amount"
    OTHER = "other"


SAID_BY_PEOPLE = frozenset(
    {
        HoldReason.TO_LOOK_INTO,
        HoldReason.DISPUTE,
        HoldReason.INSOLVENCY,
        HoldReason.WRONG_AMOUNT,
        HoldReason.OTHER,
    }
)
DiscardReason = Literal["made_by_mistake", "wrong_day", "other", "not_signed_in_time", "no_lines_left"]
"""Why nothing of a run is paid; the last two the house finds itself."""


class RunOpening(Message):
    """A person of finance wants everything paid that is due to a fund, real or rehearsed."""

    run: str
    fund: Fund
    rehearsed: bool
    by: Actor
    on: date | None = None
    """The wished day of execution; the first bank day from it counts. None: the next bank day."""


class SignRun(Message):
    """One of the two signatures under the lines as they are now."""

    run: str
    by: Actor


class ChangeLine(Message):
    """Exclude a line from this run, hold it, or release what was held; `reason` is needed for the first two."""

    run: str
    line: str
    change: Literal["exclude", "hold", "release"]
    by: Actor
    reason: HoldReason | None = None


class DiscardRun(Message):
    """Nothing of this run is paid; its payments are due again."""

    run: str
    by: Actor
    reason: DiscardReason


class SettleHandOver(Message):
    """A person looked whether the file reached the bank. If not, the same file is written again."""

    run: str
    by: Actor
    bank_has_it: bool


class RunStanding(Message):
    """Where a run stands. `total` in euro: what its lines pay."""

    run: str
    state: RunState
    execution_on: date | None = None
    lines: int = 0
    """Lines that pay, or paid, something."""
    held: int = 0
    total: Decimal = Decimal(0)
    signatures: int = 0
    waiting: int = 0
    """Lines of which the bank has not said the last word."""

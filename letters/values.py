"""What a letter is made of: coded values as they stand in rows, and the name and place of who gets it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from models.messages.words import Fund, Instrument, Language

NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who gets a letter. Personal: known while a letter is made, kept in erasable rows only."""

    name: str = ""
    organisation: str = ""
    place: str = ""
    """Postcode and municipality."""
    account: str = ""
    """The account number that is paid to; a letter shows its last four figures."""
    street: str = ""
    """Street, number and box; of a participant only, nobody else's is known here."""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """The formal outcome that a letter tells. Amounts in euro; `steps` are lines such as `asked: 100.00`."""

    level: str
    steps: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    """Codes of `schemes.conditions`."""


@dataclass(frozen=True, slots=True)
class Part:
    """A planned part of the grant, in euro."""

    moment: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Failure:
    """A check that did not pass, with what it looked at."""

    code: str
    source: str
    consequence: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Case:
    """Everything one letter may speak of.

    `template` and `values` are those of the mail that goes with it: ISO dates, decimal amounts and codes.
    """

    template: str
    occasion: str
    number: str
    fund: Fund
    instrument: Instrument
    policy: str
    language: Language
    dated: date
    """The dossier's own day."""
    values: Mapping[str, str]
    addressee: Addressee
    reference: str = ""
    """The number that the applicant gave it."""
    rehearsed: bool = False
    decision: Decision | None = None
    parts: tuple[Part, ...] = ()
    failures: tuple[Failure, ...] = field(default=())

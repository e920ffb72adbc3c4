"""What comes out of an import: facts for the rules, and beside them everything personal, to be kept in rows."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from importing.faults import Fault
from models.messages.facts import Facts
from models.messages.message import Message
from models.messages.words import Fund, Instrument, Kind, Language


class Heads(Message):
    """How many people an establishment had on a day; `staff` is the total as the office wrote it."""

    counted_on: date
    workers: int
    employees: int
    staff: int


class EmployerRow(Message):
    """One establishment of an employer, as the office lists it."""

    enterprise_number: str
    establishment_number: str
    social_security_number: str
    name: str
    legal_form: str
    activity_code: str
    activity: str
    postcode: str
    municipality: str
    region: str
    joint_committee_workers: str
    sub_committee_workers: str
    joint_committee_employees: str
    heads: tuple[Heads, ...]
    """Of every day that the list names, the oldest first."""
    iban: str
    iban_valid: bool
    contact_name: str
    contact_role: str
    email: str
    phone: str
    language: Language
    stopped_on: date | None = None
    stopped_because: str = ""


class Person(Message):
    """Somebody in a dossier; `line` is the line of the participant's facts."""

    line: int
    first_name: str
    last_name: str
    birth_date: date
    role: str = ""
    education: str = ""
    outcome: str = ""
    key: str | None = None
    """Keyed digest by which the same person is known in every dossier; of who is dismissed only."""

    @property
    def name(self) -> str:
        """First name and surname, as in a letter."""
        return f"{self.first_name} {self.last_name}".strip()


class PersonalData(Message):
    """Everything of an application that must be erasable: names, numbers, free text, and the row as it was typed."""

    enterprise_number: str
    establishment_number: str = ""
    employer_name: str
    contact_name: str = ""
    email: str = ""
    phone: str = ""
    language: Language = Language.DUTCH
    iban: str = ""
    street: str = ""
    postcode: str = ""
    municipality: str = ""
    country: str = ""
    title: str = ""
    texts: Mapping[str, str] = {}
    """Other free text, by the column it stands in."""
    people: tuple[Person, ...] = ()
    attachments: tuple[str, ...] = ()
    typed: Mapping[str, str] = {}

    def words(self) -> dict[str, str]:
        """What `schemes.sentences.sentence` may name in a sentence."""
        names = {f"name:{person.line}": person.name for person in self.people}
        births = {f"birth_date:{person.line}": person.birth_date.isoformat() for person in self.people}
        asked = self.typed.get("Gevraagd bedrag", self.typed.get("Gevraagde steun", ""))
        return names | births | {"iban": self.iban, "asked_as_typed": asked}


class Guidance(Message):
    """What the agency reported of a guidance that ended or stopped, in clock hours per phase."""

    ended_on: date | None = None
    hours_by_phase: tuple[Decimal, ...] = ()
    not_started_because: str = ""


class Application(Message):
    """One application to receive. An outplacement carries the trajectories of the people dismissed."""

    reference: str
    """The number the office or applicant gave it."""
    key: str | None = None
    """By which it is received once, where the fund has that number more than once."""
    fund: Fund
    kind: Kind
    instrument: Instrument
    filed_on: date
    facts: Facts
    personal: PersonalData
    fingerprint: str | None = None
    """Keyed hash of employer, course and people, the same when the same is asked twice; subsidy for training only."""
    guidance: Guidance | None = None
    trajectories: tuple["Application", ...] = ()


class Batch(Message):
    """What one import gave; there are faults, or there are applications and employers, never both."""

    applications: tuple[Application, ...] = ()
    employers: tuple[EmployerRow, ...] = ()
    faults: tuple[Fault, ...] = ()

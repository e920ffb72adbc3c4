"""A rehearsed bank: takes files to pay, answers them, and tells what it booked, with all that banks do besides.

Most lines are carried out, some are rejected, some come back days later. A file may be booked in two halves, a
statement sent twice, a booking told before it stands on the statement, and strangers pay in and take out. The same seed
gives the same bytes.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from random import Random

from banking.records import message_of, records
from rehearsal.bank_books import Booking, Line, Sheet, answer
from schemes.calendar import ONE_DAY, next_bank_day

OPENING = Decimal("25000000.00")
"""On every account before its first booking, in euro."""
REJECTED, RETURNED = ("AC01", "AC06", "BE01"), ("AC04", "MD07", "MS03")
STRANGER = "BE68539007547034"
"""An account of nobody: the example in the standard of account numbers."""
_CUTS = {"GrpHdr": ("Document",), "PmtInf": ("Document",), "CdtTrfTxInf": ("PmtInf",)}


class Fate(StrEnum):
    """What really became of a line, as far as the bank has told."""

    PENDING = "pending"
    EXECUTED = "executed"
    REJECTED = "rejected"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Manners:
    """How often the bank does what, between 0 and 1: of lines, of files (`halved`), of statements (the others)."""

    rejected: float = 0.03
    returned: float = 0.04
    halved: float = 0.3
    repeated: float = 0.3
    notified: float = 0.3
    strangers: float = 0.5


EXACT = Manners(rejected=0, returned=0, halved=0, repeated=0, notified=0, strangers=0)
"""Everything is carried out and told once."""


@dataclass
class RehearsedBank:
    """One bank for all accounts. `refused` counts files with a name it had seen: each would have paid twice."""

    seed: int
    manners: Manners = field(default_factory=Manners)
    refused: int = 0
    _seen: set[str] = field(default_factory=set)
    _lines: dict[str, Line] = field(default_factory=dict)
    _fates: dict[str, Fate] = field(default_factory=dict)
    _due: list[Booking] = field(default_factory=list)
    _answers: list[tuple[str, bytes]] = field(default_factory=list)
    _balances: dict[str, Decimal] = field(default_factory=lambda: defaultdict(lambda: OPENING))
    _numbers: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _old: dict[str, bool] = field(default_factory=dict)

    def receive(self, content: bytes) -> None:
        """A file to pay is handed over; its answer comes with the next ones. A name that was seen is refused."""
        lines, batch, sums = _read(content)
        first = lines[0]
        name = f"ANSWER-{len(self._seen) + self.refused + 1:04}"
        self._old[first.account] = first.old
        if first.message_id in self._seen:
            self.refused += 1
            self._answers.append((f"{name}.xml", answer(name, first, ("RJCT", "DU01"), ())))
            return
        self._seen.add(first.message_id)
        if {sums} != {(len(lines), sum(line.amount for line in lines))}:
            self._keep(lines, Fate.REJECTED)
            self._answers.append((f"{name}.xml", answer(name, first, ("RJCT", "AM10"), ())))
            return
        self._keep(lines, Fate.PENDING)
        rejected = [(line, why) for line in lines if (why := self._rejection(line))]
        self._fates |= {line.end_to_end: Fate.REJECTED for line, _ in rejected}
        word = ("RJCT", "") if len(rejected) == len(lines) else ("PART", "") if rejected else ("ACTC", "")
        self._answers.append((f"{name}.xml", answer(name, first, word, rejected)))
        self._carry_out([line for line in lines if self._fates[line.end_to_end] is Fate.PENDING], batch)

    def pay_in(self, account: str, amount: Decimal, communication: str, on: date, *, name: str, iban: str) -> None:
        """Somebody pays `amount` euro on an account, as whoever repays a claim does."""
        reference = self._reference(f"{account}/{communication}/{amount}/{on}")
        paid = Booking(on, account, amount, reference, name=name, iban=iban, communication=communication)
        self._due.append(paid)

    def answers(self, day: date) -> list[tuple[str, bytes]]:
        """The files of the bank until a day that were not given yet: their names and what is in them."""
        given, self._answers = self._answers, []
        now = [booking for booking in self._due if booking.on <= day]
        self._due = [booking for booking in self._due if booking.on > day]
        for booking in now:
            for told in booking.lines or ([self._lines[booking.end_to_end]] if booking.message_id else []):
                self._fates[told.end_to_end] = Fate.RETURNED if booking.reason else Fate.EXECUTED
        days = defaultdict[tuple[date, str], list[Booking]](list)
        for booking in now:
            days[booking.on, booking.account].append(booking)
        for (on, account), bookings in sorted(days.items(), key=lambda told: told[0]):
            given += self._told(account, on, bookings)
        return given

    def truth(self) -> dict[str, Fate]:
        """What became of every line that was handed over, as far as the files that were given tell it."""
        return dict(self._fates)

    def paid(self) -> dict[str, Decimal]:
        """What every line that was carried out, and stayed away, brought to its beneficiary, in euro."""
        return {name: self._lines[name].amount for name, fate in self._fates.items() if fate is Fate.EXECUTED}

    def _keep(self, lines: list[Line], fate: Fate) -> None:
        for line in lines:
            assert line.end_to_end not in self._lines, f"{line.end_to_end} was handed over in another file"
            self._lines[line.end_to_end], self._fates[line.end_to_end] = line, fate

    def _rejection(self, line: Line) -> str | None:
        chance = self._chance(f"rejected/{line.end_to_end}")
        return chance.choice(REJECTED) if chance.random() < self.manners.rejected else None

    def _carry_out(self, lines: list[Line], batch: bool) -> None:
        """What will be booked of a file, and when."""
        if not lines:
            return
        first = lines[0]
        later = _day_after(first.execution_on)
        halved = self._chance(f"halved/{first.message_id}").random() < self.manners.halved
        if batch:
            whole = -sum((line.amount for line in lines), Decimal(0))
            reference = self._reference(first.message_id)
            of_all = Booking(first.execution_on, first.account, whole, reference, message_id=first.message_id)
            self._due.append(replace(of_all, lines=tuple(lines)))
        for place, line in enumerate(lines):
            on = later if halved and place % 2 else line.execution_on
            if not batch:
                self._due.append(self._booking(line, on, -line.amount))
            chance = self._chance(f"returned/{line.end_to_end}")
            if chance.random() < self.manners.returned:
                back = on
                for _ in range(chance.randint(1, 4)):
                    back = _day_after(back)
                self._due.append(self._booking(line, back, line.amount, chance.choice(RETURNED)))

    def _booking(self, line: Line, on: date, amount: Decimal, reason: str = "") -> Booking:
        reference = self._reference(f"{line.end_to_end}/{reason}")
        known = (line.end_to_end, line.message_id, line.name, line.iban, line.communication, line.text)
        return Booking(on, line.account, amount, reference, *known, reason=reason)

    def _told(self, account: str, on: date, bookings: list[Booking]) -> Iterator[tuple[str, bytes]]:
        """The files on one day of an account."""
        self._numbers[account] += 1
        name = f"STATEMENT-{account[-4:]}-{self._numbers[account]:04}"
        often = self._often(name)
        if often("strangers"):
            bookings = bookings + self._strangers(account, on)
        old, number = self._old.get(account, False), self._numbers[account]
        if often("notified"):
            early = Sheet(f"{name}-EARLY", account, on, number, bookings, None, old)
            yield f"{early.name}.xml", early.written()
        sheet = Sheet(name, account, on, number, bookings, self._balances[account], old)
        self._balances[account] += sum(booking.amount for booking in bookings)
        yield f"{name}.xml", sheet.written()
        if often("repeated"):
            yield f"{name}-COPY.xml", sheet.written()
            again = Sheet(f"{name}-AGAIN", account, on, number, bookings, sheet.opening, old)
            yield f"{again.name}.xml", again.written()

    def _strangers(self, account: str, on: date) -> list[Booking]:
        """Costs of the bank, somebody who pays in without a word, and somebody who names a claim of another house."""
        chance = self._chance(f"strangers/{account}/{on}")
        amounts = [Decimal(chance.randint(100, 500_000)) / 100 for _ in range(3)]
        costs, silent, elsewhere = (self._reference(f"stranger/{account}/{on}/{place}") for place in range(3))
        return [
            Booking(on, account, -amounts[0], costs, text="Kosten van de rekening"),
            Booking(on, account, amounts[1], silent, name="Niemand NV", iban=STRANGER, text="zie bijlage"),
            Booking(on, account, amounts[2], elsewhere, name="Elders BV", iban=STRANGER, communication="090933755493"),
        ]

    def _often(self, statement: str) -> Callable[[str], bool]:
        """Whether the bank does something with this statement, by the name of the manner."""
        return lambda manner: self._chance(f"{manner}/{statement}").random() < getattr(self.manners, manner)

    def _chance(self, what: str) -> Random:
        """Chance that is the same for the same thing, whatever came before it."""
        return Random(f"{self.seed}/{what}")

    def _reference(self, what: str) -> str:
        return hashlib.blake2b(f"{self.seed}/{what}".encode(), digest_size=8).hexdigest().upper()


def _day_after(day: date) -> date:
    return next_bank_day(day + ONE_DAY)


def _read(content: bytes) -> tuple[list[Line], bool, tuple[int, Decimal]]:
    """The lines of a file, whether they are one booking, and how many the header says they are and what together."""
    old = message_of(content).endswith("03")
    lines: list[Line] = []
    header: dict[str, str] = {}
    batch = False
    for record in records(content, lambda message: message.startswith("pain.001."), _CUTS):
        match record.name:
            case "GrpHdr":
                header = record.found
            case "CdtTrfTxInf" if record.within is not None:
                lines.append(_line(record.found, record.within.found, header["MsgId"], old))
            case _:
                batch = record.first("BtchBookg") == "true"
    return lines, batch, (int(header["NbOfTxs"]), Decimal(header["CtrlSum"]))


def _line(told: dict[str, str], batch: dict[str, str], message_id: str, old: bool) -> Line:
    return Line(
        end_to_end=told["PmtId/EndToEndId"],
        amount=Decimal(told["Amt/InstdAmt"]),
        account=batch["DbtrAcct/Id/IBAN"],
        message_id=message_id,
        execution_on=date.fromisoformat(batch["ReqdExctnDt" if old else "ReqdExctnDt/Dt"]),
        name=told["Cdtr/Nm"],
        iban=told["CdtrAcct/Id/IBAN"],
        text=told.get("RmtInf/Ustrd", ""),
        communication=told.get("RmtInf/Strd/CdtrRefInf/Ref", ""),
        old=old,
    )

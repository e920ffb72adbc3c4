"""The file of a signed run: what is still due, once, to the cent; and how it leaves the house."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import asyncpg
import pytest
from lxml import etree
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from models.errors import Refusal
from models.messages.payment_runs import HoldReason, SettleHandOver
from models.messages.words import Fund
from tests.treasury.due import FIRST, NOW, SECOND, Payment, Till, amounts, due, execute, finance, lines, rows, value
from treasury import sealing
from treasury.handing_over import hand_over, outbox, settle_hand_over, stands_in_outbox
from treasury.settling import give_up, look, settle_line

CONTENT = "SELECT content FROM payment_run"


def told(content: bytes, path: str) -> list[str]:
    """What stands in a file under a path of its own names."""
    tree = etree.fromstring(content)
    space = {"p": etree.QName(tree).namespace or ""}
    return [found.text or "" for found in tree.findall(f".//p:{path.replace('/', '/p:')}", space)]


def files(folder: Path) -> list[str]:
    """Every file that lies for a bank."""
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*.xml"))


async def test_a_sealed_file_says_what_was_signed_to_the_cent(engine: AsyncEngine) -> None:
    payments = [Payment(Decimal("120.55")), Payment(Decimal("0.01")), Payment(Decimal("9999.99"))]
    await due(engine, *payments)

    stands = await Till(engine).sealed()

    content = await value(engine, CONTENT)
    assert (stands.state, stands.lines, stands.total) == ("sealed", 3, amounts(payments))
    assert told(content, "EndToEndId") == [one.line for one in payments]
    assert [Decimal(found) for found in told(content, "InstdAmt")] == [one.amount for one in payments]
    assert told(content, "MsgId") == ["ANT-2026-B-0001-01"]
    assert told(content, "DbtrAcct/Id/IBAN") == ["BE44068942075545"]
    kept = await rows(engine, "SELECT lines, total, file_hash, file_name FROM payment_run")
    assert kept == [(3, amounts(payments), hashlib.sha256(content).hexdigest(), "ANT-2026-B-0001-01.xml")]


async def test_sealed_again_it_is_the_same_to_the_byte(engine: AsyncEngine) -> None:
    await due(engine, Payment())
    till = Till(engine)
    first = await till.sealed()
    content = await value(engine, CONTENT)
    assert await till.seal() == first
    assert await value(engine, CONTENT) == content


async def test_a_bank_that_takes_the_older_message_gets_it(engine: AsyncEngine) -> None:
    await due(engine, Payment())
    till = Till(engine)
    await till.collect()
    await till.sign(FIRST, SECOND)
    await sealing.seal(engine, till.run, banks_on_three=frozenset({"GKCCBEBB"}))
    assert b"pain.001.001.03" in await value(engine, CONTENT)


async def test_one_signature_seals_nothing(engine: AsyncEngine) -> None:
    await due(engine, Payment())
    till = Till(engine)
    await till.collect()
    await till.sign(FIRST)
    with pytest.raises(Refusal, match="twee personen"):
        await till.seal()


MEANWHILE: Mapping[str, tuple[str, HoldReason]] = {
    "confirmed by the dossier": (
        "UPDATE payment SET state = 'confirmed' WHERE dossier = :dossier",
        HoldReason.SETTLED_MEANWHILE,
    ),
    "answered by hand, held for ten minutes": (
        "UPDATE task SET state = 'held' WHERE dossier = :dossier",
        HoldReason.ANSWERED_BY_HAND,
    ),
    "told by the bank already": (
        "INSERT INTO pending_command VALUES (:dossier, 'bank:x', 'settle_payment', '{}', now())",
        HoldReason.ANSWERED_BY_HAND,
    ),
    "withdrawn": ("UPDATE dossier SET outcome = 'withdrawn' WHERE number = :dossier", HoldReason.CLOSED_DOSSIER),
    "granted less": ("UPDATE dossier SET granted = 1 WHERE number = :dossier", HoldReason.ABOVE_GRANT),
}


@pytest.mark.parametrize(("happened", "reason"), MEANWHILE.values(), ids=MEANWHILE.keys())
async def test_what_is_not_due_any_more_is_left_out(engine: AsyncEngine, happened: str, reason: HoldReason) -> None:
    one, other = Payment(), Payment()
    await due(engine, one, other)
    till = Till(engine)
    await till.collect()
    await till.sign(FIRST, SECOND)
    await execute(engine, happened, dossier=one.number)
    assert (await till.seal()).lines == 1
    assert (await lines(engine, till.run))[one.line] == ("excluded", reason)
    assert told(await value(engine, CONTENT), "EndToEndId") == [other.line]


async def test_when_nothing_is_left_there_is_no_file(engine: AsyncEngine) -> None:
    await due(engine, Payment())
    till = Till(engine)
    await till.collect()
    await till.sign(FIRST, SECOND)
    await execute(engine, "UPDATE payment SET state = 'confirmed'")
    assert (await till.seal()).state == "discarded"
    assert await value(engine, CONTENT) is None


async def test_what_is_held_when_it_is_sealed_is_due_in_the_next_run(engine: AsyncEngine) -> None:
    one, other = Payment(), Payment()
    await due(engine, one, other)
    till = Till(engine)
    await till.collect()
    await till.change(one.line, "hold")
    await till.sign(FIRST, SECOND)
    await till.seal()
    assert (await lines(engine, till.run))[one.line] == ("excluded", "dispute")
    assert (await Till(engine, "ANT-2026-B-0002").collect()).lines == 1


async def test_a_file_that_cannot_be_written_leaves_a_draft_to_put_right(engine: AsyncEngine) -> None:
    await due(engine, Payment())
    till = Till(engine)
    await till.collect()
    await till.sign(FIRST, SECOND)
    await execute(engine, "UPDATE payment_line SET communication = '123'")
    stands = await till.seal()
    assert (stands.state, stands.signatures) == ("draft", 0)
    assert await value(engine, "SELECT reason FROM payment_run") == "file_impossible"


async def test_what_a_run_pays_is_not_answered_by_hand(engine: AsyncEngine) -> None:
    one = Payment()
    await due(engine, one)
    answer = (
        "INSERT INTO pending_command "
        "SELECT dossier, 'x', 'complete_task', jsonb_build_object('task', task), now() FROM task"
    )
    await Till(engine).sealed()
    with pytest.raises(DBAPIError, match="in_payment_run"):
        await execute(engine, answer)
    await execute(engine, "UPDATE payment_line SET state = 'unknown'")
    await execute(engine, answer)


@pytest.mark.parametrize("answer_first", [True, False], ids=["the answer came first", "the seal came first"])
async def test_an_answer_and_a_seal_at_the_same_moment_pay_once(
    engine: AsyncEngine, database_urls: object, answer_first: bool
) -> None:
    """The one waits for the other, and then sees it."""
    one, other = Payment(), Payment()
    await due(engine, one, other)
    till = Till(engine)
    await till.collect()
    await till.sign(FIRST, SECOND)
    await execute(engine, "UPDATE payment_line SET state = 'unknown' WHERE line = :line", line=one.line)
    url = re.sub(r"\+asyncpg", "", str(getattr(database_urls, "app")))  # noqa: B009
    answering = await asyncpg.connect(url)
    try:
        tried = answering.transaction()
        await tried.start()
        await answering.execute(
            "INSERT INTO pending_command VALUES ($1, 'x', 'complete_task', jsonb_build_object('task', $2::text), $3)",
            one.number,
            f"{one.number}/payment/1",
            NOW,
        )
        await execute(engine, "UPDATE payment_line SET state = 'included' WHERE line = :line", line=one.line)
        sealing_now = asyncio.create_task(till.seal())
        await asyncio.sleep(0.3)
        assert not sealing_now.done()
        await (tried.commit() if answer_first else tried.rollback())
        await sealing_now
    finally:
        await answering.close()
    paid = {line for line, (state, _) in (await lines(engine, till.run)).items() if state == "sealed"}
    assert paid == ({other.line} if answer_first else {one.line, other.line})


async def test_the_file_lies_where_the_bank_takes_it_byte_for_byte(engine: AsyncEngine, tmp_path: Path) -> None:
    await due(engine, Payment())
    till = Till(engine)
    await till.sealed()

    stands = await hand_over(engine, till.run, tmp_path)

    (file,) = outbox(tmp_path, "ANT", rehearsed=False).iterdir()
    assert (stands.state, file.name) == ("handed_over", "ANT-2026-B-0001-01.xml")
    assert file.read_bytes() == await value(engine, CONTENT)
    assert stands_in_outbox(tmp_path, "ANT", file.name, rehearsed=False)


async def test_a_rehearsed_file_lies_where_no_bank_looks(engine: AsyncEngine, tmp_path: Path) -> None:
    await due(engine, Payment(rehearsed=True))
    till = Till(engine)
    await till.collect(rehearsed=True)
    await till.sign(FIRST, SECOND)
    await till.seal()
    await hand_over(engine, till.run, tmp_path)
    assert files(tmp_path) == ["rehearsed/out/ANT/ANT-2026-B-0001-01.xml"]


async def test_handed_over_again_nothing_is_written(engine: AsyncEngine, tmp_path: Path) -> None:
    await due(engine, Payment())
    till = Till(engine)
    await till.sealed()
    await hand_over(engine, till.run, tmp_path)
    (file,) = outbox(tmp_path, "ANT", rehearsed=False).iterdir()
    file.unlink()  # the bank took it
    assert (await hand_over(engine, till.run, tmp_path)).state == "handed_over"
    assert list(outbox(tmp_path, "ANT", rehearsed=False).iterdir()) == []


async def in_doubt(engine: AsyncEngine, folder: Path) -> Till:
    await due(engine, Payment())
    till = Till(engine)
    await till.sealed()
    await execute(engine, "UPDATE payment_run SET state = 'handing_over'")
    assert (await hand_over(engine, till.run, folder)).state == "unknown"
    return till


async def test_what_an_attempt_began_and_did_not_end_nobody_knows(engine: AsyncEngine, tmp_path: Path) -> None:
    till = await in_doubt(engine, tmp_path)
    assert (await hand_over(engine, till.run, tmp_path)).state == "unknown"
    assert files(tmp_path) == []


@pytest.mark.parametrize(("has", "state"), [(True, "handed_over"), (False, "sealed")], ids=["it has", "it has not"])
async def test_a_person_says_whether_the_bank_has_it(
    engine: AsyncEngine, tmp_path: Path, has: bool, state: str
) -> None:
    till = await in_doubt(engine, tmp_path)
    command = SettleHandOver(run=till.run, by=SECOND, bank_has_it=has)
    for _ in range(2):
        assert (await settle_hand_over(engine, command)).state == state
    assert (await hand_over(engine, till.run, tmp_path)).state == "handed_over"
    assert len(files(tmp_path)) == (not has)


async def test_nobody_settles_what_is_not_in_doubt(engine: AsyncEngine) -> None:
    await due(engine, Payment())
    till = Till(engine)
    await till.sealed()
    with pytest.raises(Refusal, match="niets meer onduidelijk"):
        await settle_hand_over(engine, SettleHandOver(run=till.run, by=FIRST, bank_has_it=True))
    with pytest.raises(Refusal, match="finance"):
        await settle_hand_over(engine, SettleHandOver(run=till.run, by=finance("L", Fund.LIMBURG), bank_has_it=True))


async def test_what_the_bank_does_not_say_in_its_days_people_find_out(engine: AsyncEngine, tmp_path: Path) -> None:
    one, other = Payment(), Payment()
    await due(engine, one, other)
    till = Till(engine)
    await till.sealed()
    await hand_over(engine, till.run, tmp_path)
    await execute(engine, "UPDATE payment_line SET state = 'executed' WHERE line = :line", line=one.line)
    assert (await look(engine, till.run)).state == "handed_over"

    assert (await give_up(engine, till.run)).state == "settled"

    assert await lines(engine, till.run) == {one.line: ("executed", None), other.line: ("unknown", "no_word")}
    for _ in range(2):
        await settle_line(engine, other.line, "executed", FIRST, "uittreksel 42")
    told_dossiers = await rows(engine, "SELECT dossier, update_id, name, command FROM pending_command")
    command = {"payment": other.key, "outcome": "confirmed", "reference": "uittreksel 42"}
    assert told_dossiers == [(other.number, f"bank:{other.line}:confirmed", "settle_payment", command)]
    with pytest.raises(Refusal, match="niets meer onduidelijk"):
        await settle_line(engine, one.line, "returned", FIRST, "uittreksel 42")


async def test_a_run_is_settled_with_the_last_word(engine: AsyncEngine, tmp_path: Path) -> None:
    await due(engine, Payment(), Payment())
    till = Till(engine)
    await till.sealed()
    await hand_over(engine, till.run, tmp_path)
    await execute(engine, "UPDATE payment_line SET state = 'executed'")
    assert (await look(engine, till.run)).state == "settled"

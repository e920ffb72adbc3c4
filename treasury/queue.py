"""What people do with a line that fits nothing by itself: match it by hand, set it aside, or take that back.

A match by hand tells a dossier that money moved, so a second person of finance agrees before it counts; the amount
agrees to the cent, for a person as for the house. Every act is noted.
"""

from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database import transaction
from models.errors import Refusal
from models.messages.commands import Actor, RecoveryPaid, SettlePayment
from models.messages.message import Message
from schemes.money import euro
from treasury.matching import one_at_a_time
from treasury.standing import check_finance
from treasury.verdicts import NOT_SENT

As = Literal["payment", "return", "recovery"]
_ENTRY = "SELECT * FROM bank_entry WHERE entry = :entry"
_LINE = f"""
    SELECT line.line, line.payment, line.dossier, line.amount, line.state, line.state IN {NOT_SENT} AS not_sent,
        (dossier.outcome IS NOT NULL) AS closed
    FROM payment_line AS line LEFT JOIN dossier ON dossier.number = line.dossier
    WHERE line.line = :target AND line.fund = :fund FOR UPDATE OF line
"""
_CLAIM = """
    SELECT recovery, dossier, amount, state FROM recovery
    WHERE recovery = :target AND dossier LIKE :fund || '-%' FOR UPDATE
"""
_PROPOSED = """
    UPDATE bank_entry SET proposed_as = :matched_as, proposed_to = :target, proposed_by = :by WHERE entry = :entry
"""
_MATCHED = """
    UPDATE bank_entry SET state = 'matched', why = 'by_hand', matched_as = :matched_as, matched_to = :target,
        dossier = :dossier, decided_by = :by, decided_at = :at
    WHERE entry = :entry
"""
_ASIDE = """
    UPDATE bank_entry SET state = 'set_aside', proposed_as = NULL, proposed_to = NULL, proposed_by = NULL,
        decided_by = :by, decided_at = :at
    WHERE entry = :entry
"""
_BACK = """
    UPDATE bank_entry SET state = 'unmatched', proposed_as = NULL, proposed_to = NULL, proposed_by = NULL,
        decided_by = NULL, decided_at = NULL
    WHERE entry = :entry
"""
_ACT = """
    INSERT INTO bank_act (entry, fund, sort, matched_as, matched_to, reason, "by", at)
    VALUES (:entry, :fund, :sort, :matched_as, :target, :reason, :by, :at)
"""
_LINE_MOVES = """
    UPDATE payment_line SET state = :state, reason = :reason, "by" = :by, changed_at = :at WHERE line = :target
"""
_TELL = """
    INSERT INTO pending_command (dossier, update_id, name, command, sent_at)
    VALUES (:dossier, :update, :name, CAST(:command AS jsonb), :at) ON CONFLICT DO NOTHING
"""
_SHORTEST_REASON = 5


class Handled(Message):
    """Where a line of the bank stands after an act."""

    entry: int
    state: str
    """`unmatched` while a second person still has to agree."""
    matched_as: str | None = None
    matched_to: str | None = None
    waits_for_second: bool = False


async def match_by_hand(engine: AsyncEngine, entry: int, target: str, by: Actor) -> Handled:
    """Say what a line is: a payment line, what came back of one, or money on a claim. The second person makes it so.

    The same person saying the same again changes nothing; another target is a new proposal.

    Raises:
        Refusal: the line is not open, its amount or account differs, or the person is not of finance of the fund.
    """
    async with transaction(engine) as connection:
        row = await _open_entry(connection, entry, by)
        matched_as, found = await _target(connection, row, target)
        values = {"entry": entry, "fund": row.fund, "matched_as": matched_as, "target": target}
        told = values | {"by": by.person, "at": datetime.now(UTC), "reason": None}
        first = (row.proposed_as, row.proposed_to) == (matched_as, target)
        if not first or row.proposed_by in (by.person, by.for_person):
            if not first:
                await connection.execute(text(_PROPOSED), {**values, "by": by.person})
                await connection.execute(text(_ACT), {**told, "sort": "proposed"})
            return Handled(
                entry=entry, state="unmatched", matched_as=matched_as, matched_to=target, waits_for_second=True
            )
        await _make_so(connection, row, found, told)
    return Handled(entry=entry, state="matched", matched_as=matched_as, matched_to=target)


async def set_aside(engine: AsyncEngine, entry: int, reason: str, by: Actor) -> Handled:
    """A line that is nobody's payment, return or claim, such as costs of the bank: it leaves the queue with a reason.

    Raises:
        Refusal: the reason says nothing, the line is not open, or the person is not of finance of the fund.
    """
    if len(reason.strip()) < _SHORTEST_REASON:
        raise Refusal("ReasonMissing", "Zeg in enkele woorden waarom deze lijn opzij gaat.")
    async with transaction(engine) as connection:
        row = await _open_entry(connection, entry, by)
        at = {"entry": entry, "by": by.person, "at": datetime.now(UTC)}
        await connection.execute(text(_ASIDE), at)
        told = {**at, "fund": row.fund, "sort": "set_aside", "matched_as": None, "target": None}
        await connection.execute(text(_ACT), {**told, "reason": reason.strip()})
    return Handled(entry=entry, state="set_aside")


async def take_back(engine: AsyncEngine, entry: int, by: Actor) -> Handled:
    """A line that was set aside, or whose match waits for a second person, is open again.

    Raises:
        Refusal: it is matched, and the dossier was told so; or nothing was done with it.
    """
    async with transaction(engine) as connection:
        row = await _entry(connection, entry, by)
        if row.state == "matched":
            raise Refusal("AlreadyTold", f"Lijn {entry} is gekoppeld en het dossier weet het al. Dat gaat niet terug.")
        if row.state != "set_aside" and row.proposed_by is None:
            raise Refusal("NothingToUndo", f"Met lijn {entry} is niets gedaan dat terug kan.")
        await connection.execute(text(_BACK), {"entry": entry})
        told = {"entry": entry, "fund": row.fund, "sort": "undone", "matched_as": row.proposed_as}
        more = {"target": row.proposed_to, "reason": None, "by": by.person, "at": datetime.now(UTC)}
        await connection.execute(text(_ACT), told | more)
    return Handled(entry=entry, state="unmatched")


async def _entry(connection: AsyncConnection, entry: int, by: Actor) -> Any:
    """The line, which nobody matches meanwhile."""
    found = (await connection.execute(text(_ENTRY), {"entry": entry})).one_or_none()
    if found is None:
        raise Refusal("UnknownEntry", f"Lijn {entry} van de bank bestaat niet. Kijk het nummer na.")
    check_finance(by, found.fund)
    await one_at_a_time(connection, found.fund)
    return (await connection.execute(text(_ENTRY), {"entry": entry})).one()


async def _open_entry(connection: AsyncConnection, entry: int, by: Actor) -> Any:
    row = await _entry(connection, entry, by)
    if row.state != "unmatched":
        raise Refusal("EntryClosed", f"Lijn {entry} staat niet meer open. Bekijk de wachtrij opnieuw.")
    return row


async def _target(connection: AsyncConnection, row: Any, target: str) -> tuple[As, Any]:
    """What a line is matched to, when it fits."""
    if row.says != "booked":
        raise Refusal("NotMoney", "Dit is een bericht over een opdracht, geen boeking. Zet het opzij met een reden.")
    values = {"target": target, "fund": row.fund}
    claim = (await connection.execute(text(_CLAIM), values)).one_or_none() if row.direction == "credit" else None
    if claim is not None:
        if claim.state != "approved":
            raise Refusal("ClaimNotOpen", f"Op de terugvordering {target} wordt niets meer verwacht.")
        return "recovery", claim
    line = (await connection.execute(text(_LINE), values)).one_or_none()
    if line is None:
        raise Refusal("UnknownTarget", f"Fonds {row.fund} heeft geen betaallijn of terugvordering {target}.")
    if line.amount != row.amount:
        told = f"De bank boekte {euro(row.amount)}, en {target} is {euro(line.amount)}. Zo past het niet."
        raise Refusal("AmountDiffers", told)
    if line.not_sent:
        raise Refusal("NotSent", f"{target} stond in geen bestand voor de bank.")
    if row.direction == "debit":
        if line.state in ("rejected", "returned"):
            raise Refusal("AlreadyReturned", f"Van {target} hoorde het dossier al dat het niet betaald is.")
        return "payment", line
    if line.closed:
        raise Refusal(
            "DossierClosed", f"Dossier {line.dossier} is gesloten en kan niets meer horen. Zet de lijn opzij."
        )
    return "return", line


async def _make_so(connection: AsyncConnection, row: Any, found: Any, told: dict[str, Any]) -> None:
    """Match it, move the payment line, and keep what the dossier must hear."""
    try:
        await connection.execute(text(_MATCHED), {**told, "dossier": found.dossier})
    except IntegrityError as twice:
        raise Refusal("MatchedBefore", f"Aan {told['target']} is al een andere lijn gekoppeld.") from twice
    await connection.execute(text(_ACT), {**told, "sort": "matched"})
    reference = row.bank_reference or f"{row.entry}"
    if told["matched_as"] == "recovery":
        command: Message = RecoveryPaid(
            recovery=found.recovery, amount=row.amount, reference=f"{reference}/{row.entry}", booked_on=row.booked_on
        )
        name, update = "recovery_received", f"bank:{row.entry}"
    else:
        confirmed = told["matched_as"] == "payment"
        reason = None if confirmed else row.reason or "returned"
        moves = {"state": "executed" if confirmed else "returned", "reason": reason}
        await connection.execute(text(_LINE_MOVES), told | moves)
        outcome: Literal["confirmed", "returned"] = "confirmed" if confirmed else "returned"
        command = SettlePayment(payment=found.payment, outcome=outcome, reference=reason or reference)
        name, update = "settle_payment", f"bank:{found.line}:{outcome}"
    sent = {"dossier": found.dossier, "update": update, "name": name, "command": command.model_dump_json()}
    await connection.execute(text(_TELL), {**sent, "at": told["at"]})

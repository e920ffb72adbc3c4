"""Whether the ledger of budgets adds up: every move stands twice, in what a dossier holds and in its envelope.

Asked of the database as sums, in the same reading as everything else. A fault names the dossier or the envelope.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from verification.findings import Fault

Row = Mapping[Any, Any]
AMOUNTS = ("gereserveerd", "vastgelegd", "betaald", "teruggevorderd")
"""What moves, holdings and envelopes count, in the order of the arrays below."""
HELD = "ARRAY[reserved, committed, paid, recovered]"
MOVED = """ARRAY[coalesce(sum(amount) FILTER (WHERE sort IN ('reservation', 'release')), 0),
    coalesce(sum(amount) FILTER (WHERE sort = 'commitment'), 0),
    coalesce(sum(amount) FILTER (WHERE sort = 'payment'), 0),
    coalesce(sum(amount) FILTER (WHERE sort = 'recovery'), 0)]"""
OF_FUND = "(CAST(:fund AS text) IS NULL OR fund = :fund)"
OF_DOSSIER = f"{OF_FUND} AND (CAST(:number AS text) IS NULL OR dossier = :number)"
WHOLE = f"{OF_FUND} AND CAST(:number AS text) IS NULL"

MOVES = f"""
SELECT dossier AS whose, stands, follows
FROM (SELECT dossier, {HELD} AS stands FROM holding WHERE {OF_DOSSIER}) AS held
FULL JOIN (
    SELECT dossier, {MOVED} AS follows FROM ledger_entry WHERE dossier IS NOT NULL AND {OF_DOSSIER} GROUP BY dossier
) AS moves USING (dossier)
WHERE stands IS DISTINCT FROM coalesce(follows, '{{0,0,0,0}}') ORDER BY dossier
"""
ENVELOPES = f"""
SELECT envelope AS whose, stands, follows, holdings, budget, coalesce(approved, 0) + coalesce(lapsed, 0) AS granted,
    reserved + committed - recovered AS promised
FROM (SELECT *, {HELD} AS stands FROM envelope WHERE {WHOLE}) AS box
LEFT JOIN (
    SELECT envelope, sum(amount) FILTER (WHERE sort = 'lapse') AS lapsed, {MOVED} AS follows
    FROM ledger_entry GROUP BY envelope
) AS moves USING (envelope)
LEFT JOIN (
    SELECT envelope, ARRAY[sum(reserved), sum(committed), sum(paid), sum(recovered)] AS holdings
    FROM holding GROUP BY envelope
) AS held USING (envelope)
LEFT JOIN (
    SELECT envelope, sum(moved) AS approved FROM (
        SELECT envelope, CASE WHEN sort IN ('open', 'raise') THEN amount ELSE -amount END AS moved
        FROM budget_act WHERE state = 'approved' AND sort <> 'close'
        UNION ALL SELECT to_envelope, amount FROM budget_act WHERE state = 'approved' AND sort = 'shift'
    ) AS act GROUP BY envelope
) AS acts USING (envelope) ORDER BY envelope
"""
DOSSIERS = f"""
SELECT held.dossier AS whose, held.state, ARRAY[held.reserved, held.committed, held.paid, held.recovered] AS stands,
    ARRAY[held.reserved, CASE WHEN outcome IS NULL THEN granted ELSE d.paid END, d.paid, least(d.recovered, d.paid)]
        AS follows, number IS NULL AS alone, outcome IS NOT NULL AS closed, reserving IS NULL AS decided
FROM (SELECT * FROM holding WHERE {OF_DOSSIER}) AS held LEFT JOIN dossier AS d ON number = held.dossier
ORDER BY held.dossier
"""
LINE = f"""
SELECT DISTINCT ON (envelope) dossier AS whose, envelope, allowed - held.reserved - held.committed <= room AS fits
FROM (SELECT * FROM holding WHERE state = 'waiting' AND {WHOLE}) AS held
JOIN (
    SELECT envelope, budget - reserved - committed + recovered AS room FROM envelope WHERE state = 'open'
) AS box USING (envelope) ORDER BY envelope, received_at, dossier
"""


async def check_ledger(connection: AsyncConnection, fund: str | None, number: str | None) -> list[Fault]:
    """The whole ledger, that of one fund, or what one dossier has to do with it. Amounts in euro."""
    faults: list[Fault] = []
    for query, told in ((MOVES, _moved), (DOSSIERS, _agreed), (ENVELOPES, _added), (LINE, _served)):
        for row in (await connection.execute(text(query), {"fund": fund, "number": number})).mappings():
            faults += [Fault(dossier=row["whose"], check="ledger", text=fault) for fault in told(row)]
    return faults


def _moved(row: Row) -> Iterator[str]:
    if row["stands"] is None:
        yield "er zijn bewegingen in het grootboek, maar er wordt niets vastgehouden"
    else:
        yield from _differing(row["stands"], row["follows"], "de bewegingen tellen op tot")


def _added(row: Row) -> Iterator[str]:
    """An envelope: its moves, its dossiers and its approved acts each add up to what it says."""
    yield from _differing(row["stands"], row["follows"], "de bewegingen tellen op tot")
    yield from _differing(row["stands"], row["holdings"], "de dossiers samen hebben")
    if row["budget"] != row["granted"]:
        yield f"het budget is {row['budget']}, goedgekeurd en niet vervallen is {row['granted']}"
    if row["promised"] > row["budget"]:
        yield f"er is {row['promised']} beloofd, meer dan het budget van {row['budget']}"


def _agreed(row: Row) -> Iterator[str]:
    """A dossier: what it holds is what its own row was granted and paid."""
    if row["alone"]:
        yield "houdt een deel van een budget vast, maar het dossier bestaat niet"
        return
    yield from _differing(row["stands"], row["follows"], "in het dossier staat")
    if row["closed"] or row["decided"]:
        why = "het dossier is gesloten" if row["closed"] else "er is beslist"
        if row["stands"][0]:
            yield f"{why}, maar er is nog {row['stands'][0]} gereserveerd"
        if row["state"] == "waiting":
            yield f"{why}, maar het staat nog op de wachtlijst"


def _served(row: Row) -> Iterator[str]:
    if row["fits"]:
        yield f"staat vooraan op de wachtlijst van {row['envelope']}, waar ruimte genoeg is"


def _differing(stands: Sequence[Decimal], follows: Sequence[Decimal] | None, told: str) -> Iterator[str]:
    for name, found, expected in zip(AMOUNTS, stands, follows or (Decimal(0),) * len(AMOUNTS), strict=True):
        if found != expected:
            yield f"{name} is {found}, {told} {expected}"

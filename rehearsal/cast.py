"""The staff of the eight funds, as a rehearsal needs them: in each role enough people for four eyes."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncEngine

from database import transaction
from models.messages.words import Fund, Language, Role
from models.tables import StaffMember
from schemes.votes import Bench, bench_of

PEOPLE: dict[Role, tuple[str, ...]] = {
    Role.INTAKE: ("Ilse Onthaal", "Imran Balie"),
    Role.HANDLER: ("Hanne Dossier", "Hakim Werkman", "Helga Lijst"),
    Role.TEAM_LEAD: ("Tessa Ploeg",),
    Role.APPROVER: ("Arne Beslist", "Amina Oordeel"),
    Role.BOARD: ("Bert Werkgeversbank", "Bea Werknemersbank", "Bilal Werkgeversbank", "Britt Werknemersbank"),
    Role.FINANCE: ("Fien Betaalt", "Farid Kas"),
    Role.OPERATIONS: ("Otto Beheer",),
    Role.AUDITOR: ("Aude Nazicht",),
    Role.ADMINISTRATOR: ("Adam Fondsbeheer", "Adila Fondsbeheer"),
}


def members(funds: Iterable[Fund] = Fund) -> list[dict[str, Any]]:
    """Rows of the staff table; the id is opaque: fund, role and a serial number."""
    return [
        {
            "person": f"{fund}-{role}-{serial}",
            "fund": fund,
            "name": name,
            "email": f"{role}{serial}@{fund.lower()}.fonds.example",
            "language": Language.FRENCH if fund is Fund.BRABANT and serial == 2 else Language.DUTCH,
            "roles": [role],
            "active": True,
            "bench": _bench(role, serial),
            "team": None,
        }
        for fund in funds
        for role, names in PEOPLE.items()
        for serial, name in enumerate(names, start=1)
    ]


def _bench(role: Role, serial: int) -> str | None:
    """Members of the board sit on both benches in turn, as their names say."""
    return None if role is not Role.BOARD else (Bench.EMPLOYERS if serial % 2 else Bench.UNIONS)


async def engage(engine: AsyncEngine, funds: Iterable[Fund] = Fund) -> None:
    """See that the staff is there; who is there already stays as is."""
    async with transaction(engine) as connection:
        await connection.execute(upsert(StaffMember).on_conflict_do_nothing(), members(funds))


def hands(fund: str, role: str, excluded: Iterable[str], seed: int, task: str = "") -> str:
    """A person of the role, and of the bench that a task of the board asks, who took no earlier part.

    The seed spreads the work.

    Raises:
        LookupError: everybody of the role took part already.
    """
    serials, bench = range(1, len(PEOPLE[Role(role)]) + 1), bench_of(task)
    able = [f"{fund}-{role}-{serial}" for serial in serials if bench in (None, _bench(Role(role), serial))]
    free = [person for person in able if person not in set(excluded)]
    if not free:
        raise LookupError(f"nobody of {role} in {fund} is free")
    return free[seed % len(free)]

"""The people of a house and how much waits for each, as the chooser of the demonstration shows them."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.messages.message import Message

MEMBERS = """
SELECT member.person, member.fund, member.name, member.language, member.roles, count(task.task) AS waiting
FROM staff_member AS member
LEFT JOIN task ON task.state = 'open' AND task.fund = member.fund AND task.role = ANY (member.roles)
    AND NOT member.person = ANY (task.excluded)
WHERE member.active AND (CAST(:person AS text) IS NULL OR member.person = :person)
GROUP BY member.person
ORDER BY member.fund, member.person
"""
EMPLOYERS = """
SELECT employer.establishment_number, employer.enterprise_number, employer.name, employer.municipality,
    employer.contact_name, employer.language, open.dossiers
FROM employer
JOIN LATERAL (
    SELECT count(*) AS dossiers FROM receipt JOIN dossier USING (number)
    WHERE receipt.enterprise_number = employer.enterprise_number AND dossier.outcome IS NULL
) AS open ON true
WHERE CAST(:establishment AS text) IS NULL OR employer.establishment_number = :establishment
ORDER BY open.dossiers DESC, employer.name
LIMIT :limit
"""
PARTNERS = """
SELECT contact.party, contact.name, contact.language, contact.dossier, receipt.agency
FROM contact JOIN receipt ON receipt.number = contact.dossier JOIN dossier ON dossier.number = contact.dossier
WHERE contact.party IN ('expert', 'agency', 'participant') AND dossier.outcome IS NULL
    AND (contact.party <> 'agency' OR receipt.agency IS NOT NULL)
ORDER BY contact.party, contact.name, contact.dossier
"""


class Member(Message):
    """A member of staff with the number of open tasks of the own roles."""

    person: str
    fund: str
    name: str
    language: str
    roles: list[str]
    waiting: int


class Company(Message):
    """An establishment with the number of its open dossiers."""

    establishment_number: str
    enterprise_number: str
    name: str
    municipality: str
    contact_name: str | None
    language: str
    dossiers: int


class Partner(Message):
    """An expert, agency or participant with the dossiers that are theirs."""

    party: str
    name: str
    language: str
    agency: str | None
    dossiers: tuple[str, ...]

    @property
    def key(self) -> str:
        """By which a partner is found again: the party and the first dossier."""
        return f"{self.party}:{self.dossiers[0]}"


async def members(connection: AsyncConnection, person: str | None = None) -> tuple[Member, ...]:
    """Everybody who works at a fund, or one of them."""
    rows = (await connection.execute(text(MEMBERS), {"person": person})).mappings()
    return tuple(Member.model_validate(dict(row)) for row in rows)


async def companies(
    connection: AsyncConnection, *, establishment: str | None = None, limit: int = 12
) -> tuple[Company, ...]:
    """Employers, those with most open dossiers first; or one of them."""
    asked = {"establishment": establishment, "limit": limit}
    rows = (await connection.execute(text(EMPLOYERS), asked)).mappings()
    return tuple(Company.model_validate(dict(row)) for row in rows)


async def partners(connection: AsyncConnection) -> tuple[Partner, ...]:
    """Experts, agencies and participants of open dossiers; an agency once for all of its trajectories."""
    rows: Sequence[dict[str, str]] = [dict(row) for row in (await connection.execute(text(PARTNERS))).mappings()]
    found: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in rows:
        found.setdefault((row["party"], row["agency"] if row["party"] == "agency" else row["name"]), []).append(row)
    return tuple(
        Partner(
            party=party,
            name=theirs[0]["name"],
            language=theirs[0]["language"],
            agency=theirs[0]["agency"] if party == "agency" else None,
            dossiers=tuple(row["dossier"] for row in theirs),
        )
        for (party, _), theirs in found.items()
    )

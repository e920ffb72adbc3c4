"""Accounts that nobody knew yet: nothing goes to them before a second person looked."""

import hashlib
from typing import Any, Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database import transaction
from models.errors import Refusal
from models.messages.commands import Actor
from models.messages.words import Role
from schemes.identifiers import compact_iban
from treasury.standing import now

NameCheck = Literal["match", "close", "no_match", "not_possible"]
LOOKS = frozenset({Role.FINANCE, Role.TEAM_LEAD})
"""Who may say that an account is right."""

_STATED = "SELECT iban FROM contact WHERE dossier = :dossier AND party = :party FOR SHARE"
_TO_LOOK_AT = """
    SELECT * FROM account_check WHERE dossier = :dossier AND party = :party AND digest = :digest FOR UPDATE
"""
_LOOKED = """
    UPDATE account_check SET state = :state, verified_by = :by, verified_at = :at, name_check = :name_check
    WHERE dossier = :dossier AND party = :party AND digest = :digest
"""
_SAY_WHO = "SELECT set_config('doorstroom.person', :person, true)"


def digest(iban: str) -> str:
    """By which an account is known without standing there."""
    return hashlib.sha256(compact_iban(iban).encode()).hexdigest()


async def say_who(connection: AsyncConnection, person: str) -> None:
    """Tell the trigger that notes a changed account who changes it, for the rest of this transaction."""
    await connection.execute(text(_SAY_WHO), {"person": person})


async def verify_account(
    engine: AsyncEngine,
    dossier: str,
    party: str,
    by: Actor,
    *,
    right: bool,
    name_check: NameCheck,
    iban: str | None = None,
) -> None:
    """Say whether the account that stands with a party of a dossier is theirs; said again by the same it stays so.

    `name_check` is what the bank answered on name and number. With `iban` the account must still be this one: what
    somebody looked at on a page.

    Raises:
        Refusal: there is no account or no need to look, it is another one by now, the person may not, brought it, or it
            was settled by somebody else.
    """
    _check_may_look(dossier, by, right=right, name_check=name_check)
    key = {"dossier": dossier, "party": party}
    async with transaction(engine) as connection:
        stated = await connection.scalar(text(_STATED), key)
        if not stated:
            raise Refusal("NoAccount", f"Bij dossier {dossier} is geen rekening van deze partij bekend.")
        if iban is not None and digest(iban) != digest(stated):
            raise Refusal("AccountChanged", "De rekening is intussen een andere. Bekijk ze opnieuw.")
        of_account = key | {"digest": digest(stated)}
        found = (await connection.execute(text(_TO_LOOK_AT), of_account)).one_or_none()
        if found is None:
            raise Refusal("NothingToVerify", f"De rekening bij dossier {dossier} hoeft niet nagezien te worden.")
        await _settle(connection, found, of_account, by, "verified" if right else "refused", name_check)


async def _settle(
    connection: AsyncConnection, found: Any, of_account: dict[str, str], by: Actor, state: str, name_check: NameCheck
) -> None:
    if (found.state, found.verified_by) == (state, by.person):
        return
    if found.state != "to_verify":
        raise Refusal("AlreadyVerified", f"Deze rekening is al nagezien door {found.verified_by}: '{found.state}'.")
    if found.changed_by in (by.person, by.for_person):
        raise Refusal("SecondPerson", "U gaf deze rekening zelf op. Laat een collega ze nazien.")
    looked = {"state": state, "by": by.person, "at": now(), "name_check": name_check}
    await connection.execute(text(_LOOKED), of_account | looked)


def _check_may_look(dossier: str, by: Actor, *, right: bool, name_check: NameCheck) -> None:
    if by.fund != dossier.split("-")[0] or not LOOKS & by.roles:
        raise Refusal("WrongRole", "Een rekening nazien is voor finance of de teamverantwoordelijke van het fonds.")
    if right and name_check == "no_match":
        raise Refusal("NameDiffers", "De bank zegt dat de naam niet bij de rekening hoort. Weiger de rekening.")

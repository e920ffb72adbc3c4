"""Signing in by an identity provider: there with a question of this browser alone, and back with a person."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from database import glance, transaction
from models.errors import Refusal
from models.tables import SignInJourney
from portal.access import accounts
from portal.access.keys import digest
from portal.access.provider import Provider, refusal
from portal.access.visitor import Visitor
from portal.house import House
from portal.language import marked as _
from schemes.identifiers import enterprise_number
from settings import Settings

BACK = "/aanmelden/terug"
LASTS = timedelta(minutes=10)
ECONOMIC_ACTOR = "EA"
"""`vo_doelgroepcode` of who acts for an enterprise, at the identity provider of the Flemish government."""
STAFF_ROLE = "medewerker"


class Door(StrEnum):
    """The two doors with a provider behind them, as they stand in an address."""

    STAFF = "medewerker"
    EMPLOYERS = "werkgever"

    @property
    def code(self) -> str:
        """As it stands in the books."""
        return self.name.lower()


class Journey(NamedTuple):
    """A way to the provider: where to go, and the secret by which the same browser is known when it comes back."""

    address: str
    state: str


class Arrival(NamedTuple):
    """Who came back by which door, and the page asked for before."""

    visitor: Visitor
    door: Door
    opens: str


def provider_of(settings: Settings, door: Door) -> Provider | None:
    """The provider behind a door; None when there is none."""
    if door is Door.STAFF:
        found = settings.oidc_staff_issuer, settings.oidc_staff_client_id, settings.oidc_staff_client_secret
    else:
        found = settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret
    return _provider(found[0], found[1], found[2]) if found[0] else None


@lru_cache(maxsize=16)
def _provider(issuer: str, client: str, secret: str | None) -> Provider:
    """One for the process, so that what a provider tells of itself is remembered."""
    return Provider(issuer, client, secret)


async def depart(house: House, door: Door, opens: str) -> Journey:
    """Begin signing in by a provider.

    Raises:
        Refusal: there is no provider behind this door, or it is away.
    """
    provider = provider_of(house.settings, door)
    if provider is None:
        raise Refusal("NoProvider", _("Aanmelden langs deze weg is hier niet ingesteld. Kies een andere manier."))
    state, nonce, verifier = (secrets.token_urlsafe(32) for _part in range(3))
    back = house.settings.portal_address + BACK
    address = await provider.door(back=back, state=state, nonce=nonce, verifier=verifier)
    now = datetime.now(UTC)
    row = {"journey": _digest(state), "door": door.value, "nonce": nonce, "verifier": verifier}
    async with transaction(house.engine) as connection:
        await connection.execute(delete(SignInJourney).where(col(SignInJourney.ends_at) < now))
        await connection.execute(insert(SignInJourney).values(**row, opens=opens, ends_at=now + LASTS))
    return Journey(address, state)


async def arrive(house: House, told: Mapping[str, str], state: str | None) -> Arrival:
    """Who comes back from a provider with what it `told`; `state` is what this browser took along.

    Raises:
        Refusal: it is another browser, an old or a used answer, or somebody whom nobody here knows.
    """
    if state is None or not secrets.compare_digest(told.get("state", "").encode(), state.encode()):
        raise Refusal("SignInState", _("Deze aanmelding begon in een andere browser. Meld u hier opnieuw aan."))
    journey = await _ended(house, state)
    if journey is None:
        raise refusal("Code")
    if "code" not in told:
        raise Refusal(
            "SignInCancelled", _("Het aanmelden is afgebroken. Probeer het opnieuw, of kies een andere manier.")
        )
    door = Door(journey.door)
    provider = provider_of(house.settings, door)
    assert provider is not None, "a journey begins at a provider"
    back = house.settings.portal_address + BACK
    claims = await provider.claims(code=told["code"], back=back, nonce=journey.nonce, verifier=journey.verifier)
    async with glance(house.engine) as connection:
        visitor = await _recognised(connection, house.settings, door, claims)
    return Arrival(visitor.model_copy(update={"door": door.value}), door, journey.opens)


async def _ended(house: House, state: str) -> Any:
    """The journey of this state, which ends here: an answer counts once."""
    gone = delete(SignInJourney).where(col(SignInJourney.journey) == _digest(state)).returning(SignInJourney)
    async with transaction(house.engine) as connection:
        row = (await connection.execute(gone)).one_or_none()
    return row if row is not None and row.ends_at > datetime.now(UTC) else None


async def _recognised(connection: AsyncConnection, settings: Settings, door: Door, claims: dict[str, Any]) -> Visitor:
    if door is Door.STAFF:
        return await _staff(connection, settings, claims)
    if claims.get("vo_doelgroepcode") != ECONOMIC_ACTOR or not claims.get("vo_orgcode"):
        raise refusal("MissingClaim")
    try:
        enterprise = enterprise_number(str(claims["vo_orgcode"]))
    except ValueError:
        raise refusal("Claim") from None
    known_by = f"{claims['iss']} {claims['sub']}"
    person = f"p-{digest(settings, 'person', known_by)[:16]}"
    return await accounts.of_enterprise(connection, person, _name(claims), enterprise)


async def _staff(connection: AsyncConnection, settings: Settings, claims: dict[str, Any]) -> Visitor:
    """The provider says who it is and that this house is open to them; our own table says what they may."""
    held = claims.get(settings.oidc_role_claim) or []
    roles = {str(role).split(":")[0].lower() for role in ([held] if isinstance(held, str) else held)}
    if STAFF_ROLE not in roles:
        raise Refusal(
            "SignInNoRole", _("Uw organisatie gaf u geen toegang tot Doorstroom. Vraag de rol aan uw beheerder.")
        )
    email = claims.get("email")
    if not email or claims.get("email_verified") is False:
        raise refusal("MissingClaim")
    found = await accounts.member_of_staff(connection, email)
    if found is None:
        raise Refusal(
            "SignInUnknown", _("U staat (nog) niet bij de medewerkers van een fonds. Vraag het uw fondsbeheerder.")
        )
    return found


def _name(claims: dict[str, Any]) -> str:
    given = " ".join(str(claims[part]) for part in ("given_name", "family_name") if claims.get(part))
    return given or str(claims.get("name") or _("Werkgever"))


def _digest(state: str) -> str:
    return sha256(state.encode()).hexdigest()

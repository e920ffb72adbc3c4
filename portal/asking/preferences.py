"""How a person wants to be reached: language, channel, address; and whether questions may be asked at all."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import text

from database import glance, transaction
from models.messages.commands import Actor, ReportFact
from models.messages.words import Language
from portal.asking.person import change, tell_all
from portal.following.answering import read_all
from portal.forms.questions import Question, Sort
from portal.house import House
from portal.language import Tongue
from portal.language import marked as _

EMAIL = Question("email", Sort.EMAIL, _("Mailadres"), required=False, autocomplete="email")
PHONE = Question("phone", Sort.PHONE, _("Telefoon"), required=False, autocomplete="tel")
STREET = Question("street", Sort.TEXT, _("Straat en nummer"), required=False, autocomplete="street-address")
POSTCODE = Question("postcode", Sort.TEXT, _("Postcode"), required=False, autocomplete="postal-code")
TOWN = Question("municipality", Sort.TEXT, _("Gemeente"), required=False, autocomplete="address-level2")
REACHED_BY = (EMAIL, PHONE, STREET, POSTCODE, TOWN)
CHANNELS = {"email": _("Met een mail"), "sms": _("Met een sms"), "letter": _("Met een brief")}
_BY = {"email": ("email",), "sms": ("phone",), "letter": ("street", "postcode", "municipality")}
"""The columns that each channel needs."""
_FAILED = {"email": "email_failed_at", "sms": "phone_failed_at", "letter": "address_failed_at"}
_CONTACT = text("SELECT * FROM contact WHERE dossier = :number AND party = 'participant'")


class Wanted(NamedTuple):
    """What somebody typed, read. `reached`: the addresses by column; `channel`: None for whichever works."""

    language: Language
    channel: str | None
    reached: Mapping[str, str | None]


def known_channels(reached: Mapping[str, Any]) -> tuple[str, ...]:
    """The channels for which an address is there."""
    return tuple(channel for channel, columns in _BY.items() if all(reached.get(column) for column in columns))


async def contact_of(house: House, number: str) -> Mapping[str, Any] | None:
    """How the person of this dossier is reached now; None when that was erased."""
    async with glance(house.engine) as connection:
        row = (await connection.execute(_CONTACT, {"number": number})).mappings().one_or_none()
    return dict(row) if row is not None else None


def read_wanted(typed: Mapping[str, str], say: Tongue) -> tuple[Wanted | None, dict[str, str]]:
    """What was typed, or what is wrong with it, in the language of the page."""
    values, problems = read_all(REACHED_BY, typed, say)
    reached = {question.column: values.get(question.column) for question in REACHED_BY}
    language, channel = typed.get("taal", ""), typed.get("kanaal") or None
    if language not in set(Language):
        problems["taal"] = say(_("Kies een taal."))
    if channel is not None and channel not in known_channels(reached):
        problems["kanaal"] = say(_("Vul eerst het adres of nummer in waarop wij u zo bereiken."))
    if not problems and not known_channels(reached):
        problems["email"] = say(_("Laat minstens één weg open waarop wij u bereiken."))
    if problems:
        return None, problems
    return Wanted(Language(language), channel, reached), {}


async def keep(house: House, number: str, before: Mapping[str, Any], wanted: Wanted, on: date, by: Actor) -> None:
    """Write how the person wants to be reached, in every dossier; an address that was put right counts again.

    Raises:
        Refusal: a trajectory does not take it.
    """
    moved = tuple(channel for channel, columns in _BY.items() if any(before[c] != wanted.reached[c] for c in columns))
    columns = ("language", "channel", *wanted.reached)
    assigned = ", ".join([*(f"{name} = :{name}" for name in columns), *(f"{_FAILED[one]} = NULL" for one in moved)])
    values = {"language": wanted.language.value, "channel": wanted.channel, **wanted.reached}
    async with transaction(house.engine) as connection:
        await change(connection, number, assigned, **values)
    carried = {"email", "letter"} | ({"sms"} if house.settings.sms_url else set())
    works = [one for one in known_channels(wanted.reached) if one in carried]
    left = [one for one in works if one in moved or before[_FAILED[one]] is None]
    told = [ReportFact(fact="channel_mended", on=on, by=by, values={"channel": one}) for one in moved if one in left]
    if moved and not left:  # who cannot be reached any more is not silent
        told = [ReportFact(fact="channel_failed", on=on, by=by, values={"channel": moved[0], "left": ""})]
    async with glance(house.engine) as connection:
        for fact in told:
            await tell_all(house, connection, number, fact)


async def consent(house: House, number: str, given: bool, on: date, by: Actor) -> bool:
    """The person wants no more questions, or wants them again, in every dossier; the last word counts.

    Whether a dossier could not hear it now: for that one it is kept.

    Raises:
        Refusal: a trajectory does not take it.
    """
    fact = ReportFact(fact="consent_given" if given else "consent_withdrawn", on=on, by=by)
    async with glance(house.engine) as connection:
        return await tell_all(house, connection, number, fact)

"""Sending a draft: everything it brings becomes one dossier in one transaction, however often the button is pressed."""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection
from temporalio.service import RPCError

import receipts
from database import transaction
from importing.known import known_projects
from importing.known_people import KnownPeople, key_of
from models.messages.words import Document, Instrument
from portal.access.visitor import Visitor
from portal.applying import drafts
from portal.applying.assembling import Assembled, Sending, as_receipt, assemble, fund_of, trajectories
from portal.documents.uploads import Belongs, File, Uploads, hand_in, loose_files
from portal.forms import FORMS
from portal.forms.answers import all_faults
from portal.house import House
from portal.language import marked as _
from portal.refusals import Refused
from schemes.calendar import local_date
from schemes.checks import Check, failed
from schemes.intake import check
from starter import START_PATIENCE

AT_ONCE = 10
"""Dossiers started before the applicant sees the receipt; the sweep of the workers starts the others."""


class Looked(NamedTuple):
    """What the rules see already, before it is sent. `personal` are words that sentences may name."""

    checks: tuple[Check, ...]
    personal: dict[str, str]


async def look(house: House, standing: drafts.Standing, files: Sequence[File]) -> Looked:
    """The rules that would not pass now: the applicant may repair first, or send and be asked.

    Raises:
        Refusal: no fund is competent, or it has no rules for this yet.
    """
    async with house.engine.connect() as connection:
        assembled, sending = await _assembled(connection, house, standing, files)
    application = as_receipt(assembled, sending)
    return Looked(failed(check(application.facts, assembled.policy)), assembled.read.personal.words())


async def send(house: House, visitor: Visitor, draft: str) -> str:
    """Receive the application in a draft; returns its number, the same each time. Its dossier starts at once or soon.

    Raises:
        Refusal: it is not complete, no fund is competent, or the draft is gone.
    """
    async with transaction(house.engine) as connection:
        standing = await drafts.locked(connection, visitor, draft)
        if standing.sent_as is not None:
            return standing.sent_as
        numbers = await _receive(connection, house, standing)
    for number in numbers[:AT_ONCE]:
        with contextlib.suppress(RPCError, OSError, RuntimeError):  # a client that never connected raises the last one
            await house.starter.start(number, patience=START_PATIENCE)
    return numbers[0]


async def _receive(connection: AsyncConnection, house: House, standing: drafts.Standing) -> list[str]:
    """The number of the application, then those of the people in it."""
    files = await loose_files(connection, Belongs(draft=standing.draft))
    assembled, sending = await _assembled(connection, house, standing, files)
    people = KnownPeople()
    await people.look_up(connection, map(key_of, assembled.read.trajectories))
    assembled = assembled._replace(read=people.named(assembled.read))
    number = (await receipts.write(connection, as_receipt(assembled, sending)))[0]
    children = [(await receipts.write(connection, one))[0] for one in trajectories(assembled, number, sending)]
    await hand_in(connection, Belongs(draft=standing.draft), number, sending.at)
    await drafts.mark_sent(connection, standing.draft, number, sending.at)
    return [number, *children]


async def _assembled(
    connection: AsyncConnection, house: House, standing: drafts.Standing, files: Sequence[File]
) -> tuple[Assembled, Sending]:
    form, now = FORMS[standing.instrument], datetime.now(UTC)
    if all_faults(form, standing.typed, local_date(now)):
        raise Refused("NotComplete", _("Uw aanvraag is nog niet volledig. Vul eerst aan wat hieronder staat."))
    fund = fund_of(standing.typed, local_date(now))
    projects = (
        await known_projects(connection, fund, standing.enterprise_number)
        if standing.instrument is Instrument.PROJECT_FINANCING
        else ()
    )
    attached = tuple((Document(file.code), file.name) for file in files if file.state == "kept")
    sending = Sending(standing.draft, now, secret_of(house), attached, projects)
    return await asyncio.to_thread(assemble, form, standing.typed, sending), sending  # thousands of people take seconds


def uploads_of(house: House) -> Uploads:
    """Where this house keeps documents."""
    return Uploads(house.engine, house.settings.upload_directory, house.settings.upload_limit_mb)


def secret_of(house: House) -> bytes:
    """The secret by which a person or an application that comes again is recognised: that of the imports.

    Raises:
        ValueError: it is not set; another secret would recognise nobody.
    """
    if house.settings.import_key is None:
        raise ValueError("DOORSTROOM_IMPORT_KEY ontbreekt: zonder herkent het portaal geen aanvraag die terugkomt.")
    return house.settings.import_key.encode()

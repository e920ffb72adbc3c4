"""Erasing personal data of closed dossiers: of one person who asks for it, or of all whose term is over."""

from datetime import UTC, datetime
from typing import Annotated, Literal

import typer

import erasure
from commands import servers
from commands.console import command, say, say_json
from commands.tasks import Json
from models.errors import Refusal
from schemes.retention import Retention
from settings import Settings

app = typer.Typer()
DUE = "due"
What = Annotated[str, typer.Argument(help="Nummer van het dossier, of 'due' voor alles waarvan de termijn om is.")]
OPERATOR = "operator"


@app.command("erase", epilog="Voorbeeld: doorstroom erase ANT-2024-W-000001 --because request --person ANT-handler-1")
@command
async def erase_personal_data(
    what: What,
    because: Annotated[
        Literal["term", "request"], typer.Option(help="'request': de persoon vraagt het, ook voor de termijn om is.")
    ] = "term",
    person: Annotated[str, typer.Option(help="Code van wie het doet; blijft bewaard.")] = OPERATOR,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Alleen tonen wat weg zou gaan; bij 'due'.")] = False,
    as_json: Json = False,
) -> None:
    """Wis namen, contacten, vrije tekst, documenten en brieven; uitkomsten en cijfers blijven.

    Wat een betaling bewijst, blijft zo lang als de boeken. Er wordt niets gewist zolang er iets openstaat.
    """
    settings = servers.found_settings()
    terms, now = terms_of(settings), datetime.now(UTC)
    if dry_run and what != DUE:
        raise Refusal("OnlyDue", "--dry-run hoort bij 'doorstroom erase due'.")
    async with servers.database() as engine:
        if dry_run:
            numbers = await erasure.due(engine, terms, now)
            say_json({"due": numbers}) if as_json else say(*numbers, f"{len(numbers)} dossiers zouden gewist worden.")
            return
        if what == DUE:
            gone = await erasure.sweep(engine, terms, settings.upload_directory, now)
        else:
            one = await erasure.erase(
                engine, what, terms, settings.upload_directory, by=person, because=because, now=now
            )
            gone = (one,)
    if as_json:
        say_json({"erased": [one.model_dump(mode="json") for one in gone]})
        return
    for one in gone:
        left = "" if one.whole else "; de boeken blijven tot hun eigen termijn om is"
        say(f"{one.dossier}: {one.rows} rijen gewist ({', '.join(one.kinds) or 'er stond niets meer'}){left}.")
    say(f"{len(gone)} dossiers gewist.")


def terms_of(settings: Settings) -> Retention:
    """How long is kept, as the operator set it."""
    return Retention(people_years=settings.retention_years, books_years=settings.retention_books_years)

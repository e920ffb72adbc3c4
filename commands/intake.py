"""What comes in: files of an office, or one application."""

import hashlib
import json
import sys
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

import receipts
from commands import dutch, servers
from commands.admission import everyone, ungoverned
from commands.console import MISUSED, command, leave, progress, say, say_json
from commands.example import EXAMPLE
from commands.opaque_key import opaque_key
from commands.steps import a_day
from commands.tasks import Json
from database import transaction
from importing import Batch, ImportRefused, import_files
from importing.known import known_projects
from importing.office import Office
from importing.storing import Stored, store
from models.messages.words import Fund
from opening import governing
from schemes.calendar import local_date

app = typer.Typer()


@app.command(
    "import", epilog="Voorbeeld: doorstroom import subsidies.csv deelnemers.csv --known-on 31/01/2025 --dry-run"
)
@command
async def import_applications(
    files: Annotated[list[Path], typer.Argument(metavar="BESTAND...", help="CSV of .xlsx, of een map ermee.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Kijk alles na, maar bewaar niets.")] = False,
    known_on: Annotated[
        date | None, typer.Option(parser=a_day, help="Dag waarop de bestanden gemaakt zijn; weggelaten: vandaag.")
    ] = None,
    fund: Annotated[Fund, typer.Option(help="Fonds waarvan de bestanden zijn.")] = Fund.ANTWERPEN,
    as_json: Json = False,
) -> None:
    """Lees aanvragen en werkgevers uit bestanden: allemaal, of geen enkele als er een fout in staat."""
    today = local_date(datetime.now(UTC))
    if known_on is not None and known_on > today:
        leave(
            MISUSED,
            f"--known-on {known_on:%d/%m/%Y} ligt in de toekomst. Geef de dag waarop de bestanden gemaakt zijn.",
        )
    async with servers.house() as house:
        office = Office(known_on or today, opaque_key(house.settings), fund)
        async with transaction(house.engine) as connection:
            projects = await known_projects(connection, fund)
        batch = import_files(files, office, projects=projects)
        faults = batch.faults or ungoverned(batch, fund)
        if faults:
            if as_json:
                say_json({"imported": False, "faults": faults})
            raise ImportRefused(faults)
        if dry_run:
            _say(as_json, batch, None, 0)
            return
        with progress("Ontvangsten bewaren", None):
            stored = await store(house.engine, batch, fund)
        with progress("Dossiers starten", len(stored.new)) as bar:
            started = await house.starter.start_all(stored.new, bar)
    _say(as_json, batch, stored, started)


@app.command(epilog="Voorbeeld: doorstroom receive --example > aanvraag.json; doorstroom receive aanvraag.json")
@command
async def receive(
    file: Annotated[Path | None, typer.Argument(metavar="BESTAND", help="JSON; '-' leest van stdin.")] = None,
    example: Annotated[bool, typer.Option("--example", help="Toon een voorbeeld van zo'n bestand.")] = False,
    as_json: Json = False,
) -> None:
    """Ontvang één aanvraag en start haar dossier. Twee keer hetzelfde bestand geeft hetzelfde nummer."""
    if example:
        say_json(EXAMPLE)
        return
    if file is None:
        leave(MISUSED, "Geef een bestand op, of vraag een voorbeeld met --example.")
    application = receipts.Application.model_validate(_content(file))
    governing(application.fund, application.facts, application.opens_at or application.received_at)
    async with servers.house() as house:
        async with transaction(house.engine) as connection:
            number, new = await receipts.write(connection, application)
        started = bool(await house.starter.start_all([number]))
    if as_json:
        say_json({"number": number, "new": new, "started": started})
        return
    say(f"Ontvangen onder nummer {number}." if new else f"Was al ontvangen onder nummer {number}.")
    if not started:
        say("Temporal is niet bereikbaar; het dossier start vanzelf zodra dat weer kan.")


def _content(file: Path) -> Any:
    """What stands in the file, with a key and a moment when it names none."""
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")
        content = json.loads(text)
    except (OSError, ValueError):
        leave(MISUSED, f"{file} is geen leesbaar JSON-bestand. Bekijk een voorbeeld met --example.")
    if isinstance(content, dict):
        content.setdefault("idempotency_key", f"receive/{hashlib.sha256(text.encode()).hexdigest()[:32]}")
        content.setdefault("received_at", datetime.now(UTC).isoformat())
    return content


def _say(as_json: bool, batch: Batch, stored: Stored | None, started: int) -> None:
    by_kind = Counter(application.kind.value for application in everyone(batch))
    if as_json:
        told: dict[str, Any] = {"imported": stored is not None, "applications": by_kind, "faults": []}
        told["employers"] = len(batch.employers)
        if stored is not None:
            told |= {"new": len(stored.new), "known": stored.known, "started": started}
        say_json(told)
        return
    found = ", ".join(f"{count} {dutch.words(kind)}" for kind, count in sorted(by_kind.items())) or "geen aanvragen"
    say(f"Gelezen: {found}; {len(batch.employers)} werkgevers.")
    if stored is None:
        say("Er zijn geen fouten. Niets is bewaard (--dry-run).")
        return
    known = f"; {stored.known} waren er al" if stored.known else ""
    say(f"{len(stored.new)} aanvragen ontvangen{known}." if stored.new else f"Niets nieuws{known}.")
    if started < len(stored.new):
        say(f"{len(stored.new) - started} dossiers starten zodra Temporal weer bereikbaar is.")

"""The demonstration: the whole house on one machine, with sample dossiers and, if asked, people who live them."""

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

import logs
from commands.console import answers, say, say_json
from commands.opaque_key import opaque_key
from commands.steps import a_day
from commands.tasks import Json
from connection import connect
from database import make_engine, migrate
from embedded import EmbeddedStack, EmbeddedWorker, Ports, throwaway_directory
from embedded.refusals import Door
from embedded.running import announce, withdraw_announcement
from importing.storing import Rehearsed
from models.errors import Refusal
from portal.app import make_app
from portal.house import open_house
from portal.serving import served
from rehearsal import expected, performance, published
from rehearsal.performance import Stage
from rehearsal.purses import open_budgets
from rehearsal.samples import SAMPLES, samples
from rehearsal.trajectory import TrajectoryPart
from rehearsal.treasury import Treasurer
from settings import Settings
from starter import Starter

app = typer.Typer()
WORKER = {"DOORSTROOM_WORKFLOW_SANDBOX": "false", "DOORSTROOM_LOG_FORMAT": "json", "DOORSTROOM_BUILD_ID": "demo"}
"""The worker of the demonstration runs as a release does."""

WEEKS = 12
"""The sample dossiers of an open house came in during so many weeks; they are lived up to today."""


class Bars:
    """Progress on stderr, a bar for every act; silent where nobody looks."""

    def __init__(self) -> None:
        console = Console(file=sys.stderr)
        columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=console, disable=not console.is_terminal)
        self._bars: dict[str, TaskID] = {}

    def __call__(self, act: str, done: int, total: int) -> None:
        """How far an act is."""
        if act not in self._bars:
            self._bars[act] = self._progress.add_task(act, total=total)
        self._progress.update(self._bars[act], completed=done, total=total)

    def __enter__(self) -> "Bars":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()


@app.command("demo", epilog="Voorbeeld: doorstroom demo; doorstroom demo --once --json")
def demonstrate(
    once: Annotated[bool, typer.Option("--once", help="Laat geoefende mensen alles doen, vat samen en stop.")] = False,
    as_json: Json = False,
) -> None:
    """Start alles op deze machine: PostgreSQL, Temporal, mail en worker, met voorbeelddossiers van elke soort."""
    with answers():
        logs.configure("text", "WARNING")
        with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
            asyncio.run(_once(as_json) if once else _open())
    leave()


@app.command("rehearse", epilog="Voorbeeld: doorstroom rehearse gegevens/ --known-on 31/01/2025 --json")
def rehearse(
    files: Annotated[list[Path], typer.Argument(metavar="BESTAND...", help="Bestanden van een jaar, of een map.")],
    known_on: Annotated[date, typer.Option(parser=a_day, help="Dag waarop de bestanden gemaakt zijn.")],
    in_flight: Annotated[int, typer.Option(min=1, max=200, help="Dossiers die tegelijk beleefd worden.")] = 16,
    marks: Annotated[
        Path | None, typer.Option("--expected", help="JSON met wat een dossierbeheerder per rij zou opmerken.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Beleef een jaar van bestanden tot de laatste afsluiting, met geoefende mensen en versnelde klok."""
    with answers():
        logs.configure("text", "WARNING")
        asyncio.run(_rehearse(files, known_on, in_flight, marks, as_json))
    leave()


def leave() -> None:
    """End this process, whatever native threads still do."""
    sys.stdout.flush()
    # The SDK's native threads now and then abort at interpreter exit; everything is flushed and closed here.
    os._exit(0)


@asynccontextmanager
async def house_of_a_demonstration(
    directory: Path, ports: Ports, **more: str
) -> AsyncIterator[tuple[Stage, EmbeddedStack, EmbeddedWorker]]:
    """The stack with its tables and worker, and a stage on it."""
    settings = Settings(rehearsal_allowed=True)
    stack = EmbeddedStack(
        directory,
        ports=ports,
        database_url=settings.database_url,
        database_owner_url=settings.database_owner_url,
        portal_database_url=settings.portal_database_url,
    )
    async with stack:
        await migrate(stack.owner_url)
        bank = directory / "bank"
        returned = str(directory / "returned")
        folders = {"DOORSTROOM_BANK_FOLDER": str(bank), "DOORSTROOM_RETURNED_MAIL_FOLDER": returned}
        own = stack.settings(settings).model_copy(update={"bank_folder": bank})
        engine = make_engine(stack.database_url, pool_size=20)
        starter = Starter(await connect(own), engine, own.temporal_task_queue, patience=60)
        try:
            async with (
                EmbeddedWorker(stack, directory, **WORKER, **folders, **more) as worker,
                performance.stage(own, engine, starter) as stage,
            ):
                yield stage, stack, worker
        finally:
            await engine.dispose()


async def _open() -> None:
    """Keep the house open until Ctrl-C."""
    settings = Settings()
    directory = settings.state_directory.absolute()
    directory.mkdir(parents=True, exist_ok=True)
    port = Door("Het portaal", "DOORSTROOM_PORTAL_PORT", settings.portal_port).resolved()
    say("De servers starten ...")
    links = f"http://{settings.portal_host}:{port}"
    async with house_of_a_demonstration(directory, Ports.of(settings), DOORSTROOM_PORTAL_PUBLIC_URL=links) as (
        stage,
        stack,
        _,
    ):
        announce(directory, stack)
        try:
            with Bars() as bars:
                batch = samples(_today(), weeks=WEEKS)
                stored = await performance.receive(stage, batch, Rehearsed.FROM_FILING, bars)
                if stored.new:
                    with contextlib.suppress(Refusal):  # of an earlier start on the same data
                        await open_budgets(stage.engine, stage.starter, _today().year)
                    await performance.catch_up(stage, datetime.now(UTC), told=bars)
            async with _portal(stage, stack, port) as address:
                _welcome(stack, address, len(stored.new), stored.known)
                await asyncio.Event().wait()
        finally:
            withdraw_announcement(directory)
            say("De servers stoppen ...")


@asynccontextmanager
async def _portal(stage: Stage, stack: EmbeddedStack, port: int) -> AsyncIterator[str]:
    """The portal, with a door through which anybody on this machine is anybody of the demonstration."""
    given = stack.settings(Settings())
    own = {"import_key": opaque_key(given).decode(), "upload_directory": given.state_directory / "uploads"}
    settings = given.model_copy(update={**own, "portal_port": port})
    async with (
        open_house(settings, stage.engine, stage.starter) as house,
        served(make_app(house, demo=True), host=settings.portal_host, port=port) as address,
    ):
        yield address


def _welcome(stack: EmbeddedStack, address: str, new: int, known: int) -> None:
    say(
        "",
        f"Doorstroom draait. {new} nieuwe voorbeelddossiers"
        + (f", {known} van vroeger gaan verder." if known else "."),
        "",
        f"  Portaal    {address}   kies daar wie u bent",
        f"  Temporal   {stack.temporal.ui_url}",
        f"  Mails      {stack.mail.mails}",
        f"  Sms        {stack.texts.texts}",
        "",
        "Wat u nu kunt typen, in een ander venster in deze map:",
        "",
        "  .venv/bin/doorstroom tasks                   de werklijst",
        "  .venv/bin/doorstroom tasks --role intake     de taken van één rol",
        "  .venv/bin/doorstroom show NUMMER             een dossier, wat gebeurde en wat komt",
        "  .venv/bin/doorstroom waiting NUMMER          op wie het wacht, tot wanneer, en anders wat",
        "  .venv/bin/doorstroom complete TAAK --person ANT-handler-1 --outcome approve",
        "  .venv/bin/doorstroom verify                  klopt alles wat er staat?",
        "",
        "Ctrl-C stopt alles netjes; 'make demo' gaat later verder met dezelfde dossiers.",
    )


async def _once(as_json: bool) -> None:
    with throwaway_directory() as directory:
        summary = await _perform(directory, [SAMPLES], None, 16)
    _tell(summary, as_json)


async def _rehearse(files: list[Path], known_on: date, in_flight: int, marks: Path | None, as_json: bool) -> None:
    with throwaway_directory() as directory:
        summary = await _perform(directory, files, known_on, in_flight, marks)
    _tell(summary, as_json)


async def _perform(
    directory: Path, files: list[Path], known_on: date | None, in_flight: int, marks: Path | None = None
) -> dict[str, Any]:
    """Receive, live, send and sum up; without a day the samples of today are played."""
    batch = performance.read(files, known_on) if known_on else samples(_today())
    clock = Rehearsed.FROM_FILING if known_on else Rehearsed.FROM_TODAY
    began = time.monotonic()
    async with house_of_a_demonstration(directory, Ports(temporal_ui=None)) as (stage, _, _):
        with Bars() as bars:
            stored = await performance.receive(stage, batch, clock, bars)
            futures, away = performance.futures(files, stored.numbers), performance.away(batch, stored.numbers)
            part = TrajectoryPart(futures, away)
            treasurer = Treasurer(stage.engine, stage.pool, stage.starter, stage.settings.bank_folder)
            player = await performance.live(stage, part, in_flight=in_flight, told=bars, treasurer=treasurer)
            await performance.post(stage.pool)
        summary = await performance.summary(stage, player, time.monotonic() - began)
        if marks is not None:
            summary["published"] = await published.counted(stage.pool)
            summary["expected"] = await expected.compare(stage.pool, expected.read_marks(marks), stored.numbers)
        return summary


def _tell(summary: dict[str, Any], as_json: bool) -> None:
    if as_json:
        say_json(summary)
        return
    for kind, outcomes in summary["dossiers"].items():
        say(f"{kind}: " + ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items()))
    verdict = "niets gevonden" if summary["verify"]["clean"] else f"{len(summary['verify']['faults'])} fouten"
    say(f"Nazicht: {verdict}. Betaald: {summary['payments']['euros']} euro. Tijd: {summary['seconds']} s.")


def _today() -> date:
    return date.today()  # noqa: DTZ011  the machine of a demonstration stands where its user is

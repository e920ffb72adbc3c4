"""A year of people who are followed, on one calendar: all live the same day, and the house may be away for some."""

import asyncio
import os
import resource
import signal
import time
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

import logs
from commands.console import answers, say, say_json
from commands.demo import Bars, house_of_a_demonstration, leave
from commands.steps import a_day
from commands.tasks import Json
from embedded import EmbeddedStack, EmbeddedWorker, Ports, throwaway_directory
from importing.storing import Rehearsed
from rehearsal import followed, performance
from rehearsal.calendar import Calendar, Interruption
from rehearsal.course import CoursePart, courses
from rehearsal.post import Post

app = typer.Typer()
DAYS_AWAY = 3


@app.command("rehearse-together", epilog="Voorbeeld: doorstroom rehearse-together traject.csv --known-on 31/01/2025")
def rehearse_together(
    files: Annotated[list[Path], typer.Argument(metavar="BESTAND...", help="Bestanden van een jaar, of een map.")],
    known_on: Annotated[date, typer.Option(parser=a_day, help="Dag waarop de bestanden gemaakt zijn.")],
    outage: Annotated[
        date | None,
        typer.Option(parser=a_day, help=f"Dag waarop worker, Temporal en mail {DAYS_AWAY} dagen stilvallen."),
    ] = None,
    in_flight: Annotated[int, typer.Option(min=1, max=200, help="Dossiers waar tegelijk iets gebeurt.")] = 16,
    as_json: Json = False,
) -> None:
    """Beleef outplacement op één kalender: alle dossiers dezelfde dag, en toon wie wanneer bevraagd is."""
    with answers():
        logs.configure("text", "WARNING")
        with throwaway_directory() as directory:
            summary = asyncio.run(_live(directory, files, known_on, outage, in_flight))
        say_json(summary) if as_json else _tell(summary)
    leave()


async def _live(
    directory: Path, files: list[Path], known_on: date, outage: date | None, in_flight: int
) -> dict[str, Any]:
    batch = performance.read(files, known_on)
    began = time.monotonic()
    everybody = str(len(batch.applications) + sum(len(one.trajectories) for one in batch.applications))
    house = house_of_a_demonstration(directory, Ports(temporal_ui=None), DOORSTROOM_CACHED_WORKFLOWS=everybody)
    async with house as (stage, stack, worker):
        falls = _interruption(outage, stack, worker)
        with Bars() as bars:
            stored = await performance.receive(stage, batch, Rehearsed.FROM_FILING, bars)
            futures = performance.futures(files, stored.numbers)
            part = CoursePart(futures, courses(batch, stored.numbers), performance.away(batch, stored.numbers))
            post = Post(stage.pool, stage.engine, lambda: _arrived(stack))
            calendar = Calendar(stage.starter, part, post, in_flight=in_flight)
            opens, parents = await performance.opening_moments(stage.pool)
            await calendar.live_together(
                opens, parents, interruption=falls, hears=lambda day, closed, total: bars(f"{day}", closed, total)
            )
        summary = await performance.summary(stage, calendar, time.monotonic() - began)
        gone = (outage, outage + timedelta(days=DAYS_AWAY)) if outage else None
        summary["followed"] = await followed.shown(stage.pool, futures, gone)
        summary["settled_by_hand"] = post.settled
        summary["memory"] = {"worker_mb": _peak(worker.pid), "ours_mb": _own_peak()}
        summary["log"] = _said(directory / "worker.log")
        return summary


def _interruption(day: date | None, stack: EmbeddedStack, worker: EmbeddedWorker) -> Interruption | None:
    if day is None:
        return None

    async def fall() -> None:
        """Worker and Temporal die in the middle of their work; the mail server goes with them."""
        await worker.fall()
        os.kill(stack.temporal.pid, signal.SIGKILL)
        await stack.mail.stop()

    async def rise() -> None:
        await asyncio.gather(stack.temporal.restart(), stack.mail.start())
        await worker.start()

    return Interruption(day, DAYS_AWAY, fall, rise)


def _arrived(stack: EmbeddedStack) -> set[str]:
    """The marks of every mail and text that was taken."""
    mails = {str(mail["Message-ID"]).strip("<>").split("@")[0] for mail in stack.mail.messages()}
    return mails | {text["reference"] for text in stack.texts.messages()}


def _peak(pid: int) -> int | None:
    """The most memory a process ever had, in MB; None where the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")), None)


def _own_peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _said(log: Path) -> list[str]:
    """What the worker said of messages that had to wait."""
    return [line for line in log.read_text("utf-8", "replace").splitlines() if "backlog_spread" in line]


def _tell(summary: Mapping[str, Any]) -> None:
    shown = summary["followed"]
    asked, messages, outcomes = shown["moments"], shown["messages"], shown["outcomes"]
    say(
        f"{shown['people']} mensen begeleid en gevolgd in {summary['seconds']} s.",
        f"Momenten: {asked['applying']}, op de dag zelf bevraagd: {asked['asked_on_the_day']}, "
        f"zonder woord: {len(asked['without_a_word'])}.",
        f"Berichten: {messages['states']}; dubbel: {len(messages['twice'])}, "
        f"'s nachts of op een feestdag: {len(messages['at_night_or_on_a_holiday'])}.",
        f"Onbekend na een jaar: {outcomes['unknown']}, elk met een reden; in 2024: {outcomes['published']}.",
    )

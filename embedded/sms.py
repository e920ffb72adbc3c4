"""A real receiver of text messages on loopback, of the shape that providers share; it keeps each as a file.

`POST /messages` with a bearer token and `to`, `from`, `text`, `reference` as JSON; `GET /messages?reference=...` tells
what became of one. It sends nothing on. docs/channels.md has the whole conversation.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from embedded.refusals import LOOPBACK, Door
from embedded.server import EmbeddedServer

LONGEST = 64 * 1024
"""Bytes of one request."""
Text = Mapping[str, str]


class Mood(StrEnum):
    """How the receiver behaves, for who wants to see what a sender does then."""

    TAKES = "takes"
    REFUSES = "refuses"
    """The number is none."""
    BUSY = "busy"
    BROKEN = "broken"
    SILENT = "silent"
    """Keeps the message and never says so."""
    DEAF = "deaf"
    """Neither keeps it nor says anything."""


class EmbeddedTexts(EmbeddedServer):
    """The receiver of one directory, in threads of this process; texts stay in `texts/` when it stops.

    A file's name sorts by the moment of receipt (UTC). The same reference is taken once.
    """

    lock = "sms"

    def __init__(self, directory: Path, *, port: int = 0) -> None:
        super().__init__(directory, Door("De ontvanger van sms-berichten", "DOORSTROOM_EMBEDDED_SMS_PORT", port))
        self.texts = self.directory / "texts"
        self.token = secrets.token_urlsafe(16)
        self.mood = Mood.TAKES
        self.asked = 0
        """How often anything was asked."""
        self._server: ThreadingHTTPServer | None = None
        self._leaving = Event()
        self._writing = Lock()

    async def _open(self) -> None:
        self.texts.mkdir(exist_ok=True)
        self._door = self._door.opened()
        self._leaving = Event()
        self._server = ThreadingHTTPServer((LOOPBACK, self.port), _handler(self))
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    async def _close(self) -> None:
        self._leaving.set()
        if self._server:
            await asyncio.to_thread(self._server.shutdown)
            self._server.server_close()
            self._server = None

    @property
    def url(self) -> str:
        """Where texts are handed over."""
        return f"http://{LOOPBACK}:{self.port}/messages"

    def messages(self) -> list[Text]:
        """Every text taken so far, the oldest first."""
        return [json.loads(file.read_text("utf-8")) for file in sorted(self.texts.glob("*.json"))]

    def clear(self) -> None:
        """Throw away what was taken."""
        for file in self.texts.glob("*.json"):
            file.unlink()

    def tell(self, reference: str, status: str) -> None:
        """What became of a text on its way: `sent`, `delivered` or `failed`."""
        with self._writing:
            for file in self.texts.glob(f"*-{reference}.json"):
                _write(file, {**json.loads(file.read_text("utf-8")), "status": status})

    def find(self, reference: str) -> list[Text]:
        """The texts of a reference: one or none."""
        return [json.loads(file.read_text("utf-8")) for file in self.texts.glob("*.json") if _of(file, reference)]

    def keep(self, text: Text) -> Text:
        """Write a text whole before its sender hears that we have it.

        Raises:
            OSError: it cannot be written.
        """
        with self._writing:
            for known in self.find(text["reference"]):
                return known
            now = datetime.now(UTC)
            kept = {**text, "id": secrets.token_hex(8), "status": "delivered", "at": now.isoformat()}
            _write(self.texts / f"{now:%Y%m%dT%H%M%S.%f}-{text['reference']}.json", kept)
            return kept

    def wait(self) -> None:
        """Say nothing until the one who asks, or this receiver, has had enough."""
        self._leaving.wait(30)


def _of(file: Path, reference: str) -> bool:
    return file.stem.endswith(f"-{reference}")


def _write(file: Path, text: Text) -> None:
    unfinished = file.with_suffix(".new")
    with unfinished.open("w", encoding="utf-8") as new:
        json.dump(text, new, ensure_ascii=False, indent=1)
        new.flush()
        os.fsync(new.fileno())
    unfinished.replace(file)


class _Answering(BaseHTTPRequestHandler):
    """Answers one request to the receiver it is made for."""

    texts: EmbeddedTexts

    def do_POST(self) -> None:
        self.texts.asked += 1
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(length, LONGEST))
        status, answer = _taken(self.texts, body) if self._known() else (401, {"error": "unknown token"})
        self._answer(status, answer)

    def do_GET(self) -> None:
        self.texts.asked += 1
        if self.texts.mood is Mood.DEAF:
            self.texts.wait()
        asked = parse_qs(urlsplit(self.path).query).get("reference", [""])[0]
        if self._known():
            self._answer(200, {"messages": self.texts.find(asked) if asked else []})
        else:
            self._answer(401, {"error": "unknown token"})

    def _known(self) -> bool:
        given = self.headers.get("Authorization", "").encode()
        return secrets.compare_digest(given, f"Bearer {self.texts.token}".encode())

    def _answer(self, status: int, answer: Mapping[str, Any]) -> None:
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """What came in stands in the folder."""

    def handle(self) -> None:
        """Whoever asked may be gone by now."""
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True


def _handler(texts: EmbeddedTexts) -> type[BaseHTTPRequestHandler]:
    return type("_AnsweringFor", (_Answering,), {"texts": texts})


def _taken(texts: EmbeddedTexts, body: bytes) -> tuple[int, Mapping[str, Any]]:
    if texts.mood is Mood.DEAF:
        texts.wait()
    refused = {Mood.REFUSES: 422, Mood.BUSY: 429, Mood.BROKEN: 503, Mood.DEAF: 503}.get(texts.mood)
    if refused:
        return refused, {"error": texts.mood.value}
    try:
        given = json.loads(body)
        text = {name: given[name] for name in ("to", "from", "text", "reference")}
    except (ValueError, KeyError, TypeError):
        return 400, {"error": "to, from, text and reference are asked"}
    whole = all(isinstance(value, str) and value for value in text.values()) and text["reference"].isalnum()
    if not (whole and text["to"].startswith("+") and text["to"][1:].isdecimal()):
        return 422, {"error": "to is no number"}
    try:
        kept = texts.keep(text)
    except OSError as fault:
        return 503, {"error": str(fault.strerror)}
    if texts.mood is Mood.SILENT:
        texts.wait()
    return 202, {"id": kept["id"]}

"""The servers of one machine, started together, stopped together."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from embedded.mail import EmbeddedMail
from embedded.postgres import EmbeddedPostgres
from embedded.sms import EmbeddedTexts
from embedded.temporal import EmbeddedTemporal
from settings import Settings

_NO_SIGNALS_HERE = (ValueError, RuntimeError)  # a loop outside the main thread


@dataclass(frozen=True)
class Ports:
    """Where the servers listen on loopback; 0 takes a free port, `temporal_ui` None leaves Temporal's web pages out."""

    postgres: int = 0
    temporal: int = 0
    temporal_ui: int | None = 0
    mail: int = 0
    sms: int = 0

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The fixed ports of the demonstration, or what the settings say instead."""
        return cls(
            settings.embedded_postgres_port,
            settings.embedded_temporal_port,
            settings.embedded_temporal_ui_port,
            settings.embedded_mail_port,
            settings.embedded_sms_port,
        )


class EmbeddedStack:
    """PostgreSQL, Temporal and the catchers of mails and texts of one directory.

    With `database_url` set no PostgreSQL is started: the one it names goes first. While the stack stands, SIGTERM
    cancels the task that entered it, as asyncio does for Ctrl-C, so that both ways out stop the servers.
    """

    def __init__(
        self,
        directory: Path,
        *,
        ports: Ports | None = None,
        database_url: str | None = None,
        database_owner_url: str | None = None,
        portal_database_url: str | None = None,
        temporal_in_memory: bool = False,
        temporal_synchronous: Literal["full", "normal", "off"] = "full",
        time_skipping: bool = False,
    ) -> None:
        ports = ports or Ports()
        self._urls = (database_url, database_owner_url or database_url)
        self._portal_url = portal_database_url
        self.postgres = None if database_url else EmbeddedPostgres(directory, port=ports.postgres)
        self.temporal = EmbeddedTemporal(
            directory,
            port=ports.temporal,
            ui_port=ports.temporal_ui,
            in_memory=temporal_in_memory,
            synchronous=temporal_synchronous,
            time_skipping=time_skipping,
        )
        self.mail = EmbeddedMail(directory, port=ports.mail)
        self.texts = EmbeddedTexts(directory, port=ports.sms)

    @property
    def database_url(self) -> str:
        """PostgreSQL as the application's role."""
        return self.postgres.app_url if self.postgres else str(self._urls[0])

    @property
    def owner_url(self) -> str:
        """PostgreSQL as the owner of the tables."""
        return self.postgres.owner_url if self.postgres else str(self._urls[1])

    @property
    def portal_url(self) -> str | None:
        """PostgreSQL as the role pages read under; None when the database is another's and nobody told its address."""
        return self.postgres.portal_url if self.postgres else self._portal_url

    def settings(self, settings: Settings) -> Settings:
        """The same settings, pointed at the servers of this stack."""
        return settings.model_copy(
            update={
                "database_url": self.database_url,
                "database_owner_url": self.owner_url,
                "portal_database_url": self.portal_url,
                "temporal_address": self.temporal.address,
                "temporal_namespace": self.temporal.namespace,
                "smtp_host": self.mail.host,
                "smtp_port": self.mail.port,
                "smtp_user": None,
                "smtp_password": None,
                "smtp_starttls": False,
                "sms_url": self.texts.url,
                "sms_token": self.texts.token,
            }
        )

    def environment(self) -> dict[str, str]:
        """The variables that point another process, such as a worker, at this stack; without the owner's rights."""
        return {
            "DOORSTROOM_DATABASE_URL": self.database_url,
            **({"DOORSTROOM_PORTAL_DATABASE_URL": self.portal_url} if self.portal_url else {}),
            "DOORSTROOM_TEMPORAL_ADDRESS": self.temporal.address,
            "DOORSTROOM_TEMPORAL_NAMESPACE": self.temporal.namespace,
            "DOORSTROOM_SMTP_HOST": self.mail.host,
            "DOORSTROOM_SMTP_PORT": str(self.mail.port),
            "DOORSTROOM_SMTP_STARTTLS": "false",
            "DOORSTROOM_SMS_URL": self.texts.url,
            "DOORSTROOM_SMS_TOKEN": self.texts.token,
        }

    async def start(self) -> None:
        """Start all at once.

        Raises:
            EmbeddedRefusal: the first of the sentences that say what stands in the way; nothing is left running.
        """
        try:
            outcomes = await asyncio.gather(*(server.start() for server in self._servers), return_exceptions=True)
            for outcome in outcomes:
                if isinstance(outcome, BaseException):
                    raise outcome
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop what runs, PostgreSQL last; harmless when nothing does."""
        await asyncio.gather(self.mail.stop(), self.texts.stop(), self.temporal.stop())
        if self.postgres:
            await self.postgres.stop()

    async def __aenter__(self) -> Self:
        self._listen_for_sigterm(asyncio.current_task())
        try:
            await self.start()
        except BaseException:
            self._leave_sigterm_alone()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leaving = True
        try:
            await self.stop()
        finally:
            self._leave_sigterm_alone()

    def _listen_for_sigterm(self, task: asyncio.Task[object] | None) -> None:
        """Cancel `task` at the first SIGTERM; more of them must not cut the stopping short."""

        def leave() -> None:
            if task and not self._leaving:
                self._leaving = True
                task.cancel()

        self._leaving = False
        with contextlib.suppress(*_NO_SIGNALS_HERE):
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, leave)

    def _leave_sigterm_alone(self) -> None:
        with contextlib.suppress(*_NO_SIGNALS_HERE):
            asyncio.get_running_loop().remove_signal_handler(signal.SIGTERM)

    @property
    def _servers(self) -> tuple[EmbeddedPostgres | EmbeddedTemporal | EmbeddedMail | EmbeddedTexts, ...]:
        others = (self.temporal, self.mail, self.texts)
        return (self.postgres, *others) if self.postgres else others

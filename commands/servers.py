"""Where a command finds its servers: what the environment names, else the demonstration that runs in this directory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from temporalio.client import Client

from commands.console import Unavailable
from connection import connect
from database import make_engine
from embedded.running import announced
from settings import Settings
from starter import Starter

_FIELDS = {
    "DOORSTROOM_DATABASE_URL": "database_url",
    "DOORSTROOM_PORTAL_DATABASE_URL": "portal_database_url",
    "DOORSTROOM_TEMPORAL_ADDRESS": "temporal_address",
    "DOORSTROOM_TEMPORAL_NAMESPACE": "temporal_namespace",
    "DOORSTROOM_SMTP_HOST": "smtp_host",
    "DOORSTROOM_SMTP_PORT": "smtp_port",
    "DOORSTROOM_SMTP_STARTTLS": "smtp_starttls",
    "DOORSTROOM_SMS_URL": "sms_url",
    "DOORSTROOM_SMS_TOKEN": "sms_token",
}


@dataclass(frozen=True)
class House:
    """What a command that changes something needs."""

    settings: Settings
    engine: AsyncEngine
    client: Client
    starter: Starter


def found_settings() -> Settings:
    """The settings of the environment; without a database in them, those of the demonstration that runs here.

    Raises:
        Unavailable: neither is there.
    """
    settings = Settings()
    if settings.database_url is not None:
        return settings
    told = announced(settings.state_directory)
    if told is None:
        raise Unavailable(
            "Er is geen databank ingesteld en er draait hier geen demonstratie. Zet DATABASE_URL, of start 'make demo'."
        )
    values = {_FIELDS[name]: value for name, value in told.items() if name in _FIELDS}
    return settings.model_copy(update=Settings.model_validate(values).model_dump(include=set(values)))


@asynccontextmanager
async def database() -> AsyncIterator[AsyncEngine]:
    """The application's engine."""
    async with _engine(found_settings()) as engine:
        yield engine


@asynccontextmanager
async def reading() -> AsyncIterator[AsyncConnection]:
    """One connection that sees one moment and changes nothing."""
    async with database() as engine, engine.connect() as plain:
        yield await plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


@asynccontextmanager
async def house() -> AsyncIterator[House]:
    """Database and Temporal. Temporal is only spoken to when something is asked of it."""
    settings = found_settings()
    client = await connect(settings, lazy=True)
    async with _engine(settings) as engine:
        yield House(settings, engine, client, Starter(client, engine, settings.temporal_task_queue))


@asynccontextmanager
async def _engine(settings: Settings) -> AsyncIterator[AsyncEngine]:
    assert settings.database_url is not None
    engine = make_engine(settings.database_url, pool_size=settings.database_pool_size)
    try:
        yield engine
    finally:
        await engine.dispose()

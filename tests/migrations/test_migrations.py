"""From nothing the migrations build what the models say, and they can go down and up again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

import database
from embedded import APPLICATION, OWNER, EmbeddedPostgres
from models.tables import metadata


@pytest.fixture
async def empty(postgres: EmbeddedPostgres) -> AsyncIterator[str]:
    """The owner's address of a database in which nothing stands."""
    await postgres.create_database("to_migrate")
    try:
        yield postgres.url(OWNER, "to_migrate")
    finally:
        await postgres.drop_database("to_migrate")


async def compared(url: str) -> list[Any]:
    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, metadata))

    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(differences)
    finally:
        await engine.dispose()


async def asked(url: str, query: str) -> list[Any]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return [tuple(row) for row in await connection.fetch(query)]
    finally:
        await connection.close()


SHAPE = """
    SELECT 'column', table_name, column_name, data_type, is_nullable FROM information_schema.columns
    WHERE table_schema = 'public'
    UNION ALL SELECT 'index', tablename, indexname, indexdef, '' FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'check', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '' FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), '' FROM pg_trigger
    WHERE NOT tgisinternal
    UNION ALL SELECT 'right', table_name, grantee, privilege_type, '' FROM information_schema.role_table_grants
    WHERE table_schema = 'public'
    ORDER BY 1, 2, 3, 4
"""


async def test_up_from_empty_gives_what_the_models_say(empty: str) -> None:
    await database.migrate(empty)

    assert await compared(empty) == []


async def test_checks_of_the_models_stand_in_the_database(empty: str) -> None:
    await database.migrate(empty)

    checks = {name for (name,) in await asked(empty, "SELECT conname FROM pg_constraint WHERE contype = 'c'")}

    declared = {
        str(check.name) for table in metadata.tables.values() for check in table.constraints if _is_check(check)
    }
    assert declared
    assert declared <= checks


def _is_check(constraint: Any) -> bool:
    return type(constraint).__name__ == "CheckConstraint"


async def test_down_to_nothing_and_up_again_gives_the_same(empty: str) -> None:
    await database.migrate(empty)
    first = await asked(empty, SHAPE)

    await asyncio.to_thread(command.downgrade, database.migration_config(empty), "base")
    left = await asked(empty, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    functions = await asked(empty, "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace")
    await database.migrate(empty)

    assert (left, functions) == ([("alembic_version",)], [])
    assert await asked(empty, SHAPE) == first


async def test_migrating_again_changes_nothing(empty: str) -> None:
    await database.migrate(empty)
    first = await asked(empty, SHAPE)

    await database.migrate(empty)

    assert await asked(empty, SHAPE) == first


THE_PAST = {"event", "sign_in", "sensitive_read", "vote", "admin_event", "bank_act", "erasure"}
"""What only grows."""
KEPT_BY_TRIGGERS = {"envelope", "holding", "holding_cap", "ledger_entry"}
"""The ledger of budgets: nothing but its triggers writes it."""


async def test_the_application_may_write_everything_but_the_past(empty: str) -> None:
    await database.migrate(empty)

    rights = await asked(
        empty,
        f"SELECT table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee = '{APPLICATION}'",
    )

    by_table: dict[str, set[str]] = {}
    for table, right in rights:
        by_table.setdefault(table, set()).add(right)
    for past in sorted(THE_PAST):
        assert by_table.pop(past) == {"SELECT", "INSERT"}
    assert by_table.pop("alembic_version") == {"SELECT"}
    for kept in sorted(KEPT_BY_TRIGGERS):
        assert by_table.pop(kept) == {"SELECT"}
    assert set(by_table) == set(metadata.tables) - THE_PAST - KEPT_BY_TRIGGERS
    assert {frozenset(found) for found in by_table.values()} == {frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})}


async def test_there_is_one_line_of_migrations() -> None:
    from alembic.script import ScriptDirectory

    assert (
        len(
            ScriptDirectory.from_config(
                database.migration_config("postgresql+asyncpg://nobody@nowhere/none")
            ).get_heads()
        )
        == 1
    )

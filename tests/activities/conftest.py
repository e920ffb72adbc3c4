"""The journal and the post room on a database of this test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from activities.dossiers import Dossiers
from database import lean_pool


@pytest.fixture
async def pool(database_urls: Any) -> AsyncIterator[asyncpg.Pool]:
    """Connections as a worker has them."""
    async with await lean_pool(database_urls.app, size=4) as connections:
        yield connections


@pytest.fixture
def dossiers(pool: asyncpg.Pool) -> Dossiers:
    """The journal."""
    return Dossiers(pool)

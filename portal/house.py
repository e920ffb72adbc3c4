"""What every page needs of the house, made once per process."""

from dataclasses import dataclass
from typing import cast

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncEngine

from portal.access.sessions import Sessions
from settings import Settings
from starter import Starter


@dataclass(frozen=True)
class House:
    """The two ways to PostgreSQL and the one to Temporal.

    `engine` is the application's own role and writes the portal's small tables; `reading` is the role of pages, held to
    what a visitor may see by row-level security.
    """

    settings: Settings
    engine: AsyncEngine
    reading: AsyncEngine
    starter: Starter
    sessions: Sessions


def house_of(request: Request) -> House:
    """The house of this process, from any request."""
    return cast(House, request.app.state.house)

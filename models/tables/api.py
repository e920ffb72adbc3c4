"""Other systems that speak to the house: who they are, the tokens they hold, and what they asked under which key."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, Column, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.tables.columns import instant


class ApiClient(SQLModel, table=True):
    """A system and for whom it speaks. `client` is opaque and is what events carry; `secret` is a salted digest."""

    __tablename__ = "api_client"

    client: str = Field(primary_key=True)
    name: str
    party: str
    """`system` for one that works for funds; else the party outside for whom it speaks."""
    funds: list[str] = Field(sa_type=ARRAY(String))
    enterprises: list[str] = Field(sa_type=ARRAY(String))
    agency: str | None = None
    scopes: list[str] = Field(sa_type=ARRAY(String))
    secret: str
    active: bool = True
    created_at: datetime = instant()
    last_used_at: datetime | None = instant(default=None)


class ApiToken(SQLModel, table=True):
    """A bearer token. The key is a digest: who reads this table cannot use it."""

    __tablename__ = "api_token"
    __table_args__ = (Index("api_token_ends", "ends_at"), Index("api_token_client", "client"))

    token: str = Field(primary_key=True)
    client: str
    scopes: list[str] = Field(sa_type=ARRAY(String))
    ends_at: datetime = instant()


class ApiRequest(SQLModel, table=True):
    """What a client asked under a key, and the answer it got; without `status` it is being done now.

    Holds a digest of what was asked, numbers and codes: no personal data.
    """

    __tablename__ = "api_request"
    __table_args__ = (Index("api_request_begun", "begun_at"),)

    client: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    digest: str
    begun_at: datetime = instant()
    status: int | None = None
    answer: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB, nullable=True))

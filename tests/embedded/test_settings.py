from __future__ import annotations

import pytest
from pydantic import ValidationError

from settings import Settings


@pytest.mark.parametrize("name", ["DATABASE_URL", "DOORSTROOM_DATABASE_URL"])
@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("postgresql+asyncpg://a:b@h/d", "postgresql+asyncpg://a:b@h/d"),
        ("postgresql://a:b@h:5433/d", "postgresql+asyncpg://a:b@h:5433/d"),
        ("postgres://a:p%40ss@h/d?sslmode=require", "postgresql+asyncpg://a:p%40ss@h/d?ssl=require"),
    ],
    ids=["ours", "the standard", "a host's"],
)
def test_a_database_address_may_be_spelled_as_hosts_do(
    name: str, written: str, read: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, written)
    assert Settings().database_url == read


def test_another_database_is_refused_without_showing_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://a:geheim@h/d")
    with pytest.raises(ValidationError, match="alleen PostgreSQL") as refusal:
        Settings()
    assert "geheim" not in str(refusal.value)


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        monkeypatch.setenv(f"DOORSTROOM_{name}", "postgresql://a:geheim@h/d")
    for name in ("SMTP_PASSWORD", "PAYLOAD_KEYS"):
        monkeypatch.setenv(f"DOORSTROOM_{name}", "geheim")
    assert "geheim" not in repr(Settings())


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []

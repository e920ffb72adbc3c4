"""The secret of the opaque keys by which an import recognises a person or an application without naming them.

The same secret must be used for every import, otherwise a second application of one person is not recognised.
"""

import secrets
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from embedded.place import read_strings, write_private

FILE = "import-key.json"


class _Setting(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="DOORSTROOM_", env_file=".env", extra="ignore", env_ignore_empty=True)

    import_key: str | None = Field(default=None, repr=False, min_length=32)


def opaque_key(state_directory: Path) -> bytes:
    """DOORSTROOM_IMPORT_KEY (32 characters or more), else the key of this directory, drawn once and kept private.

    Raises:
        pydantic.ValidationError: the key that is set is too short.
        OSError: the directory cannot be written.
    """
    told = _Setting().import_key
    if told is not None:
        return told.encode()
    file = state_directory / FILE
    kept = read_strings(file)
    if kept is None:
        state_directory.mkdir(parents=True, exist_ok=True)
        kept = {"key": secrets.token_hex(32)}
        write_private(file, f'{{"key": "{kept["key"]}"}}')
    return kept["key"].encode()

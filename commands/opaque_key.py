"""The secret of the opaque keys by which an import recognises a person or an application without naming them.

The same secret must be used for every import, otherwise a second application of one person is not recognised.
"""

import secrets

from embedded.place import read_strings, write_private
from settings import Settings

FILE = "import-key.json"


def opaque_key(settings: Settings) -> bytes:
    """DOORSTROOM_IMPORT_KEY (32 characters or more), else the key of this directory, drawn once and kept private.

    Raises:
        OSError: the directory cannot be written.
    """
    if settings.import_key is not None:
        return settings.import_key.encode()
    file = settings.state_directory / FILE
    kept = read_strings(file)
    if kept is None:
        settings.state_directory.mkdir(parents=True, exist_ok=True)
        kept = {"key": secrets.token_hex(32)}
        write_private(file, f'{{"key": "{kept["key"]}"}}')
    return kept["key"].encode()

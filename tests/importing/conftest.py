"""The practice files in short, and a way to change them as offices do."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from importing import Batch, import_files
from importing.office import Office

FILES = Path(__file__).parent / "files"
OFFICE = Office(known_on=date(2025, 1, 31), secret=b"thirty-two bytes of a test only!")
SUBSIDY = ("subsidy-applications.csv", "subsidy-participants.csv")


@pytest.fixture(scope="session")
def office() -> Office:
    """Antwerpen, handed over on 31 January 2025."""
    return OFFICE


@pytest.fixture(scope="session")
def files() -> Path:
    """The folder with all files."""
    return FILES


@pytest.fixture(scope="session")
def year() -> Batch:
    """All files, imported once."""
    return import_files([FILES], OFFICE)


Edited = Callable[[str, str, str], list[Path]]


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    """The subsidy files, with one text replaced by another in the file that is named."""

    def edit(file: str, old: str, new: str) -> list[Path]:
        for name in SUBSIDY:
            text = (FILES / name).read_text("utf-8")
            if name == file:
                assert old in text
                text = text.replace(old, new, 1)
            (tmp_path / name).write_text(text, "utf-8")
        return [tmp_path / name for name in SUBSIDY]

    return edit

"""The image: what goes in, who runs in it, and how it stops."""

import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
LINES = (HOUSE / "Dockerfile").read_text("utf-8").replace("\\\n", " ").splitlines()
INSTRUCTIONS = [line.split(maxsplit=1) for line in LINES if line and not line.startswith("#")]
IGNORED = [
    line for line in (HOUSE / ".dockerignore").read_text("utf-8").splitlines() if line and not line.startswith("#")
]


def _of(instruction: str) -> list[str]:
    return [rest for name, rest in INSTRUCTIONS if name == instruction]


def _goes_in(name: str) -> bool:
    return not any(fnmatch(name, pattern) for pattern in IGNORED)


def test_what_is_copied_exists() -> None:
    for copy in _of("COPY"):
        if not copy.startswith("--from="):
            source = copy.split()[0]
            assert (HOUSE / source).exists()
            assert _goes_in(source)


def _needed() -> list[str]:
    tool = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    folders = {package.split(".")[0] for package in tool["packages"]} - {"benchmarks"}
    modules = [f"{module}.py" for module in tool["py-modules"]]
    return sorted({*folders, *modules, "templates", "alembic.ini", "pyproject.toml", "README.md", "requirements.txt"})


def test_the_command_finds_every_module_and_every_room() -> None:
    """`doorstroom` runs from anywhere: what setuptools does not name, it does not find."""
    tool = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    assert set(tool["py-modules"]) == {file.stem for file in HOUSE.glob("*.py")}
    rooms = {package.split(".")[0] for package in tool["packages"]}
    homes = {file.parent.relative_to(HOUSE) for room in rooms for file in (HOUSE / room).rglob("*.py")}
    assert set(tool["packages"]) >= {".".join(home.parts) for home in homes if "versions" not in home.parts}


@pytest.mark.parametrize("name", _needed())
def test_what_the_product_runs_on_goes_in(name: str) -> None:
    assert _goes_in(name)


@pytest.mark.parametrize("name", [".env", ".git", ".venv", "tests", ".doorstroom"])
def test_what_is_secret_or_of_no_use_stays_out(name: str) -> None:
    assert not _goes_in(name)


def test_both_stages_begin_with_the_same_pinned_python() -> None:
    bases = [base.split()[0] for base in _of("FROM")]
    assert set(bases) == {"python:${PYTHON_VERSION}-slim"}
    assert _of("ARG") == ["PYTHON_VERSION=3.11"]


def test_dependencies_are_installed_by_hash_alone() -> None:
    installs = [run for run in _of("RUN") if "requirements" in run]
    assert installs
    assert all("--require-hashes" in run for run in installs)
    others = [run for run in _of("RUN") if "pip install" in run and "requirements" not in run]
    assert all("--no-deps" in run and "--no-build-isolation" in run for run in others)


def test_nobody_runs_as_root() -> None:
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", _of("USER")[-1])
    last = [name for name, _ in INSTRUCTIONS]
    assert last.index("USER") > max(i for i, name in enumerate(last) if name == "RUN")


def test_the_program_gets_the_signal_itself() -> None:
    assert _of("ENTRYPOINT") == ['["doorstroom"]']
    assert _of("CMD") == ['["worker"]']
    assert _of("STOPSIGNAL") == ["SIGTERM"]

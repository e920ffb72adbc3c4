"""When the one-machine stack cannot start for a reason the person at the keyboard can remove."""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass, replace

LOOPBACK = "127.0.0.1"


class EmbeddedRefusal(Exception):
    """A server cannot start here; the text is one Dutch sentence that says what to do."""


@dataclass(frozen=True)
class Door:
    """The port one server listens on: who asks for it, and which setting moves it."""

    server: str
    setting: str
    port: int

    def resolved(self) -> int:
        """The port itself, or a free one when it is 0.

        Raises:
            EmbeddedRefusal: another program holds the port, or the system does not let us have it.
        """
        if self.port == 0:
            return free_port()
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, self.port))
            except OSError as fault:
                raise self.refusal(fault.errno) from fault
        return self.port

    def opened(self) -> Door:
        """The same door with the port it has from now on.

        Raises:
            EmbeddedRefusal: as `resolved`.
        """
        return replace(self, port=self.resolved())

    def refusal(self, reason: int | None) -> EmbeddedRefusal:
        """The sentence for a port we did not get; `reason` is an `errno`."""
        if reason == errno.EADDRINUSE:
            why = (
                f"poort {self.port} op {LOOPBACK} is al in gebruik, misschien door een andere Doorstroom "
                f"of door een eigen {self.server} op deze machine"
            )
        else:
            why = f"poort {self.port} op {LOOPBACK} mag of kan hier niet geopend worden"
        return EmbeddedRefusal(
            f"{self.server} kan niet starten: {why}; stop dat programma of kies een vrije poort met {self.setting} "
            f"(bijvoorbeeld {self.setting}={free_port()})."
        )


def free_port() -> int:
    """A TCP port on loopback that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])

"""The stories. Each kind of dossier is one class whose phases read as the procedure a new colleague is told."""

from typing import Any

from workflows.subsidy import Subsidy

EVERY: list[type[Any]] = [Subsidy]
"""What a worker runs; the post room is the house's own and stands beside it."""

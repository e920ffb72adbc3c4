"""The stories. Each kind of dossier is one class whose phases read as the procedure a new colleague is told."""

from typing import Any

from workflows.outplacement import Outplacement
from workflows.project_financing import ProjectFinancing
from workflows.subsidy import Subsidy
from workflows.trajectory import Trajectory
from workflows.transition_support import TransitionSupport

EVERY: list[type[Any]] = [Subsidy, TransitionSupport, ProjectFinancing, Outplacement, Trajectory]
"""What a worker runs; the post room is the house's own and stands beside it."""

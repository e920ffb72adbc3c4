"""Files of real offices, turned into applications: all of them or none, with every fault named by row and column."""

from importing.applications import Application, Batch, EmployerRow, PersonalData
from importing.batch import import_files
from importing.faults import Fault, ImportRefused
from importing.simulation import read_simulation

__all__ = [
    "Application",
    "Batch",
    "EmployerRow",
    "Fault",
    "ImportRefused",
    "PersonalData",
    "import_files",
    "read_simulation",
]

"""The future that practice data tell, for rehearsed people only: it never becomes data of a dossier."""

from collections.abc import Mapping
from pathlib import Path

from importing.faults import Fault, ImportRefused
from importing.layouts import Sort
from importing.reading import read_sheet
from importing.recognising import FUTURE, recognise


def read_simulation(path: Path) -> Mapping[str, Mapping[str, str]]:
    """What each person will do, by trajectory number: the columns that begin with `Simulatie:`, without that word.

    Raises ImportRefused when the file is no outplacement file or has no such columns.
    """
    table = recognise(read_sheet(path))
    if table.sort is not Sort.OUTPLACEMENT or not table.records[0].future:
        message = "dit is geen outplacementbestand met kolommen die met 'Simulatie:' beginnen."
        raise ImportRefused([Fault(file=path.name, row=None, column=None, message=message)])
    return {
        record.values["Trajectnummer"]: {column[len(FUTURE) :].strip(): text for column, text in record.future.items()}
        for record in table.records
    }

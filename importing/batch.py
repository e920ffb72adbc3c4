"""One import: some files or a folder, joined by dossier number, all or nothing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from importing.applications import Application, Batch
from importing.career_accounts import read_career_accounts
from importing.employers import read_employers
from importing.faults import Fault, ImportRefused
from importing.layouts import Sort
from importing.office import Office
from importing.outplacement import read_outplacements
from importing.people import read_participants
from importing.projects import read_budgets, read_instalments, read_projects, read_transitions
from importing.reading import read_sheet
from importing.recognising import Table, recognise
from importing.repeated import mark_duplicates, mark_running_levers
from importing.training import read_trainings
from schemes.project import OtherProject

_TABLES = (".csv", ".txt", ".tsv", ".xlsx")
_COMPANIONS: Mapping[Sort, tuple[Sort, ...]] = {
    Sort.SUBSIDY_APPLICATIONS: (Sort.SUBSIDY_PARTICIPANTS,),
    Sort.TRANSITIONS: (Sort.BUDGET_LINES, Sort.INSTALMENTS, Sort.PROJECT_PARTICIPANTS),
    Sort.PROJECTS: (Sort.BUDGET_LINES, Sort.INSTALMENTS, Sort.PROJECT_PARTICIPANTS),
}
DISMISSALS = (Sort.OUTPLACEMENT, Sort.OUTPLACEMENT_NOT_STARTED, Sort.DISMISSED)
"""Lists of dismissed people."""
_NUMBER_COLUMNS = {Sort.CAREER_ACCOUNTS: "Aanvraagnummer"} | dict.fromkeys(DISMISSALS, "Trajectnummer")
_NUMBERED = (*_COMPANIONS, *_NUMBER_COLUMNS)


def import_files(
    paths: Sequence[Path],
    office: Office,
    earlier: Mapping[str, str] | None = None,
    projects: Iterable[OtherProject] = (),
) -> Batch:
    """The applications and employers of all files together, or every fault that was found in them.

    A path may be a folder: then its tables are read, in the order of their names. `earlier` maps the fingerprints of
    known applications to their numbers, `projects` are the known projects: both serve the rules against repetition.
    """
    tables, faults = _tables(paths)
    by_sort: dict[Sort, list[Table]] = defaultdict(list)
    for table in tables:
        by_sort[table.sort].append(table)
    faults += [*_missing_companions(by_sort), *_double_numbers(tables)]
    employers = read_employers([*by_sort[Sort.EMPLOYERS], *by_sort[Sort.EMPLOYERS_STOPPED]], office, faults)
    applications = _applications(by_sort, office, faults) if not faults else []
    if faults:
        return Batch(faults=tuple(faults))
    applications = mark_running_levers(mark_duplicates(applications, earlier or {}), projects)
    return Batch(applications=tuple(applications), employers=tuple(employers))


def _tables(paths: Sequence[Path]) -> tuple[list[Table], list[Fault]]:
    tables: list[Table] = []
    faults: list[Fault] = []
    for path in _files(paths, faults):
        try:
            tables.append(recognise(read_sheet(path)))
        except ImportRefused as refused:
            faults += refused.faults
    return tables, faults


def _files(paths: Sequence[Path], faults: list[Fault]) -> list[Path]:
    """The files themselves; a folder without a table is a fault."""
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(file for file in path.iterdir() if file.suffix.lower() in _TABLES and file.is_file())
        if not inside:
            message = "in deze map staat geen CSV- of .xlsx-bestand."
            faults.append(Fault(file=path.name, row=None, column=None, message=message))
        found += inside
    return list(dict.fromkeys(found))


def _missing_companions(by_sort: Mapping[Sort, Sequence[Table]]) -> list[Fault]:
    """An application file without its lines would look as if nobody takes part; lines without applications are lost."""
    faults = []
    for sort, companions in _COMPANIONS.items():
        for table in by_sort.get(sort, ()):
            missing = [companion for companion in companions if companion not in by_sort]
            if missing:
                message = f"geef ook het bestand mee met: {', '.join(missing)}."
                faults.append(Fault(file=table.file, row=None, column=None, message=message))
    needed = {companion for sort, companions in _COMPANIONS.items() if sort in by_sort for companion in companions}
    for companion in sorted({companion for companions in _COMPANIONS.values() for companion in companions} - needed):
        for table in by_sort.get(companion, ()):
            message = "deze lijst hoort bij een bestand met aanvragen. Geef dat ook mee."
            faults.append(Fault(file=table.file, row=None, column=None, message=message))
    return faults


def _double_numbers(tables: Sequence[Table]) -> list[Fault]:
    """A dossier number that two applications have, in one file or in two."""
    seen: dict[str, str] = {}
    faults = []
    for table in tables:
        if table.sort not in _NUMBERED:
            continue
        column = _NUMBER_COLUMNS.get(table.sort, "Dossiernummer")
        for record in table.records:
            number = record.values[column]
            if number in seen:
                message = f"nummer '{number[:40]}' staat er twee keer in: ook in {seen[number]}."
                faults.append(Fault(file=table.file, row=record.row, column=column, message=message))
            seen.setdefault(number, f"{table.file}, rij {record.row}")
    return faults


def _applications(by_sort: Mapping[Sort, Sequence[Table]], office: Office, faults: list[Fault]) -> list[Application]:
    subsidies = by_sort.get(Sort.SUBSIDY_APPLICATIONS, ())
    transitions, projects = by_sort.get(Sort.TRANSITIONS, ()), by_sort.get(Sort.PROJECTS, ())
    known = _numbers(subsidies)
    people = read_participants(by_sort.get(Sort.SUBSIDY_PARTICIPANTS, ()), known, office.known_on, faults)
    found = [application for table in subsidies for application in read_trainings(table, people, office, faults)]
    for table in by_sort.get(Sort.CAREER_ACCOUNTS, ()):
        found += read_career_accounts(table, office, faults)
    known = _numbers([*transitions, *projects])
    people = read_participants(by_sort.get(Sort.PROJECT_PARTICIPANTS, ()), known, office.known_on, faults)
    budgets = read_budgets(by_sort.get(Sort.BUDGET_LINES, ()), known, faults)
    instalments = read_instalments(by_sort.get(Sort.INSTALMENTS, ()), known, faults)
    for table in transitions:
        found += read_transitions(table, people, budgets, instalments, office, faults)
    for table in projects:
        found += read_projects(table, people, budgets, instalments, office, faults)
    dismissals = [table for sort in DISMISSALS for table in by_sort.get(sort, ())]
    return found + read_outplacements(dismissals, office, faults)


def _numbers(tables: Sequence[Table]) -> dict[str, str]:
    return {record.values["Dossiernummer"]: table.file for table in tables for record in table.records}

"""The files of a year become applications without a fault; the mistakes in them are for the intake."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from importing import Application, Batch, Fault, ImportRefused, import_files, read_simulation
from importing.office import Office
from models.messages.facts import OutplacementFacts, ProjectFacts, TrainingFacts, TrajectoryFacts
from models.messages.words import Document, Kind, Language
from policies import in_force
from schemes.checks import failed
from schemes.intake import check
from schemes.sentences import sentence

CLERK_SAW_MORE = {"SUB-2024-00591", "SUB-2024-01253", "PRO-2024-008", "PRO-2024-011"}
"""Here the sentence of the clerk names what no rule can see: another list of establishments, or the text of a title."""


def test_a_year_is_imported_without_a_fault(year: Batch) -> None:
    assert year.faults == ()
    assert Counter(application.instrument for application in year.applications) == {
        "formal_training": 113,
        "informal_training": 14,
        "career_account": 25,
        "transition_support": 5,
        "project_financing": 16,
        "outplacement": 26,
    }
    assert len(year.employers) == 25


def test_the_intake_says_what_the_clerk_said(year: Batch, files: Path) -> None:
    expected = json.loads((files / "expected.json").read_text("utf-8"))
    said = {}
    for application in year.applications:
        policy = in_force(application.fund, application.instrument, application.filed_on)
        checks = failed(check(application.facts, policy))
        if checks:
            said[application.reference] = {
                one.code: sentence(one, "nl", application.personal.words()) for one in checks
            }

    assert said.keys() == expected.keys()
    for reference, findings in expected.items():
        assert said[reference].keys() == {finding["code"] for finding in findings}
        if reference not in CLERK_SAW_MORE:
            assert said[reference] == {finding["code"]: finding["zin"] for finding in findings}


def one(year: Batch, reference: str) -> Application:
    return next(application for application in year.applications if application.reference == reference)


def test_an_application_keeps_facts_and_personal_data_apart(year: Batch) -> None:
    application = one(year, "SUB-2024-00353")
    facts, personal = application.facts, application.personal
    assert isinstance(facts, TrainingFacts)
    assert facts.duplicate_of == "SUB-2024-00281"
    assert facts.documents >= {Document.INVOICE, Document.PROOF_OF_PAYMENT, Document.ATTENDANCE, Document.PROGRAMME}
    assert [participant.line for participant in facts.participants] == [person.line for person in personal.people]
    assert personal.enterprise_number == "0000523107"
    assert personal.establishment_number == "2999722921"
    assert personal.typed["Gevraagd bedrag"] == "200,00"
    assert personal.attachments[-1] == "kmo-portefeuille (1).pdf"
    assert one(year, "SUB-2024-00735").personal.language is Language.FRENCH


def test_no_facts_tell_who_somebody_is(year: Batch) -> None:
    """Names, birth dates, numbers of accounts and companies, mail addresses and titles stay in rows."""
    everybody = [*year.applications, *(one for application in year.applications for one in application.trajectories)]
    for application in everybody:
        personal, told = application.personal, application.facts.model_dump_json()
        names = [name for person in personal.people for name in (person.name, person.birth_date.isoformat())]
        hidden = [*names, personal.employer_name, personal.contact_name, personal.email, personal.iban, personal.title]
        assert [text for text in [*hidden, personal.enterprise_number] if text and text in told] == []


def test_participants_stand_under_their_dossier(year: Batch) -> None:
    application = one(year, "SUB-2024-00625")
    assert isinstance(application.facts, TrainingFacts)
    assert [participant.born_after_handover for participant in application.facts.participants].count(True) == 1


def test_a_project_has_its_budget_instalments_and_running_neighbour(year: Batch) -> None:
    facts = one(year, "PRO-2024-013").facts
    assert isinstance(facts, ProjectFacts)
    assert (len(facts.budget), len(facts.instalments)) == (2, 3)
    assert facts.running_in_lever == "PRO-2024-003"
    assert str(facts.running_until) == "2025-03-07"


def test_dismissals_are_grouped_by_employer_and_announcement(year: Batch) -> None:
    dossiers = [application for application in year.applications if application.kind is Kind.OUTPLACEMENT]
    sizes = Counter(
        (application.facts.dismissal, len(application.trajectories))
        for application in dossiers
        if isinstance(application.facts, OutplacementFacts)
    )
    assert sizes == {("closure", 8): 1, ("restructuring", 4): 3, ("individual", 1): 22}
    for dossier in dossiers:
        for trajectory in dossier.trajectories:
            assert isinstance(trajectory.facts, TrajectoryFacts)
            assert trajectory.facts.employer_dossier == dossier.reference
            assert trajectory.fund is dossier.fund


def test_who_did_not_start_has_a_reason(year: Batch) -> None:
    people = {one.reference: one for application in year.applications for one in application.trajectories}
    refused, started = people["OUN-2024-001"], people["OUT-2024-00001"]
    assert isinstance(refused.facts, TrajectoryFacts)
    assert isinstance(started.facts, TrajectoryFacts)
    assert (refused.facts.answer, refused.facts.started_on) == ("refused", None)
    assert refused.guidance is not None
    assert refused.guidance.not_started_because == "geweigerd"
    assert (started.facts.age_on_dismissal, str(started.facts.started_on)) == (45, "2024-01-03")
    assert started.guidance is not None
    assert len(started.guidance.hours_by_phase) == 3


def test_the_future_is_nowhere_in_a_dossier(year: Batch, files: Path, office: Office, tmp_path: Path) -> None:
    """Without the columns that tell the future the dossiers are the same, to the last letter."""
    with (files / "outplacement.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    known = [column for column in rows[0] if not column.startswith("Simulatie:")]
    assert len(known) < len(rows[0])
    with (tmp_path / "outplacement.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, known, delimiter=";", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)

    without = import_files([tmp_path, files / "outplacement-not-started.csv"], office).applications

    assert without == tuple(one for one in year.applications if one.kind is Kind.OUTPLACEMENT)
    assert "imulatie" not in year.model_dump_json()


def test_the_future_is_there_for_rehearsed_people(files: Path) -> None:
    person = read_simulation(files / "outplacement.csv")["OUT-2024-00001"]
    assert person["uitkomst na 1 jaar"] == "zelfstandig"
    assert person["herinneringen nodig"] == "0"
    with pytest.raises(ImportRefused, match="Simulatie"):
        read_simulation(files / "outplacement-not-started.csv")


def test_the_same_files_give_the_same_applications(year: Batch, files: Path, office: Office) -> None:
    assert import_files(sorted(files.glob("*.csv"), reverse=True), office).applications == year.applications


def test_an_application_known_from_an_earlier_import_is_a_duplicate(files: Path, office: Office) -> None:
    paths = [files / "subsidy-applications.csv", files / "subsidy-participants.csv"]
    first = import_files(paths, office)
    fingerprint = one(first, "SUB-2024-00001").fingerprint
    assert fingerprint is not None

    again = import_files(paths, office, earlier={fingerprint: "ANT-2023-S-000007"})

    facts = one(again, "SUB-2024-00001").facts
    assert isinstance(facts, TrainingFacts)
    assert facts.duplicate_of == "ANT-2023-S-000007"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["subsidy-applications.csv"], "geef ook het bestand mee met: deelnemers opleidingssteun."),
        (["subsidy-participants.csv"], "deze lijst hoort bij een bestand met aanvragen. Geef dat ook mee."),
        (
            ["project-applications.csv", "project-participants.csv"],
            "geef ook het bestand mee met: begrotingslijnen, schijven.",
        ),
    ],
    ids=["applications alone", "participants alone", "a project without its lines"],
)
def test_files_that_belong_together_come_together(names: list[str], expected: str, files: Path, office: Office) -> None:
    batch = import_files([files / name for name in names], office)
    assert Fault(file=names[0], row=None, column=None, message=expected) in batch.faults
    assert batch.applications == ()

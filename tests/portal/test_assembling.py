"""Whatever a form accepts becomes an application that can be received and whose dossier opens."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import receipts
from models.errors import Refusal
from models.messages.facts import OutplacementFacts, ProjectFacts, TrainingFacts, TrajectoryFacts, TransitionFacts
from models.messages.words import Document, Fund, Instrument, Party
from opening import opening_state
from portal.applying.assembling import Sending, as_receipt, assemble, trajectories
from portal.forms import FORMS
from portal.forms.answers import Filled, Typed, all_faults
from schemes.project import OtherProject
from tests.portal.filled_forms import TODAY, filled

NOW = datetime(2026, 3, 16, 13, 2, tzinfo=UTC)
SENDING = Sending("0123456789abcdef0123456789abcdef", NOW, b"thirty-two bytes of a test only!")
ALL = st.sampled_from(list(FORMS.values()))


def _opens(application: receipts.Application, number: str) -> Any:
    row = SimpleNamespace(
        number=number,
        fund=application.fund,
        facts=json.loads(application.facts.model_dump_json()),
        instrument=application.facts.instrument,
        opens_at=application.received_at,
        parent=application.parent,
        enterprise_number=application.enterprise_number,
        rehearsed=application.rehearsed,
    )
    return opening_state(row)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_whatever_a_form_accepts_opens_a_dossier(data: st.DataObject) -> None:
    form = data.draw(ALL)
    typed = data.draw(filled(form))
    assert all_faults(form, typed, TODAY) == ()
    assembled = assemble(form, typed, SENDING)
    application = as_receipt(assembled, SENDING)
    assert _opens(application, "ANT-2026-S-000001").policy.instrument == form.instrument
    assert application.fund == assembled.policy.fund
    assert application.idempotency_key == f"draft/{SENDING.key}"
    json.dumps(application.typed)
    for child in trajectories(assembled, "ANT-2026-O-000001", SENDING):
        state = _opens(child, "ANT-2026-J-000001")
        assert state.facts.employer_dossier == "ANT-2026-O-000001"


def _training(**changed: dict[str, str]) -> dict[str, Filled]:
    pages: dict[str, dict[str, str]] = {
        "werkgever": {
            "Ondernemingsnummer": "0417.497.106",
            "Naam werkgever": "Staalbouw Peeters",
            "Vestigingseenheidsnummer": "2.999.010.168",
            "Postcode": "2440",
            "Gemeente": "Geel",
            "Paritair comité": "111",
        },
        "opleiding": {
            "Type aanvraag": "vooraf",
            "Titel opleiding": "MIG/MAG-lassen",
            "Begindatum": "07/04/2026",
            "Einddatum": "04/05/2026",
            "Uren per deelnemer": "40",
        },
        "kosten": {"Kostprijs excl. btw": "2.888,00", "Kmo-portefeuille": "", "Gevraagd bedrag": "1.000,00"},
        "contact": {
            "Contactpersoon": "Petra Peeters",
            "E-mail": "petra@staalbouw.example",
            "Taal": "nl",
            "IBAN": "BE68 5390 0754 7034",
        },
    }
    typed = {code: Filled(fields=fields | changed.get(code, {})) for code, fields in pages.items()}
    person = {"Voornaam": "Jan", "Naam": "Janssens", "Geboortedatum": "01/02/1980", "Statuut": "arbeider"}
    return typed | {"deelnemers": Filled(rows=({**person, "Uren gepland": "40"}, {**person, "Voornaam": "An"}))}


def test_a_training_is_received_as_it_was_filled_in() -> None:
    form = FORMS[Instrument.FORMAL_TRAINING]
    sending = SENDING._replace(attached=((Document.QUOTE, "offerte.pdf"), (Document.PROGRAMME, "inhoud.pdf")))
    application = as_receipt(assemble(form, _training(), sending), sending)
    facts = application.facts
    assert isinstance(facts, TrainingFacts)
    assert (facts.asked, facts.cost, facts.sme_wallet) == (Decimal("1000.00"), Decimal("2888.00"), Decimal(0))
    assert (facts.filed_on, facts.known_on, facts.filed) == (TODAY, TODAY, "before")
    assert (facts.stated_participants, facts.participants[0].hours_planned) == (2, Decimal(40))
    assert facts.documents == {Document.QUOTE, Document.PROGRAMME}
    assert facts.iban_valid
    assert application.fund is Fund.ANTWERPEN
    assert application.enterprise_number == "0417497106"
    assert application.documents == ((Document.QUOTE, "offerte.pdf"), (Document.PROGRAMME, "inhoud.pdf"))
    assert [(party.party, party.email) for party in application.parties] == [
        (Party.APPLICANT, "petra@staalbouw.example")
    ]
    assert [person.first_name for person in application.people] == ["Jan", "An"]
    assert application.typed["Titel opleiding"] == "MIG/MAG-lassen"
    assert "Dossiernummer" not in application.typed
    assert application.reference is None


def test_the_same_course_for_the_same_people_is_recognised_when_it_comes_again() -> None:
    form = FORMS[Instrument.FORMAL_TRAINING]
    again = SENDING._replace(key="f" * 32)
    first, second = (as_receipt(assemble(form, _training(), sending), sending) for sending in (SENDING, again))
    assert first.fingerprint == second.fingerprint is not None
    assert first.idempotency_key != second.idempotency_key


def test_the_postcode_names_the_fund_and_one_outside_is_refused() -> None:
    form = FORMS[Instrument.INFORMAL_TRAINING]
    limburg = assemble(form, _training(werkgever={"Postcode": "3590"}), SENDING)
    assert as_receipt(limburg, SENDING).fund is Fund.LIMBURG
    with pytest.raises(Refusal, match="geen van de acht fondsen"):
        assemble(form, _training(werkgever={"Postcode": "4000"}), SENDING)


def _plan(instrument: Instrument) -> Typed:
    contact = _training()["contact"]
    days = {"Begindatum": "01/05/2026", "Einddatum": "01/12/2026"}
    people = _training()["deelnemers"]
    plan = {"Titel": "Overstap", "Doel": "Zes mensen omscholen", **days}
    transition = {
        "Huidige functie": "monteur",
        "Doelfunctie": "CNC-operator",
        "Knelpuntfunctie": "ja",
        "Uren per deelnemer": "160",
        "Advies ondernemingsraad": "gunstig",
    }
    project = {"Hefboom": "werkbaar werk", "Toestemming publicatie": "nee"}
    budget = ({"Kostensoort": "advies", "Bedrag": "1000,50"}, {"Kostensoort": "opleiding", "Bedrag": "499,50"})
    page = "omschakeling" if instrument is Instrument.TRANSITION_SUPPORT else "project"
    expert = {"Externe expert": "Lien Expert", "E-mail expert": "lien@bureau.example", "Aantal offertes": "2"}
    return {
        "werkgever": _training()["werkgever"],
        page: Filled(fields=plan | (transition if page == "omschakeling" else project)),
        "expert": Filled(fields=expert),
        "deelnemers": people,
        "begroting": Filled(rows=budget),
        "steun": Filled(fields={"Gevraagde steun": "750,01"}),
        "contact": contact,
    }


@pytest.mark.parametrize("instrument", [Instrument.TRANSITION_SUPPORT, Instrument.PROJECT_FINANCING])
def test_the_total_of_a_plan_and_its_parts_are_computed(instrument: Instrument) -> None:
    application = as_receipt(assemble(FORMS[instrument], _plan(instrument), SENDING), SENDING)
    facts = application.facts
    assert isinstance(facts, TransitionFacts | ProjectFacts)
    assert facts.cost == Decimal("1500.00")
    assert sum(part.amount for part in facts.instalments) == facts.asked == Decimal("750.01")
    assert facts.participant_count == 2
    assert {party.party: party.email for party in application.parties}[Party.EXPERT] == "lien@bureau.example"


def test_a_project_beside_one_that_runs_in_the_same_lever_says_so() -> None:
    form, typed = FORMS[Instrument.PROJECT_FINANCING], _plan(Instrument.PROJECT_FINANCING)
    running = as_receipt(assemble(form, typed, SENDING), SENDING).facts
    assert isinstance(running, ProjectFacts)
    earlier = running.model_copy(update={"filed_on": running.filed_on.replace(month=1)})
    other = OtherProject(reference="ANT-2026-P-000001", enterprise="0417497106", facts=earlier)
    again = as_receipt(assemble(form, typed, SENDING._replace(projects=(other,))), SENDING).facts
    assert isinstance(again, ProjectFacts)
    assert again.running_in_lever == "ANT-2026-P-000001"


def test_a_notification_has_one_trajectory_for_each_person() -> None:
    person = {
        "Voornaam": "Jan",
        "Naam": "Janssens",
        "Geboortedatum": "01/02/1970",
        "Statuut": "bediende",
        "Telefoon": "03 123 45 67",
        "Eerste werkdag": "01/02/2000",
        "Kennisgeving ontslag": "01/03/2026",
        "Einde overeenkomst": "01/03/2026",
        "Verbrekingsvergoeding (weken)": "40",
        "Dringende reden": "nee",
        "Tewerkstellingsbreuk": "1",
    }
    typed = {
        "werkgever": _training()["werkgever"],
        "ontslag": Filled(
            fields={
                "Soort ontslag": "herstructurering",
                "Aankondiging collectief ontslag": "01/02/2026",
                "Faillissement": "nee",
                "Outplacementbureau": "RiseSmart",
            }
        ),
        "mensen": Filled(rows=(person, person | {"Voornaam": "An", "Telefoon": ""})),
        "contact": _training()["contact"],
    }
    form = FORMS[Instrument.OUTPLACEMENT]
    assert all_faults(form, typed, TODAY) == ()
    assembled = assemble(form, typed, SENDING)
    parent = as_receipt(assembled, SENDING)
    assert isinstance(parent.facts, OutplacementFacts)
    assert (parent.facts.people, parent.facts.agency, parent.facts.notified_on) == (2, "RiseSmart", TODAY)
    assert parent.parties[0].email == "petra@staalbouw.example"
    children = trajectories(assembled, "ANT-2026-O-000001", SENDING)
    assert [child.people[0].first_name for child in children] == ["Jan", "An"]
    assert [child.facts.reachable for child in children if isinstance(child.facts, TrajectoryFacts)] == [True, False]
    assert {child.parent for child in children} == {"ANT-2026-O-000001"}
    assert len({child.idempotency_key for child in children} | {parent.idempotency_key}) == 3

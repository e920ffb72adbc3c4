"""What a dossier opens with: the story of its kind, the facts of its receipt and the policy of its day."""

from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter

import policies
from models.messages.dossier import STORY, Carried, DossierState
from models.messages.facts import Facts
from models.messages.policies import Policy
from models.messages.words import Fund, Instrument, Kind
from schemes.calendar import local_date
from workflows.outplacement import Outplacement
from workflows.project_financing import ProjectFinancing
from workflows.subsidy import Subsidy
from workflows.trajectory import Trajectory
from workflows.transition_support import TransitionSupport

WORKFLOWS: dict[Kind, Any] = {
    Kind.SUBSIDY: Subsidy.run,
    Kind.TRANSITION_SUPPORT: TransitionSupport.run,
    Kind.PROJECT_FINANCING: ProjectFinancing.run,
    Kind.OUTPLACEMENT: Outplacement.run,
    Kind.TRAJECTORY: Trajectory.run,
}

_FACTS: TypeAdapter[Facts] = TypeAdapter(Facts)


def opening_state(receipt: Any) -> DossierState:
    """What a dossier starts with: the receipt's facts and the policy in force on the day that governs it.

    Raises:
        Refusal: no policy of the fund covers that day.
    """
    facts = _FACTS.validate_python(receipt.facts)
    state = DossierState.model_validate(
        {
            "number": receipt.number,
            "fund": receipt.fund,
            "facts": facts,
            "policy": governing(Fund(receipt.fund), facts, receipt.opens_at),
            "received_at": receipt.opens_at,
            "parent": receipt.parent,
            "enterprise_number": receipt.enterprise_number,
            "rehearsed": receipt.rehearsed,
            "story": STORY,
            "budgeted": getattr(receipt, "budgeted", False),
        }
    )
    state.documents = set(getattr(state.facts, "documents", ()))
    if (carried := getattr(receipt, "carried", None)) is not None:
        _go_on(state, Carried.model_validate(carried))
    return state


def _go_on(state: DossierState, carried: Carried) -> None:
    """Open where another fund left it: in the same phase, with what was answered, told and noted there."""
    state.carried = carried
    state.phase, state.notes, state.answers = carried.phase, carried.notes, carried.answers
    state.documents |= carried.documents
    state.reports, state.suspensions = carried.reports, carried.suspensions
    state.followed, state.questions = carried.followed, carried.questions


def governing(fund: Fund, facts: Facts, opens_at: datetime) -> Policy:
    """The policy of the day that governs; a trajectory falls under the fund's policy for outplacement.

    Raises:
        Refusal: no policy of the fund covers that day.
    """
    return policies.in_force(fund, Instrument(facts.instrument), governed_on(facts, opens_at))


def governed_on(facts: Facts, opens_at: datetime) -> date:
    """The local day whose policy holds: of filing for an application, of its receipt for a dismissal (ADR 0035).

    Never a day after the receipt: nobody chooses numbers of later.
    """
    received_on = local_date(opens_at)
    return min(getattr(facts, "filed_on", received_on), received_on)

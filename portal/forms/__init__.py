"""The forms, one per instrument that can be applied for. A trajectory is no form: it is a row of a notification."""

from collections.abc import Mapping

from models.messages.words import Instrument
from portal.forms import career_account, outplacement, plans, training
from portal.forms.questions import Form

FORMS: Mapping[Instrument, Form] = {
    form.instrument: form
    for form in (
        training.FORMAL,
        training.INFORMAL,
        career_account.FORM,
        plans.TRANSITION,
        plans.PROJECT,
        outplacement.FORM,
    )
}


def form_of(instrument: str) -> Form | None:
    """The form of an instrument by its code; None when nobody can apply for that."""
    return FORMS.get(Instrument(instrument)) if instrument in set(Instrument) else None

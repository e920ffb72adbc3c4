"""Words of which the last one counts: one that comes back after another is new, one said twice in a row is not."""

from __future__ import annotations

from datetime import date

import pytest

from models.messages.commands import Actor, ReportFact
from models.messages.words import Party
from schemes.last_words import AGAIN, Said, numbered, superseded

STOP, GO_ON = Said("consent_withdrawn", {}), Said("consent_given", {AGAIN: "1"})


@pytest.mark.parametrize(
    ("said", "again"),
    [
        pytest.param([], None, id="the-first-word"),
        pytest.param([STOP], None, id="twice-in-a-row"),
        pytest.param([GO_ON], "1", id="after-another"),
        pytest.param([STOP, GO_ON], "2", id="after-another-that-took-it-back"),
        pytest.param([STOP, GO_ON, Said("consent_withdrawn", {AGAIN: "2"})], "2", id="the-third-word-twice"),
        pytest.param([STOP, STOP], None, id="told-twice-before-words-had-numbers"),
    ],
)
def test_a_word_that_comes_back_has_a_number(said: list[Said], again: str | None) -> None:
    report = ReportFact(fact="consent_withdrawn", on=date(2024, 3, 1), by=Actor(person="p", party=Party.PARTICIPANT))
    assert numbered(report, said).values.get(AGAIN) == again


def test_yes_and_no_under_one_fact_take_turns_too() -> None:
    by = Actor(person="applicant", party=Party.APPLICANT)
    yes = ReportFact(fact="publication_consent", on=date(2024, 3, 1), by=by, values={"consent": "yes"})
    no = Said("publication_consent", {"consent": "no", AGAIN: "1"})
    assert numbered(yes, [Said(yes.fact, yes.values), no]).values == {"consent": "yes", AGAIN: "2"}
    assert numbered(yes, [Said(yes.fact, yes.values)]) == yes


def test_what_another_word_took_the_place_of_may_be_said_again() -> None:
    assert superseded(["new_job", "consent_withdrawn"]) == set()
    assert superseded(["consent_withdrawn", "deceased", "consent_given", "new_job"]) == {"consent_withdrawn"}

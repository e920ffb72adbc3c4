"""Why can't I? In words, for a page, a task and what is done for an enterprise."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from models.messages.words import Fund, Language, Party, Role
from portal.access import explained
from portal.access.rights import NotAllowed
from portal.access.visitor import Act, Visitor

OWN, OTHER = "0417497106", "0403199702"


def visitor(party: Party = Party.STAFF, **more: Any) -> Visitor:
    told = {"funds": (Fund.ANTWERPEN,), "roles": frozenset({Role.HANDLER})} if party is Party.STAFF else {}
    return Visitor(session="", csrf="", person="ANT-handler-1", name="N", party=party, **(told | more))


def step(**more: Any) -> Any:
    return SimpleNamespace(**({"fund": "ANT", "role": "handler", "state": "open", "excluded": []} | more))


TASKS: dict[str, tuple[Visitor, Any, str | None, tuple[str, ...]]] = {
    "nothing stands in the way": (visitor(), step(), None, ()),
    "another fund": (visitor(), step(fund="LIM"), None, ("van een ander fonds",)),
    "another role": (visitor(), step(role="approver"), None, ("vraagt de rol",)),
    "four eyes": (visitor(), step(excluded=["ANT-handler-1"]), None, ("Vier ogen",)),
    "it waits to go out": (visitor(), step(state="held"), None, ("gaat straks de deur uit",)),
    "it is closed": (visitor(), step(state="done"), None, ("staat niet meer open",)),
    "a colleague has it": (visitor(), step(), "An Peeters", ("An Peeters heeft de taak in handen",)),
    "everything at once": (
        visitor(),
        step(fund="LIM", role="board", state="cancelled", excluded=["ANT-handler-1"]),
        "An",
        ("ander fonds", "vraagt de rol", "Vier ogen", "staat niet meer open", "An heeft"),
    ),
    "somebody outside": (visitor(Party.APPLICANT), step(), None, ("voor de medewerkers van het fonds",)),
}


@pytest.mark.parametrize(("who", "task", "holder", "told"), TASKS.values(), ids=TASKS.keys())
def test_a_task_tells_every_reason(who: Visitor, task: Any, holder: str | None, told: tuple[str, ...]) -> None:
    reasons = explained.task(who, task, holder)
    assert len(reasons) == len(told)
    assert all(part in reason for part, reason in zip(told, reasons, strict=True))


def test_a_page_tells_for_whom_it_is_or_which_role_is_missing() -> None:
    (for_whom,) = explained.page(visitor(Party.APPLICANT), NotAllowed(frozenset({Party.STAFF}), frozenset()))
    assert for_whom.startswith("Deze bladzijde is voor: ")
    (role,) = explained.page(visitor(), NotAllowed(frozenset({Party.STAFF}), frozenset({Role.BOARD, Role.AUDITOR})))
    assert " of " in role
    assert "handler" not in role, "a role is told in words"


ACTS: dict[str, tuple[dict[str, Any], Act, int]] = {
    "the own enterprise": ({"enterprises": (OWN,)}, Act.APPLY, 0),
    "a stranger's": ({"enterprises": (OTHER,)}, Act.READ, 1),
    "a mandate to read": ({"enterprises": (OWN,), "restricted": {OWN: frozenset({Act.READ})}}, Act.READ, 0),
    "a mandate to read, and an answer": (
        {"enterprises": (OWN,), "restricted": {OWN: frozenset({Act.READ})}},
        Act.ANSWER,
        2,
    ),
}


@pytest.mark.parametrize(("acts_for", "wanted", "reasons"), ACTS.values(), ids=ACTS.keys())
def test_what_is_done_for_an_enterprise_needs_a_right(acts_for: dict[str, Any], wanted: Act, reasons: int) -> None:
    assert len(explained.act(visitor(Party.APPLICANT, **acts_for), wanted, OWN)) == reasons


@pytest.mark.parametrize("language", [Language.FRENCH, Language.ENGLISH])
def test_reasons_are_told_in_the_language_of_who_reads(language: Language) -> None:
    dutch = explained.task(visitor(), step(fund="LIM", role="board"))
    other = explained.task(visitor(language=language), step(fund="LIM", role="board"))
    assert all(one != another for one, another in zip(dutch, other, strict=True))

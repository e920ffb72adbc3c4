"""The pages about the kinds tell the phases that the code has, in its order."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from workflows import EVERY

PAGES = Path(__file__).resolve().parent.parent / "docs" / "kinds"
ARROW = re.compile(r"^\s*(\[\*\]|\w+) --> (\[\*\]|\w+)", re.MULTILINE)
START_OR_END = "[*]"


class _Told(Exception):
    """The phases of a story, instead of living them."""


def _page_of(kind: type[Any]) -> Path:
    return PAGES / f"{re.sub(r'(?<!^)(?=[A-Z])', '-', kind.__name__).lower()}.md"


def _phases_of(kind: type[Any]) -> list[str]:
    """What the story passes to `live`, caught before anything is lived."""
    story = object.__new__(kind)

    async def told(*phases: Any) -> None:
        raise _Told([phase.__name__ for phase in phases])

    story.live = told
    with pytest.raises(_Told) as caught:
        asyncio.run(story.run(None))
    phases: list[str] = caught.value.args[0]
    return phases


def _arrows(page: Path) -> list[tuple[str, str]]:
    diagram = re.search(r"```mermaid\nstateDiagram-v2\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    assert diagram, f"{page.name} has no stateDiagram-v2"
    return ARROW.findall(diagram.group(1))


WRITTEN = [kind for kind in EVERY if _page_of(kind).exists()]


def test_every_page_is_about_a_kind_or_its_law() -> None:
    told = {page.name for page in PAGES.glob("*.md")} - {"outplacement-law.md"}
    assert told == {_page_of(kind).name for kind in WRITTEN}
    assert {"subsidy.md", "transition-support.md", "project-financing.md"} <= {_page_of(kind).name for kind in WRITTEN}


@pytest.mark.parametrize("kind", WRITTEN, ids=lambda kind: kind.__name__)
def test_the_diagram_of_a_kind_has_its_phases_in_their_order(kind: type[Any]) -> None:
    arrows = _arrows(_page_of(kind))
    drawn = list(dict.fromkeys(source for source, _ in arrows if source != START_OR_END))
    phases = _phases_of(kind)
    assert drawn == phases
    assert {target for _, target in arrows} == {*phases, START_OR_END}
    assert arrows[0] == (START_OR_END, phases[0])
    assert (phases[-1], START_OR_END) in arrows


@pytest.mark.parametrize("kind", WRITTEN, ids=lambda kind: kind.__name__)
def test_a_page_draws_where_an_objection_leads_back_to(kind: type[Any]) -> None:
    phases = _phases_of(kind)
    backward = {target for source, target in _arrows(_page_of(kind)) if _leads_back(phases, source, target)}
    assert kind.reopens in phases
    assert kind.reopens in backward


def _leads_back(phases: list[str], source: str, target: str) -> bool:
    """Whether the arrow goes back, or stays."""
    return {source, target} <= set(phases) and phases.index(target) <= phases.index(source)

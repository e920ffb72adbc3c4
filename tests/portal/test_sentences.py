"""In every state that a dossier reaches the sentence on top says on whom, what, until when and what otherwise."""

from __future__ import annotations

import random
import re
import tomllib
from functools import partial
from inspect import getmodule
from pathlib import Path
from typing import Any, get_args

import asyncpg
import pytest

from commands.phases import phases
from database import lean_pool
from importing.storing import Rehearsed, store
from models.errors import Refusal
from models.messages.events import AnyEvent
from models.messages.words import Fund, Kind, Language, Party
from opening import WORKFLOWS
from portal.access.rows import seen_by
from portal.access.visitor import Visitor
from portal.following.follow import whose_of
from portal.following.history import INSIDE, TOLD, history
from portal.following.possible import REPORTS
from portal.following.top import OWN_WORDS, ROLES, Sayer, top_of
from portal.following.tracker import TRACKS
from portal.language import LOCALES
from portal.wording import DICTIONARIES, TEMPLATES
from reading import following
from rehearsal.cast import engage
from rehearsal.parts import Answer, Move, Part, Tell
from rehearsal.performance import read
from rehearsal.player import Player
from rehearsal.samples import SAMPLES, WRITTEN_ON
from rehearsal.scene import Question, Scene, Task, look
from schemes.calendar import end_of_day, start_of_day
from tests.portal.living import Living

ACTS, EVERY = 14, 2
"""How far each walk goes, and how many sample dossiers apart they are."""


def known_words() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name in DICTIONARIES:
        for group, words in tomllib.loads((TEMPLATES / name).read_text("utf-8")).items():
            found.setdefault(group, set()).update(words)
    return found


WORKFLOWS_HOME = Path(__file__).resolve().parents[2] / "workflows"
WORDS = known_words()
ANYWHERE = set().union(*WORDS.values())


class Erratic(Part):
    """People who do what they like: other outcomes than advised, and silence."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def decide(self, scene: Scene, task: Task) -> Move:
        if self._chance.random() < 0.5:
            return super().decide(scene, task)
        return Move(self._chance.choice(task.outcomes), ("other",))

    def answer(self, scene: Scene, question: Question) -> Answer | Tell | None:
        return None if self._chance.random() < 0.3 else super().answer(scene, question)


class Watched(Player):
    """A walk that is looked at before every act."""

    def __init__(self, living: Living, pool: asyncpg.Pool, part: Part) -> None:
        super().__init__(living.house.starter, pool, part)
        self.living = living
        self.seen: set[tuple[str, ...]] = set()

    async def walk(self, number: str, acts: int) -> None:
        for _ in range(acts):
            await self.living.settled(number)
            await self.judge(number)
            scene = await look(self._pool, number)
            assert scene is not None
            if scene.outcome is not None:
                return
            try:
                await self._act(scene)
            except Refusal as refusal:
                if refusal.code not in ("NotStarted", "DossierClosed", "TaskClosed"):
                    await self._pass(scene)

    async def _pass(self, scene: Scene) -> None:
        if scene.waiting_until is not None:
            await self._wait(scene, max(start_of_day(scene.waiting_until), end_of_day(scene.waiting_until)))

    async def judge(self, number: str) -> None:
        for visitor in await self.readers(number):
            async with seen_by(self.living.house.reading, visitor) as rows:
                file = await following.file(rows, whose_of(visitor), number)
            assert file is not None, (number, visitor.party)
            top = top_of(file.followed)
            self.seen.add((top.status, top.on, *top.what))
            told = (number, visitor.party, top)
            assert top.status != "opening", told
            assert top.on, told
            assert top.what, told
            assert top.until is not None, told
            assert top.status == "closed" or top.otherwise, told
            if top.status != "closed":
                assert top.otherwise in WORDS["then"], told
            self.spelled(top)
            for language in LOCALES:
                sentence = Sayer(language, visitor.party).sentence(file.followed)
                assert "  " not in sentence, sentence
                assert "None" not in sentence, sentence
                assert str(top.until.year) in sentence, sentence
                history(file.entries, language, visitor.party)

    def spelled(self, top: Any) -> None:
        groups = {"staff": "fund_does", "calendar": "because", "closed": "outcomes"}
        for want in top.what:
            for code in want.split("/"):
                expected = WORDS[groups[top.status]] if top.status in groups else ANYWHERE
                assert code in expected, (code, top)
        if top.status == "staff":
            assert ROLES[top.what[0]] in WORDS["by_whom"], top

    async def readers(self, number: str) -> list[Visitor]:
        bare = partial(Visitor, session="", csrf="", person="p", name="N", language=Language.DUTCH)
        ((kind, agency),) = await self.living.rows("SELECT kind, agency FROM receipt WHERE number = :n", n=number)
        if kind == Kind.TRAJECTORY:
            guiding = [bare(party=Party.AGENCY, agency=agency)] if agency else []
            return [bare(party=Party.PARTICIPANT, dossiers=(number,)), *guiding]
        expert = kind in (Kind.TRANSITION_SUPPORT, Kind.PROJECT_FINANCING)
        parties = (Party.APPLICANT, Party.EXPERT) if expert else (Party.APPLICANT,)
        return [bare(party=party, dossiers=(number,)) for party in parties]


async def test_in_every_state_the_sentence_fills_whom_what_until_and_otherwise(living: Living) -> None:
    house = living.house
    await engage(house.engine)
    batch = read([SAMPLES], WRITTEN_ON)
    stored = await store(house.engine, batch, Fund.ANTWERPEN, Rehearsed.FROM_FILING)
    assert house.settings.database_url is not None
    async with await lean_pool(house.settings.database_url, size=4) as pool:
        watched = Watched(living, pool, Erratic(7))
        for number in stored.new[::EVERY]:
            await house.starter.start(number)
            await watched.walk(number, ACTS)
    assert {status for status, *_ in watched.seen} >= {"you", "staff", "calendar", "closed"}


SILENCE = re.compile(r'silence="(\w+)"')
RESTS = re.compile(r'(?:wait_until|pause_until)\([^"]*"(\w+)", "(\w+)"')
WATCHED = re.compile(r'\("(\w+)", "(asks_\w+|closes)"\)')


def test_every_consequence_and_every_pause_of_a_story_has_words() -> None:
    told = "".join(path.read_text("utf-8") for path in sorted(WORKFLOWS_HOME.glob("*.py")))
    rests = [*RESTS.findall(told), *WATCHED.findall(told)]
    assert len(rests) > 8
    assert {reason for reason, _ in rests} <= WORDS["because"]
    assert {then for _, then in rests} | set(SILENCE.findall(told)) <= WORDS["then"]
    assert ROLES.keys() <= WORDS["fund_does"]
    assert WORDS["asked_of_you"] >= OWN_WORDS


@pytest.mark.parametrize("kind", Kind)
def test_the_steps_that_an_applicant_sees_are_those_of_the_story(kind: Kind) -> None:
    assert [phase for _, of_step in TRACKS[kind] for phase in of_step] == list(phases(kind))
    assert {code for code, _ in TRACKS[kind]} <= WORDS["follow_steps"]


def test_every_event_is_told_or_left_inside_for_a_reason() -> None:
    union, _ = get_args(AnyEvent)
    types = {get_args(event.model_fields["type"].annotation)[0] for event in get_args(union)}
    assert types == TOLD.keys() | INSIDE
    assert not TOLD.keys() & INSIDE


def story_of(kind: Kind) -> Any:
    """The class of a story, which `opening` knows by its `run`."""
    return next(
        found
        for found in vars(getmodule(WORKFLOWS[kind])).values()
        if isinstance(found, type) and found.__dict__.get("run") is WORKFLOWS[kind]
    )


@pytest.mark.parametrize(("kind", "party"), REPORTS)
def test_what_may_be_told_is_heard_by_the_story(kind: Kind, party: Party) -> None:
    assert {report.fact for report in REPORTS[kind, party]} <= story_of(kind).reports


def test_words_of_parties_stand_in_every_language() -> None:
    for words in tomllib.loads((TEMPLATES / "parties.toml").read_text("utf-8")).values():
        for code, spelled in words.items():
            assert spelled.keys() == {language.value for language in LOCALES}, code
            assert all(spelled.values()), code

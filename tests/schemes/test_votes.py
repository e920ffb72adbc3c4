"""How a bench comes to a mind, and a jointly run board to a decision."""

from __future__ import annotations

import pytest

from schemes.votes import EXAMPLE, Ballot, Bench, BoardRules, Choice, Mind, Result, bench_of, result, speaker, tally

F, A, N = Choice.FOR, Choice.AGAINST, Choice.ABSTAIN
FOUR = ("a", "b", "c", "d")


def ballots(*choices: Choice, bench: Bench = Bench.EMPLOYERS) -> list[Ballot]:
    return [Ballot(person=person, bench=bench, choice=choice) for person, choice in zip(FOUR, choices, strict=False)]


MINDS: dict[str, tuple[tuple[Choice, ...], Mind]] = {
    "nobody voted": ((), "no_quorum"),
    "one of four is too few": ((F,), "no_quorum"),
    "two of four is just enough": ((F, F), "approve"),
    "an abstention makes the quorum": ((F, N), "approve"),
    "an abstention is no vote": ((F, N, N, N), "approve"),
    "all abstain": ((N, N, N, N), "tied"),
    "as many for as against": ((F, A), "tied"),
    "two for, one against": ((F, F, A), "approve"),
    "two against, one for": ((A, A, F), "refuse"),
    "all against": ((A, A, A, A), "refuse"),
}


@pytest.mark.parametrize(("choices", "mind"), MINDS.values(), ids=MINDS.keys())
def test_a_bench_comes_to_a_mind(choices: tuple[Choice, ...], mind: Mind) -> None:
    counted = tally(Bench.EMPLOYERS, FOUR, ballots(*choices))
    assert (counted.mind, counted.voted) == (mind, len(choices))


DECISIONS: dict[str, tuple[tuple[Choice, ...], tuple[Choice, ...], Result]] = {
    "both approve": ((F, F), (F, F), "approve"),
    "the employers refuse": ((A, A), (F, F), "refuse"),
    "the unions refuse": ((F, F), (A, A), "refuse"),
    "one bench is absent": ((F, F, F, F), (), "adjourned"),
    "one bench is divided": ((F, F), (F, A), "adjourned"),
    "a refusal of one and a divided other": ((A, A), (F, A), "adjourned"),
}


@pytest.mark.parametrize(("employers", "unions", "decision"), DECISIONS.values(), ids=DECISIONS.keys())
def test_a_board_decides_only_with_both_benches(
    employers: tuple[Choice, ...], unions: tuple[Choice, ...], decision: Result
) -> None:
    cast = [*ballots(*employers), *ballots(*unions, bench=Bench.UNIONS)]
    assert result(tally(bench, FOUR, cast) for bench in Bench) == decision


def test_one_bench_never_outvotes_the_other_by_its_number() -> None:
    many = [Ballot(person=str(n), bench=Bench.EMPLOYERS, choice=F) for n in range(20)]
    one = [Ballot(person="u", bench=Bench.UNIONS, choice=A)]
    tallies = [
        tally(Bench.EMPLOYERS, [str(n) for n in range(20)], many + one),
        tally(Bench.UNIONS, ["u"], many + one),
    ]
    assert result(tallies) == "refuse"


def test_the_vote_of_somebody_who_may_not_vote_does_not_count() -> None:
    counted = tally(Bench.EMPLOYERS, ("b", "c"), ballots(A, F, F))
    assert (counted.members, counted.against, counted.mind) == (2, 0, "approve")


def test_a_board_may_set_its_own_numbers() -> None:
    strict = BoardRules(quorum=100, majority=66)
    assert tally(Bench.EMPLOYERS, FOUR, ballots(F, F, F), strict).mind == "no_quorum"
    assert tally(Bench.EMPLOYERS, FOUR, ballots(F, F, A, A), strict).mind == "tied"
    assert tally(Bench.EMPLOYERS, FOUR, ballots(F, F, F, A), strict).mind == "approve"
    assert EXAMPLE.quorum == 50


SPEAKERS: dict[str, tuple[Mind, tuple[str, ...], str | None]] = {
    "the first who voted so": ("approve", (), "a"),
    "not who took an earlier step": ("approve", ("a",), "c"),
    "nobody is left": ("approve", ("a", "c"), None),
    "for a refusal, who voted against": ("refuse", (), "b"),
    "a bench without a mind says nothing": ("tied", (), None),
}


@pytest.mark.parametrize(("mind", "excluded", "person"), SPEAKERS.values(), ids=SPEAKERS.keys())
def test_the_outcome_is_written_down_by_one_who_voted_so(
    mind: Mind, excluded: tuple[str, ...], person: str | None
) -> None:
    assert speaker(Bench.EMPLOYERS, mind, ballots(F, A, F), excluded) == person


OF_BENCHES = {
    "ANT-2024-S-000001/board_employers/1": Bench.EMPLOYERS,
    "ANT-2024-S-000001/board_unions/12": Bench.UNIONS,
    "ANT-2024-S-000001/approval/1": None,
    "": None,
}


@pytest.mark.parametrize(("task", "bench"), OF_BENCHES.items(), ids=OF_BENCHES.keys())
def test_a_task_of_the_board_names_its_bench(task: str, bench: Bench | None) -> None:
    assert bench_of(task) is bench

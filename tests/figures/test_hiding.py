"""Small numbers are hidden, and so is what would give them away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures.hiding import FEWEST, hidden

X, _ = True, False
CASES = [
    pytest.param([[12, 30, 8]], [[_, _, _]], id="nothing is small"),
    pytest.param([[3, 30, 8]], [[X, _, X]], id="one small number takes the next smallest with it"),
    pytest.param([[3, 30, 2]], [[X, _, X]], id="two small ones protect each other"),
    pytest.param([[0, 30, 8]], [[_, _, _]], id="a zero tells of nobody"),
    pytest.param([[3, 0, 0]], [[X, X, _]], id="a zero is hidden when there is nothing else"),
    pytest.param([[3]], [[X]], id="alone"),
    pytest.param([], [], id="an empty table"),
    pytest.param([[3, 20], [30, 40]], [[X, X], [X, X]], id="columns are protected as rows are"),
]


@pytest.mark.parametrize(("counts", "expected"), CASES)
def test_what_is_hidden(counts: list[list[int]], expected: list[list[bool]]) -> None:
    assert hidden(counts) == expected


@given(
    st.integers(2, 5).flatmap(
        lambda width: st.lists(st.lists(st.integers(0, 60), min_size=width, max_size=width), min_size=2, max_size=6)
    )
)
def test_no_small_number_is_shown_or_stands_alone(counts: list[list[int]]) -> None:
    mask = hidden(counts)
    lines = [*zip(counts, mask, strict=True), *zip(zip(*counts, strict=True), zip(*mask, strict=True), strict=True)]
    for numbers, covered in lines:
        assert sum(covered) != 1
        assert all(one for number, one in zip(numbers, covered, strict=True) if 0 < number < FEWEST)

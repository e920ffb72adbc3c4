"""Small numbers are hidden, and so is what would give them away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures.hiding import FEWEST, Hidden, apart, hidden

X, _ = True, False
CASES = [
    pytest.param([[12, 30, 8]], [[_, _, _]], id="nothing is small"),
    pytest.param([[3, 30, 8]], [[X, _, X]], id="one small number takes the next smallest with it"),
    pytest.param([[3, 30, 8, 9]], [[X, _, X, _]], id="ten people are room enough"),
    pytest.param([[3, 30, 2]], [[X, X, X]], id="two small ones leave too little room"),
    pytest.param([[15, 1, 1, 0]], [[X, X, X, _]], id="two numbers that make two are one and one"),
    pytest.param([[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 30]], [[X] * 11], id="ten people in ten numbers are one each"),
    pytest.param([[0, 30, 8]], [[_, _, _]], id="a zero tells of nobody"),
    pytest.param([[3, 4, 0]], [[X, X, X]], id="a zero is hidden when there is nothing else"),
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


def filled(totals: Sequence[int], least: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Every way to spread a sum over hidden cells."""
    (total,) = totals
    if len(least) == 1:
        yield from [(total,)] if total >= least[0] else []
        return
    for value in range(least[0], total + 1):
        for rest in filled([total - value], least[1:]):
            yield (value, *rest)


@given(st.lists(st.integers(0, 14), min_size=2, max_size=6).filter(lambda row: sum(row) >= FEWEST))
def test_the_total_of_a_row_does_not_tell_what_is_hidden_in_it(row: list[int]) -> None:
    (mask,) = hidden([row])
    covered = [count for count, out in zip(row, mask, strict=True) if out]
    if not covered:
        return
    least = [0 if all(mask) else 1] * len(covered)
    possible = list(filled([sum(covered)], least))
    for place, count in enumerate(covered):
        assert count >= FEWEST or len({one[place] for one in possible}) > 1


def grids(row_sums: Sequence[int], column_sums: Sequence[int], mask: Hidden) -> Iterator[list[tuple[int, ...]]]:
    """Every way to fill the hidden cells of a table of which the rows and columns still have to make these sums."""
    if not mask:
        yield from [[]] if not any(column_sums) else []
        return
    places = [column for column, out in enumerate(mask[0]) if out]
    for some in filled(row_sums[:1], [0] * len(places)) if places else [()] if not row_sums[0] else []:
        row = tuple(some[places.index(column)] if column in places else 0 for column in range(len(column_sums)))
        left = [total - value for total, value in zip(column_sums, row, strict=True)]
        if min(left) >= 0:
            yield from ([row, *rest] for rest in grids(row_sums[1:], left, mask[1:]))


TWO_BY_THREE = st.sampled_from([(2, 3), (3, 2), (2, 2)]).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, 7), min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
    )
)


@settings(deadline=None)
@given(TWO_BY_THREE.filter(lambda counts: all(sum(row) >= FEWEST for row in [*counts, *zip(*counts, strict=True)])))
def test_the_totals_of_rows_and_columns_do_not_tell_what_is_hidden(counts: list[list[int]]) -> None:
    mask = hidden(counts)
    covered = [[count * out for count, out in zip(*row, strict=True)] for row in zip(counts, mask, strict=True)]
    possible = list(grids([sum(row) for row in covered], [sum(column) for column in zip(*covered, strict=True)], mask))
    for row, numbers in enumerate(counts):
        for column, count in enumerate(numbers):
            if 0 < count < FEWEST:
                assert len({one[row][column] for one in possible}) > 1


def test_a_cell_that_rows_and_columns_fix_together_does_not_stay_alone() -> None:
    """Rows 1 and 2 less columns 1 and 2 leave the 3, though every row and column hides two numbers with room."""
    counts = [[4, 8, 3, 70], [8, 4, 60, 70], [50, 60, 4, 8], [50, 60, 8, 4]]
    mask = hidden(counts)
    assert mask[0][2]
    between = [mask[row][column] for row in (0, 1) for column in (2, 3)]
    back = [mask[row][column] for row in (2, 3) for column in (0, 1)]
    assert sum(between) > 1 or any(back)


def test_rows_keep_their_totals_as_long_as_these_tell_nothing() -> None:
    ways = (((0,), (1,)), ((0, 1),))
    assert apart([[30, 12], [9, 2]], ways) == (((0,), (1,)), [[_, _], [X, X]])
    assert apart([[30, 12], [3, 0]], ways) == (((0, 1),), [[_, X], [X, _]])

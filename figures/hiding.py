"""Small numbers that could tell of one person are not shown to others than the fund, and cannot be worked out.

A number below five is hidden; where one number alone is hidden in a row or column of which the total is shown, the next
smallest is hidden with it. That five is a custom of statistical offices [example]. A zero says that there is nobody.
"""

from collections.abc import Sequence

FEWEST = 5

Counts = Sequence[Sequence[int]]
Hidden = list[list[bool]]


def hidden(counts: Counts) -> Hidden:
    """Which cells are not shown, of a table whose row and column totals are."""
    mask = [[0 < count < FEWEST for count in row] for row in counts]
    columns = range(len(counts[0])) if counts else range(0)
    lines = [[(row, column) for column in columns] for row in range(len(counts))]
    lines += [[(row, column) for row in range(len(counts))] for column in columns]
    while any(_complement(counts, mask, line) for line in lines):
        continue
    return mask


def _complement(counts: Counts, mask: Hidden, line: list[tuple[int, int]]) -> bool:
    """Hide one more when a single hidden cell could be subtracted; whether anything was hidden."""
    if sum(mask[row][column] for row, column in line) != 1:
        return False
    shown = [(counts[row][column], row, column) for row, column in line if not mask[row][column]]
    if not shown:
        return False
    _, row, column = min(shown, key=lambda cell: (cell[0] == 0, cell))
    mask[row][column] = True
    return True

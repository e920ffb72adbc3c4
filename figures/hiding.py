"""Small numbers that could tell of one person are not shown to others than the fund, and cannot be worked out.

A number below five is hidden. The total of a row tells what its hidden numbers make together, so the next smallest is
hidden with them until that leaves room: two numbers at least, ten people at least, and each of them could be five.
That five is a custom of statistical offices [example]. A zero says that there is nobody; it is hidden when nothing else
is left.
"""

from collections.abc import Sequence

FEWEST = 5

Counts = Sequence[Sequence[int]]
Hidden = list[list[bool]]
Line = Sequence[tuple[int, int]]
Way = tuple[tuple[int, ...], ...]
"""Which rows are taken together: those of one block share one total."""


def few(count: int) -> bool:
    """Whether a number could tell of one person."""
    return 0 < count < FEWEST


def roomy(counts: Sequence[int]) -> bool:
    """Whether numbers of which only the sum is known cannot be guessed from it."""
    return not counts or (len(counts) > 1 and sum(counts) >= FEWEST + max(FEWEST, len(counts)))


def hidden(counts: Counts) -> Hidden:
    """Which cells are not shown, of a table whose row totals are, and its column totals when it has more rows."""
    mask = [[few(count) for count in row] for row in counts]
    columns = range(len(counts[0])) if counts else range(0)
    lines = [[(row, column) for column in columns] for row in range(len(counts))]
    if len(counts) > 1:
        lines += [[(row, column) for row in range(len(counts))] for column in columns]
    while sum(_widened(counts, mask, line) for line in lines) or (len(counts) > 1 and _loosened(counts, mask)):
        continue
    return mask


def apart(rows: Counts, ways: Sequence[Way]) -> tuple[Way, Hidden]:
    """The first way of taking rows together in which every total may be shown, and what is hidden in each row then.
    The last way is for when there is no other.
    """
    tried = ((way, *_taken_together(rows, way)) for way in ways)
    return next((way, mask) for way, leaves_room, mask in tried if leaves_room or way == ways[-1])


def _taken_together(rows: Counts, way: Way) -> tuple[bool, Hidden]:
    mask, leaves_room = [[False] * len(row) for row in rows], True
    for block in way:
        places = [(row, column) for row in block for column in range(len(rows[row]))]
        (covered,) = hidden([[rows[row][column] for row, column in places]])
        for (row, column), one in zip(places, covered, strict=True):
            mask[row][column] = one
        leaves_room &= roomy([rows[row][column] for row, column in places if mask[row][column]])
    return leaves_room, mask


def _widened(counts: Counts, mask: Hidden, line: Line) -> bool:
    """Hide more in a line until its hidden numbers leave room; whether anything was hidden."""
    covered = [counts[row][column] for row, column in line if mask[row][column]]
    shown = _smallest_first(counts, mask, line)
    changed = False
    while shown and not roomy(covered):
        row, column = shown.pop(0)
        mask[row][column] = changed = True
        covered.append(counts[row][column])
    return changed


def _loosened(counts: Counts, mask: Hidden) -> bool:
    """Hide one more beside a small number that rows and columns together fix; whether anything was hidden. A row that
    is small as a whole has no total that is told.
    """
    movable = _movable(counts, mask)
    everywhere = [(row, column) for row in range(len(counts)) for column in range(len(counts[0]))]
    for row, column in everywhere:
        told = not few(sum(counts[row]))
        if told and few(counts[row][column]) and not _is_free(counts, mask, movable, row, column):
            beside = [cell for cell in everywhere if cell[0] == row or cell[1] == column]
            shown = _smallest_first(counts, mask, beside) or _smallest_first(counts, mask, everywhere)
            if shown:
                more_row, more_column = shown[0]
                mask[more_row][more_column] = True
                return True
    return False


def _smallest_first(counts: Counts, mask: Hidden, line: Line) -> list[tuple[int, int]]:
    """What is still shown; zeros last."""
    shown = [(row, column) for row, column in line if not mask[row][column]]
    return sorted(shown, key=lambda cell: (counts[cell[0]][cell[1]] == 0, counts[cell[0]][cell[1]], cell))


def _can_move(counts: Counts, mask: Hidden, row: int, out: int, into: int) -> bool:
    """Whether one person could stand in another column of this row and nobody outside would see it."""
    return out != into and mask[row][out] and mask[row][into] and counts[row][out] > 1


def _movable(counts: Counts, mask: Hidden) -> list[list[int]]:
    """In how many rows one person could stand in one column instead of another."""
    columns = range(len(counts[0]))
    return [
        [sum(_can_move(counts, mask, row, out, into) for row in range(len(counts))) for into in columns]
        for out in columns
    ]


def _is_free(counts: Counts, mask: Hidden, movable: list[list[int]], row: int, column: int) -> bool:
    """Whether one person more or fewer could stand here, made good by moves in other rows."""
    columns = range(len(counts[0]))
    elsewhere = [[movable[a][b] - _can_move(counts, mask, row, a, b) for b in columns] for a in columns]
    return any(
        (_can_move(counts, mask, row, column, other) and _leads(elsewhere, other, column))
        or (_can_move(counts, mask, row, other, column) and _leads(elsewhere, column, other))
        for other in columns
    )


def _leads(moves: list[list[int]], out: int, into: int) -> bool:
    """Whether moves, one after the other, bring somebody from one column to another."""
    reached, found = {out}, [out]
    while found:
        here = found.pop()
        more = [column for column, rows in enumerate(moves[here]) if rows and column not in reached]
        reached.update(more)
        found.extend(more)
    return into in reached

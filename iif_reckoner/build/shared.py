"""Formulas that cells below each other have in common, written once as Excel itself does; it halves a workbook."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from iif_reckoner.layout.page import Position

_REFERENCE = re.compile(r"(\$?[A-Z]{1,3})([1-9]\d*)(?![\d(])")


def columns_in_common(formulas: Mapping[Position, str]) -> Iterator[tuple[Position, Position]]:
    """Yield the first and the last cell of every run down a column in which each formula is the one above, moved down.

    >>> list(columns_in_common({(1, 2): "A1*$C$9", (2, 2): "A2*$C$9", (3, 2): "A3*$C$9", (4, 2): "A9"}))
    [((1, 2), (3, 2))]
    """
    runs: dict[int, tuple[int, int, str]] = {}
    for (row, column), formula in sorted(formulas.items()):
        moved = _from_here(formula, row)
        first, last, before = runs.get(column, (row, row, moved))
        if (last, before) in ((row, moved), (row - 1, moved)):
            runs[column] = first, row, moved
            continue
        if last > first:
            yield (first, column), (last, column)
        runs[column] = row, row, moved
    for column, (first, last, _) in runs.items():
        if last > first:
            yield (first, column), (last, column)


@lru_cache(maxsize=1 << 16)
def _from_here(formula: str, row: int) -> str:
    """Return a formula with the rows that move with it as distances from its own."""
    pieces = formula.split('"')
    # Every other piece is text between quotation marks.
    pieces[::2] = [_REFERENCE.sub(lambda ref: f"{ref[1]}[{int(ref[2]) - row}]", piece) for piece in pieces[::2]]
    return '"'.join(pieces)

"""Formulas that cells below each other have in common, written once as Excel itself does; it halves a workbook."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from iif_reckoner.layout.page import FilledDown, Position

_REFERENCE = re.compile(r"(\$?[A-Z]{1,3})([1-9]\d*)(?![\d(])")


def columns_in_common(formulas: Mapping[Position, str]) -> Iterator[tuple[Position, Position]]:
    """Yield the first and the last cell of every run down a column in which each formula is the one above, moved down.

    >>> list(columns_in_common({(1, 2): "A1*$C$9", (2, 2): "A2*$C$9", (3, 2): "A3*$C$9", (4, 2): "A9"}))
    [((1, 2), (3, 2))]
    """
    runs: dict[int, tuple[int, int, FilledDown]] = {}
    for (row, column), formula in sorted(formulas.items()):
        if column in runs:
            first, last, filled = runs[column]
            if row == last + 1 and formula == filled.at(row - first):
                runs[column] = first, row, filled
                continue
            if last > first:
                yield (first, column), (last, column)
        runs[column] = row, row, _from_here(formula)
    for column, (first, last, _) in runs.items():
        if last > first:
            yield (first, column), (last, column)


@lru_cache(maxsize=1 << 15)
def _from_here(formula: str) -> FilledDown:
    """Return a formula as it is filled down from where it stands."""
    pieces = formula.replace("%", "%%").split('"')
    rows: list[int] = []

    def moving(reference: re.Match[str]) -> str:
        rows.append(int(reference[2]))
        return f"{reference[1]}%d"

    # Every other piece is text between quotation marks.
    pieces[::2] = [_REFERENCE.sub(moving, piece) for piece in pieces[::2]]
    return FilledDown('"'.join(pieces), tuple(rows))

"""The blocks of a sheet's array formulas: which cells are inside one, row by row from the top."""

import re

from iif_reckoner.errors import shown
from iif_reckoner.package.address import Area, area
from iif_reckoner.package.cells import BLOCKS, MOST_COVERED
from iif_reckoner.package.markup import attributes

_KINDS = frozenset(kind.encode() for kind in BLOCKS)


class Blocks:
    """The blocks that stand between two places of a sheet's bytes; `pattern` finds the attributes of a formula.

    Raises:
        ValueError: an array covers what is no area, or there are more than are read; the text says so.
    """

    def __init__(self, seen: bytes, pattern: re.Pattern[bytes], start: int, end: int) -> None:
        found: list[Area] = []
        for match in pattern.finditer(seen, start, end):
            given = attributes(match[1])
            if given.get(b"t") in _KINDS:
                reference = given.get(b"ref", b"").decode()
                try:
                    found.append(area(reference))
                except ValueError:
                    raise ValueError(f"an array covers {shown(reference)}") from None
        if sum(block.last_column - block.first_column + 1 for block in found) > MOST_COVERED:
            raise ValueError("more arrays than are read")
        self._coming = sorted(found, reverse=True)
        self._covered: dict[int, int] = {}

    def enter(self, row: int) -> None:
        """Note which columns are inside a block from this row on; rows are entered in their order."""
        while self._coming and self._coming[-1].first_row <= row:
            block = self._coming.pop()
            for column in range(block.first_column, block.last_column + 1):
                self._covered[column] = max(block.last_row, self._covered.get(column, 0))

    def cover(self, row: int, column: int) -> bool:
        """Tell whether a cell of the row that was entered last is inside a block."""
        return self._covered.get(column, 0) >= row

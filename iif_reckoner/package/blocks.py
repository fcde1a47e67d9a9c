"""The blocks of a sheet's array formulas: which cells are inside one, row by row from the top."""

import re
from collections.abc import Iterator

from iif_reckoner.errors import InputError, shown
from iif_reckoner.package.address import Area, area
from iif_reckoner.package.book import Package
from iif_reckoner.package.cells import BLOCKS, MOST_CELLS, MOST_COVERED
from iif_reckoner.package.markup import SAVE_AGAIN, attributes, root_prefix, view
from iif_reckoner.package.patterns import marks

_KINDS = frozenset(kind.encode() for kind in BLOCKS)


def cells_in_blocks(package: Package, title: str) -> Iterator[str]:
    """Yield the address of each cell that is inside a block of a sheet, or would be if it were there.

    The blocks of a sheet that have more cells together than are read are left out, the last ones first.

    Raises:
        UnknownNameError: there is no such sheet.
        InputError: the sheet is damaged.
    """
    sheet = package.sheet(title)
    seen = view(package.part(sheet.part))
    left = MOST_CELLS
    try:
        found = _areas(seen, marks(root_prefix(seen, b"worksheet") or b"").block, 0, len(seen))
    except ValueError as error:
        raise InputError(f"{package.where(sheet)}: {error}; {SAVE_AGAIN}") from None
    for block in found:
        left -= block.size
        if left < 0:
            return
        yield from block.addresses()


class Blocks:
    """The blocks that stand between two places of a sheet's bytes; `pattern` finds the attributes of a formula.

    Raises:
        ValueError: an array covers what is no area, or there are more than are read; the text says so.
    """

    def __init__(self, seen: bytes, pattern: re.Pattern[bytes], start: int, end: int) -> None:
        found = _areas(seen, pattern, start, end)
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


def _areas(seen: bytes, pattern: re.Pattern[bytes], start: int, end: int) -> list[Area]:
    found = []
    for match in filter(None, (pattern.match(seen, tag, end) for tag in sorted(_tags(seen, start, end)))):
        given = attributes(match[1])
        if given.get(b"t") in _KINDS:
            reference = given.get(b"ref", b"").decode()
            try:
                found.append(area(reference))
            except ValueError:
                raise ValueError(f"an array covers {shown(reference)}") from None
    return found


def _tags(seen: bytes, start: int, end: int) -> set[int]:
    """Return where the tags begin that may be those of blocks: of tens of thousands of formulas few are."""
    found = set()
    for kind in _KINDS:
        behind = start
        while (at := seen.find(kind, behind, end)) >= 0:
            found.add(seen.rfind(b"<", start, at))
            # One tag and the text behind it may hold the word over and over.
            behind = seen.find(b"<", at, end)
            if behind < 0:
                break
    return found - {-1}

"""Addresses of cells and ranges, as letters and as numbers."""

import re
from functools import cache
from typing import NamedTuple

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
"""The rows and columns of a sheet in Excel since 2007."""

_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})", re.ASCII)
_REFERENCE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!([^!]+)")


class Area(NamedTuple):
    """A rectangle of cells: first and last row and column, counted from 1, both included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @property
    def size(self) -> int:
        """How many cells it has.

        >>> area("B2:C3").size
        4
        """
        return (self.last_row - self.first_row + 1) * (self.last_column - self.first_column + 1)

    def addresses(self) -> list[str]:
        """Return the address of each cell, row by row.

        >>> area("B2:C3").addresses()
        ['B2', 'C2', 'B3', 'C3']
        """
        letters = [column_letters(column) for column in range(self.first_column, self.last_column + 1)]
        return [f"{column}{row}" for row in range(self.first_row, self.last_row + 1) for column in letters]


@cache
def column_number(letters: str) -> int:
    """Return the number of a column.

    >>> column_number("A"), column_number("XFD")
    (1, 16384)

    Raises:
        ValueError: no sheet has such a column.
    """
    number = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise ValueError(f"'{letters}' is no column")
        number = number * 26 + ord(letter) - 64
        if number > MOST_COLUMNS:
            break
    if not 1 <= number <= MOST_COLUMNS:
        raise ValueError(f"'{letters}' is no column")
    return number


@cache
def column_letters(number: int) -> str:
    """Return the letters of a column.

    >>> column_letters(1), column_letters(16384)
    ('A', 'XFD')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def row_and_column(address: str) -> tuple[int, int]:
    """Return the row and the column of an address, with or without dollar signs.

    >>> row_and_column("C5"), row_and_column("$XFD$1048576")
    ((5, 3), (1048576, 16384))

    Raises:
        ValueError: no sheet has such a cell.
    """
    match = _ADDRESS.fullmatch(address)
    if match is None or (row := int(match[2])) > MOST_ROWS:
        raise ValueError(f"'{address}' is no cell")
    return row, column_number(match[1])


def area(text: str) -> Area:
    """Return the rectangle that a range names; a single cell is one of one cell.

    >>> tuple(area("$C$5:$N$44")), tuple(area("B2"))
    ((5, 3, 44, 14), (2, 2, 2, 2))

    Raises:
        ValueError: the text names no rectangle of cells.
    """
    first, _, last = text.partition(":")
    top, left = row_and_column(first)
    bottom, right = row_and_column(last or first)
    return Area(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def split_reference(text: str) -> tuple[str, Area]:
    """Return the sheet and the rectangle that a reference names.

    >>> split_reference("'Jo''s sheet'!$A$1")[0], split_reference("Counts!B2:B3")[1].addresses()
    ("Jo's sheet", ['B2', 'B3'])

    Raises:
        ValueError: the text is another kind of formula.
    """
    match = _REFERENCE.fullmatch(text.strip().removeprefix("="))
    if match is None:
        raise ValueError(f"'{text}' names no cells of one sheet")
    return (match[1].replace("''", "'") if match[1] else match[2]), area(match[3])

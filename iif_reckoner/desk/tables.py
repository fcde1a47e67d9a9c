"""Tables of a workbook that people may have moved: sheets are found by their marks, columns by their headings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile

from iif_reckoner.errors import InputError
from iif_reckoner.layout.sheets import BY_KEY
from iif_reckoner.package import Cell, Package, column_letters

Place = tuple[str, str]
"""Sheet title and address of a cell."""

_DEEPEST_HEADING = 40
"""Rows from the top in which a heading is looked for."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one of our sheets that hold something, by row and column; `title` is what its tab says now."""

    file: str
    title: str
    cells: Mapping[tuple[int, int], Cell]

    def text(self, row: int, column: int) -> str:
        """Return the text of a cell without spaces around it, empty where it holds none."""
        cell = self.cells.get((row, column))
        return cell.value.strip() if cell is not None and isinstance(cell.value, str) and cell.kind == "text" else ""

    def where(self, row: int, column: int) -> str:
        """Return how a message names a cell."""
        return f"{self.file}: {self.title} {column_letters(column)}{row}"

    def beside(self, label: str) -> tuple[int, int] | None:
        """Return the place right of a label in column A; None where nothing is labelled so."""
        for row in sorted({row for row, column in self.cells if column == 1}):
            if self.text(row, 1) == label:
                return row, 2
        return None


@dataclass(frozen=True, slots=True)
class Table:
    """A table below a row of headings; `columns` is where each of them stands, by its text."""

    grid: Grid
    head: int
    columns: Mapping[str, int]

    def column(self, heading: str) -> int:
        """Return where a heading stands.

        Raises:
            InputError: it is gone.
        """
        if (found := self.columns.get(heading)) is None:
            raise _no_column(self.grid, heading)
        return found

    def rows(self, key: str) -> Iterator[int]:
        """Yield the rows below the headings that have something in the column of this heading."""
        column = self.column(key)
        for row, at in sorted(self.grid.cells):
            if at == column and row > self.head and self.grid.cells[row, at].value not in (None, ""):
                yield row

    @property
    def all_rows(self) -> list[int]:
        """The rows below the headings that have something anywhere."""
        return sorted({row for row, _ in self.grid.cells if row > self.head})

    def cell(self, row: int, heading: str) -> Cell | None:
        """Return the cell of a row below a heading, None where there is nothing at all."""
        return self.grid.cells.get((row, self.column(heading)))

    def text(self, row: int, heading: str) -> str:
        """Return the text of that cell."""
        return self.grid.text(row, self.column(heading))

    def where(self, row: int, heading: str) -> str:
        """Return how a message names that cell."""
        return self.grid.where(row, self.column(heading))

    def address(self, row: int, heading: str) -> tuple[str, str]:
        """Return the sheet's title and the address of that cell."""
        return self.grid.title, f"{column_letters(self.column(heading))}{row}"


def title_of(package: Package, key: str) -> str:
    """Return what the tab of the sheet with this key says now.

    Raises:
        InputError: the sheet was deleted.
    """
    sheet = BY_KEY[key]
    names = {name.casefold() for name in package.names}
    if sheet.name.casefold() not in names:
        raise InputError(
            f"{package.name}: has no sheet {sheet.title} (its mark {sheet.name} is gone); take an older copy"
        )
    found, _ = package.place(sheet.name)
    return found.name


def grid(package: Package, key: str) -> Grid:
    """Return the filled cells of the sheet with this key, wherever it is and however it is called now.

    Raises:
        InputError: the sheet was deleted.
    """
    title = title_of(package, key)
    return Grid(package.name, title, {(cell.row, cell.column): cell for cell in package.filled(title)})


def upper_grid(package: Package, key: str) -> Grid:
    """Return the filled cells of the sheet with this key down to the last row in which a heading is looked for.

    Raises:
        InputError: the sheet was deleted.
    """
    title = title_of(package, key)
    # With blank cells among them no more of the sheet is looked at than the rows that are wanted.
    cells = takewhile(lambda cell: cell.row <= _DEEPEST_HEADING, package.cells(title))
    filled = (cell for cell in cells if cell.kind != "blank" or cell.is_formula)
    return Grid(package.name, title, {(cell.row, cell.column): cell for cell in filled})


def table(found: Grid, *headings: str, deepest: int = _DEEPEST_HEADING) -> Table:
    """Return the table whose row of headings has these, looked for down to the row `deepest`.

    Raises:
        InputError: no row has them all.
    """
    by_row: dict[int, dict[str, int]] = {}
    for row, column in found.cells:
        if row <= deepest and (text := found.text(row, column)):
            by_row.setdefault(row, {}).setdefault(text, column)
    for row, columns in sorted(by_row.items()):
        if all(heading in columns for heading in headings):
            return Table(found, row, columns)
    best = max(by_row.values(), key=lambda columns: sum(heading in columns for heading in headings), default={})
    absent = next(heading for heading in headings if heading not in best)
    raise _no_column(found, absent)


def _no_column(found: Grid, heading: str) -> InputError:
    return InputError(
        f"{found.file}: {found.title}: no column is headed '{heading}'; write it back over the column it belongs to"
    )

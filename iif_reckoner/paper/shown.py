"""What a workbook shows: the values that its cells carry, by the names of its figures."""

from collections.abc import Iterator

from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.recalculate import recalculated
from iif_reckoner.errors import InputError
from iif_reckoner.figures import book as figures
from iif_reckoner.figures.records import Place
from iif_reckoner.layout.sheets import LAYOUT, Sheet
from iif_reckoner.package import Cell, Package

Value = str | int | float | bool | None
_PLACES = figures.places()


class _Sheet:
    """The cells of one sheet, read row by row as far as they are asked for: what is printed stands high on Working."""

    def __init__(self, cells: Iterator[Cell]) -> None:
        self._coming = cells
        self._found: dict[tuple[int, int], Cell] = {}
        self._row = 0

    def cell(self, row: int, column: int) -> Cell | None:
        if self._row <= row:
            for cell in self._coming:
                self._row = cell.row
                self._found[cell.row, cell.column] = cell
                if cell.row > row:
                    break
        return self._found.get((row, column))


class Shown:
    """The values of a workbook's figures; None where a cell is blank, the text of an error where it shows one."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._sheets: dict[str, _Sheet] = {}

    def value(self, name: str, down: int = 0, right: int = 0) -> Value:
        """Return what one cell of a figure shows."""
        area = _PLACES[name].area
        cell = self._sheet(area.sheet).cell(area.row + down, area.column + right)
        return None if cell is None or cell.value == "" else cell.value

    def number(self, name: str, down: int = 0, right: int = 0) -> int | float | None:
        """Return the number that one cell of a figure shows, None where it shows none."""
        value = self.value(name, down, right)
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None

    def count(self, name: str) -> int:
        """Return how many a figure counts, 0 where it shows no number."""
        return int(self.number(name) or 0)

    def text(self, name: str, down: int = 0, right: int = 0) -> str:
        """Return the text that one cell of a figure shows, empty where it shows none."""
        value = self.value(name, down, right)
        return "" if value is None else str(value)

    def column(self, name: str) -> list[Value]:
        """Return what a figure shows from top to bottom."""
        return [self.value(name, down) for down in range(place(name).area.height)]

    def _sheet(self, sheet: Sheet) -> _Sheet:
        if sheet.key not in self._sheets:
            title = self._package.place(sheet.name)[0].name
            self._sheets[sheet.key] = _Sheet(self._package.cells(title, blank=False))
        return self._sheets[sheet.key]


def place(name: str) -> Place:
    """Return where a figure or input stands."""
    return _PLACES[name]


def shown(book: Workbook) -> Shown:
    """Return what a workbook shows; one whose formulas carry no values is worked out first.

    Raises:
        InputError: it is of an earlier layout, or a sheet of it was deleted.
    """
    if book.layout != LAYOUT:
        raise InputError(f"{book.name}: of an earlier layout; run `iif-reckoner update {book.name}` first")
    found = Shown(book.package)
    return Shown(recalculated(book.package, {}).package) if found.value("engine") is None else found

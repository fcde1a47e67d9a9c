"""Rows of the table with the figures that count in them, each knowing its cell for messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from iif_reckoner.errors import InputError, shown
from iif_reckoner.exact import fraction
from iif_reckoner.rules_table.columns import Read, Row


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the table, the cell that it stands in, and whether it is an earlier year's."""

    number: Fraction
    cell: Read
    place: str
    typed: bool = False
    assumed: bool = False

    def refused(self, advice: str) -> InputError:
        """Return the error for a number that cannot be right."""
        return InputError(f"{self.place}: {shown(self.cell)}; {advice}")


@dataclass(frozen=True, slots=True)
class Record:
    """A row of the table: its code, and its cells by column; empty ones are not among them."""

    code: str
    cells: Mapping[str, Read]

    def place(self, column: str) -> str:
        """Return where a cell stands, as messages name it."""
        return f"Rules table, row {self.code}, {column}"

    def figure(self, name: str, *, use_assumed: bool = False) -> Figure | None:
        """Return the figure that counts: what was typed over it, else the rule, else the assumed one."""
        columns = [f"{name}_override", name, *([f"{name}_assumed"] if use_assumed else [])]
        column = next((column for column in columns if column in self.cells), None)
        if column is None:
            return None
        return self._figure(column, typed=column == columns[0], assumed=column == columns[-1] and use_assumed)

    def rule(self, name: str) -> Figure | None:
        """Return the figure without what was typed over it."""
        column = next((column for column in (name, f"{name}_assumed") if column in self.cells), None)
        return None if column is None else self._figure(column)

    def _figure(self, column: str, *, typed: bool = False, assumed: bool = False) -> Figure:
        cell = self.cells[column]
        try:
            # Text that looks like a number is still text in a sheet, and a date is no number.
            number = None if isinstance(cell, str | datetime) or cell is None else fraction(cell)
        except (ValueError, TypeError):
            number = None
        if number is None:
            raise InputError(f"{self.place(column)}: {shown(cell)} is not a number; write a number")
        return Figure(number, cell, self.place(column), typed, assumed)

    def whole(self, name: str, least: int, most: int | None = None) -> int | None:
        """Return a whole number from `least` up, None where the cells are empty."""
        found = self.figure(name)
        if found is None:
            return None
        if found.number.denominator != 1 or found.number < least or (most is not None and found.number > most):
            upto = "up" if most is None else f"to {most}"
            raise found.refused(f"write a whole number from {least} {upto}")
        return found.number.numerator

    def day(self, name: str) -> date:
        """Return the day in a cell."""
        cell = self.cells.get(name)
        if isinstance(cell, datetime):
            return cell.date()
        try:
            return date.fromisoformat(str(cell))
        except ValueError:
            raise InputError(f"{self.place(name)}: {shown(cell)} is not a day; write it as 2026-04-01") from None


def records(header: Sequence[str], rows: Sequence[Row]) -> dict[str, Record]:
    """Return the rows that have a code, by it."""
    found: dict[str, Record] = {}
    for row in rows:
        cells = {name: cell for name, cell in zip(header, row, strict=False) if not _is_blank(cell)}
        if "code" not in cells:
            continue
        code = str(cells["code"]).strip()
        if code in found:
            raise InputError(f"Rules table, row {code}: stands twice; give each indicator once")
        found[code] = Record(code, cells)
    return found


def _is_blank(cell: Read) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())

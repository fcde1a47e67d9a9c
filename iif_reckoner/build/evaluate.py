"""The values of all formula cells of a finished workbook, worked out in memory by formualizer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import chain
from operator import itemgetter
from typing import Any

import formualizer
from openpyxl.utils.datetime import to_excel

from iif_reckoner import functions
from iif_reckoner.build.cells import Result
from iif_reckoner.functions import Problem
from iif_reckoner.layout.page import Cell, Page, Position, Value
from iif_reckoner.package.address import column_letters as letters

Values = dict[tuple[str, str], Result]
Cells = Mapping[Position, Cell]
"""Cells of a sheet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Blocks:
    """Cells of a sheet that are read a block at a time, and the position of each in the order in which they come."""

    sheet: str
    areas: tuple[Any, ...]
    positions: tuple[Position, ...]


_NOTHING = Cell(None, "plain")
_ERRORS = {"Value": "#VALUE!", "Na": "#N/A", "Name": "#NAME?", "Div": "#DIV/0!", "Ref": "#REF!", "Num": "#NUM!"}


def values(built: bytes, pages: Sequence[Page], *, python: bool = False) -> Values:
    """Return the value of every formula cell, by sheet title and address.

    `python` registers our functions, so that the engine says Python; else they are errors, as in a workbook whose
    macros are blocked.
    """
    book = loaded(built, python=python)
    book.evaluate_all()
    return {
        (page.sheet.title, f"{letters(column)}{row}"): plain(book.get_value(page.sheet.title, row, column))
        for page in pages
        for row, column in formula_cells(page)
    }


class Calculation:
    """A workbook that stays in memory, worked out with one PCN's cells after another.

    `built` is the workbook at rest, and `at_rest` its cells on the sheets that may change; a sheet that is not among
    them holds no formulas and is empty where it may change. Each time all cells that differ are given, so nothing is
    left of the PCN before.
    """

    def __init__(self, built: bytes, at_rest: Mapping[str, Cells]) -> None:
        self._book = loaded(built, python=False)
        self._at_rest = at_rest
        self._before: dict[str, Cells] = {}

    def work_out(self, sheets: Mapping[str, Cells]) -> None:
        """Work out the workbook with these cells on sheets and all others at rest."""
        for sheet, cells in sheets.items():
            before = self._before.get(sheet, {})
            if sheet in self._at_rest:
                self._set_each(sheet, cells, before or self._at_rest[sheet])
            else:
                self._set_block(sheet, cells, before)
            self._before[sheet] = cells
        self._book.evaluate_all()

    def results(self, sheet: str, cells: Iterable[Position]) -> list[tuple[Position, Result]]:
        """Return the values of these cells of a sheet, as they were worked out last."""
        value = self._book.get_value
        return [(at, plain(value(sheet, *at))) for at in cells]

    def results_in(self, blocks: Blocks) -> list[tuple[Position, Result]]:
        """Return the same of blocks of cells, but for those that give nothing: many times faster than one by one."""
        read = self._book.sheet(blocks.sheet).get_values
        rows = chain.from_iterable(map(read, blocks.areas))
        values = zip(blocks.positions, chain.from_iterable(rows), strict=True)
        return [(at, plain(value)) for at, value in values if value != "" and value is not None]

    def _set_each(self, sheet: str, cells: Cells, before: Cells) -> None:
        typed: dict[Position, Value] = dict.fromkeys(before.keys() - cells.keys())
        for at, cell in cells.items():
            old = before.get(at, _NOTHING)
            if cell.formula and (cell.value != old.value or not old.formula):
                self._book.set_formula(sheet, *at, f"={cell.value}")
            elif not cell.formula and (cell.value != old.value or old.formula):
                typed[at] = _typed(cell.value)
        for (row, column), values in _down_columns(typed).items():
            self._book.set_values_batch(sheet, row, column, [[value] for value in values])

    def _set_block(self, sheet: str, cells: Cells, before: Cells) -> None:
        places = cells.keys() | before.keys()
        if not places or cells == before:
            return
        rows, columns = {row for row, _ in places}, {column for _, column in places}
        wide = range(min(columns), max(columns) + 1)
        block = [
            [_typed(cells.get((row, column), _NOTHING).value) for column in wide]
            for row in range(min(rows), max(rows) + 1)
        ]
        self._book.set_values_batch(sheet, min(rows), wide.start, block)


def _down_columns(cells: Mapping[Position, Value]) -> dict[Position, list[Value]]:
    """Return the values of cells that stand below each other, from the top down, by where the first one stands.

    Each step of setting costs as much as the formulas that hang on it, so cells go in together where they can.

    >>> _down_columns({(2, 1): "a", (2, 3): 5, (3, 1): "b", (5, 1): "c"})
    {(2, 1): ['a', 'b'], (5, 1): ['c'], (2, 3): [5]}
    """
    runs: dict[Position, list[Value]] = {}
    first = 0, 0
    for row, column in sorted(cells, key=itemgetter(1, 0)):
        if (row, column) != (first[0] + len(runs.get(first, ())), first[1]):
            first = row, column
        runs.setdefault(first, []).append(cells[row, column])
    return runs


def formula_cells(page: Page) -> list[Position]:
    """Return the position of every formula cell of a page, those inside array formulas among them."""
    cells = [position for position, cell in page.cells.items() if cell.formula]
    for area, _, _ in page.arrays:
        cells += [(area.row + down, area.column + right) for down in range(area.height) for right in range(area.width)]
    return cells


def in_blocks(sheet: str, cells: Iterable[Position]) -> Blocks:
    """Return these cells of a sheet as blocks.

    >>> in_blocks("Working", [(1, 2), (2, 2), (1, 3), (2, 3), (9, 3)]).positions
    ((1, 2), (1, 3), (2, 2), (2, 3), (9, 3))
    """
    by_column: dict[int, list[int]] = {}
    for row, column in cells:
        by_column.setdefault(column, []).append(row)
    alike: dict[range, list[int]] = {}
    for column, rows in sorted(by_column.items()):
        for run in _runs(sorted(rows)):
            alike.setdefault(run, []).append(column)
    found = [(rows, columns) for rows, side_by_side in alike.items() for columns in _runs(side_by_side)]
    return Blocks(
        sheet=sheet,
        areas=tuple(formualizer.RangeAddress(sheet, rows[0], own[0], rows[-1], own[-1]) for rows, own in found),
        positions=tuple((row, column) for rows, own in found for row in rows for column in own),
    )


def _runs(numbers: Sequence[int]) -> Iterator[range]:
    """Yield the runs of numbers that follow each other."""
    starts = [place for place, number in enumerate(numbers) if place == 0 or number != numbers[place - 1] + 1]
    for start, end in zip(starts, [*starts[1:], len(numbers)], strict=True):
        yield range(numbers[start], numbers[end - 1] + 1)


def loaded(built: bytes, *, python: bool) -> Any:
    """Return a workbook in formualizer, not yet worked out; `python` lets our functions answer."""
    # Longer ranges than this are noted as they stand: noting each of their cells takes a quarter of the loading.
    short = formualizer.EvaluationConfig()
    short.range_expansion_limit = 16
    # Threads gain nothing here and cost half as much processor time again.
    short.enable_parallel = False
    # A log of changes would cost more than all sums.
    plain = formualizer.WorkbookConfig(
        mode=formualizer.WorkbookMode.Ephemeral, eval_config=short, enable_changelog=False
    )
    book = formualizer.Workbook.from_bytes(built, config=plain)
    for name in functions.__all__:
        if name.startswith("IIF_"):
            book.register_function(name, _function(name, alive=python), min_args=0, max_args=None)
    return book


def _typed(value: Value) -> Value:
    if isinstance(value, str):
        return value or None
    return None if value is None else float(value)


def _function(name: str, *, alive: bool) -> Any:
    own = getattr(functions, name)

    def call(*cells: Any) -> Any:
        if not alive:
            return {"type": "Error", "kind": "Name"}
        return _presented(own(*cells))

    return call


def _presented(found: Any) -> Any:
    if isinstance(found, list):
        return [_presented(cell) for cell in found]
    if isinstance(found, Problem):
        return {"type": "Error", "kind": "Na" if found.kind == "#N/A" else "Value"}
    return found


def plain(value: Any) -> Result:
    """Return what formualizer gives as what a cell holds: an error as its text, nothing as an empty one."""
    if value.__class__ is float or value.__class__ is str:
        return value
    if isinstance(value, date | time | timedelta):
        # A cell holds a date as the number of the day.
        return float(to_excel(value))  # type: ignore[no-untyped-call]
    if isinstance(value, Mapping):
        return _ERRORS.get(str(value.get("kind")), "#VALUE!")
    return "" if value is None else value

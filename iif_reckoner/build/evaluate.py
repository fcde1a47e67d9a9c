"""The values of all formula cells of a finished workbook, worked out in memory by formualizer."""

from collections.abc import Mapping, Sequence
from typing import Any

import formualizer

from iif_reckoner import functions
from iif_reckoner.functions import Problem
from iif_reckoner.layout.page import Page, letters

Values = dict[tuple[str, str], float | str | bool | None]

_ERRORS = {"Value": "#VALUE!", "Na": "#N/A", "Name": "#NAME?", "Div": "#DIV/0!", "Ref": "#REF!", "Num": "#NUM!"}


def values(built: bytes, pages: Sequence[Page], *, python: bool = False) -> Values:
    """Return the value of every formula cell, by sheet title and address.

    `python` registers our functions, so that the engine says Python; else they are errors, as in a workbook whose
    macros are blocked.
    """
    book = formualizer.load_workbook_bytes(built)
    for name in functions.__all__:
        if name.startswith("IIF_"):
            book.register_function(name, _function(name, alive=python), min_args=0, max_args=None)
    book.evaluate_all()
    found: Values = {}
    for page in pages:
        title = page.sheet.title
        for row, column in formula_cells(page):
            found[title, f"{letters(column)}{row}"] = _plain(book.get_value(title, row, column))
    return found


def formula_cells(page: Page) -> list[tuple[int, int]]:
    """Return the position of every formula cell of a page, those inside array formulas among them."""
    cells = [position for position, cell in page.cells.items() if cell.formula]
    for area, _, _ in page.arrays:
        cells += [(area.row + down, area.column + right) for down in range(area.height) for right in range(area.width)]
    return cells


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


def _plain(value: Any) -> float | str | bool | None:
    if isinstance(value, Mapping):
        return _ERRORS.get(str(value.get("kind")), "#VALUE!")
    if value is None:
        return ""
    return value  # type: ignore[no-any-return]

"""What a figure is, and how its formula finds the cells of other figures."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from iif_reckoner.layout.page import Area, FilledDown
from iif_reckoner.layout.sheets import ACTIONS, COUNT_ROWS, INDICATORS, PRACTICES, Sheet
from iif_reckoner.package.address import column_letters as letters
from iif_reckoner.plan.agenda import LINES
from iif_reckoner.scheme_year import MONTHS

Over = Literal[
    "book", "indicator", "month", "indicator month", "practice", "indicator across", "practice indicator", "row",
    "action", "line",
]  # fmt: skip
"""What a figure has one of: the workbook, each indicator, each Counts row, each action, each line of a list in
the agenda ...; `across` runs from left to right."""

SIZES: Mapping[Over, tuple[int, int]] = {
    "book": (1, 1),
    "indicator": (INDICATORS, 1),
    "month": (1, MONTHS),
    "indicator month": (INDICATORS, MONTHS),
    "practice": (PRACTICES, 1),
    "indicator across": (1, INDICATORS),
    "practice indicator": (PRACTICES, INDICATORS),
    "row": (COUNT_ROWS, 1),
    "action": (ACTIONS, 1),
    "line": (LINES, 1),
}
"""Height and width of the block of a figure."""

_NAME = re.compile(r"\{(\w+)(?::(\w+))?\}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """One figure of the sheet Working, with its two spellings.

    `native` is a formula with the names of other figures in braces; `function` is the call of one of our functions that
    gives the same. A figure with a function is one array formula over its whole block, so that Python is called once.

    In braces stand the name of a figure or input, and behind a colon, where it is not the one cell that belongs to the
    figure's own: `all` the whole block, `row` its whole row, `column` its whole column, `through` its row up to here,
    `down` its column down to here.
    `seen_as` gives names in braces another meaning, so that the sums of the scheme serve other counts than those of the
    shown month: `{"num": "forecast_num"}` reckons with the forecast.
    """

    name: str
    words: str
    unit: str
    over: Over
    native: str
    function: str | None = None
    seen_as: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure or input stands; `stride` is the number of columns from one month to the next."""

    area: Area
    over: Over
    stride: int = 1


def settled(template: str, sheet: Sheet, places: Mapping[str, Place]) -> str:
    """Return a formula with those names replaced that stand for the same cells wherever in a block it is."""

    def ref(match: re.Match[str]) -> str:
        place = places[match[1]]
        if match[2] != "all" and (match[2] or place.over != "book"):
            return match[0]
        return _prefix(place, sheet) + _ref(place, "book", 0, match[2], [])

    return _NAME.sub(ref, template)


def spelled(template: str, sheet: Sheet, over: Over, places: Mapping[str, Place], right: int) -> FilledDown:
    """Return a formula with its names replaced by the cells that belong to the cells of a block in the column `right`."""
    rows: list[int] = []

    def ref(match: re.Match[str]) -> str:
        place = places[match[1]]
        return _prefix(place, sheet) + _ref(place, over, right, match[2], rows)

    return FilledDown(_NAME.sub(ref, template.replace("%", "%%")), tuple(rows))


def _prefix(place: Place, sheet: Sheet) -> str:
    return "" if place.area.sheet == sheet else f"{place.area.sheet.quoted}!"


def _ref(place: Place, over: Over, right: int, how: str | None, rows: list[int]) -> str:
    """Return the cells of a place as a pattern; its rows that move down with the formula are added to `rows`."""
    area = place.area
    if how == "all":
        return area.absolute.rpartition("!")[2]
    if how == "column":
        column = letters(area.column + place.stride * right)
        return f"${column}${area.row}:${column}${area.row + area.height - 1}"
    moves, down, right = _offset(place.over, over, right)
    first, row = letters(area.column), "%d" if moves else str(area.row + down)
    if moves:
        rows += [area.row] * (2 if how in ("row", "through") else 1)
    if how == "row":
        return f"${first}{row}:${letters(area.column + area.width - 1)}{row}"
    here = letters(area.column + place.stride * right)
    if how == "through":
        return f"${first}{row}:{here}{row}"
    if how == "down":
        return f"{here}${area.row}:{here}{row}"
    if place.over == "book":
        return f"${here}${row}"
    # What lies in one row stays there down a column, so that the formulas below each other are one.
    return f"{here}${row}" if SIZES[place.over][0] == 1 else f"{here}{row}"


def spelled_over(template: str, sheet: Sheet, places: Mapping[str, Place]) -> str:
    """Return a formula with its names replaced by whole blocks, for an array formula."""

    def ref(match: re.Match[str]) -> str:
        area = places[match[1]].area
        return area.absolute.rpartition("!")[2] if area.sheet == sheet else area.absolute

    return _NAME.sub(ref, template)


def _offset(source: Over, target: Over, right: int) -> tuple[bool, int, int]:
    """Return whether a source moves down with a target, else how far down, and how far to the right it lies."""
    if source == "book":
        return False, 0, 0
    if source == target:
        return True, 0, right
    match source, target:
        case ("indicator", "indicator month") | ("indicator month", "indicator"):
            return True, 0, 0
        case ("practice", "practice indicator") | ("practice indicator", "practice"):
            return True, 0, 0
        case ("month", "indicator month") | ("indicator across", "practice indicator"):
            return False, 0, right
        case "indicator", "indicator across":
            return False, right, 0
        case _:
            raise ValueError(f"a figure per {target} cannot look at one per {source}")

"""Printing: data on stdout as a table, CSV or JSON; notes on stderr."""

import csv
import io
import json
import math
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table

from iif_reckoner.exact import fraction

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


class Format(StrEnum):
    """How data is printed."""

    table = "table"
    csv = "csv"
    json = "json"


def note(text: str, names: Iterable[str] = (), *, named: bool = False) -> None:
    """Print a remark on stderr, with the names behind a count when they were asked for."""
    print(f"note: {text}", file=sys.stderr)
    if named:
        for name in names:
            print(f"  {name}", file=sys.stderr)


def also(text: str) -> None:
    """Print a line on stderr that belongs to the remark above it."""
    print(f"  {text}", file=sys.stderr)


def console() -> Console:
    """Return the place for tables and text; wide when stdout is a file, so that nothing is cut."""
    return Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 200)


def _clean(value: Any) -> Any:
    """Return a cell as JSON knows it: blank is null, an exact number a float, a whole float a whole number."""
    if value is None or (isinstance(value, float) and math.isnan(value)) or str(value) == "<NA>":
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, Fraction | Decimal):
        value = float(value)
    if isinstance(value, float):
        rounded = round(value, 12)
        return int(rounded) if rounded.is_integer() else rounded
    return value


def _no_formula(cell: Any) -> Any:
    """Return a cell of a CSV so that no spreadsheet program takes text for a formula: with an apostrophe before it.

    Our own readers take it off again; as JSON the text stays as it is.

    >>> _no_formula("=1+1"), _no_formula("-"), _no_formula(-1.5), _no_formula("-1.50"), _no_formula("Mill Lane")
    ("'=1+1", "'-", -1.5, '-1.50', 'Mill Lane')
    """
    if not isinstance(cell, str) or not cell.startswith(_FORMULA_SIGNS):
        return cell
    try:
        fraction(cell)
    except ValueError:
        return f"'{cell}"
    return cell


def data(frame: pd.DataFrame, how: Format) -> None:
    """Print a table for a machine."""
    records = [{str(name): _clean(cell) for name, cell in row.items()} for row in frame.to_dict("records")]
    if how is Format.json:
        print(json.dumps(records, indent=2, ensure_ascii=False))
        return
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows(["" if cell is None else _no_formula(cell) for cell in record.values()] for record in records)
    print(buffer.getvalue(), end="")


def record(row: Mapping[str, Any], how: Format) -> None:
    """Print one row for a machine; as JSON it is one object, not a list of one."""
    if how is Format.json:
        print(json.dumps({name: _clean(cell) for name, cell in row.items()}, indent=2, ensure_ascii=False))
        return
    data(pd.DataFrame([row]), how)


def table(title: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[str]], caption: str = "") -> None:
    """Print a table for people; a column is its heading and `left` or `right`."""
    grid = Table(
        title=title or None, title_justify="left", title_style="bold", caption=caption or None, box=box.SIMPLE_HEAD
    )
    grid.caption_justify = "left"
    for heading, side in columns:
        grid.add_column(heading, justify="right" if side == "right" else "left", overflow="fold")
    for row in rows:
        grid.add_row(*row)
    console().print(grid)


def line(text: str) -> None:
    """Print a line of text for people."""
    console().print(text, soft_wrap=True)


def done(changes: Collection[object], verb: str, *, dry_run: bool) -> str:
    """Return the words for what becomes of a workbook, such as `filled`.

    >>> done([1], "filled", dry_run=False), done([1], "filled", dry_run=True), done([], "filled", dry_run=True)
    ('filled', 'would change', 'nothing to change')
    """
    if not changes:
        return "nothing to change"
    return "would change" if dry_run else verb


_WORDS = {
    "cqrs": "CQRS code",
    "denominator_counts": "out of",
    "numerator_counts": "counts as done",
    "point_value_gbp": "value of a point",
    "points_total": "points in all",
}
"""Names of values that do not read well with spaces put in."""


def words(name: str) -> str:
    """Return the name of a value as people say it.

    >>> words("point_value_gbp"), words("lower_threshold")
    ('value of a point', 'lower threshold')
    """
    return _WORDS.get(name, name.replace("_", " "))


def whole(value: Any) -> str:
    """Write a count, nothing for blank."""
    clean = _clean(value)
    return "" if clean is None else f"{clean:,}"


def pounds(value: Any) -> str:
    """Write pounds and pence, nothing for blank."""
    clean = _clean(value)
    return "" if clean is None else f"{'-' if clean < 0 else ''}£{abs(clean):,.2f}"


def change(value: Any) -> str:
    """Write pounds and pence with their sign, nothing for blank.

    >>> change(-3), change(0), change(1200)
    ('-£3.00', '£0.00', '+£1,200.00')
    """
    clean = _clean(value)
    return "" if clean is None else f"{'-' if clean < 0 else '+' if clean else ''}£{abs(clean):,.2f}"


def decimal(value: Any, places: int = 2) -> str:
    """Write a number with so many places, nothing for blank."""
    clean = _clean(value)
    return "" if clean is None else f"{clean:,.{places}f}"

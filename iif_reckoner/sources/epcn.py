"""The sheet of core partners in NHS England's workbook `ePCN.xlsx`."""

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from iif_reckoner.errors import InputError
from iif_reckoner.package import Cell, Package, shown_as
from iif_reckoner.sources.csv_table import heading

SHEET = "PCN Core Partner Details"

_DAY_1 = date(1899, 12, 30)
_LAST_DAY = 2_958_465


def core_partners(path: Path) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the sheet's cells as text, the index being the row, and its headings as they stand, on one line.

    Raises:
        FileProblemError: the workbook is damaged.
        InputError: it is larger than is read, has no such sheet, or the sheet has no rows.
    """
    package = Package.open(path)
    titles = {sheet.name.strip().casefold(): sheet.name for sheet in package.sheets}
    if SHEET.casefold() not in titles:
        raise InputError(
            f"{path.name}: no sheet '{SHEET}'; it has {', '.join(list(titles.values())[:5])}; "
            "give ePCN.xlsx as NHS England publishes it, or save the sheet as 'CSV UTF-8'"
        )
    dates = {style for style, kind in shown_as(package).items() if kind == "date"}
    rows: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for cell in package.filled(titles[SHEET.casefold()]):
        if text := _text(cell, dates):
            rows[cell.row][cell.column] = text
    if len(rows) < 2:
        raise InputError(f"{path.name}: sheet '{SHEET}' has no rows")
    head, *body = sorted(rows)
    header = {column: heading(title) for column, title in rows[head].items()}
    frame = pd.DataFrame(
        {name: [rows[row].get(column, "") for row in body] for column, name in header.items()},
        index=pd.Index(body),
        dtype="str",
    )
    words = {name: " ".join(rows[head][column].replace("_x000D_", " ").split()) for column, name in header.items()}
    return frame, words


def _text(cell: Cell, dates: set[int]) -> str:
    """Return a cell as a CSV would have it; dates are numbers such as 20190701 there, now and then real dates."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, int | float) and cell.style in dates and 0 <= value <= _LAST_DAY:
        return (_DAY_1 + timedelta(days=int(value))).isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()

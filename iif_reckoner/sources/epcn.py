"""The sheet of core partners in NHS England's workbook `ePCN.xlsx`."""

import warnings
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, cast

import openpyxl
import pandas as pd

from iif_reckoner.errors import FileProblemError, InputError
from iif_reckoner.sources.csv_table import MOST_ROWS, heading

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

SHEET = "PCN Core Partner Details"


def core_partners(path: Path) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the sheet's cells as text, the index being the row, and its headings as they stand, on one line.

    Raises:
        FileProblemError: the workbook is damaged.
        InputError: it has no such sheet, or the sheet has no rows.
    """
    try:
        with warnings.catch_warnings():
            # openpyxl warns of styles and extensions that it leaves out; cells are all that is wanted.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            try:
                names = {name.strip().casefold(): name for name in book.sheetnames}
                if SHEET.casefold() not in names:
                    raise InputError(
                        f"{path.name}: no sheet '{SHEET}'; it has {', '.join(book.sheetnames[:5])}; "
                        "give ePCN.xlsx as NHS England publishes it, or save the sheet as 'CSV UTF-8'"
                    )
                # Its declared extent may be wrong, and would cut the rows.
                sheet = cast("ReadOnlyWorksheet", book[names[SHEET.casefold()]])
                sheet.reset_dimensions()
                cells = [list(row) for row in islice(sheet.values, MOST_ROWS + 1)]
            finally:
                book.close()
    except InputError:
        raise
    except Exception:  # noqa: BLE001 - a damaged workbook makes openpyxl fail in any of a dozen ways
        raise FileProblemError(f"{path}: a damaged workbook; fetch it again") from None
    rows = [[_text(cell) for cell in row] for row in cells]
    start = next((i for i, row in enumerate(rows) if any(row)), None)
    if start is None or len(rows) == start + 1:
        raise InputError(f"{path.name}: sheet '{SHEET}' has no rows")
    header = [heading(title) for title in rows[start]]
    width = len(header)
    body = [[*row[:width], *[""] * (width - len(row))] for row in rows[start + 1 :]]
    index = pd.RangeIndex(start + 2, start + 2 + len(body))
    frame = pd.DataFrame(body, columns=pd.Index(header), index=index, dtype="str")
    frame = frame.loc[:, [bool(name) for name in header]]
    titles = [" ".join(title.replace("_x000D_", " ").split()) for title in rows[start]]
    return frame, dict(zip(header, titles, strict=True))


def _text(cell: object) -> str:
    """Return a cell as a CSV would have it; dates are numbers such as 20190701 there, now and then real dates."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()

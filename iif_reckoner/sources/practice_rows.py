"""Steps that tables with one row per practice share: the day of the file, blank codes, and practices listed twice."""

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from iif_reckoner.errors import InputError, shown
from iif_reckoner.sources.cells import day, without_apostrophe
from iif_reckoner.sources.records import Note, number_of


def only_day(column: pd.Series, file: str, title: str) -> date | None:
    """Return the one day that a column of extract dates names, None where it is empty.

    Raises:
        InputError: a cell is no date, or the file holds several days.
    """
    days: dict[date, int] = {}
    for text in column.unique().tolist():
        if not without_apostrophe(text):
            continue
        row = int(column.index[column == text][0])
        found = day(text)
        if found is None:
            raise InputError(f"{file}: row {row}, {title}: {shown(text)} is not a date; write it like 2026-07-01")
        days.setdefault(found, row)
    if len(days) > 1:
        (first, one), (second, other) = list(days.items())[:2]
        raise InputError(f"{file}: rows {one} and {other}: {title} is {first} and {second}; keep the rows of one day")
    return next(iter(days), None)


def refuse_blank_practices(rows: pd.DataFrame, file: str, title: str) -> None:
    """Refuse a row whose `practice_code` is empty although the rest is not.

    Raises:
        InputError: there is such a row.
    """
    if (blank := rows["practice_code"] == "").any():
        raise InputError(f"{file}: row {rows.index[blank][0]}, {title}: is empty; write the practice's code")


def each_once(rows: pd.DataFrame, column: str, file: str, clash: str) -> tuple[pd.DataFrame, list[Note]]:
    """Return each practice once, with a note on repeats that are alike in `column`.

    `clash` words what is wrong with repeats that differ; it holds `{code}`, `{first}` and `{second}`.

    Raises:
        InputError: a practice is listed twice with different cells in `column`.
    """
    again = rows["practice_code"].duplicated()
    if not again.any():
        return rows, []
    first = rows[~again]
    earlier = dict(zip(first["practice_code"], zip(first.index, first[column], strict=True), strict=True))
    repeats = rows[again]
    for row, code, cell in zip(repeats.index, repeats["practice_code"], repeats[column], strict=True):
        first_row, other = earlier[code]
        if cell != other:
            words = clash.format(code=code, first=other, second=cell)
            raise InputError(f"{file}: rows {first_row} and {row}: {words}")
    text = f"{file}: {number_of(len(repeats), 'row')} left out, the same practice as in an earlier row"
    return rows[~again], [Note(text=text, names=tuple(repeats["practice_code"]))]


def apostrophe_notes(rows: pd.Index, marked: npt.NDArray[np.bool_], file: str) -> list[Note]:
    """Return a note on the rows where an apostrophe was taken off, if there are any."""
    if not (count := int(marked.sum())):
        return []
    text = f"{file}: {number_of(count, 'row')} with an apostrophe before a code or figure, which was taken off"
    return [Note(text=text, names=tuple(f"row {row}" for row in rows[marked]))]

"""Steps that every layout of counts takes: which organisation, level and month a row is of, and what is left out.

Between these steps a table has, beside the file's columns, `organisation` (a place in the organisations' codes),
`indicator` (a place in the ruleset), `month` (a place in the months) and `marked` (an apostrophe was taken off); its
index is the row of the file.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from iif_reckoner.errors import InputError, shown
from iif_reckoner.model import Ruleset
from iif_reckoner.sources.cells import codes, day, is_pcn, month
from iif_reckoner.sources.csv_table import CsvTable
from iif_reckoner.sources.records import Note, number_of

_WRONG_LEVEL = (
    "of PCNs left out, as the indicator is counted by practice",
    "of practices left out, as the indicator is counted for the whole PCN",
)


def with_organisations(frame: pd.DataFrame, column: str, beside: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the table with `organisation` and `marked`, and the codes; rows blank here and in `beside` are dropped."""
    found = codes(frame[column])
    frame = frame.assign(organisation=found.of, marked=found.apostrophe)
    if "" in found.names:
        blank = (found.of == found.names.index("")) & (frame[beside].astype("str").str.strip() == "").to_numpy()
        frame = frame[~blank]
    return frame, found.names


def refuse_blank_codes(frame: pd.DataFrame, names: tuple[str, ...], table: CsvTable, column: str) -> None:
    """Refuse a row that is of the ruleset but does not say whose it is."""
    if "" in names and (blank := (frame["organisation"] == names.index(""))).any():
        raise InputError(
            f"{table.name}: row {frame.index[blank][0]}, {table.title(column)}: is empty; write the practice's code"
        )


def of_right_level(
    frame: pd.DataFrame, names: tuple[str, ...], ruleset: Ruleset, file: str
) -> tuple[pd.DataFrame, list[Note]]:
    """Return the rows whose organisation is of the level at which their indicator is counted, and notes on the rest.

    Where nobody knows that level, rows of practices and of PCNs both stay.
    """
    organisation, indicator = frame["organisation"].to_numpy(), frame["indicator"].to_numpy()
    pcn = np.array([is_pcn(name) for name in names], np.bool_)[organisation]
    levels = np.array([indicator.level or "" for indicator in ruleset.indicators])[indicator]
    wrong = (pcn & (levels == "practice"), ~pcn & (levels == "pcn"))
    notes = []
    for mask, words in zip(wrong, _WRONG_LEVEL, strict=True):
        if count := int(mask.sum()):
            whose = tuple(names[i] for i in dict.fromkeys(organisation[mask].tolist()))
            notes.append(Note(text=f"{file}: {number_of(count, 'row')} {words}", names=whose))
    return (frame[~(wrong[0] | wrong[1])] if notes else frame), notes


def with_months(
    frame: pd.DataFrame, column: str, table: CsvTable, *, by_day: bool
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the table with `month`, and the months as 'YYYY-MM' in order; `by_day` says that the file gives days."""
    cells = frame[column].cat
    place, used = pd.factorize(cells.codes.to_numpy())
    found: list[str] = []
    for i, code in enumerate(used.tolist()):
        text = str(cells.categories[code])
        on = day(text) if by_day else None
        name = month(text) if not by_day else None if on is None else f"{on:%Y-%m}"
        if name is None:
            row = frame.index[int(np.flatnonzero(place == i)[0])]
            what = "a date; write it like 31/03/2024 or 2024-03-31" if by_day else "a month; write it like 2024-03"
            raise InputError(f"{table.name}: row {row}, {table.title(column)}: {shown(text)} is not {what}")
        found.append(name)
    months = tuple(sorted(set(found)))
    return frame.assign(month=np.array([months.index(name) for name in found], np.int64)[place]), months


def refuse_foreign(file: str, ruleset: Ruleset, found: Iterable[tuple[str, str | None]]) -> None:
    """Refuse a file that has no row of the ruleset; `found` are its codes, each with its year where that is known."""
    pairs = list(found)
    held = _listed(dict.fromkeys(shown(code)[1:-1] for code, _ in pairs if code)) or "no codes"
    years = sorted({year for _, year in pairs if year})
    advice = f"its indicators are {_listed(ruleset.codes)}"
    if years and ruleset.year not in years:
        advice = f"take the ruleset of {years[-1]}"
    of_years = f" of {' and '.join(years)}" if years else ""
    raise InputError(f"{file}: no row is of {ruleset.id}; the file has {held}{of_years}; {advice}")


def _listed(names: Iterable[str], most: int = 8) -> str:
    listed = list(names)
    return ", ".join(listed[:most]) + (", ..." if len(listed) > most else "")

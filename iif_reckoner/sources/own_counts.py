"""Counts in our own layout, with the figures of a practice, indicator and month side by side."""

import numpy as np
import pandas as pd

from iif_reckoner.errors import InputError, shown
from iif_reckoner.model import Ruleset
from iif_reckoner.sources.cells import Numbers, codes, is_code, is_pcn, whole_numbers
from iif_reckoner.sources.csv_table import CsvTable, Kind, Layout, read_columns
from iif_reckoner.sources.figures import Figures
from iif_reckoner.sources.indicator_codes import known_codes, year_of_month
from iif_reckoner.sources.measures import FIGURES
from iif_reckoner.sources.practice_rows import apostrophe_notes
from iif_reckoner.sources.records import Note, number_of
from iif_reckoner.sources.rows import (
    of_right_level,
    refuse_blank_codes,
    refuse_foreign,
    with_months,
    with_organisations,
)

OWN = Layout("own counts", ("practice_code", "indicator", "month", "numerator", "denominator"))

_NOT_HERE = -1


def read_own(table: CsvTable, ruleset: Ruleset) -> tuple[Figures, list[Note]]:
    """Return the figures of a table in our own layout, and notes on the rows that are left out.

    Raises:
        InputError: no row is of the ruleset, or a row that is cannot be read.
    """
    present = [name for name in FIGURES if name in table.header]
    kinds: dict[str, Kind] = {"practice_code": "few", "indicator": "few", "month": "few"}
    frame = read_columns(table, {**kinds, **dict.fromkeys(present, "text")})
    frame, names = with_organisations(frame, "practice_code", "indicator")
    if frame.empty:
        raise InputError(f"{table.name}: has a header and no rows")
    frame, notes, months = _of_ruleset(frame, table, ruleset)
    refuse_blank_codes(frame, names, table, "practice_code")
    _refuse_no_codes(frame, names, table)
    _refuse_practices(frame, names, table, ruleset)
    frame, more = of_right_level(frame, names, ruleset, table.name)
    read = [whole_numbers(frame[name], table.name, table.title(name)) for name in present]
    frame = frame.assign(marked=np.logical_or.reduce([frame["marked"].to_numpy(), *(one.apostrophe for one in read)]))
    figures = _one_by_one(frame, names, months, dict(zip(present, read, strict=True)))
    return figures, [*notes, *more, *apostrophe_notes(frame.index, frame["marked"].to_numpy(), table.name)]


def _of_ruleset(
    frame: pd.DataFrame, table: CsvTable, ruleset: Ruleset
) -> tuple[pd.DataFrame, list[Note], tuple[str, ...]]:
    """Return the rows whose indicator and month are of the ruleset."""
    found = codes(frame["indicator"])
    frame, months = with_months(frame, "month", table, by_day=False)
    known = known_codes(ruleset)
    places = [known.place(name) for name in found.names]
    indicator = np.array([_NOT_HERE if place is None else place for place in places], np.int64)[found.of]
    month = frame["month"].to_numpy()
    years = [year_of_month(name) for name in months]
    elsewhen = np.array([year != ruleset.year for year in years], np.bool_)[month]
    unknown = (indicator == _NOT_HERE) & ~elsewhen
    kept = ~elsewhen & ~unknown
    if not kept.any():
        pairs = dict.fromkeys(zip(found.of.tolist(), month.tolist(), strict=True))
        refuse_foreign(table.name, ruleset, [(found.names[i], years[m]) for i, m in pairs])
    notes = []
    if elsewhen.any():
        names = tuple(months[m] for m in sorted(set(month[elsewhen].tolist())))
        text = f"{table.name}: {number_of(int(elsewhen.sum()), 'row')} of another year than {ruleset.year}"
        notes.append(Note(text=text, names=names))
    if unknown.any():
        names = tuple(found.names[i] for i in dict.fromkeys(found.of[unknown].tolist()))
        what = f"of {number_of(len(names), 'indicator')} that {ruleset.id} does not have"
        notes.append(Note(text=f"{table.name}: {number_of(int(unknown.sum()), 'row')} {what}", names=names))
    frame = frame.assign(indicator=indicator, marked=frame["marked"] | found.apostrophe)
    return frame[kept], notes, months


def _refuse_no_codes(frame: pd.DataFrame, names: tuple[str, ...], table: CsvTable) -> None:
    """Refuse a row whose code is neither a practice's nor a PCN's: a total would be counted once more."""
    wrong = np.flatnonzero(np.array([not is_code(name) for name in names], np.bool_)[frame["organisation"]])
    if len(wrong):
        row = frame.iloc[int(wrong[0])]
        raise InputError(
            f"{table.name}: row {frame.index[wrong[0]]}, {table.title('practice_code')}: "
            f"{shown(names[row['organisation']])} is no practice's code, which is a letter and five digits; "
            "leave totals out"
        )


def _refuse_practices(frame: pd.DataFrame, names: tuple[str, ...], table: CsvTable, ruleset: Ruleset) -> None:
    """Refuse a practice's row for an indicator of the PCN as a whole: who writes the file can put it right."""
    by_pcn = np.array([indicator.level == "pcn" for indicator in ruleset.indicators], np.bool_)
    pcn = np.array([is_pcn(name) for name in names], np.bool_)
    wrong = np.flatnonzero(by_pcn[frame["indicator"]] & ~pcn[frame["organisation"]])
    if len(wrong):
        row = frame.iloc[int(wrong[0])]
        raise InputError(
            f"{table.name}: row {frame.index[wrong[0]]}, {table.title('practice_code')}: "
            f"{shown(names[row['organisation']])} for {ruleset.codes[row['indicator']]}, which is counted for the "
            "whole PCN; write the PCN's code, U and five digits"
        )


def _one_by_one(
    frame: pd.DataFrame, names: tuple[str, ...], months: tuple[str, ...], read: dict[str, Numbers]
) -> Figures:
    """Return the figures one after another, in the order of the rows; a baseline left empty is nothing to note."""
    count = len(frame)
    places = [FIGURES.index(name) for name in read]
    at = np.repeat(np.arange(count), len(read))
    empty = [one.empty & (place < 2) for place, one in zip(places, read.values(), strict=True)]
    return Figures(
        organisations=names,
        months=months,
        organisation=frame["organisation"].to_numpy()[at],
        indicator=frame["indicator"].to_numpy()[at],
        month=frame["month"].to_numpy()[at],
        figure=np.tile(np.array(places, np.int64), count),
        numbers=Numbers(
            values=np.column_stack([one.values for one in read.values()]).ravel(),
            suppressed=np.column_stack([one.suppressed for one in read.values()]).ravel(),
            empty=np.column_stack(empty).ravel(),
            apostrophe=np.column_stack([one.apostrophe for one in read.values()]).ravel(),
        ),
        row=frame.index.to_numpy(dtype=np.int64)[at],
        name=None,
    )

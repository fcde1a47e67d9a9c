"""Counts with one figure a row: the annual and the monthly publication, and the raw CQRS extract."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from iif_reckoner.errors import InputError, shown
from iif_reckoner.model import Ruleset
from iif_reckoner.sources.cells import Mask, Whole, whole_numbers, without_apostrophe
from iif_reckoner.sources.csv_table import CsvTable, Kind, Layout, read_columns
from iif_reckoner.sources.figures import Figures
from iif_reckoner.sources.indicator_codes import KnownCodes, known_codes, service_year
from iif_reckoner.sources.measures import OTHER, Field, field_figures, figure, measure_code, read_field_names
from iif_reckoner.sources.practice_rows import apostrophe_notes
from iif_reckoner.sources.records import Note, number_of
from iif_reckoner.sources.rows import (
    of_right_level,
    refuse_blank_codes,
    refuse_foreign,
    with_months,
    with_organisations,
)


@dataclass(frozen=True, slots=True)
class LongLayout(Layout):
    """Which column holds what, and whether the measure may be a whole sentence."""

    code: str
    service: str
    measure: str
    name: str = ""
    value: Kind = "text"
    sentences: bool = False


LONG = (
    LongLayout(
        "annual publication",
        ("organisation_code", "quality_service", "ach_date", "ind_code", "measure", "value"),
        code="organisation_code",
        service="quality_service",
        measure="measure",
        name="organisation_name",
        value="number",
    ),
    LongLayout(
        "monthly publication",
        ("practice_code", "quality_service", "ach_date", "ind_code", "measure", "value"),
        code="practice_code",
        service="quality_service",
        measure="measure",
        name="practice_name",
    ),
    LongLayout(
        "CQRS extract",
        ("quality_service", "org_code", "ach_date", "ind_code", "field_name", "value", "last_submission"),
        code="org_code",
        service="quality_service",
        measure="field_name",
        sentences=True,
    ),
    LongLayout(
        "CQRS extract",
        ("prmry_mdcl_care_srvc_shrt_name", "org_code", "ach_date", "ind_code", "field_name", "value"),
        code="org_code",
        service="prmry_mdcl_care_srvc_shrt_name",
        measure="field_name",
        sentences=True,
    ),
)
"""The layouts that are known; the second of CQRS is the one before 2023."""

_NOT_HERE = -1
_OTHER_YEAR = -2


@dataclass(frozen=True, slots=True)
class _Sort:
    """One sort of row: its service, indicator and measure as in the file, and the first row of that sort."""

    service: str
    code: str
    measure: str
    row: int


@dataclass(frozen=True, slots=True)
class _Sorts:
    """The sorts of rows that a file has and which sort each row is of; what a sort means is worked out once.

    `place` is the indicator's place in the ruleset, or why it has none; `meaning` is the figure.
    """

    of: Whole
    found: tuple[_Sort, ...]
    place: Whole
    meaning: Whole


def read_long(
    table: CsvTable, layout: LongLayout, ruleset: Ruleset, mapping: Path | None
) -> tuple[Figures, list[Note]]:
    """Return the figures of a table with one figure a row, and notes on the rows that are left out.

    Raises:
        FileProblemError: the mapping file cannot be opened.
        InputError: no row is of the ruleset, or a row that is cannot be read.
    """
    kinds: dict[str, Kind] = {**dict.fromkeys(layout.required, "few"), "value": layout.value}
    if layout.name in table.header:
        kinds[layout.name] = "text"
    frame, notes = _last_submissions(read_columns(table, kinds), table.name)
    frame, names = with_organisations(frame, layout.code, "ind_code")
    sorts = _sorts(frame, layout, ruleset, mapping, table.name)
    notes += _left_out(sorts, table.name, ruleset)
    frame = frame.assign(indicator=sorts.place[sorts.of], figure=sorts.meaning[sorts.of])
    frame = frame[frame["figure"].to_numpy() != OTHER]
    refuse_blank_codes(frame, names, table, layout.code)
    frame, more = of_right_level(frame, names, ruleset, table.name)
    frame, months = with_months(frame, "ach_date", table, by_day=True)
    numbers = whole_numbers(frame["value"], table.name, table.title("value"))
    frame = frame.assign(marked=frame["marked"] | numbers.apostrophe)
    figures = Figures(
        organisations=names,
        months=months,
        organisation=frame["organisation"].to_numpy(),
        indicator=frame["indicator"].to_numpy(),
        month=frame["month"].to_numpy(),
        figure=frame["figure"].to_numpy(),
        numbers=numbers,
        row=frame.index.to_numpy(dtype=np.int64),
        name=frame.get(layout.name),
    )
    return figures, [*notes, *more, *apostrophe_notes(frame.index, frame["marked"].to_numpy(), table.name)]


def _last_submissions(frame: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[Note]]:
    """Return only the last submission of each figure, where the file says which that is."""
    if "last_submission" not in frame:
        return frame, []
    marks = frame["last_submission"].astype("str").str.strip().str.upper()
    other = marks[~marks.isin(("Y", "N", ""))]
    if len(other):
        raise InputError(
            f"{file}: row {other.index[0]}, LAST_SUBMISSION: {shown(other.iloc[0])} is not known; write Y or N"
        )
    last = (marks != "N").to_numpy()
    if last.all():
        return frame, []
    rows = frame.index[~last]
    text = f"{file}: {number_of(len(rows), 'row')} left out, replaced by a later submission (LAST_SUBMISSION N)"
    return frame[last], [Note(text=text, names=tuple(f"row {row}" for row in rows))]


def _sorts(frame: pd.DataFrame, layout: LongLayout, ruleset: Ruleset, mapping: Path | None, file: str) -> _Sorts:
    of, found = _found(frame, layout)
    known = known_codes(ruleset)
    place = np.array([_place(sort, known, ruleset) for sort in found], np.int64)
    wanted = np.flatnonzero(place >= 0).tolist()
    if not wanted:
        refuse_foreign(file, ruleset, [(sort.code, service_year(sort.service)) for sort in found])
    meaning = np.full(len(found), OTHER, np.int64)
    if layout.sentences:
        field_names = read_field_names(mapping, ruleset.year) if mapping is not None else None
        fields = [Field(found[i].code, found[i].measure, found[i].row) for i in wanted]
        meaning[wanted] = field_figures(fields, field_names, file)
    else:
        meaning[wanted] = [figure(found[i].measure) for i in wanted]
    return _Sorts(of, found, place, meaning)


def _found(frame: pd.DataFrame, layout: LongLayout) -> tuple[Whole, tuple[_Sort, ...]]:
    columns = [frame[name].cat for name in (layout.service, "ind_code", layout.measure)]
    key = np.zeros(len(frame), np.int64)
    for column in columns:
        key = key * (len(column.categories) + 1) + column.codes.to_numpy()
    of, distinct = pd.factorize(key)
    first = np.empty(len(distinct), np.int64)
    # Written from the end, so that the first row of each sort is written last and stays.
    first[of[::-1]] = np.arange(len(of) - 1, -1, -1)
    texts = [column.categories.take(column.codes.to_numpy()[first]).tolist() for column in columns]
    return of, tuple(
        _Sort(service.strip(), without_apostrophe(code).upper(), measure, row)
        for service, code, measure, row in zip(*texts, frame.index[first].tolist(), strict=True)
    )


def _place(sort: _Sort, known: KnownCodes, ruleset: Ruleset) -> int:
    if (service_year(sort.service) or ruleset.year) != ruleset.year:
        return _OTHER_YEAR
    place = known.place(sort.code)
    if place is None and (code := measure_code(sort.measure)):
        place = known.place(code)
    return _NOT_HERE if place is None else place


def _left_out(sorts: _Sorts, file: str, ruleset: Ruleset) -> list[Note]:
    """Return notes on the rows that are not read, with their codes."""
    count = np.bincount(sorts.of, minlength=len(sorts.found))
    kinds: tuple[tuple[Mask, str, Callable[[_Sort], str]], ...] = (
        (sorts.place == _OTHER_YEAR, f"of another year than {ruleset.year}", lambda sort: sort.service),
        (sorts.place == _NOT_HERE, f"of {{}} that {ruleset.id} does not have", lambda sort: sort.code),
        (
            (sorts.place >= 0) & (sorts.meaning == OTHER),
            "neither of numerators nor of denominators",
            lambda sort: f"{sort.code} {sort.measure}",
        ),
    )
    notes = []
    for mask, words, name in kinds:
        if places := np.flatnonzero(mask).tolist():
            names = tuple(dict.fromkeys(name(sorts.found[i]) for i in places))
            what = words.format(number_of(len(names), "indicator"))
            notes.append(Note(text=f"{file}: {number_of(int(count[places].sum()), 'row')} {what}", names=names))
    return notes

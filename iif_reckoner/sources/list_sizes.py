"""How many patients each practice has registered, from NHS England's files or from a file of one's own."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from iif_reckoner.errors import InputError
from iif_reckoner.sources.cells import BLANK, Mask, codes, whole_numbers
from iif_reckoner.sources.csv_table import CsvTable, Kind, Layout, open_table, read_columns, recognise
from iif_reckoner.sources.practice_rows import apostrophe_notes, each_once, only_day, refuse_blank_practices
from iif_reckoner.sources.records import ListSizes, Note, number_of


@dataclass(frozen=True, slots=True)
class _Sizes(Layout):
    """A layout that may have rows for sexes, ages and larger organisations too: `totals` tells those wanted."""

    code: str
    size: str
    totals: tuple[tuple[str, str], ...] = ()


_LAYOUTS = (
    _Sizes(
        "gp-reg-pat-prac-quin-age",
        ("org_type", "org_code", "sex", "age_group_5", "number_of_patients"),
        code="org_code",
        size="number_of_patients",
        totals=(("org_type", "GP"), ("sex", "ALL"), ("age_group_5", "ALL")),
    ),
    _Sizes(
        "gp-reg-pat-prac-all",
        ("type", "code", "sex", "age", "number_of_patients"),
        code="code",
        size="number_of_patients",
        totals=(("type", "GP"), ("sex", "ALL"), ("age", "ALL")),
    ),
    _Sizes("practices", ("practice_code", "list_size"), code="practice_code", size="list_size"),
)


_TOTALS = b",ALL,ALL,"
"""What a line of totals contains in both of NHS England's layouts; one line in fifty of the larger file."""


def read_list_sizes(path: Path) -> ListSizes:
    """Return registered patients by practice: `gp-reg-pat-prac-quin-age`, `-all`, or a CSV of one's own practices.

    Practices whose list size is blank are left out and named in a note.

    Raises:
        FileProblemError: the file cannot be opened.
        InputError: it has another layout, no totals of practices, or a list size that cannot be right.
    """
    table = open_table(path)
    layout = recognise(table, _LAYOUTS, "list sizes")
    kinds: dict[str, Kind] = {layout.code: "few", layout.size: "number"}
    kinds.update((name, "few") for name, _ in layout.totals)
    if "extract_date" in table.header:
        kinds["extract_date"] = "few"
    frame = _totals(read_columns(table, kinds, only=_TOTALS if layout.totals else b""), layout, table)
    on = None
    if "extract_date" in frame:
        on = only_day(frame["extract_date"].astype("str"), table.name, table.title("extract_date"))
    found = codes(frame[layout.code])
    sizes = whole_numbers(frame[layout.size], table.name, table.title(layout.size))
    names = pd.Index(found.names, dtype="str").take(found.of)
    rows = pd.DataFrame({"practice_code": names, "list_size": sizes.values}, index=frame.index)
    rows = rows[(rows["practice_code"] != "") | (rows["list_size"] != BLANK)]
    refuse_blank_practices(rows, table.name, table.title(layout.code))
    notes = [*table.notes, *apostrophe_notes(frame.index, found.apostrophe | sizes.apostrophe, table.name)]
    if (blank := rows["list_size"] == BLANK).any():
        without = tuple(rows.loc[blank, "practice_code"])
        text = f"{table.name}: {number_of(len(without), 'practice')} without a list size left out"
        notes.append(Note(text=text, names=without))
        rows = rows[~blank]
    clash = "practice {code} has two list sizes, {first} and {second}; keep the right row"
    rows, repeats = each_once(rows, "list_size", table.name, clash)
    return ListSizes(path=path, rows=rows.reset_index(drop=True), on=on, notes=(*notes, *repeats))


def _totals(frame: pd.DataFrame, layout: _Sizes, table: CsvTable) -> pd.DataFrame:
    """Return the rows of practices for all ages and both sexes."""
    wanted = np.ones(len(frame), np.bool_)
    for name, word in layout.totals:
        wanted &= _equals(frame[name], word)
    if not wanted.any():
        what = ", ".join(f"{table.title(name)} {word}" for name, word in layout.totals)
        raise InputError(f"{table.name}: no row with {what}; give the file with the totals of practices")
    return frame if wanted.all() else frame[wanted]


def _equals(column: pd.Series, word: str) -> Mask:
    same = np.array([str(name).strip().upper() == word for name in column.cat.categories], np.bool_)
    return same[column.cat.codes.to_numpy()]

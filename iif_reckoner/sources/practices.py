"""The practices of one PCN, real or made up, from a CSV of one's own."""

from pathlib import Path

import numpy as np
import pandas as pd

from iif_reckoner.errors import InputError, shown
from iif_reckoner.exact import fraction
from iif_reckoner.sources.cells import BLANK, codes, plain_names, whole_numbers, without_apostrophe
from iif_reckoner.sources.csv_table import Kind, Layout, open_table, read_columns, recognise
from iif_reckoner.sources.practice_rows import apostrophe_notes, each_once, refuse_blank_practices
from iif_reckoner.sources.records import Note, Practices, number_of

_LAYOUT = Layout("practices", ("practice_code", "practice_name", "list_size"))


def read_practices(path: Path) -> Practices:
    """Return the practices of a CSV `practice_code, practice_name, list_size[, weighted_list, system, hours]`.

    Raises:
        FileProblemError: the file cannot be opened.
        InputError: a column is missing, a list size cannot be right, or a practice is there twice, differently.
    """
    table = open_table(path)
    recognise(table, (_LAYOUT,), "practices")
    kinds: dict[str, Kind] = dict.fromkeys(("practice_name", "list_size"), "text")
    kinds |= {name: "text" for name in ("weighted_list", "system", "hours") if name in table.header}
    frame = read_columns(table, {**kinds, "practice_code": "few"})
    found = codes(frame["practice_code"])
    sizes = whole_numbers(frame["list_size"], table.name, table.title("list_size"))
    none = pd.Series("", index=frame.index, dtype="str")
    weighted, system, hours = (frame.get(name, none) for name in ("weighted_list", "system", "hours"))
    rows = pd.DataFrame(
        {
            "practice_code": pd.Index(found.names, dtype="str").take(found.of),
            "practice_name": plain_names(frame["practice_name"], table.name, table.title("practice_name")),
            "list_size": pd.Series(sizes.values, index=frame.index).astype("Int64").mask(sizes.values == BLANK),
            "weighted_list": [
                _decimal(text, f"{table.name}: row {row}, weighted_list", "9120.5") for row, text in weighted.items()
            ],
            "system": plain_names(system, table.name, "system"),
            "hours": [_decimal(text, f"{table.name}: row {row}, hours", "12.5") for row, text in hours.items()],
        },
        index=frame.index,
    )
    rows = rows[(rows[["practice_code", "practice_name"]] != "").any(axis=1) | rows["list_size"].notna()]
    if rows.empty:
        raise InputError(f"{table.name}: has a header and no rows")
    refuse_blank_practices(rows, table.name, table.title("practice_code"))
    notes = [*table.notes, *apostrophe_notes(frame.index, found.apostrophe | sizes.apostrophe, table.name)]
    cells = rows[["practice_name", "list_size", "weighted_list", "system"]].astype(object)
    cells = cells.fillna({"list_size": "no list", "weighted_list": "no weighted list"})
    if "hours" in table.header:
        cells["hours"] = [f"{hours} hours" if pd.notna(hours) else "no hours" for hours in rows["hours"]]
    compared = [", ".join(part for part in map(str, row) if part) for row in cells.itertuples(index=False)]
    clash = "practice {code} is there twice, as {first} and {second}; keep the right row"
    kept, repeats = each_once(rows.assign(compared=compared), "compared", table.name, clash)
    rows = kept.drop(columns="compared").reset_index(drop=True)
    if (blank := rows["list_size"].isna()).any():
        names = tuple(rows.loc[blank, "practice_code"])
        text = f"{table.name}: {number_of(len(names), 'practice')} without a list size"
        repeats.append(Note(text=text, names=names))
    return Practices(path=path, rows=rows, notes=(*notes, *repeats))


def _decimal(text: str, where: str, example: str) -> float:
    """Return a weighted list or hours, which may have decimals; NaN where it is blank."""
    bare = without_apostrophe(text)
    if not bare:
        return np.nan
    try:
        if (value := fraction(bare)) >= 0:
            return float(value)
    except ValueError:
        pass
    raise InputError(f"{where}: {shown(text)} is not a number from 0 up; write it like {example}, or leave it empty")

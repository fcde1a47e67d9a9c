"""Which practice belongs to which PCN, from the two files in which NHS England says so."""

from pathlib import Path

import pandas as pd

from iif_reckoner.errors import InputError, shown
from iif_reckoner.sources.cells import day, is_pcn, plain_names, without_apostrophe
from iif_reckoner.sources.csv_table import Kind, Layout, fitting, open_table, read_columns
from iif_reckoner.sources.epcn import core_partners
from iif_reckoner.sources.files import is_workbook
from iif_reckoner.sources.practice_rows import each_once, only_day, refuse_blank_practices
from iif_reckoner.sources.records import Members, Note, number_of

_MAP = Layout("gp-reg-pat-prac-map", ("practice_code", "practice_name", "pcn_code", "pcn_name"))
_END = "practice_to_pcn_relationship_end_date"
_CORE_PARTNERS = Layout(
    "ePCN core partners", ("partner_organisation_code", "partner_name", "pcn_code", "pcn_name", _END)
)
_OPTIONAL = ("extract_date", "supplier_name")
_UNALLOCATED = ("U", "", "UNALLOCATED")


def read_members(path: Path) -> Members:
    """Return which practice belongs to which PCN: `gp-reg-pat-prac-map`, or the core partners of `ePCN.xlsx`.

    Practices without a PCN (`U`, Unallocated) are left out and named in a note. Those that have left a PCN are left
    out without one: every edition of ePCN lists thousands of them.

    Raises:
        FileProblemError: the file cannot be opened.
        InputError: it has another layout, a practice in two PCNs, or a code that is none.
    """
    if is_workbook(path):
        frame, titles = core_partners(path)
        layout = fitting(path.name, tuple(frame.columns), (_CORE_PARTNERS,), "core partners")
        notes: tuple[Note, ...] = ()
    else:
        table = open_table(path)
        layout = fitting(table.name, table.header, (_MAP, _CORE_PARTNERS), "memberships")
        kinds: dict[str, Kind] = dict.fromkeys(layout.required, "text")
        kinds.update((name, "text") for name in _OPTIONAL if name in table.header)
        frame, notes = read_columns(table, kinds), table.notes
        titles = {name: table.title(name) for name in frame.columns}
    if layout is _CORE_PARTNERS:
        frame = _current(frame, titles[_END], path.name)
    return _members(path, frame, titles, notes)


def _current(frame: pd.DataFrame, title: str, file: str) -> pd.DataFrame:
    """Return the partners whose membership has no end date, with the headings of the map."""
    for text in frame[_END].unique().tolist():
        if without_apostrophe(text) and day(text) is None:
            row = frame.index[frame[_END] == text][0]
            raise InputError(f"{file}: row {row}, {title}: {shown(text)} is not a date; write it like 20240331")
    frame = frame[frame[_END].str.strip() == ""]
    return frame.rename(columns={"partner_organisation_code": "practice_code", "partner_name": "practice_name"})


def _members(path: Path, frame: pd.DataFrame, titles: dict[str, str], notes: tuple[Note, ...]) -> Members:
    file, found = path.name, list(notes)
    frame = frame.assign(practice_code=_codes(frame["practice_code"]), pcn_code=_codes(frame["pcn_code"]))
    frame = frame[(frame["practice_code"] != "") | (frame["pcn_code"] != "")]
    title = titles.get("practice_code") or titles["partner_organisation_code"]
    refuse_blank_practices(frame, file, title)
    on = only_day(frame["extract_date"], file, titles["extract_date"]) if "extract_date" in frame else None
    alone = frame["pcn_code"].isin(_UNALLOCATED)
    names: tuple[str, ...] = ()
    if alone.any():
        names = tuple(frame.loc[alone, "practice_code"])
        text = f"{file}: {number_of(len(names), 'practice')} without a PCN (unallocated) left out"
        found.append(Note(text=text, names=names))
        frame = frame[~alone]
    for code in frame["pcn_code"].unique().tolist():
        if not is_pcn(code):
            row = frame.index[frame["pcn_code"] == code][0]
            raise InputError(
                f"{file}: row {row}, {titles['pcn_code']}: {shown(code)} is no PCN's code; write U and five digits"
            )
    clash = "practice {code} is in two PCNs, {first} and {second}; keep the row of the PCN that it is in"
    frame, repeats = each_once(frame, "pcn_code", file, clash)
    rows = pd.DataFrame(
        {
            "practice_code": frame["practice_code"],
            "practice_name": plain_names(frame["practice_name"], file, "practice_name"),
            "pcn_code": frame["pcn_code"],
            "pcn_name": plain_names(frame["pcn_name"], file, "pcn_name"),
            "system": plain_names(frame["supplier_name"], file, "supplier_name") if "supplier_name" in frame else "",
        }
    ).astype("str")
    return Members(path=path, rows=rows.reset_index(drop=True), on=on, unallocated=names, notes=(*found, *repeats))


def _codes(column: pd.Series) -> pd.Series:
    return column.map(lambda text: without_apostrophe(text).upper()).astype("str")

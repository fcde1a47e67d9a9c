"""Counts under other headings, as clinical systems write them: a small list says which heading is which of ours."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from iif_reckoner import rulesets
from iif_reckoner.errors import InputError, shown, unknown
from iif_reckoner.model import Ruleset
from iif_reckoner.sources.counts import counted
from iif_reckoner.sources.csv_table import as_table, heading, open_table, read_columns
from iif_reckoner.sources.records import CountsFile

_OURS = ("practice_code", "indicator", "month", "numerator", "denominator", "search", "count")
_WIDE, _BY_SEARCH = _OURS[:5], ("practice_code", "month", "search", "count")
_FIGURE = re.compile(r"(\S+) (numerator|denominator)", re.IGNORECASE)
_MONTHS = ("%Y-%m", "%Y-%m-%d", "%d/%m/%Y", "%b %Y", "%B %Y", "%b-%y")
_SAME_FOR_ALL = "="


@dataclass(frozen=True, kw_only=True, slots=True)
class Headings:
    """What a list of headings says.

    `columns` is a file's heading by our name for it, `fixed` what is the same for all rows; `indicators` our code by
    the words of the file, `figures` our code and figure by the name of a search.
    """

    path: Path
    columns: Mapping[str, str]
    fixed: Mapping[str, str]
    indicators: Mapping[str, str]
    figures: Mapping[str, tuple[str, str]]

    def read(self, path: Path, ruleset: Ruleset) -> CountsFile:
        """Return what a file counts whose headings this list explains. Raises as `counted`."""
        return _read(path, self, ruleset)


def open_headings(path: Path, lists: Iterable[Headings]) -> Headings | None:
    """Return the first list of which a file has all headings, None where none fits.

    Raises:
        FileProblemError, InputError: the file cannot be opened, or is not one CSV.
    """
    lists = list(lists)
    header = open_table(path).header if lists else ()
    return next((each for each in lists if all(name in header for name in each.columns.values())), None)


def read_headings(path: Path, ruleset: Ruleset) -> Headings:
    """Return a list of headings: a CSV `ours,theirs`.

    `ours` is `practice_code`, `indicator`, `month`, `numerator`, `denominator`, or for searches `search` and `count`;
    `theirs` is the heading in the file, or `=` and what is the same for all rows (`month,=2026-10`). Further lines
    give the words of the file for an indicator (`CAN-04,FIT before referral`) or a search (`CAN-04 numerator,...`).

    Raises:
        InputError: a line is none of these, or too little is said.
    """
    table = open_table(path)
    if table.header[:2] != ("ours", "theirs"):
        raise InputError(f"{path.name}: row {table.above}: a list of headings begins with the line ours,theirs")
    columns: dict[str, str] = {}
    fixed: dict[str, str] = {}
    indicators: dict[str, str] = {}
    figures: dict[str, tuple[str, str]] = {}
    frame = read_columns(table, {"ours": "text", "theirs": "text"})
    for row, ours, theirs in zip(frame.index, frame["ours"].str.strip(), frame["theirs"].str.strip(), strict=True):
        if not theirs:
            raise InputError(f"{path.name}: row {row}: {shown(ours)} has nothing beside it; write the file's heading")
        if heading(ours) in _OURS:
            into, value = (fixed, theirs[1:].strip()) if theirs[0] == _SAME_FOR_ALL else (columns, heading(theirs))
            into[heading(ours)] = value
        elif match := _FIGURE.fullmatch(ours):
            figures[theirs.casefold()] = _code(match[1], ruleset, path, row), match[2].casefold()
        else:
            indicators[theirs.casefold()] = _code(ours, ruleset, path, row)
    said = columns.keys() | fixed.keys()
    wanted = _BY_SEARCH if "search" in said else _WIDE
    if absent := [name for name in wanted if name not in said]:
        raise InputError(f"{path.name}: says nothing of {absent[0]}; add a line {absent[0]},HEADING")
    return Headings(path=path, columns=columns, fixed=fixed, indicators=indicators, figures=figures)


def _code(text: str, ruleset: Ruleset, path: Path, row: int) -> str:
    # A list serves the whole year, in which the rules may change.
    versions = [known for known in rulesets.ids() if rulesets.year_of(known) == ruleset.year and known != ruleset.id]
    for version in (ruleset, *(rulesets.load(known, assumed=False) for known in versions)):
        for code in version.codes:
            if code.casefold() == text.casefold():
                return code
    error = unknown("indicator", text, ruleset.codes, where=ruleset.id)
    raise InputError(f"{path.name}: row {row}: {error}")


def _read(path: Path, headings: Headings, ruleset: Ruleset) -> CountsFile:
    table = open_table(path)
    names = headings.columns
    frame = read_columns(table, dict.fromkeys(names.values(), "text"))
    rows = []
    for row in frame.index:
        cells = {ours: str(frame.at[row, theirs]).strip() for ours, theirs in names.items()} | dict(headings.fixed)
        cells["month"] = _month(cells["month"], path, row)
        rows.append(cells)
    ours = list(_by_search(rows, headings)) if "search" in names else [_wide(cells, headings) for cells in rows]
    plain = io.StringIO(newline="")
    writer = csv.DictWriter(plain, _WIDE)
    writer.writeheader()
    writer.writerows(ours)
    return counted(as_table(path, plain.getvalue().encode()), ruleset)


def _wide(cells: Mapping[str, str], headings: Headings) -> dict[str, str]:
    code = headings.indicators.get(cells["indicator"].casefold(), cells["indicator"])
    return {**{name: cells[name] for name in _WIDE}, "indicator": code}


def _by_search(rows: list[dict[str, str]], headings: Headings) -> Iterator[dict[str, str]]:
    """Yield a row per practice, indicator and month from rows of which each has the count of one search."""
    found: dict[tuple[str, str, str], dict[str, str]] = {}
    for cells in rows:
        known = headings.figures.get(cells["search"].casefold())
        if known is None:
            continue
        code, figure = known
        key = cells["practice_code"], code, cells["month"]
        row = found.setdefault(key, dict(zip(_WIDE, (*key, "", ""), strict=True)))
        if row[figure] not in ("", cells["count"]):
            raise InputError(
                f"{headings.path.name}: {' '.join(key)} has two searches for its {figure}; keep one of them"
            )
        row[figure] = cells["count"]
    yield from found.values()


def _month(text: str, path: Path, row: int) -> str:
    for form in _MONTHS:
        try:
            return f"{datetime.strptime(text, form):%Y-%m}"
        except ValueError:
            continue
    raise InputError(f"{path.name}: row {row}, month: {shown(text)} is not a month; write it as 2026-10 or 31/10/2026")

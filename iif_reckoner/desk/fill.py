"""An extract of a month put into Counts of a workbook that people work in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.changes import Change, Figure, Odd, held_against, oddities, to_type
from iif_reckoner.desk.reading import BASELINE, KINDS, CountsTable, Key, day_in_words
from iif_reckoner.errors import InputError
from iif_reckoner.figures.content import Typed
from iif_reckoner.package import Cell
from iif_reckoner.scheme_year import place_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Filling:
    """What an extract does to a workbook, before anything is written.

    `strangers` are practices of the files that the workbook does not have, `silent` its practices without a figure in
    the files but for those that had left before or join later, `unplaced` keys for which Counts has no row. `newest` is
    the newest month of the figures, empty where they are baselines alone.
    """

    changes: tuple[Change, ...]
    strangers: tuple[str, ...]
    silent: tuple[str, ...]
    unplaced: tuple[str, ...]
    newest: str
    odd: Odd

    @property
    def typed(self) -> dict[tuple[str, str], Typed]:
        """The figures that go in, by cell."""
        return to_type(self.changes)


def filling(book: Workbook, rows: pd.DataFrame, *, replace: bool) -> Filling:
    """Return what figures of files do to a workbook.

    `rows` are those of `CountsFile` with one column more, `file`. Without `replace` a typed figure that differs stays.

    Raises:
        InputError: the files hold figures of no month of the workbook's year.
    """
    counts = book.counts
    members = set(_codes(book)) | {book.pcn_code}
    strangers = sorted(set(rows["organisation_code"]) - members)
    own = rows[rows["organisation_code"].isin(members)]
    figures = list(_figures(book, own))
    placed = [figure for figure in figures if figure.key in counts.rows]
    unplaced = dict.fromkeys(" ".join(figure.key) for figure in figures if figure.key not in counts.rows)
    changes = held_against(counts, placed, replace=replace)
    return Filling(
        changes=tuple(changes),
        strangers=tuple(strangers),
        silent=tuple(sorted(_expected(book, own) - set(own["organisation_code"]))),
        unplaced=tuple(unplaced),
        newest=_newest(counts, {figure.heading for figure in placed}),
        odd=oddities(counts, changes, book.ruleset, in_month=book.in_month),
    )


def _newest(counts: CountsTable, headings: set[str]) -> str:
    months = (month for month in range(len(counts.months), 0, -1) if counts.heading(month, KINDS[0]) in headings
              or counts.heading(month, KINDS[1]) in headings)  # fmt: skip
    return next((counts.months[month - 1] for month in months), "")


def _codes(book: Workbook) -> list[str]:
    table = book.practices
    return [str(cell.value).strip().upper() for row in table.rows("Practice code")
            if (cell := table.cell(row, "Practice code"))]  # fmt: skip


def _expected(book: Workbook, rows: pd.DataFrame) -> set[str]:
    """Return the practices that belonged to the PCN in a month of the files, as far as From and To are days."""
    codes = set(_codes(book))
    if rows.empty:
        return codes
    table, first, last = book.practices, rows["month"].min(), rows["month"].max()
    for row in table.rows("Practice code"):
        joined, left = (_day(table.grid.cells.get((row, table.columns.get(name, 0)))) for name in ("From", "To"))
        # To is the day from which it belongs no longer.
        if (joined and joined[:7] > last) or (left and left <= f"{first}-01"):
            codes.discard(table.text(row, "Practice code").upper())
    return codes


def _day(cell: Cell | None) -> str:
    """Return a day as 2026-10-31, empty where the cell holds none."""
    on = None if cell is None else day_in_words(cell.value)
    return on.isoformat() if on else ""


def _figures(book: Workbook, rows: pd.DataFrame) -> Iterator[Figure]:
    for row in rows.to_dict("records"):
        month = place_of(book.ruleset.year, str(row["month"]))
        if not 1 <= month <= len(book.counts.months):
            raise InputError(
                f"{row['file']}: row {row['row']}: {row['month']} is no month of {book.ruleset.year}; "
                "give the files of that year"
            )
        key: Key = str(row["organisation_code"]), str(row["indicator"])
        named = [(book.counts.heading(month, kind), row[kind]) for kind in KINDS]
        named += [(heading, row[heading.casefold().replace(" ", "_")]) for heading in BASELINE]
        yield from _of(key, named, f"{row['file']}, row {row['row']}")


def _of(key: Key, named: Iterable[tuple[str, object]], source: str) -> Iterator[Figure]:
    for heading, value in named:
        if isinstance(value, int):
            yield Figure(key=key, heading=heading, value=value, source=source)

"""Made-up rows through every way of reckoning: `python -m tests.trust.differential --rows N` prints the differences.

The core, the table, our functions as Excel calls them through xlwings, and the workbook's formulas in three programs.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from rich.console import Console
from rich.progress import Progress

from iif_reckoner import table
from iif_reckoner.model import THRESHOLDS
from iif_reckoner.rules_table import to_rows
from iif_reckoner.udfs import ERROR_MARK
from iif_reckoner.vba.config import MODULE
from tests import workbook_engines
from tests.trust import sheet
from tests.trust.rows import FIELDS, WRONG, Chunk, Columns, Row, by_core, chunks, is_tie, same
from tests.vba_doubles import xlwings_server

CHUNK = 5_000
AT_ONCE = 8
"""Chunks that one start of LibreOffice is given."""

SHOWN = 20


class Engine(NamedTuple):
    """A way of reckoning: its name, and what it makes of some chunks."""

    name: str
    work: Callable[[Sequence[Chunk]], Iterable[Columns]]


class Tally(NamedTuple):
    """What came of comparing an engine with the core; `differences` are worded."""

    engine: str
    rows: int
    figures: int
    differences: list[str]


class Sums(NamedTuple):
    """All engines, and how many of the rows are exactly half a penny."""

    tallies: list[Tally]
    rows: int
    ties: int


_BY_TABLE = dict(
    zip(
        FIELDS,
        ("achievement", "points", "value_gbp", "value_available_gbp", "gap_to_lower", "gap_to_upper", "status"),
        strict=True,
    )
)


def by_table(chunk: Chunk) -> Columns:
    """What the table makes of the rows; of one that is impossible it says only that."""
    whole = dict.fromkeys((*table.COUNTS, "list_size"), "Int64")
    counts = pd.DataFrame([_record(row) for row in chunk.rows]).astype(whole)
    found = table.reckon_table(chunk.ruleset, counts)
    wrong = found["problem"].notna().tolist()
    columns: Columns = {}
    for field, name in _BY_TABLE.items():
        cells = ["" if blank else cell for cell, blank in zip(found[name].tolist(), found[name].isna(), strict=True)]
        refused = None if field == "available" else WRONG
        columns[field] = [refused if bad else cell for cell, bad in zip(cells, wrong, strict=True)]
    return columns


def _record(row: Row) -> dict[str, Any]:
    return {
        "indicator": row.indicator.code,
        **{name: getattr(row.counts, name) for name in table.COUNTS},
        "list_size": row.list_size,
    }


def by_functions(ask: Callable[..., Any], chunk: Chunk) -> Columns:
    """What our functions answer when Excel asks through xlwings for whole columns, with the Rules table."""

    def column(values: Iterable[Any]) -> tuple[tuple[Any], ...]:
        return tuple((float(value) if isinstance(value, int) else value,) for value in values)

    rules = tuple(map(tuple, to_rows(chunk.ruleset)))
    num, den, bn, bd = (column(getattr(row.counts, name) for row in chunk.rows) for name in table.COUNTS)
    codes, lists = column(row.indicator.code for row in chunk.rows), column(row.list_size for row in chunk.rows)
    calls = {
        "achievement": ("IIF_ACHIEVEMENT", rules),
        "points": ("IIF_POINTS", rules),
        "value": ("IIF_VALUE", lists, rules, xlwings_server.MISSING),
        "gap_lower": ("IIF_GAP", "lower", rules),
        "gap_upper": ("IIF_GAP", "upper", rules),
        "status": ("IIF_STATUS", rules),
    }
    columns: Columns = {"available": [None] * len(chunk.rows)}
    for field, (function, *others) in calls.items():
        answer = ask(xlwings_server.call_udf, MODULE, function, (codes, num, den, *others, bn, bd))
        columns[field] = [cell.removeprefix(ERROR_MARK) if isinstance(cell, str) else cell for (cell,) in answer]
    return columns


def by_formualizer(chunk: Chunk) -> Columns:
    """What formualizer makes of a formula in each cell."""
    spots = sheet.wanted(len(chunk.rows))
    return sheet.from_values(workbook_engines.worked_out(sheet.in_cells(chunk), spots), len(chunk.rows))


def by_ironcalc(chunk: Chunk) -> Columns:
    """What IronCalc makes of a formula in each cell."""
    spots = sheet.wanted(len(chunk.rows))
    return sheet.from_values(workbook_engines.by_ironcalc(sheet.in_cells(chunk), spots), len(chunk.rows))


def by_office(batch: Sequence[Chunk]) -> Iterable[Columns]:
    """What LibreOffice makes of array formulas over whole columns, in one start for all of them."""
    files = {f"{place}.xlsx": sheet.in_blocks(chunk) for place, chunk in enumerate(batch)}
    with tempfile.TemporaryDirectory() as folder:
        for chunk, book in zip(batch, workbook_engines.by_office(Path(folder), files).values(), strict=True):
            yield sheet.from_package(book, len(chunk.rows))


def engines(ask: Callable[..., Any]) -> list[Engine]:
    """Every way of reckoning that is held against the core."""

    def each(work: Callable[[Chunk], Columns]) -> Callable[[Sequence[Chunk]], Iterable[Columns]]:
        return lambda batch: map(work, batch)

    return [
        Engine("table", each(by_table)),
        Engine("functions through xlwings", each(lambda chunk: by_functions(ask, chunk))),
        Engine("formulas in formualizer", each(by_formualizer)),
        Engine("formulas in IronCalc", each(by_ironcalc)),
        Engine("formulas in LibreOffice", by_office),
    ]


def compare(
    rows: int, used: Sequence[Engine], *, seed: int = 0, size: int = CHUNK, done: Callable[[int], None] = lambda _: None
) -> Sums:
    """Hold some rows in each engine against the core; `done` is told how many rows are through after each batch."""
    differences: dict[str, list[str]] = {engine.name: [] for engine in used}
    figures = dict.fromkeys(differences, 0)
    ties = 0
    source = chunks(rows, size, seed)
    while batch := list(islice(source, AT_ONCE)):
        expected = [by_core(chunk) for chunk in batch]
        ties += sum(is_tie(chunk.ruleset, row) for chunk in batch for row in chunk.rows)
        for engine in used:
            for chunk, core, found in zip(batch, expected, engine.work(batch), strict=True):
                figures[engine.name] += sum(cell is not None for column in found.values() for cell in column)
                differences[engine.name] += differing(chunk, core, found)
        done(sum(len(chunk.rows) for chunk in batch))
    return Sums([Tally(name, rows, figures[name], found) for name, found in differences.items()], rows, ties)


def differing(chunk: Chunk, core: Columns, found: Columns) -> list[str]:
    """Word every difference between an engine and the core."""
    return [
        f"{field}: {theirs!r}, the core says {ours!r}: {_worded(row)}"
        for field in FIELDS
        for row, ours, theirs in zip(chunk.rows, core[field], found[field], strict=True)
        if None not in (ours, theirs) and not same(field, ours, theirs)
    ]


def _worded(row: Row) -> str:
    rule = row.indicator
    if rule is None:
        return "a row not in use"
    counts = [getattr(row.counts, name) for name in table.COUNTS]
    thresholds = [str(getattr(rule, name)) for name in THRESHOLDS]
    return f"{rule.scoring} {rule.better} {rule.unit.name} {rule.points} {thresholds} {counts} list {row.list_size}"


def run(rows: int, seed: int = 0) -> list[Sums]:
    """Compare every engine but our functions, then these with as many other rows; a bar each on stderr."""
    with xlwings_server.running() as ask, Progress(console=Console(stderr=True)) as progress:
        table, functions, *others = engines(ask)
        found = []
        for place, used in enumerate(([table, *others], [functions])):
            bar = progress.add_task(", ".join(engine.name for engine in used), total=rows)
            done = partial(progress.advance, bar)
            found.append(compare(rows, used, seed=seed + place, done=done))
        return found


def main() -> int:
    """Return 1 where anything differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.trust.differential", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    found = run(given.rows, given.seed)
    for sums in found:
        print(f"{sums.rows:,} rows, {sums.ties:,} of them at exactly half a penny")
        for tally in sums.tallies:
            print(f"{tally.engine:<28} {tally.figures:>12,} figures {len(tally.differences):>6,} differences")
            for words in tally.differences[:SHOWN]:
                print(f"    {words}")
    return int(any(tally.differences for sums in found for tally in sums.tallies))


if __name__ == "__main__":
    sys.exit(main())

"""What people do every month: fill, collect and share, with the fullest workbook there is."""

import gc
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context, set_start_method
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pandas as pd

from benchmarks.measure import Result, seconds
from benchmarks.pace import in_time
from benchmarks.workbook import full
from iif_reckoner import rulesets
from iif_reckoner.build import make
from iif_reckoner.cli import COLLECT_AFTER
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.changes import to_type
from iif_reckoner.desk.collect import collecting
from iif_reckoner.desk.copies import Copy, Home, copy_of, home_of
from iif_reckoner.desk.fill import filling
from iif_reckoner.desk.recalculate import recalculated
from iif_reckoner.desk.saved import last_saved
from iif_reckoner.desk.share import Asked, going
from iif_reckoner.desk.side_by_side import side_by_side
from iif_reckoner.figures.content import Content
from iif_reckoner.layout.sheets import INDICATORS, PRACTICES
from iif_reckoner.model import Ruleset
from iif_reckoner.package import Package
from iif_reckoner.scheme_year import MONTHS

T = TypeVar("T")
SAVED = datetime(2026, 1, 1, tzinfo=UTC)
FULL = f"{PRACTICES} practices, {INDICATORS} indicators, {MONTHS} months"


class Known(Workbook):
    """A workbook of the invented ruleset, which the program does not ship."""

    def __init__(self, package: Package, ruleset: Ruleset) -> None:
        super().__init__(package)
        self._known = ruleset

    @property
    def ruleset(self) -> Ruleset:  # type: ignore[override]
        """The ruleset that was given."""
        return self._known


def _rows(content: Content, month: int) -> pd.DataFrame:
    """Return the figures of the last month as a reader gives them."""
    first = int(content.ruleset.year[:4])
    name = f"{first + (month > 9)}-{(month + 2) % 12 + 1:02}"
    found = [
        {"organisation_code": who, "indicator": what, "month": name, "numerator": pair[0], "denominator": pair[1],
         "baseline_numerator": None, "baseline_denominator": None, "file": "march.csv", "row": 2}
        for (who, what, at), pair in content.counts.items() if at == month
    ]  # fmt: skip
    return pd.DataFrame(found)


def fill() -> Iterator[Result]:
    took, pairs = _alone(_fill)
    yield in_time(
        what=f"`fill`: one month of {pairs:,} pairs of figures into an `.xlsm` ({FULL}), read, worked out and packed",
        took=took,
        most=0.6,
    )


def _fill() -> tuple[float, int]:
    content = full()
    rows = _rows(content, MONTHS)
    before = replace(content, counts={key: pair for key, pair in content.counts.items() if key[2] < MONTHS})
    data = make(before)

    def filled() -> bytes:
        book = Known(Package.from_bytes(data, "book.xlsm"), content.ruleset)
        return recalculated(book.package, filling(book, rows, replace=False).typed).package.to_bytes()

    return seconds(filled, 5), len(rows)


def collect() -> Iterator[Result]:
    took, copies = _alone(_collect)
    yield in_time(
        what=f"`collect`: {copies} `.xlsm` of a practice each ({FULL}), read on all cores, worked out and packed",
        took=took,
        most=5,
    )


def _collect() -> tuple[float, int]:
    content = full()
    blank = make(replace(content, counts={}))
    with TemporaryDirectory() as folder:
        copies = []
        for practice in content.practices:
            own = {key: pair for key, pair in content.counts.items() if key[0] == practice.code}
            copies.append(Path(folder, f"{practice.code}.xlsm"))
            copies[-1].write_bytes(make(replace(content, counts=own)))

        def collected() -> bytes:
            book = Known(Package.from_bytes(blank, "book.xlsm"), content.ruleset)
            with side_by_side(partial(_read, home=home_of(book), ruleset=content.ruleset), copies) as each:
                found = collecting(book, SAVED, list(each))
            return recalculated(book.package, to_type(found.changes)).package.to_bytes()

        return seconds(collected, 3), len(copies)


def _read(path: Path, home: Home, ruleset: Ruleset) -> Copy:
    book = Known(Package.open(path), ruleset)
    return copy_of(book, last_saved(book.package, path), home)


def share() -> Iterator[Result]:
    first, took = _alone(_share)
    yield in_time(
        what=f"`share`: a copy of the made-up PCN's workbook, once its ruleset was seen (the first took {first:.1f} s)",
        took=took,
        most=0.8,
    )


def _share() -> tuple[float, float]:
    path = Path(__file__).resolve().parents[1] / "examples" / "Ashwater-and-Fernhill-2022-23-to-December.xlsm"
    asked = Asked(practice=None, values=False, names=False, suppress=False)

    def shared() -> bytes:
        return make(going(Workbook.open(path).content(), asked, path.name))

    rulesets.load("2022-23.v2")
    return seconds(shared, 1), seconds(shared, 5)


def _alone(work: Callable[[], T]) -> T:
    """Return what some work returns in a process of its own, set up like a command and cold like one."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_like_a_command) as pool:
        return pool.submit(work).result()


def _like_a_command() -> None:
    gc.set_threshold(COLLECT_AFTER)
    # What was started cold would start further processes cold too, with all that the benchmarks import.
    set_start_method(None, force=True)


BENCHMARKS = (fill, collect, share)

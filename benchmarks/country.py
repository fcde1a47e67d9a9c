"""The workbooks of all of England's PCNs, made from the published files."""

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pandas as pd

from benchmarks.ground_floor import FILES
from benchmarks.measure import Result
from benchmarks.pace import in_time
from iif_reckoner import rulesets
from iif_reckoner.build import make
from iif_reckoner.build.workbook import room_for
from iif_reckoner.figures.content import Content
from iif_reckoner.figures.gather import counts_of, practices_of
from iif_reckoner.sources import read_counts, read_list_sizes, read_members

YEAR = "2023/24"
PROTOTYPE = 210
"""Seconds that the prototype took for the workbooks of all PCNs."""
PROCESSES = 2


def every_pcn() -> Iterator[Result]:
    start = time.perf_counter()
    # Nothing that is ready here is to be ready there.
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        took = list(pool.map(_made, range(PROCESSES)))
    whole = time.perf_counter() - start
    later = [seconds for one in took for seconds, seen in one if seen]
    number = sum(map(len, took))
    yield in_time(
        what=f"a fresh .xlsm of a seen ruleset, {YEAR} with the year's figures, as published; mean of {len(later):,} "
        f"of {number:,} PCNs, {PROCESSES} processes side by side, without the first of each room for practices",
        took=sum(later) / len(later),
        most=0.15,
        detail=f" (median {sorted(later)[len(later) // 2]:.3f} s, slowest {max(later):.3f} s)",
    )
    yield in_time(
        what=f"all {number:,} PCNs in {PROCESSES} processes, from the published files to the .xlsm of each in memory; "
        f"the prototype took {PROTOTYPE} s",
        took=whole,
        most=120,
    )


def _made(share: int) -> list[tuple[float, bool]]:
    """Make this share of the workbooks; return the seconds that each took, and whether its room was there before."""
    took: list[tuple[float, bool]] = []
    rooms: set[int] = set()
    for content in _contents()[share::PROCESSES]:
        room = room_for(len(content.practices))
        start = time.perf_counter()
        make(content)
        took.append((time.perf_counter() - start, room in rooms))
        rooms.add(room)
    return took


def _contents() -> list[Content]:
    """Return what is in the workbook of each PCN."""
    counts, members, lists = (Path(file) for file in FILES)
    ruleset = rulesets.load(YEAR)
    pcns = read_members(members).rows.merge(read_list_sizes(lists).rows, on="practice_code", how="left")
    figures = dict(iter(read_counts(counts, ruleset).rows.groupby("organisation_code")))
    found = []
    for code, rows in pcns.groupby("pcn_code"):
        own = [figures[who] for who in (*rows["practice_code"], code) if who in figures]
        known, _ = counts_of(YEAR, pd.concat(own)) if own else ({}, {})
        name = str(rows["pcn_name"].iloc[0])
        practices = practices_of(rows)
        found.append(
            Content(
                ruleset=ruleset, assumed=ruleset, pcn_code=str(code), pcn_name=name, practices=practices, counts=known
            )
        )
    return found


BENCHMARKS = (every_pcn,)

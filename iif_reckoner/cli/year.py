"""A whole year with a workbook, played with the made-up PCN by the commands that people type."""

import csv
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd
import typer

from iif_reckoner import fictitious, rulesets
from iif_reckoner.errors import InputError
from iif_reckoner.package import set_cells
from iif_reckoner.scheme_year import MONTHS, place_of

YEAR, NEXT = "2021/22", "2022/23"
VERSIONS = {1: "2021-22.v1", 7: "2021-22.v2", 9: "2021-22.v3"}
"""From which month which version of the rules is in force: the year had three."""

BY_HAND = 10
"""The month in which two practices fill copies of their own and send them back."""

BOOK = "Ashwater-and-Fernhill-2021-22.xlsm"
_EMIS, _SYSTMONE = "emis.csv", "systmone.csv"
_EMIS_HEADINGS = ("CDB", "Search", "Count", "Month")
_SYSTMONE_HEADINGS = ("Organisation ID", "Measure", "Month", "Patients", "Out of")


def play(folder: Path) -> Path:
    """Play the year into a folder and return the workbook as it stands at its end.

    Raises:
        InputError: the folder holds something already.
    """
    if folder.exists() and any(folder.iterdir()):
        raise InputError(f"{folder}: holds files already; give a new folder, or empty this one first")
    folder.mkdir(parents=True, exist_ok=True)
    book = folder / BOOK
    pcn = fictitious.pcn()
    pcn.practices.to_csv(folder / "practices.csv", index=False)
    lists = _lists_of_headings(folder)
    _run("new", "--ruleset", VERSIONS[1], "--pcn", pcn.code, "--name", pcn.name,
         "--practices", folder / "practices.csv", "--output", book)  # fmt: skip
    rows = counts()
    systems = dict(zip(pcn.practices["practice_code"], pcn.practices["system"], strict=True))
    for month in range(1, MONTHS + 1):
        if month > 1 and month in VERSIONS:
            _run("update", book, "--ruleset", VERSIONS[month])
        by_hand = list(systems)[:2] if month == BY_HAND else []
        of_month = counted(rows, month)
        files = extracts(of_month[~of_month["organisation_code"].isin(by_hand)], systems, folder / f"{month:02}")
        _run("fill", book, *_each("--counts", files), *_each("--headings", lists if month == 1 else ()))
        if by_hand:
            _run("collect", book, *_sent_back(book, of_month, by_hand, folder / f"{month:02}"))
        _run("share", book, "--output", folder / f"{month:02}" / "shared.xlsx")
    _run("rollover", book, "--ruleset", NEXT, "--output", folder / "Ashwater-and-Fernhill-2022-23.xlsm")
    return book


def counts() -> pd.DataFrame:
    """Return a year of the made-up PCN's counts, `place` being the month's place in the year.

    They are of the version with most indicators, so that a figure never changes with the rules.
    """
    found = fictitious.counts(rulesets.load(VERSIONS[7]))
    return found.assign(place=[place_of(YEAR, month) for month in found["month"]])


def version(month: int) -> str:
    """Return the rules that are in force in a month."""
    return VERSIONS[max(first for first in VERSIONS if first <= month)]


def counted(rows: pd.DataFrame, month: int) -> pd.DataFrame:
    """Return the counts of a month that the rules in force count."""
    return rows[(rows["place"] == month) & rows["indicator"].isin(rulesets.load(version(month)).codes)]


def extracts(rows: pd.DataFrame, systems: Mapping[str, str], folder: Path) -> list[Path]:
    """Write a month's counts as two clinical systems would, and what is put together for the PCN as our own CSV."""
    folder.mkdir(parents=True, exist_ok=True)
    emis, systmone, own = folder / _EMIS, folder / _SYSTMONE, folder / "pcn.csv"
    # A change on a baseline is worked out for the whole PCN, so it comes from no practice's system.
    kinds = rows["organisation_code"].map(systems).where(rows["baseline_numerator"].isna())
    by_search = [
        (row["organisation_code"], f"{row['indicator']} {kind}", row[kind], row["month"])
        for row in rows[kinds == "EMIS"].to_dict("records")
        for kind in ("numerator", "denominator")
    ]
    _write(emis, _EMIS_HEADINGS, by_search)
    names = ["organisation_code", "indicator", "month", "numerator", "denominator"]
    _write(systmone, _SYSTMONE_HEADINGS, rows.loc[kinds == "TPP", names].itertuples(index=False))
    whole = rows[kinds.isna()]
    names += ["baseline_numerator", "baseline_denominator"]
    _write(own, ("practice_code", *names[1:]), whole[names].itertuples(index=False))
    return [path for path, some in ((emis, by_search), (systmone, kinds.eq("TPP").any()), (own, len(whole))) if some]


def _lists_of_headings(folder: Path) -> list[Path]:
    """Write the two lists that say which heading of a system is which of ours."""
    codes = sorted({code for version in VERSIONS.values() for code in rulesets.load(version).codes})
    searches = [(f"{code} {kind}", f"{code} {kind}") for code in codes for kind in ("numerator", "denominator")]
    emis, systmone = folder / "emis headings.csv", folder / "systmone headings.csv"
    by_search = zip(("practice_code", "search", "count", "month"), _EMIS_HEADINGS, strict=True)
    _write(emis, ("ours", "theirs"), [*by_search, *searches])
    by_indicator = ("practice_code", "indicator", "month", "numerator", "denominator")
    _write(systmone, ("ours", "theirs"), zip(by_indicator, _SYSTMONE_HEADINGS, strict=True))
    return [emis, systmone]


def _sent_back(book: Path, rows: pd.DataFrame, codes: Iterable[str], folder: Path) -> list[Path]:
    """Return the copies of practices, which have typed their figures and sent them back."""
    from iif_reckoner.desk.book import Workbook  # noqa: PLC0415
    from iif_reckoner.desk.reading import KINDS  # noqa: PLC0415

    copies = []
    for code in codes:
        copy = folder / f"{code}.xlsx"
        _run("share", book, "--practice", code, "--output", copy)
        opened = Workbook.open(copy)
        typed = {}
        for row in rows[rows["organisation_code"] == code].to_dict("records"):
            key = code, str(row["indicator"])
            if key in opened.counts.rows:
                for kind in KINDS:
                    heading = opened.counts.heading(int(row["place"]), kind)
                    typed[opened.counts.table.address(opened.counts.rows[key], heading)] = int(row[kind])
        copy.write_bytes(set_cells(opened.package, typed).to_bytes())
        copies.append(copy)
    return copies


def _write(path: Path, head: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(["" if cell is pd.NA or cell is None else cell for cell in row] for row in rows)


def _each(option: str, paths: Iterable[Path]) -> list[str | Path]:
    return [part for path in paths for part in (option, path)]


def _run(*arguments: str | Path) -> None:
    """Show a command as people type it, and do it."""
    from iif_reckoner.cli import app  # noqa: PLC0415 (the commands are put together there, this one among them)

    words = [str(argument) for argument in arguments]
    typer.echo(f"\n$ iif-reckoner {shlex.join(words)}")
    app(words, standalone_mode=False)

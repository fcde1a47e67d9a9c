"""The files a command is given, read and brought together; what the readers noticed goes to stderr."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
from rich.console import Console

from iif_reckoner import model, table
from iif_reckoner.cli import output
from iif_reckoner.errors import InputError
from iif_reckoner.sources import ListSizes, Note, read_counts, read_list_sizes, read_members

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Notes:
    """Prints remarks as they come, with the names behind each count when they were asked for."""

    named: bool

    def say(self, text: str, names: tuple[str, ...] = ()) -> None:
        """Print one remark."""
        output.note(text, names, named=self.named)

    def say_all(self, notes: tuple[Note, ...]) -> None:
        """Print what a reader noticed."""
        for item in notes:
            self.say(item.text, item.names)

    def count(self, names: tuple[str, ...], what: str, of: int | None = None) -> None:
        """Print how many practices something is true of, if any; `what` begins with its verb, or says `has|have`."""
        if names:
            total = "" if of is None else f" of {of:,}"
            one, _, many = what.partition("|") if "|" in what else (what, "", what)
            noun = "practice" if len(names) == 1 and of is None else "practices"
            self.say(f"{len(names):,}{total} {noun} {one if len(names) == 1 else many}", names)


def working(text: str):  # type: ignore[no-untyped-def]  # noqa: ANN201 (rich's own context manager)
    """Show on a terminal that something is being done."""
    return Console(stderr=True).status(text)


def counts_of_month(
    ruleset: model.Ruleset, paths: list[Path], month: str | None, mapping: Path | None, notes: Notes
) -> pd.DataFrame:
    """Return the figures of one month from several files; without a month, of the newest in them."""
    if month is not None and not _MONTH.fullmatch(month):
        raise InputError(f"--month: '{month}' is not a month; write it as 2024-03")
    files = []
    for path in paths:
        with working(f"Reading {path.name}"):
            files.append(read_counts(path, ruleset, mapping=mapping))
        notes.say_all(files[-1].notes)
    rows = pd.concat([file.rows.assign(file=file.path.name) for file in files], ignore_index=True)
    newest = str(rows["month"].max())
    chosen = month or newest
    found = rows[rows["month"] == chosen]
    if found.empty:
        months = ", ".join(sorted(rows["month"].unique()))
        raise InputError(f"--month: no figures of {chosen} in the files; they have {months}")
    if month is None:
        notes.say(f"month {chosen}, the newest in the files")
    return _each_once(found, notes)


def _each_once(rows: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """Refuse two files that give different figures for one practice and indicator; drop equal ones."""
    key = ["organisation_code", "indicator", "month"]
    twice = rows.duplicated(key, keep=False)
    if not twice.any():
        return rows
    figures = rows.loc[twice].drop_duplicates([*key, *table.COUNTS])
    different = figures[figures.duplicated(key, keep=False)]
    if len(different):
        one, other = different.sort_values(key, kind="stable").head(2).astype(str).to_dict("records")
        figure = "{file}, row {row}: {organisation_code} {indicator} of {month} is {numerator} of {denominator}"
        raise InputError(
            f"{figure.format_map(other)}, but {one['file']}, row {one['row']} has {one['numerator']} of "
            f"{one['denominator']}; keep one of the two"
        )
    kept = rows.drop_duplicates(key)
    notes.say(f"{len(rows) - len(kept):,} figures stand in two files alike; counted once")
    return kept


@dataclass(frozen=True, kw_only=True, slots=True)
class Membership:
    """Practices with their PCN, those without one, and registered patients where list sizes were given."""

    rows: pd.DataFrame
    unallocated: tuple[str, ...] = ()
    lists: "pd.Series[int] | None" = None
    list_date: str = ""

    def only(self, pcn: str) -> "Membership":
        """Return the membership of one PCN."""
        return replace(self, rows=self.rows[self.rows["pcn_code"] == pcn], unallocated=())


def practice_lists(path: Path | None, notes: Notes) -> ListSizes | None:
    """Return the registered patients of each practice, if there is a file of them."""
    if path is None:
        return None
    with working(f"Reading {path.name}"):
        sizes = read_list_sizes(path)
    notes.say_all(sizes.notes)
    notes.say("list sizes" + (f" of {day(sizes)}" if sizes.on else "") + f" from {path.name}")
    return sizes


def day(sizes: ListSizes) -> str:
    """Return the day of list sizes in words, empty where the file does not say it."""
    return f"{sizes.on.day} {sizes.on:%B %Y}" if sizes.on else ""


def membership(path: Path, sizes: ListSizes | None, notes: Notes) -> Membership:
    """Return who belongs where and how large each PCN is."""
    with working(f"Reading {path.name}"):
        file = read_members(path)
    notes.say_all(file.notes)
    if sizes is None:
        return Membership(rows=file.rows, unallocated=file.unallocated)
    lists, missing = table.pcn_lists(file.rows, sizes.rows)
    notes.count(
        missing, f"of a PCN has no list size in {sizes.path.name}|of a PCN have no list size in {sizes.path.name}"
    )
    return Membership(rows=file.rows, unallocated=file.unallocated, lists=lists, list_date=day(sizes))


def say_unmatched(summed: table.PcnCounts, rows: pd.DataFrame, known: Membership, notes: Notes) -> None:
    """Say which practices are in one file and not in the other."""
    alone = set(known.unallocated)
    counted = rows.loc[rows["level"] == "practice", "organisation_code"].nunique()
    listed = len(known.rows) + len(alone)
    not_listed = tuple(code for code in summed.not_in_a_pcn if code not in alone)
    notes.count(
        not_listed,
        "counted is not in the membership file; left out|counted are not in the membership file; left out",
        counted,
    )
    notes.count(
        tuple(code for code in summed.not_in_a_pcn if code in alone), "counted in no PCN (unallocated); left out"
    )
    codes = set(rows["organisation_code"])
    silent = (*summed.not_counted, *(code for code in known.unallocated if code not in codes))
    notes.count(tuple(sorted(silent)), "of the membership file without counts", listed)
    notes.count(summed.half_blank, "with half of a figure blank; that indicator is left out of the PCN's sum")

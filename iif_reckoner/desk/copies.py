"""Copies that practices have filled and sent back, each read by itself against the workbook that was sent out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.changes import Figure
from iif_reckoner.desk.remarks import own_sheets, remarks
from iif_reckoner.desk.saved import last_saved
from iif_reckoner.errors import InputError
from iif_reckoner.figures.content import Typed


@dataclass(frozen=True, kw_only=True, slots=True)
class Home:
    """What copies are held against: the workbook that was sent out, with the registered list of each practice."""

    name: str
    year: str
    pcn_code: str
    in_month: bool
    lists: Mapping[str, Typed]


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """What a copy says: when it was last saved, its figures, and a line for each other thing that is in it."""

    saved: datetime
    figures: tuple[Figure, ...]
    beside: tuple[str, ...]


def home_of(book: Workbook) -> Home:
    """Return what copies of a workbook are held against.

    Raises:
        InputError: a sheet or a column that says so is gone.
    """
    return Home(
        name=book.name,
        year=book.ruleset.year,
        pcn_code=book.pcn_code,
        in_month=book.in_month,
        lists={code: size for code, (_, size) in _lists(book).items()},
    )


def read_copy(path: Path, home: Home) -> Copy:
    """Return what the copy in a file says.

    Raises:
        FileProblemError: the file is missing, damaged or locked.
        InputError: it is a copy of something else, or holds what is no count; the text names its cell.
    """
    book = Workbook.open(path)
    return copy_of(book, last_saved(book.package, path), home)


def copy_of(book: Workbook, saved: datetime, home: Home) -> Copy:
    """Return what a copy that was saved at a time says.

    Raises:
        InputError: it is a copy of something else, or holds what is no count; the text names its cell.
    """
    _refuse_foreign(book, home)
    return Copy(saved=saved, figures=tuple(_figures(book)), beside=tuple(_beside_figures(book, home)))


def _refuse_foreign(copy: Workbook, home: Home) -> None:
    if copy.ruleset.year != home.year:
        raise InputError(f"{copy.name}: is of {copy.ruleset.year}, {home.name} of {home.year}; leave it out")
    if copy.pcn_code != home.pcn_code:
        raise InputError(
            f"{copy.name}: is of PCN {copy.pcn_code or 'without a code'}, {home.name} of {home.pcn_code or 'none'}; "
            "leave it out, or correct the PCN code on its sheet Start"
        )
    if copy.in_month != home.in_month:
        raise InputError(
            f"{copy.name}: counts {'each month alone' if copy.in_month else 'from the start of the year'}, and "
            f"{home.name} does not; set the switch Counting on Start alike"
        )


def _figures(copy: Workbook) -> Iterator[Figure]:
    counts = copy.counts
    for key, heading, cell in counts.filled:
        value = counts.whole(cell, heading)
        if value is not None:
            yield Figure(key=key, heading=heading, value=value, source=counts.table.where(cell.row, heading))


def _beside_figures(copy: Workbook, home: Home) -> Iterator[str]:
    """Yield what a copy holds beside figures: nothing of it is dropped without a word."""
    yield from (f"{copy.name}: a sheet of its own, {title}" for title in own_sheets(copy.package))
    yield from (f"{copy.name}: {sheet} {cell}, a remark: {text}" for sheet, cell, text in remarks(copy.package))
    for code, (where, size) in _lists(copy).items():
        if code not in home.lists:
            yield f"{where}: practice {code}, which {home.name} does not have"
        elif size is not None and size != home.lists[code]:
            yield f"{where}: registered list {size}, {home.lists[code] or 'nothing'} in {home.name}"


def _lists(book: Workbook) -> dict[str, tuple[str, Typed]]:
    table = book.practices
    found = {}
    for row in table.rows("Practice code"):
        size = table.cell(row, "Registered list")
        code = table.text(row, "Practice code").upper()
        found[code] = (table.where(row, "Registered list"), None if size is None else size.value)
    return found

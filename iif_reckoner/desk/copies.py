"""Copies that practices have filled and sent back, each read by itself against the workbook that was sent out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from iif_reckoner.desk import reading
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.changes import Figure
from iif_reckoner.desk.reading import CountsTable
from iif_reckoner.desk.remarks import own_sheets, remarks
from iif_reckoner.desk.saved import last_saved
from iif_reckoner.desk.tables import Table, grid, table, upper_grid
from iif_reckoner.errors import InputError, shown
from iif_reckoner.figures.content import Typed
from iif_reckoner.figures.paste import COLUMNS as PASTED
from iif_reckoner.figures.practices import HOURS
from iif_reckoner.package import Cell
from iif_reckoner.scheme_year import in_words

_DAYS = ("From", "To", "On", "Due")
_OF_PRACTICE = ("Practice", "Clinical system", "Registered list", "Weighted list", "Practice lead", "From", "To", HOURS)
_OF_PLAN = ("Your tier", "Minutes per patient", "Decided by", "On", "Board lead", "Practice lead", "Helper")
_OF_ACTION = ("What", "Indicator", "Practice", "Owner", "Due", "State")

_KEYS_OF_COUNTS = ("Practice code", "Practice", "Indicator", "Counts")

TypedFor = tuple[str, str, str]
"""What something is typed for: practices, plan or rules; the practice or indicator; the heading."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Home:
    """What copies are held against: the workbook that was sent out, with what is typed and pasted in it."""

    name: str
    year: str
    pcn_code: str
    in_month: bool
    practices: frozenset[str]
    typed: Mapping[TypedFor, Typed]
    actions: frozenset[tuple[Typed, ...]]
    pasted: tuple[Typed, ...]


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
    typed = {key: value for key, _, value in _typed(book)}
    return Home(
        name=book.name,
        year=book.ruleset.year,
        pcn_code=book.pcn_code,
        in_month=book.in_month,
        practices=frozenset(code for code, _ in _practices(book)),
        typed=typed,
        actions=frozenset(action for _, action in _actions(book)),
        pasted=_pasted(book),
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
    """Yield what a copy holds beside the figures of Counts and `collect` leaves where it is.

    That is sheets of its own, remarks, notes on Counts, rows on Paste, and what differs on Practices, Plan and Actions
    and over the rules. What is typed on Split, Cash and Compare is not looked at: a practice has no reason to.
    """
    yield from (f"{copy.name}: a sheet of its own, {title}" for title in own_sheets(copy.package))
    yield from (f"{copy.name}: {sheet} {cell}, a remark: {text}" for sheet, cell, text in remarks(copy.package))
    yield from _notes_on_counts(copy)
    if (pasted := _pasted(copy)) and pasted != home.pasted:
        yield f"{copy.name}: rows on Paste; figures go in from Counts alone"
    for sheet, headings in _TABLES.items():
        try:
            table(grid(copy.package, sheet), *headings)
        except InputError as error:
            yield str(error)
    for code, where in _practices(copy):
        if code not in home.practices:
            yield f"{where}: practice {code}, which {home.name} does not have"
    for key, where, value in _typed(copy):
        kind, of, heading = key
        there = home.typed.get(key)
        if value != there and (kind != "practices" or of in home.practices):
            what = heading.casefold() if kind == "practices" else f"{of} {heading.replace('_', ' ')}"
            yield f"{where}: {what} {_said(heading, value)}, {_said(heading, there)} in {home.name}"
    for where, action in _actions(copy):
        if action not in home.actions:
            said = (_said(heading, value) for heading, value in zip(_OF_ACTION, action, strict=True) if value)
            yield f"{where}: an action that {home.name} does not have so: {', '.join(said)}"


def _notes_on_counts(copy: Workbook) -> Iterator[str]:
    """Yield what on Counts cannot go in.

    It stands beside the table, in a row of no practice and indicator, or is a formula that was saved without its value.
    """
    found = copy.counts.table
    known = (*_KEYS_OF_COUNTS, *CountsTable.headings(copy.counts.months))
    headed = {found.columns[heading] for heading in known if heading in found.columns}
    keyed = {found.head, *copy.counts.rows.values()}
    for (row, column), cell in found.grid.cells.items():
        if row < found.head:
            continue
        if cell.is_formula and cell.value is None:
            yield f"{found.grid.where(row, column)}: a formula without a value; open the file in Excel and save it"
        elif _value(cell) is None:
            continue
        elif column not in headed:
            yield f"{found.grid.where(row, column)}: {shown(cell.value)} beside the table"
        elif row not in keyed:
            yield f"{found.grid.where(row, column)}: {shown(cell.value)} in a row without practice and indicator"


def _practices(book: Workbook) -> Iterator[tuple[str, str]]:
    """Yield the code of each practice and where its list stands."""
    found = book.practices
    for row in found.rows("Practice code"):
        yield found.text(row, "Practice code").upper(), found.where(row, "Registered list")


def _typed(book: Workbook) -> Iterator[tuple[TypedFor, str, Typed]]:
    """Yield what people typed about practices, into Plan and over the rules, and where."""
    found = book.practices
    for row in found.rows("Practice code"):
        yield from _of_row(found, row, "practices", found.text(row, "Practice code").upper(), _OF_PRACTICE)
    codes = book.codes
    if (plan := _table(book, "plan")) is not None:
        for row in plan.all_rows:
            if code := reading.indicator_in(plan, row, codes):
                yield from _of_row(plan, row, "plan", code, _OF_PLAN)
    fields = tuple(name for name in book.rules.columns if name.endswith("_override"))
    for row in book.rules.rows("code"):
        yield from _of_row(book.rules, row, "rules", book.rules.text(row, "code"), fields)


def _of_row(
    found: Table, row: int, kind: str, of: str, headings: tuple[str, ...]
) -> Iterator[tuple[TypedFor, str, Typed]]:
    for heading in headings:
        cell = found.grid.cells.get((row, found.columns.get(heading, 0)))
        if (value := _value(cell)) is not None:
            yield (kind, of, heading), found.where(row, heading), value


def _actions(book: Workbook) -> Iterator[tuple[str, tuple[Typed, ...]]]:
    """Yield the rows of the log, and where."""
    if (found := _table(book, "actions")) is not None:
        for row in found.all_rows:
            action = tuple(_value(found.grid.cells.get((row, found.columns.get(name, 0)))) for name in _OF_ACTION)
            if any(action):
                yield found.where(row, "What"), action


_TABLES = {"plan": ("Indicator", "Your tier", "Board lead"), "actions": ("What", "Indicator", "Due", "State")}
"""Tables by the keys of their sheets, which somebody may have deleted, with headings of theirs."""


def _table(book: Workbook, key: str) -> Table | None:
    try:
        return table(grid(book.package, key), *_TABLES[key])
    except InputError:
        return None


def _pasted(book: Workbook) -> tuple[Typed, ...]:
    """Return what stands in the first rows of Paste, nothing where that sheet was deleted."""
    try:
        found = table(upper_grid(book.package, "paste"), *PASTED)
    except InputError:
        return ()
    columns = {found.columns[heading] for heading in PASTED}
    below = (cell for (row, column), cell in found.grid.cells.items() if row > found.head and column in columns)
    return tuple(value for cell in below if (value := _value(cell)) is not None)


def _value(cell: Cell | None) -> Typed:
    if cell is None or cell.value is None:
        return None
    return " ".join(cell.value.split()) or None if isinstance(cell.value, str) else cell.value


def _said(heading: str, value: Typed) -> str:
    if value is None:
        return "nothing"
    on = reading.day_in_words(value) if heading in _DAYS else None
    return in_words(on) if on else str(value)

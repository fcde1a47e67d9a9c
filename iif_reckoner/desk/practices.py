"""A practice that joins a workbook's PCN or leaves it, as what is typed into which cells."""

from datetime import date

from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.tables import Place, Table, table
from iif_reckoner.errors import InputError, shown, unknown
from iif_reckoner.figures.content import Practice, Typed, serial
from iif_reckoner.layout.sheets import COUNT_ROWS, PRACTICES
from iif_reckoner.sources.cells import is_code, is_pcn

Cells = dict[Place, Typed]


def joining(book: Workbook, practice: Practice) -> Cells:
    """Return the cells by which a practice joins: its row of Practices, and its keys of Counts.

    Raises:
        InputError: the practice is there already, has no code, or there is no room for it.
    """
    what = ""
    if practice.code and practice.code == book.pcn_code:
        what = "is the code of the PCN itself"
    elif is_pcn(practice.code):
        what = "is the code of a PCN"
    elif not is_code(practice.code):
        what = "is no code"
    if what:
        raise InputError(f"--add: {shown(practice.code)} {what}; write the code of a practice, such as A81001")
    found = table(book.practices.grid, "Practice code", "Practice", "Registered list", "From", "To")
    for row in found.rows("Practice code"):
        if _code(found, row) == practice.code:
            raise InputError(f"{found.where(row, 'Practice code')}: {practice.code} is there already")
    free = next((row for row in _slots(found, PRACTICES) if not _filled(found, row)), None)
    if free is None:
        raise InputError(
            f"{book.name}: {found.grid.title} has room for {PRACTICES} practices and all are taken; "
            "clear the row of one that left, or keep one workbook for each half of the PCN"
        )
    typed = {
        "Practice code": practice.code,
        "Practice": practice.name or None,
        "Registered list": practice.list_size,
        "From": serial(practice.start),
    }
    cells: Cells = {found.address(free, heading): value for heading, value in typed.items() if value is not None}
    return cells | _keys(book, practice)


def _keys(book: Workbook, practice: Practice) -> Cells:
    """Return the keys of a practice in the rows below the last one of Counts that is used."""
    found = table(book.counts.table.grid, "Practice code", "Practice", "Indicator", "Counts")
    wanted = [row for row in book.ruleset.indicators if row.level != "pcn"]
    wanted = [row for row in wanted if (practice.code, row.code) not in book.counts.rows]
    slots = _slots(found, COUNT_ROWS)
    last = max((row for row, _ in found.grid.cells if row in slots and _filled(found, row)), default=found.head)
    free = slots[-1] - last
    if len(wanted) > free:
        raise InputError(
            f"{book.name}: {found.grid.title} has {free} free row{'s' * (free != 1)} and {practice.code} needs "
            f"{len(wanted)}; clear the rows of practices that left"
        )
    cells: Cells = {}
    for row, indicator in enumerate(wanted, start=last + 1):
        key = {"Practice code": practice.code, "Practice": practice.name or None}
        key |= {"Indicator": indicator.code, "Counts": indicator.name}
        cells |= {found.address(row, heading): text for heading, text in key.items() if text is not None}
    return cells


def leaving(book: Workbook, code: str, day: date) -> Cells:
    """Return the cell by which a practice leaves: the day in its To.

    Raises:
        UnknownNameError: the workbook has no such practice.
        InputError: it has a day there already, or joins only after it.
    """
    found = table(book.practices.grid, "Practice code", "Practice", "From", "To")
    rows = {_code(found, row): row for row in found.rows("Practice code")}
    if code not in rows:
        raise unknown("practice", code, rows, where=book.name)
    row = rows[code]
    own = next(practice for practice in book.members if practice.code == code)
    if own.end is not None:
        raise InputError(f"{found.where(row, 'To')}: {code} leaves on {own.end} already; change it there")
    if own.start is not None and own.start >= day:
        raise InputError(f"{found.where(row, 'From')}: {code} joins on {own.start}; it cannot leave on {day}")
    return {found.address(row, "To"): serial(day)}


def _code(found: Table, row: int) -> str:
    cell = found.cell(row, "Practice code")
    return str(cell.value if cell else "").strip().upper()


def _slots(found: Table, slots: int) -> range:
    return range(found.head + 1, found.head + 1 + slots)


def _filled(found: Table, row: int) -> bool:
    """Tell whether a row has something in any column of its table."""
    cells = (found.grid.cells.get((row, column)) for column in found.columns.values())
    return any(cell is not None and cell.value not in (None, "") for cell in cells)

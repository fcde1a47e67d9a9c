"""Whether the totals that a workbook's file carries are those of the figures that are typed in it."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache

from iif_reckoner.desk.as_typed import AsTyped
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.sums import of_pcn
from iif_reckoner.desk.tables import title_of
from iif_reckoner.desk.values import Fault, Value, is_blank, total, value_of
from iif_reckoner.errors import InputError, shown
from iif_reckoner.explain import number
from iif_reckoner.figures import book as figures
from iif_reckoner.figures.records import Place
from iif_reckoner.figures.working.sheet import BOOK
from iif_reckoner.layout.sheets import LAYOUT
from iif_reckoner.package import column_letters
from iif_reckoner.reckon import reckon
from iif_reckoner.rules_table import from_rows

TOTALS = ("total_points", "total_won", "total_to_win")
WORDS = {figure.name: figure.words for figure in BOOK if figure.name in TOTALS}
_CLOSE = Fraction(1, 10**9)
"""Sums of pounds and points that differ by less than this part of themselves are the same."""
_PLACES = 6

Total = Fraction | None
"""None is a total of nothing, which a cell shows as blank."""


def stale(book: Workbook, typed: AsTyped, *, stopped: bool) -> tuple[int, str] | None:
    """Return how many totals in the file are not those of its figures, and which; None for an earlier layout's.

    `stopped` says that a check stops the totals: they are text then.
    """
    if book.layout != LAYOUT:
        return None
    carried = _carried(book)
    if stopped:
        old = [name for name, value in carried.items() if not _is_text(value)]
        said = ", ".join(f"{WORDS[name]} is {_said(carried[name])}" for name in old)
        return len(old), f"{said} in the file, but a check stops the totals; {_ANEW}"
    try:
        wanted = _totals(book, typed)
    except InputError as error:
        return len(carried), f"the figures cannot be reckoned: {error}"
    old = [name for name, value in carried.items() if not _same(value, wanted[name])]
    said = ", ".join(
        f"{WORDS[name]} is {_said(carried[name])} in the file and {_said(wanted[name])} by its figures" for name in old
    )
    return len(old), f"{said}; {_ANEW}"


_ANEW = "in Excel press Ctrl+Alt+F9 and save"


def _is_text(value: Value) -> bool:
    return isinstance(value, str) and not isinstance(value, Fault) and value != ""


@cache
def _places() -> Mapping[str, Place]:
    found = figures.places()
    return {name: found[name] for name in TOTALS}


def _carried(book: Workbook) -> dict[str, Value]:
    """Return the totals in the file; the sheet is read no further than they stand."""
    title = title_of(book.package, "working")
    wanted = {(place.area.row, place.area.column): name for name, place in _places().items()}
    found: dict[str, Value] = dict.fromkeys(TOTALS)
    for cell in book.package.cells(title, {column_letters(column) for _, column in wanted}):
        if cell.row > max(wanted)[0]:
            break
        if name := wanted.get((cell.row, cell.column)):
            found[name] = value_of(cell)
    return found


def _totals(book: Workbook, typed: AsTyped) -> dict[str, Total]:
    """Return the totals by the core; raises InputError where the table of Rules is not one to reckon with."""
    names = list(book.rules.columns)
    ruleset = from_rows([names, *([row.cell(name) for name in names] for row in (typed.scheme, *typed.rules))])
    counts = {str(rule.cell("code")).strip(): of_pcn(rule, typed).counts for rule in typed.rules}
    registered = _list_size(typed)
    rows = [reckon(ruleset, row, counts[row.code], list_size=registered) for row in ruleset.indicators]
    pounds = [(row.value_gbp, row.value_available_gbp) for row in rows]
    return {
        "total_points": _sum(row.points for row in rows),
        "total_won": _sum(won for won, _ in pounds),
        "total_to_win": _sum(all_of_it - won for won, all_of_it in pounds if won is not None and all_of_it is not None),
    }


def _sum(parts: Iterable[Fraction | Decimal | None]) -> Total:
    known = [Fraction(part) for part in parts if part is not None]
    return sum(known, Fraction(0)) if known else None


def _list_size(typed: AsTyped) -> int | None:
    """Return the registered patients of the PCN, None unless every practice has a list."""
    practices = [(code, size) for code, size in typed.practices if code is not None]
    lists = total(size for _, size in typed.practices)
    known = all(isinstance(size, int | float) and size > 0 for _, size in practices)
    return int(lists) if known and lists else None


def _same(carried: Value, wanted: Total) -> bool:
    if wanted is None or not isinstance(carried, int | float):
        return wanted is None and is_blank(carried)
    return abs(Fraction(carried) - wanted) <= _CLOSE * max(Fraction(1), abs(wanted))


def _said(value: Value | Fraction) -> str:
    if isinstance(value, int | float | Fraction):
        return number(Fraction(value), _PLACES)
    return "blank" if is_blank(value) else shown(value)

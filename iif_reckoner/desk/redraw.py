"""A workbook whose sheets of ours are drawn anew, while the user's own go on in it as they are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from iif_reckoner import vba
from iif_reckoner.build import make
from iif_reckoner.desk.recalculate import Recalculated, followed
from iif_reckoner.desk.remarks import our_sheets, own_sheets
from iif_reckoner.desk.tables import Place
from iif_reckoner.errors import InputError, shown
from iif_reckoner.figures.content import Content
from iif_reckoner.layout.sheets import BY_KEY, SHEETS
from iif_reckoner.package import (
    Package,
    add_macros,
    add_ribbon,
    charts,
    formulas,
    mentions,
    redraw,
    set_cells,
    set_recalculation,
    with_titles,
)
from iif_reckoner.vba import stock


@dataclass(frozen=True, kw_only=True, slots=True)
class Redrawn:
    """A workbook drawn anew around the user's own sheets.

    `looking` are the cells and charts of those that look at sheets of ours, where something else may stand now. `left`
    are formulas of theirs that could not be worked out: they keep their values until Excel works them out on opening.
    `macros_stay` says that its macros may be somebody's work, and so are those that were in it.
    """

    package: Package
    looking: tuple[str, ...]
    left: tuple[Place, ...]
    macros_stay: bool


def redrawn(package: Package, content: Content) -> Redrawn:
    """Return a workbook of the newest layout with our sheets as they are of this content, and all else as it was.

    A sheet of ours stays under the title that the user has given it. The hidden sheet of xlwings' configuration stays
    as it is: it belongs to the computer, not to the rules.

    Raises:
        InputError: a sheet or a table of the user's own is called as one of ours, or the package is written in a way
            that is not patched.
    """
    ours = our_sheets(package)
    missing = {sheet.title.casefold() for sheet in SHEETS if sheet.key not in ours}
    for title in own_sheets(package):
        if title.casefold() in missing:
            raise InputError(
                f"{package.name}: the sheet {shown(title)} is none of ours, and one of ours is called so; "
                "give yours another title"
            )
    drawn = Package.from_bytes(make(content), package.name)
    drawn = with_titles(drawn, {BY_KEY[key].title: title for key, title in ours.items() if title != BY_KEY[key].title})
    titles = [ours.get(sheet.key, sheet.title) for sheet in SHEETS if sheet.key != "config" or sheet.key not in ours]
    macros_stay = package.has(vba.PROJECT_PART) and not vba.is_as_built(package.part(vba.PROJECT_PART))
    done = _finished(package, redraw(package, drawn, titles), macros_stay=macros_stay)
    looked_at = _looked_at(package)
    cells = tuple(_cells_looking(package, looked_at))
    found = followed(package, done) if cells else Recalculated(package=done)
    looking = (*cells, *_charts_looking(package, looked_at))
    return Redrawn(package=found.package, looking=looking, left=found.left, macros_stay=macros_stay)


def _finished(before: Package, after: Package, *, macros_stay: bool) -> Package:
    """Return the workbook with our newest macros, if it has any and those that are in it need not stay."""
    if not before.has(vba.PROJECT_PART):
        return set_recalculation(after, on_open=True)
    if not macros_stay:
        return add_ribbon(add_macros(after, vba.project()), vba.ribbon())
    # About says which xlwings the macros are made for.
    said, now = (next(_naming(package), None) for package in (before, after))
    return set_cells(after, {now[0]: said[1]}) if said and now else after


def _naming(package: Package) -> Iterator[tuple[Place, str]]:
    """Yield where About names the xlwings that the macros are made for, and what it says."""
    title = our_sheets(package).get("about")
    for cell in package.filled(title) if title else ():
        if isinstance(cell.value, str) and re.search(stock.NAMED, cell.value):
            yield (title or "", cell.address), cell.value


def _looked_at(package: Package) -> frozenset[str]:
    """Return our sheets and tables and all names that look at them, in small letters."""
    ours = our_sheets(package)
    looked_at = {word.casefold() for key, title in ours.items() for word in (title, *BY_KEY[key].tables)}
    names = {name.casefold(): mentions(text) for name, text in package.names.items()}
    while found := {name for name, words in names.items() if name not in looked_at and words & looked_at}:
        looked_at |= found
    return frozenset(looked_at)


def _cells_looking(package: Package, looked_at: frozenset[str]) -> Iterator[str]:
    """Yield the cells of the user's own sheets that look at ours, or may: nobody sees where INDIRECT looks."""
    for title in own_sheets(package):
        if package.sheet(title).kind == "worksheet":
            for cells, text in formulas(package, title):
                if mentions(text) & (looked_at | {"indirect"}):
                    yield f"{title} {cells}"


def _charts_looking(package: Package, looked_at: frozenset[str]) -> Iterator[str]:
    for title in own_sheets(package):
        for chart in charts(package, title):
            if any(mentions(reference) & looked_at for reference in chart.references):
                yield f"{title}, the chart {shown(chart.name)}"

"""New figures in a workbook that people work in, and the results of the formulas that hang on them.

Where people have formulas of their own, formualizer works the workbook out twice, before and after. Such a formula
whose value it does not find again before is left as it is: it may know something that formualizer does not.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from iif_reckoner.build.evaluate import loaded, plain
from iif_reckoner.desk.remarks import our_sheets, own_sheets
from iif_reckoner.desk.tables import Place, grid
from iif_reckoner.layout.sheets import BY_KEY
from iif_reckoner.package import (
    Area,
    Cell,
    Chart,
    Package,
    cells_in_blocks,
    charts,
    set_cached,
    set_cells,
    set_chart_values,
    set_recalculation,
    split_reference,
)

Typed = str | int | float | None
_CLOSE = 1e-9
"""Two results of one formula that differ by less than this part of themselves are the same."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Recalculated:
    """A workbook with new figures; `before` and `after` are the values of formulas, by place.

    `left` are formulas of the user's own that could not be worked out: they keep their values until Excel works them
    out on opening. `failed` says why nothing could be worked out at all; our formulas are then empty until then.
    """

    package: Package
    before: Mapping[Place, Any] = field(default_factory=dict)
    after: Mapping[Place, Any] = field(default_factory=dict)
    left: tuple[Place, ...] = ()
    failed: str = ""


def recalculated(package: Package, typed: Mapping[Place, Typed]) -> Recalculated:
    """Return the workbook with these figures typed in and all that follows from them worked out.

    Only parts with a changed cell change. Charts on our sheets get the values that they show.
    """
    ours = set(our_sheets(package).values())
    package.check_filled()
    changed = set_cells(package, typed)
    with ThreadPoolExecutor(max_workers=1) as beside:
        # While formualizer works out it leaves Python to others.
        worked_out = beside.submit(_worked_out, changed)
        cells = _filled(package)
        formulas = _formulas(cells)
    try:
        after = _values(worked_out.result(), formulas)
        # What the file holds is right of our own formulas; of others it may be more than formualizer knows.
        foreign = any(place[0] not in ours for place in formulas)
        before = (
            _values(_worked_out(package), formulas)
            if foreign
            else {place: cell.value for place, cell in formulas.items()}
        )
    except Exception as error:  # noqa: BLE001 (whatever stops the engine, the figures go in and Excel works them out)
        mine = {place: None for place in formulas if place[0] in ours}
        waiting = set_recalculation(set_cached(changed, mine), on_open=True)
        return Recalculated(package=waiting, failed=str(error) or type(error).__name__)
    results, left = _results(formulas, before, after, ours)
    changed = set_cached(changed, results)
    if left:
        changed = set_recalculation(changed, on_open=True)
    drawn = [chart for title in sorted(ours & cells.keys()) for chart in charts(package, title)]
    titles = {title for chart in drawn for title, _ in _areas(chart).values()}
    shown = {(title, cell.address): cell.value for title in titles & cells.keys() for cell in cells[title]}
    shown |= {**typed, **results}
    for chart in drawn:
        changed = _with_values(changed, chart, shown)
    return Recalculated(package=changed, before=before, after=after, left=tuple(sorted(left)))


def followed(before: Package, after: Package) -> Recalculated:
    """Return the workbook `after` with the results of the user's own formulas; our sheets, drawn anew, have theirs.

    `before` is the workbook as it was: what formualizer finds there tells whether it knows such a formula.
    """
    own = set(own_sheets(after))
    there, formulas = _formulas(_filled(before)), _formulas(_filled(after))
    theirs = {place: cell for place, cell in there.items() if place[0] in own}
    try:
        old, new = _values(_worked_out(before), there), _values(_worked_out(after), formulas)
    except Exception:  # noqa: BLE001 (whatever stops the engine, the sheets go on and Excel works them out)
        return Recalculated(package=set_recalculation(after, on_open=True), left=tuple(sorted(theirs)))
    results, left = _results(theirs, old, new, ours=set())
    done = set_cached(after, results)
    return Recalculated(package=set_recalculation(done, on_open=True) if left else done, left=tuple(sorted(left)))


def _filled(package: Package) -> dict[str, tuple[Cell, ...]]:
    return {sheet.name: package.filled(sheet.name) for sheet in package.sheets if sheet.kind == "worksheet"}


def _formulas(cells: Mapping[str, tuple[Cell, ...]]) -> dict[Place, Cell]:
    return {(title, cell.address): cell for title, found in cells.items() for cell in found if cell.is_formula}


def _results(
    formulas: Mapping[Place, Cell], before: Mapping[Place, Any], after: Mapping[Place, Any], ours: set[str]
) -> tuple[dict[Place, Any], list[Place]]:
    """Return the results that change, and the formulas of the user's own whose results are not known."""
    results: dict[Place, Any] = {}
    left: list[Place] = []
    for place, cell in formulas.items():
        old, now = before[place], after[place]
        if _same(cell.value, now) or _is_engine(cell.value, now):
            continue
        if place[0] in ours or cell.value is None or (_same(old, cell.value) and not _is_broken(now)):
            results[place] = now
        else:
            left.append(place)
    return results, left


def _worked_out(package: Package) -> Any:
    """Return a workbook in formualizer's memory with all its formulas worked out."""
    macros = package.has("xl/vbaProject.bin")
    source = package
    if macros:
        # Where a block's values stand, formualizer finds no room for the block.
        titles = [sheet.name for sheet in package.sheets if sheet.kind == "worksheet"]
        blocks = [(title, cell) for title in titles for cell in cells_in_blocks(package, title)]
        source = set_cached(package, dict.fromkeys(blocks))
    book = loaded(source.to_bytes(), python=macros)
    if macros and (choice := grid(package, "start").beside("Engine")):
        # Blocks are worked out by our functions; that formulas give the same is what the tests are for.
        book.set_value(package.place(BY_KEY["start"].name)[0].name, *choice, "Python")
    book.evaluate_all()
    return book


def _values(book: Any, formulas: Mapping[Place, Cell]) -> dict[Place, Any]:
    return {place: plain(book.get_value(place[0], cell.row, cell.column)) for place, cell in formulas.items()}


def _is_engine(old: Any, new: Any) -> bool:
    """Tell the cells that name who worked the figures out: a workbook that is asleep has not been asked."""
    return new == "Python" and old in ("Formulas", "Python")


def _same(one: Any, other: Any) -> bool:
    if one == other:
        return True
    if isinstance(one, bool | str) or isinstance(other, bool | str):
        return {one, other} == {None, ""}
    if one is None or other is None:
        return False
    return bool(abs(one - other) <= _CLOSE * max(abs(one), abs(other)))


def _is_broken(value: Any) -> bool:
    return value in ("#NAME?", "#REF!", "#VALUE!")


def _areas(chart: Chart) -> dict[str, tuple[str, Area]]:
    """Return the cells that a chart shows, sheet and rectangle, by its reference to them."""
    found = {}
    for reference in chart.references:
        # A name or several areas: not a chart as we draw them.
        with suppress(ValueError):
            found[reference] = split_reference(reference)
    return found


def _with_values(package: Package, chart: Chart, shown: Mapping[Place, Any]) -> Package:
    """Return the package with the values that a chart keeps of cells."""
    kept = {}
    for reference, (title, cells) in _areas(chart).items():
        values = [shown.get((title, address)) for address in cells.addresses()]
        kept[reference] = [None if value == "" else value for value in values]
    return set_chart_values(package, chart.part, kept) if kept else package

"""A workbook from its content: what all of a ruleset share is prepared once, then a PCN's own is put in."""

import gc
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from xml.sax.saxutils import escape

from iif_reckoner import vba
from iif_reckoner.build.cells import SheetCells
from iif_reckoner.build.draw import frame
from iif_reckoner.build.evaluate import Blocks, Calculation, formula_cells, in_blocks
from iif_reckoner.build.fresh import (
    OWN,
    asleep,
    own_counts,
    own_gaps,
    own_pages,
    own_paste,
    shared_gaps,
    typed_on_paste,
)
from iif_reckoner.figures import book
from iif_reckoner.figures.content import Content, Pasted
from iif_reckoner.layout.page import Cell, Page, Position
from iif_reckoner.layout.sheets import BY_KEY, PRACTICES
from iif_reckoner.model import Ruleset
from iif_reckoner.package import Package, add_macros, add_ribbon, tidy

_CORE = "docProps/core.xml"
_NAME = "IIF Ready Reckoner"

ROOMS = (10, PRACTICES)
"""For how many practices formulas are worked out; of 1,298 PCNs 97 in 100 have no more than ten."""


def room_for(practices: int) -> int:
    """Return the size of the room that so many practices are worked out in.

    >>> room_for(3), room_for(11)
    (10, 40)
    """
    return next(size for size in ROOMS if practices <= size)


def make(content: Content) -> bytes:
    """Return a workbook: `.xlsm` with our functions where `content.macros`, else `.xlsx` with formulas alone.

    Every formula cell carries its value, so that previews, Protected View and other programs show the figures.
    The first workbook of a ruleset takes seconds, those that follow a fraction of one.
    """
    prepared = template(content.ruleset, content.assumed, pasted=bool(content.pasted))
    return prepared.filled(content)


@lru_cache(maxsize=4)
def template(ruleset: Ruleset, assumed: Ruleset, *, pasted: bool) -> "Template":
    """Return the template of a ruleset, prepared once in a process; `pasted` for workbooks that have rows on Paste."""
    rows = (Pasted(),) if pasted else ()
    return Template(Content(ruleset=ruleset, assumed=assumed, pasted=rows))


@lru_cache(maxsize=4)
def cells_of_working(python: str | None, styles: tuple[tuple[str, int], ...]) -> SheetCells:
    """Return the cells of Working, the same for every ruleset: its formulas are spelled once in a process."""
    return SheetCells(book.drawn_working(python), dict(styles))


class Room:
    """The workbook of a ruleset with room for so many practices: only what these need is worked out."""

    def __init__(
        self,
        content: Content,
        practices: int,
        cells: Mapping[str, SheetCells],
        package: Package,
        parts: Mapping[str, str],
        at_rest: Mapping[str, Mapping[Position, Cell]],
    ) -> None:
        self._asleep = {key: asleep(key, content, practices, own.formulas) for key, own in cells.items()}
        self._resting: dict[SheetCells, SheetCells] = {}
        self.formulas = {
            key: in_blocks(BY_KEY[key].title, own.formulas - self._asleep[key].keys()) for key, own in cells.items()
        }
        known = {parts[key]: own.as_values(package.part(parts[key]), self._asleep[key]) for key, own in cells.items()}
        self.calculation = Calculation(package.with_parts(known).to_bytes(), at_rest)

    def resting(self, key: str, cells: SheetCells) -> SheetCells:
        """Return the cells of a sheet with what those give that are not worked out."""
        if cells not in self._resting:
            self._resting[cells] = cells.resting(self._asleep[key])
        return self._resting[cells]


class Template:
    """The workbook of a ruleset, ready to be filled; `content` is what it is drawn from, usually one without a PCN.

    It serves both forms, which hold the same figures: with macros they are spelled with our functions as well.

    Drawn without rows on Paste it is for workbooks that have none: thousands of formulas then need no working out.
    """

    def __init__(self, content: Content) -> None:
        self._content = content
        self._frames: dict[tuple[bool, str], Package] = {}
        self._rooms: dict[int, Room] = {}
        self._drawn: dict[tuple[str, int], tuple[Page, SheetCells, Blocks]] = {}
        gaps = shared_gaps(content)
        drawn = book.pages(replace(content, pasted=(), pasted_month=""), None)
        pages = [gaps if page.sheet.key == gaps.sheet.key else page for page in drawn]
        # Of the cells only what each PCN is held against stays in memory.
        self._at_rest = {page.sheet.title: page.cells for page in pages if page.sheet.key in OWN}
        self._at_rest[gaps.sheet.title] = {}
        self._bare = [replace(page, cells={}, arrays=[]) for page in pages]
        self._shared = {page.sheet.key: page for page in self._bare}
        built, self._styles = frame(self._bare, title=_NAME)
        self._package = Package.from_bytes(built, "the built workbook")
        self._parts = {page.sheet.key: self._package.sheet(page.sheet.title).part for page in pages}
        self._cells = {page.sheet.key: SheetCells(page, self._styles) for page in pages if page.sheet.key != "working"}

    def filled(self, content: Content) -> bytes:
        """Return the workbook of a PCN; `content` has the ruleset that this was drawn from."""
        own = own_pages(content)
        over = {
            "counts": own_counts(self._shared["counts"], content),
            "practice_gaps": own_gaps(self._shared["practice_gaps"], content),
        }
        pasted = own_paste(content)
        room = self._room(len(content.practices))
        found = room.calculation
        typed = {page.sheet.title: page.cells for page in (*over.values(), *own.values())}
        found.work_out({**typed, BY_KEY["paste"].title: typed_on_paste(pasted)})
        if pasted is not None:
            own["paste"] = pasted
        package = self._frame({**own, **over}, macros=content.macros)
        working = self._working(macros=content.macros)
        parts = {_CORE: _titled(package.part(_CORE), content)}
        for key, part in self._parts.items():
            title, around = BY_KEY[key].title, package.part(part)
            if key in own:
                cells, formulas = self._own_cells(own[key], len(content.practices))
                parts[part] = cells.part(around, found.results_in(formulas))
                continue
            laid = over.get(key)
            parts[part] = room.resting(key, working if key == "working" else self._cells[key]).part(
                around,
                found.results_in(room.formulas[key]),
                laid,
                found.results(title, formula_cells(laid)) if laid else (),
            )
        return package.with_parts(parts).to_bytes()

    def _room(self, practices: int) -> Room:
        size = room_for(practices)
        if size not in self._rooms:
            cells = {**self._cells, "working": self._working(macros=False)}
            self._rooms[size] = Room(self._content, size, cells, self._package, self._parts, self._at_rest)
            # What is prepared stays: the collector need not go through it again for each book.
            gc.freeze()
        return self._rooms[size]

    def _own_cells(self, page: Page, practices: int) -> tuple[SheetCells, Blocks]:
        """Return the cells of a PCN's own sheet and where its formulas stand.

        PCNs with as many practices mostly have the same formulas there.
        """
        seen = page.sheet.key, practices
        before, like, formulas = self._drawn.get(seen, (page, None, None))
        cells = like and like.redrawn(before, page)
        if cells is None or formulas is None:
            cells = SheetCells(page, self._styles)
            formulas = in_blocks(page.sheet.title, cells.formulas)
        self._drawn[seen] = page, cells, formulas
        return cells, formulas

    def _working(self, *, macros: bool) -> SheetCells:
        return cells_of_working(vba.PYTHON_ANSWERS if macros else None, tuple(self._styles.items()))

    def _frame(self, own: Mapping[str, Page], *, macros: bool) -> Package:
        """Return the workbook around the cells; PCNs with as many practices mostly have the same one."""
        pages = [replace(own.get(bare.sheet.key, bare), cells={}, heights={}, hidden_rows=()) for bare in self._bare]
        seen = macros, repr([page for page in pages if page.sheet.key in own])
        if (known := self._frames.get(seen)) is None:
            package = Package.from_bytes(frame(pages, title=_NAME)[0], "the built workbook")
            if macros:
                package = add_ribbon(add_macros(package, vba.project()), vba.ribbon())
            descriptions = {page.sheet.title: [chart.text for chart in page.charts] for page in pages if page.charts}
            tidied = tidy(package, recalculate_on_open=not macros, descriptions=descriptions)
            known = self._frames[seen] = Package.from_bytes(tidied, "the prepared workbook")
        return known


def _titled(core: bytes, content: Content) -> bytes:
    name = f"{_NAME} {content.ruleset.year}" + (f", {content.pcn_name}" if content.pcn_name else "")
    return core.replace(f"<dc:title>{_NAME}<".encode(), f"<dc:title>{escape(name)}<".encode())

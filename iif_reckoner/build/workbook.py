"""A workbook from its content: what all of a ruleset share is prepared once, then a PCN's own is put in."""

import gc
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from xml.sax.saxutils import escape

from iif_reckoner import vba
from iif_reckoner.build.draw import SheetCells, frame
from iif_reckoner.build.evaluate import Calculation, formula_cells
from iif_reckoner.build.fresh import OWN, counts_page, own_counts, own_pages
from iif_reckoner.figures import book, working
from iif_reckoner.figures.content import Content
from iif_reckoner.layout.page import Page
from iif_reckoner.layout.sheets import BY_KEY
from iif_reckoner.model import Ruleset
from iif_reckoner.package import Package, add_macros, add_ribbon, tidy

_CORE = "docProps/core.xml"
_NAME = "IIF Ready Reckoner"


def make(content: Content) -> bytes:
    """Return a workbook: `.xlsm` with our functions where `content.macros`, else `.xlsx` with formulas alone.

    Every formula cell carries its value, so that previews, Protected View and other programs show the figures.
    The first workbook of a ruleset takes seconds, those that follow a fraction of one.
    """
    return template(content.ruleset, content.assumed, macros=content.macros).filled(content)


@lru_cache(maxsize=4)
def template(ruleset: Ruleset, assumed: Ruleset, *, macros: bool) -> "Template":
    """Return the template of a ruleset, prepared once in a process."""
    return Template(Content(ruleset=ruleset, assumed=assumed, macros=macros))


class Template:
    """The workbook of a ruleset, ready to be filled; `content` is what it is drawn from, usually one without a PCN."""

    def __init__(self, content: Content) -> None:
        self._macros = content.macros
        self._frames: dict[str, Package] = {}
        pages = book.pages(content, None)
        # Of the cells only what each PCN is held against stays in memory.
        self._bare = [replace(page, cells={}, arrays=[]) for page in pages]
        self._counts = next(page for page in self._bare if page.sheet.key == "counts")
        self._formulas = {page.sheet.key: formula_cells(page) for page in pages}
        built, self._styles = frame(self._bare, title=_NAME)
        package = Package.from_bytes(built, "the built workbook")
        self._parts = {page.sheet.key: package.sheet(page.sheet.title).part for page in pages}
        self._cells = {page.sheet.key: SheetCells(page, self._styles) for page in pages}
        at_rest = {part: self._cells[key].part(package.part(part)) for key, part in self._parts.items()}
        self._calculation = Calculation(
            package.with_parts(at_rest).to_bytes(),
            {page.sheet.title: page.cells for page in pages if page.sheet.key in OWN},
        )
        if content.macros:
            # The same figures in the same cells, spelled with our functions as well.
            spelled = Page(BY_KEY["working"])
            working.draw(spelled, book.places(), python=vba.PYTHON_ANSWERS)
            self._cells["working"] = SheetCells(spelled, self._styles)
        # What is prepared stays: the collector need not go through it again for each book.
        gc.freeze()

    def filled(self, content: Content) -> bytes:
        """Return the workbook of a PCN; `content` has the ruleset that this was drawn from."""
        own, typed = own_pages(content), own_counts(content)
        self._calculation.work_out(
            {BY_KEY["counts"].title: typed} | {page.sheet.title: page.cells for page in own.values()}
        )
        package = self._frame({**own, "counts": counts_page(self._counts, content)})
        parts = {_CORE: _titled(package.part(_CORE), content)}
        for key, part in self._parts.items():
            cells = SheetCells(own[key], self._styles) if key in own else self._cells[key]
            formulas = formula_cells(own[key]) if key in own else self._formulas[key]
            results = self._calculation.results(BY_KEY[key].title, formulas)
            parts[part] = cells.part(package.part(part), results, typed if key == "counts" else None)
        return package.with_parts(parts).to_bytes()

    def _frame(self, own: Mapping[str, Page]) -> Package:
        """Return the workbook around the cells; PCNs with as many practices mostly have the same one."""
        pages = [replace(own.get(bare.sheet.key, bare), cells={}, heights={}, hidden_rows=()) for bare in self._bare]
        seen = repr([page for page in pages if page.sheet.key in own])
        if (known := self._frames.get(seen)) is None:
            package = Package.from_bytes(frame(pages, title=_NAME)[0], "the built workbook")
            if self._macros:
                package = add_ribbon(add_macros(package, vba.project()), vba.ribbon())
            descriptions = {page.sheet.title: [chart.text for chart in page.charts] for page in pages if page.charts}
            tidied = tidy(package, recalculate_on_open=not self._macros, descriptions=descriptions)
            known = self._frames[seen] = Package.from_bytes(tidied, "the prepared workbook")
        return known


def _titled(core: bytes, content: Content) -> bytes:
    name = f"{_NAME} {content.ruleset.year}" + (f", {content.pcn_name}" if content.pcn_name else "")
    return core.replace(f"<dc:title>{_NAME}<".encode(), f"<dc:title>{escape(name)}<".encode())

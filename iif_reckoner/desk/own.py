"""What people have put into a workbook beside what its sheets are for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from iif_reckoner.build.fresh import own_pages
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.remarks import our_sheets, own_sheets, remarks
from iif_reckoner.figures import book as figures
from iif_reckoner.figures import counts, practice_gaps, trend
from iif_reckoner.figures.content import Content
from iif_reckoner.layout.page import Page
from iif_reckoner.layout.sheets import BY_KEY, LAYOUT
from iif_reckoner.package import Package
from iif_reckoner.package.markup import walk

_MOST = 6
_DRAWN = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing cNvPr"
_TABLE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main table"
_OBJECTS = ("pivotTable", "ctrlProp", "oleObject")


@dataclass(frozen=True, kw_only=True, slots=True)
class Own:
    """The user's own: sheets, cells with comments, sheets with things drawn on them, cells beside our tables."""

    sheets: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()

    @property
    def on_our_sheets(self) -> "Own":
        """What of it stands on our sheets, which are drawn anew without it."""
        return replace(self, sheets=())

    @property
    def in_words(self) -> str:
        """All of it as part of a sentence, empty where there is nothing."""
        named = (
            ("sheets of your own", self.sheets),
            ("comments", self.comments),
            ("pictures, shapes or tables of your own", self.objects),
            ("cells of your own", self.cells),
        )
        return ", ".join(f"{what} ({_few(names)})" for what, names in named if names)


def _few(names: tuple[str, ...]) -> str:
    more = len(names) - _MOST
    return ", ".join(names[:_MOST]) + (f" and {more:,} more" if more > 0 else "")


def own(book: Workbook, content: Content) -> Own:
    """Return what of a workbook is neither in its content nor drawn from it."""
    package = book.package
    sheets = own_sheets(package)
    titles = our_sheets(package)
    pages = _pages(content)
    charts = {key: len(page.charts) for key, page in pages.items()}
    return Own(
        sheets=sheets,
        comments=tuple(dict.fromkeys(f"{title} {cell}" for title, cell, _ in remarks(package) if title not in sheets)),
        objects=tuple(title for key, title in titles.items() if _has_objects(package, key, title, charts.get(key, 0))),
        # Where an earlier layout had its own cells is not known.
        cells=tuple(_beside(package, pages, titles)) if book.layout == LAYOUT else (),
    )


def _pages(content: Content) -> dict[str, Page]:
    """Return the sheets on which people type, and those with charts."""
    known = figures.places()
    pages = own_pages(content) | {key: Page(BY_KEY[key]) for key in ("counts", "trend", "practice_gaps")}
    counts.draw(pages["counts"], content, known)
    trend.draw(pages["trend"], content, known)
    practice_gaps.draw(pages["practice_gaps"], content, known)
    return pages


def _has_objects(package: Package, key: str, title: str, charts: int) -> bool:
    """Tell whether a sheet has more drawn on it than our charts, tables other than ours, and the like."""
    drawn = foreign = 0

    def count(name: str, given: Mapping[str, str]) -> None:
        nonlocal drawn, foreign
        drawn += name == _DRAWN
        foreign += name == _TABLE and given.get("displayName") not in BY_KEY[key].tables

    for link in package.links(package.sheet(title).part):
        if link.kind in _OBJECTS:
            return True
        if link.kind in ("drawing", "table") and package.has(link.part):
            walk(package.part(link.part), f"{package.name}: {link.part}", count)
    return drawn > charts or foreign > 0


def _beside(package: Package, pages: Mapping[str, Page], titles: Mapping[str, str]) -> Iterator[str]:
    """Yield the cells that hold something below all our cells of a sheet, or in a column that has none of them."""
    for key, page in pages.items():
        if key not in titles:
            continue
        rows, columns = zip(*page.cells, strict=True)
        last_row, ours = max(rows), set(columns)
        for cell in package.filled(titles[key]):
            if cell.value not in (None, "") and (cell.row > last_row or cell.column not in ours):
                yield f"{titles[key]} {cell.address}"

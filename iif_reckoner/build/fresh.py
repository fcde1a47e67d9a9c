"""What of a fresh workbook is a PCN's own: all else it shares with every other of its ruleset."""

from collections.abc import Iterable
from dataclasses import replace

from iif_reckoner.build.cells import Result
from iif_reckoner.figures import (
    about,
    actions,
    book,
    cash,
    compare,
    counts,
    paste,
    plan,
    practice_gaps,
    practices,
    reckoner,
    rules,
    split,
    start,
)
from iif_reckoner.figures.content import Content
from iif_reckoner.figures.working import unused
from iif_reckoner.layout.page import Cell, Page, Position
from iif_reckoner.layout.sheets import BY_KEY
from iif_reckoner.scheme_year import MONTHS

OWN = ("start", "reckoner", "practices", "plan", "actions", "split", "cash", "compare", "rules", "about")
"""The sheets that hold something of a PCN's or of a form's own and are drawn anew for each, by key."""


def own_pages(content: Content) -> dict[str, Page]:
    """Return these pages, by key."""
    known = book.places()
    pages = {key: Page(BY_KEY[key]) for key in OWN}
    for page in pages.values():
        page.names[page.sheet.name] = page.area(1, 1)
    start.draw(pages["start"], content, known)
    reckoner.draw(pages["reckoner"], content, known)
    practices.draw(pages["practices"], content)
    plan.draw(pages["plan"], content, known)
    actions.draw(pages["actions"], content, known)
    split.draw(pages["split"], content, known)
    cash.draw(pages["cash"], content, known)
    compare.draw(pages["compare"], content, known)
    rules.draw(pages["rules"], content, known["switch_assumed"].area.absolute)
    about.draw(pages["about"], content)
    return pages


def own_paste(content: Content) -> Page | None:
    """Return Paste with what was pasted; None where nothing was, so that it is the one that all share."""
    if not content.pasted and not content.pasted_month:
        return None
    page = Page(BY_KEY["paste"])
    page.names[page.sheet.name] = page.area(1, 1)
    paste.draw(page, content, book.places())
    return page


def typed_on_paste(page: Page | None) -> dict[Position, Cell]:
    """Return the cells of Paste that are typed, with the headings between them."""
    if page is None:
        return {}
    month, last = paste.places()["paste_month"].area.row, paste.places()["paste_value"].area.column
    return {at: cell for at, cell in page.cells.items() if at[0] >= month and at[1] <= last}


def asleep(key: str, content: Content, practices: int, formulas: Iterable[Position]) -> dict[Position, Result]:
    """Return which of a sheet's formulas, whose positions these are, need no working out, and what they give.

    Those are the ones of indicators that the ruleset does not have, of practices beyond so many, and, where nothing is
    pasted, those that look for it.
    """
    indicators, pasted_too = len(content.ruleset.indicators), bool(content.pasted)
    known = book.places()
    if key == "working":
        return {
            (area.row + down, area.column + right): result
            for name, (down, right), result in unused.given(indicators, practices, pasted_too=pasted_too)
            for area in [known[name].area]
        }
    if key == "practice_gaps":
        return dict.fromkeys(practice_gaps.unused(indicators, practices), "")
    if key == "paste" and not pasted_too:
        read = known["paste_read"].area
        return dict.fromkeys(((read.row + down, read.column) for down in range(read.height)), "")
    rows = set(_unused_rows(key, indicators, practices))
    return {(row, column): "" for row, column in formulas if row in rows}


def _unused_rows(key: str, indicators: int, practices: int) -> Iterable[int]:
    """Return the rows of a sheet that show nothing, as so many are used."""
    if key == "split":
        return split.unused(practices)
    of_indicators = {"reckoner": reckoner.unused, "plan": plan.unused, "compare": compare.unused}
    return of_indicators[key](indicators) if key in of_indicators else ()


def shared_gaps(content: Content) -> Page:
    """Return Practice gaps without what is a PCN's own."""
    page = Page(BY_KEY["practice_gaps"])
    page.names[page.sheet.name] = page.area(1, 1)
    practice_gaps.draw_shared(page, content, book.places())
    return page


def own_gaps(shared: Page, content: Content) -> Page:
    """Return what is a PCN's own of Practice gaps, to be laid over what it shares."""
    page = replace(shared, cells={}, heights=dict(shared.heights), breaks=list(shared.breaks), charts=[])
    practice_gaps.draw_own(page, content, book.places())
    return page


def own_counts(blank: Page, content: Content) -> Page:
    """Return what is a PCN's own of Counts, to be laid over a blank one of 1,640 rows, of which few are used."""
    area, first = blank.print_area, counts.places()["count_practice"].area.row
    keys = counts.keys(content)
    heights = {**blank.heights, **{row: counts.high(key) for row, key in enumerate(keys, start=first)}}
    printed = area and replace(area, height=first - 1 + max(len(keys), 1))
    return replace(blank, cells=_counted(content), heights=heights, print_area=printed)


def _counted(content: Content) -> dict[Position, Cell]:
    """Return the cells of Counts that are the PCN's own."""
    known = counts.places()
    first, base, pairs = (known[name].area for name in ("count_practice", "base_num", "pairs"))
    measured = {row.code for row in content.ruleset.indicators if row.needs_baseline}
    cells: dict[Position, Cell] = {}
    for row, key in enumerate(counts.keys(content)[: first.height], start=first.row):
        who, _, what, _ = key
        for column, text in enumerate(key, start=first.column):
            cells[row, column] = Cell(text or None, "key")
        style = "input_whole" if what in measured else "unused"
        for column, value in enumerate(content.baselines.get((who, what), (None, None)), start=base.column):
            cells[row, column] = Cell(value, style)
        for month in range(MONTHS):
            for right, value in enumerate(content.counts.get((who, what, month + 1), ())):
                cells[row, pairs.column + 2 * month + right] = Cell(value, "input_whole")
    return cells

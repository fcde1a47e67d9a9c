"""How a sheet comes onto A4 on its side: at what scale, and where a page begins.

Excel takes no notice of page breaks in a sheet that it fits to the paper, so a page with breaks has a scale of its own.
"""

from iif_reckoner.layout.page import Page

_WIDTH, _HEIGHT = 784.0, 527.0
"""What the paper has within the margins, in points."""

_ROW = 15.0
"""The height of a row of which nobody says otherwise."""

_SPARE = 97
"""The per cent of the paper that is used: programs differ a little in how wide and high they draw a cell."""


_LEAST = 60
"""The per cent of its size below which nothing is shrunk to keep a table on one page."""


def fitted(page: Page, columns: int, tallest: float = 0) -> int:
    """Return the per cent of its size at which so many columns print side by side.

    What is so many points high comes onto one page too, unless it would become too small to read.
    """
    width = 0.75 * sum(
        page.widths.get(column, 9.0) * 7 + 5 for column in range(1, columns + 1) if column not in page.hidden_columns
    )
    wide = min(100, int(_SPARE * _WIDTH / width))
    whole = int(_SPARE * _HEIGHT / tallest) if tallest else 100
    return min(wide, whole) if whole >= _LEAST else wide


def room(page: Page) -> float:
    """Return the points of height that a page of this scale has."""
    return _SPARE * _HEIGHT / (page.scale or 100)


def begin(page: Page, row: int, height: float) -> None:
    """Begin a page at this row where so many points have no room on the one before; for a page of its own scale."""
    most = room(page)
    first, last = page.title_rows or (1, 0)
    repeated = sum(page.heights.get(above, _ROW) for above in range(first, last + 1))
    done = 0.0
    for above in range(1, row):
        if above in page.hidden_rows:
            continue
        own = page.heights.get(above, _ROW)
        if above in page.breaks or done + own > most:
            done = repeated
        done += own
    if done + height > most:
        page.breaks.append(row)


def tall(page: Page, rows: range) -> float:
    """Return how high these rows are together, in points."""
    return sum(page.heights.get(row, _ROW) for row in rows if row not in page.hidden_rows)

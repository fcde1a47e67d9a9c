"""Where a printed page ends."""

from iif_reckoner.layout.page import Page

_WIDTH, _HEIGHT = 784.0, 527.0
"""What A4 on its side has within the margins, in points."""

_ROW = 15.0
"""The height of a row of which nobody says otherwise."""


def next_page(page: Page, row: int, *, rows: int, columns: int) -> int:
    """Return a row from `row` on from which so many plain rows print on one page, below the repeated headings.

    `columns` is the number of columns that print side by side on one page.
    """
    done, least, most = _filled(page, row, columns)
    if done + _ROW * rows <= least:
        return row
    return row + 1 + int((most - done) // _ROW)


def rest_of_page(page: Page, row: int, *, height: float, columns: int) -> float:
    """Return what is left of the page above a row, in points, where so much does not fit on it any more; else 0."""
    done, least, most = _filled(page, row, columns)
    return 0.0 if done + height <= least else most - done


def _filled(page: Page, row: int, columns: int) -> tuple[float, float, float]:
    """Return how much of its page stands above a row, and the least and the most that a page may hold, in points."""
    width = 0.75 * sum(
        page.widths.get(column, 9.0) * 7 + 5 for column in range(1, columns + 1) if column not in page.hidden_columns
    )
    least, most = (space * max(1.0, width / _WIDTH) for space in (_HEIGHT - 20, _HEIGHT + 10))
    repeated = (
        sum(page.heights.get(above, _ROW) for above in range(page.title_rows[0], page.title_rows[1] + 1))
        if page.title_rows
        else 0.0
    )
    done = 0.0
    for above in range(1, row):
        if above not in page.hidden_rows:
            own = page.heights.get(above, _ROW)
            done = done + own if done + own <= least else repeated + own
    return done, least, most

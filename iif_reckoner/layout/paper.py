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
            fits = above not in page.breaks and done + own <= least
            done = done + own if fits else repeated + own
    if done + _ROW * rows <= least:
        return row
    return row + 1 + int((most - done) // _ROW)


def keep_together(page: Page, row: int, *, rows: int, columns: int) -> None:
    """Start a printed page at `row` where so many plain rows from there on would not print on the same page."""
    if next_page(page, row, rows=rows, columns=columns) != row:
        page.breaks.append(row)


def fitted(page: Page, columns: int) -> int:
    """Return the per cent of its size at which so many columns print side by side, with a little to spare."""
    width = 0.75 * sum(page.widths.get(column, 9.0) * 7 + 5 for column in range(1, columns + 1))
    return min(100, int(97 * _WIDTH / width))


def begin(page: Page, row: int, height: float) -> None:
    """Begin a page at this row where so many points have no room on the one before; for a page of its own scale."""
    room = 97 * _HEIGHT / (page.scale or 100)
    first, last = page.title_rows or (1, 0)
    repeated = sum(page.heights.get(above, _ROW) for above in range(first, last + 1))
    done = 0.0
    for above in range(1, row):
        own = page.heights.get(above, _ROW)
        if above in page.breaks or done + own > room:
            done = repeated
        done += own
    if done + height > room:
        page.breaks.append(row)

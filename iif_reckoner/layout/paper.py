"""Where a printed page ends."""

from collections.abc import Sequence

from iif_reckoner.layout.page import Page

_WIDTH, _HEIGHT = 784.0, 527.0
"""What A4 on its side has within the margins, in points."""

_ROW = 15.0
"""The height of a row of which nobody says otherwise."""


def next_page(page: Page, row: int, *, rows: int, columns: int) -> int:
    """Return a row from `row` on from which so many plain rows print on one page, below the repeated headings.

    `columns` is the number of columns that print side by side on one page.
    """
    width = _width(page, columns)
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
    if done + _ROW * rows <= least:
        return row
    return row + 1 + int((most - done) // _ROW)


def _width(page: Page, columns: int) -> float:
    return 0.75 * sum(
        page.widths.get(column, 9.0) * 7 + 5 for column in range(1, columns + 1) if column not in page.hidden_columns
    )


def scale(page: Page, columns: int) -> int:
    """Return the per cent of its size at which a page is as wide as the paper; for one that breaks where it says."""
    return min(100, int(97 * _WIDTH / _width(page, columns)))


def breaks(page: Page, blocks: Sequence[range], columns: int) -> tuple[int, ...]:
    """Return the first rows of those blocks of rows that would be torn, and are not once a new page begins there.

    The blocks follow each other from the top; one that is longer than a page begins a new one.
    """
    room = (_HEIGHT - 20) * 100 / scale(page, columns)
    found, done = [], 0.0
    for block in blocks:
        own = sum(page.heights.get(row, _ROW) for row in block if row not in page.hidden_rows)
        if done and done + own > room:
            found.append(block.start)
            done = 0.0
        done = (done + own) % room
    return tuple(found)

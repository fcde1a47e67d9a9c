"""The cells of a page as the bytes of a sheet's part, cut so that some can be exchanged without writing all again."""

import re
from collections.abc import Iterable, KeysView, Mapping
from copy import copy
from functools import cache, lru_cache

from iif_reckoner.build.shared import columns_in_common
from iif_reckoner.layout.page import Cell, Page, Position, Value
from iif_reckoner.package import ERRORS
from iif_reckoner.package.address import column_letters as letters
from iif_reckoner.package.markup import cell_bytes

Result = float | str | bool | None
"""What a formula gives."""

Results = Iterable[tuple[Position, Result]]

_CELLS = re.compile(rb"<sheetData\s*/>|<sheetData>.*</sheetData>", re.S)
_SIZE = re.compile(rb'(<dimension ref=")[^"]*')
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class SheetCells:
    """The cells of a page as bytes, cut so that results and some typed cells can be put in later.

    `styles` is the number of each style, as `frame` gives them.
    """

    def __init__(self, page: Page, styles: Mapping[str, int]) -> None:
        self._styles = {key: b' s="%d"' % number for key, number in styles.items()}
        self._formulas = _formulas(page)
        worn = {**_worn(page), **{at: cell.style for at, cell in page.cells.items()}}
        by_row: dict[int, list[int]] = {row: [] for row in (*page.heights, *page.hidden_rows)}
        for row, column in worn:
            by_row.setdefault(row, []).append(column)
        self._rows = {row: _row(row, page) for row in sorted(by_row)}
        self._starts: dict[Position, bytes] = {}
        # Each row in pieces: its start, its cells and its end; where among them a cell stands.
        self._pieces: dict[int, list[bytes]] = {}
        self._places: dict[Position, int] = {}
        for row, tag in self._rows.items():
            pieces = self._pieces[row] = [tag]
            for column in sorted(by_row[row]):
                at = row, column
                start = self._starts[at] = _start(row, column) + self._styles[worn[at]]
                self._places[at] = len(pieces)
                formula = self._formulas.get(at)
                pieces.append(
                    _typed(start, page.cells[at].value) if formula is None else _resulting(start, formula, "")
                )
            pieces.append(b"</row>")
        # And each row as one piece, as most rows go into a part unchanged.
        self._whole = {row: b"".join(pieces) for row, pieces in self._pieces.items()}
        columns = [column for _, column in worn] or [1]
        self._columns = letters(min(columns)), letters(max(columns))

    def resting(self, results: Mapping[Position, Result]) -> "SheetCells":
        """Return the same cells with these results, which stay where no others are put in."""
        return self._exchanged(self._with(results, self._formulas))

    def redrawn(self, before: Page, page: Page) -> "SheetCells | None":
        """Return the cells of a page, where these are of one `before` it with the same formulas in the same places.

        It saves most of the work where two workbooks differ in what is typed alone; None where they differ in more.
        """
        if (page.cells.keys(), page.heights.keys(), page.hidden_rows, page.arrays) != (
            before.cells.keys(), before.heights.keys(), before.hidden_rows, before.arrays
        ):  # fmt: skip
            return None
        changed = {at: cell for at, cell in page.cells.items() if cell != before.cells[at]}
        if any(_given(cell) != _given(before.cells[at]) for at, cell in changed.items()):
            return None
        rows = {row: _row(row, page) for row in self._rows}
        starts = self._starts | {at: _start(*at) + self._styles[cell.style] for at, cell in changed.items()}
        pieces = _Changed(self._pieces)
        for row, tag in rows.items():
            if tag != self._rows[row]:
                pieces[row][0] = tag
        for at, cell in changed.items():
            formula = self._formulas.get(at)
            pieces[at[0]][self._places[at]] = (
                _typed(starts[at], cell.value) if formula is None else _resulting(starts[at], formula, "")
            )
        redrawn = self._exchanged(pieces)
        redrawn._rows, redrawn._starts = rows, starts  # noqa: SLF001 (it is one of ours)
        return redrawn

    def as_values(self, around: bytes, results: Mapping[Position, Result]) -> bytes:
        """Return the sheet's part with these results typed in place of their formulas.

        Of formulas in common the first may only be among them if all are.
        """
        return self._in(around, self._with(results, dict.fromkeys(results, b"")))

    @property
    def formulas(self) -> KeysView[Position]:
        """Where formulas stand, those inside array formulas among them."""
        return self._formulas.keys()

    def part(self, around: bytes, results: Results = (), over: Page | None = None, results_over: Results = ()) -> bytes:
        """Return the sheet's part: these cells with results in the part as `frame` draws it.

        `over` lays other cells, heights and hidden rows over them. Its cells may take the place of these or stand in
        rows below all of them; `results_over` are the results of its formulas.
        """
        changed, places, starts, formulas = _Changed(self._pieces), self._places, self._starts, self._formulas
        for at, result in results:
            # Most formulas of a workbook that is little used give nothing, which is what stands there.
            if result != "":
                changed[at[0]][places[at]] = _resulting(starts[at], formulas[at], result)
        if over is not None:
            self._lay_over(changed, over, dict(results_over))
        return self._in(around, changed)

    def _with(self, results: Mapping[Position, Result], formulas: Mapping[Position, bytes]) -> "_Changed":
        """Return the rows with these results in cells with these formulas."""
        changed = _Changed(self._pieces)
        for at, result in results.items():
            changed[at[0]][self._places[at]] = _resulting(self._starts[at], formulas[at], result)
        return changed

    def _exchanged(self, changed: "_Changed") -> "SheetCells":
        """Return the same cells but for these rows."""
        exchanged = copy(self)
        exchanged._pieces, exchanged._whole = self._pieces | changed, self._whole | changed.joined()  # noqa: SLF001
        return exchanged

    def _in(self, around: bytes, changed: "_Changed") -> bytes:
        """Put the rows, these among them in place of what they were, into the part as `frame` draws it."""
        whole = _CELLS.search(around)
        if whole is None:
            raise ValueError("a sheet without a place for cells")
        # Most rows stay as they are: one piece, of the dozens that they have.
        rows = self._whole | changed.joined()
        left, right = self._columns
        size = f"{left}{min(self._rows, default=1)}:{right}{max(rows, default=1)}"
        before = _SIZE.sub(rb"\g<1>" + size.encode(), around[: whole.start()])
        return b"".join((before, b"<sheetData>", *rows.values(), b"</sheetData>", around[whole.end() :]))

    def _lay_over(self, changed: "_Changed", over: Page, results: Mapping[Position, Result]) -> None:
        """Put the cells and rows of a page into these rows."""
        for row, before in self._rows.items():
            if (tag := _row(row, over)) != before:
                changed[row][0] = tag
        below: dict[int, list[bytes]] = {row: [] for row in sorted(over.heights) if row not in self._rows}
        for at, cell in sorted(over.cells.items()):
            start = _start(*at) + self._styles[cell.style]
            text = (
                _resulting(start, _formula(str(cell.value)), results[at]) if cell.formula else _typed(start, cell.value)
            )
            if at in self._places:
                changed[at[0]][self._places[at]] = text
            elif at[0] in self._rows:
                raise ValueError(f"no cell at {letters(at[1])}{at[0]} to lay another over")
            else:
                below.setdefault(at[0], []).append(text)
        for row, cells in sorted(below.items()):
            changed[row] = [_row(row, over), *cells, b"</row>"]


class _Changed(dict[int, list[bytes]]):
    """Rows of which pieces are exchanged, by number; one that was not among them yet is copied from what it was."""

    def __init__(self, before: Mapping[int, list[bytes]]) -> None:
        super().__init__()
        self._before = before

    def __missing__(self, row: int) -> list[bytes]:
        own = self[row] = self._before[row].copy()
        return own

    def joined(self) -> dict[int, bytes]:
        """Each of them as one piece."""
        return {row: b"".join(pieces) for row, pieces in self.items()}


def _given(cell: Cell) -> Value:
    """Return the formula of a cell; None where it has none."""
    return cell.value if cell.formula else None


def _worn(page: Page) -> dict[Position, str]:
    """Return the styles of cells inside array formulas."""
    return {
        (area.row + down, area.column + right): style
        for area, _, style in page.arrays
        for down in range(area.height)
        for right in range(area.width)
    }


def _formulas(page: Page) -> dict[Position, bytes]:
    """Return the formula of each cell that has one; of an array formula the first cell has it, the others nothing."""
    texts = {at: str(cell.value) for at, cell in page.cells.items() if cell.formula}
    found: dict[Position, bytes] = {}
    for number, ((first, column), (last, _)) in enumerate(columns_in_common(texts)):
        found.update(
            dict.fromkeys(((row, column) for row in range(first + 1, last + 1)), b'<f t="shared" si="%d"/>' % number)
        )
        ref = f"{letters(column)}{first}:{letters(column)}{last}".encode()
        shared = b'<f t="shared" ref="%s" si="%d">%s</f>'
        found[first, column] = shared % (ref, number, cell_bytes(texts[first, column]))
    found |= {at: _formula(text) for at, text in texts.items() if at not in found}
    found |= dict.fromkeys(_worn(page), b"")
    for area, formula, _ in page.arrays:
        found[area.row, area.column] = b'<f t="array" ref="%s">%s</f>' % (area.ref.encode(), cell_bytes(formula))
    return found


@lru_cache(maxsize=1 << 14)
def _formula(formula: str) -> bytes:
    return b"<f>" + cell_bytes(formula) + b"</f>"


def _row(row: int, page: Page) -> bytes:
    return _row_so(row, page.heights.get(row), row in page.hidden_rows, row in page.growing)


@lru_cache(maxsize=1 << 14)
def _row_so(row: int, height: float | None, hidden: bool, grows: bool) -> bytes:  # noqa: FBT001 (positional for the cache)
    high = b"" if height is None else f' ht="{height:.6g}"'.encode() + (b"" if grows else b' customHeight="1"')
    return b'<row r="%d"' % row + high + (b' hidden="1">' if hidden else b">")


def _start(row: int, column: int) -> bytes:
    return b'<c r="%s%d"' % (_column(column), row)


@cache
def _column(column: int) -> bytes:
    return letters(column).encode()


def _typed(start: bytes, value: Value) -> bytes:
    """Return a cell that is typed into. Text stays text, whatever it begins with."""
    if value is None or value == "":
        return start + b"/>"
    if isinstance(value, str):
        text = _NO_TEXT.sub(" ", value)
        # Without the mark Excel drops spaces at either end.
        space = b' xml:space="preserve"' if text != text.strip() or "\n" in text else b""
        return b'%s t="inlineStr"><is><t%s>%s</t></is></c>' % (start, space, cell_bytes(text))
    return b"%s><v>%s</v></c>" % (start, _number(value))


def _resulting(start: bytes, formula: bytes, result: Result) -> bytes:
    """Return a cell with a formula that gives this."""
    kind, value = _result(result)
    return start + kind + formula + value


@lru_cache(maxsize=1 << 14, typed=True)
def _result(value: Result) -> tuple[bytes, bytes]:
    """Return what stands before and after a formula that gives this."""
    if value is None:
        return b">", b"</c>"
    if isinstance(value, bool):
        return b' t="b">', b"<v>%d</v></c>" % value
    if isinstance(value, str):
        kind = b' t="e">' if value in ERRORS else b' t="str">'
        return kind, b"<v>" + cell_bytes(_NO_TEXT.sub(" ", value)) + b"</v></c>"
    return b">", b"<v>" + _number(value) + b"</v></c>"


def _number(value: float) -> bytes:
    return repr(value).removesuffix(".0").encode() if value else b"0"

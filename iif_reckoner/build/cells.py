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
        # Where each cell stands in the pieces; with column 0 the start of its row.
        self._places: dict[Position, int] = {}
        self._pieces = [b"<sheetData>"]
        for row, tag in self._rows.items():
            self._places[row, 0] = len(self._pieces)
            self._pieces.append(tag)
            for column in sorted(by_row[row]):
                at = row, column
                start = self._starts[at] = _start(row, column) + self._styles[worn[at]]
                self._places[at] = len(self._pieces)
                formula = self._formulas.get(at)
                text = _typed(start, page.cells[at].value) if formula is None else _resulting(start, formula, "")
                self._pieces.append(text)
            self._pieces.append(b"</row>")
        self._pieces.append(b"</sheetData>")
        self._columns = [column for _, column in worn] or [1]

    def resting(self, results: Mapping[Position, Result]) -> "SheetCells":
        """Return the same cells with these results, which stay where no others are put in."""
        resting = copy(self)
        resting._pieces = self._with(results, self._formulas)  # noqa: SLF001 (it is one of ours)
        return resting

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
        redrawn = copy(self)
        redrawn._rows = {row: _row(row, page) for row in self._rows}  # noqa: SLF001 (it is one of ours)
        redrawn._starts, redrawn._pieces = self._starts.copy(), self._pieces.copy()  # noqa: SLF001
        redrawn._put(changed)  # noqa: SLF001
        return redrawn

    def _put(self, cells: Mapping[Position, Cell]) -> None:
        """Put cells into the places of others, and the rows as they are now."""
        for row, tag in self._rows.items():
            self._pieces[self._places[row, 0]] = tag
        for at, cell in cells.items():
            start = self._starts[at] = _start(*at) + self._styles[cell.style]
            formula = self._formulas.get(at)
            self._pieces[self._places[at]] = (
                _typed(start, cell.value) if formula is None else _resulting(start, formula, "")
            )

    def as_values(self, around: bytes, results: Mapping[Position, Result]) -> bytes:
        """Return the sheet's part with these results typed in place of their formulas.

        Formulas in common must lie in them whole, or all but the first of them.
        """
        return self._in(around, self._with(results, dict.fromkeys(results, b"")), max(self._rows, default=1))

    @property
    def formulas(self) -> KeysView[Position]:
        """Where formulas stand, those inside array formulas among them."""
        return self._formulas.keys()

    def _with(self, results: Mapping[Position, Result], formulas: Mapping[Position, bytes]) -> list[bytes]:
        pieces = self._pieces.copy()
        for at, result in results.items():
            pieces[self._places[at]] = _resulting(self._starts[at], formulas[at], result)
        return pieces

    def part(self, around: bytes, results: Results = (), over: Page | None = None, results_over: Results = ()) -> bytes:
        """Return the sheet's part: these cells with results in the part as `frame` draws it.

        `over` lays other cells, heights and hidden rows over them. Its cells may take the place of these or stand in
        rows below all of them; `results_over` are the results of its formulas.
        """
        pieces, starts, formulas = self._pieces.copy(), self._starts, self._formulas
        for at, result in results:
            # Most formulas of a workbook that is little used give nothing, which is what stands there.
            if result != "":
                pieces[self._places[at]] = _resulting(starts[at], formulas[at], result)
        last = max(self._rows, default=1)
        if over is not None:
            last = max(last, self._lay_over(pieces, over, dict(results_over)))
        return self._in(around, pieces, last)

    def _in(self, around: bytes, pieces: Iterable[bytes], last: int) -> bytes:
        """Put the pieces, whose last row this is, into the part as `frame` draws it."""
        whole = _CELLS.search(around)
        if whole is None:
            raise ValueError("a sheet without a place for cells")
        size = f"{letters(min(self._columns))}{min(self._rows, default=1)}:{letters(max(self._columns))}{last}"
        before = _SIZE.sub(rb"\g<1>" + size.encode(), around[: whole.start()])
        return b"".join((before, *pieces, around[whole.end() :]))

    def _lay_over(self, pieces: list[bytes], over: Page, results: Mapping[Position, Result]) -> int:
        """Put the cells and rows of a page into these pieces; return its last row."""
        for row, before in self._rows.items():
            if (tag := _row(row, over)) != before:
                pieces[self._places[row, 0]] = tag
        below: dict[int, list[bytes]] = {row: [] for row in sorted(over.heights) if row not in self._rows}
        for at, cell in sorted(over.cells.items()):
            start = _start(*at) + self._styles[cell.style]
            text = (
                _resulting(start, _formula(str(cell.value)), results[at]) if cell.formula else _typed(start, cell.value)
            )
            if at in self._places:
                pieces[self._places[at]] = text
            elif at[0] in self._rows:
                raise ValueError(f"no cell at {letters(at[1])}{at[0]} to lay another over")
            else:
                below.setdefault(at[0], []).append(text)
        new = [piece for row, cells in sorted(below.items()) for piece in (_row(row, over), *cells, b"</row>")]
        pieces[-1:] = [*new, b"</sheetData>"]
        return max((*self._rows, *below))


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

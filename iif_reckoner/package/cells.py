"""The cells of one sheet as they stand in its part: address, kind, value, formula and style, read in one pass."""

import math
import re
from collections.abc import Callable, Collection, Iterator
from functools import cache, partial
from typing import Literal, NamedTuple

from iif_reckoner.errors import InputError, shown
from iif_reckoner.package.address import MOST_COLUMNS, MOST_ROWS, area, column_letters, column_number
from iif_reckoner.package.markup import ELSEWHERE, SAVE_AGAIN, SHEET_SPACE, cell_text, check_bounds, parse, parser

MOST_CELLS = 200_000
"""The cells of one sheet that are read, blank ones with a style counted; and those of a workbook that are kept."""

Kind = Literal["number", "text", "bool", "error", "blank"]
Value = int | float | str | bool | None
BLOCKS = frozenset({"array", "dataTable"})
"""The kinds of formula that give the values of a block of cells."""

MOST_COVERED = 2_000_000
"""The columns of all arrays of one sheet together; each is noted once."""

_CHUNK = 2**14
"""So much is parsed at once: whoever looks for a cell near the top waits for little more."""

_NUMBER = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)
_TEXTS = frozenset({"str", "inlineStr", "d"})
_TRUTHS = {"0": False, "1": True, "false": False, "true": True}
_LONGEST_WHOLE = 15
_CELL_END, _ROW_END = b"</c>", b"</row>"


class Cell(NamedTuple):
    """One cell.

    `value` is a number, text, a bool, an error such as `#N/A`, or None. `is_formula` is true of every cell whose value
    a formula gives: also of one that shares another's formula and of one inside an array's block; `formula` is the text
    that stands at this very cell, else "". `style` is the number of its style.
    """

    row: int
    column: int
    kind: Kind
    value: Value
    is_formula: bool
    formula: str
    style: int

    @property
    def address(self) -> str:
        """The address, as `C5`.

        >>> Cell(5, 3, "blank", None, False, "", 0).address
        'C5'
        """
        return f"{column_letters(self.column)}{self.row}"


_new_cell = partial(tuple.__new__, Cell)


class _Columns(dict[str, int]):
    def __missing__(self, letters: str) -> int:
        try:
            number = self[letters] = column_number(letters)
        except ValueError:
            return 0
        return number


class _Styles(dict[str, int]):
    def __missing__(self, text: str) -> int:
        number = self[text] = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
        return number


class Reader:
    """Reads the `sheetData` of one part, once; the stated `dimension` is not looked at.

    Without `blank` the cells that hold nothing are left out: most are not even parsed, nor most in columns that are not
    wanted, nor what lies behind the last cell that does hold something. What is not parsed is not refused either.
    """

    def __init__(
        self,
        where: str,
        strings: Callable[[], list[str]],
        columns: Collection[int] | None = None,
        *,
        blank: bool = True,
    ) -> None:
        self._where = where
        self._strings = strings
        self._wanted = None if columns is None else frozenset(columns)
        self._blank, self._passed = blank, 0
        self._letters, self._styles = _Columns(), _Styles()
        self._covered: dict[int, int] = {}
        self._covers = 0
        self._found: list[Cell] = []
        self._texts: list[str] = []
        self._row, self._digits, self._column, self._style = 0, "0", 0, 0
        self._kind: str | None = None
        self._value: str | None = None
        self._formula: str | None = None
        self._open = self._inside = self._spoken = self._done = False
        self._cell_tag = self._row_tag = self._value_tag = self._formula_tag = ""
        self._text_tag = self._spoken_tag = self._end_tag = ""
        self._parser = parser(where, namespaces=False)
        self._parser.StartElementHandler = self._root

    def read(self, data: bytes) -> Iterator[Cell]:
        """Return the cells in the order of the sheet.

        Raises:
            InputError: the part is damaged, or a cell is out of place or holds what no program writes.
        """
        check_bounds(data, self._where)
        read = data if self._blank else data[: _behind_last_filled(data)]
        whole, total = len(read) == len(data), 0
        # What looks like a cell in a comment or in CDATA is none.
        if not self._blank and b"<!" not in read:
            read, self._passed = _NOTHING.subn(b"", _without_row_ends(read))
            if self._wanted is not None:
                read = _elsewhere(self._wanted).sub(b"", read)
        for start in range(0, max(len(read), 1), _CHUNK):
            last = whole and start + _CHUNK >= len(read)
            parse(self._parser, read[start : start + _CHUNK], self._where, last=last)
            total += len(self._found)
            if total + self._passed > MOST_CELLS:
                raise self._fault(f"more than the {MOST_CELLS:,} cells that are read; {ELSEWHERE}", again=False)
            yield from self._found
            self._found.clear()
            # Nothing behind the cells is wanted.
            if self._done:
                return
        if whole:
            raise self._fault("no cells where they should be")

    def _root(self, name: str, attributes: dict[str, str]) -> None:
        """Learn the prefix of the names, which are compared as they stand: resolving each takes expat twice as long."""
        prefix = name.rpartition(":")[0]
        if attributes.get(f"xmlns:{prefix}" if prefix else "xmlns") != SHEET_SPACE:
            raise self._fault("not a sheet as Excel writes it")
        before = f"{prefix}:" if prefix else ""
        self._cell_tag, self._row_tag, self._value_tag = before + "c", before + "row", before + "v"
        self._formula_tag, self._text_tag = before + "f", before + "t"
        self._spoken_tag, self._end_tag = before + "rPh", before + "sheetData"
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._start, self._end
        self._parser.CharacterDataHandler = self._texts.append

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == self._cell_tag:
            if self._open:
                raise self._fault(f"a cell inside another in row {self._digits}")
            self._open = True
            before = self._column
            address = attributes.get("r")
            if address is None:
                column = before + 1
            else:
                letters = address.removesuffix(self._digits)
                column = self._letters[letters] if letters != address else 0
            if not before < column <= MOST_COLUMNS:
                raise self._fault(f"a cell {shown(address or '')} in row {self._digits}, where none can be")
            self._column = column
            if self._wanted is None or column in self._wanted:
                self._inside, self._value, self._formula = True, None, None
                self._kind, self._style = attributes.get("t"), self._styles[attributes.get("s", "0")]
        elif name == self._value_tag:
            self._texts.clear()
        else:
            self._start_other(name, attributes)

    def _start_other(self, name: str, attributes: dict[str, str]) -> None:
        if name == self._formula_tag:
            self._texts.clear()
            self._formula = ""
            if attributes and attributes.get("t") in BLOCKS:
                self._cover(attributes.get("ref", ""))
        elif name == self._row_tag:
            number, before = attributes.get("r"), self._row
            self._row = before + 1 if number is None else self._row_number(number)
            if not before < self._row <= MOST_ROWS:
                raise self._fault(f"row {self._row} is out of order")
            self._digits, self._column = str(self._row), 0
        elif name == self._text_tag:
            self._texts.clear()
        elif name == self._spoken_tag:
            self._spoken = True
        elif SHEET_SPACE in attributes.values():
            # Names below could then mean something else than they say.
            raise self._fault("a namespace is given twice")

    def _end(self, name: str) -> None:  # noqa: C901 (the one place where an element ends)
        if name == self._value_tag:
            self._value = "".join(self._texts)
        elif name == self._cell_tag:
            self._open = False
            if not self._inside:
                return
            self._inside = False
            row, column, value, formula = self._row, self._column, self._value, self._formula
            what: tuple[Kind, Value]
            if value and self._kind is None and value.isdigit() and value.isascii() and len(value) <= _LONGEST_WHOLE:
                what = "number", int(value)
            else:
                what = self._read(self._kind, value)
                if what[0] == "blank" and formula is None and not self._blank:
                    self._passed += 1
                    return
            is_formula = formula is not None or self._covered.get(column, 0) >= row
            self._found.append(_new_cell((row, column, *what, is_formula, formula or "", self._style)))
        elif name == self._formula_tag:
            self._formula = "".join(self._texts)
        elif name == self._text_tag:
            # The runs of rich text follow each other; how they are spoken is not part of them.
            if not self._spoken:
                self._value = (self._value or "") + "".join(self._texts)
        elif name == self._spoken_tag:
            self._spoken = False
        elif name == self._end_tag:
            self._done = True

    def _read(self, kind: str | None, text: str | None) -> tuple[Kind, Value]:
        if kind is None or kind == "n":
            return ("number", self._number(text)) if text else ("blank", None)
        if text is None:
            return "blank", None
        if kind == "s":
            strings = self._strings()
            if not (text.isascii() and text.isdigit() and len(text) < _LONGEST_WHOLE and int(text) < len(strings)):
                raise self._wrong("shared text", text)
            return "text", strings[int(text)]
        if kind in _TEXTS:
            return "text", cell_text(text)
        if kind == "b" and text in _TRUTHS:
            return "bool", _TRUTHS[text]
        if kind == "e":
            return "error", text
        raise self._wrong("value of the kind that it states", f"{kind}: {text}")

    def _number(self, text: str) -> int | float:
        if text.isascii() and text.removeprefix("-").isdigit() and len(text) <= _LONGEST_WHOLE:
            return int(text)
        if not _NUMBER.fullmatch(text) or not math.isfinite(number := float(text)):
            raise self._wrong("number", text)
        return number

    def _cover(self, reference: str) -> None:
        try:
            block = area(reference)
        except ValueError:
            raise self._wrong("array", reference) from None
        self._covers += block.last_column - block.first_column + 1
        if self._covers > MOST_COVERED:
            raise self._fault("more arrays than are read", again=False)
        for member in range(block.first_column, block.last_column + 1):
            self._covered[member] = max(block.last_row, self._covered.get(member, 0))

    def _row_number(self, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < _LONGEST_WHOLE):
            raise self._fault(f"a row {shown(text)}")
        return int(text)

    def _wrong(self, what: str, text: str) -> InputError:
        return self._fault(f"cell {column_letters(self._column)}{self._row} holds no {what}: {shown(text)}")

    def _fault(self, words: str, *, again: bool = True) -> InputError:
        return InputError(f"{self._where}: {words}" + (f"; {SAVE_AGAIN}" if again else ""))


_NOTHING = re.compile(rb'<(?:\w+:)?c r="[A-Z]{1,3}\d{1,7}"(?: s="\d+")? ?/>(?=\s*<(?:/|(?:\w+:)?c r="))')
"""A cell with a style alone, as all programs write it. A cell without an address behind it would hang on its place."""


@cache
def _elsewhere(columns: frozenset[int]) -> re.Pattern[bytes]:
    """Return the pattern of a cell in none of these columns, as programs write it; one with an array is left."""
    letters = "|".join(sorted(map(column_letters, columns))).encode()
    return re.compile(
        rb'<c r="(?!(?:' + letters + rb')\d)[A-Z]{1,3}\d{1,7}"(?: s="\d+")?(?: t="\w+")?>'
        rb'(?:<f(?: t="shared" si="\d+")?/>|<f>[^<]*+</f>)?(?:<v>[^<]*+</v>|<v/>)?</c>(?=\s*<(?:/|c r="))'
    )


def _behind_last_filled(data: bytes) -> int:
    """Return where a sheet's bytes may end without a cell that holds something being lost.

    Such a cell has an element of its own in it, so it ends with a closing tag; what only looks like one is read for
    nothing.

    >>> _behind_last_filled(b'<sheetData><row><c><v>1</v></c><c s="1"/></row></sheetData>')
    31
    """
    last = data.rfind(b"sheetData")
    last = max(data.rfind(tag, 0, max(last, 0)) for tag in (b"</c", b":c"))
    return data.find(b">", last) + 1 or len(data) if last >= 0 else len(data)


def _without_row_ends(data: bytes) -> bytes:
    """Return a sheet's bytes without what stands behind the last cell of a row that holds something.

    Most blank cells stand there, and a row is cut much faster than they are looked at one by one.

    >>> _without_row_ends(b'<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="1"/></row>')
    b'<row r="1"><c r="A1"><v>1</v></c></row>'
    """
    rows = data.split(_ROW_END)
    for place, row in enumerate(rows):
        end = row.rfind(_CELL_END) + len(_CELL_END)
        # Whatever holds something ends with a closing tag; another program may write `</c >`.
        if end >= len(_CELL_END) and row.find(b"</", end) < 0:
            rows[place] = row[:end]
    return _ROW_END.join(rows)

"""One CSV as a table: its header, its layout, its shape, and the columns that are asked for."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from iif_reckoner.errors import InputError
from iif_reckoner.sources.files import csv_bytes
from iif_reckoner.sources.records import Note

MOST_ROWS = 1_100_000
"""The rows that are read: somewhat more than a spreadsheet has."""

MOST_CELLS = 20_000_000
"""The cells that are read, wanted or not, for each takes memory: more than twice as many as the seven columns of the
monthly publication have with the most rows."""

LONGEST_LINE = 2**18
SPREADSHEET_ROWS = (65_536, 1_048_576)
"""The rows of a sheet in Excel 2003 and in Excel since; a file of exactly so many may have lost its end."""

Kind = Literal["few", "text", "number"]
"""How a column is held: as categories, as text, or as whole numbers where all of them are (else as text)."""

_UNCLOSED = "a quotation mark is never closed; the file may be cut off"
_HEADER_BYTES = 65_536
_CHUNK = 2**24
_SMALL = 2**20
_NEWLINE, _QUOTE, _COMMA = b'\n",'


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout that is known: the words for it, and the columns that it must have."""

    kind: str
    required: tuple[str, ...]


Known = TypeVar("Known", bound=Layout)


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A CSV of which only the header has been read.

    `header` has the headings as `heading` writes them, `titles` as they stand; `above` counts the rows of the file up
    to and with the header, `rows` those below it.
    """

    path: Path
    data: bytes
    header: tuple[str, ...]
    titles: tuple[str, ...]
    above: int
    rows: int
    notes: tuple[Note, ...]

    @property
    def name(self) -> str:
        """The file's name, as messages give it."""
        return self.path.name

    def title(self, column: str) -> str:
        """Return a heading as it stands in the file, on one line."""
        return " ".join(self.titles[self.header.index(column)].split())


def heading(text: str) -> str:
    r"""Return a heading as it is compared: small letters, with `_` for each run of spaces and line breaks.

    >>> heading(" Partner\r\nOrganisation\nCode "), heading("PCN_CODE"), heading("'List size")
    ('partner_organisation_code', 'pcn_code', 'list_size')
    """
    return re.sub(r"[\s_]+", "_", text.replace("_x000D_", " ").strip().lstrip("'\ufeff")).casefold()


def open_table(path: Path) -> CsvTable:
    """Return a CSV with its header read and its shape checked.

    Raises:
        FileProblemError: the file cannot be opened.
        InputError: it is not one CSV, has no rows or too many, is cut off, or has a row longer than its header.
    """
    return as_table(path, csv_bytes(path))


def as_table(path: Path, data: bytes) -> CsvTable:
    """Return text in UTF-8 as a table, whose messages name a file. Raises as `open_table`."""
    _refuse_endless(path.name, data)
    above, titles = _header(data)
    _refuse_other_separators(path.name, above, titles)
    header = tuple(heading(title) for title in titles)
    for name in header:
        if name and header.count(name) > 1:
            raise InputError(f"{path.name}: row {above}: two columns are named {shown_heading(name)}; keep one")
    lines = _check_shape(path.name, data, len(header))
    if lines <= above:
        raise InputError(f"{path.name}: has a header and no rows")
    if lines - above > MOST_ROWS:
        raise InputError(f"{path.name}: {lines - above:,} rows are more than the {MOST_ROWS:,} that are read")
    if lines * len(header) > MOST_CELLS:
        raise InputError(
            f"{path.name}: {lines:,} rows of {len(header):,} columns are more than the {MOST_CELLS:,} cells "
            "that are read; keep the columns that are needed"
        )
    notes: tuple[Note, ...] = ()
    if lines in SPREADSHEET_ROWS:
        text = f"{path.name}: has exactly {lines:,} rows, as many as a spreadsheet holds; its end may be missing"
        notes = (Note(text=text),)
    return CsvTable(path, data, header, titles, above, lines - above, notes)


def _refuse_endless(name: str, data: bytes) -> None:
    """Refuse what no program writes before memory goes on it: very many lines, or one without an end."""
    # A row may go over a few lines.
    if data.count(b"\n") > 2 * MOST_ROWS:
        raise InputError(f"{name}: more than the {MOST_ROWS:,} rows that are read")
    for start in range(0, len(data) - LONGEST_LINE, LONGEST_LINE):
        if data.find(b"\n", start, start + LONGEST_LINE) < 0:
            row = data.count(b"\n", 0, start) + 1
            raise InputError(f"{name}: line {row} is longer than any table's; give a table saved as 'CSV UTF-8'")


def _refuse_other_separators(name: str, row: int, titles: Sequence[str]) -> None:
    line = ",".join(titles)
    for sign, words in ((";", "semicolons"), ("\t", "tabs")):
        if line.count(sign) >= len(titles):
            raise InputError(
                f"{name}: row {row}: the columns are separated by {words}; save it as 'CSV UTF-8 (comma delimited)'"
            )


def recognise(table: CsvTable, layouts: Sequence[Known], what: str) -> Known:
    """Return the first layout whose columns the header has; `what` says in the plural what the file should hold.

    Raises:
        InputError: none fits; the text says what the nearest lacks, and which layouts there are.
    """
    return fitting(table.name, table.header, layouts, what)


def fitting(name: str, header: Sequence[str], layouts: Sequence[Known], what: str) -> Known:
    """Return the first layout whose columns are in a header, as `recognise` does."""
    lacking = [[column for column in layout.required if column not in header] for layout in layouts]
    for layout, missing in zip(layouts, lacking, strict=True):
        if not missing:
            return layout
    nearest = min(range(len(layouts)), key=lambda i: len(lacking[i]) / len(layouts[i].required))
    gaps = ", ".join(shown_heading(column) for column in lacking[nearest])
    known = ", ".join(dict.fromkeys(layout.kind for layout in layouts))
    raise InputError(
        f"{name}: the header is of no layout of {what} that is known; "
        f"nearest is {layouts[nearest].kind}, without {gaps}; known: {known}"
    )


def shown_heading(column: str) -> str:
    """Return a heading as messages write it.

    >>> shown_heading("pcn_code")
    'PCN_CODE'
    """
    return column.upper()


def read_columns(table: CsvTable, kinds: Mapping[str, Kind], only: bytes = b"") -> pd.DataFrame:
    """Return some columns of a table, named as in `kinds`; the index is the row of the file, empty cells are ''.

    `only` is a text without line breaks that the wanted rows contain: of a large file the rest is then not parsed,
    unless quotation marks make lines and rows differ, or no line contains it. Unwanted rows may come along.

    Raises:
        InputError: the text is not UTF-8, or a quotation mark is never closed.
    """
    positions = {table.header.index(name): name for name in kinds}
    dtypes = {place: "category" if kinds[name] == "few" else "str" for place, name in positions.items()}
    numbers = [place for place, name in positions.items() if kinds[name] == "number"]
    data, index = _lines_with(table, only) if only else (table.data, None)
    skip = table.above if index is None else 0
    frame = _parsed(table, data, skip, {place: None if place in numbers else dtypes[place] for place in dtypes})
    # Some number is none: read the column as text, so that the fault can be named with its row.
    if wrong := [place for place in numbers if frame[place].dtype != np.int64]:
        frame[wrong] = _parsed(table, data, skip, dict.fromkeys(wrong, "str"))
    # pandas makes numbers of categories that all look like numbers, and '007' would be 7.
    few = [place for place, dtype in dtypes.items() if dtype == "category"]
    if numeric := [place for place in few if frame[place].cat.categories.dtype != "str"]:
        frame[numeric] = _parsed(table, data, skip, dict.fromkeys(numeric, "str")).astype("category")
    frame.columns = pd.Index([positions[place] for place in sorted(positions)])
    frame.index = pd.RangeIndex(skip + 1, skip + 1 + len(frame)) if index is None else index
    return frame


def _lines_with(table: CsvTable, text: bytes) -> tuple[bytes, pd.Index | None]:
    """Return the lines that contain a text, with their rows; the whole table and None where lines are not rows."""
    data = table.data
    found = [] if b'"' in data else [match.start() for match in re.finditer(re.escape(text), data)]
    if not found:
        return data, None
    ends = np.append(np.flatnonzero(np.frombuffer(data, np.uint8) == _NEWLINE), len(data))
    line = np.unique(np.searchsorted(ends, found))
    line = line[line >= table.above]
    starts = (ends[line - 1] + 1).tolist()
    view = memoryview(data)
    return b"\n".join(view[a:b] for a, b in zip(starts, ends[line].tolist(), strict=True)), pd.Index(line + 1)


def _parsed(table: CsvTable, data: bytes, skip: int, dtypes: Mapping[int, str | None]) -> pd.DataFrame:
    """Return the columns at the places in `dtypes`; without a dtype pandas takes whole numbers where it sees them."""
    try:
        return pd.read_csv(
            io.BytesIO(data),
            header=None,
            names=list(range(len(table.header))),
            skiprows=skip,
            usecols=sorted(dtypes),
            dtype={place: dtype for place, dtype in dtypes.items() if dtype is not None},
            index_col=False,
            na_filter=False,
            # A blank line is a row of a spreadsheet too, and rows are numbered as people see them there.
            skip_blank_lines=False,
            low_memory=False,
            encoding="utf-8",
        )
    except UnicodeDecodeError:
        raise InputError(
            f"{table.name}: row {_row_of_bad_byte(table.data)} is not UTF-8 text; save the file as 'CSV UTF-8'"
        ) from None
    except pd.errors.ParserError:
        raise InputError(f"{table.name}: {_UNCLOSED}") from None


def _row_of_bad_byte(data: bytes) -> int:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return data.count(b"\n", 0, error.start) + 1
    return 1


def _header(data: bytes) -> tuple[int, tuple[str, ...]]:
    """Return the row of the first line that is not blank, and its fields."""
    start = data[:_HEADER_BYTES].decode("utf-8", errors="replace")
    for row, fields in enumerate(csv.reader(io.StringIO(start, newline="")), start=1):
        if any(field.strip() for field in fields):
            return row, tuple(fields)
    return 1, ("",)


def _check_shape(name: str, data: bytes, columns: int) -> int:
    """Return the number of rows, having refused a file that is cut off or whose rows are longer than its header."""
    lines = data.count(b"\n") + (not data.endswith(b"\n"))
    # A large file without quotation marks and with as many commas as there should be: nothing is cut, nothing too long.
    # Its rows would have to err in both directions to pass, and looking costs a tenth of what the reading costs.
    if len(data) > _SMALL and b'"' not in data and data.count(b",") == lines * (columns - 1):
        return lines
    widths = np.concatenate(list(_widths(data)))
    if (widths != columns).any():
        _refuse_shape(name, data, columns)
    return len(widths)


def _widths(data: bytes) -> Iterator[npt.NDArray[np.int64]]:
    """Give the number of fields of each row, piece by piece; commas and line breaks in quotes do not count."""
    inside, commas = False, 0
    for start in range(0, len(data), _CHUNK):
        piece = np.frombuffer(data, np.uint8, count=min(_CHUNK, len(data) - start), offset=start)
        outside = ~(np.bitwise_xor.accumulate(piece == _QUOTE) ^ inside)
        inside = not outside[-1]
        ends = np.flatnonzero((piece == _NEWLINE) & outside)
        before = np.searchsorted(np.flatnonzero((piece == _COMMA) & outside), ends)
        if len(ends):
            widths = np.diff(before, prepend=-commas) + 1
            yield widths.astype(np.int64)
            commas = 0
        total = int(np.count_nonzero((piece == _COMMA) & outside))
        commas += total - (int(before[-1]) if len(ends) else 0)
    if not data.endswith(b"\n") or inside:
        yield np.array([commas + 1], np.int64)


def _refuse_shape(name: str, data: bytes, columns: int) -> None:
    """Look at a file of uneven rows one by one, and refuse what would lose figures.

    Blank rows, empty cells too many and rows that stop early are harmless; a last row that stops early is a file cut
    off.
    """
    text = data.decode("utf-8", errors="replace")
    last, filled = 1, columns
    try:
        for row, fields in enumerate(csv.reader(io.StringIO(text, newline="")), start=1):
            if len(fields) > columns and any(field.strip() for field in fields[columns:]):
                raise InputError(
                    f"{name}: row {row}: {len(fields)} columns, the header has {columns}; "
                    "write figures without a comma for thousands, and text with commas in quotation marks"
                )
            if any(field.strip() for field in fields):
                last, filled = row, len(fields)
    except csv.Error:
        raise InputError(f"{name}: {_UNCLOSED}") from None
    if filled < columns:
        raise InputError(
            f"{name}: row {last}, the last: {filled} of {columns} columns; the file is cut off, fetch or save it again"
        )

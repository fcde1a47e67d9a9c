"""Values put into cells where their bytes stand; what is not asked for stays byte for byte."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from iif_reckoner.errors import InputError, shown
from iif_reckoner.package.address import area, column_letters, row_and_column
from iif_reckoner.package.blocks import Blocks
from iif_reckoner.package.book import Package
from iif_reckoner.package.markup import (
    SAVE_AGAIN,
    attributes,
    cell_bytes,
    check,
    root_prefix,
    tag,
    view,
    with_attributes,
)
from iif_reckoner.package.patterns import COLUMNS, PLAIN, marks
from iif_reckoner.package.written import Spelling, Written

Values = Mapping[tuple[str, str], Written]


def set_cells(package: Package, values: Values) -> Package:
    """Return the package with these typed values: a number, text, TRUE or FALSE, or None for an empty cell.

    The style stays. A cell that is not there yet is made, in its place, with the style of its row or else its column.
    Text is written as text, so none becomes a formula. A cell that holds the value already keeps its bytes.

    Raises:
        UnknownNameError: there is no such sheet.
        InputError: a cell holds a formula, a value is not one that a cell can hold, or the sheet is damaged.
    """
    return _set(package, values, cached=False)


def set_cached(package: Package, values: Values) -> Package:
    """Return the package with these results in its formula cells: numbers, text, TRUE, FALSE, errors, None for none.

    Cells inside the block of an array formula are formula cells too, and are made where they are not there yet.

    Raises:
        UnknownNameError: there is no such sheet.
        InputError: a cell holds no formula, a value is not one that a cell can hold, or the sheet is damaged.
    """
    return _set(package, values, cached=True)


def _set(package: Package, values: Values, *, cached: bool) -> Package:
    by_sheet: dict[str, defaultdict[int, dict[int, Written]]] = {}
    for (sheet, address), value in values.items():
        try:
            row, column = row_and_column(address)
        except ValueError as error:
            raise InputError(f"{package.name}: sheet {shown(sheet)}: {error}") from None
        rows = by_sheet.get(sheet)
        if rows is None:
            rows = by_sheet[sheet] = defaultdict(dict)
        rows[row][column] = value
    parts = {}
    for name, wanted in by_sheet.items():
        sheet_part = package.sheet(name).part
        patch = _SheetPatch(package, name, package.part(sheet_part), cached=cached)
        parts[sheet_part] = patch.patched(wanted)
    return package.with_parts(parts)


class _SheetPatch:
    def __init__(self, package: Package, name: str, data: bytes, *, cached: bool) -> None:
        self._package = package
        self._where = package.where(package.sheet(name))
        self._data = data
        self._seen = view(data)
        self._cached = cached
        prefix = root_prefix(self._seen, b"worksheet")
        self._prefix = b"" if prefix is None else prefix
        self._marks = marks(self._prefix)
        self._cell_start, self._cell_end = b"<" + self._prefix + b"c", b"</" + self._prefix + b"c>"
        self._spelling = Spelling(self._prefix, cached=cached)
        opening = tag(self._prefix, b"sheetData").search(self._seen)
        if prefix is None or opening is None:
            check(data, self._where)
            raise self._fault("has no cells")
        self._opening = opening
        self._blocks: Blocks
        self._made: list[tuple[int, int]] = []
        self._out: list[bytes] = []
        self._copied = 0
        self._changed = False
        self._columns: list[tuple[int, int, bytes]] | None = None

    def patched(self, rows: dict[int, dict[int, Written]]) -> bytes:
        """Return the part with these values."""
        empty = bool(self._opening[2])
        end = (
            self._opening.end() if empty else self._seen.find(b"</" + self._prefix + b"sheetData", self._opening.end())
        )
        if end < 0:
            check(self._data, self._where)
            raise self._fault("has no end of its cells")
        try:
            self._blocks = Blocks(self._seen, self._marks.block, self._opening.end(), end)
        except ValueError as error:
            raise self._fault(str(error)) from None
        position = self._rows(rows, self._opening.end(), end)
        if empty:
            name = self._prefix + b"sheetData"
            self._replace(self._opening.start(), end, b"<" + name + self._opening[1] + b">")
        for row in sorted(rows):
            self._new_row(row, rows[row], position)
        if empty:
            self._out.append(b"</" + name + b">")
        self._out.append(self._data[self._copied :])
        if not self._changed or (empty and not self._made):
            check(self._data, self._where)
            return self._data
        done = self._widened(b"".join(self._out))
        # Also proves the bytes that were read: a DTD or a fault in them would still be there.
        check(done, self._where)
        return done

    def _rows(self, rows: dict[int, dict[int, Written]], position: int, end: int) -> int:
        seen, marks, before = self._seen, self._marks, 0
        pending = sorted(rows, reverse=True)
        while match := marks.row.match(seen, position, end):
            text = attributes(match[1]).get(b"r")
            row = before + 1 if text is None else self._number(text)
            if row <= before:
                raise self._fault(f"row {row} is out of order")
            while pending and pending[-1] < row:
                self._new_row(pending[-1], rows.pop(pending.pop()), match.start())
            if match[2]:
                position = close = match.end()
            else:
                close = seen.find(marks.row_end, match.end(), end)
                position = seen.find(b">", close) + 1
                if close < 0 or not 0 < position <= end:
                    check(self._data, self._where)
                    raise self._fault(f"row {row} has no end")
            if pending and pending[-1] == row:
                pending.pop()
                self._row(row, rows.pop(row), match, close)
            before = row
        if seen[position:end].strip():
            check(self._data, self._where)
            raise self._fault(f"after row {before} something stands that is no row")
        return position

    def _row(self, row: int, wanted: dict[int, Written], opening: re.Match[bytes], close: int) -> None:
        self._blocks.enter(row)
        changes: list[tuple[int, int, bytes]] = []
        made: list[int] = []
        digits = str(row).encode()
        seen, cell = self._seen, self._marks.cell
        pending = sorted(wanted, reverse=True)
        position, column, empty = opening.end(), 0, bool(opening[2])
        style = self._row_style(opening[1])
        while pending and not empty and (match := cell.match(seen, position, close)):
            position = match.end()
            plain = PLAIN.match(match[2])
            column = self._column(match, plain, digits, column)
            while pending and pending[-1] < column:
                new = pending.pop()
                changes.append((match.start(1), match.start(1), self._new_cell(row, new, wanted[new], style)))
                made.append(new)
            if pending and pending[-1] == column:
                pending.pop()
                if (text := self._changed_cell(match, plain, row, column, wanted[column])) is not None:
                    changes.append((match.start(1), position, text))
        if pending and not empty:
            self._check_rest(row, seen[position:close].strip(), b"<")
        for new in reversed(pending):
            changes.append((position, position, self._new_cell(row, new, wanted[new], style)))
            made.append(new)
        made = [column for column in made if self._made_cell(row, column, wanted[column])]
        if made:
            self._replace(seen.index(b"<", opening.start()), opening.end(), self._wider_row(opening, made))
        for start, stop, text in changes:
            self._replace(start, stop, text)
        if empty and made:
            self._out.append(b"</" + self._prefix + b"row>")

    def _check_rest(self, row: int, rest: bytes, beginning: bytes) -> None:
        # A cell behind something else would be overlooked, and its place may hang on what stands before it.
        if rest and (not rest.startswith(beginning) or self._marks.cell_start.search(rest)):
            check(self._data, self._where)
            raise self._fault(f"row {row} holds what no program writes")

    def _column(self, match: re.Match[bytes], plain: re.Match[bytes] | None, digits: bytes, before: int) -> int:
        if match[6]:
            self._check_rest(int(digits), match[6].strip(), b"<")
        address = plain[1] if plain else attributes(match[2]).get(b"r")
        if address is None:
            return before + 1
        letters = address.removesuffix(digits)
        column = COLUMNS[letters] if letters != address else 0
        if column <= before:
            raise self._fault(f"a cell {shown(address.decode())} in row {digits.decode()}, where none can be")
        return column

    def _new_row(self, row: int, wanted: dict[int, Written], position: int) -> None:
        self._blocks.enter(row)
        cells = [self._new_cell(row, column, wanted[column], None) for column in sorted(wanted)]
        if not any(cells):
            return
        for column, value in wanted.items():
            self._made_cell(row, column, value)
        opening = b"<" + self._prefix + b'row r="%d">' % row
        self._replace(position, position, opening + b"".join(cells) + b"</" + self._prefix + b"row>")

    def _made_cell(self, row: int, column: int, value: Written) -> bool:
        if value is None or (value == "" and not self._cached):
            return False
        self._made.append((row, column))
        return True

    def _check_formula(self, row: int, column: int, *, there: bool) -> None:
        covered = self._blocks.cover(row, column)
        if self._cached and not (there or covered):
            raise self._at(row, column, "holds no formula, so no result of one can be put there")
        if not self._cached and (there or covered):
            words = "holds a formula" if there else "belongs to an array formula"
            raise self._at(row, column, f"{words}; clear it in Excel if a figure is to stand there")

    def _new_cell(self, row: int, column: int, value: Written, row_style: bytes | None) -> bytes:
        self._check_formula(row, column, there=False)
        kind, body = self._wanted(row, column, value)
        if not body:
            return b""
        style = row_style if row_style is not None else self._column_style(column)
        attribute = b' r="%s%d"' % (column_letters(column).encode(), row)
        attribute += b' s="' + style + b'"' if style else b""
        attribute += b' t="' + kind + b'"' if kind else b""
        return self._cell_start + attribute + b">" + body + self._cell_end

    def _changed_cell(
        self, match: re.Match[bytes], plain: re.Match[bytes] | None, row: int, column: int, value: Written
    ) -> bytes | None:
        """Return the cell's new bytes; None where it holds the value already."""
        formula, given = match[3], match[2]
        self._check_formula(row, column, there=formula is not None)
        kind, body = self._wanted(row, column, value)
        if plain and plain.end() == len(given):
            if self._holds(plain[3], match, kind, body, value):
                return None
            head = b' r="' + plain[1] + b'"' + (plain[2] or b"")
            if kind:
                head += b' t="' + kind + b'"'
        else:
            if self._holds(attributes(given).get(b"t"), match, kind, body, value):
                return None
            # `vm` says what the old value was beyond its text, such as a picture or the reason of an error.
            head = with_attributes(given, {b"t": kind, b"vm": None})
        if formula is not None:
            body = self._data[match.start(3) : match.end(3)] + body
        if match[6]:
            body += self._rest(match, row)
        return self._cell_start + head + (b">" + body + self._cell_end if body else b"/>")

    def _holds(
        self, old_kind: bytes | None, match: re.Match[bytes], kind: bytes | None, body: bytes, value: Written
    ) -> bool:
        text: bytes | None = match[5]
        if old_kind is None or old_kind == b"n":
            if value is None:
                return not text
            if kind or not text:
                return False
            try:
                return float(text) == float(value)
            except ValueError:
                return False
        if old_kind == b"s" and kind == b"inlineStr":
            strings = self._package.strings()
            return bool(text and text.isdigit() and int(text) < len(strings) and strings[int(text)] == value)
        if old_kind == b"str" and kind == b"inlineStr":
            return isinstance(value, str) and text == cell_bytes(value)
        return old_kind == kind and self._seen is self._data and (match[4] or b"") + (match[6] or b"") == body

    def _rest(self, match: re.Match[bytes], row: int) -> bytes:
        """Return what stands in a cell behind its value: nothing, or an extension."""
        start, stop = match.span(6)
        if start < 0 or start == stop:
            return b""
        inline = self._marks.inline.match(self._seen, start, stop)
        start = inline.end() if inline else start
        self._check_rest(row, self._seen[start:stop].strip(), b"<" + self._prefix + b"extLst")
        rest = self._data[start:stop]
        return rest if rest.strip() else b""

    def _wanted(self, row: int, column: int, value: Written) -> tuple[bytes | None, bytes]:
        try:
            return self._spelling.of(value)
        except ValueError as error:
            raise self._at(row, column, f"cannot hold {error}") from None

    def _row_style(self, text: bytes) -> bytes | None:
        given = attributes(text)
        return given.get(b"s") if given.get(b"customFormat") in {b"1", b"true"} else None

    def _column_style(self, column: int) -> bytes:
        if self._columns is None:
            self._columns = []
            head = self._opening.start()
            for match in tag(self._prefix, b"col").finditer(self._seen, 0, head):
                given = attributes(match[1])
                first, last, style = given.get(b"min", b"0"), given.get(b"max", b"0"), given.get(b"style", b"")
                if first.isdigit() and last.isdigit() and style.isdigit():
                    self._columns.append((int(first), int(last), style))
        return next((style for first, last, style in self._columns if first <= column <= last), b"")

    def _wider_row(self, opening: re.Match[bytes], made: Iterable[int]) -> bytes:
        text = opening[1]
        spans = attributes(text).get(b"spans", b"").split(b":")
        columns = list(made)
        if columns and len(spans) == 2 and all(part.isdigit() for part in spans):
            first, last = min(int(spans[0]), *columns), max(int(spans[1]), *columns)
            text = with_attributes(text, {b"spans": b"%d:%d" % (first, last)})
        return b"<" + self._prefix + b"row" + text + b">"

    def _widened(self, data: bytes) -> bytes:
        """Return the part with the stated size made to hold the new cells, as some readers stop at it."""
        match = tag(self._prefix, b"dimension").search(self._seen, 0, self._opening.start()) if self._made else None
        if match is None:
            return data
        try:
            old = area(attributes(match[1]).get(b"ref", b"").decode())
        except ValueError:
            return data
        rows, columns = [row for row, _ in self._made], [column for _, column in self._made]
        top, left = min(old.first_row, *rows), min(old.first_column, *columns)
        bottom, right = max(old.last_row, *rows), max(old.last_column, *columns)
        if (top, left, bottom, right) == old:
            return data
        text = f"{column_letters(left)}{top}:{column_letters(right)}{bottom}".encode()
        new = b"<" + self._prefix + b"dimension" + with_attributes(match[1], {b"ref": text}) + match[2] + b">"
        return data[: match.start()] + new + data[match.end() :]

    def _replace(self, start: int, stop: int, text: bytes) -> None:
        if start > self._copied:
            self._out.append(self._data[self._copied : start])
        self._out.append(text)
        self._copied = stop
        self._changed = True

    def _number(self, text: bytes) -> int:
        if not (text.isdigit() and len(text) < 9):
            raise self._fault(f"a row {shown(text.decode())}")
        return int(text)

    def _at(self, row: int, column: int, words: str) -> InputError:
        return InputError(f"{self._where}: cell {column_letters(column)}{row} {words}")

    def _fault(self, words: str) -> InputError:
        return InputError(f"{self._where}: {words}; {SAVE_AGAIN}")

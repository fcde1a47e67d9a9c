"""Files as they should not be, one fault each, and what comes of every one: read exactly, or refused in these words.

`python -m tests.bad_files` reads each in a process of its own and prints the table with its memory and time.
"""

import io
import json
import os
import re
import resource
import struct
import sys
import tempfile
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from iif_reckoner import rulesets
from iif_reckoner.desk.book import Workbook
from iif_reckoner.errors import ReckonerError
from iif_reckoner.package import Package, set_cells
from iif_reckoner.sources import read_counts
from tests.test_package_refusals import REFUSED

ROOT = Path(__file__).parents[1]
BOOK = ROOT / "examples" / "Two-practices-2022-23-to-August.xlsx"
RULESET = "2023-24.v1"
MOST_MEGABYTES = {"book": 300, "counts": 400}
MOST_SECONDS = 10
MEGABYTE = 2**20
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
COUNTS_PART, WORKBOOK_PART = "xl/worksheets/sheet4.xml", "xl/workbook.xml"
KEY = ("X99001", "VI-01", 1)
"""The figure that is spoilt: its numerator stands in G6, its denominator in H6."""

ELSEWHERE = "keep pictures and large sheets of your own in another workbook"
SAVE_AGAIN = "open it in Excel and save it again"
NO_COUNT = "bad.xlsx: Counts H6: {} is no count; write a whole number from 0 up, without commas"
CSV = "practice_code,indicator,month,numerator,denominator\n"
ROW = "A81001,ACC-08,2023-04,5,9\n"


class Case(NamedTuple):
    """A file with one fault: how it is read (`book` or `counts`), how it is made, and what must come of it.

    `told` is the whole message of its refusal, or what is to be read: of a book the counts that differ from those of
    the sound one (none for blank), of a CSV its rows.
    """

    name: str
    reader: str
    make: Callable[[], bytes]
    told: object


@cache
def sound() -> bytes:
    """The workbook as it is before anything happens to it."""
    return BOOK.read_bytes()


# --- Workbooks: what is around the sheets


def with_part(name: str, change: Callable[[bytes], bytes]) -> bytes:
    package = Package.from_bytes(sound(), "bad.xlsx")
    return package.with_parts({name: change(package.part(name))}).to_bytes()


def zipped_with(parts: dict[str, bytes]) -> bytes:
    """The sound workbook with these entries put at its end, whatever they are."""
    out = io.BytesIO(sound())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def lying() -> bytes:
    """The directory says that Counts unpacks to a thousand bytes."""
    data = bytearray(
        with_part(COUNTS_PART, lambda part: part.replace(b"<sheetData>", b" " * MEGABYTE + b"<sheetData>"))
    )
    place = data.rfind(COUNTS_PART.encode()) - 46
    struct.pack_into("<L", data, place + 24, 1000)
    return bytes(data)


def before(mark: bytes, text: bytes) -> Callable[[bytes], bytes]:
    def change(part: bytes) -> bytes:
        assert mark in part
        return part.replace(mark, text + mark, 1)

    return change


def beginning(text: bytes) -> Callable[[bytes], bytes]:
    """Put something before the first element of a part."""
    return lambda part: re.sub(rb"\A(<\?xml[^>]*\?>\s*)?", lambda found: found[0] + text, part, count=1)


def own_sheet(cells: bytes) -> bytes:
    """The workbook with a further sheet of its user's."""
    data = with_part(
        WORKBOOK_PART, before(b"</sheets>", b'<sheet name="Mine" sheetId="99" state="visible" r:id="rIdMine" '
                              b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/>')
    )  # fmt: skip
    package = Package.from_bytes(zipped_late(data, cells), "bad.xlsx")
    return package.to_bytes()


def zipped_late(data: bytes, cells: bytes) -> bytes:
    out, links = io.BytesIO(), "xl/_rels/workbook.xml.rels"
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = old.read(entry)
            if entry.filename == links:
                part = part.replace(
                    b"</Relationships>",
                    b'<Relationship Id="rIdMine" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
                    b'relationships/worksheet" Target="worksheets/mine.xml"/></Relationships>',
                )
            new.writestr(zipfile.ZipInfo(entry.filename), part, zipfile.ZIP_DEFLATED)
        sheet = f'<worksheet xmlns="{MAIN}"><sheetData>'.encode() + cells + b"</sheetData></worksheet>"
        new.writestr(zipfile.ZipInfo("xl/worksheets/mine.xml"), sheet, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def in_counts(cells: bytes) -> bytes:
    """The workbook with these rows behind the last of Counts."""
    return with_part(COUNTS_PART, before(b"</sheetData>", cells))


def rows_of(count: int, each: bytes = b"<c><v>1</v></c>" * 100) -> bytes:
    return b"".join(b'<row r="%d">' % row + each + b"</row>" for row in range(2000, 2000 + count))


# --- Workbooks: what stands in cells


def typed(value: object, cell: str = "H6") -> bytes:
    return set_cells(Package.from_bytes(sound(), "bad.xlsx"), {("Counts", cell): value}).to_bytes()


def raw(cell: bytes) -> bytes:
    """The workbook with other bytes for H6."""

    def change(part: bytes) -> bytes:
        done, times = re.subn(rb'<c r="H6"[^>]*>.*?</c>', cell, part, count=1)
        assert times == 1
        return done

    return with_part(COUNTS_PART, change)


def shown_in(code: bytes) -> bytes:
    """The workbook with H6 in a format of its own."""
    package = Package.from_bytes(sound(), "bad.xlsx")
    styles = package.part("xl/styles.xml")
    number = int(re.search(rb'<cellXfs count="(\d+)"', styles)[1])
    styles = re.sub(rb'<numFmts count="\d+">', rb'\g<0><numFmt numFmtId="999" formatCode="%s"/>' % code, styles)
    styles = styles.replace(b"</cellXfs>", b'<xf numFmtId="999"/></cellXfs>')
    assert b'"999" formatCode' in styles
    data = with_part(COUNTS_PART, lambda part: re.sub(rb'<c r="H6" s="\d+"', b'<c r="H6" s="%d"' % number, part))
    return Package.from_bytes(data, "bad.xlsx").with_parts({"xl/styles.xml": styles}).to_bytes()


def state(word: bytes) -> bytes:
    return with_part(WORKBOOK_PART, lambda part: re.sub(
        rb'(<sheet [^>]*name="Counts"[^>]*?) state="\w+"', rb"\1", part
    ).replace(b'name="Counts"', b'name="Counts" state="' + word + b'"', 1))  # fmt: skip


def renamed() -> bytes:
    return with_part(
        WORKBOOK_PART, lambda part: part.replace(b'name="Counts"', b'name="Z&#228;hlung"').replace(b"'Counts'!", b"Counts!")
        .replace(b"Counts!", "'Zählung'!".encode())
    )  # fmt: skip


def three_rows_lower(part: bytes) -> bytes:
    part = re.sub(rb'<row r="(\d+)"', lambda found: b'<row r="%d"' % (int(found[1]) + 3), part)
    return re.sub(rb'<c r="([A-Z]+)(\d+)"', lambda found: b'<c r="%s%d"' % (found[1], int(found[2]) + 3), part)


OWN_XML = b"<!DOCTYPE worksheet [%s]>"
LAUGHS = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"ha") for n in range(10))
DTD = "bad.xlsx: {}: begins with a DTD, which no spreadsheet program writes; " + SAVE_AGAIN

BOOKS = [
    *(Case(name, "book", lambda data=data: data, f"bad.xlsx: {words}") for name, data, _, words in REFUSED),
    Case("zip bomb", "book", lambda: zipped_with({"xl/bomb.xml": bytes(100 * MEGABYTE)}),
         f"bad.xlsx: xl/bomb.xml unpacks to 100 MB, more than the 32 MB that are read; {ELSEWHERE}"),
    Case("zip bomb in many parts", "book", lambda: zipped_with({f"xl/{n}": bytes(15 * MEGABYTE) for n in range(4)}),
         f"bad.xlsx: unpacks to 66 MB, more than the 64 MB that are read; {ELSEWHERE}"),
    Case("too many parts", "book", lambda: zipped_with({f"xl/{n}": b"" for n in range(2000)}),
         f"bad.xlsx: {2_000 + len(zipfile.ZipFile(BOOK).namelist()):,} parts are more than the 2,000 that are read"),
    Case("directory that lies", "book", lying,
         f"bad.xlsx: damaged: {COUNTS_PART} cannot be unpacked; fetch or copy the file again"),
    Case("cut off in the middle", "book", lambda: sound()[: len(sound()) // 2],
         "bad.xlsx: damaged or cut off; fetch or copy the file again"),
    Case("billion laughs", "book", lambda: with_part(WORKBOOK_PART, beginning(OWN_XML % LAUGHS)),
         DTD.format(WORKBOOK_PART)),
    Case("external entity", "book",
         lambda: with_part(COUNTS_PART, beginning(OWN_XML % b'<!ENTITY x SYSTEM "file:///etc/passwd">')),
         DTD.format("sheet 'Counts'")),
    Case("external DTD", "book",
         lambda: with_part(WORKBOOK_PART, beginning(b'<!DOCTYPE workbook SYSTEM "http://127.0.0.1/x.dtd">')),
         DTD.format(WORKBOOK_PART)),
    Case("UTF-16 inside", "book",
         lambda: with_part(COUNTS_PART, lambda part: part.decode().encode("utf-16")),
         f"bad.xlsx: sheet 'Counts': not in UTF-8; {SAVE_AGAIN}"),
    Case("a million open tags", "book", lambda: in_counts(b"<a>" * 1_000_000),
         "bad.xlsx: sheet 'Counts': more than the 1,000,000 tags that are read"),
    Case("400,000 nested tags", "book", lambda: in_counts(
         b"<row><c><v>1</v></c>" + b"<a>" * 400_000 + b"</a>" * 400_000 + b"</row>"), {}),
    Case("a tag with a million attributes", "book",
         lambda: in_counts(b"<row" + b"".join(b' a%d=""' % n for n in range(1_000_000)) + b"/>"),
         f"bad.xlsx: sheet 'Counts': a tag or text longer than any program writes; {SAVE_AGAIN}"),
    Case("800,000 names of tags", "book", lambda: in_counts(
         b"<row>" + b"".join(b"<a%d/>" % n for n in range(800_000)) + b"<c><v>1</v></c></row>"), {}),
    Case("too many cells", "book", lambda: in_counts(rows_of(2000)),
         f"bad.xlsx: sheet 'Counts': more than the 200,000 cells that are read; {ELSEWHERE}"),
    Case("many cells of its user's", "book", lambda: own_sheet(rows_of(1900)), {}),
    Case("a million rows", "book", lambda: in_counts(b"<row/>" * 500_000 + b"<row><c><v>1</v></c></row>"), {}),
    Case("many links", "book", lambda: with_part("xl/_rels/workbook.xml.rels", before(
         b"</Relationships>", b'<Relationship Id="x" Type="y" Target="z"/>' * 300_000)),
         "bad.xlsx: xl/_rels/workbook.xml.rels: more than the 2,000 links that are read"),
    Case("many names", "book", lambda: with_part(WORKBOOK_PART, before(
         b"</definedNames>", b"".join(b'<definedName name="n%d">1</definedName>' % n for n in range(300_000)))),
         "bad.xlsx: more than the 10,000 sheets and names that are read"),
    Case("open comments behind the cells", "book",
         lambda: with_part(COUNTS_PART, before(b"</worksheet>", b"<!--" * 2_000_000)),
         "bad.xlsx: sheet 'Counts': more than the 1,000,000 tags that are read"),
    Case("megabytes of spaces", "book",
         lambda: with_part(COUNTS_PART, lambda part: b" " * 8 * MEGABYTE + part), {}),
    Case("text", "book", lambda: typed("see below"), NO_COUNT.format("'see below'")),
    Case("comma for thousands", "book", lambda: typed("1,234"), NO_COUNT.format("'1,234'")),
    Case("number as text with spaces", "book", lambda: typed(" 56 "),
         "bad.xlsx: Counts H6: ' 56 ' is no count; it is text for Excel: give the cell the format Number and write it again"),
    Case("no-break space", "book", lambda: typed("\xa056"), NO_COUNT.format("'?56'")),
    Case("full-width digits", "book", lambda: typed("５６"), NO_COUNT.format("'５６'")),  # noqa: RUF001
    Case("percentage as text", "book", lambda: typed("45%"), NO_COUNT.format("'45%'")),
    Case("percentage", "book", lambda: typed(0.45), NO_COUNT.format("0.45")),
    Case("100%", "book", lambda: shown_in(b"0.0%"),
         "bad.xlsx: Counts H6: a percentage is no count; give the cell the format Number and write the count"),
    Case("date", "book", lambda: shown_in(b"[$-809]d mmm yyyy;@"),
         "bad.xlsx: Counts H6: a date is no count; give the cell the format Number and write the count"),
    Case("format with a word", "book", lambda: shown_in(b"#,##0&quot; days&quot;"), {}),
    Case("suppressed", "book", lambda: typed("<5"), NO_COUNT.format("'<5'")),
    Case("star", "book", lambda: typed("*"), NO_COUNT.format("'*'")),
    Case("n/a", "book", lambda: typed("n/a"), NO_COUNT.format("'n/a'")),
    Case("#N/A", "book", lambda: raw(b'<c r="H6" t="e"><v>#N/A</v></c>'), NO_COUNT.format("'#N/A'")),
    Case("#REF! by a formula", "book", lambda: raw(b'<c r="H6" t="e"><f>#REF!</f><v>#REF!</v></c>'),
         NO_COUNT.format("'#REF!'")),
    Case("TRUE", "book", lambda: typed(value=True), NO_COUNT.format("TRUE")),
    Case("negative", "book", lambda: typed(-3), NO_COUNT.format("-3")),
    Case("fraction", "book", lambda: typed(12.5), NO_COUNT.format("12.5")),
    Case("larger than any count", "book", lambda: typed(1e300), NO_COUNT.format("1e+300")),
    Case("a number that is none", "book", lambda: raw(b'<c r="H6"><v>1e999</v></c>'),
         f"bad.xlsx: sheet 'Counts': cell H6 holds no number: '1e999'; {SAVE_AGAIN}"),
    Case("whole number with a point", "book", lambda: raw(b'<c r="H6"><v>56.0</v></c>'), {KEY: [0, 56]}),
    Case("whole number by a formula", "book", lambda: raw(b'<c r="H6"><f>50+6</f><v>56</v></c>'), {KEY: [0, 56]}),
    Case("shared text that is not there", "book", lambda: raw(b'<c r="H6" t="s"><v>99999</v></c>'),
         f"bad.xlsx: sheet 'Counts': cell H6 holds no shared text: '99999'; {SAVE_AGAIN}"),
    Case("blank", "book", lambda: typed(None), {KEY: [0, None]}),
    Case("text in a list size", "book", lambda: set_cells(
         Package.from_bytes(sound(), "bad.xlsx"), {("Practices", "D7"): "8,000"}).to_bytes(),
         "bad.xlsx: Practices D7: '8,000' is no count; write a whole number from 0 up, without commas"),
    Case("merged inputs", "book", lambda: with_part(COUNTS_PART, before(
         b"<printOptions", b'<mergeCells count="1"><mergeCell ref="G6:H7"/></mergeCells>')),
         "bad.xlsx: Counts G6: merged with the cells up to H7; unmerge them and write each figure into its own cell"),
    Case("merged heading", "book", lambda: with_part(COUNTS_PART, before(
         b"<printOptions", b'<mergeCells count="1"><mergeCell ref="A1:H1"/></mergeCells>')), {}),
    Case("hidden sheet", "book", lambda: state(b"hidden"), {}),
    Case("very hidden sheet", "book", lambda: state(b"veryHidden"), {}),
    Case("renamed sheet", "book", renamed, {}),
    Case("rows above the headings", "book", lambda: with_part(COUNTS_PART, three_rows_lower), {}),
    Case("hidden rows", "book", lambda: with_part(
         COUNTS_PART, lambda part: part.replace(b"<row ", b'<row hidden="1" ')), {}),
    Case("wrong dimension", "book", lambda: with_part(COUNTS_PART, lambda part: re.sub(
         rb'<dimension ref="[^"]*"', b'<dimension ref="A1:B2"', part)), {}),
    Case("a cell at XFD1048576", "book", lambda: typed("far", "XFD1048576"), {}),
    Case("a heading that is gone", "book", lambda: typed("Numbers", "G5"),
         "bad.xlsx: Counts: no column is headed 'Apr 2022 numerator'; write it back over the column it belongs to"),
    Case("a sheet that is gone", "book", lambda: with_part(
         WORKBOOK_PART, lambda part: part.replace(b"IIF_SHEET_COUNTS", b"IIF_SHEET_OTHER")),
         "bad.xlsx: has no sheet Counts (its mark IIF_SHEET_COUNTS is gone); take an older copy"),
]  # fmt: skip


# --- Tables in text


def table(*rows: str) -> Callable[[], bytes]:
    return (CSV + "".join(f"{row}\n" for row in rows)).encode


def one(value: str) -> Callable[[], bytes]:
    return table(f"A81001,ACC-08,2023-04,{value},9")


def month_of_england() -> bytes:
    """A million rows in the form of the monthly publication."""
    head = "PRACTICE_CODE,PRACTICE_NAME,QUALITY_SERVICE,ACH_DATE,IND_CODE,MEASURE,VALUE\n"
    rows = [f"A{n // 160:05},A SURGERY WITH A NAME,NCD2324,31/03/2024,NCD{n // 2 % 80 + 900},{'DN'[n % 2]},7\n"
            for n in range(1_000_000)]  # fmt: skip
    return (head + "".join(rows)).encode()


def many_columns() -> bytes:
    """Few bytes with very many empty cells."""
    more = "," * 500 + "\n"
    return (CSV.strip() + more + (ROW.strip() + more) * 50_000).encode()


def csv_zip(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(f"{name}.csv"), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


ACCEPTED = [["A81001", "ACC-08", "2023-04", 5, 9]]
SAVE_CSV = "save it as 'CSV UTF-8'"
IS_NONE = "bad.csv: row 2, numerator: {}; {}"
WHOLE = "write a whole number from 0 up, or leave it empty"
LONG_LINE = "bad.csv: line 2 is longer than any table's; give a table saved as 'CSV UTF-8'"

TABLES = [
    Case("a sound table", "counts", table(ROW.strip()), ACCEPTED),
    Case("empty table", "counts", lambda: b"", "bad.csv: the file is empty"),
    Case("UTF-16", "counts", lambda: (CSV + ROW).encode("utf-16"), f"bad.csv: text in UTF-16; {SAVE_CSV}"),
    Case("UTF-16 without a mark", "counts", lambda: (CSV + ROW).encode("utf-16-le"),
         f"bad.csv: not a text file; {SAVE_CSV}"),
    Case("cp1252", "counts", lambda: (CSV + ROW + "Caf\xe9,ACC-08,2023-04,1,2\n").encode("cp1252"),
         f"bad.csv: row 3 is not UTF-8 text; save the file as 'CSV UTF-8'"),  # noqa: F541
    Case("NUL bytes", "counts", lambda: (CSV + ROW).encode().replace(b"5", b"\0005"),
         f"bad.csv: not a text file; {SAVE_CSV}"),
    Case("NUL bytes far below", "counts", lambda: (CSV + ROW * 400).encode() + b"A81001,ACC-08,2023-04,\0005,9\n",
         f"bad.csv: row 402, numerator: '?5' is not a whole number; {WHOLE}"),
    Case("one line of 80 MB", "counts", lambda: CSV.encode() + b"x" * 80 * MEGABYTE, LONG_LINE),
    Case("one field of 80 MB", "counts", lambda: CSV.encode() + b'"' + b"x" * 80 * MEGABYTE + b'",a,b,c,d\n', LONG_LINE),
    Case("80 MB of commas", "counts", lambda: CSV.encode() + b"," * 80 * MEGABYTE, LONG_LINE),
    Case("80 MB of line ends", "counts", lambda: CSV.encode() + b"\n" * 80 * MEGABYTE + ROW.encode(),
         "bad.csv: more than the 1,100,000 rows that are read"),
    Case("80 MB of carriage returns", "counts", lambda: CSV.encode() + b"\r" * 80 * MEGABYTE + ROW.encode(),
         "bad.csv: more than the 1,100,000 rows that are read"),
    Case("more than is read", "counts", lambda: CSV.encode() + b" " * 100 * MEGABYTE,
         "bad.csv: 100 MB are more than the 90 MB that are read"),
    Case("zip bomb with a table's name", "counts", lambda: csv_zip(bad=bytes(200 * MEGABYTE)),
         "bad.csv: bad.csv has 200 MB unpacked, more than the 90 MB that are read"),
    Case("two tables in a zip", "counts", lambda: csv_zip(a=b"x", b=b"y"),
         "bad.csv: holds 2 .csv files (a.csv, b.csv); unpack it and give the one .csv that is meant"),
    Case("500 columns", "counts", many_columns,
         "bad.csv: 50,001 rows of 505 columns are more than the 20,000,000 cells that are read; "
         "keep the columns that are needed"),
    Case("a month of England", "counts", month_of_england,
         "bad.csv: no row is of 2023-24.v1; the file has NCD900, NCD901, NCD902, NCD903, NCD904, NCD905, NCD906, NCD907, "
         "... of 2023/24; its indicators are VI-02, VI-03, HI-03, CAN-02, ACC-08"),
    Case("unclosed quotation mark", "counts", (CSV + ROW + '"A81002,ACC-08,2023-04,5,9\n').encode,
         "bad.csv: row 3, the last: 1 of 5 columns; the file is cut off, fetch or save it again"),
    Case("unclosed quotation mark far above", "counts", (CSV + '"' + ROW * 20_000).encode,
         "bad.csv: a quotation mark is never closed; the file may be cut off"),
    Case("heading twice", "counts", (CSV.strip() + ",Numerator\n" + ROW.strip() + ",6\n").encode,
         "bad.csv: row 1: two columns are named NUMERATOR; keep one"),
    Case("cut off in a row", "counts", (CSV + ROW + "A81002,ACC-08").encode,
         "bad.csv: row 3, the last: 2 of 5 columns; the file is cut off, fetch or save it again"),
    Case("workbook with a table's name", "counts", sound,
         "bad.csv: an Excel workbook, not CSV; in Excel save it as 'CSV UTF-8'"),
    Case("web page with a table's name", "counts", lambda: b"<!DOCTYPE html><table>",
         "bad.csv: a web page (HTML or XML), not CSV; open it in Excel and save it as 'CSV UTF-8'"),
    Case("comma for thousands in a table", "counts", one('"1,234"'),
         IS_NONE.format("'1,234' is not a whole number", "write 1234")),
    Case("spaces around a number", "counts", one(" 5 "), ACCEPTED),
    Case("no-break space before a number", "counts", one("\xa05"), ACCEPTED),
    Case("full-width digits in a table", "counts", one("５"), IS_NONE.format("'５' is not a whole number", WHOLE)),  # noqa: RUF001
    Case("percentage in a table", "counts", one("45%"),
         IS_NONE.format("'45%' is not a whole number", "write the count, not a percentage")),
    Case("less than 5", "counts", one("<5"),
         IS_NONE.format("'<5' is not a whole number", "write the count itself, or * where it is suppressed")),
    Case("negative in a table", "counts", one("-5"), IS_NONE.format("'-5' is less than 0", WHOLE)),
    Case("fraction in a table", "counts", one("2.5"), IS_NONE.format("'2.5' is not a whole number", WHOLE)),
    Case("date in a table", "counts", one("01/04/2023"), IS_NONE.format("'01/04/2023' is not a whole number", WHOLE)),
    Case("TRUE in a table", "counts", one("TRUE"), IS_NONE.format("'TRUE' is not a whole number", WHOLE)),
    Case("#N/A in a table", "counts", one("#N/A"), IS_NONE.format("'#N/A' is not a whole number", WHOLE)),
    Case("formula in a code", "counts", table("=1+1,ACC-08,2023-04,5,9"),
         "bad.csv: row 2, practice_code: '=1+1' is no practice's code, which is a letter and five digits; "
         "leave totals out"),
]  # fmt: skip

CASES = [*BOOKS, *TABLES]


# --- Reading them


def read_book(path: Path) -> object:
    """Return the counts that differ from those of the sound workbook."""
    found, meant = _counts(path), _meant()
    return {
        key: found.get(key, [None, None]) for key in found.keys() | meant.keys() if found.get(key) != meant.get(key)
    }


def _counts(path: Path) -> dict[object, list[int | None]]:
    return {key: list(pair) for key, pair in Workbook.open(path).content().counts.items()}


@cache
def _meant() -> dict[object, list[int | None]]:
    return _counts(BOOK)


def read_table(path: Path) -> object:
    rows = read_counts(path, _rules()).rows
    return rows[["organisation_code", "indicator", "month", "numerator", "denominator"]].to_numpy().tolist()


@cache
def _rules():
    return rulesets.load(RULESET)


READERS = {"book": read_book, "counts": read_table}


class Outcome(NamedTuple):
    """What came of a file: whether it was as it must be, in words, and what it took."""

    name: str
    reader: str
    right: bool
    words: str
    megabytes: int
    seconds: float


def told(case: Case, path: Path) -> tuple[bool, str]:
    """Read a file; return whether what came of it is right, and what came of it."""
    try:
        found = READERS[case.reader](path)
    except ReckonerError as error:
        return str(error) == case.told, str(error)
    return found == case.told, "read exactly" if found == case.told else f"read as {str(found)[:300]}"


def measured(case: Case, folder: Path) -> Outcome:
    """Make a file in one child and read it in another, whose memory and processor time are taken."""
    path = folder / ("bad.xlsx" if case.reader == "book" else "bad.csv")
    _in_child(lambda: path.write_bytes(case.make()) and None)
    words, memory, seconds = _in_child(lambda: told(case, path))
    right, text = json.loads(words) if words else (False, "the process ended without a word")
    return Outcome(case.name, case.reader, right, text, memory, seconds)


def mapped() -> int:
    """Return how many bytes of address space this process holds, used or not."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def _in_child(work: Callable[[], object]) -> tuple[bytes, int, float]:
    sys.stdout.flush()
    out, into = os.pipe()
    child = os.fork()
    if not child:
        # No fault may take the machine with it; what the parent had mapped already is not the fault's doing.
        room = mapped() + (4 << 30)
        resource.setrlimit(resource.RLIMIT_AS, (room, room))
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
        try:
            os.write(into, json.dumps(work()).encode()[:60_000])
        except BaseException as error:  # noqa: BLE001 (whatever it is, the parent is to hear of it)
            os.write(into, json.dumps([False, f"{type(error).__name__}: {str(error)[:300]}"]).encode())
        os._exit(0)
    os.close(into)
    with os.fdopen(out, "rb") as file:
        words = file.read()
    _, _, used = os.wait4(child, 0)
    return words, used.ru_maxrss // 1024, used.ru_utime + used.ru_stime


def outcomes() -> list[Outcome]:
    """Return what comes of every file."""
    for reader in (_meant, _rules):
        reader()
    with tempfile.TemporaryDirectory() as folder:
        return [measured(case, Path(folder)) for case in CASES]


def in_words(found: list[Outcome]) -> str:
    """Return the outcomes as a table with its sums."""
    lines = [f"{'file':<34} {'MB':>4} {'s':>5}  outcome"]
    lines += [f"{each.name:<34} {each.megabytes:>4} {each.seconds:>5.2f}  {'' if each.right else 'WRONG: '}{each.words}"
              for each in found]  # fmt: skip
    exact = sum(each.words == "read exactly" for each in found)
    for reader, most in MOST_MEGABYTES.items():
        own = [each for each in found if each.reader == reader]
        lines.append(
            f"{len(own)} files for the reader of {reader}: at most {max(each.megabytes for each in own)} MB of {most} and "
            f"{max(each.seconds for each in own):.1f} s of {MOST_SECONDS}"
        )
    lines.append(
        f"{len(found)} bad files tried: {exact} read exactly, {sum(each.right for each in found) - exact} refused in words, "
        f"{sum(not each.right for each in found)} not as they should be"
    )
    return "\n".join(lines)


if __name__ == "__main__":
    done = outcomes()
    if "--json" in sys.argv[1:]:
        print(json.dumps([each._asdict() for each in done]))
    else:
        print(in_words(done))
    sys.exit(not all(each.right for each in done))

"""Patching: only the asked cells change, byte for byte, whoever wrote the workbook."""

import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iif_reckoner.errors import InputError, UnknownNameError
from iif_reckoner.package import Package, set_cached, set_cells
from tests.test_package_books import (
    COUNTS,
    DATE,
    MAIN,
    SHEET,
    by_libreoffice,
    by_openpyxl,
    by_xlsxwriter,
    cell_texts,
    differing,
    hand_made,
    hand_parts,
    one_sheet,
    parts_of,
    zipped,
)

FIRST, SECOND = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
CACHED = {
    "D1": 6,
    "E1": "<9",
    "D2": 12.5,
    "E3": "",
    "D4": True,
    "E5": "#N/A",
    "D6": None,
    "F1": 9,
    "F2": 18,
    "F40": 360,
}
TYPED = {
    "A1": "=1+1",
    "B1": 77,
    "C2": None,
    "A3": " two\nlines & <more> ",
    "B45": 0.1,
    "G2": "new",
    "C41": Decimal("1.50"),
}


def changed_cells(before, after, part, prefix=b""):
    old, new = (cell_texts(parts_of(data)[part], prefix) for data in (before, after))
    return {address for address in old | new if old.get(address) != new.get(address)}


def written_by(writer, tmp_path):
    return by_libreoffice(by_openpyxl(), tmp_path) if writer == "libreoffice" else writer()


WRITERS = pytest.mark.parametrize("writer", [by_openpyxl, by_xlsxwriter, "libreoffice"])


@WRITERS
def test_cached_values_in_other_programs_workbooks(writer, tmp_path):
    before = written_by(writer, tmp_path)
    book = Package.from_bytes(before, "x.xlsx")
    after = set_cached(book, {("Counts", cell): value for cell, value in CACHED.items()}).to_bytes()
    assert differing(before, after) == [FIRST]
    grid = Package.from_bytes(after, "x.xlsx").grid("Counts")
    assert {cell: grid[cell].value for cell in CACHED} == CACHED
    assert all(grid[cell].is_formula for cell in CACHED)
    # What holds the value already keeps its bytes.
    old = book.grid("Counts")
    held = {cell for cell in CACHED if cell in old and old[cell].value == CACHED[cell]}
    assert changed_cells(before, after, FIRST) == set(CACHED) - held
    values = openpyxl.load_workbook(io.BytesIO(after), data_only=True)["Counts"]
    assert [values[cell].value or None for cell in CACHED] == [value or None for value in CACHED.values()]
    formulas = openpyxl.load_workbook(io.BytesIO(after))["Counts"]
    assert formulas["E1"].value == '=IF(B1<9,"<9","")'
    assert formulas["F1"].value.ref == "F1:F40"


@WRITERS
def test_typed_values_in_other_programs_workbooks(writer, tmp_path):
    before = written_by(writer, tmp_path)
    after = set_cells(
        Package.from_bytes(before, "x.xlsx"), {("Counts", cell): value for cell, value in TYPED.items()}
    ).to_bytes()
    assert differing(before, after) == [FIRST]
    assert changed_cells(before, after, FIRST) == set(TYPED)
    grid = Package.from_bytes(after, "x.xlsx").grid("Counts")
    assert {cell: grid[cell].value for cell in TYPED} == TYPED
    assert not any(grid[cell].is_formula for cell in TYPED)
    sheet = openpyxl.load_workbook(io.BytesIO(after))["Counts"]
    assert {cell: sheet[cell].value for cell in TYPED} == TYPED
    assert sheet["A1"].data_type == "s"
    assert b'<t xml:space="preserve"> two' in parts_of(after)[FIRST]
    styles = openpyxl.load_workbook(io.BytesIO(before))["Counts"]
    assert all(sheet[cell].style_id == styles[cell].style_id for cell in ("A1", "B1", "C2", "A3"))


def test_libreoffice_shows_what_was_put_in(tmp_path):
    book = Package.from_bytes(by_openpyxl(), "x.xlsx")
    book = set_cells(book, {("Counts", "A1"): "=1+1", ("Counts", "G50"): 4.5})
    book = set_cached(book, {("Counts", "D2"): 777777, ("Counts", "E1"): "shown"})
    grid = Package.from_bytes(by_libreoffice(book.to_bytes(), tmp_path), "x.xlsx").grid("Counts")
    assert [grid[cell].value for cell in ("A1", "G50", "D2", "E1")] == ["=1+1", 4.5, 777777, "shown"]


def test_excels_marks_stay_and_each_cell_changes_as_it_must():
    book = hand_made()
    before = book.to_bytes()
    patched = set_cells(
        book,
        {
            (COUNTS, "A1"): "Surgery",
            (COUNTS, "C1"): 5,
            (COUNTS, "E1"): None,
            (COUNTS, "A2"): "text & <tag>",
            (COUNTS, "E2"): 7,
            (COUNTS, "F2"): 8,
            (COUNTS, "B3"): 9,
            (COUNTS, "I3"): 10,
            (COUNTS, "G4"): 11,
            (COUNTS, "B1048576"): 12,
        },
    )
    patched = set_cached(
        patched,
        {
            (COUNTS, "A4"): 3.5,
            (COUNTS, "B4"): "x",
            (COUNTS, "C4"): "",
            (COUNTS, "D4"): 4,
            (COUNTS, "E4"): -0.0,
            (COUNTS, "F4"): False,
            (COUNTS, "A5"): "#DIV/0!",
            (COUNTS, "B5"): Decimal("2.50"),
            (COUNTS, "F5"): 1e-7,
        },
    )
    after = patched.to_bytes()
    assert differing(before, after) == [FIRST]
    expected = SHEET
    for old, new in (
        ('<dimension ref="A1:C2"/>', '<dimension ref="A1:I1048576"/>'),
        ('<c r="A1" s="1" t="s"><v>0</v></c>', '<c r="A1" s="1" t="inlineStr"><is><t>Surgery</t></is></c>'),
        ('<c r="C1" t="s" ph="1"><v>2</v></c>', '<c r="C1" ph="1"><v>5</v></c>'),
        ('<c r="E1" t="inlineStr"><is><t>in &amp; line</t></is></c>', '<c r="E1"/>'),
        (
            '<row r="2" spans="1:5" s="3" customFormat="1" x14ac:dyDescent="0.25">',
            '<row r="2" spans="1:6" s="3" customFormat="1" x14ac:dyDescent="0.25">',
        ),
        (
            '<c r="A2" s="2"><v>56</v></c>',
            '<c r="A2" s="2" t="inlineStr"><is><t>text &amp; &lt;tag&gt;</t></is></c>',
        ),
        (
            '<c r="E2" s="2"/></row>',
            '<c r="E2" s="2"><v>7</v></c><c r="F2" s="3"><v>8</v></c></row>'
            '<row r="3"><c r="B3"><v>9</v></c><c r="I3" s="4"><v>10</v></c></row>',
        ),
        ("<f>A2*2</f><v>112</v>", "<f>A2*2</f><v>3.5</v>"),
        (
            '<c r="B4"><f t="shared" ref="B4:B5" si="0">A4+1</f><v>113</v></c>',
            '<c r="B4" t="str"><f t="shared" ref="B4:B5" si="0">A4+1</f><v>x</v></c>',
        ),
        ("<v>ok</v>", "<v></v>"),
        ('<c r="D4" t="e" vm="1"><f>NA()</f><v>#N/A</v></c>', '<c r="D4"><f>NA()</f><v>4</v></c>'),
        ('<f t="array" ref="E4:F5">A4:B5</f><v>1</v>', '<f t="array" ref="E4:F5">A4:B5</f><v>0</v>'),
        ('<c r="F4"><v>2</v></c></row>', '<c r="F4" t="b"><v>0</v></c><c r="G4"><v>11</v></c></row>'),
        ('<c r="A5"><f ca="1">NOW()</f></c>', '<c r="A5" t="e"><f ca="1">NOW()</f><v>#DIV/0!</v></c>'),
        ('<f t="shared" si="0"/><v>1</v>', '<f t="shared" si="0"/><v>2.5</v>'),
        ('<c r="E5"><v>3</v></c></row>', '<c r="E5"><v>3</v></c><c r="F5"><v>1e-07</v></c></row>'),
        ('<row r="1048576">', '<row r="1048576"><c r="B1048576"><v>12</v></c>'),
    ):
        assert expected.count(old) == 1, old
        expected = expected.replace(old, new)
    assert parts_of(after)[FIRST].decode() == expected


def test_prefixes_quotes_comments_and_cells_without_an_address():
    book = hand_made()
    patched = set_cells(book, {("Plain", "B2"): "x", ("Plain", "C2"): 1, ("Plain", "B3"): 80, ("Plain", "A1"): 0})
    patched = set_cached(patched, {("Plain", "D2"): "new"})
    after = parts_of(patched.to_bytes())[SECOND].decode()
    expected = parts_of(book.to_bytes())[SECOND].decode()
    for old, new in (
        ("  <x:row r='2'>", '<x:row r="1"><x:c r="A1"><x:v>0</x:v></x:c></x:row>\n  <x:row r=\'2\'>'),
        (
            "<x:c r = 'B2' s='1' t='n'><x:v>5</x:v></x:c>",
            "<x:c r = 'B2' s='1' t=\"inlineStr\"><x:is><x:t>x</x:t></x:is></x:c>",
        ),
        ("<x:c r='D2' t='str'>", "<x:c r=\"C2\"><x:v>1</x:v></x:c><x:c r='D2' t='str'>"),
        ("<x:v>old</x:v>", "<x:v>new</x:v>"),
        ("<x:v>8</x:v>", "<x:v>80</x:v>"),
    ):
        assert expected.count(old) == 1, old
        expected = expected.replace(old, new)
    assert "".join(after.split()) == "".join(expected.split())
    assert {cell.address: cell.value for cell in patched.cells("Plain")} == {
        "A1": 0, "B2": "x", "C2": 1, "D2": "new", "A3": 7, "B3": 80,
    }  # fmt: skip


def test_what_holds_the_value_already_keeps_its_bytes():
    book = hand_made()
    cells = list(book.cells(COUNTS))
    # A typed error has no value of its own kind to put in again.
    typed = {(COUNTS, cell.address): cell.value for cell in cells if not cell.is_formula and cell.kind != "error"}
    same = set_cells(book, typed)
    same = set_cached(same, {(COUNTS, cell.address): cell.value for cell in cells if cell.is_formula})
    assert len(typed) > 9
    assert differing(book.to_bytes(), same.to_bytes()) == []
    assert same.to_bytes() == book.to_bytes()
    assert set_cells(book, {}).to_bytes() == book.to_bytes()
    assert set_cells(book, {(COUNTS, "Z99"): None, (COUNTS, "Z2"): ""}).to_bytes() == book.to_bytes()


@pytest.mark.parametrize(
    "rows", ["<sheetData/>", "<sheetData></sheetData>", '<sheetData><row r="2" ht="9"/></sheetData>']
)
def test_cells_where_there_were_none(rows):
    book = hand_made(sheet2=f'<worksheet xmlns="{MAIN}"><dimension ref="A1"/>{rows}<pageMargins left="1"/></worksheet>')
    patched = set_cells(book, {("Plain", "B2"): 1, ("Plain", "A2"): 2, ("Plain", "A1"): 3, ("Plain", "C3"): "x"})
    assert {cell.address: cell.value for cell in patched.cells("Plain")} == {"A1": 3, "A2": 2, "B2": 1, "C3": "x"}
    text = parts_of(patched.to_bytes())[SECOND].decode()
    assert '<dimension ref="A1:C3"/><sheetData><row r="1">' in text
    assert text.endswith('</sheetData><pageMargins left="1"/></worksheet>')
    assert ('<row r="2" ht="9">' in text) == ("ht" in rows)


def test_the_same_input_gives_the_same_bytes_whatever_the_order():
    values = {(COUNTS, "A1"): "x", (COUNTS, "B7"): 2, ("Plain", "B2"): 3}
    data = zipped(hand_parts())
    made = {
        set_cells(Package.from_bytes(data, "x"), dict(order)).to_bytes()
        for order in (list(values.items()), list(values.items())[::-1])
    }
    assert len(made) == 1


def test_untouched_parts_lie_there_as_they_were_and_changed_ones_have_the_fixed_date():
    before = zipped(hand_parts())
    after = set_cells(Package.from_bytes(before, "x"), {(COUNTS, "A1"): 1}).to_bytes()
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        for was, entry in zip(old.infolist(), new.infolist(), strict=True):
            assert entry.date_time == ((1980, 1, 1, 0, 0, 0) if entry.filename == FIRST else DATE)
            if entry.filename != FIRST:
                assert (was.CRC, was.compress_size, was.compress_type) == (
                    entry.CRC,
                    entry.compress_size,
                    entry.compress_type,
                )


def test_a_zip_written_to_a_stream_is_read_and_rewritten():
    class Stream(io.RawIOBase):
        def __init__(self):
            self.data = bytearray()

        def writable(self):
            return True

        def write(self, data):
            self.data += data
            return len(data)

    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/", b"")
        for name, content in hand_parts().items():
            archive.writestr(name, content)
    book = Package.from_bytes(bytes(stream.data), "x")
    after = set_cells(book, {(COUNTS, "A1"): 1}).to_bytes()
    assert differing(bytes(stream.data), after) == [FIRST]
    with zipfile.ZipFile(io.BytesIO(bytes(stream.data))) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        # The mark that the sizes follow the bytes.
        assert any(entry.flag_bits & 8 for entry in old.infolist())
        assert not any(entry.flag_bits & 8 for entry in new.infolist())


def test_what_a_zip_keeps_beside_an_entry_stays_but_not_its_wide_sizes():
    stamp, wide = b"UT\x05\x00\x01\0\0\0\0", b"\x01\x00\x08\x00" + bytes(8)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in hand_parts().items():
            entry = zipfile.ZipInfo(name, DATE)
            entry.extra, entry.comment, entry.external_attr = wide + stamp, b"note", 0o640 << 16
            archive.writestr(entry, content)
    after = set_cells(Package.from_bytes(out.getvalue(), "x"), {(COUNTS, "A1"): 1}).to_bytes()
    with zipfile.ZipFile(io.BytesIO(after)) as new:
        kept = new.getinfo("xl/workbook.xml")
        assert (kept.extra, kept.comment, kept.external_attr) == (stamp, b"note", 0o640 << 16)


@pytest.mark.parametrize(
    ("setter", "cell", "value", "words"),
    [
        (set_cells, "A4", 1, "cell A4 holds a formula; clear it in Excel if a figure is to stand there"),
        (set_cells, "B5", 1, "cell B5 holds a formula; clear it in Excel if a figure is to stand there"),
        (set_cells, "F4", 1, "cell F4 belongs to an array formula; clear it in Excel if a figure is to stand there"),
        (set_cells, "F5", 1, "cell F5 belongs to an array formula; clear it in Excel if a figure is to stand there"),
        (set_cached, "A2", 1, "cell A2 holds no formula, so no result of one can be put there"),
        (set_cached, "G4", 1, "cell G4 holds no formula, so no result of one can be put there"),
        (set_cached, "F6", 1, "cell F6 holds no formula, so no result of one can be put there"),
        (set_cells, "A2", float("nan"), "cell A2 cannot hold nan"),
        (set_cached, "A4", float("inf"), "cell A4 cannot hold inf"),
        (set_cells, "A2", "a\x00b", "cell A2 cannot hold a control character"),
        (set_cells, "A2", "\ud800", "cell A2 cannot hold a control character"),
        (set_cells, "A2", "x" * 32768, "cell A2 cannot hold text of 32,768 characters, more than 32,767"),
        (set_cells, "A0", 1, "'A0' is no cell"),
        (set_cells, "XFE1", 1, "'XFE' is no column"),
        (set_cells, "A1048577", 1, "'A1048577' is no cell"),
    ],
)
def test_refused_with_the_cell(setter, cell, value, words):
    with pytest.raises(InputError) as error:
        setter(hand_made(), {(COUNTS, cell): value})
    assert str(error.value) == f"book.xlsx: sheet 'Jo's counts & more': {words}"


def test_an_unknown_sheet_is_refused():
    with pytest.raises(UnknownNameError) as error:
        set_cells(hand_made(), {("Plane", "A1"): 1})
    assert str(error.value) == "no sheet 'Plane'; nearest: Plain; in book.xlsx"


AGAIN = "open it in Excel and save it again"


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ('<sheetData><row r="3"/><row r="2"/></sheetData>', f"row 2 is out of order; {AGAIN}"),
        (
            '<sheetData><row r="9"><c r="B9"/><c r="A9"/></row></sheetData>',
            f"a cell 'A9' in row 9, where none can be; {AGAIN}",
        ),
        (
            '<sheetData><row r="9"><c/><c/><c>?<v>1</v></c></row></sheetData>',
            f"row 9 holds what no program writes; {AGAIN}",
        ),
        ('<sheetData><row r="9"><c><v/><c/></c></row></sheetData>', f"row 9 holds what no program writes; {AGAIN}"),
        (
            '<sheetData><row r="9"><c r="C9"><v>3</v><v>2</v></c></row></sheetData>',
            f"row 9 holds what no program writes; {AGAIN}",
        ),
        ('<sheetData><row r="9">?<c/><c/></row></sheetData>', f"row 9 holds what no program writes; {AGAIN}"),
        ('<sheetData><row r="9"><a/><c/><c/></row></sheetData>', f"row 9 holds what no program writes; {AGAIN}"),
        ("<sheetData><column/></sheetData>", f"after row 0 something stands that is no row; {AGAIN}"),
        ("<cells/>", f"has no cells; {AGAIN}"),
        (
            '<sheetData><row r="1"><c r="A1"><f t="array" ref="?">1</f></c></row></sheetData>',
            f"an array covers '?'; {AGAIN}",
        ),
    ],
)
def test_a_sheet_that_no_program_writes_is_not_patched(part, words):
    with pytest.raises(InputError) as error:
        set_cells(hand_made(sheet2=f'<worksheet xmlns="{MAIN}">{part}</worksheet>'), {("Plain", "C9"): 1})
    assert str(error.value) == f"book.xlsx: sheet 'Plain': {words}"


def test_a_damaged_sheet_is_not_patched():
    # The head, where the sheet's code name stands, is read when the workbook is opened.
    late = "<row/>" * 20_000
    for text in (f"{late}<row></sheetData>", f"{late}&undefined;</sheetData>", f"{late}"):
        with pytest.raises(InputError) as error:
            set_cells(
                hand_made(sheet2=f'<worksheet xmlns="{MAIN}"><sheetData>{text}</worksheet>'), {("Plain", "A1"): 1}
            )
        assert str(error.value).startswith("book.xlsx: sheet 'Plain': not well-formed (")


def test_a_cells_extension_and_a_tables_what_if_stay():
    book = one_sheet(
        '<row r="1"><c r="A1"><v>1</v><extLst><ext uri="x"/></extLst></c><c r="B1" t="inlineStr"><is><t>old</t>'
        '<rPh sb="0" eb="1"><t>ka</t></rPh></is><extLst/></c>'
        '<c r="C1"><f t="dataTable" ref="C1:D2" r1="A1"/><v>1</v></c></row>'
    )
    assert book.grid("Plain")["B1"].value == "old"
    patched = set_cells(book, {("Plain", "A1"): 2, ("Plain", "B1"): None})
    patched = set_cached(patched, {("Plain", "D2"): 5})
    assert (
        '<c r="A1"><v>2</v><extLst><ext uri="x"/></extLst></c><c r="B1"><extLst/></c>'
        '<c r="C1"><f t="dataTable" ref="C1:D2" r1="A1"/><v>1</v></c></row><row r="2"><c r="D2"><v>5</v></c></row>'
    ) in parts_of(patched.to_bytes())[SECOND].decode()


CELLS = st.tuples(st.integers(1, 12), st.integers(1, 30)).map(lambda place: f"{chr(64 + place[0])}{place[1]}")
# XML makes one of \r\n and \n, and what cannot stand in XML at all is refused.
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\r\n\t_x0Dd"), max_size=12)
VALUES = st.one_of(
    st.integers(-(10**14), 10**14),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS.filter(bool),
    st.booleans(),
    st.none(),
).filter(
    lambda value: value not in {"\ufffe", "\uffff"} and not (isinstance(value, str) and {*value} & {"\ufffe", "\uffff"})
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(CELLS, VALUES, max_size=25), st.dictionaries(CELLS, VALUES, max_size=25))
def test_what_is_put_in_is_read_back_and_the_rest_stays(first, second):
    book = hand_made(sheet2=f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>')
    filled = set_cells(set_cells(book, {("Plain", cell): value for cell, value in first.items()}),
                       {("Plain", cell): value for cell, value in second.items()})  # fmt: skip
    expected = {cell: value for cell, value in {**first, **second}.items() if value is not None}
    found = {cell.address: cell.value for cell in filled.cells("Plain") if cell.value is not None}
    assert found == expected
    assert {cell: type(value) is bool for cell, value in found.items()} == {
        cell: type(value) is bool for cell, value in expected.items()
    }
    assert differing(book.to_bytes(), filled.to_bytes()) == (
        [SECOND] if any(value is not None for value in first.values()) or expected else []
    )
    openpyxl.load_workbook(io.BytesIO(filled.to_bytes()))

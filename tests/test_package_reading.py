"""Reading: sheets, names, texts and cells as they stand, whoever wrote the workbook."""

import io
import re

import openpyxl
import pytest

from iif_reckoner.errors import InputError, UnknownNameError
from iif_reckoner.package import Package, cells_in_blocks, code_name, column_number
from iif_reckoner.package import cells as cells_module
from tests.test_package_books import (
    COUNTS,
    MAIN,
    WORKBOOK,
    WORKBOOK_LINKS,
    by_libreoffice,
    by_openpyxl,
    by_xlsxwriter,
    hand_made,
    hand_parts,
    one_sheet,
    zipped,
)


def test_sheets_with_title_part_state_and_code_name():
    book = hand_made()
    first, second = book.sheets
    assert (first.name, first.part, first.kind, first.seen) == (
        COUNTS,
        "xl/worksheets/sheet1.xml",
        "worksheet",
        "visible",
    )
    assert (second.name, second.part, second.seen) == ("Plain", "xl/worksheets/sheet2.xml", "veryHidden")
    assert [code_name(book, sheet.name) for sheet in book.sheets] == ["Sheet1", ""]


def test_links_lead_to_parts_inside_the_package_only():
    links = hand_made().links("xl/workbook.xml")
    assert {link.part for link in links} == {
        "xl/sharedStrings.xml",
        "xl/worksheets/sheet1.xml",
        "xl/styles.xml",
        "xl/calcChain.xml",
        "xl/worksheets/sheet2.xml",
    }
    # Targets are addresses, so a space may stand there as %20; large letters are small ones.
    spaced = WORKBOOK_LINKS.replace('"/xl/worksheets/sheet2.xml"', '"My%20Sheets/../Worksheets/sheet2.xml"')
    assert hand_made(links=spaced).grid("Plain")["B2"].value == 5
    spaced = WORKBOOK_LINKS.replace('"sharedStrings.xml"', '"my%20texts.xml"')
    parts = hand_parts(links=spaced)
    parts["xl/my texts.xml"] = parts.pop("xl/sharedStrings.xml")
    assert Package.from_bytes(zipped(parts), "x").grid(COUNTS)["A1"].value == "Practice"


def test_names_of_the_workbook_and_not_those_of_a_copied_sheet():
    book = hand_made()
    assert book.names == {"IIF_SHEET_COUNTS": "'Jo''s counts & more'!$A$1", "IIF_LAYOUT": "1"}
    sheet, area = book.place("iif_sheet_counts")
    assert (sheet.name, area.addresses()) == (COUNTS, ["A1"])
    with pytest.raises(InputError) as error:
        book.place("IIF_LAYOUT")
    assert str(error.value) == "book.xlsx: the name IIF_LAYOUT stands for '1', not for cells"
    with pytest.raises(UnknownNameError) as unknown:
        book.place("IIF_SHEET_COUNT")
    assert str(unknown.value) == "no name 'IIF_SHEET_COUNT'; nearest: IIF_SHEET_COUNTS, IIF_LAYOUT; in book.xlsx"


def test_an_unknown_sheet_gives_the_nearest():
    with pytest.raises(UnknownNameError) as error:
        hand_made().grid("Plan")
    assert str(error.value) == "no sheet 'Plan'; nearest: Plain; in book.xlsx"


def test_every_kind_of_cell_in_excels_manner():
    found = {cell.address: cell[2:] for cell in hand_made().cells(COUNTS)}
    assert found == {
        "A1": ("text", "Practice", False, "", 1),
        "B1": ("text", "Rich text", False, "", 0),
        "C1": ("text", "課きく", False, "", 0),
        "D1": ("text", " two\r\nlines <5 _x000D_ ", False, "", 0),
        "E1": ("text", "in & line", False, "", 0),
        "A2": ("number", 56, False, "", 2),
        "B2": ("number", 0.1, False, "", 2),
        "C2": ("bool", True, False, "", 0),
        "D2": ("error", "#N/A", False, "", 0),
        "E2": ("blank", None, False, "", 2),
        "A4": ("number", 112, True, "A2*2", 0),
        "B4": ("number", 113, True, "A4+1", 0),
        "C4": ("text", "ok", True, 'IF(A2<5,"<5","ok")', 0),
        "D4": ("error", "#N/A", True, "NA()", 0),
        "E4": ("number", 1, True, "A4:B5", 0),
        "F4": ("number", 2, True, "", 0),
        "A5": ("blank", None, True, "NOW()", 0),
        "B5": ("number", 1, True, "", 0),
        "E5": ("number", 3, True, "", 0),
        "XFD1048576": ("text", "far", False, "", 0),
    }


def test_prefixes_comments_cdata_and_cells_without_an_address():
    found = {cell.address: (cell.value, cell.formula) for cell in hand_made().cells("Plain")}
    assert found == {"B2": (5, ""), "D2": ("old", 'IF(A1<5,"</x:c>","")'), "A3": (7, ""), "B3": (8, "")}


def test_columns_alone_are_read_and_an_array_outside_them_still_counts():
    book = hand_made()
    assert {cell.address for cell in book.cells(COUNTS, ["A", "F"])} == {"A1", "A2", "A4", "F4", "A5"}
    assert book.grid(COUNTS, ["F"])["F4"].is_formula
    assert type(book.grid(COUNTS, ["A"])["A2"].value) is int


def test_a_wrong_dimension_hides_nothing():
    # It says A1:C2.
    assert hand_made().grid(COUNTS)["XFD1048576"].value == "far"


@pytest.mark.parametrize("writer", [by_openpyxl, by_xlsxwriter])
def test_other_programs_workbooks_read_as_openpyxl_reads_them(writer):
    data = writer()
    compare_with_openpyxl(data)


def test_libreoffices_workbooks_read_as_openpyxl_reads_them(tmp_path):
    data = by_libreoffice(by_openpyxl(), tmp_path)
    compare_with_openpyxl(data)
    assert Package.from_bytes(data, "x").grid("Counts")["D2"].value == 12


def compare_with_openpyxl(data):
    package = Package.from_bytes(data, "x.xlsx")
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    assert [sheet.name for sheet in package.sheets] == values.sheetnames
    seen = 0
    for sheet in values:
        ours = package.grid(sheet.title)
        for row in sheet.iter_rows():
            for cell in row:
                mine = ours.pop(cell.coordinate, None)
                seen += mine is not None and mine.value is not None
                # openpyxl takes an empty text for nothing.
                assert ((mine.value if mine else None) or None) == (cell.value or None), cell.coordinate
        assert not [cell for cell in ours.values() if cell.value]
    assert seen > 120
    grid = package.grid("Counts")
    assert grid["D3"].is_formula
    assert grid["F1"].is_formula
    assert not grid["B3"].is_formula


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ('<row r="2"/><row r="1"/>', "row 1 is out of order"),
        ('<row r="2"/><row r="2"/>', "row 2 is out of order"),
        ('<row r="0"/>', "row 0 is out of order"),
        ('<row r="1048577"/>', "row 1048577 is out of order"),
        ('<row r="x"/>', "a row 'x'"),
        ('<row r="3"><c r="B3"/><c r="A3"/></row>', "a cell 'A3' in row 3, where none can be"),
        ('<row r="3"><c r="B3"/><c r="B3"/></row>', "a cell 'B3' in row 3, where none can be"),
        ('<row r="3"><c r="A3"><c r="B3"/></c></row>', "a cell inside another in row 3"),
        ('<row r="3"><c r="A4"/></row>', "a cell 'A4' in row 3, where none can be"),
        ('<row r="3"><c r="a3"/></row>', "a cell 'a3' in row 3, where none can be"),
        ('<row r="3"><c r="XFE3"/></row>', "a cell 'XFE3' in row 3, where none can be"),
        ('<row r="3"><c r="A3"><v>1_000</v></c></row>', "cell A3 holds no number: '1_000'"),
        ('<row r="3"><c r="A3"><v>1e999</v></c></row>', "cell A3 holds no number: '1e999'"),
        ('<row r="3"><c r="A3"><v>NaN</v></c></row>', "cell A3 holds no number: 'NaN'"),
        ('<row r="3"><c r="A3" t="s"><v>4</v></c></row>', "cell A3 holds no shared text: '4'"),
        ('<row r="3"><c r="A3" t="s"><v>-1</v></c></row>', "cell A3 holds no shared text: '-1'"),
        (
            '<row r="3"><c r="A3" t="b"><v>yes</v></c></row>',
            "cell A3 holds no value of the kind that it states: 'b: yes'",
        ),
        ('<row r="3"><c r="A3" t="z"><v>1</v></c></row>', "cell A3 holds no value of the kind that it states: 'z: 1'"),
        ('<row r="3"><c r="A3"><f t="array" ref="A0">1</f></c></row>', "cell A3 holds no array: 'A0'"),
        (f'<row r="3"><c r="A3"><x:v xmlns:x="{MAIN}">1</x:v></c></row>', "a namespace is given twice"),
    ],
)
def test_what_no_program_writes_is_refused_with_its_place(cells, words):
    with pytest.raises(InputError) as error:
        one_sheet(cells).grid("Plain")
    assert str(error.value) == f"book.xlsx: sheet 'Plain': {words}; open it in Excel and save it again"


def test_more_cells_than_are_read(monkeypatch):
    monkeypatch.setattr(cells_module, "MOST_CELLS", 3)
    row = '<row r="1">' + "".join(f'<c r="{letter}1"/>' for letter in "ABCD") + "</row>"
    with pytest.raises(InputError) as error:
        one_sheet(row).grid("Plain")
    assert (
        str(error.value)
        == "book.xlsx: sheet 'Plain': more than the 3 cells that are read; keep pictures and large sheets of your own in another workbook"
    )


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_the_cells_of_blocks(prefix):
    sheet = (
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><f t="array" ref="A1:B2">C1</f><v>1</v></c>'
        '<c r="C1"><f t="shared" ref="C1:C9" si="0">array</f></c><c r="D1"><v>7</v></c></row><row r="9"><c r="E9">'
        '<f r1="A1" ref="E9" t="dataTable"/></c><c r="F9" t="inlineStr"><is><t>an array t="array" ref="A1"</t></is></c>'
        "</row></sheetData></worksheet>"
    )
    if prefix:
        sheet = re.sub(r"<(/?)(?=[a-z])", rf"<\1{prefix}", sheet).replace("xmlns=", "xmlns:x=")
    assert list(cells_in_blocks(hand_made(sheet2=sheet), "Plain")) == ["A1", "B1", "A2", "B2", "E9"]


def test_blocks_of_more_cells_than_are_read_are_left_out():
    row = '<row r="{0}"><c r="A{0}"><f t="array" ref="A{0}:{1}">1</f></c></row>'
    book = one_sheet(row.format(1, "B1") + row.format(2, "XFD1048576"))
    assert list(cells_in_blocks(book, "Plain")) == ["A1", "B1"]
    with pytest.raises(InputError) as error:
        list(cells_in_blocks(one_sheet(row.format(1, "0")), "Plain"))
    assert str(error.value) == ("book.xlsx: sheet 'Plain': an array covers 'A1:0'; open it in Excel and save it again")


def test_arrays_that_cover_all_columns_over_and_over_are_refused():
    row = "".join(f'<row r="{n}"><c r="A{n}"><f t="array" ref="A{n}:XFD1048576">1</f></c></row>' for n in range(1, 200))
    with pytest.raises(InputError) as error:
        one_sheet(row).grid("Plain")
    assert str(error.value) == "book.xlsx: sheet 'Plain': more arrays than are read"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (
            {"sheet2": f'<!DOCTYPE x [<!ENTITY a "b">]><worksheet xmlns="{MAIN}"><sheetData/></worksheet>'},
            "sheet 'Plain': begins with a DTD, which no spreadsheet program writes; open it in Excel and save it again",
        ),
        (
            {"sheet2": f'<worksheet xmlns="{MAIN}"><sheetData><row>'},
            "sheet 'Plain': not well-formed (no element found: line 1, column 93); open it in Excel and save it again",
        ),
        (
            {"sheet2": f'<worksheet xmlns="{MAIN}"></worksheet>'},
            "sheet 'Plain': no cells where they should be; open it in Excel and save it again",
        ),
        (
            {"sheet2": '<worksheet xmlns="urn:other"><sheetData/></worksheet>'},
            "sheet 'Plain': not a sheet as Excel writes it; open it in Excel and save it again",
        ),
        (
            {"sheet2": f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'.encode("utf-16")},
            "sheet 'Plain': not in UTF-8; open it in Excel and save it again",
        ),
        (
            {"sheet2": f'<?xml version="1.0" encoding="utf-eight"?><worksheet xmlns="{MAIN}"/>'},
            "sheet 'Plain': not in UTF-8; open it in Excel and save it again",
        ),
        (
            {"sheet2": f'<?xml version="1.0" encoding="latin-1"?><worksheet xmlns="{MAIN}"/>'},
            "sheet 'Plain': not in UTF-8; open it in Excel and save it again",
        ),
    ],
)
def test_a_part_that_is_not_plain_xml_is_refused(changed, words):
    with pytest.raises(InputError) as error:
        hand_made(**changed).grid("Plain")
    assert str(error.value) == f"book.xlsx: {words}"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"sheet1": None}, "the part of sheet 'Jo's counts & more' is missing; open it in Excel and save it again"),
        ({"workbook": WORKBOOK.replace("rId2", "rId3")}, None),
        (
            {"workbook": WORKBOOK.replace("rId2", "rId77")},
            "the part of sheet 'Plain' is missing; open it in Excel and save it again",
        ),
        (
            {"workbook": WORKBOOK.replace('name="Plain"', 'name="JO&apos;S COUNTS &amp; MORE"')},
            "two sheets of one name; open it in Excel and save it again",
        ),
        (
            {"workbook": f'<workbook xmlns="{MAIN}"/>'},
            "no sheets; open it in Excel and save it again",
        ),
        ({"workbook": None}, "a zip file without a workbook in it; give an .xlsx or .xlsm file"),
    ],
)
def test_a_workbook_that_does_not_hang_together_is_refused(changed, words):
    if words is None:
        assert hand_made(**changed).sheets[1].kind == "sharedStrings"
        return
    with pytest.raises(InputError) as error:
        hand_made(**changed)
    assert str(error.value) == f"book.xlsx: {words}"


# Without blank cells


def test_without_blank_cells_the_others_are_the_same(tmp_path):
    books = [hand_made(), by_openpyxl(), by_xlsxwriter()]
    books = [book if isinstance(book, Package) else Package.from_bytes(book, "book.xlsx") for book in books]
    for book in (*books, Package.from_bytes(by_libreoffice(books[1].to_bytes(), tmp_path), "book.xlsx")):
        for sheet in book.sheets:
            if sheet.kind == "worksheet":
                every = list(book.cells(sheet.name))
                filled = [cell for cell in every if cell.kind != "blank" or cell.formula]
                assert list(book.cells(sheet.name, blank=False)) == filled
                for columns in (["A"], ["B"], ["A", "D"]):
                    numbers = [column_number(letters) for letters in columns]
                    wanted = [cell for cell in filled if cell.column in numbers]
                    assert list(book.cells(sheet.name, columns, blank=False)) == wanted
                # Once they were all read they are not read again.
                assert book.filled(sheet.name) == tuple(filled)
                assert list(book.cells(sheet.name, ["A", "D"], blank=False)) == wanted


@pytest.mark.parametrize(
    ("cells", "filled"),
    [
        ("", []),
        ('<row r="1"><c r="A1" s="1"/></row>', []),
        ('<row r="1"><c r="A1" s="1"></c ><c r="B1"/></row>', []),
        ('<row r="1"><c r="A1"><v>1</v></c ></row><row r="9"><c r="A9" s="1"/></row>', ["A1"]),
        ('<row r="1"><c r="A1" s="1"/></row><row r="9"><c r="A9" t="inlineStr"><is><t>a</t></is></c></row>', ["A9"]),
        ('<row r="1"><c r="A1"><f>B1</f></c><c r="B1" s="1"/></row>', ["A1"]),
        ('<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="str"><v></v></c><c r="C1" s="1"/></row>', ["A1", "B1"]),
        # Another program may close cells otherwise, and behind the cells of a row something else may stand.
        ('<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="1"/><c r="C1"><v>2</v></c ></row>', ["A1", "C1"]),
        (
            '<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="1"/><extLst/></row><row r="2"/><row r="3"><c r="A3"><f>1</f></c></row>',
            ["A1", "A3"],
        ),
        ('<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="1"/><extLst><ext></ext></extLst></row>', ["A1"]),
        ('<row r="1"><c r="A1"><v>1</v></c></row><!-- </c> --><row r="2"><c r="A2" s="1"/></row>', ["A1"]),
        # A cell without an address stands behind the one before it, though that holds nothing.
        (
            '<row r="1"><c r="A1" s="1"/><c><v>1</v></c><c r="C1"/><c r="D1" s="2" /> <c r="E1"><v>2</v></c></row>',
            ["B1", "E1"],
        ),
        ('<row r="1"><c r="A1" t="str"><v><![CDATA[<c r="B1"/></]]></v></c></row>', ["A1"]),
    ],
)
def test_the_last_filled_cell_is_found(cells, filled):
    for prefix in ("", "x:"):
        sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData><conditionalFormatting/></worksheet>'
        if prefix:
            sheet = re.sub(r"<(/?)(?=[a-z])", rf"<\1{prefix}", sheet).replace("xmlns=", "xmlns:x=")
        book = hand_made(sheet2=sheet)
        found = list(book.cells("Plain", blank=False))
        assert [cell.address for cell in found] == filled
        assert [cell for cell in book.cells("Plain") if cell.kind != "blank" or cell.formula] == found


@pytest.mark.parametrize(
    ("cells", "column", "found"),
    [
        (
            '<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="2" t="str"><f t="shared" si="0"/><v></v></c></row>',
            "A",
            ["A1"],
        ),
        ('<row r="1"><c r="A1"><f>B1</f><v>1</v></c></row><row r="2"><c r="B2"><v>1</v></c></row>', "B", ["B2"]),
        # What comes without an address or a number stands behind what is not wanted.
        ('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c><c><v>2</v></c></row>', "C", ["C1"]),
        ('<row r="4"><c r="A4"><v>1</v></c></row><row><c><v>1</v></c><c r="B5"><v>2</v></c></row>', "B", ["B5"]),
        # A block of columns that are not wanted may reach into one that is.
        (
            '<row r="1"><c r="A1"><f t="array" ref="A1:B2">C1</f><v>1</v></c></row><row r="2"><c r="B2"><v>1</v></c></row>',
            "B",
            ["B2 by a formula"],
        ),
        ('<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="AA1"><v>1</v></c></row>', "A", ["A1"]),
        (
            '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="inlineStr"><is><t>a</t></is></c>'
            '<c r="C1" t="inlineStr"><is><r><t>b</t></r></is></c><c r="D1"><v>1</v></c></row>',
            "D",
            ["D1"],
        ),
    ],
)
def test_cells_of_other_columns_are_passed_over(cells, column, found):
    book = one_sheet(cells)
    told = [
        f"{cell.address} by a formula" if cell.is_formula and not cell.formula else cell.address
        for cell in book.cells("Plain", [column], blank=False)
    ]
    assert told == found
    assert list(book.cells("Plain", [column], blank=False)) == list(book.cells("Plain", [column]))


def test_of_cells_in_other_columns_only_the_rows_are_held_to_their_order():
    twice = one_sheet('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c><c r="B1"><v>1</v></c></row>')
    assert [cell.address for cell in twice.cells("Plain", ["A"], blank=False)] == ["A1"]
    turned = one_sheet('<row r="9"><c r="B9"><v>1</v></c></row><row r="5"><c r="A5"><v>1</v></c></row>')
    with pytest.raises(InputError) as error:
        list(turned.cells("Plain", ["A"], blank=False))
    assert str(error.value) == "book.xlsx: sheet 'Plain': row 5 is out of order; open it in Excel and save it again"


def test_what_stands_before_the_last_filled_cell_is_still_refused():
    broken = one_sheet('<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>')
    with pytest.raises(InputError) as error:
        list(broken.cells("Plain", blank=False))
    assert str(error.value) == ("book.xlsx: sheet 'Plain': row 1 is out of order; open it in Excel and save it again")

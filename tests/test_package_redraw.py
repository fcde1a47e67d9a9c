"""Sheets drawn anew in a workbook of Excel's manner: what is not theirs stays byte for byte, what is theirs is whole."""

import io
import re

import openpyxl
import pytest
from openpyxl.chart import LineChart, Reference
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, NamedStyle, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from iif_reckoner.errors import InputError
from iif_reckoner.package import Package, add_part, code_name, redraw, tidy, with_titles
from iif_reckoner.package.reach import reached
from tests.test_package_books import COUNTS, MAIN, OFFICE, STYLES, WORKBOOK, hand_made, hand_parts, parts_of, zipped

FRESH = "Fresh"
TITLES = (COUNTS, FRESH)
KIND = "application/vnd.openxmlformats-officedocument.{}+xml".format
NAMES = re.compile(rb'<definedName name="([^"]+)"(?: \w+="\w*")*>([^<]*)<')


def drawn(*, points=7):
    """Two sheets as we build them: formats of every kind, a table, a chart, names."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = COUNTS
    sheet.sheet_properties.codeName = "Drawn1"
    head = NamedStyle(
        "IIF head", font=Font(name="Arial", size=14, bold=True), fill=PatternFill("solid", fgColor="003087")
    )
    book.add_named_style(head)
    sheet["A1"] = "Indicator"
    sheet["A1"].style = "IIF head"
    sheet["B1"], sheet["B2"], sheet["A2"] = "Points", points, "CVD-01"
    sheet["B1"].style = sheet["A2"].style = "IIF head"
    sheet["B2"].number_format = "#,##0.00_-"
    sheet["C2"], sheet["C2"].number_format = 0.5, "0%"
    sheet.column_dimensions["D"].fill = PatternFill("solid", fgColor="E8EDEE")
    sheet.conditional_formatting.add("B2", FormulaRule(["B2>5"], fill=PatternFill(bgColor="DA291C")))
    sheet.add_table(Table(displayName="Points", ref="A1:B2"))
    sheet.print_area = "A1:B2"
    other = book.create_sheet(FRESH)
    other["A1"].style = "IIF head"
    other["A1"] = f"='{COUNTS.replace(chr(39), chr(39) * 2)}'!B2*2"
    chart = LineChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=2))
    other.add_chart(chart, "C1")
    book.defined_names["IIF_POINTS_OF"] = DefinedName("IIF_POINTS_OF", attr_text=f"{FRESH}!$A$1")
    out = io.BytesIO()
    book.save(out)
    return Package.from_bytes(tidy(out.getvalue()), "drawn")


def again(package, of=None):
    return redraw(package, of or drawn(), TITLES)


def opened(package):
    return openpyxl.load_workbook(io.BytesIO(package.to_bytes()))


def look(cell):
    return cell.value, *map(
        repr, (cell.font, cell.fill, cell.border, cell.number_format, cell.alignment, cell.protection)
    )


def test_what_is_not_drawn_stays_byte_for_byte():
    before = hand_made()
    after = again(before)
    old, new = parts_of(before.to_bytes()), parts_of(after.to_bytes())
    assert [part for part in old if part not in new] == ["xl/calcChain.xml"]
    assert {part for part in old if part in new and old[part] != new[part]} == {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/worksheets/sheet1.xml",
    }  # fmt: skip
    assert set(new) - set(old) == {
        "xl/worksheets/_rels/sheet1.xml.rels", "xl/tables/table1.xml", "xl/charts/chart1.xml", "xl/drawings/drawing1.xml",
        "xl/drawings/_rels/drawing1.xml.rels", "xl/worksheets/sheet3.xml", "xl/worksheets/_rels/sheet3.xml.rels",
    }  # fmt: skip


def test_the_drawn_sheets_look_and_read_as_they_were_drawn():
    after, fresh = again(hand_made()), drawn()
    assert [sheet.name for sheet in after.sheets] == [COUNTS, "Plain", FRESH]
    for title in TITLES:
        assert [cell[:6] for cell in after.cells(title)] == [cell[:6] for cell in fresh.cells(title)]
    one, other = opened(after), opened(fresh)
    for title in TITLES:
        for cell in fresh.cells(title):
            assert look(one[title][cell.address]) == look(other[title][cell.address])
        assert repr(one[title].column_dimensions["D"].fill) == repr(other[title].column_dimensions["D"].fill)
        assert [rule.dxf for area in one[title].conditional_formatting for rule in area.rules] == [
            rule.dxf for area in other[title].conditional_formatting for rule in area.rules
        ]
        assert list(one[title].tables) == list(other[title].tables)
        assert len(one[title]._charts) == len(other[title]._charts)
    assert one[COUNTS].print_area == other[COUNTS].print_area


def test_the_same_again_changes_nothing():
    once = again(hand_made())
    assert again(once).to_bytes() == once.to_bytes()
    other = again(once, drawn(points=8))
    assert {part for part in once.parts if once.part(part) != other.part(part)} == {"xl/worksheets/sheet1.xml"}
    assert other.parts == once.parts


def test_every_part_is_of_a_kind_and_in_use():
    after = again(hand_made())
    used = {part.casefold() for part in reached(after)}
    assert [link for source in ("", *after.parts) for link in after.links(source) if not after.has(link.part)] == []
    kinds = after.part("[Content_Types].xml").decode().casefold()
    left = [part for part in after.parts if part.casefold() not in used and not part.endswith(".rels")]
    # The hand-made book has a picture that nothing leads to.
    assert left == ["[Content_Types].xml", "xl/media/picture.png"]
    assert all(after.has(part) for part in re.findall(r'partname="/([^"]+)"', kinds))
    assert all(f'partname="/{part}"' in kinds for part in used if not part.endswith(".rels"))


def test_names_of_others_stay_and_ours_are_those_that_were_drawn():
    theirs = (
        "<definedName name=\"Mine\">'Jo''s counts &amp; more'!$B$2</definedName>"
        '<definedName name="_xlnm.Print_Area" localSheetId="1">Plain!$A$1</definedName>'
        '<definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">\'Jo\'\'s counts &amp; more\'!$A$1</definedName>'
        '<definedName name="iif_points_OF">Plain!$A$1</definedName>'
    )
    after = again(hand_made(workbook=WORKBOOK.replace("</definedNames>", f"{theirs}</definedNames>")))
    found = NAMES.findall(after.part("xl/workbook.xml"))
    assert found == [
        (b"IIF_POINTS_OF", b"Fresh!$A$1"),
        (b"_xlnm.Print_Area", b"'Jo''s counts &amp; more'!$A$1:$B$2"),
        (b"IIF_SHEET_COUNTS", b"'Jo''s counts &amp; more'!$A$1"),
        (b"IIF_LAYOUT", b"1"),
        (b"IIF_LAYOUT", b"99"),
        (b"Mine", b"'Jo''s counts &amp; more'!$B$2"),
        (b"_xlnm.Print_Area", b"Plain!$A$1"),
    ]
    assert b'name="_xlnm.Print_Area" localSheetId="0"' in after.part("xl/workbook.xml")


def test_names_of_a_sheet_go_by_its_place_among_the_tabs():
    one, other = re.findall(r"<sheet [^>]*/>", WORKBOOK)
    after = again(hand_made(workbook=WORKBOOK.replace(one + other, other + one)))
    assert [sheet.name for sheet in after.sheets] == ["Plain", COUNTS, FRESH]
    assert b'name="_xlnm.Print_Area" localSheetId="1"' in after.part("xl/workbook.xml")


@pytest.mark.parametrize("names", ["", "<definedNames/>"])
def test_names_come_into_a_workbook_that_had_none(names):
    bare = re.sub(r"<definedNames>.*</definedNames>", names, WORKBOOK)
    found = again(hand_made(workbook=bare)).part("xl/workbook.xml")
    assert re.search(rb"</sheets><definedNames><definedName .*</definedName></definedNames><calcPr", found)


def test_a_sheet_keeps_its_place_its_state_and_who_is_selected():
    sheets = WORKBOOK.replace('name="Jo&apos;s', 'state="hidden" name="Jo&apos;s')
    parts = hand_parts(workbook=sheets)
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(
        "<dimension", "<sheetViews><sheetView tabSelected='1' workbookViewId='0'/></sheetViews><dimension"
    )
    before = Package.from_bytes(zipped(parts), "book.xlsx")
    after = again(before)
    assert after.sheets[:2] == before.sheets
    assert code_name(after, COUNTS) == "Sheet1"
    assert code_name(after, FRESH) == ""
    selected = [title for title in TITLES if b'tabSelected="1"' in after.part(after.sheet(title).part)]
    assert selected == [COUNTS]


def with_table(package, sheet, name, number):
    table = (
        f'<table xmlns="{MAIN}" id="{number}" name="{name}" displayName="{name}" ref="A1:B2"><tableColumns count="2">'
        '<tableColumn id="1" name="a"/><tableColumn id="2" name="b"/></tableColumns></table>'
    )
    return add_part(package, f"xl/tables/table{number}.xml", table.encode(), content_type=KIND("spreadsheetml.table"),
                    link=f"{OFFICE}/table", source=package.sheet(sheet).part)  # fmt: skip


@pytest.mark.parametrize(
    ("sheet", "name", "number", "wanted"),
    [("Plain", "Rota", 1, "2"), ("Plain", "Rota", 9, "1"), (COUNTS, "points", 9, "9"), (COUNTS, "Gone", 1, "2")],
)
def test_a_tables_number_is_nobody_elses_and_stays_its_own(sheet, name, number, wanted):
    after = again(with_table(hand_made(), sheet, name, number))
    (part,) = (link.part for link in after.links(after.sheet(COUNTS).part) if link.kind == "table")
    assert re.search(rb'<table id="(\d+)"', after.part(part))[1].decode() == wanted
    theirs = [link.part for link in after.links(after.sheet("Plain").part)]
    assert theirs == ([f"xl/tables/table{number}.xml"] if sheet == "Plain" else [])
    assert part not in theirs


def test_a_table_of_another_sheet_with_the_name_of_one_of_ours():
    with pytest.raises(InputError) as refused:
        again(with_table(hand_made(), "Plain", "POINTS", 3))
    assert str(refused.value) == (
        "book.xlsx: sheet 'Plain': a table called 'Points', as one of ours is; give it another name"
    )


def test_what_two_sheets_share_stays_and_what_ours_alone_had_goes():
    drawing = ("xl/drawings/drawing1.xml", b'<xdr:wsDr xmlns:xdr="x"/>')
    package = hand_made()
    for sheet, name in ((COUNTS, "drawing1"), ("Plain", "drawing1"), (COUNTS, "drawing2"), (COUNTS, "drawing3")):
        package = add_part(package, f"xl/drawings/{name}.xml", drawing[1], content_type=KIND("drawing"),
                           link=f"{OFFICE}/drawing", source=package.sheet(sheet).part)  # fmt: skip
    after = again(package)
    assert after.part(drawing[0]) == drawing[1]
    (ours,) = (link.part for link in after.links(after.sheet(FRESH).part) if link.kind == "drawing")
    assert ours == "xl/drawings/drawing2.xml"
    assert after.part(ours) == drawn().part("xl/drawings/drawing1.xml")
    assert [link.part for link in after.links(after.sheet("Plain").part)] == [drawing[0]]
    assert not after.has("xl/drawings/drawing3.xml")
    assert b"drawing3" not in after.part("[Content_Types].xml")


# Formats

EXCELS = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<styleSheet xmlns="{MAIN}"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac x16r2"'
    ' xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'
    ' xmlns:x16r2="http://schemas.microsoft.com/office/spreadsheetml/2015/02/main">'
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="&quot;week&quot; 0"/><numFmt numFmtId="170" formatCode="#,##0.00_-"/></numFmts>'
    '<fonts count="2" x14ac:knownFonts="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/><scheme val="minor"/></font>'
    '<font><i/><sz val="9"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5">' + '<xf numFmtId="164" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>' * 5 + "</cellXfs>"
    '<cellStyles count="2"><cellStyle name="Standard" xfId="0" builtinId="0"/><cellStyle name="iif HEAD" xfId="1"/></cellStyles>'
    '<dxfs count="0"/><tableStyles count="1" defaultTableStyle="TableStyleMedium2"><tableStyle name="Mine" count="0"/></tableStyles>'
    '<extLst><ext uri="{EB79DEF2-80B8-43e5-95BD-54CBDDF9020C}" xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"><x14:slicerStyles defaultSlicerStyle="SlicerStyleLight1"/></ext></extLst></styleSheet>'
)  # fmt: skip


def styled(styles):
    parts = hand_parts()
    parts["xl/styles.xml"] = styles
    return Package.from_bytes(zipped(parts), "book.xlsx")


def counted(data):
    """How many elements each list of formats says that it has, and how many it does have."""
    lists = re.findall(rb'<(\w+) count="(\d+)"[^>]*?(?:/>|>(.*?)</\1>)', data, re.S)
    child = {b"numFmts": rb"<numFmt ", b"fonts": rb"<font>", b"fills": rb"<fill>", b"borders": rb"<border[ />]",
             b"cellStyleXfs": rb"<xf[ >/]", b"cellXfs": rb"<xf[ >/]", b"cellStyles": rb"<cellStyle ", b"dxfs": rb"<dxf>"}  # fmt: skip
    return {name.decode(): (int(number), len(re.findall(child[name], inside))) for name, number, inside in lists
            if name in child}  # fmt: skip


@pytest.mark.parametrize("styles", [STYLES, EXCELS, EXCELS.replace('<dxfs count="0"/>', "")])
def test_formats_are_added_behind_those_that_are_there(styles):
    before = styled(styles)
    after = again(before)
    new = after.part("xl/styles.xml")
    for name, (said, there) in counted(new).items():
        assert said == there, name
    assert {"numFmts", "dxfs", "cellStyles"} <= counted(new).keys()
    order = re.findall(
        rb"<(numFmts|fonts|fills|borders|cellStyleXfs|cellXfs|cellStyles|dxfs|tableStyles|extLst)\b", new
    )
    assert order == sorted(order, key=[b"numFmts", b"fonts", b"fills", b"borders", b"cellStyleXfs", b"cellXfs",
                                       b"cellStyles", b"dxfs", b"tableStyles", b"extLst"].index)  # fmt: skip
    # What was there is there still, in its order: nothing that wears a format wears another one now.
    left = new
    for piece in re.findall(r"<[^>]+>", styles.replace('<dxfs count="0"/>', "")):
        tag = re.sub(r' count="\d+"', "", piece).encode()
        at = re.sub(rb' count="\d+"', b"", left).find(tag)
        assert at >= 0, piece
    one, other = opened(after), opened(before)
    assert [look(cell) for row in one["Plain"] for cell in row] == [
        look(cell) for row in other["Plain"] for cell in row
    ]


def test_named_styles_and_formats_of_numbers_that_are_there_do_not_come_twice():
    new = again(styled(EXCELS)).part("xl/styles.xml").decode()
    assert re.findall(r'<cellStyle name="([^"]+)"', new) == ["Standard", "iif HEAD"]
    assert re.findall(r'<numFmt numFmtId="(\d+)"', new) == ["164", "170"]
    assert re.search(r'<xf numFmtId="170" [^>]*xfId="0"', new)
    assert re.search(r'<xf numFmtId="0" fontId="\d" [^>]*xfId="1"', new)


@pytest.mark.parametrize(
    "styles",
    [
        f'<x:styleSheet xmlns:x="{MAIN}"/>',
        EXCELS.replace('name="iif HEAD" xfId="1"', 'name="iif HEAD" xfId="one"'),
        EXCELS.replace('numFmtId="170"', ""),
    ],
)
def test_formats_that_are_not_as_excel_writes_them(styles):
    with pytest.raises(
        InputError, match=r"^book.xlsx: xl/styles.xml: no formats as Excel writes them; open it in Excel"
    ):
        again(styled(styles))


def test_a_workbook_with_prefixed_names_is_not_patched():
    with pytest.raises(InputError, match=r"^book.xlsx: xl/workbook.xml: not a workbook as Excel writes it; open it in"):
        again(hand_made(workbook=re.sub(r"<(/?)(?=\w+[\s/>])", r"<\1x:", WORKBOOK.replace('xmlns="', 'xmlns:x="'))))


# Titles


def test_sheets_go_by_the_titles_that_people_gave_them():
    named = with_titles(drawn(), {COUNTS: FRESH, FRESH: 'Jo & "Al"'})
    assert [sheet.name for sheet in named.sheets] == [FRESH, 'Jo & "Al"']
    assert named.grid('Jo & "Al"')["A1"].formula == "'Fresh'!B2*2"
    assert named.names == {"IIF_POINTS_OF": "'Jo & \"Al\"'!$A$1"}
    assert b"<f>'Fresh'!$B$1:$B$2</f>" in named.part("xl/charts/chart1.xml")
    assert opened(named)[FRESH].print_area == "'Fresh'!$A$1:$B$2"

"""Workbooks that the tests of `package` share: made by hand in Excel's manner, by openpyxl, XlsxWriter, LibreOffice."""

import io
import os
import re
import shutil
import subprocess
import zipfile

import openpyxl
import pytest
import xlsxwriter
from openpyxl.chart import LineChart, Reference
from openpyxl.worksheet.formula import ArrayFormula

from iif_reckoner.package import Package

DATE = (2023, 5, 17, 9, 30, 42)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'

CONTENT_TYPES = (
    DECLARATION + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    + "".join(
        f'<Override PartName="/xl/{part}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>'
        for part, kind in (
            ("worksheets/sheet1.xml", "worksheet"), ("worksheets/sheet2.xml", "worksheet"),
            ("sharedStrings.xml", "sharedStrings"), ("styles.xml", "styles"), ("calcChain.xml", "calcChain"),
        )
    )
    + "</Types>"
)  # fmt: skip
ROOT_LINKS = (
    f'{DECLARATION}<Relationships xmlns="{LINKS}">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
WORKBOOK_LINKS = (
    f'{DECLARATION}<Relationships xmlns="{LINKS}">'
    f'<Relationship Id="rId3" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId5" Type="{OFFICE}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId4" Type="{OFFICE}/calcChain" Target="calcChain.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/worksheet" Target="/xl/worksheets/sheet2.xml"/>'
    f'<Relationship Id="rId9" Type="{OFFICE}/hyperlink" Target="https://www.england.nhs.uk/" TargetMode="External"/>'
    "</Relationships>"
)
WORKBOOK = (
    f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x15 xr">'
    '<fileVersion appName="xl"/><workbookPr codeName="ThisWorkbook"/>'
    '<mc:AlternateContent><mc:Choice Requires="x15"><x15ac:absPath url="C:\\Users\\jo\\"'
    ' xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"/></mc:Choice></mc:AlternateContent>'
    '<sheets><sheet name="Jo&apos;s counts &amp; more" sheetId="1" r:id="rId1"/>'
    '<sheet name="Plain" sheetId="7" state="veryHidden" r:id="rId2"/></sheets>'
    "<definedNames><definedName name=\"IIF_SHEET_COUNTS\">'Jo''s counts &amp; more'!$A$1</definedName>"
    '<definedName name="IIF_LAYOUT" hidden="1">1</definedName>'
    '<definedName name="IIF_LAYOUT" localSheetId="1">99</definedName></definedNames>'
    '<calcPr calcId="191029"/><extLst><ext uri="{x}"/></extLst></workbook>'
)
STRINGS = (
    f'{DECLARATION}<sst xmlns="{MAIN}" count="4" uniqueCount="4"><si><t>Practice</t></si>'
    '<si><r><t xml:space="preserve">Rich </t></r><r><rPr><b/><color rgb="FFFF0000"/></rPr><t>text</t></r></si>'
    '<si><t>課きく</t><rPh sb="0" eb="1"><t>カ</t></rPh><phoneticPr fontId="1"/></si>'
    '<si><t xml:space="preserve"> two_x000D_\nlines &lt;5 _x005F_x000D_ </t></si></sst>'
)
SHEET = (
    f'{DECLARATION}<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac xr"'
    ' xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'
    ' xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision"'
    ' xr:uid="{00000000-0001-0000-0000-000000000000}"><sheetPr codeName="Sheet1"/><dimension ref="A1:C2"/>'
    '<cols><col min="1" max="1" width="9"/><col min="9" max="9" width="9" style="4"/></cols><sheetData>'
    '<row r="1" spans="1:5" x14ac:dyDescent="0.25"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>'
    '<c r="C1" t="s" ph="1"><v>2</v></c><c r="D1" t="s"><v>3</v></c>'
    '<c r="E1" t="inlineStr"><is><t>in &amp; line</t></is></c></row>'
    '<row r="2" spans="1:5" s="3" customFormat="1" x14ac:dyDescent="0.25"><c r="A2" s="2"><v>56</v></c>'
    '<c r="B2" s="2"><v>0.10000000000000001</v></c><c r="C2" t="b"><v>1</v></c><c r="D2" t="e"><v>#N/A</v></c>'
    '<c r="E2" s="2"/></row>'
    '<row r="4"><c r="A4"><f>A2*2</f><v>112</v></c><c r="B4"><f t="shared" ref="B4:B5" si="0">A4+1</f><v>113</v></c>'
    '<c r="C4" t="str"><f>IF(A2&lt;5,"&lt;5","ok")</f><v>ok</v></c><c r="D4" t="e" vm="1"><f>NA()</f><v>#N/A</v></c>'
    '<c r="E4" cm="1"><f t="array" ref="E4:F5">A4:B5</f><v>1</v></c><c r="F4"><v>2</v></c></row>'
    '<row r="5"><c r="A5"><f ca="1">NOW()</f></c><c r="B5"><f t="shared" si="0"/><v>1</v></c><c r="E5"><v>3</v></c></row>'
    '<row r="1048576"><c r="XFD1048576" t="str"><v>far</v></c></row></sheetData>'
    '<mc:AlternateContent><mc:Choice Requires="x14"><controls/></mc:Choice></mc:AlternateContent></worksheet>'
)
PREFIXED = (
    f'<?xml version=\'1.0\'?>\n<!-- <x:c r="A1"/> --><x:worksheet xmlns:x="{MAIN}">\n <x:sheetData>\n'
    "  <x:row r='2'>\n   <x:c r = 'B2' s='1' t='n'><x:v>5</x:v></x:c>\n"
    "   <!-- <x:c r='C2'><x:v>9</x:v></x:c> --><x:c r='D2' t='str'><x:f><![CDATA[IF(A1<5,\"</x:c>\",\"\")]]></x:f>"
    "<x:v>old</x:v></x:c>\n  </x:row>\n  <x:row><x:c><x:v>7</x:v></x:c><x:c><x:v>8</x:v></x:c></x:row>\n"
    " </x:sheetData>\n</x:worksheet>"
)
STYLES = (
    f'{DECLARATION}<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="Arial"/></font></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5">' + "<xf/>" * 5 + "</cellXfs>"
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
CHAIN = f'{DECLARATION}<calcChain xmlns="{MAIN}"><c r="A4" i="1"/><c r="B4"/></calcChain>'
COUNTS = "Jo's counts & more"


def zipped(parts, date=DATE):
    """Return a zip of these parts, each with the same date."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, date), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def hand_parts(**changed):
    """Return the parts of a workbook in Excel's manner; `sheet1`, `sheet2`, `workbook` ... put others in."""
    parts = {
        "[Content_Types].xml": changed.get("types", CONTENT_TYPES),
        "_rels/.rels": changed.get("root", ROOT_LINKS),
        "xl/workbook.xml": changed.get("workbook", WORKBOOK),
        "xl/_rels/workbook.xml.rels": changed.get("links", WORKBOOK_LINKS),
        "xl/worksheets/sheet1.xml": changed.get("sheet1", SHEET),
        "xl/worksheets/sheet2.xml": changed.get("sheet2", PREFIXED),
        "xl/sharedStrings.xml": changed.get("strings", STRINGS),
        "xl/styles.xml": STYLES,
        "xl/calcChain.xml": CHAIN,
        "xl/media/picture.png": os.urandom(64),
    }
    return {name: content for name, content in parts.items() if content is not None}


def hand_made(**changed):
    """Return a workbook in Excel's manner as a package."""
    return Package.from_bytes(zipped(hand_parts(**changed)), "book.xlsx")


def one_sheet(cells):
    """Return a workbook whose sheet `Plain` has these rows."""
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'
    return hand_made(sheet2=sheet)


def fill(add, formula, array):
    """Put the same cells into a workbook through whatever writes it."""
    for row in range(1, 41):
        add(row, 1, f"P{row:03d} <&> Jö")
        add(row, 2, row * 3)
        add(row, 3, row / 7)
        formula(row, 4, f"=B{row}*2")
        formula(row, 5, f'=IF(B{row}<9,"<9","")')
    array("F1:F40", "=B1:B40*3")


def by_openpyxl():
    """Return a workbook that openpyxl has written: inline strings, absolute targets, no cached values."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Counts"

    def add(row, column, value):
        sheet.cell(row, column, value)

    def array(ref, text):
        sheet["F1"] = ArrayFormula(ref, text)

    fill(add, add, array)
    chart = LineChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=4))
    sheet.add_chart(chart, "H2")
    book.create_sheet("Other")["A1"] = "stays"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def by_xlsxwriter():
    """Return a workbook that XlsxWriter has written: shared strings, 0 as the cached value."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Counts")
    fill(
        lambda row, column, value: sheet.write(row - 1, column - 1, value),
        lambda row, column, text: sheet.write_formula(row - 1, column - 1, text),
        lambda ref, text: sheet.write_array_formula(ref, "{" + text + "}"),
    )
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Counts!$B$1:$B$4", "categories": "=Counts!$A$1:$A$4"})
    sheet.insert_chart("H2", chart)
    book.add_worksheet("Other").write("A1", "stays")
    book.close()
    return out.getvalue()


def by_libreoffice(data, folder):
    """Return the workbook as LibreOffice saves it."""
    office = shutil.which("soffice")
    if office is None:
        if os.environ.get("CI"):
            pytest.fail("LibreOffice is not installed, and CI must not go without it")
        pytest.skip("LibreOffice (soffice) is not installed")
    (folder / "in").mkdir()
    source = folder / "in" / "book.xlsx"
    source.write_bytes(data)
    command = [
        office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
        "--convert-to", "xlsx", "--outdir", str(folder), str(source),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / "book.xlsx").read_bytes()


def parts_of(data):
    """Return the parts of a workbook, in their order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def differing(before, after):
    """Return the names of the parts that differ; both must have the same parts in the same order."""
    old, new = parts_of(before), parts_of(after)
    assert list(old) == list(new)
    return [name for name in old if old[name] != new[name]]


def cell_texts(part, prefix=b""):
    """Return the bytes of each cell of a sheet's part by address: an oracle that knows nothing of the patcher."""
    pattern = rb'<%sc [^>]*?r ?= ?["\']([A-Z]+\d+)["\'][^>]*?(?:/>|>.*?</%sc>)' % (prefix, prefix)
    return {match[1].decode(): match[0] for match in re.finditer(pattern, part, re.S)}


def test_the_hand_made_book_is_one_that_openpyxl_reads():
    book = openpyxl.load_workbook(io.BytesIO(zipped(hand_parts())))
    assert book.sheetnames == [COUNTS, "Plain"]
    assert book[COUNTS]["B1"].value == "Rich text"

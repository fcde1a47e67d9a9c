"""Workbooks of ours as people leave them, and what the tests of the desk share."""

import re
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import openpyxl
import xlsxwriter

from iif_reckoner import cli
from iif_reckoner.build import make
from iif_reckoner.figures import book
from iif_reckoner.layout.sheets import LAYOUT
from iif_reckoner.package import Package, add_part
from tests import workbook_engines as engines
from tests.test_package_books import MAIN, OFFICE

RULESET = "2025-26.v1"
DONE = 9
"""Months that stand in the workbooks of these tests before anything is filled in."""


def content(months=DONE, *, macros=True, ruleset=RULESET):
    """The made-up PCN with its figures up to some month."""
    of = engines.content(ruleset, macros=macros)
    return replace(of, counts={key: pair for key, pair in of.counts.items() if key[2] <= months})


def extract(of, month):
    """The figures of one month as our own CSV, of practices and PCN."""
    name = of.months[month - 1]
    calendar = f"{name[4:]}-{'JanFebMarAprMayJunJulAugSepOctNovDec'.index(name[:3]) // 3 + 1:02}"
    lines = ["practice_code,indicator,month,numerator,denominator"]
    lines += [f"{who},{what},{calendar},{n},{d}" for (who, what, at), (n, d) in of.counts.items() if at == month]
    return "\n".join(lines) + "\n"


def ran(capsys, *arguments):
    """Run a command in this process: exit code, stdout and stderr."""
    before, sys.argv = sys.argv, ["iif-reckoner", *map(str, arguments)]
    try:
        cli.main()
        code = 0
    except SystemExit as done:
        code = int(done.code or 0)
    finally:
        sys.argv = before
    said = capsys.readouterr()
    return code, said.out, said.err


# What other programs and people make of a workbook

OWN_SHEET = "My notes"
COMMENTS = (
    f'<comments xmlns="{MAIN}"><authors><author>Jo</author></authors><commentList>'
    '<comment ref="A1" authorId="0"><text><r><t>Ask </t></r><r><t>Sam</t></r></text></comment></commentList></comments>'
)
THREADS = (
    '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
    '<threadedComment ref="B7" dT="2026-01-05T09:00:00.00" personId="{1}" id="{2}"><text>Is this right?</text>'
    "</threadedComment></ThreadedComments>"
)
SHAPES = (
    '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:absoluteAnchor><xdr:pos x="0" y="0"/>'
    '<xdr:ext cx="9" cy="9"/><xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="2" name="Arrow 1"/>'
    "<xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr/></xdr:sp><xdr:clientData/></xdr:absoluteAnchor></xdr:wsDr>"
)
TABLE = (
    f'<table xmlns="{MAIN}" id="99" name="Rota" displayName="Rota" ref="H1:I3"><autoFilter ref="H1:I3"/>'
    '<tableColumns count="2"><tableColumn id="1" name="Week"/><tableColumn id="2" name="Twice">'
    "<calculatedColumnFormula>Rota[[#This Row],[Week]]*2</calculatedColumnFormula></tableColumn></tableColumns></table>"
)
PIVOT = f'<pivotCacheDefinition xmlns="{MAIN}" refreshOnLoad="1"><cacheFields count="0"/></pivotCacheDefinition>'


def own_sheet(won, cached, known):
    """A sheet of the user's own: formulas on ours, one that no engine here knows, rich text, a table."""
    return (
        f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}" xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision"'
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="xr" xr:uid="{0A}">'
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><r><t>Half of</t></r><r><t> it</t></r></is></c>'
        f'<c r="B1"><f>{won}/2</f><v>{cached / 2!r}</v></c>'
        f'<c r="C1"><f>_xlfn.LAMBDA(_xlpm.x,_xlpm.x*2)({won})</f><v>{cached * 2!r}</v></c>'
        f'<c r="D1"><f t="shared" ref="D1:D2" si="0">B1*3</f><v>{cached / 2 * 3!r}</v></c>'
        '<c r="H1" t="inlineStr"><is><t>Week</t></is></c><c r="I1" t="inlineStr"><is><t>Twice</t></is></c></row>'
        f'<row r="2"><c r="B2"><v>{known!r}</v></c><c r="D2"><f t="shared" si="0"/><v>{known * 3!r}</v></c>'
        '<c r="H2"><v>1</v></c><c r="I2"><f>H2*2</f><v>2</v></c></row></sheetData></worksheet>'
    ).encode()


def dressed(data, name="book.xlsm"):
    """A workbook as Excel and its user leave it: attributes, calculation chain, a sheet, remarks, shapes, a pivot."""
    package = Package.from_bytes(data, name)
    area = book.places()["total_won"].area
    won = f"Working!$B${area.row}"
    cached = package.grid("Working")[f"B{area.row}"].value
    new = own_sheet(won, cached, 11)
    source = "xl/worksheets/mine.xml"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.{}+xml".format
    package = add_part(package, source, new, content_type=kind("worksheet"), link=f"{OFFICE}/worksheet",
                       source=package.workbook_part)  # fmt: skip
    link = next(link for link in package.links(package.workbook_part) if link.part == source)
    text = package.part(package.workbook_part).decode()
    text = text.replace(
        "</sheets>", f'<sheet name="{OWN_SHEET}" sheetId="99" xmlns:r="{OFFICE}" r:id="{link.id}"/></sheets>'
    )
    package = package.with_parts({package.workbook_part: text.encode()})
    for part, body, type_, relation in (
        ("xl/comments9.xml", COMMENTS, kind("comments"), f"{OFFICE}/comments"),
        ("xl/threadedComments/t1.xml", THREADS, "application/vnd.ms-excel.threadedcomments+xml",
         "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"),
        ("xl/drawings/mine.xml", SHAPES, "application/vnd.openxmlformats-officedocument.drawing+xml", f"{OFFICE}/drawing"),
        ("xl/tables/table99.xml", TABLE, kind("table"), f"{OFFICE}/table"),
    ):  # fmt: skip
        package = add_part(package, part, body.encode(), content_type=type_, link=relation, source=source)
    for part, body, type_, relation in (
        ("xl/calcChain.xml", f'<calcChain xmlns="{MAIN}"><c r="B1" i="18"/></calcChain>', kind("calcChain"), f"{OFFICE}/calcChain"),
        ("xl/pivotCache/pivotCacheDefinition1.xml", PIVOT, kind("pivotCacheDefinition"), f"{OFFICE}/pivotCacheDefinition"),
    ):  # fmt: skip
        package = add_part(
            package, part, body.encode(), content_type=type_, link=relation, source=package.workbook_part
        )
    counts = package.sheet("Counts").part
    named = package.part(counts).replace(
        b"<worksheet ",
        b'<worksheet xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'
        b' xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision"'
        b' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac xr" xr:uid="{0B}" ',
        1,
    )
    named = re.sub(rb'<row r="(\d+)"', rb'<row r="\1" spans="1:30" x14ac:dyDescent="0.25"', named)
    return package.with_parts({counts: named}).to_bytes()


def by_openpyxl(data):
    """The workbook as openpyxl saves it: no value of any formula is left."""
    loaded = openpyxl.load_workbook(BytesIO(data))
    out = BytesIO()
    loaded.save(out)
    return out.getvalue()


def prefixed(data):
    """The workbook with a prefix before every name of a spreadsheet, as Microsoft's Open XML SDK writes it."""
    package, space = Package.from_bytes(data, "book"), f'xmlns="{MAIN}"'.encode()
    parts = {}
    for name in package.parts:
        part = package.part(name)
        if space in part[:1000]:
            parts[name] = re.sub(rb"<(/?)(?=\w+[\s/>])", rb"<\1x:", part).replace(
                space, space.replace(b"=", b":x=", 1), 1
            )
    return package.with_parts(parts).to_bytes()


def strict(data):
    """The workbook with the names that 'Strict Open XML' has for everything."""
    package = Package.from_bytes(data, "book")
    office, pure = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
    parts = {}
    for name in package.parts:
        part = package.part(name)
        for old, new in (("officeDocument/2006/", "officeDocument/"), ("spreadsheetml/2006/", "spreadsheetml/"),
                         ("drawingml/2006/", "drawingml/")):  # fmt: skip
            part = part.replace(office + old.encode(), pure + new.encode())
        parts[name] = part
    return package.with_parts(parts).to_bytes()


def by_xlsxwriter(of, more=None, *, blank=()):
    """The same cells written by XlsxWriter: shared strings, and 0 for every formula.

    `more` adds sheets to it; sheets that are to be `blank` have their names alone, which takes less time.
    """
    out = BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    for page in book.pages(of, None):
        sheet = made.add_worksheet(page.sheet.title)
        for (row, column), cell in page.cells.items():
            if page.sheet.key in blank:
                break
            if cell.formula:
                sheet.write_formula(row - 1, column - 1, f"={cell.value}")
            elif cell.value is not None:
                sheet.write(row - 1, column - 1, cell.value)
        for name, area in page.names.items():
            made.define_name(name, f"={area.absolute}")
    made.define_name("IIF_LAYOUT", f"={LAYOUT}")
    if more is not None:
        more(made)
    made.close()
    return out.getvalue()


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def made(months=DONE, *, macros=True):
    return make(content(months, macros=macros))

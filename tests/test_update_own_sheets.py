"""`update` and the sheets that people add: they go on byte for byte, whoever wrote them, and ours look as if made anew."""

import contextlib
import io
import posixpath
import re
import struct
import sys
import zlib
from typing import NamedTuple

import openpyxl
import pytest

from iif_reckoner import cli
from iif_reckoner.build import make
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.keep import backups
from iif_reckoner.desk.redraw import redrawn
from iif_reckoner.layout.sheets import SHEETS
from iif_reckoner.package import Package, add_part, set_cells
from tests import workbook_engines as engines
from tests.desk_books import OWN_SHEET, by_xlsxwriter, dressed, prefixed, ran, written
from tests.test_package_books import MAIN, OFFICE, parts_of
from tests.test_package_redraw import counted, look
from tests.test_update import rich, under

VERSIONS = ("2021-22.v1", "2021-22.v2", "2021-22.v3")
KIND = "application/vnd.openxmlformats-officedocument.{}+xml".format
OURS = [sheet.title for sheet in SHEETS if sheet.key != "config"]
WON = f"Working!$B${engines.PLACES['total_won'].area.row}"


def cell(package, reference):
    title, _, address = reference.partition("!")
    return package.grid(title)[address.replace("$", "")].value


def picture():
    """A red dot as a PNG."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    dot = chunk(b"IDAT", zlib.compress(b"\0\xff\0\0", 9))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + dot + chunk(b"IEND", b"")


# A book as Excel and its user leave it

ROTA = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
    f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheetPr codeName="Sheet18"/><dimension ref="A1:C5"/>'
    '<sheetViews><sheetView tabSelected="1" workbookViewId="0"/></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
    '<cols><col min="1" max="1" width="22" style="{mine}" customWidth="1"/></cols><sheetData>'
    '<row r="1"><c r="A1" s="{mine}"><v>12</v></c><c r="B1" s="{other}" t="str"><f>Start!A1&amp;"!"</f><v>IIF Ready Reckoner!</v></c></row>'
    '<row r="2" s="{other}" customFormat="1"><c r="B2"><f>Won_so_far*0+1</f><v>1</v></c><c r="C2"><f>A1*2</f><v>24</v></c></row>'
    '<row r="3"><c r="B3"><f>SUM(\'Practice gaps\'!B9:D9)*0</f><v>0</v></c><c r="C3"><f>"Trend!"&amp;A1</f><v>5</v></c></row>'
    '<row r="4"><c r="B4"><f>SUM(Reckoner[Points])*0</f><v>0</v></c></row></sheetData>'
    '<conditionalFormatting sqref="A1"><cfRule type="cellIs" dxfId="{dxf}" priority="1" operator="greaterThan"><formula>9</formula></cfRule></conditionalFormatting>'
    '<drawing r:id="rId1"/><legacyDrawing r:id="rId2"/></worksheet>'
)  # fmt: skip
DRAWING = (
    '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
    f' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="{OFFICE}">'
    '<xdr:oneCellAnchor><xdr:from><xdr:col>4</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>1</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>'
    '<xdr:ext cx="4000000" cy="2000000"/><xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="My chart"/>'
    '<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic>'
    '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="rId1"/>'
    "</a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:oneCellAnchor>"
    '<xdr:oneCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>9</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>'
    '<xdr:ext cx="400000" cy="400000"/><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="3" name="Dot"/><xdr:cNvPicPr/></xdr:nvPicPr>'
    '<xdr:blipFill><a:blip r:embed="rId2"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr><a:xfrm><a:off x="0" y="0"/>'
    '<a:ext cx="400000" cy="400000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/></xdr:oneCellAnchor></xdr:wsDr>'
)  # fmt: skip
CHART = (
    '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    "<c:chart><c:plotArea><c:layout/><c:barChart><c:barDir val=\"col\"/><c:grouping val=\"clustered\"/><c:ser><c:idx val=\"0\"/><c:order val=\"0\"/>"
    "<c:val><c:numRef><c:f>Trend!$C$10:$H$10</c:f></c:numRef></c:val></c:ser><c:axId val=\"1\"/><c:axId val=\"2\"/></c:barChart>"
    '<c:catAx><c:axId val="1"/><c:scaling/><c:delete val="0"/><c:axPos val="b"/><c:crossAx val="2"/></c:catAx>'
    '<c:valAx><c:axId val="2"/><c:scaling/><c:delete val="0"/><c:axPos val="l"/><c:crossAx val="1"/></c:valAx></c:plotArea></c:chart></c:chartSpace>'
)  # fmt: skip
VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">'
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"/>'
    '<v:shape id="_x0000_s1025" type="#_x0000_t202" style="position:absolute;visibility:hidden"><x:ClientData ObjectType="Note"><x:Row>0</x:Row><x:Column>0</x:Column></x:ClientData></v:shape></xml>'
)  # fmt: skip
NOTE = (
    f'<comments xmlns="{MAIN}"><authors><author>Jo</author></authors><commentList><comment ref="A1" authorId="0">'
    "<text><t>Who swaps?</t></text></comment></commentList></comments>"
)
PIVOT_CACHE = (
    f'<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{OFFICE}" r:id="rId1" refreshOnLoad="1" recordCount="1"><cacheSource type="worksheet">'
    f'<worksheetSource ref="H1:I2" sheet="{OWN_SHEET}"/></cacheSource><cacheFields count="2"><cacheField name="Week" numFmtId="0">'
    '<sharedItems containsSemiMixedTypes="0" containsString="0" containsNumber="1" minValue="1" maxValue="1"/></cacheField>'
    '<cacheField name="Twice" numFmtId="0"><sharedItems containsSemiMixedTypes="0" containsString="0" containsNumber="1" minValue="2" maxValue="2"/></cacheField></cacheFields></pivotCacheDefinition>'
)  # fmt: skip
PIVOT_RECORDS = f'<pivotCacheRecords xmlns="{MAIN}" count="1"><r><n v="1"/><n v="2"/></r></pivotCacheRecords>'
PIVOT = (
    f'<pivotTableDefinition xmlns="{MAIN}" name="Weeks" cacheId="7" dataCaption="Values"><location ref="A12:A13" firstHeaderRow="1" firstDataRow="1" firstDataCol="0"/>'
    '<pivotFields count="2"><pivotField showAll="0"/><pivotField dataField="1" showAll="0"/></pivotFields><dataFields count="1"><dataField name="Sum" fld="1"/></dataFields></pivotTableDefinition>'
)  # fmt: skip
SPACES = (
    f'<styleSheet xmlns="{MAIN}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac"'
    ' xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac">'
)
EXTENSION = (
    '<extLst><ext uri="{EB79DEF2-80B8-43e5-95BD-54CBDDF9020C}" xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
    '<x14:slicerStyles defaultSlicerStyle="SlicerStyleLight1"/></ext></extLst>'
)


def with_formats(package):
    """The book with formats of the user's own between ours, as Excel orders them, and their numbers."""
    text = package.part("xl/styles.xml").decode()
    found = {name: int(number) for name, number in re.findall(r'<(fonts|fills|cellXfs|dxfs) count="(\d+)"', text)}
    font, fill, xf, dxf = found["fonts"], found["fills"], found["cellXfs"], found["dxfs"]
    for name, new in (
        ("fonts", '<font><b/><i/><sz val="14"/><color theme="5"/><name val="Calibri"/><family val="2"/></font>'),
        ("fills", '<fill><patternFill patternType="solid"><fgColor theme="8" tint="0.5"/><bgColor indexed="64"/></patternFill></fill>'),
        ("cellXfs", f'<xf numFmtId="180" fontId="{font}" fillId="{fill}" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/>'
                    '<xf numFmtId="9" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"><alignment horizontal="right"/></xf>'),
        ("dxfs", '<dxf><font><color rgb="FF9C0006"/></font></dxf>'),
        ("numFmts", '<numFmt numFmtId="180" formatCode="0&quot; weeks&quot;"/>'),
    ):  # fmt: skip
        text = text.replace(f"</{name}>", f"{new}</{name}>")
        number = int(re.search(rf'<{name} count="(\d+)"', text)[1]) + new.count("<xf ") + (name != "cellXfs")
        text = re.sub(rf'<{name} count="\d+"', f'<{name} count="{number}"', text)
    # Excel puts those in use first, so ours no longer stand where they stood: here the last two change places.
    text = text.replace("<fonts ", '<fonts x14ac:knownFonts="1" ').replace("</styleSheet>", f"{EXTENSION}</styleSheet>")
    text = re.sub("<styleSheet [^>]*>", lambda _: SPACES, text)
    return package.with_parts({"xl/styles.xml": text.encode()}), {"mine": xf, "other": xf + 1, "dxf": dxf}


def excels(content):
    """Our workbook with two sheets of the user's own: chart, picture, remarks, pivot table, formats, names, a label."""
    package = Package.from_bytes(dressed(make(content)), "book.xlsm")
    package, numbers = with_formats(package)
    rota, book = "xl/worksheets/rota.xml", package.workbook_part
    for part, body, kind, link, source in (
        (rota, ROTA.format(**numbers), KIND("spreadsheetml.worksheet"), "worksheet", book),
        ("xl/drawings/drawing9.xml", DRAWING, KIND("drawing"), "drawing", rota),
        ("xl/drawings/vmlDrawing1.vml", VML, KIND("vmlDrawing").removesuffix("+xml"), "vmlDrawing", rota),
        ("xl/comments1.xml", NOTE, KIND("spreadsheetml.comments"), "comments", rota),
        ("xl/charts/chart6.xml", CHART, KIND("drawingml.chart"), "chart", "xl/drawings/drawing9.xml"),
        ("xl/media/image1.png", picture(), "image/png", "image", "xl/drawings/drawing9.xml"),
        ("xl/pivotTables/pivotTable1.xml", PIVOT, KIND("spreadsheetml.pivotTable"), "pivotTable", rota),
        ("xl/pivotCache/pivotCacheDefinition1.xml", PIVOT_CACHE, KIND("spreadsheetml.pivotCacheDefinition"),
         "pivotCacheDefinition", "xl/pivotTables/pivotTable1.xml"),
        ("xl/pivotCache/pivotCacheRecords1.xml", PIVOT_RECORDS, KIND("spreadsheetml.pivotCacheRecords"),
         "pivotCacheRecords", "xl/pivotCache/pivotCacheDefinition1.xml"),
        ("customXml/item1.xml", "<label>official</label>", "application/xml", "customXml", ""),
    ):  # fmt: skip
        data = body if isinstance(body, bytes) else body.encode()
        package = add_part(package, part, data, content_type=kind, link=f"{OFFICE}/{link}", source=source)
    links = {link.part: link.id for link in package.links(book)}
    text = package.part(book).decode()
    for old, new in (
        ("</sheets>", f'<sheet name="Jo\'s rota" sheetId="120" r:id="{links[rota]}"/></sheets>'),
        ("</definedNames>", "<definedName name=\"_xlnm.Print_Area\" localSheetId=\"18\">'Jo''s rota'!$A$1:$C$5</definedName>"
                            f'<definedName name="Won_so_far">{WON}</definedName></definedNames>'),
        ("<calcPr ", '<calcPr calcMode="manual" '),
        ("</workbook>", f'<pivotCaches><pivotCache cacheId="7" r:id="{links["xl/pivotCache/pivotCacheDefinition1.xml"]}"/></pivotCaches></workbook>'),
        ('activeTab="0"', 'activeTab="18"'),
    ):  # fmt: skip
        assert old in text
        text = text.replace(old, new)
    return package.with_parts({book: text.encode()}).to_bytes()


def writers(content):
    """The cells of our workbook and a sheet of the user's own, all written by XlsxWriter."""

    def rota(made):
        sheet = made.add_worksheet("Jo's rota")
        mine = made.add_format({"bold": True, "font_size": 14, "font_color": "#C00000", "num_format": '0" weeks"'})
        sheet.set_column(0, 0, 22, mine)
        sheet.write("A1", 12, mine)
        sheet.write_formula("B1", "=A1/2", made.add_format({"num_format": "0%"}), 6)
        sheet.write_formula("C2", "=A1*2", None, 24)
        sheet.write_comment("A1", "Who swaps?")
        sheet.conditional_format("A1", {"type": "cell", "criteria": ">", "value": 9, "format": made.add_format({"bg_color": "#FFC7CE"})})  # fmt: skip
        sheet.add_table("H1:I3", {"name": "Rota", "columns": [{"header": "Week"}, {"header": "Who"}]})
        chart = made.add_chart({"type": "line"})
        chart.add_series({"values": "=Trend!$C$10:$H$10", "name": "Points"})
        sheet.insert_chart("D5", chart)
        sheet.insert_image("E20", "dot.png", {"image_data": io.BytesIO(picture())})
        made.define_name("Won_so_far", f"={WON}")
        sheet.activate()

    return by_xlsxwriter(content, rota, blank=("working", "practice_gaps"))


class Steps(NamedTuple):
    """A workbook at first and after each update: contents, bytes, and what was said."""

    contents: list
    books: list
    said: list


@pytest.fixture(scope="module")
def steps(tmp_path_factory):
    """Both books under one version of the rules after the other, as the command writes them."""
    found = {}
    for name, write, content, versions in (
        ("excel.xlsm", excels, rich(VERSIONS[0]), VERSIONS[1:]),
        ("xlsxwriter.xlsx", writers, rich(VERSIONS[0], macros=False), VERSIONS[2:]),
    ):
        path = tmp_path_factory.mktemp("own") / name
        own = Steps([], [write(content)], [])
        path.write_bytes(own.books[0])
        own.contents.append(Workbook.open(path).content())
        for version in versions:
            said = io.StringIO()
            with (
                pytest.MonkeyPatch.context() as patch,
                contextlib.redirect_stderr(said),
                contextlib.redirect_stdout(io.StringIO()),
            ):
                patch.setattr(sys, "argv", ["iif-reckoner", "update", str(path), "--ruleset", version])
                with pytest.raises(SystemExit) as ended:
                    raise SystemExit(cli.main() or 0)
            assert ended.value.code == 0, said.getvalue()
            own.said.append(said.getvalue().splitlines())
            own.contents.append(under(own.contents[-1], version))
            own.books.append(path.read_bytes())
        found[name] = own
    return found


NAMES = pytest.mark.parametrize("name", ["excel.xlsm", "xlsxwriter.xlsx"])
STEPS = pytest.mark.parametrize(("name", "step"), [("excel.xlsm", 1), ("excel.xlsm", 2), ("xlsxwriter.xlsx", 1)])


RESULT = re.compile(rb"(<f>[^<]*</f>|<f [^>]*/>|<f [^>]*>[^<]*</f>)<v>[^<]*</v>")
"""A formula and its result."""


def led_to(parts, starts):
    """The parts that relationships lead to: found anew here, by patterns."""
    found, waiting = set(), list(starts)
    while waiting:
        part = waiting.pop()
        folder, file = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{file}.rels")
        if part in found or part not in {*parts, ""}:
            continue
        found |= {part, rels} & {*parts, ""}
        for link in re.findall(rb"<Relationship [^>]*>", parts.get(rels, b"")):
            if b"External" not in link:
                target = re.search(rb'Target="([^"]*)"', link)[1].decode()
                waiting.append(posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/"))
    return found


def sheets(data):
    return {sheet.name: sheet.part for sheet in Package.from_bytes(data, "book").sheets}


@STEPS
def test_every_part_that_is_not_ours_stays_byte_for_byte(steps, name, step):
    before, after = parts_of(steps[name].books[0]), parts_of(steps[name].books[step])
    listed = sheets(steps[name].books[0])
    own = led_to(before, [part for title, part in listed.items() if title not in OURS])
    ours = led_to(before, [part for title, part in listed.items() if title in OURS]) - own
    touched = {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/calcChain.xml",
    }
    kept = before.keys() - ours - touched
    assert own <= kept
    assert len(own) > 8
    assert {part for part in kept if after.get(part) != before[part]} <= set(listed.values()) & own
    # Of the user's own sheets the results of formulas change, and nothing else.
    for part in set(listed.values()) & own:
        assert RESULT.sub(rb"\1", after[part]) == RESULT.sub(rb"\1", before[part])


@STEPS
def test_the_package_is_whole(steps, name, step):
    data = steps[name].books[step]
    parts, package = parts_of(data), Package.from_bytes(data, name)
    used = led_to(parts, [""]) | {"[Content_Types].xml", "_rels/.rels"}
    assert set(parts) - used == set()
    for rels in (part for part in parts if part.endswith(".rels")):
        base = posixpath.dirname(posixpath.dirname(rels))
        links = [link for link in re.findall(rb"<Relationship [^>]*>", parts[rels]) if b"External" not in link]
        ids = [re.search(rb'\bId="([^"]*)"', link)[1] for link in links]
        assert len(set(ids)) == len(ids)
        for link in links:
            target = re.search(rb'Target="([^"]*)"', link)[1].decode()
            assert posixpath.normpath(posixpath.join("/", base, target)).lstrip("/") in parts, (rels, link)
    kinds = parts["[Content_Types].xml"].decode()
    named = re.findall(r'PartName="/([^"]*)"', kinds)
    assert len(set(named)) == len(named)
    assert set(named) <= set(parts)
    endings = set(re.findall(r'Extension="([^"]*)"', kinds))
    assert [part for part in parts if part not in named and part.rpartition(".")[2] not in endings] == []
    tables = [part for part in parts if part.startswith("xl/tables/")]
    for attribute in (rb'\bid="(\d+)"', rb'\bdisplayName="([^"]+)"'):
        found = [re.search(attribute, parts[part][parts[part].index(b"<table ") :])[1] for part in tables]
        assert len(set(found)) == len(found) == len(tables) > len(SHEETS)
    defined = re.findall(
        r'<definedName [^>]*?name="([^"]*)"(?:[^>]*?localSheetId="(\d+)")?', parts["xl/workbook.xml"].decode()
    )
    assert len(set(defined)) == len(defined)
    selected = [title for title, part in sheets(data).items() if b'tabSelected="1"' in parts[part]]
    assert selected == ["Jo's rota"]
    assert [sheet.name for sheet in package.sheets] == list(sheets(steps[name].books[0]))


@STEPS
def test_our_sheets_are_those_of_a_workbook_made_anew(steps, name, step):
    own = steps[name]
    after, fresh = Package.from_bytes(own.books[step], name), Package.from_bytes(make(own.contents[step]), "fresh")
    for title in OURS:
        assert [cell[:6] for cell in after.cells(title)] == [cell[:6] for cell in fresh.cells(title)], title
        one, other = (bare(package.part(package.sheet(title).part)) for package in (after, fresh))
        assert one == other
    assert after.names == fresh.names | {"Won_so_far": WON}
    dxfs = [re.findall(rb"<dxf>.*?</dxf>", package.part("xl/styles.xml")) for package in (after, fresh)]
    for title in OURS:
        worn = [
            [styles[int(number)] for number in re.findall(rb'dxfId="(\d+)"', package.part(package.sheet(title).part))]
            for package, styles in zip((after, fresh), dxfs, strict=True)
        ]
        assert worn[0] == worn[1], title


def bare(sheet):
    """A sheet without the numbers of its formats, who selected it and what macros call it."""
    sheet = re.sub(rb'( s| style| dxfId)="\d+"', rb'\1=""', sheet.replace(b' tabSelected="1"', b""))
    return re.sub(rb' codeName="\w+"', b"", sheet)


@NAMES
def test_every_cell_looks_as_it_did_or_as_it_would_anew(steps, name):
    own = steps[name]
    before, after = (openpyxl.load_workbook(io.BytesIO(data), read_only=True) for data in (own.books[0], own.books[-1]))
    made = make(own.contents[-1])
    fresh = openpyxl.load_workbook(io.BytesIO(made), read_only=True)
    rotas = [[(cell.coordinate, look(cell)) for row in book["Jo's rota"] for cell in row if cell.value is not None]
             for book in (before, after)]  # fmt: skip
    assert rotas[0] == rotas[1]
    assert any("weeks" in part for part in rotas[1][0][1][1:])
    packages = [Package.from_bytes(data, name) for data in (own.books[-1], made)]
    for title in ("Start", "Reckoner", "Trend", "Practice gaps", "Plan"):
        pairs = {}
        for one, other in zip(*(package.cells(title) for package in packages), strict=True):
            pairs.setdefault((one.style, other.style), one.address)
        for (one, other), address in pairs.items():
            assert _format(after, one) == _format(fresh, other), f"{title} {address}"


def _format(book, number):
    style = book._cell_styles[number]
    return [repr(part) for part in (
        book._fonts[style.fontId], book._fills[style.fillId], book._borders[style.borderId],
        book._alignments[style.alignmentId], book._protections[style.protectionId],
        book._number_formats[style.numFmtId - 164] if style.numFmtId >= 164 else style.numFmtId,
    )]  # fmt: skip


def test_formats_do_not_grow_with_every_update(steps):
    # Ours were there already in the one, and XlsxWriter knew none of them.
    first, second, third = (counted(parts_of(data)["xl/styles.xml"]) for data in steps["excel.xlsm"].books)
    assert first == second == third
    other = steps["xlsxwriter.xlsx"]
    package = Package.from_bytes(other.books[-1], "book.xlsx")
    again = redrawn(package, other.contents[-1]).package
    assert again.part("xl/styles.xml") == package.part("xl/styles.xml") != parts_of(other.books[0])["xl/styles.xml"]
    for package in (again, Package.from_bytes(steps["excel.xlsm"].books[-1], "book")):
        assert all(said == there for said, there in counted(package.part("xl/styles.xml")).values())


def test_libreoffice_finds_every_value_again(steps, tmp_path):
    sent = {name: Package.from_bytes(own.books[-1], name) for name, own in steps.items()}
    back = engines.by_office(tmp_path, {name: package.to_bytes() for name, package in sent.items()})
    for name, package in sent.items():
        cached = engines.formula_values(package)
        unknown = {(OWN_SHEET, 1, 3), ("Jo's rota", 3, 3)}
        found = engines.all_values(back[name], cached)
        assert engines.differences(cached, found, besides=unknown) == []
        assert [sheet.name for sheet in back[name].sheets] == [sheet.name for sheet in package.sheets]


def test_what_is_said(steps):
    first, second = steps["excel.xlsm"].said
    looking = [
        f"  {OWN_SHEET} B1",
        f"  {OWN_SHEET} C1",
        "  Jo's rota B1",
        "  Jo's rota B2",
        "  Jo's rota B3",
        "  Jo's rota B4",
        "  Jo's rota, the chart 'My chart'",
    ]
    for lines in (first, second):
        start = lines.index(
            "note: 7 formulas or charts of your own look at the reckoner's sheets: rows may have moved there, check them"
        )
        assert lines[start + 1 : start + 8] == looking
        # Two that formualizer does not know, and one that holds what it never gave.
        assert lines[start + 8 : start + 12] == [
            "note: 3 formulas of your own keep their values until Excel opens the workbook",
            "  Jo's rota B4",
            "  Jo's rota C3",
            f"  {OWN_SHEET} C1",
        ]
        assert not any("kept copy only: sheets" in line for line in lines)
    said = steps["xlsxwriter.xlsx"].said[0]
    assert (
        "note: 1 formula or chart of your own looks at the reckoner's sheets: rows may have moved there, check it"
        in said
    )
    assert "  Jo's rota, the chart 'Chart 2'" in said


def test_formulas_of_ones_own_are_worked_out(steps):
    first, *_, last = (Package.from_bytes(data, "book") for data in steps["excel.xlsm"].books)
    assert cell(last, f"{OWN_SHEET}!B1") == pytest.approx(cell(last, WON) / 2)
    assert cell(first, f"{OWN_SHEET}!B1") != cell(last, f"{OWN_SHEET}!B1")
    assert cell(last, f"{OWN_SHEET}!C1") == cell(first, f"{OWN_SHEET}!C1")
    assert b'fullCalcOnLoad="1"' in last.part("xl/workbook.xml")
    assert b'calcMode="manual"' in last.part("xl/workbook.xml")


# One thing at a time


@pytest.fixture(scope="module")
def small():
    """Our workbook with a sheet of the user's own that does not look at ours: nothing on it is worked out."""
    package = Package.from_bytes(dressed(make(rich(VERSIONS[0]))), "book.xlsm")
    mine = "xl/worksheets/mine.xml"
    plain = package.part(mine).replace(WON.encode(), b"2")
    return package.with_parts({mine: plain}).to_bytes()


def update(capsys, path, *more):
    return ran(capsys, "update", path, "--ruleset", VERSIONS[1], *more)


def test_what_stands_on_our_sheets_still_needs_the_option(tmp_path, capsys, small):
    package = set_cells(Package.from_bytes(small, "book.xlsm"), {("Plan", "A60"): "See the minutes"})
    path = written(tmp_path / "book.xlsm", package.to_bytes())
    code, _, err = update(capsys, path)
    assert (code, err) == (
        12,
        "book.xlsm: has cells of your own (Plan A60): they would stay in the backup only; "
        "move them to a sheet of your own first, or add --leave-behind\n",
    )
    code, _, err = update(capsys, path, "--leave-behind")
    assert code == 0
    assert "note: in the kept copy only: cells of your own (Plan A60)" in err.splitlines()
    assert OWN_SHEET in sheets(path.read_bytes())


def test_a_sheet_of_ours_keeps_the_title_that_it_was_given(tmp_path, capsys):
    content = rich(VERSIONS[0], macros=False)
    package = Package.from_bytes(make(content), "book.xlsx")
    text = package.part(package.workbook_part).decode()
    text = text.replace('<sheet name="Working"', '<sheet name="Jo&apos;s sums"').replace(">Working!", ">'Jo''s sums'!")
    text = text.replace(">'Working'!", ">'Jo''s sums'!")
    renamed = package.with_parts({package.workbook_part: text.encode()})
    path = written(tmp_path / "book.xlsx", renamed.to_bytes())
    assert update(capsys, path)[0] == 0
    after = Package.open(path)
    assert [sheet.name for sheet in after.sheets] == [sheet.name for sheet in renamed.sheets]
    assert after.names["IIF_SHEET_WORKING"] == "'Jo''s sums'!$A$1"
    fresh = engines.formula_values(Package.from_bytes(make(under(content, VERSIONS[1])), "fresh"))
    wanted = {("Jo's sums" if title == "Working" else title, *at): value for (title, *at), value in fresh.items()}
    assert engines.formula_values(after) == wanted
    assert engines.differences(wanted, engines.by_formualizer(after, wanted)) == []


def test_a_table_of_ones_own_with_the_name_of_one_of_ours(tmp_path, capsys, small):
    package = Package.from_bytes(small, "book.xlsm")
    taken = package.part("xl/tables/table99.xml").replace(b'displayName="Rota"', b'displayName="Seasons"')
    package = package.with_parts({"xl/tables/table99.xml": taken})
    path = written(tmp_path / "book.xlsm", package.to_bytes())
    code, out, err = update(capsys, path)
    assert (code, out, err.splitlines()[-1]) == (
        12, "", f"book.xlsm: sheet '{OWN_SHEET}': a table called 'Seasons', as one of ours is; give it another name",
    )  # fmt: skip
    assert not backups(path)


def test_macros_that_excel_has_saved_stay(tmp_path, capsys, small):
    package = Package.from_bytes(small, "book.xlsm")
    project = package.part("xl/vbaProject.bin").replace(
        bytes.fromhex("CC61FFFF000100"), bytes.fromhex("CC61B5000003FF")
    )
    about = package.sheet("About").part
    older = re.sub(rb"(the module xlwings of xlwings )[\d.]+\d", rb"\g<1>0.1.2", package.part(about))
    package = package.with_parts({"xl/vbaProject.bin": project, about: older})
    path = written(tmp_path / "book.xlsm", package.to_bytes())
    code, _, err = update(capsys, path)
    assert code == 0
    said = "note: the macros stay as they are: Excel or another program has saved them, and some may be yours"
    assert said in err.splitlines()
    after = Package.open(path)
    assert after.part("xl/vbaProject.bin") == project
    assert after.part("customUI/customUI14.xml") == package.part("customUI/customUI14.xml")
    assert b"the module xlwings of xlwings 0.1.2" in after.part(after.sheet("About").part)


def test_the_configuration_of_this_computer_stays(tmp_path, capsys, small):
    package = Package.from_bytes(small, "book.xlsm")
    config = package.sheet("xlwings.conf").part
    place = package.part(config).replace(b"LOCALAPPDATA", b"OTHERPLACE")
    assert place != package.part(config)
    path = written(tmp_path / "book.xlsm", package.with_parts({config: place}).to_bytes())
    assert update(capsys, path)[0] == 0
    assert Package.open(path).part(config) == place


def test_a_sheet_that_was_taken_out_comes_again(tmp_path, capsys, small):
    package = Package.from_bytes(small, "book.xlsm")
    text = re.sub(r'<sheet name="About"[^>]*>|<definedName [^>]*>\'?About\'?![^<]*</definedName>', "",
                  package.part(package.workbook_part).decode())  # fmt: skip
    text = re.sub(r'localSheetId="16"', 'localSheetId="15"', text)
    path = written(tmp_path / "book.xlsm", package.with_parts({package.workbook_part: text.encode()}).to_bytes())
    assert update(capsys, path)[0] == 0
    after = Package.open(path)
    assert [sheet.name for sheet in after.sheets][-2:] == [OWN_SHEET, "About"]
    assert after.names["IIF_SHEET_ABOUT"] == "About!$A$1"
    named = text.replace('<sheet name="My notes"', '<sheet name="ABOUT"')
    path = written(tmp_path / "other.xlsm", package.with_parts({package.workbook_part: named.encode()}).to_bytes())
    code, _, err = update(capsys, path)
    assert (code, err.splitlines()[-1]) == (
        12,
        "other.xlsm: the sheet 'ABOUT' is none of ours, and one of ours is called so; give yours another title",
    )


def test_a_book_that_cannot_be_patched_stays_as_it_is(tmp_path, capsys, small):
    path = written(tmp_path / "book.xlsm", prefixed(small))
    before = path.read_bytes()
    code, out, err = update(capsys, path)
    assert (code, out, err.splitlines()[-1]) == (
        12,
        "",
        "book.xlsm: xl/workbook.xml: not a workbook as Excel writes it; open it in Excel and save it again",
    )
    assert path.read_bytes() == before
    assert not backups(path)


def test_a_dry_run_says_the_same(tmp_path, capsys, small):
    path = written(tmp_path / "book.xlsm", small)
    shown = update(capsys, path, "--dry-run", "--named")
    assert path.read_bytes() == small
    done = update(capsys, path, "--named")
    assert (shown[0], shown[1]) == (done[0], done[1]) == (0, done[1])
    assert shown[2].splitlines() == done[2].splitlines()[1:]

"""What is set beside cells: recalculation, charts, added parts, and the finish of a built workbook."""

import io
import os
import re
import zipfile

import openpyxl
import pytest

from iif_reckoner.errors import InputError, UnknownNameError
from iif_reckoner.package import (
    Package,
    add_macros,
    add_part,
    add_ribbon,
    charts,
    set_cached,
    set_chart_values,
    set_recalculation,
    tidy,
)
from tests.test_package_books import MAIN, WORKBOOK, by_openpyxl, by_xlsxwriter, differing, hand_made, parts_of, zipped

RIBBON = b'<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui"/>'


@pytest.mark.parametrize(
    ("old", "wanted", "new"),
    [
        ('<calcPr calcId="191029"/>', True, '<calcPr calcId="191029" fullCalcOnLoad="1"/>'),
        ('<calcPr fullCalcOnLoad="1" iterate="1"/>', False, '<calcPr iterate="1"/>'),
        ('<calcPr fullCalcOnLoad="0"/>', True, '<calcPr fullCalcOnLoad="1"/>'),
        ("", True, '<calcPr fullCalcOnLoad="1"/>'),
        ("", False, ""),
    ],
)
def test_recalculation_on_opening(old, wanted, new):
    book = hand_made(workbook=WORKBOOK.replace('<calcPr calcId="191029"/>', old))
    changed = set_recalculation(book, on_open=wanted)
    expected = WORKBOOK.replace('<calcPr calcId="191029"/>', new)
    assert parts_of(changed.to_bytes())["xl/workbook.xml"].decode() == expected
    assert differing(book.to_bytes(), changed.to_bytes()) == (["xl/workbook.xml"] if old != new else [])


def test_a_new_calcpr_comes_behind_the_names_and_not_before_an_earlier_extension():
    views = '<bookViews><workbookView><extLst><ext uri="{v}"/></extLst></workbookView></bookViews>'
    text = WORKBOOK.replace('<calcPr calcId="191029"/>', "").replace("<sheets>", f"{views}<sheets>")
    changed = set_recalculation(hand_made(workbook=text), on_open=True).part("xl/workbook.xml").decode()
    assert changed == text.replace("</definedNames>", '</definedNames><calcPr fullCalcOnLoad="1"/>')


def test_charts_are_found_with_what_they_show():
    book = Package.from_bytes(by_xlsxwriter(), "x.xlsx")
    (chart,) = charts(book, "Counts")
    assert (chart.name, chart.description, chart.part) == ("Chart 1", "", "xl/charts/chart1.xml")
    assert chart.references == ("Counts!$A$1:$A$4", "Counts!$B$1:$B$4")
    assert charts(book, "Other") == []


@pytest.mark.parametrize(
    ("writer", "reference"), [(by_xlsxwriter, "Counts!$B$1:$B$4"), (by_openpyxl, "'Counts'!$B$1:$B$4")]
)
def test_a_charts_values_are_replaced_or_put_in(writer, reference):
    before = writer()
    book = Package.from_bytes(before, "x.xlsx")
    (chart,) = charts(book, "Counts")
    assert reference in chart.references
    after = set_chart_values(book, chart.part, {reference: [1, None, 2.5, "#N/A"]}).to_bytes()
    assert differing(before, after) == [chart.part]
    text = parts_of(after)[chart.part].decode().replace("c:", "")
    assert text.count("<numCache>") == 1
    assert (
        f"<f>{reference}</f><numCache><formatCode>General</formatCode>"
        '<ptCount val="4"/><pt idx="0"><v>1</v></pt><pt idx="2"><v>2.5</v></pt><pt idx="3"><v>#N/A</v></pt></numCache></numRef>'
    ) in text
    openpyxl.load_workbook(io.BytesIO(after))
    twice = set_chart_values(Package.from_bytes(after, "x"), chart.part, {reference: [1, None, 2.5, "#N/A"]})
    assert twice.to_bytes() == after


def test_a_charts_words_are_replaced():
    book = Package.from_bytes(by_xlsxwriter(), "x.xlsx")
    after = set_chart_values(book, "xl/charts/chart1.xml", {"Counts!$A$1:$A$4": ["a & b", None]}).to_bytes()
    assert (
        '<c:strCache><c:ptCount val="2"/><c:pt idx="0"><c:v>a &amp; b</c:v></c:pt></c:strCache></c:strRef>'
        in parts_of(after)["xl/charts/chart1.xml"].decode()
    )


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"Counts!$Z$1": [1]}, "shows no 'Counts!$Z$1'"),
        ({"Counts!$B$1:$B$4": [float("nan")]}, "Counts!$B$1:$B$4 cannot hold nan"),
        ({"Counts!$A$1:$A$4": ["\x00"]}, "Counts!$A$1:$A$4 cannot hold a control character"),
    ],
)
def test_what_a_chart_does_not_show_is_refused(values, words):
    with pytest.raises(InputError) as error:
        set_chart_values(Package.from_bytes(by_xlsxwriter(), "x.xlsx"), "xl/charts/chart1.xml", values)
    assert str(error.value) == f"x.xlsx: xl/charts/chart1.xml: {words}"


def test_a_ribbon_is_added_once_and_openpyxl_still_reads_the_book():
    book = Package.from_bytes(by_openpyxl(), "x.xlsx")
    once = add_ribbon(book, RIBBON)
    new = Package.from_bytes(once.to_bytes(), "x.xlsx")
    assert new.part("customUI/customUI14.xml") == RIBBON
    links = parts_of(once.to_bytes())["_rels/.rels"].decode()
    assert (
        'Type="http://schemas.microsoft.com/office/2007/relationships/ui/extensibility" Target="customUI/customUI14.xml"/>'
        in links
    )
    assert [link.part for link in new.links("") if link.kind == "extensibility"] == ["customUI/customUI14.xml"]
    assert add_ribbon(new, RIBBON).to_bytes() == once.to_bytes()
    openpyxl.load_workbook(io.BytesIO(once.to_bytes()))
    with pytest.raises(InputError):
        add_ribbon(book, b"<customUI>")


def test_macros_are_added_and_the_workbook_says_so():
    book = add_macros(Package.from_bytes(by_openpyxl(), "x.xlsm"), b"\xd0\xcf macro")
    after = Package.from_bytes(book.to_bytes(), "x.xlsm")
    types = after.part("[Content_Types].xml").decode()
    assert '<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/>' in types
    assert types.count("application/vnd.ms-excel.sheet.macroEnabled.main+xml") == 1
    assert "spreadsheetml.sheet.main+xml" not in types
    assert [link.part for link in after.links("xl/workbook.xml") if link.kind == "vbaProject"] == ["xl/vbaProject.bin"]
    assert [sheet.name for sheet in book.sheets] == ["Counts", "Other"]
    again = openpyxl.load_workbook(io.BytesIO(book.to_bytes()), keep_vba=True)
    with again.vba_archive as macros:
        assert macros.read("xl/vbaProject.bin") == b"\xd0\xcf macro"


def test_a_part_of_a_part_that_had_no_links_yet():
    book = add_part(
        hand_made(),
        "xl/notes/a&b.txt",
        b"x",
        content_type="text/plain",
        link="urn:note",
        source="xl/worksheets/sheet1.xml",
    )
    after = Package.from_bytes(book.to_bytes(), "x")
    (link,) = after.links("xl/worksheets/sheet1.xml")
    assert (link.id, link.part) == ("rId1", "xl/notes/a&b.txt")
    assert after.part(link.part) == b"x"


def built():
    return tidy(by_openpyxl(), descriptions={"Counts": ['A "line" & points']})


def test_a_built_workbook_is_tidy():
    data = built()
    parts = parts_of(data)
    assert list(parts)[:2] == ["[Content_Types].xml", "_rels/.rels"]
    for name, content in parts.items():
        if name.endswith(".rels"):
            assert b'Target="/' not in content, name
    assert b'Target="worksheets/sheet1.xml"' in parts["xl/_rels/workbook.xml.rels"]
    assert b'Target="../charts/chart1.xml"' in parts["xl/drawings/_rels/drawing1.xml.rels"]
    assert b'<calcPr calcId="191029"/>' in parts["xl/workbook.xml"]
    core = parts["docProps/core.xml"].decode()
    assert core.count(">2000-01-01T00:00:00Z<") == 2
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    (chart,) = charts(Package.from_bytes(data, "x"), "Counts")
    assert chart.description == 'A "line" & points'
    assert openpyxl.load_workbook(io.BytesIO(data))["Counts"]["D2"].value == "=B2*2"


def test_two_builds_at_different_times_have_the_same_bytes():
    first = by_openpyxl()
    parts = parts_of(first)
    parts["docProps/core.xml"] = re.sub(rb">\d{4}-", b">2031-", parts["docProps/core.xml"])
    second = zipped(parts, (2031, 1, 1, 0, 0, 0))
    assert parts_of(first)["docProps/core.xml"] != parts["docProps/core.xml"]
    assert tidy(first) == tidy(second)


def test_tidy_does_what_it_is_asked():
    data = tidy(by_openpyxl(), dated="2022-04-01T00:00:00Z", recalculate_on_open=True)
    parts = parts_of(data)
    assert b'<calcPr calcId="191029" fullCalcOnLoad="1"/>' in parts["xl/workbook.xml"]
    assert b">2022-04-01T00:00:00Z<" in parts["docProps/core.xml"]
    filled = set_cached(Package.from_bytes(by_openpyxl(), "x"), {("Counts", "D2"): 5})
    assert Package.from_bytes(tidy(filled), "x").grid("Counts")["D2"].value == 5


def test_descriptions_that_fit_nothing_are_refused():
    with pytest.raises(InputError) as error:
        tidy(by_openpyxl(), descriptions={"Counts": ["a", "b"]})
    assert str(error.value) == "the built workbook: sheet 'Counts': 2 descriptions for 1 drawings"
    with pytest.raises(UnknownNameError):
        tidy(by_openpyxl(), descriptions={"Count": ["a"]})


def test_ironcalc_works_out_the_tidy_book(tmp_path):
    try:
        import ironcalc
    except ImportError:
        if os.environ.get("CI"):
            pytest.fail("IronCalc is not installed, and CI must not go without it")
        pytest.skip("IronCalc is not installed")
    (tmp_path / "tidy.xlsx").write_bytes(built())
    model = ironcalc.load_from_xlsx(str(tmp_path / "tidy.xlsx"), "en", "Europe/London")
    model.evaluate()
    assert model.get_formatted_cell_value(0, 40, 4) == "240"


def test_a_list_of_links_that_is_none():
    with pytest.raises(InputError) as error:
        add_ribbon(hand_made(types=f'<worksheet xmlns="{MAIN}"/>'), RIBBON)
    assert str(error.value) == "book.xlsx: [Content_Types].xml: not a list of content types"

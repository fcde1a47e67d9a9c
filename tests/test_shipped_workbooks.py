"""The workbooks that come with the project: built anew they are the same; the file rules of a workbook with macros."""

import io
import re
import warnings
import zipfile
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from iif_reckoner import vba
from iif_reckoner.build import make
from iif_reckoner.build.shipped import PRACTICES, ROOT, practices, shipped
from iif_reckoner.layout.sheets import SHEETS
from iif_reckoner.package import Package, code_name
from iif_reckoner.vba.config import config_rows
from iif_reckoner.vba.stock import notice

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # oletools speaks to an older pyparsing
    from oletools.olevba import VBA_Parser

BOOKS = sorted(shipped())
WITH_MACROS = [name for name in BOOKS if name.endswith(".xlsm")]
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {entry.filename: (archive.read(entry), entry.date_time) for entry in archive.infolist()}


@pytest.mark.parametrize("name", BOOKS)
def test_built_anew_it_is_the_same(name):
    """The unzipped parts, their order and their dates; zip bytes may differ with the version of libdeflate."""
    held, made = parts((ROOT / name).read_bytes()), parts(make(shipped()[name]))
    assert list(held) == list(made)
    different = [part for part in held if held[part] != made[part]]
    assert not different, "out of date; write them again with: make workbook"


def test_the_list_of_practices_is_that_of_the_made_up_pcn():
    assert PRACTICES.read_text("utf-8") == practices()


@pytest.mark.parametrize("name", BOOKS)
def test_it_is_under_one_megabyte(name):
    assert (ROOT / name).stat().st_size < 1_000_000


@pytest.mark.parametrize("name", WITH_MACROS)
def test_content_types_and_relationships_of_a_workbook_with_macros(name):
    held = {part: data for part, (data, _) in parts((ROOT / name).read_bytes()).items()}
    types = held["[Content_Types].xml"].decode()
    assert types.count(vba.WORKBOOK_CONTENT_TYPE) == 1
    assert types.count(vba.PROJECT_CONTENT_TYPE) == 1
    links = held["xl/_rels/workbook.xml.rels"].decode()
    assert links.count("relationships/vbaProject") == 1
    assert held["xl/vbaProject.bin"] == vba.project()
    assert held["_rels/.rels"].decode().count("ui/extensibility") == 1
    ribbon = next(data for part, data in held.items() if part.startswith("customUI/"))
    assert ribbon == vba.ribbon()
    callbacks = set(re.findall(rb'onAction="(\w+)"', ribbon))
    assert callbacks
    code = "".join(text for _, _, _, text in VBA_Parser(name, data=(ROOT / name).read_bytes()).extract_macros())
    for callback in callbacks:
        assert re.search(rf"^Public Sub {callback.decode()}\(", code, re.MULTILINE), callback


@pytest.mark.parametrize("name", WITH_MACROS)
def test_code_names_of_workbook_and_sheets_are_those_of_the_project(name):
    package = Package.open(ROOT / name)
    assert tuple(code_name(package, sheet.name) for sheet in package.sheets) == vba.SHEET_CODE_NAMES
    assert [sheet.name for sheet in package.sheets] == [sheet.title for sheet in SHEETS]
    workbook = ET.fromstring(package.part("xl/workbook.xml"))  # noqa: S314 (our own file)
    assert workbook.find(f"{MAIN}workbookPr").get("codeName") == vba.BOOK_CODE_NAME


@pytest.mark.parametrize("name", BOOKS)
def test_recalculation_on_opening_is_asked_for_only_without_macros(name):
    properties = ET.fromstring(Package.open(ROOT / name).part("xl/workbook.xml")).find(f"{MAIN}calcPr")  # noqa: S314
    assert properties.get("calcId") == "191029"
    assert (properties.get("fullCalcOnLoad") == "1") == name.endswith(".xlsx")


@pytest.mark.parametrize("name", BOOKS)
def test_sheets_are_found_by_name_and_the_layout_by_number(name):
    names = Package.open(ROOT / name).names
    assert names["IIF_LAYOUT"] == "1"
    for sheet in SHEETS:
        assert names[sheet.name] == f"{sheet.quoted}!$A$1"
    assert names["IIF_GUIDE"].startswith("Start!")
    assert names["IIF_RULES"].startswith("Rules!")


@pytest.mark.parametrize("name", WITH_MACROS)
def test_the_configuration_never_puts_the_workbooks_folder_on_the_path(name):
    sheet = openpyxl.load_workbook(ROOT / name)["xlwings.conf"]
    assert sheet.sheet_state == "hidden"
    rows = {row[0]: row[1] or "" for row in sheet.iter_rows(max_col=2, values_only=True) if row[0]}
    assert rows == dict(config_rows())
    assert rows["ADD_WORKBOOK_TO_PYTHONPATH"] == "False"


@pytest.mark.parametrize("name", BOOKS)
def test_it_carries_nobodys_name_and_no_path(name):
    held = parts((ROOT / name).read_bytes())
    core = held["docProps/core.xml"][0].decode()
    assert "<dc:creator>IIF Ready Reckoner</dc:creator>" in core
    assert "en-GB" in core
    everything = b"".join(data for part, (data, _) in held.items() if part.endswith((".xml", ".rels")))
    assert str(ROOT).encode() not in everything
    assert b"C:\\Users" not in everything


def test_the_empty_workbook_shows_assumed_figures_and_says_so():
    book = openpyxl.load_workbook(ROOT / "workbook/IIF_Ready_Reckoner.xlsm", data_only=True)
    assert "assumed figures of 2025-26.v1" in book["Reckoner"]["A3"].value
    codes = [row[0] for row in book["Reckoner"].iter_rows(min_row=6, max_row=45, values_only=True) if row[0]]
    assert codes == ["HI-03", "CAN-04"]


def test_the_notice_holds_the_licences_of_what_the_macros_contain():
    assert notice().strip() in (ROOT / "NOTICE").read_text("utf-8")

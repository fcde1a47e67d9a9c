"""The rules of docs/accessibility.md, read from the files of all years."""

import re

import pytest

from iif_reckoner import rulesets
from iif_reckoner.layout.sheets import SHEETS
from tests import measured
from tests.measured import MAIN, address, block
from tests.test_look import contrast

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
DC = "{http://purl.org/dc/elements/1.1/}"
WITHOUT_TABLES = {"Start", "About", "Working"}
"""Start and About are lists of words; Working has one block of array formulas per figure, which no table may hold."""

pytestmark = pytest.mark.parametrize("name", rulesets.ids())


@pytest.fixture(scope="module")
def read(every_year):
    """Each year's workbook, read once."""
    known = {}

    def of(name):
        if name not in known:
            book = measured.Measured(every_year[name])
            known[name] = book, {title: book.xml(part) for title, part in book.sheets.items()}
        return known[name]

    return of


def cells(sheet):
    return {address(cell.get("r")): cell for cell in sheet.iter(f"{MAIN}c")}


def test_every_sheet_has_its_title_in_a1(read, name):
    book, sheets = read(name)
    for title, sheet in sheets.items():
        first = cells(sheet)[1, 1]
        look = book.look(first)
        assert len(book.text(first)) > 2, title
        assert (look.bold, look.size >= 14) == (True, True), title


def test_sheets_have_names_of_their_own_and_are_gone_through_from_start(read, name):
    book, sheets = read(name)
    assert list(sheets) == [sheet.title for sheet in SHEETS if not sheet.hidden]
    assert len({title.casefold() for title in sheets}) == len(sheets)
    assert not [title for title in sheets if re.match(r"(Sheet|Table|Chart)\d*$", title) or len(title) > 31]
    view = book.xml("xl/workbook.xml").find(f"{MAIN}bookViews/{MAIN}workbookView")
    assert view.get("activeTab", "0") == "0"


def test_no_cells_are_merged(read, name):
    assert not [title for title, sheet in read(name)[1].items() if sheet.find(f"{MAIN}mergeCells") is not None]


def test_tables_are_real_ones_with_a_name_and_one_row_of_headings(read, name):
    book, sheets = read(name)
    names = []
    for title, sheet in sheets.items():
        tables = book.tables(title)
        assert bool(tables) == (title not in WITHOUT_TABLES), title
        assert sheet.find(f"{MAIN}autoFilter") is None, "a sheet's own filter beside that of a table"
        stand = cells(sheet)
        arrays = [block(f.get("ref")) for f in sheet.iter(f"{MAIN}f") if f.get("t") == "array"]
        for table in tables:
            names.append(table.name.casefold())
            top, left, bottom, right = table.area
            heads = [stand[top, column] for column in range(left, right + 1)]
            assert tuple(book.text(head) for head in heads) == table.headings
            assert not [head for head in heads if head.find(f"{MAIN}f") is not None], table.name
            assert len({heading.casefold() for heading in table.headings}) == right - left + 1
            for other in [*arrays, *(own.area for own in tables if own is not table)]:
                assert other[0] > bottom or other[2] < top or other[1] > right or other[3] < left, table.name
            assert table.filters in (False, None) or block(table.filters) == table.area
    assert len(set(names)) == len(names)
    assert not set(names) & {known.casefold() for known, _, _ in book.names}


def test_no_row_between_two_filled_ones_of_a_table_is_blank(read, name):
    book, sheets = read(name)
    for title, sheet in sheets.items():
        filled = {at for at, cell in cells(sheet).items() if book.text(cell) not in (None, "")}
        for table in book.tables(title):
            top, left, bottom, right = table.area
            used = [any((row, column) in filled for column in range(left, right + 1)) for row in range(top, bottom + 1)]
            assert used == sorted(used, reverse=True), table.name


def test_every_chart_says_in_words_what_it_shows(read, name):
    book, _ = read(name)
    drawings = [part for part in book.parts() if re.fullmatch(r"xl/drawings/drawing\d+\.xml", part)]
    told = [frame.get("descr") or "" for part in drawings for frame in book.xml(part).iter(f"{DRAWING}cNvPr")]
    assert len(told) == sum(part.startswith("xl/charts/chart") for part in book.parts()) > 3
    assert all(len(words) > 40 for words in told)


def test_every_look_in_the_file_has_enough_contrast(read, name):
    pairs = read(name)[0].colours()
    assert {("FFFFFF", "003087"), ("FFFFFF", "DA291C")} <= set(pairs)
    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []


def test_colour_is_never_the_only_sign(read, name):
    """What takes a colour shows words or a figure; but for the trend, whose steps differ in lightness."""
    book, sheets = read(name)
    for title, sheet in sheets.items():
        stand = cells(sheet)
        for formatting in sheet.iter(f"{MAIN}conditionalFormatting"):
            for top, left, bottom, right in map(block, formatting.get("sqref").split()):
                hidden = [at for at, cell in stand.items() if top <= at[0] <= bottom and left <= at[1] <= right
                          and book.look(cell).format == ";;;"]  # fmt: skip
                assert not hidden or title == "Reckoner", (title, formatting.get("sqref"))


def test_language_and_title_are_set(read, name):
    core = read(name)[0].xml("docProps/core.xml")
    assert core.findtext(f"{DC}language") == "en-GB"
    assert rulesets.load(name).year in core.findtext(f"{DC}title")


def test_the_yellow_cells_of_a_protected_sheet_are_reached_by_tab(read, name):
    """Tab goes from one unlocked cell to the next: each yellow one is unlocked, and no other but free slots."""
    book, sheets = read(name)
    for title, sheet in sheets.items():
        protection = sheet.find(f"{MAIN}sheetProtection")
        if protection is None or protection.get("sheet") not in ("1", "true"):
            continue
        looks = {int(cell.get("s", 0)) for cell in cells(sheet).values()}
        yellow = {number for number in looks if book.fill(number) == "FFF9D6"}
        assert yellow == {number for number in looks if book.unlocked(number) and book.fill(number)}, title
        assert protection.get("selectUnlockedCells") in (None, "0", "false"), title

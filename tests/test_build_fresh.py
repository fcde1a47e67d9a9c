"""Fresh workbooks: a prepared template filled for one PCN after another gives what building it alone gives."""

from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest

from iif_reckoner.build import fresh, make
from iif_reckoner.build.cells import SheetCells
from iif_reckoner.build.draw import frame
from iif_reckoner.build.evaluate import values
from iif_reckoner.build.fresh import OWN, own_counts, own_gaps, own_pages, shared_gaps
from iif_reckoner.build.workbook import Template, room_for
from iif_reckoner.figures import book
from iif_reckoner.figures.content import Compared, Content, Planned, Practice, Sharing, Switches
from iif_reckoner.layout.page import Page
from iif_reckoner.layout.sheets import BY_KEY
from iif_reckoner.layout.sheets import PRACTICES as SLOTS
from iif_reckoner.package import Package
from iif_reckoner.package.address import column_letters as letters
from iif_reckoner.rules_table import SCHEME
from iif_reckoner.vba import PYTHON_ANSWERS

PRACTICES = (1, 2, 12, 31, 40)
MONTHS = 12
SLEEPERS = {"working", "practice_gaps", "paste", "reckoner", "plan", "compare", "split"}
"""Sheets with formulas that need no working out; of these Split has them for practices alone."""


def content(ruleset, practices, *, counts=True, macros=True, seed=0, months=MONTHS):
    """A PCN of some size whose figures depend on `seed`, its names full of what XML and formulas might stumble on."""
    members = tuple(
        Practice(
            code=f"X{number:05}",
            name=f'=1+"{seed}" & <{number}> Surgery',
            list_size=4_000 + 37 * number + seed,
            weighted_list=4_100.5 + number if number % 3 else None,
            system="" if number % 4 else "EMIS",
        )
        for number in range(practices)
    )
    rows = [row for row in ruleset.indicators if row.level != "pcn"]
    found, baselines = {}, {}
    for place, practice in enumerate(members):
        for number, row in enumerate(rows):
            for month in range(1, months + 1):
                done = 10 * month + (7 * place + 3 * number + seed) % 40
                found[practice.code, row.code, month] = (done, None if (place + number) % 11 == 10 else 200 + place)
            if row.needs_baseline:
                baselines[practice.code, row.code] = (90 + seed % 5, 220)
    codes = ruleset.codes
    return Content(
        ruleset=ruleset,
        assumed=ruleset,
        pcn_code=f"U{seed:05}" if practices else "",
        pcn_name=f"Made & Up <{seed}> PCN" if practices else "",
        practices=members,
        counts=found if counts else {},
        baselines=baselines if counts else {},
        last_year={codes[0]: 0.25 + seed / 1000} if counts else {},
        medians={codes[1]: 0.5} if seed % 2 else {},
        macros=macros,
    )


def parts(built):
    with ZipFile(BytesIO(built)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def drawn_alone(content):
    """The same workbook without a template: every page of a PCN's drawn, every cell of them written anew."""
    return Template(content).filled(content)


@pytest.fixture(scope="module")
def template(made_up):
    return Template(Content(ruleset=made_up, assumed=made_up))


@pytest.mark.parametrize("practices", PRACTICES)
@pytest.mark.parametrize("counts", [True, False], ids=["counts", "no counts"])
def test_own_pages_are_all_that_differs(made_up, practices, counts):
    """What a PCN has of its own stands on the sheets that are drawn anew, and on Counts where `own_counts` says."""
    filled = content(made_up, practices, counts=counts)
    blank = Content(ruleset=made_up, assumed=made_up)
    empty = {page.sheet.key: page for page in book.pages(blank, None)}
    own = own_pages(filled)
    for shared, laid in ((empty["counts"], own_counts), (shared_gaps(blank), own_gaps)):
        over = laid(shared, filled)
        own[shared.sheet.key] = replace(over, cells={**shared.cells, **over.cells})
    for page in book.pages(filled, None):
        assert page == own.get(page.sheet.key, empty[page.sheet.key]), page.sheet.title


def test_only_working_spells_the_functions(made_up):
    """The template is drawn once with formulas, and Working a second time with our functions."""
    blank = Content(ruleset=made_up, assumed=made_up)
    for native, spelled in zip(book.pages(blank, None), book.pages(blank, PYTHON_ANSWERS), strict=True):
        assert native == spelled or native.sheet.key == "working"


@pytest.mark.parametrize(("practices", "macros"), [*((size, True) for size in PRACTICES), (12, False), (40, False)])
def test_fresh_is_what_is_drawn_alone(made_up, template, practices, macros):
    filled = content(made_up, practices, macros=macros, seed=practices)
    assert parts(template.filled(filled)) == parts(drawn_alone(filled))


@pytest.mark.parametrize("practices", PRACTICES)
def test_nothing_is_left_of_the_pcn_before(made_up, template, practices):
    first, other = (
        content(made_up, practices),
        content(made_up, 43 - practices if practices > 3 else 40, seed=9, months=5),
    )
    bare = content(made_up, practices, counts=False, seed=4)
    before = template.filled(first), template.filled(bare)
    template.filled(other)
    assert (template.filled(first), template.filled(bare)) == before


@pytest.mark.parametrize("macros", [True, False])
def test_one_of_the_same_size_is_what_is_drawn_alone(made_up, macros):
    """The second workbook of a size takes over the cells of the first, and only what differs is written anew."""
    own = Template(Content(ruleset=made_up, assumed=made_up))
    own.filled(content(made_up, 6, seed=1))
    for other in (
        content(made_up, 6, counts=False, macros=macros, seed=2),
        content(made_up, 6, macros=macros, seed=3, months=5),
    ):
        assert parts(own.filled(other)) == parts(drawn_alone(other))


@pytest.mark.parametrize("key", OWN)
def test_redrawn_cells_are_those_drawn_anew(made_up, key):
    first, other = (own_pages(content(made_up, 6, seed=seed))[key] for seed in (0, 5))
    styles = {name: number for number, name in enumerate(_styles())}
    around = b'<worksheet><dimension ref="A1"/><sheetData/></worksheet>'
    redrawn = SheetCells(first, styles).redrawn(first, other)
    assert redrawn is not None
    assert redrawn.part(around) == SheetCells(other, styles).part(around)
    assert redrawn.formulas == SheetCells(other, styles).formulas


def small(*formulas, height=20, value="a", style="plain"):
    """A page of one typed cell and formulas below it."""
    page = Page(BY_KEY["cash"])
    page.put(1, 1, value)
    for row, formula in enumerate(formulas, start=2):
        page.formula(row, 1, formula, style)
    if height:
        page.heights[2] = height
    return page


def test_cells_are_redrawn_with_their_looks():
    """Styles and heights may differ, of cells with formulas too."""
    first, other = small("A1", "A2"), small("A1", "A2", height=30, value=5, style="head")
    styles, around = {"plain": 0, "head": 1}, b"<worksheet><sheetData/></worksheet>"
    results = [((2, 1), 7.0), ((3, 1), "")]
    redrawn = SheetCells(first, styles).redrawn(first, other)
    assert redrawn.part(around, results) == SheetCells(other, styles).part(around, results)
    assert redrawn.part(around, results) != SheetCells(first, styles).part(around, results)


def test_cells_are_not_redrawn_where_more_than_what_is_typed_differs():
    first = small("A1", "A2")
    typed, array, hidden = small("A1", "A2"), small("A1", "A2"), small("A1", "A2")
    typed.put(3, 1, "A2")
    array.array(array.area(1, 2), "A1", "plain")
    hidden.hidden_rows = (3,)
    cells = SheetCells(first, {"plain": 0})
    for other in (small("A1", "B2"), small("A1"), small("A1", "A2", height=None), typed, array, hidden):
        assert cells.redrawn(first, other) is None


def test_cells_are_those_of_the_pages(made_up, template):
    """openpyxl, which knows nothing of how cells are written here, reads what the pages say."""
    filled = content(made_up, 12)
    built = template.filled(filled)
    pages = book.pages(filled, PYTHON_ANSWERS)
    found = values(*_drawn(book.pages(filled, None)))
    read = openpyxl.load_workbook(BytesIO(built))
    shown = openpyxl.load_workbook(BytesIO(built), data_only=True)
    styles = {key: style.name for key, style in _styles().items()}
    for page in pages:
        sheet, cached = read[page.sheet.title], shown[page.sheet.title]
        for (row, column), cell in page.cells.items():
            there = sheet.cell(row, column)
            assert there.style == styles[cell.style], there
            if cell.formula:
                assert there.value == f"={cell.value}", there
                assert (cached.cell(row, column).value or "") == (_at(found, page, row, column) or ""), there
            else:
                assert (there.value if there.value is not None else "") == ("" if cell.value is None else cell.value)
        for area, formula, style in page.arrays:
            there = sheet.cell(area.row, area.column)
            assert (there.value.ref, there.value.text, there.style) == (area.ref, f"={formula}", styles[style])
            for down in range(area.height):
                for right in range(area.width):
                    at = area.row + down, area.column + right
                    assert (cached.cell(*at).value or "") == (_at(found, page, *at) or ""), at
        assert sheet.print_area.replace("$", "").endswith(page.print_area.ref) if page.print_area else True
        assert {row for row, seen in sheet.row_dimensions.items() if seen.hidden} == set(page.hidden_rows)
        heights = {row: seen.height for row, seen in sheet.row_dimensions.items() if seen.height}
        assert heights == pytest.approx(page.heights, abs=0.001)
        assert sheet.dimensions.startswith("A1:")


def otherwise(filled):
    """The same PCN with everything set or typed that people may set or type for the whole workbook."""
    code = filled.ruleset.codes[0]
    return replace(
        filled,
        hours_left=40,
        sharing=Sharing(by="List", to="Lower threshold"),
        switches=Switches(month=filled.months[3], counting="In month", engine="Formulas", assumed="No"),
        outside=("A target of our own",),
        overrides={(code, "points"): 7, (SCHEME, "point_value"): 201.5},
        costs=120.0,
        blend={"list": 0.5, "equal": 0.25, "points": 0.25},
        minimum=10.0,
        aspiration=("On", 0.5),
        aspiration_amount=5_000.0,
        compared=Compared(
            list_size=30_000, point_value=190, leaves="X00001", joins=2_500, months=(filled.months[1], filled.months[4]),
            tried={code: (50, 60, 1.05)}, official={code: (40, 60)},
        ),
        planned={code: Planned(tier="Top", minutes=12, board_lead="A", practice_lead="B", helper="C")},
    )  # fmt: skip


@pytest.mark.parametrize("typed", [lambda filled: filled, otherwise], ids=["as it comes", "all set otherwise"])
@pytest.mark.parametrize("practices", [0, 3, 10, 11])
def test_what_is_not_worked_out_is_what_its_formulas_give(made_up, template, practices, typed):
    """Slots of no indicator, practice or row of Counts hold what is known of them: here every formula is worked out."""
    filled = typed(content(made_up, practices, macros=False, seed=practices))
    built = template.filled(filled)
    room = room_for(practices)
    cells = {page.sheet.key: SheetCells(page, dict.fromkeys(_styles(), 0)) for page in book.pages(filled, None)}
    asleep = {key: len(fresh.asleep(key, filled, room, own.formulas)) for key, own in cells.items()}
    full = set() if room < SLOTS else {"split"}
    assert {key for key, number in asleep.items() if number} == SLEEPERS - full
    assert min(asleep[key] for key in ("working", "practice_gaps", "paste")) > 1000
    shown = openpyxl.load_workbook(BytesIO(built), data_only=True)
    for (title, address), value in values(built, book.pages(filled, None)).items():
        there = shown[title][address].value
        # openpyxl reads an empty text as nothing; 0 is something.
        assert ("" if there is None else there) == value, (title, address)


def _drawn(pages):
    built, styles = frame(pages, title="alone")
    package = Package.from_bytes(built, "alone")
    named = {package.sheet(page.sheet.title).part: page for page in pages}
    cells = {part: SheetCells(page, styles).part(package.part(part)) for part, page in named.items()}
    return package.with_parts(cells).to_bytes(), pages


def _at(found, page, row, column):
    return found[page.sheet.title, f"{letters(column)}{row}"]


def _styles():
    from iif_reckoner.layout.look import STYLES

    return STYLES


def test_make_fills_the_template_of_its_ruleset(made_up, template):
    filled = content(made_up, 3)
    assert make(filled) == template.filled(filled)
    assert make(replace(filled, macros=False)) == template.filled(replace(filled, macros=False))
    assert len(make(filled)) < 1_000_000


def test_the_sheets_drawn_anew_are_sheets(made_up):
    assert set(own_pages(content(made_up, 1))) == set(OWN)

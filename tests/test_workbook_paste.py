"""The sheet Paste: a month's figures that stand there give what they give on Counts, in every engine."""

from collections import Counter
from dataclasses import replace
from itertools import product
from random import Random

import pytest

from iif_reckoner.build import make
from iif_reckoner.build.workbook import Template
from iif_reckoner.desk.book import Workbook
from iif_reckoner.figures import paste
from iif_reckoner.figures.checks import CHECKS
from iif_reckoner.figures.content import Content, Pasted, Practice, Switches
from iif_reckoner.layout.sheets import PRACTICES
from iif_reckoner.package import Package
from tests import workbook_engines as engines
from tests.workbook_engines import MADE_UP, PLACES, Found, spot

YEAR = "2022-23.v2"
BOOKS = [pytest.param((YEAR, "full"), id="2022-23"), pytest.param((MADE_UP, "half-empty"), id="made up")]
KINDS = ("Numerator", "Denominator")
SPELLINGS = (
    ("{what}", "{kind}"),
    ("{cqrs}", "{kind}"),
    ("{cqrs}", "{what} {kind}"),
    ("{what}", "{what} {kind}"),
    ("{small}", "{small} {kind}"),
)
"""Indicator code and measure as extracts and people write them."""


def months_of(of):
    return sorted({month for (_, _, month), pair in of.counts.items() if pair != (None, None)})


def rows_of(of, month, who=None):
    """The rows of a month as an extract has them, one after the other in another of the spellings."""
    cqrs = {row.code: row.cqrs or row.code for row in of.ruleset.indicators}
    found = []
    for (practice, what, of_month), pair in of.counts.items():
        if of_month != month or (who is not None and practice not in who):
            continue
        for kind, value in zip(KINDS, pair, strict=True):
            if value is not None:
                code, measure = SPELLINGS[len(found) % len(SPELLINGS)]
                words = {"what": what, "cqrs": cqrs[what], "small": what.lower()}
                words["kind"] = kind if len(found) % 2 else kind.upper()
                code, measure = code.format(**words), measure.format(**words)
                found.append(Pasted(practice=practice, indicator=code, measure=measure, value=value))
    return tuple(found)


def moved(of, month, who=None):
    """The same content with a month's figures on Paste; `who` are the practices whose figures are."""
    left = {key: pair for key, pair in of.counts.items() if key[2] != month or (who is not None and key[0] not in who)}
    return replace(of, counts=left, pasted=rows_of(of, month, who), pasted_month=of.months[month - 1])


def cells_of(name):
    area = PLACES[name].area
    title = area.sheet.title
    return {(title, area.row + down, area.column + right) for down in range(area.height) for right in range(area.width)}


OF_PASTE = set().union(
    *(cells_of(name) for name in PLACES if name.startswith(("pasted_", "paste_")) or name == "month_pasted")
)
"""The cells that say what is picked up."""


def besides_paste(values):
    return {at: found for at, found in values.items() if at[0] != "Paste" and at not in OF_PASTE}


def values_of(content):
    return engines.formula_values(Package.from_bytes(make(content), "book"))


def said(values):
    """What the sheet says above its rows, and what each row is taken for."""
    notes = [found.value for (sheet, row, _), found in sorted(values.items()) if sheet == "Paste" and row < 10][1:]
    read = [values[at].value for at in sorted(cells_of("paste_read"))]
    return notes, Counter(text for text in read if text)


def checks_of(values):
    """What each check counts, those that find nothing left out."""
    first = min(row for sheet, row, column in values if (sheet, column) == ("Checks", 2))
    counts = {check.key: values["Checks", first + down, 2].value for down, check in enumerate(CHECKS)}
    return {key: count for key, count in counts.items() if count != 0}


# The same figures


@pytest.fixture(scope="module", params=BOOKS)
def of(request):
    return engines.content(*request.param)


@pytest.fixture(scope="module")
def on_counts(of):
    return besides_paste(values_of(of))


@pytest.mark.parametrize("back", [0, 2], ids=["the newest month", "an earlier month"])
def test_figures_on_paste_count_as_on_counts(of, on_counts, back):
    month = months_of(of)[-1 - back]
    values = values_of(moved(of, month))
    assert engines.differences(on_counts, values) == []
    assert engines.against_core(of, values) == []
    assert values[spot("latest")].value == months_of(of)[-1]
    picked = [values[at] for at in cells_of("pasted_num") | cells_of("pasted_den") if values[at].kind == "number"]
    assert len(picked) == len(rows_of(of, month)) > 100


def test_some_practices_on_counts_and_some_on_paste(of, on_counts):
    who = [practice.code for practice in of.practices[::2]]
    assert engines.differences(on_counts, values_of(moved(of, months_of(of)[-1], who))) == []


@pytest.mark.parametrize("shown", [-3, -1], ids=["before that month", "after it"])
def test_in_month_figures_add_up_with_those_on_paste(of, shown):
    of = replace(of, switches=Switches(counting="In month", month=of.months[months_of(of)[shown] - 1]))
    values = values_of(moved(of, months_of(of)[-2]))
    assert engines.differences(besides_paste(values_of(of)), values) == []
    # The core leaves a practice out that has one figure of two; of the made-up year many have.
    if of.ruleset.id == YEAR:
        assert engines.against_core(of, values, month=months_of(of)[shown], in_month=True) == []


def test_our_functions_put_in_the_same(of, on_counts):
    package = Package.from_bytes(make(replace(moved(of, months_of(of)[-1]), macros=True)), "book")
    found = engines.by_formualizer(package, on_counts, python=True)
    named = engines.shown(package, "engine")
    assert {found[place].value for place in named} == {"Python"}
    assert engines.differences(on_counts, found, named) == []


def test_ironcalc_finds_the_same(of, on_counts):
    data = make(moved(of, months_of(of)[-1]))
    values = engines.formula_values(Package.from_bytes(data, "book"))
    found = engines.by_ironcalc(data, values)
    assert engines.differences(values, found) == []
    assert engines.differences(on_counts, found) == []


def test_libreoffice_finds_the_same_and_the_faults(tmp_path):
    of = engines.content(MADE_UP)
    month = months_of(of)[-1]
    books = {"same.xlsx": moved(of, month), "same.xlsm": replace(moved(of, month), macros=True)}
    books |= {f"{number}.xlsx": FAULTS[name][0] for number, name in enumerate(TELLING)}
    files = {name: make(content) for name, content in books.items()}
    back = engines.by_office(tmp_path, files)
    on_counts = besides_paste(values_of(of))
    for name, data in files.items():
        values = engines.formula_values(Package.from_bytes(data, name))
        found = engines.all_values(back[name], values)
        assert engines.differences(values, found) == [], name
        if name.startswith("same"):
            assert engines.differences(on_counts, found) == []


# What is typed, what is wrong

OF = engines.content(MADE_UP)
MONTH = OF.months[11]
FIRST = OF.practices[0].code
KEY = (FIRST, "SLD-01", 12)
NUMERATOR, DENOMINATOR = OF.counts[KEY]
OTHERS = {key: pair for key, pair in OF.counts.items() if key != KEY}
"""All figures but one pair."""


def row(value, practice=FIRST, indicator="SLD-01", measure="Numerator"):
    return Pasted(practice=practice, indicator=indicator, measure=measure, value=value)


def pasted(*rows, counts=OTHERS, month=MONTH):
    return replace(OF, counts=counts, pasted=rows, pasted_month=month)


NUM, DEN = row(NUMERATOR), row(DENOMINATOR, measure="Denominator")
TWO = "Figures picked up: 2."
NOT_USED = "Figures picked up: {}. Not used, for Counts has the figure or Checks finds it wrong: {}."
LEFT = "Left out: {} without a row on Counts, {} of other indicators, {} neither numerator nor denominator."
CHOOSE = "Choose the month of these rows."
PAIR = {"SLD-01 numerator": 1, "SLD-01 denominator": 1}
USED, NOTHING = (NUMERATOR, DENOMINATOR), ("", "")

# What is pasted; the notes above the rows; what rows are taken for; what checks find; what the practice counts.
FAULTS = {
    "none": (pasted(NUM, DEN), [TWO, ""], PAIR, {}, USED),
    "no month": (pasted(NUM, DEN, month=""), [CHOOSE, ""], PAIR, {"pasted_left": 2}, NOTHING),
    "a month of another year": (
        pasted(NUM, DEN, month="Apr 1999"),
        [CHOOSE, ""],
        PAIR,
        {"pasted_left": 2},
        NOTHING,
    ),
    "a practice that is not ours": (
        pasted(NUM, DEN, row(5, practice="A81001")),
        [TWO, LEFT.format(1, 0, 0)],
        {**PAIR, "no row on Counts": 1},
        {"pasted_left": 1},
        USED,
    ),
    "no practice": (
        pasted(NUM, DEN, row(5, practice=None)),
        [TWO, LEFT.format(1, 0, 0)],
        {**PAIR, "no row on Counts": 1},
        {"pasted_left": 1},
        USED,
    ),
    "another indicator, and none": (
        pasted(NUM, DEN, row(5, indicator="NCDMI198"), row(5, indicator=None)),
        [TWO, LEFT.format(0, 2, 0)],
        {**PAIR, "other indicator": 2},
        {"pasted_left": 2},
        USED,
    ),
    "another measure, and none": (
        pasted(NUM, DEN, row(5, measure="FITNIDAT"), row(5, measure="SLD-02 Numerator"), row(5, measure=None)),
        [TWO, LEFT.format(0, 0, 3)],
        {**PAIR, "other measure": 3},
        {"pasted_left": 3},
        USED,
    ),
    "a row without a value": (pasted(NUM, row(None, indicator="ZZ"), DEN), [TWO, ""], PAIR, {}, USED),
    "a numerator alone": (pasted(NUM), ["Figures picked up: 1.", ""], {"SLD-01 numerator": 1}, {}, NOTHING),
    "twice": (
        pasted(NUM, DEN, row(NUMERATOR, measure="sld-01 numerator")),
        [NOT_USED.format(1, 2), ""],
        {**PAIR, "SLD-01 numerator": 2},
        {"pasted_twice": 1},
        NOTHING,
    ),
    "a star and a number for one figure": (
        pasted(row("*"), NUM, DEN),
        [NOT_USED.format(1, 2), ""],
        {**PAIR, "SLD-01 numerator": 2},
        {"pasted_twice": 1},
        NOTHING,
    ),
    "a star": (pasted(row("*"), DEN), [NOT_USED.format(1, 1), ""], PAIR, {"pasted_no_count": 1}, NOTHING),
    "text that looks like a number, a number below 0": (
        pasted(row("1,234"), row(-5, measure="Denominator")),
        [NOT_USED.format(0, 2), ""],
        PAIR,
        {"pasted_no_count": 2},
        NOTHING,
    ),
    "half a patient": (pasted(row(10.5), DEN), [NOT_USED.format(1, 1), ""], PAIR, {"pasted_no_count": 1}, NOTHING),
    "a star of a practice that is not ours": (
        pasted(NUM, DEN, row("*", practice="A81001")),
        [TWO, LEFT.format(1, 0, 0)],
        {**PAIR, "no row on Counts": 1},
        {"pasted_left": 1},
        USED,
    ),
    "what is typed wins": (
        pasted(row(1), row(2, measure="Denominator"), counts=OF.counts),
        [NOT_USED.format(0, 2), ""],
        PAIR,
        {},
        USED,
    ),
    "what is typed wins over faults": (
        pasted(row("*"), DEN, DEN, counts=OF.counts),
        [NOT_USED.format(0, 3), ""],
        {**PAIR, "SLD-01 denominator": 2},
        {},
        USED,
    ),
    "one figure typed, the other pasted": (
        pasted(DEN, counts={**OTHERS, KEY: (NUMERATOR, None)}),
        [NOT_USED.format(0, 1), ""],
        {"SLD-01 denominator": 1},
        {},
        NOTHING,
    ),
    "more done than there are": (
        pasted(row(DENOMINATOR + 1), DEN),
        [TWO, ""],
        PAIR,
        {"practice_over": 1},
        (DENOMINATOR + 1, DENOMINATOR),
    ),
}
TELLING = (
    "no practice",
    "another indicator, and none",
    "another measure, and none",
    "twice",
    "a star and a number for one figure",
    "text that looks like a number, a number below 0",
    "what is typed wins over faults",
)
"""Those on which engines might differ: blanks, stars, two rows for one figure."""


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_left_out_or_wrong_is_counted_in_words_and_by_a_check(name):
    content, notes, read, found, pair = FAULTS[name]
    values = values_of(content)
    assert said(values) == (notes, read)
    # Without the practice the PCN has done less than in the month before.
    falls = {"falls": 1} if pair == NOTHING else {}
    assert checks_of(values) == {**found, **falls}
    down = [(key[0], key[2]) for key in engines.count_keys(OF)].index(KEY[:2])
    assert tuple(values[spot(f"row_{kind}", down)].value for kind in ("num", "den")) == pair
    stopped = any(check.stops for check in CHECKS if check.key in found)
    assert (values[spot("total_won")] == Found("text", "see Checks")) is stopped


@pytest.mark.parametrize("name", TELLING)
def test_ironcalc_sees_the_faults(name):
    data = make(FAULTS[name][0])
    values = engines.formula_values(Package.from_bytes(data, name))
    assert engines.differences(values, engines.by_ironcalc(data, values)) == []


def test_rows_below_those_that_are_read_are_noticed():
    values = values_of(pasted(NUM, DEN, *[row(None)] * paste.ROWS, NUM))
    notes, read = said(values)
    assert notes == [TWO, LEFT.format(0, 0, 0)[:-1] + f", and all below row {paste.LAST}."]
    assert read == PAIR
    # Practice, indicator and measure of three rows, and a value.
    assert checks_of(values) == {"pasted_left": 10}


def test_a_figure_goes_to_no_two_rows_of_counts():
    package = Package.from_bytes(make(pasted(NUM, DEN)), "book")
    keys = {spot("count_practice", 1000): FIRST, spot("count_indicator", 1000): "SLD-01"}
    values = engines.typed_in_formualizer(package, keys, engines.formula_values(package))
    assert checks_of(values) == {"pasted_twice": 4, "rows_twice": 2, "falls": 1}


def test_a_cqrs_code_of_two_indicators_says_nothing():
    one, other, *others = OF.ruleset.indicators
    for code, taken_for in ((None, "SLD-01 numerator"), ("NCD001", "other indicator")):
        indicators = (replace(one, cqrs="NCD001"), replace(other, cqrs=code), *others)
        ruleset = replace(OF.ruleset, indicators=indicators)
        content = replace(pasted(row(NUMERATOR, indicator="ncd001")), ruleset=ruleset)
        assert said(values_of(content))[1] == {taken_for: 1}


# What is not there


def test_a_month_with_nothing_pasted_changes_nothing():
    bare = values_of(OF)
    values = values_of(replace(OF, pasted_month=MONTH))
    assert engines.differences(bare, values) == []
    assert said(values) == (["Nothing is pasted yet.", ""], {})
    assert checks_of(values) == {}
    assert {values[at].value for name in ("pasted_num", "paste_read") for at in cells_of(name)} == {""}


def test_a_month_that_is_on_paste_alone_is_the_newest():
    of = engines.content(MADE_UP, "half-empty")
    values = values_of(replace(of, pasted=rows_of(OF, 8), pasted_month=OF.months[7]))
    assert values[spot("month")].value == 8
    assert values[spot("month_total_points", 0, 7)].kind == "number"
    assert values[spot("month_total_points", 0, 6)].value == ""


# Made, read and made again


def parts(data):
    package = Package.from_bytes(data, "book")
    return {part: package.part(part) for part in package.parts}


def test_what_was_pasted_is_read_back_and_nothing_stays_for_the_next(tmp_path):
    of = engines.content("2023-24.v1")
    odd = (row("*", practice="=1+1"), row(5, indicator=7, measure="a <b> & c"))
    content = replace(moved(of, 12), pasted=(*rows_of(of, 12), *odd))
    before = make(of)
    path = tmp_path / "book.xlsx"
    path.write_bytes(make(content))
    again = Workbook.open(path).content()
    assert again == content
    assert make(again) == path.read_bytes()
    few = moved(of, 2)
    assert parts(make(few)) == parts(Template(few).filled(few))
    assert make(of) == before


@pytest.mark.parametrize("macros", [True, False])
def test_a_template_for_all_gives_what_is_drawn_alone(macros):
    for one in (pasted(NUM, DEN), replace(OF, pasted_month=MONTH), OF):
        content = replace(one, macros=macros)
        assert parts(make(content)) == parts(Template(content).filled(content))


def test_the_largest_workbook_with_a_month_on_paste_is_under_a_megabyte():
    of = engines.content("2022-23.v1", "empty")
    chance = Random(1)
    practices = tuple(Practice(code=f"X{90_000 + place}", list_size=9_000) for place in range(PRACTICES))
    counts = {}
    for key in product((practice.code for practice in practices), of.ruleset.codes, range(1, 13)):
        denominator = chance.randint(1, 9_999)
        counts[key] = (chance.randint(0, denominator), denominator)
    data = make(moved(replace(of, practices=practices, counts=counts), 12))
    assert len(data) < 1_000_000
    found = Package.from_bytes(data, "largest").grid("Working", ["B"])
    of_practices = [row for row in of.ruleset.indicators if row.level != "pcn"]
    assert found[f"B{spot('pasted_used')[1]}"].value == 2 * PRACTICES * len(of_practices)


def test_blank_rows_have_no_cells_but_what_they_are_taken_for():
    package = Package.from_bytes(make(Content(ruleset=OF.ruleset, assumed=OF.assumed, macros=False)), "book")
    part = package.part(package.sheet("Paste").part)
    assert b"<sheetProtection " in part
    below = [cell.column for cell in package.cells("Paste") if cell.row > spot("paste_value")[1] - 1]
    assert set(below) == {spot("paste_read")[2]}
    assert len(below) == paste.ROWS

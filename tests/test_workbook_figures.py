"""Every figure of a workbook against the exact core, and Python in the cells against the formulas, in every year."""

import re
from dataclasses import replace

import pytest
from openpyxl.formula import Tokenizer

from iif_reckoner import rulesets
from tests import workbook_engines as engines
from tests.workbook_engines import FILLS, MADE_UP, Found, spot

YEARS = (*rulesets.ids(), MADE_UP)
CASES = [pytest.param((year, fill), id=f"{year[-12:]} {fill}") for year in YEARS for fill in FILLS]

# Design: what Excel 2016 knows, no more.
KNOWN = frozenset(
    "ABS COUNT COUNTA COUNTBLANK COUNTIF COUNTIFS DATE FIXED IF IFERROR INDEX INT ISERROR ISNUMBER LARGE LEFT MATCH MAX MIN NA "
    "ROUND ROUNDDOWN ROUNDUP ROW SUM SUMIF SUMIFS SUMPRODUCT".split()
)
OURS = re.compile(r"\b(IIF_[A-Z]+)\(")


@pytest.fixture(scope="module", params=CASES)
def case(request):
    return request.param


@pytest.fixture(scope="module")
def content(case):
    return engines.content(*case, macros=True)


@pytest.fixture(scope="module")
def package(case):
    return engines.package(*case, macros=True)


@pytest.fixture(scope="module")
def cached(package):
    return engines.formula_values(package)


def test_every_figure_is_the_cores(content, package, cached):
    wrong = engines.against_core(content, cached)
    assert wrong == []
    named = engines.shown(package, "engine")
    assert {place[0] for place in named} >= {"Working", "Start"}
    assert {cached[place].value for place in named} == {"Formulas"}


def test_python_puts_the_same_figures_into_every_cell(package, cached):
    found = engines.by_formualizer(package, cached, python=True)
    named = engines.shown(package, "engine")
    assert {found[place].value for place in named} == {"Python"}
    assert engines.differences(cached, found, named) == []


def test_no_formula_is_without_a_value_and_none_shows_an_error(cached):
    assert len(cached) > 20_000
    strange = {place: found for place, found in cached.items() if found.kind not in ("number", "text")}
    # Charts leave a gap where the cell behind them says that there is nothing.
    assert set(strange.values()) <= {Found("error", "#N/A")}
    assert {sheet for sheet, _, _ in strange} <= {"Working"}
    assert [place for place, found in cached.items() if found.kind == "text" and found.value.startswith("#")] == []


def test_formulas_use_what_excel_2016_knows_and_few_calls_of_ours(package):
    shapes = {}
    calls = []
    for title, cell in engines.cells(package):
        if cell.formula:
            calls += [(title, call) for call in OURS.findall(cell.formula)]
            shapes.setdefault(re.sub(r"\d+", "1", cell.formula), cell.formula)
    assert {sheet for sheet, _ in calls} == {"Working"}
    assert len(calls) <= 16
    # Conditional looks and what may be typed hold formulas, too.
    for sheet in package.sheets:
        text = package.part(sheet.part).decode()
        for formula in re.findall(r"<formula[12]?>(.*?)</formula[12]?>", text, re.DOTALL):
            shapes.setdefault(formula, formula.replace("&quot;", '"').replace("&gt;", ">").replace("&lt;", "<"))
    used = set()
    for formula in shapes.values():
        for token in Tokenizer("=" + formula).items:
            if token.type == token.FUNC and token.subtype == token.OPEN:
                used.add(token.value.rstrip("(").upper())
            # A bracket is another workbook or a table; a # a spilled block or an error.
            assert token.type != token.OPERAND or token.subtype != token.RANGE or not set("[]#@") & set(token.value)
            assert token.subtype != token.ERROR
    assert {name for name in used if not name.startswith("IIF_")} <= KNOWN
    assert {name for _, name in calls} == {name for name in used if name.startswith("IIF_")}


def test_the_pounds_of_a_month_go_by_the_denominators_of_that_month():
    content = engines.content(MADE_UP, "half-empty")
    cached = engines.formula_values(engines.package(MADE_UP, "half-empty", macros=True))
    won = engines.reckoned(content, 1)["SLD-01"].value_gbp
    assert cached[spot("month_value")].value == float(won)


@pytest.mark.parametrize("lacks", ["counts", "baseline", "half a baseline"])
def test_an_improvement_is_of_the_practices_that_have_counts_and_baseline(lacks):
    of = engines.content(MADE_UP)
    package = engines.package(MADE_UP)
    key = (of.practices[0].code, "IMP-01")
    if lacks == "counts":
        of = replace(of, counts={**of.counts, (*key, 12): (None, None)})
        cells = {engines.count_spot(of, *key, 12, kind): None for kind in ("numerator", "denominator")}
    else:
        left = (of.baselines[key][0], None) if lacks == "half a baseline" else (None, None)
        of = replace(of, baselines={**of.baselines, key: left})
        row = engines.count_spot(of, *key, 1)[1] - spot("pairs")[1]
        cells = {spot("base_den", row): None}
        if left == (None, None):
            cells[spot("base_num", row)] = None
    found = engines.typed_in_formualizer(package, cells, engines.formula_values(package))
    place = of.ruleset.codes.index("IMP-01")
    assert engines.is_number(found[spot("points", place)], engines.reckoned(of, 12)["IMP-01"].points)


@pytest.mark.parametrize("typed", [-5, 12.5])
@pytest.mark.parametrize("where", ["count", "baseline"])
def test_a_count_that_is_none_is_an_error_by_formulas_too(typed, where):
    of = engines.content(MADE_UP)
    first = of.practices[0].code
    cells = {engines.count_spot(of, first, "SLD-01", 12): typed}
    if where == "baseline":
        row = engines.count_spot(of, first, "IMP-01", 1)[1] - spot("pairs")[1]
        cells = {spot("base_num", row): typed}
    both = {}
    for python in (False, True):
        package = engines.package(MADE_UP, macros=python)
        wanted = engines.formula_values(package)
        both[python] = engines.typed_in_formualizer(package, cells, wanted, python=python)
    assert engines.differences(both[False], both[True], engines.shown(package, "engine")) == []
    assert both[False][spot("total_won")] == Found("text", "see Checks")
    if typed == 12.5:
        place = of.ruleset.codes.index("SLD-01" if where == "count" else "IMP-01")
        assert both[False][spot("value", place)] == Found("error", "#VALUE!")

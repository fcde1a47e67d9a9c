"""The sheet Checks: for each check one planted fault that turns it, in formualizer, in IronCalc and in LibreOffice."""

from collections import ChainMap
from functools import cache

import pytest

from iif_reckoner.figures.checks import CHECKS
from tests import workbook_engines as engines
from tests.workbook_engines import MADE_UP, Found, count_spot, spot

OF = engines.content(MADE_UP)
FIRST = OF.practices[0].code
NEWEST = 12
ERROR = "#VALUE!"


def counted(indicator, month, kind="numerator"):
    return OF.counts[FIRST, indicator, month][kind == "denominator"]


def at(indicator, month, kind="numerator"):
    return count_spot(OF, FIRST, indicator, month, kind)


def row_of(indicator):
    """The place of the row of Counts that holds the first practice's counts."""
    return at(indicator, 1)[1] - spot("pairs")[1]


def on_paste(*values, month=OF.months[NEWEST - 1]):
    """The first practice's numerators of an indicator stand on Paste, and none of its figures of the month on Counts."""
    cells = {at("SLD-01", NEWEST, kind): None for kind in ("numerator", "denominator")}
    for down, value in enumerate(values):
        rows = zip(("practice", "indicator", "measure", "value"), (FIRST, "sld-01", "Numerator", value), strict=True)
        cells |= {spot(f"paste_{name}", down): typed for name, typed in rows}
    return {**cells, spot("paste_month"): month}


TEXT, NO_COUNT, PCN, PRACTICE, LIST_WRONG, LIST_BLANK, FALLS, POINTS, STRAY, ROWS_TWICE, MISSING, REVERSED, ODD = range(
    13
)
PASTED_LEFT, PASTED_TWICE, PASTED_NO_COUNT = range(13, 16)

UNUSED = len(engines.count_keys(OF)) + 1

# What is typed, and what the checks then find: every other one finds 0.
FAULTS = {
    "text that looks like a number": ({at("SLD-01", 1): "1,234"}, {TEXT: 1}),
    "a text denominator": ({at("SLD-01", 1, "denominator"): "56"}, {TEXT: 1}),
    "a text baseline": ({spot("base_num", row_of("IMP-01")): "1 000"}, {TEXT: 1}),
    "a count below 0": ({at("SLD-01", 1): -5}, {NO_COUNT: 1}),
    "half a patient": ({at("SLD-01", 1): 0.5, at("SLD-01", 1, "denominator"): 0.5}, {NO_COUNT: 1}),
    "half a patient in the month shown": (
        {at("SLD-01", NEWEST): counted("SLD-01", NEWEST) + 0.5},
        {NO_COUNT: 1, PCN: 1, PRACTICE: 1, POINTS: ERROR},
    ),
    "a baseline below 0": ({spot("base_den", row_of("IMP-01")): -1}, {NO_COUNT: 1}),
    "the PCN has more done than there are": ({at("SLD-01", NEWEST): 90_000_000}, {PCN: 1, PRACTICE: 1, POINTS: ERROR}),
    "a practice has more done than there are": (
        {at("SLD-01", NEWEST): counted("SLD-01", NEWEST, "denominator") + 1},
        {PRACTICE: 1},
    ),
    "a list size as text": ({spot("practice_list"): "8,973"}, {LIST_WRONG: 1, LIST_BLANK: 1}),
    "no list size": ({spot("practice_list"): None}, {LIST_BLANK: 1}),
    "half a patient on a list": ({spot("practice_list"): 8_973.5}, {LIST_WRONG: 1}),
    "a month below the one before": ({at("SLD-01", NEWEST): 0}, {FALLS: 1}),
    "points typed as text": ({spot("rule_points_override"): "99999"}, {POINTS: 1, ODD: 1}),
    "an indicator that Rules does not have": ({spot("count_indicator"): "ZZ-99"}, {STRAY: 1, MISSING: 1}),
    "a practice that Practices does not have": ({spot("count_practice"): "X12345"}, {STRAY: 1, MISSING: 1}),
    "a practice that has no row on Counts": (
        {spot("practice_code", len(OF.practices)): "X12345", spot("practice_list", len(OF.practices)): 4_000},
        {MISSING: sum(row.level != "pcn" for row in OF.ruleset.indicators)},
    ),
    "a practice and indicator twice": (
        {spot("count_practice", UNUSED): FIRST.lower(), spot("count_indicator", UNUSED): "SLD-01"},
        {ROWS_TWICE: 2},
    ),
    "thresholds the wrong way round": ({spot("rule_lower_threshold_override"): 9_000}, {REVERSED: 1}),
    "65 for 65%": ({spot("rule_upper_threshold_override"): 65, spot("rule_lower_threshold_override"): 6}, {ODD: 2}),
    "a threshold above 100%": ({spot("rule_upper_threshold_override"): 12_000}, {ODD: 1}),
    "points of 0": ({spot("rule_points_override"): 0}, {ODD: 1}),
    "pasted without a month": (on_paste(250, month=None), {PASTED_LEFT: 1, FALLS: 1}),
    "a figure twice on Paste": (on_paste(250, 250), {PASTED_TWICE: 1, FALLS: 1}),
    "a star on Paste": (on_paste("*"), {PASTED_NO_COUNT: 1, FALLS: 1}),
}


def together(names):
    """What is typed, and what is found, where a workbook has all these faults."""
    cells, found = zip(*(FAULTS[name] for name in names), strict=True)
    return dict(ChainMap(*cells)), dict(ChainMap(*found))


def meet(one, other):
    """Whether two faults stand in the same row or turn the same check."""
    (cells, found), (others, theirs) = FAULTS[one], FAULTS[other]
    return {at[:2] for at in cells} & {at[:2] for at in others} or found.keys() & theirs.keys()


def apart():
    """Gather faults that do not meet: LibreOffice opens fewer workbooks, with several faults in each."""
    groups = []
    for name in FAULTS:
        fits = (group for group in groups if not any(meet(name, other) for other in group))
        if (group := next(fits, None)) is None:
            groups.append([name])
        else:
            group.append(name)
    return [tuple(group) for group in groups]


APART = apart()


@pytest.fixture(scope="module")
def base():
    return engines.package(MADE_UP)


@pytest.fixture(scope="module")
def wanted(base):
    return engines.formula_values(base)


@pytest.fixture(scope="module")
def by_formulas(base, wanted):
    """What formualizer makes of faults, worked out once."""
    return cache(lambda *names: engines.typed_in_formualizer(base, together(names)[0], wanted))


@pytest.fixture(scope="module")
def in_office(base, tmp_path_factory):
    books = {f"{place}.xlsx": engines.changed(base, together(names)[0]) for place, names in enumerate(APART)}
    back = engines.by_office(tmp_path_factory.mktemp("office"), books)
    return dict(zip(APART, back.values(), strict=True))


@pytest.fixture(scope="module")
def rows(base):
    """The row of each check, by its words."""
    said = {cell.value: cell.row for cell in base.cells("Checks", ["A"])}
    return [said[check.what] for check in CHECKS]


@pytest.fixture(scope="module")
def repeated(base):
    return engines.shown(base, "verdict")


def hold(values, rows, found, repeated=()):
    expected = [found.get(place, 0) for place in range(len(CHECKS))]
    assert [values["Checks", row, 2].value for row in rows] == expected
    words = ["OK" if count == 0 else "Look" for count in expected]
    assert [values["Checks", row, 3].value for row in rows] == words
    stops = sum(check.stops for check, word in zip(CHECKS, words, strict=True) if word == "Look")
    assert values[spot("stops")] == Found("number", stops)
    wrong = words.count("Look")
    banner = values[spot("verdict")].value
    assert banner.startswith(f"{wrong} of {len(CHECKS)} " if wrong else f"All {len(CHECKS)} ")
    for place in repeated:
        assert values[place].value == banner
    for name in ("total_points", "total_won", "total_to_win"):
        assert (values[spot(name)] == Found("text", "see Checks")) is bool(stops), name


def test_every_check_has_a_fault_and_without_one_all_is_well(wanted, rows, repeated):
    assert {place for _, found in FAULTS.values() for place in found} == set(range(len(CHECKS)))
    hold(wanted, rows, {})
    assert {"Start", "Checks"} <= {sheet for sheet, _, _ in repeated}


@pytest.mark.parametrize("name", FAULTS)
def test_formualizer_sees_the_fault(name, by_formulas, rows, repeated):
    hold(by_formulas(name), rows, FAULTS[name][1], repeated)


@pytest.mark.parametrize("names", APART, ids=", ".join)
def test_libreoffice_sees_the_faults_and_every_other_cell_as_formualizer_does(
    names, by_formulas, wanted, rows, in_office
):
    values = engines.all_values(in_office[names], wanted)
    hold(values, rows, together(names)[1])
    assert engines.differences(by_formulas(*names), values) == []


@pytest.mark.parametrize("name", ["the PCN has more done than there are", "a practice has more done than there are"])
def test_ironcalc_sees_the_fault(name, base, wanted, rows):
    cells, found = FAULTS[name]
    hold(engines.by_ironcalc(engines.changed(base, cells), wanted), rows, found)


# A Rules table that cannot be right is refused whole by Python: every figure is an error there, and the check says Look.
REFUSED = (
    "points typed as text",
    "thresholds the wrong way round",
    "65 for 65%",
    "a threshold above 100%",
    "points of 0",
)


@pytest.mark.parametrize("name", [name for name in FAULTS if name not in REFUSED])
def test_python_shows_what_formulas_show(name, by_formulas, wanted):
    macros = engines.package(MADE_UP, macros=True)
    found = engines.typed_in_formualizer(macros, FAULTS[name][0], wanted, python=True)
    named = engines.shown(macros, "engine")
    assert engines.differences(by_formulas(name), found, named) == []


def test_the_self_test_agrees_with_its_literal_cases(base, wanted):
    cells = {cell.address: cell for cell in base.cells("Checks", ["A", "B"])}
    start = next(cell.row for cell in cells.values() if str(cell.value).startswith("Self-test"))
    number, _, words = str(cells[f"B{start}"].value).partition(" of ")
    assert words == f"{number} agree"
    assert int(number) >= 6

"""What a person changes by hand: overrides on Rules, the switches on Start; each against the exact core."""

from dataclasses import replace
from fractions import Fraction

import pytest

from iif_reckoner.build import make
from iif_reckoner.model import AverageList, National, PooledPrevalence
from iif_reckoner.package import Package
from tests import workbook_engines as engines
from tests.workbook_engines import MADE_UP, spot

BOTH = pytest.mark.parametrize("python", [False, True], ids=["formulas", "python"])


def worked_out(year, cells, *, python):
    """The values after these cells were typed: by formulas in the .xlsx, by our functions in the .xlsm."""
    package = engines.package(year, macros=python)
    wanted = engines.formula_values(package)
    return engines.typed_in_formualizer(package, cells, wanted, python=python)


def row_of(ruleset, code):
    return ruleset.codes.index(code)


@BOTH
def test_what_is_typed_over_the_rules_counts(python):
    of = engines.content(MADE_UP)
    typed = {
        ("SLD-01", "points"): 25,
        ("SLD-01", "lower_threshold"): 5_950,
        ("SLD-02", "upper_threshold"): 1_205,
        ("SGL-01", "upper_threshold"): 1_999,
        ("BIN-01", "points"): 7.25,
        ("IMP-01", "upper_threshold"): 123,
        ("BET-01", "reduction_upper_threshold"): 17,
        ("UNK-01", "points"): 12,
        ("UNK-02", "lower_threshold"): 4_444,
    }
    cells = {spot(f"rule_{name}_override", row_of(of.ruleset, code)): value for (code, name), value in typed.items()}
    cells |= {
        spot("rule_point_value_gbp_override"): 210.5,
        spot("rule_average_list_patients_override"): 60_000_001,
        spot("rule_average_list_pcns_override"): 1_201,
    }
    indicators = list(of.ruleset.indicators)
    for (code, name), value in typed.items():
        place = row_of(of.ruleset, code)
        scale = 1 if name == "points" else indicators[place].unit.scale
        indicators[place] = replace(indicators[place], **{name: Fraction(str(value)) / scale})
    ruleset = replace(
        of.ruleset,
        indicators=tuple(indicators),
        point_value_gbp=Fraction("210.5"),
        average_list_size=AverageList(patients=60_000_001, pcns=1_201),
    )
    values = worked_out(MADE_UP, cells, python=python)
    assert engines.against_core(of, values, ruleset) == []
    assert engines.against_core(of, values) != []


@BOTH
def test_an_unknown_year_can_be_filled_in_by_hand(python):
    of = engines.content("2026-27.v1")
    hand = {"points": 50, "lower_threshold": 2_000, "upper_threshold": 9_000}
    cells = {spot(f"rule_{name}_override"): value for name, value in hand.items()}
    cells |= {spot("rule_point_value_gbp_override"): 201, spot("switch_assumed"): "No"}
    first, *others = of.ruleset.indicators
    first = replace(
        first, scoring="sliding", points=Fraction(50), lower_threshold=Fraction(1, 5), upper_threshold=Fraction(9, 10)
    )
    ruleset = replace(of.ruleset, indicators=(first, *others), point_value_gbp=Fraction(201))
    values = worked_out("2026-27.v1", cells, python=python)
    assert engines.against_core(of, values, ruleset) == []
    assert values[spot("total_points")].kind == "number"


@BOTH
def test_without_assumed_figures_what_nobody_knows_is_not_scored(python):
    of = engines.content("2026-27.v1")
    values = worked_out("2026-27.v1", {spot("switch_assumed"): "No"}, python=python)
    assert engines.against_core(of, values, of.ruleset) == []
    assert [values[spot("status", down)].value for down in range(3)] == ["Not scored", "Not scored", ""]
    assert values[spot("assumed_note")].value == ""
    assert values[spot("total_points")].value == ""


def test_assumed_figures_are_named_beside_the_totals():
    values = engines.formula_values(engines.package("2026-27.v1"))
    assert "2025-26.v1" in values[spot("assumed_note")].value
    assert any("assumed" in str(found.value) for (sheet, _, _), found in values.items() if sheet == "Reckoner")


@BOTH
@pytest.mark.parametrize("month", [1, 5, 12])
def test_a_chosen_month(month, python):
    of = engines.content("2022-23.v2")
    values = worked_out("2022-23.v2", {spot("chosen_month"): of.months[month - 1]}, python=python)
    assert engines.against_core(of, values, month=month) == []
    assert any(sheet == "Start" and of.months[month - 1] in str(found.value) for (sheet, _, _), found in values.items())


@BOTH
@pytest.mark.parametrize("month", [4, 12])
def test_counting_in_month_adds_the_months_up(month, python):
    of = engines.content("2022-23.v2")
    cells = {spot("counting"): "In month", spot("chosen_month"): of.months[month - 1]}
    values = worked_out("2022-23.v2", cells, python=python)
    assert engines.against_core(of, values, month=month, in_month=True) == []


def test_formulas_can_be_chosen_where_python_answers():
    package = engines.package("2025-26.v1", macros=True)
    engine = {spot("engine")}
    for choice, expected in (("Automatic", "Python"), ("Formulas", "Formulas"), ("Python", "Python")):
        found = engines.typed_in_formualizer(package, {spot("choice"): choice}, engine, python=True)
        assert found[spot("engine")].value == expected


def test_figures_of_all_england_take_the_place_of_the_rulesets_own():
    of = engines.content("2023-24.v1", "half-empty")
    national = National(
        ruleset="2023-24.v1",
        average_list_size=AverageList(patients=61_234_567, pcns=1_251),
        pooled={code: PooledPrevalence(denominator=4_321, patients=100_003) for code in of.ruleset.codes},
        deciles={},
        source="made up",
    )
    of = replace(of, national=national)
    values = engines.formula_values(Package.from_bytes(make(of), "book"))
    wrong = engines.against_core(of, values)
    # See test_the_pounds_of_a_month_go_by_the_denominators_of_that_month.
    assert wrong == []

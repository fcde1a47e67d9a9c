"""For each comparison that the tests rest on one planted fault that makes it red, and where the other faults are.

Checks of the workbook: `test_workbook_checks.py` has a fault for each. Ways of reckoning and mutants: `test_trust.py`.
"""

import importlib
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from iif_reckoner import functions, table
from iif_reckoner.model import Counts
from iif_reckoner.rulesets.evidence import FundCheck
from tests import test_cli, test_exhaustive, test_functions, test_laws, test_reckon, test_table, workbook_engines
from tests.conftest import worked_cases
from tests.strategies import MADE_UP
from tests.workbook_engines import Found, spot

pytestmark = pytest.mark.filterwarnings("ignore:Using `assume` outside")

ROW = MADE_UP.find("SLD-01")
BETWEEN = ROW, Counts(numerator=72, denominator=100)
SHORT = ROW, Counts(numerator=30, denominator=100)


def off(function, by):
    """The same function, a little off."""
    return lambda *given, **named: function(*given, **named) + by


def inner(law):
    """A law without hypothesis, to be asked about one example."""
    return law.hypothesis.inner_test


LAWS = {
    "test_points_are_bounded": ("points", lambda *_: Fraction(21), (BETWEEN,)),
    "test_one_more_patient_never_earns_less": ("points", lambda _, counts: Fraction(-counts.numerator), (BETWEEN,)),
    "test_the_gap_is_enough_and_minimal": ("gap", off(test_laws.gap, 1), (BETWEEN,)),
    "test_short_of_the_lower_gap_nothing_is_earned": ("gap", off(test_laws.gap, 5), (SHORT,)),
    "test_the_lower_gap_is_never_the_larger": ("gap", lambda _, __, target: len(target) - target.count("p"), (SHORT,)),
    "test_points_are_continuous_at_both_thresholds_of_a_sliding_scale": (
        "points",
        off(test_laws.points, Fraction(1, 100)),
        (BETWEEN,),
    ),
    "test_only_the_ratio_counts": ("points", lambda _, counts: counts.numerator, ((*BETWEEN[:1], replace(BETWEEN[1], baseline_numerator=1, baseline_denominator=2)), 3)),
    "test_the_list_size_cancels_where_prevalence_adjusts": (
        "prevalence_adjustment",
        lambda population, *_: Fraction(population),
        (40_000, 50_000, 200, Fraction(1, 20)),
    ),
    "test_pounds_are_within_half_a_penny_of_the_exact_sum": (
        "value",
        off(test_laws.value, Decimal("0.01")),
        (BETWEEN, Fraction(1), Fraction(1)),
    ),
    "test_status_follows_from_points_and_gap": (
        "reckon",
        lambda *given: replace(test_reckon.reckon(*given), status="Met"),
        (BETWEEN,),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LAWS)
def test_a_core_that_breaks_a_law_is_noticed(name, monkeypatch):
    broken, otherwise, example = LAWS[name]
    law = inner(getattr(test_laws, name))
    law(*example)
    monkeypatch.setattr(test_laws, broken, otherwise)
    with pytest.raises(AssertionError):
        law(*example)


@pytest.mark.parametrize("broken", ["gap", "points"])
def test_a_core_that_differs_from_the_second_way_is_noticed(broken, monkeypatch):
    monkeypatch.setattr(test_exhaustive, broken, off(getattr(test_exhaustive, broken), 1))
    with pytest.raises(AssertionError):
        test_exhaustive.hold(ROW, (5,))


@pytest.mark.parametrize("worked", ["points", "value_gbp", "gap_to_lower", "gap_to_upper", "status"])
@pytest.mark.parametrize("way", [test_reckon, test_table, test_functions], ids=["core", "table", "functions"])
def test_a_worked_case_that_comes_out_otherwise_is_noticed(way, worked):
    case = worked_cases()[0].values[0]
    way.test_worked_case(case)
    wrong = {"points": "1/7", "value_gbp": "0.01", "gap_to_lower": 99_999, "gap_to_upper": 99_999, "status": "no word"}
    with pytest.raises(AssertionError):
        way.test_worked_case({**case, worked: wrong[worked]})


@pytest.mark.parametrize("column", [name for name in table.RESULTS if name not in ("problem", "awarded_gbp")])
def test_a_table_that_differs_from_the_core_is_noticed(column, monkeypatch):
    rows = test_table.frame([{"indicator": "SLD-01", "numerator": 50, "denominator": 100}])
    assert test_table.assert_equal_to_core(MADE_UP, rows) == 1
    right = table.reckon_table

    def wrong(*given, **named):
        found = right(*given, **named)
        found[column] = "Met" if column == "status" else found[column] + 1
        return found

    monkeypatch.setattr(table, "reckon_table", wrong)
    with pytest.raises(AssertionError):
        test_table.assert_equal_to_core(MADE_UP, rows)


def test_functions_that_differ_from_the_core_are_noticed(monkeypatch):
    compare = inner(test_functions.test_every_sentence_fits_a_cell_and_the_functions_agree_with_the_core)
    compare(BETWEEN, 50_000)
    monkeypatch.setattr(test_functions, "IIF_VALUE", lambda *cells: functions.IIF_VALUE(*cells) + 0.01)
    with pytest.raises(AssertionError):
        compare(BETWEEN, 50_000)


@pytest.mark.parametrize("name", ["total_won", "points", "gap_upper"])
def test_an_engine_whose_cell_is_off_is_noticed(name):
    """LibreOffice, formualizer and IronCalc are all held by this comparison."""
    place = spot(name)
    for ours, theirs in (
        (Found("number", 1.0), Found("number", 1.01)),
        (Found("number", 1.0), Found("text", "1")),
        (Found("text", ""), Found("number", 0.0)),
        (Found("text", "Met"), Found("error", "#VALUE!")),
    ):
        assert workbook_engines.differences({place: ours}, {place: ours}) == []
        assert len(workbook_engines.differences({place: ours}, {place: theirs})) == 1


def test_a_page_that_is_printed_otherwise_is_noticed(tmp_path, monkeypatch):
    (tmp_path / "golden").mkdir()
    (tmp_path / "golden" / "page.txt").write_text("as accepted\n", "utf-8")
    monkeypatch.setattr(test_cli, "TESTS", tmp_path)
    test_cli.golden("page", "as accepted")
    with pytest.raises(pytest.fail.Exception, match="printed otherwise"):
        test_cli.golden("page", "as never accepted")


def test_a_published_sum_that_is_missed_is_noticed():
    assert FundCheck(what="", published=Fraction(13), reckoned=Fraction(12)).difference < Fraction(-3, 100)


ELSEWHERE = {
    "the engines on whole workbooks": "test_workbook_engines test_a_planted_wrong_value_is_noticed",
    "the checks of the workbook": "test_workbook_checks test_every_check_has_a_fault_and_without_one_all_is_well",
    "the parts of the VBA project": "test_vba_project test_a_changed_source_is_noticed",
    "the rules of the VBA format": "test_vba_project test_damage_is_noticed",
    "what scanners say of the macros": "test_vba_project test_a_new_finding_is_red",
    "the bad files": "test_bad_files test_a_reader_that_is_wrong_takes_too_much_or_dies_is_noticed",
    "rows through every engine": "test_trust test_an_engine_that_goes_by_other_rules_is_noticed",
    "mutants": "test_trust test_a_survivor_that_is_not_listed_is_red",
}
"""Comparisons whose planted fault stands with them: the module and the test."""


@pytest.mark.parametrize("what", ELSEWHERE)
def test_the_others_have_their_fault_where_they_are(what):
    module, name = ELSEWHERE[what].split()
    assert callable(getattr(importlib.import_module(f"tests.{module}"), name))

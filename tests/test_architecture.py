"""The house rules that a program can check."""

import ast
import os
from fractions import Fraction

from benchmarks import pace, workbook
from iif_reckoner import rulesets
from tests.conftest import ROOT

PACKAGE = ROOT / "iif_reckoner"
PURE = (
    "exact.py",
    "model.py",
    "reckon.py",
    "explain.py",
    "rules_table/cells.py",
    "rules_table/reading.py",
    "rules_table/writing.py",
    "table/sums.py",
    "table/pcns.py",
)


def numbers_in(path):
    tree = ast.parse(path.read_text("utf-8"))
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool)
    }


def test_reckon_knows_no_number_but_0_and_1():
    assert numbers_in(PACKAGE / "reckon.py") <= {0, 1}


def test_no_number_of_the_scheme_stands_in_the_code():
    scheme = set()
    for ruleset in rulesets.load_all():
        scheme |= {ruleset.point_value_gbp, ruleset.points_total}
        for row in ruleset.indicators:
            scheme |= {row.points, row.lower_threshold, row.upper_threshold}
    # Small whole numbers and round scales mean other things as well; these do not.
    telling = {value for value in scheme if value is not None and (value > 12 or value.denominator > 1)} - {
        100,
        Fraction(1, 2),
    }
    for name in PURE:
        found = {Fraction(repr(value)) for value in numbers_in(PACKAGE / name)}
        assert not found & telling, name


def test_every_module_says_what_it_is():
    for path in PACKAGE.rglob("*.py"):
        assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), path


def test_what_shares_something_slow_runs_in_one_process(request):
    """With some pairs of pytest and pytest-xdist the groups of tests/conftest.py have no effect, and nothing says so."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        assert request.node.nodeid.endswith("@2 architecture")


def test_the_benchmark_asks_every_function_that_the_workbook_calls():
    """Nothing else runs the benchmarks but who wants their numbers."""
    asked = {function.__name__ for function, _ in workbook._asked({})}
    assert asked == {"IIF_ACHIEVEMENT", "IIF_POINTS", "IIF_VALUE", "IIF_GAP", "IIF_STATUS"}


def test_seconds_over_their_goal_are_missed_at_whatever_pace(monkeypatch):
    monkeypatch.setattr(pace, "here", lambda: 2 * pace.THERE)
    said = {took: pace.in_time("work", took, 1.5) for took in (1.5, 1.6, 3.2)}
    assert [(each.holds, each.beside) for each in said.values()] == [
        (True, ""),
        (False, " here, would hold there"),
        (False, ""),
    ]
    assert said[1.6].measured == "1.60 s; this machine is 2.0 times as slow as that of the goals: 0.800 s there"

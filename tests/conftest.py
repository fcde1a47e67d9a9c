"""What all tests share: the worked cases, the made-up ruleset, and the folder of published files."""

import gc
import os
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import settings

from iif_reckoner import rulesets
from iif_reckoner.build import example, make

TESTS = Path(__file__).parent
ROOT = TESTS.parent
NHS_DATA = Path(os.environ.get("IIF_NHS_DATA", ROOT.parent / "shared" / "data" / "nhs-england"))

settings.register_profile("oracle", max_examples=25, derandomize=True, database=None, deadline=None)
"""For mutants: fewer examples, the same every time."""


def worked_cases():
    cases = tomllib.loads((TESTS / "cases" / "worked.toml").read_text("utf-8"))["case"]
    return [pytest.param(case, id=f"{case['ruleset']} {case['indicator']} {n}") for n, case in enumerate(cases)]


@pytest.fixture(autouse=True)
def _as_it_was():
    """Let Python look for circles as often as before: a command sets that for its own short life."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


@pytest.fixture(scope="session")
def made_up():
    """An invented ruleset that holds every way of scoring, in both directions."""
    return rulesets.read(TESTS / "made_up" / "2031-32.v1.toml")


@pytest.fixture(scope="session")
def nhs_data():
    """The folder of files as NHS England publishes them."""
    if not NHS_DATA.is_dir():
        pytest.skip(f"published files not found in {NHS_DATA}; set IIF_NHS_DATA to the folder that holds them")
    return NHS_DATA


@pytest.fixture(scope="session")
def every_year():
    """The workbook of every ruleset by its name, the made-up PCN in it once it has met."""
    return {
        name: make(example.decided(example.content(name, 9, macros=False), hours_left=400, hours_a_month=12))
        for name in rulesets.ids()
    }


_BY_RULESET = (
    "agenda",
    "cash",
    "compare",
    "forecast",
    "practice_gaps",
    "priorities",
    "print",
    "split",
    "workbook_figures",
)
_LONGEST = (
    "year",
    "workbook_checks",
    "look",
    "kills",
    "workbook_paste",
    "workbook_engines",
    "build_fresh",
    "update",
    "update_own_sheets",
    "share",
    "fill",
    "rollover",
    "suppress",
    "check",
    "workbook_switches",
    "workbook_forms",
)
_BESIDE = {"accessible": "look"}
"""Modules that look at the same files as another."""

_RULESET = re.compile(r"20\d\d-\d\d\.v\d")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Let tests that share something slow run one after the other in one process: it is made once.

    These are the tests of one ruleset, whose workbooks are prepared once, and those of each module. The longest come
    first, so that no process is left with one of them at the end. Before pytest-xdist, which reads the groups once.
    """
    groups = {}
    for item in items:
        module = item.path.stem.removeprefix("test_")
        module = _BESIDE.get(module, module)
        found = _RULESET.search(item.name.partition("[")[2])
        if module in _LONGEST:
            groups[item] = f"0 {_LONGEST.index(module):02} {module}"
        elif found and module in _BY_RULESET:
            groups[item] = f"1 {found[0]}"
        else:
            groups[item] = f"{1 if module in _BY_RULESET else 2} {module}"
        item.add_marker(pytest.mark.xdist_group(groups[item]))
    items.sort(key=groups.get)

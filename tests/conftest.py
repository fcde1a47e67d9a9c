"""What all tests share: the worked cases, the made-up ruleset, and the folder of published files."""

import os
import tomllib
from pathlib import Path

import pytest

from iif_reckoner import rulesets

TESTS = Path(__file__).parent
ROOT = TESTS.parent
NHS_DATA = Path(os.environ.get("IIF_NHS_DATA", ROOT.parent / "shared" / "data" / "nhs-england"))


def worked_cases():
    cases = tomllib.loads((TESTS / "cases" / "worked.toml").read_text("utf-8"))["case"]
    return [pytest.param(case, id=f"{case['ruleset']} {case['indicator']} {n}") for n, case in enumerate(cases)]


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

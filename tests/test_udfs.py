"""The functions as Excel meets them: names, order and defaults of the arguments, help texts, what importing costs."""

import subprocess
import sys
from inspect import signature

import pytest

from iif_reckoner import functions, udfs

SIGNATURES = {
    "IIF_POINTS": "indicator, numerator, denominator, [rules], [baseline_numerator], [baseline_denominator]",
    "IIF_VALUE": (
        "indicator, numerator, denominator, [list_size], [rules], [prevalence_adjustment], [baseline_numerator], "
        "[baseline_denominator]"
    ),
    "IIF_GAP": "indicator, numerator, denominator, [target], [rules], [baseline_numerator], [baseline_denominator]",
    "IIF_ACHIEVEMENT": "indicator, numerator, denominator, [rules], [baseline_numerator], [baseline_denominator]",
    "IIF_STATUS": "indicator, numerator, denominator, [rules], [baseline_numerator], [baseline_denominator]",
    "IIF_EXPLAIN": (
        "indicator, numerator, denominator, [list_size], [rules], [prevalence_adjustment], [baseline_numerator], "
        "[baseline_denominator]"
    ),
    "IIF_ENGINE": "",
}


@pytest.mark.parametrize("name", SIGNATURES)
def test_signatures_are_those_of_the_design(name):
    function = getattr(udfs, name)
    assert function.__name__ == name
    written = [f"[{p.name}]" if p.default is None else p.name for p in signature(function).parameters.values()]
    assert ", ".join(written) == SIGNATURES[name]


@pytest.mark.parametrize("name", SIGNATURES)
def test_help_texts_fit_the_function_wizard_and_hold_an_example(name):
    text = udfs.wizard_text(getattr(functions, name))
    assert f"Example: ={name}(" in text
    assert len(text) <= 255
    assert "\n" not in text
    for argument in signature(getattr(udfs, name)).parameters:
        assert 10 < len(udfs.ARGUMENTS[argument]) <= 255


def test_problems_cross_as_marks_that_vba_turns_into_errors():
    found = udfs.IIF_POINTS([["CAN-04"]], [["many"], [160.0], [None]], [[200.0]], [["2025/26"]])
    assert found == [["#IIF #VALUE!"], [22.0], [""]]
    assert udfs.IIF_POINTS("CAN-02", 1, 2, "2025/26") == "#IIF #N/A"


def test_importing_brings_neither_pandas_nor_pydantic():
    code = "import xlwings, sys; before = set(sys.modules); import iif_reckoner.udfs; print(sorted(set(sys.modules) - before))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "iif_reckoner.functions" in found
    for heavy in ("'pandas'", "'pydantic'", "'numpy'", "'typer'", "'openpyxl'"):
        assert heavy not in found

"""xlwings' own CallUDF and converters over the functions, as VBA would ask it; only pywin32 is a stand-in."""

from collections.abc import Callable, Iterator
from inspect import signature
from pathlib import Path
from typing import Any

import pytest

from iif_reckoner import __version__, functions, udfs
from iif_reckoner.vba import config
from tests.vba_doubles import xlwings_server
from tests.vba_doubles.xlwings_server import ERRORS, MISSING

RULES = str(Path(__file__).parent / "made_up" / "2031-32.v1.toml")
BAD, UNKNOWN = "#IIF #VALUE!", "#IIF #N/A"


@pytest.fixture(scope="module")
def ask() -> Iterator[Callable[..., Any]]:
    with xlwings_server.running() as asked:
        yield lambda function, *arguments: asked(
            xlwings_server.call_udf, config.MODULE, function, (*arguments, *_left_out(function, arguments))
        )


def _left_out(function: str, arguments: tuple[Any, ...]) -> list[int]:
    return [MISSING] * (len(signature(getattr(functions, function)).parameters) - len(arguments))


def test_every_function_is_known_to_xlwings():
    with xlwings_server.running() as asked:
        for name in udfs.excel_functions():
            noted = asked(xlwings_server.declared, name)
            parameters = signature(getattr(functions, name)).parameters.values()
            assert [(argument["name"], argument["doc"]) for argument in noted["args"]] == [
                (parameter.name, udfs.ARGUMENTS[parameter.name]) for parameter in parameters
            ]
            assert ["optional" in argument for argument in noted["args"]] == [
                parameter.default is None for parameter in parameters
            ]
            assert (noted["name"], noted["volatile"]) == (name, False)


def test_one_cell(ask):
    assert ask("IIF_POINTS", "SLD-01", 725.0, 1000.0, RULES) == 10.0


def test_the_engine(ask):
    assert ask("IIF_ENGINE") == f"Python {__version__}"


def test_a_column_comes_back_as_one(ask):
    numerators = ((725.0,), (900.0,), (0.0,))
    assert ask("IIF_POINTS", "SLD-01", numerators, 1000.0, RULES) == [[10.0], [20.0], [0.0]]


def test_a_row_comes_back_flat(ask):
    """xlwings takes the outer list away; the bridge must take a flat answer for a row."""
    assert ask("IIF_POINTS", "SLD-01", ((725.0, 900.0),), 1000.0, RULES) == [10.0, 20.0]


def test_a_column_over_a_row_is_a_block(ask):
    answer = ask("IIF_STATUS", (("SLD-01",), ("SLD-02",)), ((0.0, 725.0, 900.0),), 1000.0, RULES)
    assert answer == [["Below", "Between", "Met"], ["Met", "Below", "Below"]]


def test_blank_cells_are_blank_and_the_others_stay_right(ask):
    numerators = ((None,), (725.0,), ("",))
    assert ask("IIF_POINTS", "SLD-01", numerators, 1000.0, RULES) == [[""], [10.0], [""]]
    assert ask("IIF_GAP", ((None,), ("SLD-01",)), 725.0, 1000.0, MISSING, RULES) == [[""], [125]]


def test_text_and_errors_are_marked_in_their_own_cell(ask):
    numerators = (("1,234",), (ERRORS["#DIV/0!"],), (ERRORS["#N/A"],), (-1.0,), (0.5,), (True,), (725.0,))
    assert ask("IIF_POINTS", "SLD-01", numerators, 1000.0, RULES) == [[BAD]] * 6 + [[10.0]]


def test_what_does_not_exist_is_marked_as_such(ask):
    indicators = (("NO-99",), ("SLD-01",), (ERRORS["#VALUE!"],), (7.0,))
    assert ask("IIF_POINTS", indicators, 725.0, 1000.0, RULES) == [[UNKNOWN], [10.0], [BAD], [BAD]]
    assert ask("IIF_POINTS", "SLD-01", 725.0, 1000.0, "1999/00") == UNKNOWN


def test_shapes_that_do_not_fit_are_marked_throughout(ask):
    answer = ask("IIF_POINTS", "SLD-01", ((1.0,), (2.0,)), ((1.0,), (2.0,), (3.0,)), RULES)
    assert answer == [[BAD]] * 3


def test_an_argument_left_out_in_the_middle(ask):
    with_none = ask("IIF_VALUE", "SLD-01", 725.0, 1000.0, MISSING, RULES)
    assert with_none == functions.IIF_VALUE("SLD-01", 725, 1000, None, RULES)
    assert ask("IIF_VALUE", "SLD-01", 725.0, 1000.0, 60000.0, RULES) != with_none
    assert ask("IIF_GAP", "SLD-01", 400.0, 1000.0, MISSING, RULES) == 450
    assert ask("IIF_GAP", "SLD-01", 400.0, 1000.0, "lower", RULES) == 200


def test_a_sentence(ask):
    answer = ask("IIF_EXPLAIN", "SLD-01", 725.0, 1000.0, MISSING, RULES)
    assert answer == functions.IIF_EXPLAIN("SLD-01", 725, 1000, None, RULES)
    assert "72.5%" in answer


BLOCK = ((("SLD-01",), ("SLD-02",), ("NO-99",), (None,)), ((725.0, None, "x"),), ((1000.0, 800.0, 0.0),))


@pytest.mark.parametrize("name", [name for name in udfs.excel_functions() if name != "IIF_ENGINE"])
def test_a_block_is_the_functions_own_answer(ask, name: str):
    def marked(found: Any) -> Any:
        if isinstance(found, list):
            return [marked(cell) for cell in found]
        return udfs.ERROR_MARK + found.kind if isinstance(found, functions.Problem) else found

    at = list(signature(getattr(functions, name)).parameters).index("rules")
    middle = at - len(BLOCK)
    plain = getattr(functions, name)(*BLOCK, *[None] * middle, RULES)
    assert ask(name, *BLOCK, *[MISSING] * middle, RULES) == marked(plain)
    assert len(plain) == 4
    assert len(plain[0]) == 3

"""The shipped bridge, wrappers, help and ribbon run by pyOpenVBA's engine, mostly through what can go wrong.

The engine is an imitation of VBA: that these pass says what the text means, not that Excel's own VBA agrees.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pyopenvba.apps.excel import Range
from pyopenvba.interpreter._values import VBAErrorValue

from iif_reckoner import __version__, functions, udfs, vba
from iif_reckoner.vba import generated
from tests.vba_doubles import project_files, tiny_book, xlwings_server
from tests.vba_doubles.engine import XLWINGS, Button, Excel, Python, Windows

RULES = str(Path(__file__).parent / "made_up" / "2031-32.v1.toml")
VALUE, NAME, NOT_AVAILABLE = VBAErrorValue(2015), VBAErrorValue(2029), VBAErrorValue(2042)
DEAD = (462, -2147418105, -2147418094, -2147417848, -2147023174, -2147023170, -2147023169)
CELLS = {
    **{f"A{row}": code for row, code in enumerate(("SLD-01", "SLD-02", "NO-99", None), start=1)},
    **{f"B{row}": count for row, count in enumerate((725, 200, 5, 9), start=1)},
    **{f"C{row}": 1000 for row in range(1, 5)},
    "A6": 725,
    "B6": "many",
    "E1": RULES,
}


@pytest.fixture(scope="module")
def modules() -> dict[str, str]:
    shipped = project_files.sources(vba.project())
    names = ("ThisWorkbook", "IifBridge", "IifFunctions", "IifHelp", "IifRibbon", "IifBench")
    return {"xlwings": XLWINGS, **{name: shipped[name] for name in names}}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_book.write(
        tmp_path_factory.mktemp("book") / "book.xlsm",
        vba.project(),
        {"Start": CELLS, "Checks": {}},
        {vba.GUIDE_NAME: "Start!$B$2", vba.CHECKS_NAME: "Checks!$A$1", vba.BENCH_NAME: "Start!$D$9"},
        [vba.BOOK_CODE_NAME, *vba.SHEET_CODE_NAMES],
    )


@pytest.fixture
def excel(book: Path, modules: dict[str, str]) -> Callable[..., Excel]:
    return lambda *processes: Excel(book, modules, Windows(list(processes)))


@pytest.fixture(scope="module")
def answer() -> Iterator[Callable[..., Any]]:
    with xlwings_server.running() as asked:
        yield lambda module, function, arguments: asked(xlwings_server.call_udf, module, function, tuple(arguments))


def saying(words: Any) -> Python:
    return Python(lambda *_: words)


# --- The way to Python and back


def test_a_block_goes_to_python_and_back(excel, answer):
    python = Python(answer)
    book = excel(python)
    found = book.run("IIF_POINTS", book.cells("A1:A4"), book.cells("B1:B4"), book.cells("C1:C4"), book.cells("E1"))
    assert found == [[10.0], [11.0], [NOT_AVAILABLE], [""]]
    assert functions.IIF_POINTS([["SLD-01"], ["SLD-02"]], [[725], [200]], 1000, RULES) == found[:2]


def test_a_row_comes_back_as_a_row_with_its_errors(excel, answer):
    book = excel(Python(answer))
    assert book.run("IIF_POINTS", "SLD-01", book.cells("A6:B6"), 1000, RULES) == [10.0, VALUE]


def test_one_cell_and_the_engine(excel, answer):
    book = excel(Python(answer))
    assert book.run("IIF_ENGINE") == f"Python {__version__}"
    assert book.run("IIF_POINTS", "SLD-01", 725, 1000, RULES) == 10.0
    assert book.run("IIF_POINTS", "NO-99", 725, 1000, RULES) == NOT_AVAILABLE


def test_only_values_leave_excel_and_python_is_started_once(excel, answer):
    python = Python(answer)
    book = excel(python)
    for _ in range(5):
        book.run("IIF_VALUE", book.cells("A1:A4"), book.cells("B1:B4"), book.cells("C1:C4"), 60000, book.cells("E1"))
    assert len(python.received) == 5
    assert not [value for _, values in python.received for value in values if isinstance(value, Range)]
    assert book.windows.starts == 1


def test_arguments_left_out_stay_left_out(excel):
    python = saying(450)
    assert excel(python).run("IIF_GAP", "SLD-01", 400, 1000) == 450
    assert [repr(value) for value in python.received[0][1][3:]] == ["Missing"] * 4


def test_two_areas_are_refused_and_not_cut_to_the_first(excel, answer):
    python = Python(answer)
    book = excel(python)
    assert book.run("IIF_POINTS", "SLD-01", book.cells("B1:B2,B4"), 1000, RULES) == VALUE
    assert python.received == []


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("#IIF #N/A", NOT_AVAILABLE),
        ("#IIF #VALUE!", VALUE),
        ("#IIF something else", VALUE),
        ("#IIF", "#IIF"),
        ("", ""),
        (12.5, 12.5),
        (True, True),
        ([["#IIF #N/A", 1.0], ["", "#IIF #VALUE!"]], [[NOT_AVAILABLE, 1.0], ["", VALUE]]),
        (["#IIF #N/A", "Met"], [NOT_AVAILABLE, "Met"]),
    ],
)
def test_marks_become_error_values_and_nothing_else_does(excel, sent: Any, shown: Any):
    assert excel(saying(sent)).run("IIF_STATUS", "x", 1, 2) == shown


# --- What goes wrong


def test_no_python_is_an_error_value_and_waited_for_once(excel):
    book = excel(None)
    assert [book.run("IIF_ENGINE"), *(book.run("IIF_POINTS", "SLD-01", 1, 2) for _ in range(9))] == [NAME] * 10
    assert book.windows.starts == 1


def test_reconnect_ends_the_process_and_starts_afresh(excel):
    book = excel(None, saying("Python 9"))
    assert book.run("IIF_ENGINE") == NAME
    book.run("IIF_Reconnect")
    assert book.windows.ends == 1
    assert book.unknown == [("calculatefull", {"args": []})]
    assert book.run("IIF_ENGINE") == "Python 9"
    assert book.windows.starts == 2


def test_reconnect_replaces_a_process_that_is_alive(excel):
    book = excel(saying("Python 1"), saying("Python 2"))
    assert book.run("IIF_ENGINE") == "Python 1"
    book.run("IIF_Reconnect")
    assert book.run("IIF_ENGINE") == "Python 2"


def test_a_reconnect_that_fails_is_again_waited_for_once(excel):
    book = excel(None, None)
    book.run("IIF_ENGINE")
    book.run("IIF_Reconnect")
    assert [book.run("IIF_ENGINE") for _ in range(5)] == [NAME] * 5
    assert book.windows.starts == 2


@pytest.mark.parametrize("failure", DEAD)
def test_a_dead_process_is_replaced_once(excel, failure: int):
    first, second = saying("Python 1"), saying("Python 2")
    book = excel(first, second)
    assert book.run("IIF_ENGINE") == "Python 1"
    first.failure = failure
    assert book.run("IIF_ENGINE") == "Python 2"
    assert (len(first.received), len(second.received), book.windows.starts) == (2, 1, 2)


def test_a_process_that_dies_again_is_not_started_for_every_cell(excel):
    book = excel(Python(len, 462), Python(len, 462))
    assert [book.run("IIF_ENGINE") for _ in range(5)] == [NAME] * 5
    assert book.windows.starts == 2


def test_a_death_after_which_no_start_succeeds(excel):
    book = excel(Python(len, 462), None)
    assert [book.run("IIF_ENGINE") for _ in range(5)] == [NAME] * 5
    assert book.windows.starts == 2


def test_an_exception_in_python_is_an_error_value_and_no_reason_to_start_again(excel):
    def broken(*_: Any) -> Any:
        raise RuntimeError("a fault")

    python = Python(broken)
    book = excel(python)
    assert book.run("IIF_POINTS", "SLD-01", 1, 2) == VALUE
    python.answer = lambda *_: 3.0
    assert book.run("IIF_POINTS", "SLD-01", 1, 2) == 3.0
    assert book.windows.starts == 1


# --- Help and ribbon


def test_opening_the_workbook_registers_the_help(excel):
    book = excel()
    book.run("ThisWorkbook.Workbook_Open")
    assert [options["Macro"] for _, options in book.unknown] == list(generated.excel_functions())
    first = book.unknown[0][1]
    assert first["Description"] == udfs.wizard_text(functions.IIF_ACHIEVEMENT)
    assert first["ArgumentDescriptions"].items[0] == udfs.ARGUMENTS["indicator"]


def test_help_that_excel_refuses_stops_nothing_and_shows_nothing(excel):
    book = excel()
    book.refuses = True
    book.run("ThisWorkbook.Workbook_Open")
    assert len(book.unknown) == len(generated.excel_functions())
    assert book.book.dialogs == []


def test_registering_help_does_not_ask_to_save(excel):
    book = excel()
    for saved in (True, False):
        book.book.workbook.saved = saved
        book.run("RegisterHelp")
        assert book.book.workbook.saved is saved


def test_the_buttons(excel):
    book = excel()
    book.run("IifRibbonRecalculate", Button())
    book.run("IifRibbonReconnect", Button())
    assert [name for name, _ in book.unknown] == ["calculatefull"] * 2
    assert book.windows.ends == 1
    for macro, sheet, address in (("IifRibbonCheck", "Checks", "$A$1"), ("IifRibbonGuide", "Start", "$B$2")):
        book.run(macro, Button())
        place, scroll = book.unknown[-1][1]["args"]
        assert (place.vba_get("Worksheet").name, place.vba_get("Address"), scroll) == (sheet, address, True)
    assert book.book.dialogs == []


def test_a_workbook_without_the_sheet_says_so(excel):
    book = excel()
    book.book.workbook.names_.vba_get("Item", [vba.CHECKS_NAME]).vba_get("Delete")
    book.run("IifRibbonCheck", Button())
    assert [text for _, text, _, _ in book.book.dialogs] == [
        f"This workbook has no visible place named {vba.CHECKS_NAME}."
    ]


# --- The timing


def test_the_timing_asks_so_often_and_writes_what_it_found(book, modules):
    """With its last count cut short, as the engine takes half a minute for 10,000 calls."""
    assert "counts = Array(1, 100, 10000)" in modules["IifBench"]
    shorter = modules | {"IifBench": modules["IifBench"].replace("10000)", "200)")}
    python = saying("Python 9")
    excel = Excel(book, shorter, Windows([python]))
    excel.run("IIF_BENCH")
    assert len(python.received) == 1 + 1 + 100 + 200  # which engine answers, then the timings
    counts = r"1 in \d+\.\d{3} s, 100 in \d+\.\d{3} s, 200 in \d+\.\d{3} s"
    written = excel.cells("D9").vba_get("Value")
    assert re.fullmatch(rf"\d{{4}}-\d\d-\d\d \d\d:\d\d, Excel [\d.]+, Python 9, calls: {counts}", written)


def test_a_timing_without_python_says_so(excel):
    book = excel(None)
    book.run("IIF_BENCH")
    assert book.cells("D9").vba_get("Value") == "could not be measured: Python does not answer"
    assert book.windows.starts == 1


def test_a_timing_without_its_place_says_so(excel):
    book = excel()
    book.book.workbook.names_.vba_get("Item", [vba.BENCH_NAME]).vba_get("Delete")
    book.run("IIF_BENCH")
    assert [text for _, text, _, _ in book.book.dialogs] == [f"This workbook has no place named {vba.BENCH_NAME}."]

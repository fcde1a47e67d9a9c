"""LibreOffice runs the shipped bridge and wrappers from the cell into Python: only xlwings' DLL is a double.

LibreOffice is an imitation of Excel. Known differences, each worked around or left to the tests of the bridge: it has
no Range.Value2 (one word of the bridge is exchanged), shows a CVErr value as the text 'Error 2042', hands an error cell
or an argument left out in the middle over as 0.
"""

import os
from collections.abc import Iterator
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
from openpyxl.worksheet.formula import ArrayFormula

from iif_reckoner import __version__, functions, udfs, vba
from iif_reckoner.vba import build
from tests.vba_doubles import office, tiny_book
from tests.vba_doubles.office import Office

RULES = str(Path(__file__).parent / "made_up" / "2031-32.v1.toml")
CODES = ("Sheet1", "Sheet2")
ERROR_TEXTS = {"#N/A": "Error 2042", "#VALUE!": "Error 2015"}
UNREACHABLE = "Error 2029"

ROWS = (
    ("SLD-01", 725, 1000),
    ("SLD-02", 200, 1000),
    ("SGL-01", 300, 1000),
    ("BIN-01", 3, 3),
    ("IMP-01", 500, 1000),
    ("UNK-01", 500, 1000),
    ("SLD-01", 0, 0),
    ("SLD-01", None, 1000),
    (None, 1, 2),
    ("NO-99", 1, 2),
    ("SLD-01", "many", 1000),
    ("SLD-01", 1001, 1000),
)
LAST = len(ROWS)
PLACES = {
    "indicator": f"A1:A{LAST}",
    "numerator": f"B1:B{LAST}",
    "denominator": f"C1:C{LAST}",
    "list_size": "D1",
    "rules": "D2",
    "prevalence_adjustment": "D3",
    "target": "D4",
    "baseline_numerator": "D5",
    "baseline_denominator": "D6",
}
SINGLE: dict[str, Any] = {
    "list_size": 60000,
    "rules": RULES,
    "prevalence_adjustment": 1.25,
    "target": "lower",
    "baseline_numerator": 450,
    "baseline_denominator": 1000,
}
BLOCKS = {
    "IIF_ACHIEVEMENT": "G",
    "IIF_EXPLAIN": "H",
    "IIF_GAP": "I",
    "IIF_POINTS": "J",
    "IIF_STATUS": "K",
    "IIF_VALUE": "L",
}


def cells() -> dict[str, Any]:
    inputs = {
        f"{column}{row}": cell for row, cells in enumerate(ROWS, 1) for column, cell in zip("ABC", cells, strict=True)
    }
    inputs |= {PLACES[name]: value for name, value in SINGLE.items()}
    blocks = {}
    for name, column in BLOCKS.items():
        arguments = ",".join(PLACES[parameter] for parameter in signature(getattr(functions, name)).parameters)
        blocks[f"{column}1"] = ArrayFormula(f"{column}1:{column}{LAST}", f"={name}({arguments})")
    return {
        **inputs,
        **blocks,
        "A20": 725,
        "B20": 900,
        "G20": ArrayFormula("G20:H20", '=IIF_POINTS("SLD-01",A20:B20,1000,D2)'),
        "G21": "=IIF_POINTS(A1,B1,C1,D2)",
        "G22": '=IIF_POINTS("SLD-01",725,1000,D2)',
        "G23": "=IIF_ENGINE()",
        "G24": "=IF(ISNUMBER(G21),G21*2,0)",
        "G25": f'=IF({vba.PYTHON_ANSWERS},"Python","Formulas")',
        "G26": '=IIF_POINTS("SLD-01",725,1000,"1999/00")',
    }


@pytest.fixture(scope="module")
def libreoffice() -> Iterator[Office]:
    missing = office.missing_tools()
    if missing and os.environ.get("CI"):
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)
    with office.running() as started:
        yield started


@pytest.fixture
def book(libreoffice: Office, tmp_path: Path) -> Iterator[Office]:
    names = [vba.BOOK_CODE_NAME, *CODES]
    path = tiny_book.write(tmp_path / "book.xlsm", office.project(CODES), {"Start": cells(), "Two": {}}, {}, names)
    libreoffice.do("open", str(path), True)
    libreoffice.calls.clear()
    yield libreoffice
    libreoffice.do("close")


def shown(found: Any) -> Any:
    return ERROR_TEXTS[found.kind] if isinstance(found, functions.Problem) else found


def test_every_function_answers_through_vba_as_it_does_in_python(book: Office):
    book.do("connect")
    book.do("calculate")
    columns = dict(zip(("indicator", "numerator", "denominator"), zip(*ROWS, strict=True), strict=True))
    for name, column in BLOCKS.items():
        arguments = [
            [[cell] for cell in columns[parameter]] if parameter in columns else SINGLE[parameter]
            for parameter in signature(getattr(functions, name)).parameters
        ]
        expected = [[shown(cell) for cell in row] for row in getattr(functions, name)(*arguments)]
        assert book.do("cells", "Start", f"{column}1:{column}{LAST}") == expected, name
    assert set(BLOCKS) == set(udfs.excel_functions()) - {"IIF_ENGINE"}
    points = [row[0] for row in book.do("cells", "Start", f"J1:J{LAST}")]
    assert points[:2] == [10.0, 11.0]
    assert points[6:] == [0.0, "", "", "Error 2042", "Error 2015", "Error 2015"]


def test_a_row_single_cells_and_the_engine(book: Office):
    book.do("connect")
    book.do("calculate")
    assert book.do("cells", "Start", "G20:H20") == [[10.0, 20.0]]
    assert book.do("cells", "Start", "G21:G26") == [
        [10.0],
        [10.0],
        [f"Python {__version__}"],
        [20.0],
        ["Python"],
        ["Error 2042"],
    ]


def test_one_call_for_each_block_and_none_with_a_range(book: Office):
    book.do("connect")
    book.do("calculate")
    called = [name for name, _ in book.calls]
    assert {name: called.count(name) for name in ("IIF_VALUE", "IIF_GAP", "IIF_EXPLAIN")} == {
        "IIF_VALUE": 1,
        "IIF_GAP": 1,
        "IIF_EXPLAIN": 1,
    }
    assert book.do("run", "xlwings.Starts_") == 1
    assert all(isinstance(value, list | str | float | int | None) for _, values in book.calls for value in values)


def test_without_python_every_function_is_an_error_after_one_start(book: Office):
    book.do("calculate")
    assert book.do("cells", "Start", "G1:L1") == [[UNREACHABLE] * 6]
    assert book.do("cells", "Start", "G23:G25") == [[UNREACHABLE], [0.0], ["Formulas"]]
    book.do("calculate")
    assert book.do("run", "xlwings.Starts_") == 1
    assert book.calls == []


def test_reconnect_finds_a_python_that_came_later(book: Office):
    book.do("calculate")
    book.do("connect")
    book.do("calculate")
    assert book.do("cells", "Start", "G23") == [[UNREACHABLE]]
    book.do("run", "IifBridge.IIF_Reconnect")
    book.do("calculate")
    assert book.do("cells", "Start", "G23") == [[f"Python {__version__}"]]
    assert book.do("run", "xlwings.Starts_") == 2


@pytest.fixture
def shipped(tmp_path: Path) -> str:
    sheets = {"Start": {"A1": f'=IF({vba.PYTHON_ANSWERS},"Python","Formulas")', "A2": "=IF(ISERROR(IIF_ENGINE()),1,0)"}}
    names = [vba.BOOK_CODE_NAME, *vba.SHEET_CODE_NAMES]
    return str(tiny_book.write(tmp_path / "shipped.xlsm", vba.project(), sheets, {}, names))


def test_the_shipped_project_is_read_by_a_third_reader(libreoffice: Office, shipped: str):
    libreoffice.do("open", shipped, True)
    found = libreoffice.do("modules")
    libreoffice.do("close")
    kinds = {"standard": 1, "class": 2, "document": 4}
    parts = {part.name: part for part in build.modules(vba.SHEET_CODE_NAMES)}
    assert {name: kind for name, (kind, _) in found.items()} == {name: kinds[part.kind] for name, part in parts.items()}
    for name, (_, text) in found.items():
        if name.startswith("Iif") or name == vba.BOOK_CODE_NAME:
            body = "\n".join(line for line in parts[name].text.splitlines() if not line.startswith("Attribute"))
            assert body.strip() in text.replace("\r\n", "\n")


@pytest.mark.parametrize("macros", [True, False])
def test_the_shipped_project_leaves_the_work_to_formulas(libreoffice: Office, shipped: str, *, macros: bool):
    libreoffice.do("open", shipped, macros)
    libreoffice.do("calculate")
    found = libreoffice.do("cells", "Start", "A1:A2")
    libreoffice.do("close")
    is_error = 0.0 if macros else 1.0  # a module it cannot compile is no error to LibreOffice
    assert found == [["Formulas"], [is_error]]

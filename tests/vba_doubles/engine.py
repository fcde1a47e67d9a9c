"""pyOpenVBA's interpreter as Excel: it runs the shipped modules unchanged; only the module `xlwings` is a stand-in."""

from collections.abc import Callable
from typing import Any

from pyopenvba.apps.excel import ExcelApplication, _model
from pyopenvba.interpreter._objects import VBAObject, method
from pyopenvba.interpreter._values import EMPTY, MISSING, VBAArray, VBAErrorValue, error

from tests.vba_doubles import xlwings_server

XLWINGS = """Attribute VB_Name = "xlwings"
Option Explicit
Public windows As Object

Public Function XLPy()
    Set XLPy = windows.Start()
End Function

Public Sub KillPy()
    windows.Terminate
End Sub

Public Sub SetWindows(ByVal double As Object)
    Set windows = double
End Sub
"""

NO_DLL = 1
"""The number of the error that xlwings raises where it finds no DLL."""

REFUSED = 1004
"""Excel's own error, whatever it does not want."""

PYTHON_ERROR = -2147352567
"""DISP_E_EXCEPTION: Python raised."""


class Python(VBAObject):
    """The Python object: hands on what arrives, or fails as a process does."""

    vba_type_name = "XLPython"

    def __init__(self, answer: Callable[[str, str, list[Any]], Any], failure: int = 0) -> None:
        self.answer, self.failure = answer, failure
        self.received: list[tuple[str, list[Any]]] = []

    @method
    def CallUDF(self, module: str, function: str, arguments: VBAArray) -> Any:  # noqa: N802 (xlwings' name)
        self.received.append((str(function), list(arguments.items)))
        if self.failure:
            raise error(self.failure)
        try:
            return to_vba(self.answer(str(module), str(function), [to_com(value) for value in arguments.items]))
        except Exception as problem:
            raise error(PYTHON_ERROR, f"Unexpected Python Error: {problem!r}") from problem


class Windows(VBAObject):
    """What starts Python: takes the next of `processes`, each a Python or None for a start that fails."""

    vba_type_name = "Windows"

    def __init__(self, processes: list[Python | None]) -> None:
        self.processes = processes
        self.starts = self.ends = 0

    @method
    def Start(self) -> Python:  # noqa: N802
        self.starts += 1
        process = self.processes.pop(0)
        if process is None:
            raise error(NO_DLL, "Could not load xlwings64.dll")
        return process

    @method
    def Terminate(self) -> None:  # noqa: N802
        self.ends += 1


class Button(VBAObject):
    vba_type_name = "IRibbonControl"


class Excel:
    """The workbook with its macros; `unknown` collects the calls of Application that the engine does not have,
    `refuses` makes them fail."""

    def __init__(self, path: Any, modules: dict[str, str], windows: Windows) -> None:
        self.windows = windows
        self.unknown: list[tuple[str, dict[str, Any]]] = []
        self.refuses = False
        self.book = ExcelApplication.open(path, with_vba=False)
        self.book.application.__class__ = self._recording()
        for name, text in modules.items():
            self.book.add_module(text, name=name, kind="document" if name == "ThisWorkbook" else "standard")
        self.book.run("SetWindows", windows)

    def _recording(self) -> type[_model.Application]:
        excel = self

        class Recording(_model.Application):
            def vba_get(self, name: str, args: Any = (), named: Any = None) -> Any:
                if name.casefold() in ("calculatefull", "macrooptions", "goto"):
                    excel.unknown.append((name.casefold(), dict(named or {}) or {"args": list(args)}))
                    if excel.refuses:
                        raise error(REFUSED)
                    excel.book.workbook.saved = False
                    return EMPTY
                return super().vba_get(name, args, named)

        return Recording

    def cells(self, address: str, sheet: int = 1) -> Any:
        return self.book.sheet(sheet).sheet.vba_get("Range", [address])

    def run(self, macro: str, *arguments: Any) -> Any:
        return self.book.run(macro, *arguments)


def to_com(value: Any) -> Any:
    """A VBA value as pywin32 would hand it to Python."""
    if value is MISSING:
        return xlwings_server.MISSING
    if value is EMPTY:
        return None
    if isinstance(value, VBAErrorValue):
        return value.number - 0x7FF60000
    if isinstance(value, VBAArray):
        (top, bottom), (left, right) = value.bounds
        return tuple(
            tuple(to_com(value.get([row, column])) for column in range(left, right + 1))
            for row in range(top, bottom + 1)
        )
    return value


def to_vba(value: Any) -> Any:
    """A Python value as pywin32 would hand it to VBA: a flat list is an array of one dimension."""
    if not isinstance(value, list):
        return value
    if not isinstance(value[0], list):
        return VBAArray([(0, len(value) - 1)], items=list(value))
    array = VBAArray([(0, len(value) - 1), (0, len(value[0]) - 1)])
    for row, cells in enumerate(value):
        for column, cell in enumerate(cells):
            array.items[array.offset([row, column])] = cell
    return array

"""LibreOffice running the shipped bridge and wrappers, with a double of xlwings' DLL that reaches the test's Python."""

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

from iif_reckoner.vba import build
from tests.vba_doubles import xlwings_server

PYTHON_WITH_UNO = "/usr/bin/python3"
WORKER = Path(__file__).with_name("office_worker.py")
LEFT_OUT = "<left out>"
LONGEST = 120.0
"""Seconds for all that a test module does in LibreOffice."""

XLWINGS = """Attribute VB_Name = "xlwings"
Option Explicit
Private windows As Object
Private starts As Long

Public Function XLPy() As Object
    Dim python As XLPython

    starts = starts + 1
    If windows Is Nothing Then Err.Raise 1, "xlwings", "Could not load xlwings64.dll"
    Set python = New XLPython
    Set python.windows = windows
    Set XLPy = python
End Function

Public Sub KillPy()
    Err.Raise 1, "xlwings", "Could not load xlwings64.dll"
End Sub

Public Sub SetWindows(double As Object)
    Set windows = double
End Sub

Public Function Starts_() As Long
    Starts_ = starts
End Function
"""

XLPYTHON = """Attribute VB_Name = "XLPython"
Option Explicit
Public windows As Object

' As COM does it: a list of lists arrives as an array of two dimensions, a flat list as one of one.
Public Function CallUDF(module, functionName, arguments)
    Dim sent()
    Dim place
    Dim found
    Dim block()
    Dim row
    Dim column

    sent = Array()
    If UBound(arguments) >= 0 Then ReDim sent(UBound(arguments))
    For place = 0 To UBound(arguments)
        If IsMissing(arguments(place)) Then
            sent(place) = "<left out>"
        Else
            sent(place) = arguments(place)
        End If
    Next place
    found = windows.invoke(Array(module, functionName, sent), Array(), Array())
    If IsArray(found) Then
        If IsArray(found(0)) Then
            ReDim block(UBound(found), UBound(found(0)))
            For row = 0 To UBound(found)
                For column = 0 To UBound(found(0))
                    block(row, column) = found(row)(column)
                Next column
            Next row
            found = block
        End If
    End If
    CallUDF = found
End Function
"""


def missing_tools() -> str:
    """Name what is not installed, nothing if all is."""
    if not shutil.which("soffice"):
        return "LibreOffice (soffice) is not installed"
    has_uno = (
        Path(PYTHON_WITH_UNO).exists()
        and not subprocess.run([PYTHON_WITH_UNO, "-c", "import uno"], capture_output=True, check=False).returncode
    )
    return "" if has_uno else f"{PYTHON_WITH_UNO} has no uno (python3-uno)"


def project(sheet_codenames: Sequence[str]) -> bytes:
    """Our modules as shipped, but for one word that LibreOffice 7.4 lacks; xlwings' two modules are doubles."""
    parts = []
    for part in build.modules(sheet_codenames):
        if part.name == "xlwings":
            parts.append(build.Module("xlwings", "standard", XLWINGS))
        elif part.name == "Dictionary":
            parts.append(build.Module("XLPython", "class", XLPYTHON))
        elif part.name == "IifBridge":
            text, changes = re.subn(r"\.Value2$", ".Value", part.text, flags=re.MULTILINE)
            assert changes == 1
            parts.append(build.Module(part.name, part.kind, text))
        else:
            parts.append(part)
    return build.assemble(parts)


class Office:
    def __init__(self, worker: subprocess.Popen[str], ask: Callable[..., Any]) -> None:
        self.worker, self.ask = worker, ask
        self.calls: list[tuple[str, list[Any]]] = []

    def do(self, *command: Any) -> Any:
        self._say(command)
        return self.reply()

    def reply(self) -> Any:
        while True:
            line = self.worker.stdout.readline()
            if not line:
                raise RuntimeError("LibreOffice's driver ended: " + self.worker.stderr.read()[-2000:])
            message = json.loads(line)
            if "done" in message:
                return message["done"]
            module, function, values = message["call"]
            self.calls.append((function, values))
            arguments = tuple(self._com(value) for value in values)
            self._say(self.ask(xlwings_server.call_udf, module, function, arguments))

    def _say(self, message: Any) -> None:
        self.worker.stdin.write(json.dumps(message) + "\n")
        self.worker.stdin.flush()

    def _com(self, value: Any) -> Any:
        if isinstance(value, list):
            return tuple(self._com(cell) for cell in value)
        return xlwings_server.MISSING if value == LEFT_OUT else value


@contextmanager
def running() -> Iterator[Office]:
    """Start LibreOffice with a profile of its own, and end it."""
    with (
        xlwings_server.running() as ask,
        subprocess.Popen(
            [PYTHON_WITH_UNO, str(WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as worker,
    ):
        office = Office(worker, ask)
        # LibreOffice is in the worker's group: should it hang, both go.
        watchdog = Timer(LONGEST, os.killpg, (worker.pid, signal.SIGKILL))
        watchdog.start()
        try:
            office.reply()
            yield office
        finally:
            watchdog.cancel()
            if worker.poll() is None:
                office.worker.stdin.write('["quit"]\n')
                office.worker.stdin.close()
                worker.wait(60)

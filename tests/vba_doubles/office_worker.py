"""Drives LibreOffice for `office.py`: runs under the Python that has `uno`, and needs nothing else.

Reads a command a line, answers each with a line `{"done": ...}`; while a formula waits for Python it writes a line
`{"call": ...}` and reads the answer. The workbook's macros run, and recalculation is asked for by command.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import uno
import unohelper
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.script.provider import XScript

TEXT = 2  # com.sun.star.sheet.FormulaResult
MACROS = {True: 4, False: 0}  # always, without a question; never


def say(**message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


class Bridge(unohelper.Base, XScript):
    """What the double of xlwings' DLL calls: hands the call to the process of the test."""

    def invoke(self, arguments, _positions, _values):
        module, function, values = arguments
        say(call=[module, function, [self.plain(value) for value in values]])
        answer = json.loads(sys.stdin.readline())
        if isinstance(answer, list):
            answer = tuple(tuple(row) if isinstance(row, list) else row for row in answer)
        return answer, (), ()

    def plain(self, value):
        return [self.plain(cell) for cell in value] if isinstance(value, tuple) else value


def setting(name, value):
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def started(folder):
    pipe = f"iif{Path(folder).name}"
    office = subprocess.Popen(
        [
            "soffice",
            "--headless",
            "--norestore",
            "--nologo",
            "--nodefault",
            f"-env:UserInstallation=file://{folder}",
            f"--accept=pipe,name={pipe};urp;",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(600):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.1)
        else:
            return office, context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    office.kill()
    raise TimeoutError("LibreOffice did not start within a minute")


class Session:
    def __init__(self, desktop):
        self.desktop = desktop
        self.book = None

    def open(self, path, macros):
        options = (setting("Hidden", True), setting("MacroExecutionMode", MACROS[macros]))
        self.book = self.desktop.loadComponentFromURL(f"file://{path}", "_blank", 0, options)

    def close(self):
        self.book.close(True)

    def run(self, macro, *arguments):
        url = f"vnd.sun.star.script:VBAProject.{macro}?language=Basic&location=document"
        return self.book.getScriptProvider().getScript(url).invoke(arguments, (), ())[0]

    def connect(self):
        self.run("xlwings.SetWindows", Bridge())

    def disconnect(self):
        self.run("xlwings.SetWindows", None)

    def calculate(self):
        self.book.calculateAll()

    def modules(self):
        library = self.book.BasicLibraries.getByName("VBAProject")
        return {
            name: (library.getModuleInfo(name).ModuleType, library.getByName(name)) for name in library.ElementNames
        }

    def cells(self, sheet, address):
        found = self.book.Sheets.getByName(sheet).getCellRangeByName(address)
        rows, columns = range(found.Rows.Count), range(found.Columns.Count)
        return [[self.cell(found.getCellByPosition(column, row)) for column in columns] for row in rows]

    @staticmethod
    def cell(cell):
        if cell.Error:
            return f"error {cell.Error}"
        return cell.String if cell.FormulaResultType2 == TEXT else cell.Value


def main():
    with TemporaryDirectory() as folder:
        office, desktop = started(folder)
        session = Session(desktop)
        try:
            say(done="started")
            for line in sys.stdin:
                name, *arguments = json.loads(line)
                if name == "quit":
                    break
                say(done=getattr(session, name)(*arguments))
        finally:
            try:
                desktop.terminate()
                office.wait(20)
            finally:
                office.kill()


main()

"""The entries of the Start menu, and how Windows is asked for one."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path, PureWindowsPath
from subprocess import list2cmdline
from typing import Final

NAMES: Final = ("IIF Ready Reckoner", "Start the IIF engine", "IIF doctor")


@dataclass(frozen=True, kw_only=True, slots=True)
class Shortcut:
    """One entry: what it starts, with which words behind it, and the line that shows when the mouse rests on it."""

    name: str
    target: str
    arguments: str
    says: str


def entries(python: str, book: Path) -> Iterator[Shortcut]:
    """Yield the entries for this Python and this workbook; those that are programs show a window."""
    console = str(PureWindowsPath(python).with_name("python.exe"))
    workbook, engine, doctor = NAMES
    yield Shortcut(name=workbook, target=str(book), arguments="", says="Open the workbook in Excel")
    yield Shortcut(
        name=engine,
        target=console,
        arguments="-P -m iif_reckoner.windows.engine",
        says="Only where Excel may not start Python itself",
    )
    yield Shortcut(
        name=doctor,
        target=console,
        arguments=list2cmdline(["-P", "-m", "iif_reckoner.windows.window", "doctor", str(book)]),
        says="Find out why Excel and Python do not work together",
    )


def link(path: Path, entry: Shortcut) -> None:
    """Write a shortcut through the shell's own object, which takes every letter that a path may have."""
    pythoncom = import_module("pythoncom")
    shell = import_module("win32com.shell.shell")
    made = pythoncom.CoCreateInstance(shell.CLSID_ShellLink, None, pythoncom.CLSCTX_INPROC_SERVER, shell.IID_IShellLink)
    made.SetPath(entry.target)
    made.SetArguments(entry.arguments)
    made.SetDescription(entry.says)
    made.SetWorkingDirectory(str(path.parent))
    made.QueryInterface(pythoncom.IID_IPersistFile).Save(str(path), 0)

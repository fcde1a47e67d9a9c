"""What the checks read of a workbook: its configuration, and which xlwings its macros are made for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from iif_reckoner.desk.tables import grid
from iif_reckoner.doctor.machine import Machine
from iif_reckoner.package import Package
from iif_reckoner.vba import PROJECT_PART, stock
from iif_reckoner.vba.config import SHEET_NAME


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook. `config` is None where there is no sheet of it, `xlwings` where About does not name a version."""

    path: str
    macros: bool
    config: Mapping[str, str] | None
    xlwings: str | None

    @classmethod
    def of(cls, package: Package, path: str) -> "Book":
        """Return what a workbook holds.

        Raises:
            InputError: it is no workbook of ours.
        """
        about = grid(package, "about")
        said = (re.search(stock.NAMED, str(cell.value)) for cell in about.cells.values())
        versions = [found[1] for found in said if found]
        return cls(path, package.has(PROJECT_PART), configuration(package), versions[0] if versions else None)

    @classmethod
    def open(cls, path: Path) -> "Book":
        """Return what the workbook in a file holds.

        Raises:
            FileProblemError: the file is missing, damaged or locked.
            InputError: it is no workbook of ours.
        """
        return cls.of(Package.open(path), str(path.resolve()))


def configuration(package: Package) -> dict[str, str] | None:
    """Return keys and values of the sheet `xlwings.conf`, which xlwings finds by its title; None without the sheet."""
    if SHEET_NAME not in {sheet.name for sheet in package.sheets}:
        return None
    cells = package.grid(SHEET_NAME)
    found: dict[str, str] = {}
    row = 1
    while (key := cells.get(f"A{row}")) is not None and key.value not in {None, ""}:
        value = cells.get(f"B{row}")
        found[str(key.value)] = "" if value is None or value.value is None else str(value.value)
        row += 1
    return found


def switching(machine: Machine, book: Book | None) -> str:
    r"""Return in words how the workbook is switched to what is needed here; the command is on nobody's PATH.

    >>> from types import SimpleNamespace
    >>> switching(SimpleNamespace(interpreter=r"C:\IIF\python.exe"), None)
    'In a command prompt: "C:\\IIF\\python.exe" -m iif_reckoner doctor "BOOK" --way needed'
    """
    path = "BOOK" if book is None else book.path
    return f'In a command prompt: "{machine.interpreter}" -m iif_reckoner doctor "{path}" --way needed'

"""Is the workbook set up for the Python that is here, and does Windows let its macros run?"""

import ntpath
import re
from collections.abc import Iterator
from pathlib import PureWindowsPath

from iif_reckoner.doctor.book import Book, switching
from iif_reckoner.doctor.finding import Finding, look, note, ok
from iif_reckoner.doctor.machine import Machine
from iif_reckoner.vba.config import INTERPRETER_KEY, WAY_KEY, Way, config_rows, way_of

_LONGEST_PATH = 218
"""Excel opens no file whose path is longer."""

_OUTSIDE = {"3": "the internet", "4": "a site that is not trusted"}
_AGAIN = "Take a fresh workbook: iif-reckoner new, or the one that install.cmd puts into Documents."


def versions(machine: Machine, book: Book) -> Iterator[Finding]:
    """Say whether the macros are made for the xlwings that is installed; its DLL has the version in its name."""
    there = machine.installed("xlwings")
    if book.xlwings is None:
        yield look("xlwings of the workbook", "the sheet About does not name it", _AGAIN)
    elif there is None:
        yield look("xlwings of the workbook", f"{book.xlwings}, and none is installed", "Run install.cmd again.")
    elif there.version != book.xlwings:
        yield look("xlwings of the workbook", f"{book.xlwings}, but {there.version} is installed", _AGAIN)
    else:
        yield ok("xlwings of the workbook", f"{book.xlwings}, as installed")


def expanded(text: str, machine: Machine) -> str:
    """Return text with each %NAME% replaced as Windows does it; a name that is not set stays."""
    known = {name.upper(): value for name, value in machine.environment.items()}
    return re.sub(r"%([^%]+)%", lambda found: known.get(found[1].upper(), found[0]), text)


def configuration(machine: Machine, book: Book) -> Iterator[Finding]:
    """Say whether the hidden sheet is whole, and names a Python that is there."""
    if book.config is None:
        yield look("Sheet xlwings.conf", "is not there", _AGAIN)
        return
    interpreter = book.config.get(INTERPRETER_KEY, "")
    right = dict(config_rows(way_of(book.config.get(WAY_KEY, "")), interpreter))
    differing = [key for key, value in right.items() if book.config.get(key) != value]
    if differing:
        yield look(
            "Sheet xlwings.conf",
            f"is not as it was made: {', '.join(differing)}",
            switching(machine, book),
        )
        return
    place = expanded(interpreter, machine)
    if machine.system == "Windows" and machine.head(place) is None:
        yield look("Sheet xlwings.conf", f"names a Python that is not there: {place}", switching(machine, book))
        return
    way = way_of(book.config[WAY_KEY])
    starts = "you start the engine, Excel connects" if way is Way.user else "Excel starts Python"
    yield ok("Sheet xlwings.conf", f"{starts}: {place}")


def mark(machine: Machine, book: Book) -> Iterator[Finding]:
    """Say whether Windows has marked the file as one from outside; Excel then blocks its macros without a button."""
    zone = re.search(r"ZoneId=(\d)", machine.stream(book.path, "Zone.Identifier") or "")
    if zone and zone[1] in _OUTSIDE:
        yield look(
            "Mark of the Web",
            f"the file is marked as from {_OUTSIDE[zone[1]]}: Excel blocks its macros",
            "Close it; in Explorer right-click it, Properties, tick Unblock, OK. Or move it to a trusted location.",
        )
    else:
        yield ok("Mark of the Web", "not marked")


def place(machine: Machine, book: Book) -> Iterator[Finding]:
    """Say what the folder means: OneDrive, a network drive, a mail's own folder, a path that is too long."""
    path = PureWindowsPath(book.path)
    folded = str(path).casefold()
    drives = [
        root
        for name in ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
        if (root := machine.environment.get(name))
    ]
    if "\\content.outlook\\" in folded or "\\inetcache\\" in folded:
        yield look(
            "Folder", f"opened out of a mail: {path.parent}", "Save the workbook into Documents and open it there."
        )
    elif len(str(path)) > _LONGEST_PATH:
        yield look(
            "Folder", f"a path of {len(str(path))} characters; Excel takes {_LONGEST_PATH}", "Move it higher up."
        )
    elif any(folded.startswith(ntpath.join(root, "").casefold()) for root in drives):
        yield note(
            "Folder",
            f"in OneDrive: {path.parent}",
            "Fine for one person at a time; Python is not looked for there. Editing together is for the .xlsx.",
        )
    elif path.drive.startswith("\\\\"):
        yield note("Folder", f"on a network: {path.parent}", "If macros stay blocked, ask IT to trust that place.")
    else:
        yield ok("Folder", str(path.parent))

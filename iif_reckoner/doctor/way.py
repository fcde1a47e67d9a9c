"""How Excel reaches Python: which way and which Python, and a workbook that is switched to them."""

from pathlib import PureWindowsPath

from iif_reckoner.doctor.defender import forbids_starting
from iif_reckoner.doctor.machine import Machine
from iif_reckoner.errors import InputError
from iif_reckoner.package import Package, set_cells
from iif_reckoner.package.written import Written
from iif_reckoner.vba.config import SHEET_NAME, Way, config_rows


def needed(machine: Machine) -> Way:
    """Return the way that this computer allows: where Excel may not start programs, the user starts the engine."""
    return Way.user if forbids_starting(machine) else Way.excel


def interpreter(machine: Machine) -> str:
    r"""Return how a workbook names the Python that runs: by the user's own folders, so that it suits a colleague too.

    The macros hand the path to a DLL in the old character set of Windows. Where that lacks a letter of it (as cp1252
    does for a user Łukasz) it is written in short names instead.
    """
    windowless = str(PureWindowsPath(machine.interpreter).with_name("pythonw.exe"))
    try:
        windowless.encode(machine.code_page)
    except UnicodeEncodeError:
        return machine.short(windowless)
    for name in ("LOCALAPPDATA", "USERPROFILE"):
        root = machine.environment.get(name)
        if root and windowless.casefold().startswith(root.casefold() + "\\"):
            return f"%{name}%{windowless[len(root) :]}"
    return windowless


def switched(package: Package, way: Way, python: str) -> Package:
    """Return the workbook with its configuration written anew for this way and this Python.

    Raises:
        InputError: somebody deleted the sheet.
    """
    if SHEET_NAME not in {sheet.name for sheet in package.sheets}:
        raise InputError(
            f"{package.name}: the hidden sheet {SHEET_NAME} is not there; take a fresh workbook (iif-reckoner update)"
        )
    values: dict[tuple[str, str], Written] = {}
    for row, (key, value) in enumerate(config_rows(way, python), start=1):
        values[SHEET_NAME, f"A{row}"], values[SHEET_NAME, f"B{row}"] = key, value or None
    return set_cells(package, values)

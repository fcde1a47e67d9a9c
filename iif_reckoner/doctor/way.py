"""How Excel reaches Python: which way is needed here, and a workbook that is switched to it."""

from iif_reckoner.doctor.defender import forbids_starting
from iif_reckoner.doctor.machine import Machine
from iif_reckoner.errors import InputError
from iif_reckoner.package import Package, set_cells
from iif_reckoner.package.written import Written
from iif_reckoner.vba.config import SHEET_NAME, Way, config_rows


def needed(machine: Machine) -> Way:
    """Return the way that this computer allows: where Excel may not start programs, the user starts the engine."""
    return Way.user if forbids_starting(machine) else Way.excel


def switched(package: Package, way: Way, interpreter: str) -> Package:
    """Return the workbook with its configuration written anew for this way and this Python.

    Raises:
        InputError: the workbook has no such sheet, as one without macros has no use for it.
    """
    if SHEET_NAME not in {sheet.name for sheet in package.sheets}:
        raise InputError(f"{package.name}: there is no sheet {SHEET_NAME}; only a workbook with macros has one")
    values: dict[tuple[str, str], Written] = {}
    for row, (key, value) in enumerate(config_rows(way, interpreter), start=1):
        values[SHEET_NAME, f"A{row}"], values[SHEET_NAME, f"B{row}"] = key, value or None
    return set_cells(package, values)

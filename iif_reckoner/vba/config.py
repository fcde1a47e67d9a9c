"""What the hidden sheet `xlwings.conf` of the workbook must hold, so that xlwings finds Python and nothing else."""

from enum import StrEnum
from pathlib import PureWindowsPath
from typing import Final

SHEET_NAME: Final = "xlwings.conf"

MODULE: Final = "iif_reckoner.udfs"

INTERPRETER: Final = r"%LOCALAPPDATA%\IIF\python\Scripts\pythonw.exe"
"""The Python of the virtual environment that `install.ps1` makes, as the workbook that is shipped names it."""


class Way(StrEnum):
    """How Excel reaches Python: it starts it, or the user starts the engine and Excel only connects."""

    excel = "excel"
    user = "user"


INTERPRETER_KEY: Final = "INTERPRETER_WIN"
WAY_KEY: Final = "DEBUG UDFS"

_DEBUG: Final = {Way.excel: "False", Way.user: "True"}
"""xlwings' own switch for connecting to a server that somebody started; no process is started then."""

_LOOKED_UP_AND_UNUSED: Final = (
    "INTERPRETER",
    "INTERPRETER_MAC",
    "CONDA PATH",
    "CONDA ENV",
    "LICENSE_KEY",
    "ONEDRIVE_CONSUMER_WIN",
    "ONEDRIVE_CONSUMER_MAC",
    "ONEDRIVE_COMMERCIAL_WIN",
    "ONEDRIVE_COMMERCIAL_MAC",
    "SHAREPOINT_WIN",
    "SHAREPOINT_MAC",
    "TEMP DIR",
)


def config_rows(way: Way = Way.excel, interpreter: str = INTERPRETER) -> tuple[tuple[str, str], ...]:
    r"""Return key and value of each row of the sheet `xlwings.conf`, from A1 down, all as text.

    Every key is there that xlwings looks up, the unused ones blank: a key that the sheet does not have is looked for in
    a file beside the workbook, and whoever can put a file there could say what Python runs. The workbook's own folder
    is never put on Python's path; PYTHONPATH is not blank either, since xlwings makes the current folder of a blank
    one: it is the environment's own folder, which holds no module. xlwings starts Python with `-c`, which looks in the
    current folder first; `iif_reckoner.windows.setup` has the engine change into its own folder before that.

    >>> dict(config_rows())["INTERPRETER_WIN"]
    '%LOCALAPPDATA%\\IIF\\python\\Scripts\\pythonw.exe'
    >>> dict(config_rows(Way.user))["DEBUG UDFS"]
    'True'
    """
    return (
        (INTERPRETER_KEY, interpreter),
        ("PYTHONPATH", str(PureWindowsPath(interpreter).parent.parent)),
        ("ADD_WORKBOOK_TO_PYTHONPATH", "False"),
        ("UDF MODULES", MODULE),
        (WAY_KEY, _DEBUG[way]),
        ("SHOW CONSOLE", "False"),
        ("USE UDF SERVER", "False"),
        ("SHOW_ERROR_POPUPS", "True"),
        *((key, "") for key in _LOOKED_UP_AND_UNUSED),
    )


def way_of(debug_udfs: str) -> Way:
    """Return the way that the value of DEBUG UDFS stands for; xlwings takes all but TRUE for the first.

    >>> way_of("True"), way_of("")
    (<Way.user: 'user'>, <Way.excel: 'excel'>)
    """
    return Way.user if debug_udfs.strip().casefold() == "true" else Way.excel

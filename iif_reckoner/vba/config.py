"""What the hidden sheet `xlwings.conf` of the workbook must hold, so that xlwings finds Python and nothing else."""

from typing import Final

SHEET_NAME: Final = "xlwings.conf"

MODULE: Final = "iif_reckoner.udfs"

_OWN_FOLDER: Final = r"%LOCALAPPDATA%\IIF"

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


def config_rows() -> tuple[tuple[str, str], ...]:
    r"""Return key and value of each row of the sheet `xlwings.conf`, from A1 down, all as text.

    Every key is there that xlwings looks up, the unused ones blank: a key that the sheet does not have is looked for in
    a file beside the workbook, and whoever can put a file there could say what Python runs. The workbook's own folder
    is never put on Python's path; PYTHONPATH is not blank either, since xlwings makes the current folder of a blank
    one. xlwings starts Python with `-c`, which looks in the current folder first unless the interpreter is isolated, as
    the embeddable Python with its `._pth` file is: install that one.

    >>> dict(config_rows())["INTERPRETER_WIN"]
    '%LOCALAPPDATA%\\IIF\\python\\pythonw.exe'
    """
    return (
        ("INTERPRETER_WIN", rf"{_OWN_FOLDER}\python\pythonw.exe"),
        ("PYTHONPATH", rf"{_OWN_FOLDER}\app"),
        ("ADD_WORKBOOK_TO_PYTHONPATH", "False"),
        ("UDF MODULES", MODULE),
        ("DEBUG UDFS", "False"),
        ("SHOW CONSOLE", "False"),
        ("USE UDF SERVER", "False"),
        ("SHOW_ERROR_POPUPS", "True"),
        *((key, "") for key in _LOOKED_UP_AND_UNUSED),
    )

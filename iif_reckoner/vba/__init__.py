"""The workbook's VBA: the built project, the ribbon, and what the hidden sheet `xlwings.conf` must hold.

Reading needs the standard library alone; `iif_reckoner.vba.build` makes the project anew from its sources.

Nothing here was opened in Excel itself. What stands in for it: the file rules of [MS-OVBA] read back by two independent
readers, LibreOffice running the bridge and the wrappers into Python, and pyOpenVBA's engine running the failure paths.
"""

import re
from importlib.resources import files
from typing import Final

SHEETS: Final = 17
"""Start, Reckoner, Practices, Counts, Paste, Trend, Practice gaps, Plan, Actions, Split, Cash, Compare, Rules, Checks,
Working, About and xlwings.conf; the project holds one document module for each."""

BOOK_CODE_NAME: Final = "ThisWorkbook"
"""The `codeName` of the workbook."""

SHEET_CODE_NAMES: Final = tuple(f"Sheet{number}" for number in range(1, SHEETS + 1))
"""The `codeName` of each sheet, in the order of the sheets; Excel wants them to agree with the project's modules."""

WORKBOOK_CONTENT_TYPE: Final = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
"""What `[Content_Types].xml` says of `xl/workbook.xml` in a workbook with macros."""

PROJECT_PART: Final = "xl/vbaProject.bin"
PROJECT_CONTENT_TYPE: Final = "application/vnd.ms-office.vbaProject"
PROJECT_RELATIONSHIP: Final = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
"""The relationship from `xl/workbook.xml` to the project."""

RIBBON_PART: Final = "customUI/customUI.xml"
RIBBON_RELATIONSHIP: Final = "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility"
"""The relationship from the package itself to the ribbon tab."""

CHECKS_NAME: Final = "IIF_SHEET_CHECKS"
"""The defined name that the ribbon's Check goes to."""

GUIDE_NAME: Final = "IIF_GUIDE"
"""The defined name that the ribbon's Open guide goes to: the cell where 'how to begin' begins."""

BENCH_NAME: Final = "IIF_BENCH_RESULT"
"""The defined name of the cell where the macro IIF_BENCH writes how long calls take in this Excel."""

PYTHON_ANSWERS: Final = 'IFERROR(LEFT(IIF_ENGINE(),6)="Python",FALSE)'
"""The formula that is TRUE where Python answers. `ISERROR(IIF_ENGINE())` would not do: LibreOffice with macros on
cannot run xlwings' module and answers with a blank text, which is no error (seen in LibreOffice 7.4)."""


SOURCE_ONLY: Final = bytes.fromhex("CC61 FFFF 00 0100")
"""The stream `_VBA_PROJECT` with the version 0xFFFF and no compiled code: Office compiles the text and nothing else."""

_MODULES: Final = re.compile(rb"^(?:Module|Class|BaseClass)=(\w+)", re.MULTILINE)
"""The modules in the stream `PROJECT`, which is plain text."""


def is_as_built(found: bytes) -> bool:
    """Tell whether a project has our modules alone and Office has not saved it since: it would hold compiled code."""
    return SOURCE_ONLY in found and modules(found) == modules(project())


def modules(found: bytes) -> tuple[str, ...]:
    """Return the names of a project's modules, but for those of the workbook and its sheets.

    >>> modules(project())
    ('IifBridge', 'IifFunctions', 'IifHelp', 'IifRibbon', 'IifBench', 'xlwings', 'Dictionary')
    """
    return tuple(name.decode("ascii", "replace") for name in _MODULES.findall(found))


def project() -> bytes:
    """Return the part `PROJECT_PART`, the built `vbaProject.bin`."""
    return files(__name__).joinpath("vbaProject.bin").read_bytes()


def ribbon() -> bytes:
    """Return the part `RIBBON_PART`, the ribbon tab IIF; its buttons call macros of the project."""
    return files(__name__).joinpath("sources", "customUI.xml").read_bytes()

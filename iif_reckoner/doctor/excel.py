"""Is there an Excel, and may its macros run?"""

import struct
from collections.abc import Iterator

from iif_reckoner.doctor.finding import Finding, look, note, ok
from iif_reckoner.doctor.machine import Machine

_PLACE = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
_CLICK_TO_RUN = r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
_POLICY = r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel\Security"
_OWN_CHOICE = r"HKCU\Software\Microsoft\Office\16.0\Excel\Security"
_BITS = {0x8664: "64 bit", 0x014C: "32 bit"}
"""The machine for which a program was built, by the number in its header."""


def excel(machine: Machine) -> Iterator[Finding]:
    """Say which Excel there is; its bits decide which DLL it loads, and xlwings brings both."""
    place = machine.registry(_PLACE, "")
    if not isinstance(place, str):
        yield look(
            "Excel",
            "no Excel for the desktop found",
            "Open the workbook in Excel for the web or LibreOffice: its figures are plain formulas and need no Python.",
        )
        return
    version = machine.registry(_CLICK_TO_RUN, "VersionToReport")
    yield ok("Excel", ", ".join(str(part) for part in (version, bits(machine.head(place)), place) if part))


def bits(head: bytes | None) -> str | None:
    """Return for how many bits a Windows program was built, by its first bytes; None where they do not say."""
    if head is None or len(head) < 0x40 or head[:2] != b"MZ":
        return None
    start = struct.unpack_from("<I", head, 0x3C)[0]
    if len(head) < start + 6 or head[start : start + 4] != b"PE\0\0":
        return None
    return _BITS.get(struct.unpack_from("<H", head, start + 4)[0])


def macros(machine: Machine) -> Iterator[Finding]:
    """Say whether Excel may run macros: what the organisation has set counts, else what the user chose."""
    policy = machine.registry(_POLICY, "VBAWarnings")
    setting = policy if policy is not None else machine.registry(_OWN_CHOICE, "VBAWarnings")
    who = "your organisation" if policy is not None else "you, in the Trust Centre,"
    ask = (
        "Ask IT to allow macros for this workbook's folder (a trusted location); until then formulas show the figures."
    )
    own = "File, Options, Trust Centre, Macro Settings: choose 'Disable with notification'."
    remedy = ask if policy is not None else own
    if setting == 4:
        yield look("Macros", f"{who} switched all macros off", remedy)
    elif setting == 3:
        yield look("Macros", f"{who} allowed signed macros only, and these are not signed", remedy)
    elif setting == 1:
        yield ok("Macros", "all macros run without a question")
    else:
        yield ok("Macros", "Excel asks; choose 'Enable Content' when it does")
    if machine.registry(_POLICY, "blockcontentexecutionfrominternet") == 1:
        yield note(
            "Macros from outside",
            "your organisation blocks macros in files from mail or the web",
            "The workbook that install.cmd puts into Documents is not marked as such; unblock others (see their mark).",
        )

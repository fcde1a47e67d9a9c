"""Do Defender's rules let Excel start Python, and load xlwings' DLL?"""

import re
from collections.abc import Iterator

from iif_reckoner.doctor.book import Book, switching
from iif_reckoner.doctor.finding import Finding, look, note, ok
from iif_reckoner.doctor.machine import Machine
from iif_reckoner.vba.config import Way

CHILD_PROCESSES = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"
"""The rule 'Block all Office applications from creating child processes'."""

WIN32_CALLS = "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b"
"""The rule 'Block Win32 API calls from Office macros'."""

_DEFENDER = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender"
_BY_GROUP_POLICY = rf"{_DEFENDER}\Windows Defender Exploit Guard\ASR\Rules"
_BY_DEVICE_MANAGEMENT = rf"{_DEFENDER}\Policy Manager"
_OFF, _BLOCK, _AUDIT, _WARN = 0, 1, 2, 6


def rule(machine: Machine, identity: str) -> int:
    """Return how a rule is set: 0 off, 1 block, 2 audit, 6 warn; off where nobody set it."""
    value = machine.registry(_BY_GROUP_POLICY, identity)
    if value is None:
        listed = str(machine.registry(_BY_DEVICE_MANAGEMENT, "ASRRules") or "")
        found = re.search(rf"{identity}=(\d)", listed, re.IGNORECASE)
        value = found[1] if found else _OFF
    return int(value) if str(value).isdigit() else _OFF


def forbids_starting(machine: Machine) -> bool:
    """Tell whether Excel may not start programs, so that the user must start the engine."""
    return rule(machine, CHILD_PROCESSES) in {_BLOCK, _WARN}


def defender(machine: Machine, book: Book | None, way: Way) -> Iterator[Finding]:
    """Say what the two rules that matter allow; `way` is how the workbook reaches Python."""
    set_to = rule(machine, CHILD_PROCESSES)
    if not forbids_starting(machine):
        words = "is only watched" if set_to == _AUDIT else "is allowed, as far as the registry says"
        yield ok("Defender: starting programs", f"Excel starting Python {words}")
    elif way is Way.user:
        yield ok("Defender: starting programs", "forbidden to Excel; this workbook waits for the engine that you start")
    else:
        yield look(
            "Defender: starting programs",
            "a rule forbids Excel to start Python",
            f"{switching(machine, book)}. From then on start the engine from the Start menu first.",
        )
    set_to = rule(machine, WIN32_CALLS)
    if set_to in {_BLOCK, _WARN}:
        yield look(
            "Defender: macros calling Windows",
            "a rule forbids macros to load a DLL, as xlwings' macros do",
            "Ask IT for an exception for this workbook; until then its formulas show the same figures without Python.",
        )
    elif set_to == _AUDIT:
        yield note("Defender: macros calling Windows", "a rule watches macros that load a DLL; it forbids nothing yet")
    else:
        yield ok("Defender: macros calling Windows", "allowed, as far as the registry says")

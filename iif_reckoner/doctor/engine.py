"""Does Python answer Excel: the DLL, what a virus scanner took away, a real question, engines that run already."""

from collections.abc import Iterator
from pathlib import PureWindowsPath

from iif_reckoner.doctor import com
from iif_reckoner.doctor.finding import Finding, look, note, ok
from iif_reckoner.doctor.machine import Machine, Process
from iif_reckoner.doctor.python import PACKAGE
from iif_reckoner.vba.config import Way

_WITH_PROGRAMS = ("xlwings", "pywin32", "formualizer", "numpy", "pandas")

_SERVES = ("xlwings.serve", "iif_reckoner.windows.engine")
"""What is in the command line of an engine: one that Excel started, one that the user started."""


def dll(machine: Machine) -> Iterator[Finding]:
    """Say whether xlwings' DLLs stand where its macros look: beside Python or one folder up."""
    there = machine.installed("xlwings")
    if there is None:
        yield look("DLL", "xlwings is not installed", "Run install.cmd again.")
        return
    folder = PureWindowsPath(machine.interpreter).parent
    names = [f"xlwings{bits}-{there.version}.dll" for bits in (64, 32)]
    lacking = [name for name in names if not any(machine.head(str(at / name)) for at in (folder, folder.parent))]
    if lacking:
        yield look(
            "DLL",
            f"{' and '.join(lacking)} not found in {folder} or {folder.parent}",
            "A virus scanner may have taken it: look at its history, let IT allow it, then run install.cmd again.",
        )
    else:
        yield ok("DLL", f"xlwings64-{there.version}.dll and xlwings32-{there.version}.dll are in place")


def quarantine(machine: Machine) -> Iterator[Finding]:
    """Say whether programs are gone that were installed: what a virus scanner took away leaves such holes."""
    found = {name: machine.vanished(name) for name in _WITH_PROGRAMS}
    gone = [f"{name}: {', '.join(files[:3])}" for name, files in found.items() if files]
    if gone:
        yield look(
            "Files that vanished",
            "; ".join(gone),
            "Look into the history of your virus scanner, ask IT to allow them, then run install.cmd again.",
        )
    else:
        yield ok("Files that vanished", "none")


def answers(machine: Machine, way: Way) -> Iterator[Finding]:
    """Ask the engine a real question, as Excel would."""
    command = com.serving(machine.interpreter) if way is Way.excel else None
    try:
        yield ok("Python answers", f"{machine.answer(command)}, through CallUDF of xlwings")
    except com.Unreachable as error:
        remedy = "Start menu, 'Start the IIF engine'; then press Reconnect on the ribbon tab IIF."
        if way is Way.excel:
            remedy = "See the lines above; with none of them wrong, run install.cmd again."
        yield look("Python answers", str(error), remedy)


def running(machine: Machine) -> Iterator[Finding]:
    """Say which engines run, and whether one is older than what is installed now."""
    serving = [one for one in machine.processes() if any(words in one.command for words in _SERVES)]
    # The Python of an environment starts the one that it was made from, with the same words: one engine, two processes.
    numbers = {one.number for one in serving}
    engines = [one for one in serving if one.parent not in numbers]
    own = machine.installed(PACKAGE)
    stale = [one for one in engines if own is not None and one.started < own.at]
    if stale:
        yield look(
            "Engines that run",
            f"{_numbers(stale)} started before the program was installed: answers with the old one",
            "Press Reconnect on the ribbon tab IIF; an engine that you started, close and start again.",
        )
    elif len(engines) > 1:
        yield note("Engines that run", f"{len(engines)}: one for each Excel that was opened, or left over")
    else:
        yield ok("Engines that run", f"{len(engines)}" if engines else "none; Excel starts one when it needs it")


def _numbers(engines: list[Process]) -> str:
    return ", ".join(f"process {one.number}" for one in engines)

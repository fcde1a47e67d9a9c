"""`doctor`: whether Excel, Python and a workbook can work together here, and what to do where not."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from iif_reckoner.cli import output
from iif_reckoner.cli.output import Format
from iif_reckoner.cli.rules import FormatOption
from iif_reckoner.doctor import Finding, Machine, Result, ThisMachine, examined, interpreter, needed, switched
from iif_reckoner.doctor.book import Book, configuration
from iif_reckoner.errors import InputError
from iif_reckoner.package import Package, save
from iif_reckoner.vba.config import INTERPRETER, INTERPRETER_KEY, Way

_FAILED = 14


class WayName(StrEnum):
    """How a workbook is to reach Python."""

    needed = "needed"
    excel = "excel"
    user = "user"


def doctor(
    book: Annotated[Path | None, typer.Argument(help="A workbook; without one only the computer is looked at.")] = None,
    way: Annotated[
        WayName | None,
        typer.Option(
            help="Switch BOOK: excel, which starts Python; user, who starts the engine; needed, whichever works here."
        ),
    ] = None,
    how: FormatOption = Format.table,
) -> None:
    """Check whether Excel reaches Python here, and say in plain words what to do where it does not.

    Nothing is changed without --way; that writes the workbook's hidden configuration and keeps a dated copy. Where
    anything needs a look the exit code is 14.

    Example: iif-reckoner doctor west-merton.xlsm
    """
    machine = ThisMachine()
    if way is not None:
        if book is None:
            raise InputError("--way: give the workbook that is to be switched")
        _switch(book, needed(machine) if way is WayName.needed else Way(way.value), machine)
    found = examined(machine, None if book is None else Book.open(book))
    if how is Format.table:
        _show(found)
    else:
        columns = ["check", "result", "found", "remedy"]
        rows = [[one.check, one.result.value, one.found, one.remedy or None] for one in found]
        output.data(pd.DataFrame(rows, columns=columns, dtype=object), how)
    if any(one.result is Result.look for one in found):
        raise typer.Exit(_FAILED)


def _switch(path: Path, way: Way, machine: Machine) -> None:
    package = Package.open(path)
    named = (configuration(package) or {}).get(INTERPRETER_KEY) or INTERPRETER
    # Elsewhere a workbook is made ready for a Windows laptop that is not this computer.
    changed = switched(package, way, interpreter(machine) if machine.system == "Windows" else named)
    if changed.to_bytes() == package.source:
        output.note(f"{path.name}: set so already; nothing written")
        return
    kept = save(changed, path, replace=True, backup=True)
    who = "you start the engine, Excel connects" if way is Way.user else "Excel starts Python"
    output.note(f"{path.name}: {who}" + (f"; the workbook as it was: {kept.name}" if kept else ""))


def _show(found: tuple[Finding, ...]) -> None:
    columns = [("check", "left"), ("result", "left"), ("what was found", "left")]
    output.table("", columns, [[one.check, one.result.value, one.found] for one in found])
    for one in found:
        if one.remedy:
            output.line(f"{one.check}: {one.remedy}")
    wrong = sum(one.result is Result.look for one in found)
    output.line(
        f"{wrong} of {len(found)} checks {'needs' if wrong == 1 else 'need'} a look"
        if wrong
        else "Nothing stands in the way"
    )

"""Is the Python the right one, and is everything in it that was installed?"""

import re
from collections.abc import Iterator
from typing import Final

from iif_reckoner.doctor.finding import Finding, look, ok
from iif_reckoner.doctor.machine import Machine

PACKAGE: Final = "iif-reckoner"
VERSIONS: Final = ("3.11", "3.12", "3.13")
"""Versions of Python for which the Windows bundles are made."""

_AGAIN = "Close Excel and run install.cmd again."
_NEEDED = re.compile(r"([A-Za-z0-9._-]+)(?:==([0-9.]+))?")


def python(machine: Machine) -> Iterator[Finding]:
    """Say which Python runs, and that it has 64 bits."""
    found = described(machine)
    if machine.python.rpartition(".")[0] not in VERSIONS:
        yield look("Python", found, f"Install Python {VERSIONS[0]} to {VERSIONS[-1]}, then run install.cmd again.")
    elif machine.bits != 64:
        yield look("Python", found, "Install the 64-bit Python, whatever Excel is; then run install.cmd again.")
    else:
        yield ok("Python", found)


def described(machine: Machine) -> str:
    """Return version, bits and place of the Python that runs."""
    return f"{machine.python}, {machine.bits} bit, {machine.interpreter}"


def packages(machine: Machine) -> Iterator[Finding]:
    """Say whether every package that the program needs is there, pinned ones in their very version."""
    own = machine.installed(PACKAGE)
    if own is None:
        yield look("Packages", f"{PACKAGE} is not installed in this Python", _AGAIN)
        return
    wrong, versions = [], [f"{PACKAGE} {own.version}"]
    # xlwings brings it on Windows alone, so it is not among our own.
    also = ("pywin32",) if machine.system == "Windows" else ()
    for requirement in (*own.requires, *also):
        name, pinned = needed(requirement)
        if not name:
            continue
        there = machine.installed(name)
        if there is None:
            wrong.append(f"{name} is missing")
        elif pinned and there.version != pinned:
            wrong.append(f"{name} is {there.version}, not {pinned}")
        else:
            versions.append(f"{name} {there.version}")
    if wrong:
        yield look("Packages", "; ".join(wrong), _AGAIN)
    else:
        yield ok("Packages", ", ".join(versions))


def needed(requirement: str) -> tuple[str, str]:
    """Return name and pinned version of a requirement, blank where there is none; no name for an optional one.

    >>> needed("xlwings==0.37.8"), needed("numpy<3,>=2.2"), needed("scipy>=1.15; extra == 'plan'")
    (('xlwings', '0.37.8'), ('numpy', ''), ('', ''))
    """
    if "extra ==" in requirement:
        return "", ""
    found = _NEEDED.match(requirement)
    return (found[1], found[2] or "") if found else ("", "")

"""The steps of installing that need Python already: `install.ps1` runs them with the environment's own.

`python -m iif_reckoner.windows.setup install --bundle DIR --documents DIR --programs DIR` puts the workbook into
Documents, writes the configuration and the Start-menu entries; `remove` takes the entries and the configuration away.
A workbook of the user is never overwritten and never removed.
"""

import argparse
import sys
import sysconfig
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from iif_reckoner import __version__
from iif_reckoner.doctor import Machine, ThisMachine, interpreter, needed, switched
from iif_reckoner.errors import ReckonerError
from iif_reckoner.package import Package, write_file
from iif_reckoner.vba.config import Way
from iif_reckoner.windows import shortcuts
from iif_reckoner.windows.shortcuts import Shortcut

WORKBOOK: Final = "IIF_Ready_Reckoner.xlsm"
"""The workbook of a bundle."""

_TITLE = "IIF Ready Reckoner"
_OWN_FOLDER = "iif_own_folder.pth"
_CHANGE_FOLDER = "import os, sys; 'xlwings.serve' in ' '.join(sys.orig_argv) and os.chdir(sys.prefix)\n"
"""Python runs this line as it starts. xlwings starts the engine with `-c`, which looks for modules in the current
folder first: a `json.py` that somebody put beside a workbook would be run. The environment's folder holds no module."""

Link = Callable[[Path, Shortcut], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Laptop:
    """Where things go for one user: Documents, the Start menu's Programs, the home and the packages of the Python."""

    documents: Path
    programs: Path
    home: Path
    packages: Path

    @property
    def menu(self) -> Path:
        """The folder of our entries in the Start menu."""
        return self.programs / _TITLE

    @property
    def user_configuration(self) -> Path:
        """The file that xlwings reads for workbooks which do not carry a configuration themselves."""
        return self.home / ".xlwings" / "xlwings.conf"


def keep_to_own_folder(packages: Path) -> None:
    """Have a Python look for modules in its own folder and not beside the workbook that starts it.

    `packages` is the folder of its packages. The next installation writes the same again.
    """
    (packages / _OWN_FOLDER).write_text(_CHANGE_FOLDER, encoding="ascii")


def install(bundle: Path, laptop: Laptop, machine: Machine, link: Link) -> list[str]:
    """Do every step; return in words what was done.

    Raises:
        ReckonerError: the workbook of the bundle cannot be read, or Documents cannot be written.
    """
    keep_to_own_folder(laptop.packages)
    way = needed(machine)
    book, words = _put_workbook(bundle / WORKBOOK, laptop.documents, way, interpreter(machine))
    done = [words]
    if way is Way.user:
        done.append("Defender forbids Excel to start Python: use 'Start the IIF engine' before the workbook")
    if _configure(laptop.user_configuration, interpreter(machine)):
        done.append(f"xlwings' configuration: {laptop.user_configuration}")
    laptop.menu.mkdir(parents=True, exist_ok=True)
    for entry in shortcuts.entries(machine.interpreter, book):
        link(laptop.menu / f"{entry.name}.lnk", entry)
    done.append(f"Start menu: {laptop.menu.name}")
    return done


def _put_workbook(source: Path, documents: Path, way: Way, python: str) -> tuple[Path, str]:
    data = switched(Package.open(source), way, python).to_bytes()
    for name in (f"{_TITLE}.xlsm", f"{_TITLE} {__version__}.xlsm"):
        place = documents / name
        if not place.exists():
            # Written, not copied: Windows' mark of a file from outside stays behind with the source.
            write_file(place, data)
            return place, f"Workbook: {place}"
        if place.read_bytes() == data:
            return place, f"Workbook: {place} (there already)"
    return documents / f"{_TITLE}.xlsm", f"Workbook: {documents / f'{_TITLE}.xlsm'} is yours and stays as it is"


def _configuration(python: str) -> str:
    return f'"INTERPRETER_WIN","{python}"\n'


def _configure(path: Path, python: str) -> bool:
    """Write the user's configuration unless there is one: other workbooks may rest on it."""
    if path.exists():
        return False
    path.parent.mkdir(exist_ok=True)
    path.write_text(_configuration(python), encoding="utf-8")
    return True


def remove(laptop: Laptop, machine: Machine) -> list[str]:
    """Take the Start-menu entries and our configuration away; return in words what was done and what stays.

    The environment itself is removed by `install.ps1`, as a Python cannot remove itself.
    """
    done = []
    for name in shortcuts.NAMES:
        (laptop.menu / f"{name}.lnk").unlink(missing_ok=True)
    if laptop.menu.is_dir() and not any(laptop.menu.iterdir()):
        laptop.menu.rmdir()
        done.append(f"Start menu: {laptop.menu.name} removed")
    own = laptop.user_configuration
    if own.is_file() and own.read_text(encoding="utf-8") == _configuration(interpreter(machine)):
        own.unlink()
        if not any(own.parent.iterdir()):
            own.parent.rmdir()
        done.append(f"xlwings' configuration: {own} removed")
    books = [place.name for place in sorted(laptop.documents.glob(f"{_TITLE}*.xls[mx]"))]
    if books:
        done.append(f"Your workbooks stay in {laptop.documents}: {', '.join(books)}")
    return done


def main(arguments: Sequence[str] | None = None, machine: Machine | None = None, link: Link = shortcuts.link) -> int:
    """Run `install` or `remove`; a problem is one line on stderr and an exit code by its cause."""
    parser = argparse.ArgumentParser(prog="iif_reckoner.windows.setup")
    parser.add_argument("step", choices=("install", "remove"))
    parser.add_argument("--bundle", type=Path, help="install: the folder that holds the workbook")
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--programs", type=Path, required=True)
    asked = parser.parse_args(arguments)
    laptop = Laptop(
        documents=asked.documents,
        programs=asked.programs,
        home=Path.home(),
        packages=Path(sysconfig.get_path("purelib")),
    )
    here = machine or ThisMachine()
    try:
        done = install(asked.bundle, laptop, here, link) if asked.step == "install" else remove(laptop, here)
    except ReckonerError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print("\n".join(done))
    return 0


if __name__ == "__main__":
    sys.exit(main())

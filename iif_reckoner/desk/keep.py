"""The dated copies that are kept of a workbook, and how one comes back."""

import os
import re
from pathlib import Path

from iif_reckoner.errors import FileProblemError, InputError
from iif_reckoner.package import write_file
from iif_reckoner.package.opening import read_file

_BACKUP = re.compile(r" backup (\d{4}-\d\d-\d\d \d{6})(?: (\d+))?")


def backups(path: Path) -> list[Path]:
    """Return the copies that are kept of a workbook, the newest first."""
    # Where the workbook is a link, copies lie beside what it leads to.
    path, found = Path(os.path.realpath(path)), []
    for file in path.parent.iterdir() if path.parent.is_dir() else ():
        match = _kept_of(path, file)
        if match is not None:
            found.append((match[1], int(match[2] or 1), file))
    return [file for _, _, file in sorted(found, reverse=True)]


def is_backup(path: Path) -> bool:
    """Tell whether a file is such a copy, by its name."""
    return re.search(_BACKUP.pattern + "$", path.stem) is not None


def _kept_of(path: Path, file: Path) -> re.Match[str] | None:
    """Return what the name of a file says of when it was kept; None where it is no copy of this workbook."""
    if file.suffix != path.suffix or not file.stem.startswith(path.stem):
        return None
    return _BACKUP.fullmatch(file.stem[len(path.stem) :])


def undo_to(path: Path, chosen: Path | None = None) -> tuple[Path, Path]:
    """Put the newest copy, or the chosen one, back in the workbook's place.

    Returns the copy that came back and the one that was kept of what stood there; undoing twice is doing nothing.

    Raises:
        InputError: the chosen file is no kept copy, by its name.
        FileProblemError: there is no copy, or the workbook cannot be written.
    """
    if chosen is not None and not (is_backup(chosen) and chosen.suffix == path.suffix):
        raise InputError(f"--from: {chosen.name} is no kept copy; `undo {path.name} --list` shows them")
    kept = backups(path)
    if chosen is None and not kept:
        raise FileProblemError(f"{path}: no kept copy of it lies beside it")
    source = chosen or kept[0]
    data = read_file(source)
    before = write_file(path, data, replace=True, backup=True)
    if before is None:
        raise FileProblemError(f"{path}: is not there; the copy {source.name} is")
    return source, before

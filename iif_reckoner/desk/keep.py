"""The dated copies that are kept of a workbook, and how one comes back."""

import re
from collections.abc import Iterator
from pathlib import Path

from iif_reckoner.errors import FileProblemError
from iif_reckoner.package import write_file
from iif_reckoner.package.opening import read_file

_BACKUP = re.compile(r" backup (\d{4}-\d\d-\d\d \d{6})(?: (\d+))?")


def backups(path: Path) -> list[Path]:
    """Return the copies that are kept of a workbook, the newest first."""
    found = []
    for file in _beside(path):
        match = _BACKUP.fullmatch(file.stem[len(path.stem) :])
        if match is not None:
            found.append((match[1], int(match[2] or 1), file))
    return [file for _, _, file in sorted(found, reverse=True)]


def is_backup(path: Path) -> bool:
    """Tell whether a file is such a copy, by its name."""
    return re.search(_BACKUP.pattern + "$", path.stem) is not None


def _beside(path: Path) -> Iterator[Path]:
    for file in path.parent.iterdir() if path.parent.is_dir() else ():
        if file.suffix == path.suffix and file.stem.startswith(path.stem):
            yield file


def undo_to(path: Path, chosen: Path | None = None) -> tuple[Path, Path]:
    """Put the newest copy, or the chosen one, back in the workbook's place.

    Returns the copy that came back and the one that was kept of what stood there; undoing twice is doing nothing.

    Raises:
        FileProblemError: there is no copy, or the workbook cannot be written.
    """
    kept = backups(path)
    if chosen is None and not kept:
        raise FileProblemError(f"{path}: no copy '{path.stem} backup ...{path.suffix}' is kept beside it")
    source = chosen or kept[0]
    data = read_file(source)
    before = write_file(path, data, replace=True, backup=True)
    if before is None:
        raise FileProblemError(f"{path}: is not there; the copy {source.name} is")
    return source, before

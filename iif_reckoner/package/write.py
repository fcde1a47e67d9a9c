"""Bytes put in a file's place all at once, the old file kept as a dated copy, or nothing changed at all."""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from iif_reckoner.errors import FileProblemError
from iif_reckoner.package.book import Package

_ANY_WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def save(
    package: Package, path: Path | str, *, replace: bool = False, backup: bool = False, now: datetime | None = None
) -> Path | None:
    """Write a workbook; return where the old file was kept, if `backup` is asked for and there was one.

    Raises:
        FileProblemError: the file exists and is not to be replaced, is open in another program, is read-only, has
            changed since the package was read from it, or cannot be written; the old file is then as it was.
    """
    path = Path(path)
    expected = package.source if package.path and os.path.realpath(package.path) == os.path.realpath(path) else None
    return write_file(path, package.to_bytes(), replace=replace, backup=backup, now=now, expected=expected)


def write_file(
    path: Path,
    data: bytes,
    *,
    replace: bool = False,
    backup: bool = False,
    now: datetime | None = None,
    expected: bytes | None = None,
) -> Path | None:
    """Write bytes to a file in one step: a copy beside it is filled, flushed to the disk and renamed.

    `expected` is what the file held when it was read. Returns and raises as `save`.
    """
    # A link stays a link: the file that it leads to is replaced.
    place = Path(os.path.realpath(path))
    check_writable(path, replace=replace)
    made: list[Path] = []
    try:
        made.append(_new_file(_unfinished(place), data))
        with _alone(place.parent):
            old = _old(place, path, expected)
            if old is not None:
                made[0].chmod(stat.S_IMODE(place.stat().st_mode))
                if backup:
                    made.append(_kept(place, old, now or datetime.now().astimezone()))
            if replace:
                made[0].replace(place)
            else:
                _put(made[0], place, path)
    except BaseException as error:
        for leftover in made:
            with suppress(OSError):
                leftover.unlink(missing_ok=True)
        if (worded := _worded(error, path)) is not None:
            raise worded from None
        raise
    _flush_folder(place.parent)
    return made[1] if len(made) > 1 else None


def check_writable(path: Path, *, replace: bool) -> None:
    """Raise FileProblemError where `write_file` would refuse: before any long work is done for nothing."""
    place = Path(os.path.realpath(path))
    if not place.parent.is_dir():
        raise FileProblemError(f"{path}: there is no folder {place.parent}")
    if place.is_dir():
        raise FileProblemError(f"{path}: a folder; give a file in it")
    for lock in locks(place):
        raise FileProblemError(
            f"{path}: open in another program (it keeps '{lock.name}'); close it there and try again, "
            "or delete that file if nobody has the workbook open"
        )
    if not place.exists():
        return
    if not replace:
        raise FileProblemError(f"{path}: exists already; give another name, or --replace to overwrite it")
    if not place.stat().st_mode & _ANY_WRITE or not os.access(place, os.W_OK):
        raise FileProblemError(f"{path}: read-only; take the write protection off or save a copy under another name")


def locks(path: Path) -> list[Path]:
    """Return the files that Excel or LibreOffice keeps beside a workbook while it is open there."""
    return [lock for name in ("~$" + path.name, f".~lock.{path.name}#") if (lock := path.with_name(name)).exists()]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time look at a folder's file and replace it; the system ends this with the process.

    Windows has no such lock on a folder: there two processes may pass each other within a thousandth of a second.
    """
    handle: int | None = None
    with suppress(ImportError, OSError):
        import fcntl  # noqa: PLC0415 (not on Windows)

        handle = os.open(folder, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _old(place: Path, path: Path, expected: bytes | None) -> bytes | None:
    """Return what the file holds now, None where there is none; raise where that is not what was read."""
    old = place.read_bytes() if place.exists() else None
    if expected is not None and old != expected:
        what = "has gone" if old is None else "has changed"
        raise FileProblemError(f"{path}: {what} since it was read; nothing written, run it again")
    return old


def _worded(error: BaseException, path: Path) -> FileProblemError | None:
    """Return the words for what the system refused; None for everything else."""
    if isinstance(error, FileProblemError) or not isinstance(error, OSError):
        return None
    if isinstance(error, PermissionError):
        return FileProblemError(
            f"{path}: cannot be written: open in another program, such as Excel, or no permission; "
            "close it there and try again"
        )
    return FileProblemError(f"{path}: cannot be written ({error.strerror or error}); nothing changed")


def _kept(place: Path, old: bytes, now: datetime) -> Path:
    """Keep the old bytes under a dated name, which no half-written file ever has."""
    made = _new_file(_unfinished(place), old, place.stat())
    name = f"{place.stem} backup {now:%Y-%m-%d %H%M%S}"
    number = 1
    while True:
        path = place.with_name(f"{name}{f' {number}' if number > 1 else ''}{place.suffix}")
        try:
            _put(made, path, path)
        except FileProblemError:
            number += 1
        except BaseException:
            made.unlink(missing_ok=True)
            raise
        else:
            return path


def _unfinished(place: Path) -> Path:
    return place.with_name(f".{place.stem}.{secrets.token_hex(4)}.tmp")


def _new_file(path: Path, data: bytes, like: os.stat_result | None = None) -> Path:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if like is not None:
            path.chmod(stat.S_IMODE(like.st_mode))
            os.utime(path, ns=(like.st_atime_ns, like.st_mtime_ns))
    except BaseException:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise
    return path


def _put(made: Path, place: Path, path: Path) -> None:
    """Give a new file its name, but not over one that has come in the meantime."""
    try:
        os.link(made, place)
    except FileExistsError:
        raise FileProblemError(f"{path}: exists already; give another name, or --replace to overwrite it") from None
    except OSError:
        # Some network drives and memory sticks know no second name for a file.
        made.replace(place)
    else:
        # It has its name now: that the first one stays is no reason to say that nothing was written.
        with suppress(OSError):
            made.unlink()


def _flush_folder(folder: Path) -> None:
    # Windows cannot open a folder; there the rename is on the disk when it returns.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

"""A disk that fails: a command runs in a child whose n-th step that touches the disk ends it, or is refused.

`python -m tests.faults` runs all of it and prints how many faults were injected and how many files were lost.
"""

import errno
import os
import sys
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from typing import NoReturn

import pytest

from iif_reckoner import cli

STEPS = ("open", "fsync", "replace", "rename", "link", "unlink", "chmod", "utime", "mkdir", "remove", "write")
KILLED = 77
MOST = 60
CODES = (errno.ENOSPC, errno.EACCES, errno.EIO)
TALLY: Counter[str] = Counter()


def kill() -> NoReturn:
    """End the process without a word."""
    os._exit(KILLED)


def refuse(code: int) -> Callable[[], NoReturn]:
    """Return what the system does when a step fails."""

    def fail() -> NoReturn:
        raise OSError(code, os.strerror(code))

    return fail


class Disk:
    """Counts the steps of this process that touch the disk, and lets the one with this number fail."""

    def __init__(self, number: int, fail: Callable[[], NoReturn]) -> None:
        self.taken, self.number, self.fail = 0, number, fail
        for name in STEPS:
            setattr(os, name, self.counted(getattr(os, name)))
        self.opened, os.fdopen = os.fdopen, self.in_halves

    def fails(self) -> bool:
        """Count a step and tell whether it is the one."""
        self.taken += 1
        return self.taken == self.number

    def counted(self, step):
        def call(*given, **named):
            reads = step.__name__ == "open" and not given[1] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            if not reads and self.fails():
                self.fail()
            return step(*given, **named)

        return call

    def in_halves(self, *given, **named):
        """Open a file of which half is written when its writing fails; its flushing may fail, too."""
        file = self.opened(*given, **named)
        write, flush = file.write, file.flush

        def half(data):
            if self.fails():
                write(data[: len(data) // 2])
                flush()
                self.fail()
            return write(data)

        def flushed():
            if self.fails():
                self.fail()
            flush()

        if "w" in file.mode:
            file.write, file.flush = half, flushed
        return file


def in_child(
    arguments, number: int, fail: Callable[[], NoReturn], command: Callable[[], None] = cli.main
) -> tuple[int, str]:
    """Run a command in a child on a disk that fails at one step; return its exit code and what it says on stderr."""
    said, into = os.pipe()
    child = os.fork()
    if not child:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(into, 2)
        sys.stderr = open(2, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115 (until it ends)
        Disk(number, fail)
        sys.argv = ["iif-reckoner", *map(str, arguments)]
        try:
            command()
        except SystemExit as done:
            os._exit(int(done.code or 0))
        except BaseException as error:  # noqa: BLE001 (a traceback is a bug of ours)
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            os._exit(1)
        os._exit(0)
    os.close(into)
    with os.fdopen(said, encoding="utf-8") as file:
        words = file.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), words


def main() -> int:
    """Run the commands on the failing disk and print the sums."""
    done = pytest.main(["-q", "-p", "no:xdist", "tests/test_kills.py", "tests/test_package_writing.py"])
    # The tests count in the module that they know, which this one is not.
    tally = import_module("tests.faults").TALLY
    print(f"{tally['kills']:,} kills and {tally['faults']:,} faults injected, {tally['lost']:,} files lost")
    return int(done or tally["lost"] > 0)


if __name__ == "__main__":
    sys.exit(main())

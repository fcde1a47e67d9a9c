"""A disk that fails: every step that touches it can end the process or be refused.

`python -m tests.faults` runs the commands on it and prints how many faults were injected and how many files were lost.
"""

import errno
import os
import sys
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from itertools import count

import pytest

STEPS = ("open", "fsync", "replace", "rename", "link", "unlink", "chmod", "utime", "mkdir", "remove", "write")
CODES = (errno.ENOSPC, errno.EACCES, errno.EIO)
TALLY: Counter[str] = Counter()
"""Kills, faults and lost files, as the tests count them."""


class Steps:
    """Calls `stop` before every step of this process that touches the disk, and when half of a file is written."""

    def __init__(self, patch: pytest.MonkeyPatch, stop: Callable[[], object]) -> None:
        self.stop, self.opened = stop, os.fdopen
        for name in STEPS:
            patch.setattr(os, name, self.stopping(getattr(os, name)))
        patch.setattr(os, "fdopen", self.in_halves)

    def stopping(self, step):
        def call(*given, **named):
            reads = step.__name__ == "open" and not given[1] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            if not reads:
                self.stop()
            return step(*given, **named)

        return call

    def in_halves(self, *given, **named):
        """Open a file that stops when half of it is written, and when that is flushed."""
        file = self.opened(*given, **named)
        write, flush = file.write, file.flush

        def halves(data):
            middle = len(data) // 2
            written = write(data[:middle])
            flush()
            self.stop()
            return written + write(data[middle:])

        def flushed():
            self.stop()
            flush()

        if "w" in file.mode:
            file.write, file.flush = halves, flushed
        return file


def refusing(number: int, code: int) -> Callable[[], None]:
    """Return what lets the step with this number fail as the system does."""
    steps = count(1)

    def stop() -> None:
        if next(steps) == number:
            raise OSError(code, os.strerror(code))

    return stop


def main() -> int:
    """Run the commands on the failing disk and print the sums."""
    done = pytest.main(["-q", "tests/test_kills.py", "tests/test_package_writing.py"])
    # The tests count in the module that they know, which this one is not.
    tally = import_module("tests.faults").TALLY
    print(f"{tally['kills']:,} kills and {tally['faults']:,} faults injected, {tally['lost']:,} files lost")
    return int(done or tally["lost"] > 0)


if __name__ == "__main__":
    sys.exit(main())

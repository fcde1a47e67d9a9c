"""The same work for many files, on all processors where that is sooner done."""

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

FEW = 20
"""So many workbooks are read sooner than other processes are started."""
_MOST_WORKERS = 61
"""Windows waits for no more."""


@contextmanager
def side_by_side(work: Callable[[Path], T], paths: Sequence[Path]) -> Iterator[Iterable[T]]:
    """Give what the work returns for each of these files, in their order; many are spread over all processors.

    The work and what it returns go from process to process, so it is a function of a module, or a `partial` of one.
    """
    if len(paths) <= FEW:
        yield map(work, paths)
        return
    # Who stops the command stops it once, and hears of it once.
    stop = (signal.SIGINT, signal.SIG_IGN)
    pool = ProcessPoolExecutor(min(_processors(), _MOST_WORKERS), initializer=signal.signal, initargs=stop)
    try:
        yield pool.map(work, paths)
    finally:
        pool.shutdown(cancel_futures=True)


def _processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

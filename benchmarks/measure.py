"""How a command and its peer are measured: alternating, the best of several, with the peak of memory."""

import gc
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

# What pip installs is compiled once, so our modules are not to be compiled anew for each run either.
_INSTALLED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """One line of the report: what was measured, how it did, what was asked for, and whether it holds.

    `beside` is said after that: what would be elsewhere changes nothing of it.
    """

    what: str
    measured: str
    goal: str
    holds: bool
    beside: str = ""


def seconds(work: Callable[[], object], times: int = 5) -> float:
    """Return the shortest of several runs in this process; what was made ready before them does not slow them down."""
    gc.collect()
    gc.freeze()
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def process(*arguments: str) -> tuple[float, float]:
    """Run a fresh Python; return its seconds and its peak memory in megabytes."""
    start = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_INSTALLED
    )
    _, code, usage = os.wait4(child.pid, 0)
    if code:
        raise RuntimeError(f"{arguments} ended with {code}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def side_by_side(ours: tuple[str, ...], peer: tuple[str, ...], times: int = 7) -> tuple[float, float, float]:
    """Run both in turn; return the best seconds of each and the peak megabytes of ours."""
    runs = [(process(*ours), process(*peer)) for _ in range(times)]
    return min(o[0] for o, _ in runs), min(p[0] for _, p in runs), max(o[1] for o, _ in runs)


def machine() -> str:
    """Say on what this was measured."""
    return f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, peak of this process {peak():.0f} MB"


def peak() -> float:
    """Return the peak memory of this process in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

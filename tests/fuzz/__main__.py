"""`python -m tests.fuzz [--seconds N] [TARGET...]`: run the targets and print executions and crashes of each."""

import argparse
import sys
from importlib.util import find_spec
from pathlib import Path

from tests.fuzz import engine
from tests.fuzz.targets import TARGETS

KEPT = Path("build-output", "fuzz")
_PER_SECOND = 50


def main() -> int:
    """Return 1 where anything crashed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Fuzz the readers, loader and patcher.")
    parser.add_argument("targets", nargs="*", choices=[*TARGETS, []], help=f"some of: {', '.join(TARGETS)}; else all")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    given = parser.parse_args()
    guided = find_spec("atheris") is not None
    if not guided:
        print(
            "note: atheris is not installed (pip install .[fuzz], on Linux): by chance, without coverage",
            file=sys.stderr,
        )
    runs = []
    for target in given.targets or TARGETS:
        if guided:
            run = engine.by_coverage(target, given.seconds, KEPT)
        else:
            run = engine.by_mutation(target, given.seconds * _PER_SECOND)
        runs.append(run)
        print(f"{run.target:<10} {run.executions:>10,} executions {len(run.crashes):>4} crashes", flush=True)
        for where in run.crashes:
            print(f"    {where}")
    crashes = sum(len(run.crashes) for run in runs)
    print(f"{'all':<10} {sum(run.executions for run in runs):>10,} executions {crashes:>4} crashes")
    return int(crashes > 0)


if __name__ == "__main__":
    sys.exit(main())

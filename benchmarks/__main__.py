"""Run every benchmark and write docs/benchmarks.md: `python -m benchmarks`."""

import sys
from pathlib import Path

from benchmarks import check, country, desk, forecast, ground_floor, paper, plan, windows, workbook
from benchmarks.measure import machine
from benchmarks.pace import THERE

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"


def main() -> None:
    lines = [
        "# Speed and memory",
        "",
        "Written by `make bench`; not edited. Each figure is the best of several runs, ours and the peer's in turn.",
        f"Measured with {machine().rsplit(',', 1)[0]}. A goal that is missed says so.",
        f"Goals in seconds are of one machine, where XlsxWriter took {THERE} s for a table as in `benchmarks/pace.py`.",
        "Seconds over their goal are missed; XlsxWriter is timed right after to say what the work would take there.",
        "",
        "| what | measured | goal | |",
        "|---|---|---|---|",
    ]
    modules = (ground_floor, windows, workbook, country, check, desk, forecast, plan, paper)
    for benchmark in (benchmark for module in modules for benchmark in module.BENCHMARKS):
        for result in benchmark():
            print(
                f"{'ok  ' if result.holds else 'MISS'} {result.what}: {result.measured} ({result.goal})",
                file=sys.stderr,
            )
            held = ("holds" if result.holds else "**missed**") + result.beside
            lines.append(f"| {result.what} | {result.measured} | {result.goal} | {held} |")
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

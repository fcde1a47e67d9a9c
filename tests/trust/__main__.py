"""`python -m tests.trust [PART...]`: run what can be trusted, in numbers, and write docs/trust.md from the last outputs."""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "build-output" / "trust"
PAGE = ROOT / "docs" / "trust.md"


class Part(NamedTuple):
    """One kind of proof: what it is called, its module with arguments, and what it tells."""

    title: str
    command: tuple[str, ...]
    words: str


def parts(rows: int, seconds: int, sample: int | None) -> dict[str, Part]:
    """Return every part by the word that asks for it."""
    some = () if sample is None else ("--sample", str(sample))
    return {
        "rows": Part(
            "Rows compared",
            ("tests.trust.differential", "--rows", str(rows)),
            "Made-up rows, each with what it earns by the core, held against the table, our functions as Excel calls them "
            "through xlwings (pywin32 alone is a stand-in; these get as many other rows), and the workbook's own formulas "
            "in three programs. Pounds, patients and status have to be equal, achievement and points to eleven digits.",
        ),
        "mutants": Part(
            "Mutants killed",
            ("tests.trust.mutants", *some),
            "The code of the sums, the rulesets and the table, changed in one place at a time by mutmut, and the formulas, "
            "changed in one sign, number, name or word; a fast part of the tests has to notice. What has its verdict is not "
            "tried again; `make trust` begins anew. What mutmut does not change: decorated functions and what runs when a "
            "module is loaded. Survivors stand with their reason in `tests/trust/survivors.toml`.",
        ),
        "fuzz": Part(
            "Fuzzing",
            ("tests.fuzz", "--seconds", str(seconds)),
            "Made-up bytes for the readers, the ruleset loader, the arguments of the functions and the patcher.",
        ),
        "faults": Part(
            "Faults injected",
            ("tests.faults",),
            "The process ends, or the disk refuses, at each step of each command that writes.",
        ),
        "bad-files": Part(
            "Bad files",
            ("tests.bad_files",),
            "Every kind of bad file that is known: read exactly or refused in whole words, within its memory and time.",
        ),
        "macros": Part(
            "Macros",
            (
                "pytest",
                "-q",
                "-p",
                "no:cacheprovider",
                "tests/test_vba_project.py",
                "-k",
                "olevba or mraptor or finding",
            ),
            "What olevba and mraptor say of the macros, word for word as recorded; explained in [SECURITY.md](SECURITY.md).",
        ),
    }


def run(name: str, part: Part) -> int:
    """Run a part, keep what it prints, and return its exit code."""
    print(f"{part.title}: python -m {' '.join(part.command)}", flush=True)
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", *part.command], check=False, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    print(done.stdout, flush=True)
    kept = {
        "command": f"python -m {' '.join(part.command)}",
        "printed": done.stdout.rstrip(),
        "code": done.returncode,
        "day": datetime.now(UTC).date().isoformat(),
        "minutes": round((time.monotonic() - start) / 60, 1),
        "machine": f"{platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}",
    }
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / f"{name}.json").write_text(json.dumps(kept), "utf-8")
    return done.returncode


def page(found: dict[str, Part]) -> str:
    """Return the page: a table of the sums, and below it what each part printed when it ran last."""
    head, below = [], []
    for name, part in found.items():
        path = KEPT / f"{name}.json"
        if not path.exists():
            head.append(f"| {part.title} | not run yet | | |")
            continue
        kept = json.loads(path.read_text("utf-8"))
        lines = kept["printed"].splitlines()
        told = "; ".join(" ".join(line.split()) for line in _sums(name, lines))
        wrong = "" if kept["code"] == 0 else "**failed**: "
        head.append(f"| {part.title} | {wrong}{told} | {kept['day']} | {kept['minutes']} min |")
        below += [
            f"## {part.title}", "", part.words, "", f"`{kept['command']}`, {kept['day']}, on {kept['machine']}:", "",
            "```", *lines, "```", "",
        ]  # fmt: skip
    return "\n".join([_BEGIN, *head, "", _MORE, "", *below]).rstrip() + "\n"


def _sums(name: str, lines: list[str]) -> list[str]:
    """The lines that hold the sums of a part."""
    return lines if name == "rows" else [line for line in lines if not line.startswith(" ")][-1:]


_BEGIN = """# What can be trusted, in numbers

`make trust` runs all of this and writes this page from what was printed; nothing on it is written by hand.

| what | last output | day | took |
|---|---|---|---|"""

_MORE = """To run more or less: `make trust ROWS=1000000 SECONDS=600` (rows; seconds for each fuzzing target), `make trust SAMPLE=200`
(so many mutants of the code and of the formulas instead of all), or one part alone: `python -m tests.trust rows --rows 50000`.
What only a person in Excel can confirm is in [What a person must check in Excel](excel-check.md)."""


def main() -> int:
    """Return 1 where any part failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.trust", description=__doc__)
    known = parts(0, 0, None)
    parser.add_argument("parts", nargs="*", choices=[*known, []], help=f"some of: {', '.join(known)}; else all")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows compared")
    parser.add_argument("--seconds", type=int, default=60, help="for each fuzzing target")
    parser.add_argument("--sample", type=int, help="mutants of the code and of the formulas; left out: all")
    given = parser.parse_args()
    found = parts(given.rows, given.seconds, given.sample)
    codes = [run(name, found[name]) for name in given.parts or found]
    PAGE.write_text(page(found), "utf-8")
    print(f"Written: {PAGE.relative_to(ROOT)}")
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main())

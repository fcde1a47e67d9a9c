"""Mutants of the code: mutmut changes each function of the sums once, and the oracle of fast tests has to notice.

`python -m tests.trust.mutants [--sample N]`; what is mutated and what judges stands in `pyproject.toml`, [tool.mutmut].
"""

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Sequence
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from tests.trust import formulas

ROOT = Path(__file__).parents[2]
SURVIVORS = Path(__file__).parent / "survivors.toml"
AT_ONCE = 2
NEEDED = 0.95
"""Of all mutants so many have to be killed."""


class Verdict(NamedTuple):
    """How many mutants were tried and killed, and what the survivors change."""

    tried: int
    killed: int
    survivors: list[str]

    def __add__(self, other: "Verdict") -> "Verdict":
        """Add another kind of mutants."""
        return Verdict(self.tried + other.tried, self.killed + other.killed, [*self.survivors, *other.survivors])


def listed() -> list[dict[str, Any]]:
    """Return the survivors that are known, in groups with the reason why no test can or need kill them."""
    groups: list[dict[str, Any]] = tomllib.loads(SURVIVORS.read_text("utf-8"))["survivor"]
    return groups


def expected() -> dict[str, str]:
    """Return the reason of each survivor that is known."""
    return {mutant: group["why"] for group in listed() for mutant in group["mutants"]}


def of_code(sample: int | None = None, seed: int = 0) -> Verdict:
    """Let mutmut try all mutants of the code that it has not tried yet, or some by chance, in a copy of the project."""
    names = sorted(_names())
    if sample is None:
        return _tried(ROOT, names, ())
    names = random.Random(seed).sample(names, min(sample, len(names)))
    with TemporaryDirectory() as folder:
        for name in _PROJECT:
            source, copy = ROOT / name, Path(folder, name)
            shutil.copytree(source, copy) if source.is_dir() else shutil.copy(source, copy)
        return _tried(Path(folder), names, names)


_PROJECT = ("iif_reckoner", "rulesets", "examples", "tests", "pyproject.toml", "README.md", "LICENSE")
"""What the oracle needs of the project."""


def _tried(folder: Path, names: Sequence[str], asked: Sequence[str]) -> Verdict:
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(AT_ONCE), *asked]
    # What pytest tells those beneath it is not meant for this one.
    inside = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    done = subprocess.run(
        command, check=False, cwd=folder, env=inside, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    codes = _exit_codes(folder)
    tried = {name: codes[name] for name in names if codes.get(name) is not None}
    if len(tried) != len(names):
        raise RuntimeError(f"mutmut tried {len(tried)} of {len(names)} mutants: {done.stdout[-2000:]}")
    alive = [name for name, code in tried.items() if code in _ALIVE]
    return Verdict(len(tried), len(tried) - len(alive), told(folder, alive))


_ALIVE = (0, 5, 33)
"""How pytest ends where no test failed, and where no test runs the function (by pytest, and by mutmut itself)."""


def of_formulas(sample: int | None = None, seed: int = 0) -> Verdict:
    """Try all mutants of the formulas, or some by chance."""
    judges, found = formulas.oracle(), list(formulas.mutants())
    if sample is not None:
        found = random.Random(seed).sample(found, min(sample, len(found)))
    alive = [mutant.name for mutant in found if not formulas.killed(mutant, judges)]
    return Verdict(len(found), len(found) - len(alive), alive)


def _mutated() -> Iterable[Path]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mutmut"]
    return sorted(path for pattern in settings["only_mutate"] for path in ROOT.glob(pattern) if path.suffix == ".py")


def _names() -> list[str]:
    from mutmut.mutation.file_mutation import mutate_file_contents

    found = []
    for path in _mutated():
        place = path.relative_to(ROOT)
        module = ".".join(place.with_suffix("").parts).removesuffix(".__init__")
        found += [f"{module}.{name}" for name in mutate_file_contents(str(place), path.read_text("utf-8")).mutant_names]
    return found


def _exit_codes(folder: Path) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for path in _mutated():
        meta = folder / "mutants" / f"{path.relative_to(ROOT)}.meta"
        found |= json.loads(meta.read_text("utf-8"))["exit_code_by_key"] if meta.exists() else {}
    return found


def told(folder: Path, names: Iterable[str]) -> list[str]:
    """Say what mutants change: the function, and its line before and after; mutmut's own numbers do not last."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    found = []
    for name in names:
        module, _, function = name.rpartition(".")
        path = Path(*module.split("."))
        path = path / "__init__.py" if (ROOT / path).is_dir() else path.with_suffix(".py")
        with chdir(folder):
            lines = get_diff_for_mutant(name, path=path).splitlines()[2:]
        was, became = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
        where = re.sub(r"__mutmut_\d+$", "", function).removeprefix("x_")
        found.append(f"{module.removeprefix('iif_reckoner.')}.{where}: {was} -> {became}")
    return found


def main() -> int:
    """Return 1 where a survivor is not listed, or too many survive."""
    parser = argparse.ArgumentParser(prog="python -m tests.trust.mutants", description=__doc__)
    parser.add_argument("--sample", type=int, help="so many of the code and of the formulas; left out: all")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    found = of_code(given.sample, given.seed) + of_formulas(given.sample, given.seed)
    print(f"{found.killed:,} of {found.tried:,} mutants killed ({found.killed / found.tried:.1%})")
    unlisted = [mutant for mutant in found.survivors if mutant not in expected()]
    for mutant in unlisted:
        print(f"    survives and is not listed: {mutant}")
    return int(bool(unlisted) or found.killed < NEEDED * found.tried)


if __name__ == "__main__":
    sys.exit(main())

"""The folder that a Windows laptop is set up from; `python -m iif_reckoner.release.bundle` makes one for each Python.

Each holds the installer, the workbooks, and `wheels-3.12` (or another version): our wheel, every wheel that it needs on
Windows x64, and a `requirements.txt` with their hashes; what only the best plan and printing need lies in `optional`.
uv works out the versions, as pip judges by the machine it runs on whether Windows needs a package; pip fetches them.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from iif_reckoner.doctor.python import PACKAGE, VERSIONS
from iif_reckoner.windows.setup import WORKBOOK

ROOT = Path(__file__).resolve().parents[2]

EXTRAS: Final = ("plan", "pdf")
"""What the folder `optional` is for."""

LARGEST: Final = 130_000_000
"""Bytes that a bundle may have."""

INSTALLER: Final = ("install.cmd", "install.ps1")
WORKBOOKS: Final = (WORKBOOK, "IIF_Ready_Reckoner.xlsx")


@dataclass(frozen=True, slots=True)
class Target:
    """A kind of computer: its Python, what uv and pip call its system, and which packages it must have."""

    python: str
    uv_platform: str
    pip_platforms: tuple[str, ...]
    needs: tuple[str, ...] = ()


def windows(python: str) -> Target:
    """Return Windows x64 with this Python; without pywin32 xlwings does nothing there."""
    return Target(python, "x86_64-pc-windows-msvc", ("win_amd64",), ("pywin32", "xlwings"))


def resolve(target: Target, extras: Sequence[str], constraints: Path | None = None) -> str:
    """Return a list of every package of a target with version and hashes, as `pip --require-hashes` reads it."""
    options = [f"--extra={extra}" for extra in extras]
    if constraints is not None:
        options.append(f"--constraints={constraints}")
    done = subprocess.run(  # noqa: S603 (uv)
        [
            *(sys.executable, "-m", "uv", "pip", "compile", "--quiet", str(ROOT / "pyproject.toml")),
            *(f"--python-version={target.python}", f"--python-platform={target.uv_platform}"),
            *("--generate-hashes", "--only-binary=:all:", "--no-header", "--no-annotate", *options),
        ],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


_NAMED = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)


def names(listed: str) -> list[str]:
    r"""Return the names of the packages of such a list.

    >>> names("numpy==2.4.6 \\\n    --hash=sha256:ab\nxlwings==0.37.8\n")
    ['numpy', 'xlwings']
    """
    return _NAMED.findall(listed)


def without(listed: str, left_out: Sequence[str]) -> str:
    r"""Return the list without some packages.

    >>> without("numpy==2.4.6 \\\n    --hash=sha256:ab\nscipy==1.18 \\\n    --hash=sha256:cd\n", ["numpy"])
    'scipy==1.18 \\\n    --hash=sha256:cd\n'
    """
    return "".join(entry for entry in _entries(listed) if _NAMED.findall(entry)[0] not in left_out)


def _entries(listed: str) -> Iterator[str]:
    starts = [found.start() for found in _NAMED.finditer(listed)]
    for start, end in zip(starts, [*starts[1:], len(listed)], strict=True):
        yield listed[start:end]


def check(target: Target, listed: str) -> None:
    """Raise ValueError where a package is missing that the target cannot do without."""
    if lacking := [name for name in target.needs if name not in names(listed)]:
        raise ValueError(f"Python {target.python}: the list of wheels lacks {', '.join(lacking)}")


def fetch(target: Target, listed: str, folder: Path) -> None:
    """Put the wheels of a list into a folder, each checked by its hash, and the list beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    requirements = folder / "requirements.txt"
    requirements.write_text(listed, encoding="utf-8")
    platforms = [f"--platform={name}" for name in target.pip_platforms]
    subprocess.run(  # noqa: S603 (pip)
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"),
            *("--require-hashes", "--only-binary=:all:", f"--python-version={target.python}", *platforms),
            *(f"--requirement={requirements}", f"--dest={folder}"),
        ],
        check=True,
    )


def build_wheel(folder: Path) -> Path:
    """Put our own wheel into a folder."""
    with TemporaryDirectory() as made:
        subprocess.run(  # noqa: S603 (pip)
            [
                *(sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"),
                *(f"--wheel-dir={made}", str(ROOT)),
            ],
            check=True,
        )
        (wheel,) = Path(made).glob("*.whl")
        return Path(shutil.copy(wheel, folder))


def own_entry(wheel: Path) -> str:
    """Return the line of a list that names our own wheel."""
    version = wheel.name.split("-")[1]
    return f"{PACKAGE}=={version} \\\n    --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


def wheelhouse(target: Target, folder: Path, wheel: Path) -> None:
    """Fill a folder with all wheels of a target: ours, what it needs, and in `optional` what the extras add.

    Raises:
        ValueError: what the target cannot do without is not among them.
    """
    base = resolve(target, ())
    check(target, base)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "constraints.txt").write_text(base, encoding="utf-8")
    more = without(resolve(target, EXTRAS, folder / "constraints.txt"), names(base))
    (folder / "constraints.txt").unlink()
    fetch(target, base, folder)
    shutil.copy(wheel, folder)
    (folder / "requirements.txt").write_text(own_entry(wheel) + base, encoding="utf-8")
    fetch(target, more, folder / "optional")


def bundle(target: Target, folder: Path, wheel: Path) -> int:
    """Make the whole folder for a Windows laptop; return its size in bytes.

    Raises:
        ValueError: a package is missing, or the folder is too large.
    """
    shutil.rmtree(folder, ignore_errors=True)
    wheelhouse(target, folder / f"wheels-{target.python}", wheel)
    for name in INSTALLER:
        (folder / name).write_bytes(files("iif_reckoner.windows").joinpath(name).read_bytes())
    for name in WORKBOOKS:
        shutil.copy(ROOT / "workbook" / name, folder)
    shutil.copy(ROOT / "docs" / "install.md", folder)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    if size > LARGEST:
        raise ValueError(f"{folder}: {size / 1e6:.0f} MB, more than {LARGEST / 1e6:.0f} MB")
    return size


def main() -> None:
    """Make a bundle for each Python version in `dist/windows` and say how large each is."""
    with TemporaryDirectory() as made:
        wheel = build_wheel(Path(made))
        for version in VERSIONS:
            folder = ROOT / "dist" / "windows" / f"python-{version}"
            size = bundle(windows(version), folder, wheel)
            print(f"{folder.relative_to(ROOT)}: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()

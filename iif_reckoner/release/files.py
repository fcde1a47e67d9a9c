"""The files that go beside the bundles of a release: archives, bills of materials, sums."""

import hashlib
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

ROOT = Path(__file__).resolve().parents[2]
SUMS: Final = "SHA256SUMS"

CYCLONEDX: Final = "cyclonedx-bom==7.5.0"
"""Run in an environment of its own: it brings lxml, with which openpyxl writes workbooks of other bytes."""

_EPOCH = (1980, 1, 1, 0, 0, 0)


def zipped(folder: Path, target: Path) -> None:
    """Put a folder into a zip; equal folders give equal bytes."""
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = (Path(folder.name) / path.relative_to(folder)).as_posix()
            # A wheel is packed already.
            kind = zipfile.ZIP_STORED if path.suffix == ".whl" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), path.read_bytes(), compress_type=kind)


def bill_of_materials(lists: Sequence[Path], target: Path) -> None:
    """Write a CycloneDX bill of materials of what lists of requirements name."""
    together = target.with_suffix(".txt")
    together.write_text("".join(path.read_text("utf-8") for path in lists), encoding="utf-8")
    subprocess.run(  # noqa: S603 (cyclonedx-py)
        [
            *(sys.executable, "-m", "uv", "tool", "run", "--quiet", "--from", CYCLONEDX, "cyclonedx-py"),
            *("requirements", "--output-reproducible", "--of", "JSON"),
            *("--pyproject", str(ROOT / "pyproject.toml"), "-o", str(target), str(together)),
        ],
        check=True,
    )
    together.unlink()


def sums(folder: Path) -> str:
    """Return name and SHA-256 of each file in a folder, as `sha256sum --check` reads them."""
    paths = sorted(path for path in folder.iterdir() if path.is_file() and path.name != SUMS)
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in paths)

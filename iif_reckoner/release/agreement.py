"""Whether the sources are ready to be released: the change log, and one version of xlwings everywhere."""

import re
import tomllib
import zipfile
from importlib.metadata import version
from pathlib import Path

from pyopenvba.cfb import CFB
from pyopenvba.vba import decompress

from iif_reckoner import __version__, vba
from iif_reckoner.vba import build, stock

ROOT = Path(__file__).resolve().parents[2]
_ANNOUNCED = re.compile(r"\d{4}-\d\d-\d\d")


def check_sources() -> None:
    """Raise ValueError where the sources are not ready to be released."""
    change_log((ROOT / "CHANGELOG.md").read_text("utf-8"), __version__)
    agree(xlwings_versions())
    if build.build(vba.SHEET_CODE_NAMES) != vba.project():
        raise ValueError("vbaProject.bin is not made of these sources; run python -m iif_reckoner.vba.build")


def change_log(text: str, of: str) -> str:
    r"""Return the entry of a version.

    Raises:
        ValueError: there is none, or it has no date.

    >>> change_log("# Change log\n\n## 1.1.0, 2026-12-01\n\n- New.\n\n## 1.0.0, 2026-01-01\n\n- Old.\n", "1.1.0")
    '- New.\n'
    """
    found = re.search(rf"^## {re.escape(of)}, (.*)\n\n((?:(?!## ).*\n)*)", text, re.MULTILINE)
    if found is None or not found[2].strip():
        raise ValueError(f"CHANGELOG.md: there is no entry '## {of}, YYYY-MM-DD'")
    if not _ANNOUNCED.fullmatch(found[1]):
        raise ValueError(f"CHANGELOG.md: {of} is '{found[1]}'; write the day of the release there (2026-12-01)")
    return found[2].strip() + "\n"


def xlwings_versions() -> dict[str, str]:
    """Return which xlwings each place names: pyproject, this environment, the VBA's own constant and its DLLs."""
    requirements = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    (pinned,) = [name.partition("==")[2] for name in requirements if name.startswith("xlwings==")]
    return {"pyproject.toml": pinned, "installed": version("xlwings"), **named_by_vba(vba.project())}


def named_by_vba(project: bytes) -> dict[str, str]:
    """Return the version in the constant of the module `xlwings` of a VBA project, and those in its DLLs' names."""
    stream = CFB.from_bytes(project).get_stream_in_storage("VBA", "xlwings")
    # Without compiled code the text begins at once.
    text = decompress(stream).decode("cp1252")
    dlls = sorted(set(re.findall(r'"xlwings(?:32|64)-([\d.]+)\.dll"', text)))
    constants = re.findall(r'XLWINGS_VERSION As String = "(.*?)"', text)
    return {"XLWINGS_VERSION": ", ".join(constants), "DLLs of the VBA": ", ".join(dlls)}


def agree(versions: dict[str, str]) -> None:
    """Raise ValueError where two places name different versions.

    >>> agree({"installed": "0.37.8", "XLWINGS_VERSION": "0.37.7"})
    Traceback (most recent call last):
    ...
    ValueError: xlwings: installed 0.37.8, XLWINGS_VERSION 0.37.7; run python -m iif_reckoner.vba.build
    """
    if len(set(versions.values())) > 1:
        each = ", ".join(f"{place} {named}" for place, named in versions.items())
        raise ValueError(f"xlwings: {each}; run python -m iif_reckoner.vba.build")


def check_dlls(folder: Path) -> None:
    """Raise ValueError where the wheel of xlwings for Windows does not hold the DLLs that the VBA loads."""
    (wheel,) = folder.glob("xlwings-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = {Path(name).name for name in archive.namelist()}
    for bits in (32, 64):
        if (name := f"xlwings{bits}-{stock.xlwings_version()}.dll") not in held:
            raise ValueError(f"{wheel.name}: holds no {name}, which the workbook's VBA loads")

"""Everything that a release consists of, in `dist/release`: `python -m iif_reckoner.release`.

Our wheel, the workbooks, a zip for each Python on Windows with its bill of materials, the entry of the change log, the
sums of all files, and the list of what a person must look at in Excel. It fails before anything is built where that
entry is missing, or where pyproject, the installed xlwings and the VBA do not name the same version of xlwings.
"""

import shutil
import sys
from pathlib import Path

from iif_reckoner import __version__
from iif_reckoner.build import shipped
from iif_reckoner.doctor.python import VERSIONS
from iif_reckoner.release import bundle
from iif_reckoner.release.agreement import change_log, check_dlls, check_sources
from iif_reckoner.release.files import SUMS, bill_of_materials, sums, zipped

ROOT = Path(__file__).resolve().parents[2]


def release(folder: Path) -> None:
    """Make every file of a release anew.

    Raises:
        ValueError: the sources are not ready, or what was built does not fit together.
    """
    check_sources()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shipped.main()
    wheel = bundle.build_wheel(folder)
    for name in bundle.WORKBOOKS:
        shutil.copy(ROOT / "workbook" / name, folder)
    for python in VERSIONS:
        made = folder / f"IIF-Ready-Reckoner-{__version__}-windows-python-{python}"
        size = bundle.bundle(bundle.windows(python), made, wheel)
        print(f"{made.name}: {size / 1e6:.1f} MB")
        wheels = made / f"wheels-{python}"
        check_dlls(wheels)
        lists = [wheels / "requirements.txt", wheels / "optional" / "requirements.txt"]
        bill_of_materials(lists, folder / f"{made.name}.cdx.json")
        zipped(made, folder / f"{made.name}.zip")
        shutil.rmtree(made)
    log = change_log((ROOT / "CHANGELOG.md").read_text("utf-8"), __version__)
    (folder / "changes.md").write_text(log, encoding="utf-8")
    shutil.copy(ROOT / "docs" / "release.md", folder)
    (folder / SUMS).write_text(sums(folder), encoding="utf-8")


def main() -> int:
    """Make the release; where the sources are not ready, say why in one line."""
    folder = ROOT / "dist" / "release"
    try:
        release(folder)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{folder}: {len(list(folder.iterdir()))} files; now docs/release.md, by a person with Excel")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The rulesets are found from a wheel, from an editable install and from a bare checkout alike."""

import os
import subprocess
import sys
import zipfile

from iif_reckoner import rulesets
from tests.conftest import ROOT

CODE = "from iif_reckoner import rulesets; print(rulesets.FOLDER); print(rulesets.ids()); rulesets.load_all()"


def ids_seen(path, cwd):
    found = subprocess.run(
        [sys.executable, "-c", CODE],
        capture_output=True,
        text=True,
        check=True,
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(path)},
    )
    folder, names = found.stdout.splitlines()
    return folder, names


def test_from_a_wheel(tmp_path):
    command = [sys.executable, "-m", "pip", "wheel", str(ROOT), "--no-deps", "--quiet", "--wheel-dir", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
        names = archive.namelist()
    folder, seen = ids_seen(tmp_path / "site", tmp_path)
    assert folder == str(tmp_path / "site" / "iif_reckoner" / "ruleset_files")
    assert seen == str(rulesets.ids())
    assert "iif_reckoner/vba/vbaProject.bin" in names


def test_from_a_checkout(tmp_path):
    folder, seen = ids_seen(ROOT, tmp_path)
    assert folder == str(ROOT / "rulesets")
    assert seen == str(rulesets.ids())

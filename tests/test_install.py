"""The rulesets are found from a wheel, from an editable install and from a bare checkout alike."""

import os
import subprocess
import sys
import sysconfig
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
    assert {"iif_reckoner/windows/install.ps1", "iif_reckoner/windows/install.cmd"} <= set(names)


def test_from_an_editable_install(tmp_path):
    # What `pip install --editable` leaves behind: a .pth file that names the checkout, in a virtual environment.
    command = [sys.executable, "-m", "venv", "--without-pip", "--system-site-packages", str(tmp_path / "venv")]
    subprocess.run(command, check=True, capture_output=True)
    (site,) = (tmp_path / "venv").glob("[Ll]ib/**/site-packages")
    (site / "iif_reckoner.pth").write_text(f"{ROOT}\n{sysconfig.get_path('purelib')}\n", "utf-8")
    scripts = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    found = subprocess.run(
        [scripts / "python", "-c", CODE],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
    )
    assert found.stdout.splitlines() == [str(ROOT / "rulesets"), str(rulesets.ids())]


def test_from_a_checkout(tmp_path):
    folder, seen = ids_seen(ROOT, tmp_path)
    assert folder == str(ROOT / "rulesets")
    assert seen == str(rulesets.ids())

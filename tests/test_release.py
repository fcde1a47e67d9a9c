"""What is released: the plan of the Windows wheels, one version of xlwings everywhere, the change log, the sums."""

import hashlib
import os
import re
import subprocess
import zipfile
from importlib.metadata import requires
from types import SimpleNamespace

import pytest
from pyopenvba.cfb import CFB
from pyopenvba.vba import compress, decompress

from iif_reckoner import __version__, vba
from iif_reckoner.doctor.python import VERSIONS
from iif_reckoner.release import agreement, bundle, files
from iif_reckoner.vba import stock
from tests.conftest import ROOT

LISTED = "".join(
    f"{name}==1.0 \\\n    --hash=sha256:{'0' * 64} \\\n    --hash=sha256:{'1' * 64}\n"
    for name in ("colorama", "numpy", "pywin32", "tzdata", "xlwings")
)


# --- The plan of the wheels


def test_there_is_a_bundle_for_every_python_that_the_doctor_takes():
    assert VERSIONS == ("3.11", "3.12", "3.13")
    assert {bundle.windows(version).pip_platforms for version in VERSIONS} == {("win_amd64",)}


def test_what_xlwings_needs_on_windows_alone_is_asked_for_by_name():
    """pip on Linux leaves it out without a word."""
    only_there = [text for text in requires("xlwings") if "Windows" in text or "win32" in text]
    assert [re.match(r"[\w-]+", text)[0] for text in only_there if "extra" not in text] == ["pywin32"]
    assert "pywin32" in bundle.windows("3.12").needs


def test_a_list_without_pywin32_is_refused():
    bundle.check(bundle.windows("3.12"), LISTED)
    with pytest.raises(ValueError, match=r"Python 3\.12: the list of wheels lacks pywin32"):
        bundle.check(bundle.windows("3.12"), bundle.without(LISTED, ["pywin32"]))


def test_optional_wheels_are_those_that_the_others_are_not():
    left = bundle.without(LISTED, ["numpy", "xlwings"])
    assert bundle.names(left) == ["colorama", "pywin32", "tzdata"]
    assert left.count("--hash") == 6
    assert bundle.without(left, []) == left


def test_the_extras_of_the_bundle_are_those_of_the_project():
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    for extra in bundle.EXTRAS:
        assert re.search(rf"(?m)^{extra} = \[", text)


@pytest.fixture
def network(monkeypatch):
    """uv and pip as they would answer; `ran` is what was asked of them, `lists` what uv says without its extras."""
    seen = SimpleNamespace(ran=[], lists=LISTED)

    def run(words, **_):
        seen.ran.append(words)
        more = f"scipy==1.0 \\\n    --hash=sha256:{'2' * 64}\n" if "--extra=plan" in words else ""
        return subprocess.CompletedProcess(words, 0, seen.lists + more, "")

    monkeypatch.setattr(bundle.subprocess, "run", run)
    return seen


@pytest.fixture
def wheel(tmp_path):
    path = tmp_path / f"iif_reckoner-{__version__}-py3-none-any.whl"
    path.write_bytes(b"ours")
    return path


def test_a_wheelhouse_is_resolved_for_windows_and_fetched_by_hash(network, wheel, tmp_path):
    folder = tmp_path / "wheels-3.12"
    bundle.wheelhouse(bundle.windows("3.12"), folder, wheel)
    resolved = [words for words in network.ran if "uv" in words]
    fetched = [words for words in network.ran if "download" in words]
    assert [len(resolved), len(fetched)] == [2, 2]
    for words in resolved:
        assert {"--python-platform=x86_64-pc-windows-msvc", "--python-version=3.12", "--generate-hashes"} <= set(words)
    for words in fetched:
        assert {"--platform=win_amd64", "--python-version=3.12", "--require-hashes", "--no-deps"} <= set(words)
        assert "--only-binary=:all:" in words
    listed = (folder / "requirements.txt").read_text("utf-8")
    digest = hashlib.sha256(b"ours").hexdigest()
    assert listed == f"iif-reckoner=={__version__} \\\n    --hash=sha256:{digest}\n{LISTED}"
    assert bundle.names((folder / "optional" / "requirements.txt").read_text("utf-8")) == ["scipy"]
    assert sorted(path.name for path in folder.iterdir()) == [wheel.name, "optional", "requirements.txt"]


def test_a_wheelhouse_without_pywin32_is_not_made(network, wheel, tmp_path):
    network.lists = bundle.without(LISTED, ["pywin32"])
    with pytest.raises(ValueError, match="lacks pywin32"):
        bundle.wheelhouse(bundle.windows("3.12"), tmp_path / "wheels-3.12", wheel)
    assert not (tmp_path / "wheels-3.12").exists()


def test_a_bundle_holds_what_the_installer_looks_for_and_is_not_too_large(network, wheel, tmp_path, monkeypatch):
    folder = tmp_path / "bundle"
    size = bundle.bundle(bundle.windows("3.12"), folder, wheel)
    held = [
        "IIF_Ready_Reckoner.xlsm",
        "IIF_Ready_Reckoner.xlsx",
        "install.cmd",
        "install.md",
        "install.ps1",
        "wheels-3.12",
    ]
    assert sorted(path.name for path in folder.iterdir()) == held
    script = (folder / "install.ps1").read_text("ascii")
    assert all(name in script for name in ("IIF_Ready_Reckoner.xlsx", "wheels-", "requirements.txt", "optional"))
    monkeypatch.setattr(bundle, "LARGEST", size - 1)
    with pytest.raises(ValueError, match="MB, more than"):
        bundle.bundle(bundle.windows("3.12"), folder, wheel)


# --- One version of xlwings


def test_pyproject_the_installed_package_and_the_macros_name_one_xlwings():
    versions = agreement.xlwings_versions()
    assert list(versions) == ["pyproject.toml", "installed", "XLWINGS_VERSION", "DLLs of the VBA"]
    assert set(versions.values()) == {stock.xlwings_version()}
    agreement.agree(versions)


def changed(old, new):
    file = CFB.from_bytes(vba.project())
    text = decompress(file.get_stream_in_storage("VBA", "xlwings"))
    assert old in text
    file.write_stream_in_storage("VBA", "xlwings", compress(text.replace(old, new)))
    return file.to_bytes()


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (f'XLWINGS_VERSION As String = "{stock.xlwings_version()}"', 'XLWINGS_VERSION As String = "0.37.9"', "XLWINGS_VERSION 0.37.9"),
        (f"xlwings64-{stock.xlwings_version()}.dll", "xlwings64-0.37.9.dll", f"DLLs of the VBA {stock.xlwings_version()}, 0.37.9"),
    ],
)  # fmt: skip
def test_a_bump_without_a_new_project_is_refused(old, new, place):
    named = agreement.named_by_vba(changed(old.encode(), new.encode()))
    with pytest.raises(ValueError, match=re.escape(place)):
        agreement.agree({"pyproject.toml": stock.xlwings_version(), **named})


def test_the_wheel_for_windows_must_hold_the_dlls_that_the_macros_load(tmp_path):
    version = stock.xlwings_version()
    wheel = tmp_path / f"xlwings-{version}-cp312-cp312-win_amd64.whl"
    for held, refused in (((64, 32), False), ((64,), True)):
        with zipfile.ZipFile(wheel, "w") as archive:
            for bits in held:
                archive.writestr(f"xlwings-{version}.data/data/xlwings{bits}-{version}.dll", b"MZ")
        if refused:
            with pytest.raises(ValueError, match=f"holds no xlwings32-{version}.dll"):
                agreement.check_dlls(tmp_path)
        else:
            agreement.check_dlls(tmp_path)


# --- The change log


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# Change log\n", "there is no entry '## 1.0.0, YYYY-MM-DD'"),
        ("## 1.0.0, not released\n\n- New.\n", "1.0.0 is 'not released'; write the day"),
        ("## 1.0.0, 2026-12-01\n\n\n", "there is no entry"),
        ("## 1.0.01, 2026-12-01\n\n- New.\n", "there is no entry"),
    ],
)
def test_a_release_without_its_entry_is_refused(text, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        agreement.change_log(text, "1.0.0")


def test_the_change_log_has_an_entry_of_this_version():
    """Its date is written on the day of the release; until then `make release` says so."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"\n## {__version__}, " in text
    dated = text.replace(f"## {__version__}, not released", f"## {__version__}, 2026-12-01")
    assert agreement.change_log(dated, __version__).startswith("- ")


# --- The files beside


def test_equal_folders_make_equal_archives_and_the_sums_tell(tmp_path):
    for name in ("one", "two"):
        folder = tmp_path / name / "bundle"
        (folder / "sub").mkdir(parents=True)
        (folder / "b.whl").write_bytes(b"packed")
        (folder / "sub" / "a.txt").write_text(name if name == "two" else "one")
        os.utime(folder / "b.whl", (1, 1))
        files.zipped(folder, tmp_path / f"{name}.zip")
    (tmp_path / "two" / "bundle" / "sub" / "a.txt").write_text("one")
    files.zipped(tmp_path / "two" / "bundle", tmp_path / "same.zip")
    one, two, same = ((tmp_path / f"{name}.zip").read_bytes() for name in ("one", "two", "same"))
    assert one == same != two
    assert zipfile.ZipFile(tmp_path / "one.zip").namelist() == ["bundle/b.whl", "bundle/sub/a.txt"]
    said = dict(reversed(line.split("  ")) for line in files.sums(tmp_path).splitlines())
    assert said["one.zip"] == said["same.zip"] == hashlib.sha256(one).hexdigest()
    assert said["two.zip"] != said["one.zip"]


# --- What only a person can see


def test_the_list_for_a_person_asks_for_everything_that_no_test_can_show():
    text = (ROOT / "docs" / "release.md").read_text("utf-8")
    for word in ("repair prompt", "Compile", "Enable Content", "IIF_BENCH", "install.cmd", "Start the IIF engine",
                 "IIF doctor", "-Remove", "OneDrive", "Microsoft Store", "Task Manager", "Defender", "excel-check.md"):  # fmt: skip
        assert word in text, word

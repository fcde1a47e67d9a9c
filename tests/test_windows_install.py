"""The installer: its script run by a stand-in for PowerShell on a laptop in a folder, its steps in Python for real."""

import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from iif_reckoner import __version__
from iif_reckoner.doctor.book import configuration
from iif_reckoner.doctor.defender import CHILD_PROCESSES
from iif_reckoner.package import Package
from iif_reckoner.vba import config
from iif_reckoner.windows import setup, shortcuts, window
from tests.conftest import ROOT
from tests.windows_doubles import recorded
from tests.windows_doubles.laptop import BOOK, BUNDLE, DOCUMENTS, OWN, PROGRAMS, SOURCE, USER, Shell, Windows
from tests.windows_doubles.powershell import parsed
from tests.windows_doubles.recorded import Recorded

# --- The steps in Python


@pytest.fixture
def laptop(tmp_path):
    for name in ("Documents", "Programs", "home", "packages", "bundle"):
        (tmp_path / "Zoë's & Söhne" / name).mkdir(parents=True)
    at = tmp_path / "Zoë's & Söhne"
    (at / "bundle" / setup.WORKBOOK).write_bytes((ROOT / "workbook" / setup.WORKBOOK).read_bytes())
    return setup.Laptop(
        documents=at / "Documents", programs=at / "Programs", home=at / "home", packages=at / "packages"
    )


def installed(laptop, machine=None):
    return setup.install(laptop.home.parent / "bundle", laptop, machine or Recorded(), Shell())


def everything(laptop):
    at = laptop.home.parent
    return sorted(str(path.relative_to(at)) for path in at.rglob("*") if path.is_file() and "bundle" not in path.parts)


def test_installing_puts_five_things_in_place_and_removing_takes_four_away(laptop):
    installed(laptop)
    assert everything(laptop) == [
        "Documents/IIF Ready Reckoner.xlsm",
        "Programs/IIF Ready Reckoner/IIF Ready Reckoner.lnk",
        "Programs/IIF Ready Reckoner/IIF doctor.lnk",
        "Programs/IIF Ready Reckoner/Start the IIF engine.lnk",
        "home/.xlwings/xlwings.conf",
        "packages/iif_own_folder.pth",
    ]
    said = setup.remove(laptop, Recorded())
    assert everything(laptop) == ["Documents/IIF Ready Reckoner.xlsm", "packages/iif_own_folder.pth"]
    assert not laptop.menu.exists()
    assert not (laptop.home / ".xlwings").exists()
    assert said[-1] == f"Your workbooks stay in {laptop.documents}: IIF Ready Reckoner.xlsm"


def test_the_workbook_names_this_python_and_the_way_that_is_needed(laptop):
    installed(laptop)
    book = laptop.documents / "IIF Ready Reckoner.xlsm"
    assert configuration(Package.open(book)) == dict(config.config_rows())
    book.unlink()
    machine = Recorded(interpreter=rf"{USER}\IIF\python\Scripts\python.exe")
    machine.values[recorded.RULES, CHILD_PROCESSES] = 1
    assert any("Start the IIF engine" in line for line in installed(laptop, machine))
    expected = config.config_rows(config.Way.user, r"%USERPROFILE%\IIF\python\Scripts\pythonw.exe")
    assert configuration(Package.open(book)) == dict(expected)


def test_a_workbook_of_the_user_is_never_overwritten(laptop):
    mine = laptop.documents / "IIF Ready Reckoner.xlsm"
    mine.write_bytes(b"a year of work")
    installed(laptop)
    fresh = laptop.documents / f"IIF Ready Reckoner {__version__}.xlsm"
    assert (mine.read_bytes(), fresh.is_file()) == (b"a year of work", True)
    assert any("there already" in line for line in installed(laptop))
    fresh.write_bytes(b"another year")
    assert any("is yours and stays as it is" in line for line in installed(laptop))
    assert (mine.read_bytes(), fresh.read_bytes()) == (b"a year of work", b"another year")


def test_a_configuration_that_was_there_stays(laptop):
    own = laptop.user_configuration
    own.parent.mkdir()
    own.write_text('"INTERPRETER_WIN","C:\\Work\\python.exe"\n')
    installed(laptop)
    setup.remove(laptop, Recorded())
    assert "Work" in own.read_text()


def test_the_entries_start_this_python_and_quote_the_workbook(laptop):
    found = {one.name: one for one in shortcuts.entries(rf"{recorded.SCRIPTS}\python.exe", Path(BOOK))}
    assert tuple(found) == shortcuts.NAMES
    assert found["IIF Ready Reckoner"].target == BOOK
    assert found["Start the IIF engine"].target == rf"{recorded.SCRIPTS}\python.exe"
    assert found["IIF doctor"].arguments == f'-P -m iif_reckoner.windows.window doctor "{BOOK}"'
    for entry in found.values():
        for module in re.findall(r"-m (\S+)", entry.arguments):
            assert (ROOT / (module.replace(".", "/") + ".py")).is_file()


def test_the_window_stays_until_it_was_read(monkeypatch):
    asked, ran = [], []

    def run(words, **_):
        ran.append(words)
        return SimpleNamespace(returncode=14)

    monkeypatch.setattr(window.subprocess, "run", run)
    assert window.main(["doctor", BOOK], asked.append) == 14
    assert ran == [[sys.executable, "-P", "-m", "iif_reckoner", "doctor", BOOK]]
    assert len(asked) == 1


def test_the_engine_looks_for_modules_in_its_own_folder_and_other_pythons_do_not_move(tmp_path):
    """The line that Python runs as it starts, in a real environment; a `json.py` lies in the current folder."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "venv")], check=True)
    (site,) = (tmp_path / "venv").glob("[Ll]ib/**/site-packages")
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "json.py").write_text("raise SystemExit('a stranger was run')")
    (site / "xlwings.py").write_text("def serve(clsid): import json, os; print(os.getcwd(), 'dumps' in dir(json))")
    python = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    serve = [str(python), "-B", "-c", "import sys, os; import xlwings; xlwings.serve('{1}')"]

    def run(command):
        return subprocess.run(command, cwd=tmp_path / "work", capture_output=True, text=True, check=False)

    assert "a stranger was run" in run(serve).stderr
    (site / setup._OWN_FOLDER).write_text(setup._CHANGE_FOLDER)
    assert run(serve).stdout.split() == [str(tmp_path / "venv"), "True"]
    assert run([str(python), "-c", "import os; print(os.getcwd())"]).stdout.strip() == str(tmp_path / "work")


# --- The script: its text


def commands(tree):
    found = []

    def walk(node):
        if node.type == "command":
            found.append(node)
        for child in node.children:
            walk(child)

    walk(tree.root_node)
    return found


def test_the_script_parses_is_ascii_and_names_every_parameter():
    """No PowerShell and no PSScriptAnalyzer can be had here: a grammar stands in for the one, rules for the other."""
    SOURCE.decode("ascii")
    tree = parsed(SOURCE)
    assert not tree.root_node.has_error
    functions = set(re.findall(r"(?m)^function (\S+)", SOURCE.decode()))
    approved = {"Assert", "Copy", "Exit", "Find", "Get", "Install", "Invoke", "Show", "Uninstall"}
    assert {name.partition("-")[0] for name in functions} == approved
    for node in commands(tree):
        first = node.named_children[0]
        if first.type == "command_invokation_operator":
            continue
        name = first.text.decode()
        assert name in functions | CMDLETS, name
        words = [child for part in node.named_children[1:] for child in part.named_children]
        words = [word for word in words if word.type != "command_argument_sep"]
        for before, word in zip([None, *words], words, strict=False):
            assert word.type == "command_parameter" or (before and before.type == "command_parameter"), node.text


CMDLETS = {
    "Copy-Item", "Get-ChildItem", "Get-Command", "Get-Process", "Join-Path", "Move-Item", "New-Item", "Out-Null",
    "Read-Host", "Remove-Item", "Select-Object", "Set-StrictMode", "Sort-Object", "Split-Path", "Stop-Process",
    "Test-Path", "Unblock-File", "Wait-Process", "Where-Object", "Write-Information",
}  # fmt: skip
"""Everything that the script uses: nothing that downloads, asks for an administrator or touches the registry."""


def test_paths_are_taken_as_they_are_and_never_as_patterns():
    """A user's folder may be called [Surgery]: -Path would read the brackets."""
    for node in commands(parsed(SOURCE)):
        text = node.text.decode()
        if re.match(r"(Test-Path|Remove-Item|Move-Item|Copy-Item|Unblock-File -|Get-ChildItem)", text):
            assert "-LiteralPath" in text, text


def test_every_line_of_the_starter_is_a_windows_line_and_quotes_its_own_folder():
    text = (ROOT / "iif_reckoner" / "windows" / "install.cmd").read_bytes()
    assert text.count(b"\n") == text.count(b"\r\n") > 3
    assert b'-File "%~dp0install.ps1" %*' in text


# --- The script: what it does


@pytest.fixture
def windows(tmp_path):
    return Windows(tmp_path)


def test_installing_end_to_end(windows):
    assert windows.script.run() == 0
    python = rf"{OWN}\python\Scripts\python.exe"
    assert windows.there(python)
    assert windows.there(BOOK)
    assert windows.there(rf"{PROGRAMS}\IIF Ready Reckoner\IIF doctor.lnk")
    assert windows.ran[0] == ["-3.12", "-m", "venv", rf"{OWN}\python"]
    for words, wheels in zip(windows.ran[1:3], (windows.wheels, rf"{windows.wheels}\optional"), strict=True):
        assert words[:3] == ["-m", "pip", "install"]
        assert {"--isolated", "--no-index", "--require-hashes"} <= set(words)
        assert words[words.index("--find-links") + 1] == wheels
        assert words[-2:] == ["--requirement", rf"{wheels}\requirements.txt"]
    assert BOOK in windows.laptop.unblocked
    assert rf"{BUNDLE}\IIF_Ready_Reckoner.xlsm" in windows.laptop.unblocked
    assert windows.laptop.environment["PYTHON_MANAGER_AUTOMATIC_INSTALL"] == "false"
    assert windows.laptop.said[-1].startswith("Done.")


def test_removing_end_to_end_leaves_the_workbooks_and_nothing_else(windows):
    before = set(windows.laptop.root.rglob("*"))
    assert windows.script.run() == 0
    windows.laptop.processes = [
        SimpleNamespace(Name="pythonw", Path=rf"{OWN}\python\Scripts\pythonw.exe".upper()),
        SimpleNamespace(Name="pythonw", Path=r"C:\Python312\pythonw.exe"),
        SimpleNamespace(Name="pythonw", Path=None),
    ]
    assert windows.script.run("remove") == 0
    assert set(windows.laptop.root.rglob("*")) - before == {windows.laptop.real(BOOK)}
    assert windows.laptop.ended == [rf"{OWN}\python\Scripts\pythonw.exe".upper()]


def test_removing_works_where_the_environment_is_broken(windows):
    windows.script.run()
    windows.laptop.real(rf"{OWN}\python\Scripts\python.exe").unlink()
    windows.laptop.real(rf"{OWN}\mine.txt").write_text("of the user")
    assert windows.script.run("remove") == 0
    assert not windows.there(rf"{OWN}\python")
    assert not windows.there(rf"{PROGRAMS}\IIF Ready Reckoner")
    assert windows.there(rf"{OWN}\mine.txt")


def test_a_failed_update_brings_back_what_worked(windows):
    windows.script.run()
    windows.laptop.real(rf"{OWN}\python\Scripts\python.exe").write_text("worked")
    windows.pip_fails = True
    assert windows.script.run() == 1
    assert windows.laptop.real(rf"{OWN}\python\Scripts\python.exe").read_text() == "worked"
    assert windows.laptop.said[-1].startswith("Not done: Installing wheels-3.12 did not succeed (exit code 1)")
    assert not windows.there(rf"{OWN}\python.before")
    windows.pip_fails = False
    assert windows.script.run() == 0
    assert windows.laptop.real(rf"{OWN}\python\Scripts\python.exe").read_text() == "new"
    assert not windows.there(rf"{OWN}\python.before")


def test_an_open_excel_stops_it_before_anything_is_changed(windows):
    windows.laptop.processes = [SimpleNamespace(Name="EXCEL", Path=recorded.EXCEL)]
    assert (windows.script.run(), windows.script.run("remove")) == (1, 1)
    assert not windows.there(OWN)
    assert "Excel is open" in windows.laptop.said[-1]


@pytest.mark.parametrize("answer", ["", "3 12 False False", "3 14 True False"])
def test_without_a_python_it_names_two_ways_and_offers_the_workbook_without_macros(tmp_path, answer):
    windows = Windows(tmp_path, answer=answer)
    windows.laptop.reply = "n"
    assert windows.script.run() == 0
    assert "python.org" in windows.laptop.said[-1]
    assert "Microsoft Store" in windows.laptop.said[-1]
    assert list(windows.laptop.real(DOCUMENTS).iterdir()) == []
    windows.laptop.reply = "y"
    windows.script.run()
    copied = rf"{DOCUMENTS}\IIF Ready Reckoner without macros.xlsx"
    assert windows.there(copied)
    assert windows.laptop.unblocked == [copied]
    assert windows.ran == []
    assert windows.script.run("formulasonly") == 1
    assert "is there already and stays as it is" in windows.laptop.said[-1]


def test_a_python_of_the_store_gets_a_folder_where_excel_finds_it(tmp_path):
    windows = Windows(tmp_path, answer="3 12 True True")
    assert windows.script.run() == 0
    assert windows.there(rf"{USER}\IIF\python\Scripts\python.exe")
    assert not windows.there(OWN)
    book = configuration(Package.open(windows.laptop.real(BOOK)))
    assert book["INTERPRETER_WIN"] == r"%USERPROFILE%\IIF\python\Scripts\pythonw.exe"
    assert windows.script.run("remove") == 0
    assert not windows.there(rf"{USER}\IIF")


def test_from_the_network_the_hashes_stay(windows):
    assert windows.script.run("network") == 0
    assert "--no-index" not in windows.ran[1]
    assert "--require-hashes" in windows.ran[1]


def test_the_newest_python_that_has_wheels_is_taken(tmp_path):
    windows = Windows(tmp_path, version="3.13", answer="3 13 True False", wheels="3.13")
    windows.laptop.real(rf"{BUNDLE}\wheels-3.11").mkdir()
    assert windows.script.run() == 0
    assert windows.ran[0][0] == "-3.13"


def test_a_restricted_powershell_is_told_so(windows):
    windows.script.scopes[0]["executioncontext"].SessionState.LanguageMode = "ConstrainedLanguage"
    assert windows.script.run() == 1
    assert "PowerShell is restricted here" in windows.laptop.said[-1]

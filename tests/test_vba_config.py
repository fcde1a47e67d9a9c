"""The rows of the sheet `xlwings.conf`, read by xlwings' own VBA: what it starts, and what it never looks at."""

import os
import re
import subprocess
import sys
import venv
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import xlwings
import xlwings.utils
from pyopenvba.apps.excel import ExcelApplication, _bridge
from pyopenvba.interpreter._objects import VBAObject, method

from iif_reckoner import __version__, udfs, vba
from iif_reckoner.doctor import com
from iif_reckoner.vba import config, stock
from iif_reckoner.windows import setup
from tests.vba_doubles import project_files, tiny_book

OWN_FOLDER = r"C:\Users\u\AppData\Local"


def test_every_key_that_xlwings_looks_up_is_on_the_sheet():
    """Or it would look for the key in a file beside the workbook."""
    looked_up = set(re.findall(r'GetConfig\("(.*?)"', stock.xlwings_module()))
    rows = config.config_rows()
    assert looked_up == {key for key, _ in rows}
    assert len(dict(rows)) == len(rows)


def test_rows_are_text_without_gaps():
    for key, value in config.config_rows():
        assert key
        assert key == key.upper()
        assert isinstance(value, str)


def test_the_module_is_the_one_with_the_functions():
    assert dict(config.config_rows())["UDF MODULES"] == config.MODULE == udfs.__name__
    assert config.SHEET_NAME == "xlwings.conf"


class Shell(VBAObject):
    vba_type_name = "IWshShell3"

    @method
    def ExpandEnvironmentStrings(self, text: str) -> str:  # noqa: N802 (Windows' name)
        return str(text).replace("%LOCALAPPDATA%", OWN_FOLDER)


@pytest.fixture
def excel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> ExcelApplication:
    """xlwings' module but for what this engine does not take: comments after directives, one comparison."""
    cells: dict[str, str | None] = {}
    way = getattr(request, "param", config.Way.excel)
    for row, (key, value) in enumerate(config.config_rows(way), 1):
        cells |= {f"A{row}": key, f"B{row}": value or None}
    path = tiny_book.write(
        tmp_path / "Stranger's folder.xlsm",
        vba.project(),
        {config.SHEET_NAME: cells},
        {},
        [vba.BOOK_CODE_NAME, "Sheet1"],
    )
    (tmp_path / "xlwings.conf").write_text('"INTERPRETER_WIN","C:\\evil.exe"\n"CONDA PATH","C:\\evil"\n')
    create: Any = _bridge.ExcelBridge.create
    monkeypatch.setattr(
        _bridge.ExcelBridge, "create", lambda host, kind: Shell() if kind == "WScript.Shell" else create(host, kind)
    )
    text = project_files.sources(vba.project())["xlwings"].replace("\r\n", "\n")
    text = re.sub(r"(?m)^(\s*#(?:Const|If|ElseIf|Else|End If)\b[^'\n]*?)\s*'.*$", r"\1", text)
    assert 'GetConfig("SHOW CONSOLE", False) = True' in text
    text = text.replace('GetConfig("SHOW CONSOLE", False) = True', 'GetConfig("SHOW CONSOLE", False) = "True"')
    for function in ("FileExists", "FileExistsOnWindows", "GetConfigFromFile"):
        text, changes = re.subn(
            rf"(?m)^(Function {function}\(.*\n)", r'\1    Err.Raise 1, "test", "a file was looked for"' + "\n", text
        )
        assert changes == 1
    app = ExcelApplication.open(path, with_vba=False)
    app.add_module(text, name="xlwings")
    return app


def test_what_xlwings_starts(excel: ExcelApplication):
    command = str(excel.run("XLPyCommand"))
    assert command.startswith(
        rf'cmd.exe  /K ""{OWN_FOLDER}\IIF\python\Scripts\pythonw.exe" -B -c "import sys, os;import xlwings'
    )
    assert command.endswith("""import xlwings; xlwings.serve('$(CLSID)')\"\"""")


@pytest.mark.parametrize("excel", [config.Way.user], indirect=True)
def test_where_the_user_starts_the_engine_nothing_is_started(excel: ExcelApplication):
    """The name that xlwings' server takes when it is started without one: Excel connects to it."""
    server = files("xlwings").joinpath("com_server.py").read_text("utf-8")
    assert [str(excel.run("XLPyCommand"))] == re.findall(r'def serve\(clsid="(.*?)"\)', server) == [com.ENGINE]


def test_the_workbooks_own_folder_is_never_on_pythons_path(excel: ExcelApplication, monkeypatch: pytest.MonkeyPatch):
    prepared = re.search(r'prepare_sys_path\(\\"(.*?)\\"\)', str(excel.run("XLPyCommand"))).group(1)
    assert prepared.count("Stranger") == 2
    monkeypatch.setattr(sys, "path", ["standard library"])
    xlwings.utils.prepare_sys_path(prepared.replace("\\\\", "\\").replace("\\'", "'"))
    assert [entry.replace("\\", "/").casefold() for entry in sys.path] == [
        f"{OWN_FOLDER}/IIF/python".replace("\\", "/").casefold(),
        "standard library",
    ]


def test_without_its_row_the_folder_would_be_on_the_path(monkeypatch: pytest.MonkeyPatch):
    """That the test above can fail."""
    monkeypatch.setattr(sys, "path", [])
    xlwings.utils.prepare_sys_path(f"true;{os.sep}folder{os.sep}book.xlsm;;;;;")
    assert f"{os.sep}folder" in sys.path


PLANTED = "import sys\nsys.stdout.write(f'PLANTED {__name__}\\n')\n"
ANSWER = """
import xlwings
sys.path.append({root!r})
from tests.vba_doubles import xlwings_server
sys.stdout.write(xlwings.__file__ + '\\n' + xlwings_server.call_udf({module!r}, 'IIF_ENGINE', ()))
"""


def started(excel: ExcelApplication, folder: Path, python: Path) -> subprocess.CompletedProcess[str]:
    """Run what xlwings runs, in the workbook's folder; where it would wait for Excel it is asked for the engine."""
    program = re.search(r' -c "(.*)""', str(excel.run("XLPyCommand"))).group(1).replace('\\"', '"')
    start, found, _ = program.partition("import xlwings; xlwings.serve(")
    assert found
    ours = ANSWER.format(root=str(Path(__file__).parents[1]), module=config.MODULE)
    for name in ("xlwings", "iif_reckoner", "sitecustomize", "usercustomize", "pywintypes", "win32api"):
        (folder / f"{name}.py").write_text(PLANTED)
    return subprocess.run(
        [str(python), "-B", "-c", f"{start}\n{ours}\n# xlwings.serve"],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
    )


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """An environment that finds the packages of this one, as the installer makes it but for its own packages."""
    venv.create(tmp_path / "python", with_pip=False)
    packages = next((tmp_path / "python").glob("lib/python*/site-packages"))
    (packages / "packages.pth").write_text(f"{Path(xlwings.__file__).parents[1]}\n")
    return tmp_path / "python"


def test_what_lies_beside_the_workbook_is_never_imported(excel: ExcelApplication, tmp_path: Path, environment: Path):
    """Started in that folder, by a Python of which the installer has seen to that."""
    setup.keep_to_own_folder(next(environment.glob("lib/python*/site-packages")))
    (tmp_path / "beside").mkdir()
    done = started(excel, tmp_path / "beside", environment / "bin" / "python")
    assert "PLANTED" not in done.stdout, done.stdout
    assert done.stdout.splitlines() == [xlwings.__file__, f"Python {__version__}"], done.stderr


def test_another_python_would_import_it(excel: ExcelApplication, tmp_path: Path, environment: Path):
    """That the test above can fail, and why docs/SECURITY.md asks for the installer's Python."""
    (tmp_path / "beside").mkdir()
    done = started(excel, tmp_path / "beside", environment / "bin" / "python")
    assert "PLANTED xlwings" in done.stdout

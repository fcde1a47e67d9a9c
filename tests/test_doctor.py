"""The doctor: every check with recorded good and bad answers, the switch, the question through xlwings' own CallUDF."""

import csv
import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from iif_reckoner import __version__, doctor
from iif_reckoner.cli import app
from iif_reckoner.cli import doctor as command
from iif_reckoner.doctor import Result, com, examined
from iif_reckoner.doctor.book import Book, configuration
from iif_reckoner.doctor.defender import CHILD_PROCESSES, WIN32_CALLS
from iif_reckoner.doctor.machine import Installed, Process, ThisMachine
from iif_reckoner.errors import InputError
from iif_reckoner.package import Package, set_cells, take_out_sheet
from iif_reckoner.vba import config, stock
from iif_reckoner.vba.config import Way
from tests.conftest import ROOT
from tests.vba_doubles import xlwings_server
from tests.windows_doubles import recorded
from tests.windows_doubles.recorded import BOOK, DOCUMENTS, INSTALLED_AT, LOCAL, SCRIPTS, USER, Recorded

SHIPPED = ROOT / "workbook" / "IIF_Ready_Reckoner.xlsm"
WELL = Book(BOOK, True, dict(config.config_rows()), stock.xlwings_version())


@pytest.fixture(scope="module")
def shipped() -> Package:
    """The shipped workbook with the configuration that this version of the program writes."""
    return doctor.switched(Package.open(SHIPPED), Way.excel, config.INTERPRETER)


def looks(machine, book=WELL):
    """What needs a look, with what was found and the remedy, by check."""
    return {one.check: one for one in examined(machine, book) if one.result is Result.look}


def found(machine, check, book=WELL):
    (one,) = [one for one in examined(machine, book) if one.check == check]
    return one


# --- A laptop on which all is well


def test_nothing_stands_in_the_way_and_each_check_says_what_it_saw():
    seen = {one.check: one.found for one in examined(Recorded(), WELL)}
    assert looks(Recorded()) == {}
    assert seen["Excel"] == f"16.0.17928.20114, 64 bit, {recorded.EXCEL}"
    assert seen["Python"] == rf"3.12.4, 64 bit, {SCRIPTS}\python.exe"
    assert f"xlwings {stock.xlwings_version()}" in seen["Packages"]
    assert seen["Sheet xlwings.conf"] == rf"Excel starts Python: {SCRIPTS}\pythonw.exe"
    assert seen["Python answers"] == f"Python {__version__}, through CallUDF of xlwings"
    assert [*seen] == [
        "Excel", "Python", "Packages", "DLL", "Files that vanished", "Macros", "Defender: starting programs",
        "Defender: macros calling Windows", "xlwings of the workbook", "Sheet xlwings.conf", "Mark of the Web", "Folder",
        "Engines that run", "Python answers",
    ]  # fmt: skip


def test_whatever_needs_a_look_has_a_remedy_and_nothing_else_needs_one():
    blank = Recorded(values={}, files={}, packages={}, says=com.Unreachable("no engine runs"))
    for book in (None, WELL, replace(WELL, config=None, xlwings=None)):
        for one in examined(blank, book):
            assert one.remedy or one.result is not Result.look, one
            assert one.remedy == "" or one.result is not Result.ok, one


# --- One thing wrong at a time


BAD = {
    "no Excel": ({"values": {}}, "Excel", "no Excel for the desktop found"),
    "Python 3.10": ({"python": "3.10.9"}, "Python", "3.10.9"),
    "Python 3.14": ({"python": "3.14.0"}, "Python", "3.14.0"),
    "Python of 32 bits": ({"bits": 32}, "Python", "32 bit"),
    "no files of xlwings": ({"gone": {"xlwings": ("xlwings64.dll",)}}, "Files that vanished", "xlwings: xlwings64.dll"),
    "no answer": ({"says": com.Unreachable("Python ended at once")}, "Python answers", "Python ended at once"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_one_thing_wrong_is_one_finding(what):
    changed, check, words = BAD[what]
    wrong = looks(Recorded(**changed))
    assert list(wrong) == [check]
    assert words in wrong[check].found


@pytest.mark.parametrize(
    ("head", "words"), [(recorded.program(0x014C), "32 bit, "), (b"MZ", ""), (None, ""), (b"x" * 99, "")]
)
def test_the_bits_of_excel_come_from_its_own_header(head, words):
    machine = Recorded()
    machine.files |= {recorded.EXCEL: head}
    assert found(machine, "Excel").found == f"16.0.17928.20114, {words}{recorded.EXCEL}"


def test_packages_that_are_missing_or_of_another_version_are_named():
    machine = Recorded()
    machine.packages["xlwings"] = Installed("0.37.0", INSTALLED_AT)
    del machine.packages["numpy"], machine.packages["pywin32"]
    wrong = looks(machine)
    pinned = stock.xlwings_version()
    assert wrong["Packages"].found == f"xlwings is 0.37.0, not {pinned}; numpy is missing; pywin32 is missing"
    assert wrong["xlwings of the workbook"].found == f"{pinned}, but 0.37.0 is installed"
    assert "xlwings64-0.37.0.dll and xlwings32-0.37.0.dll not found" in wrong["DLL"].found


def test_each_dll_is_looked_for_beside_python_and_one_folder_up():
    machine = Recorded()
    version = stock.xlwings_version()
    del machine.files[rf"{LOCAL}\IIF\python\xlwings32-{version}.dll"]
    assert looks(machine)["DLL"].found == rf"xlwings32-{version}.dll not found in {SCRIPTS} or {LOCAL}\IIF\python"
    machine.files[rf"{SCRIPTS}\xlwings32-{version}.dll"] = b"MZ"
    assert looks(machine) == {}


@pytest.mark.parametrize(
    ("key", "value", "result", "words"),
    [
        (recorded.SECURITY, 1, Result.ok, "all macros run"),
        (recorded.SECURITY, 2, Result.ok, "Enable Content"),
        (recorded.SECURITY, 3, Result.look, "your organisation allowed signed macros only"),
        (recorded.SECURITY, 4, Result.look, "your organisation switched all macros off"),
        (recorded.OWN_SECURITY, 4, Result.look, "you, in the Trust Centre, switched all macros off"),
        (recorded.OWN_SECURITY, 2, Result.ok, "Enable Content"),
    ],
)
def test_macros_by_policy_or_by_choice(key, value, result, words):
    machine = Recorded()
    machine.values[key, "VBAWarnings"] = value
    one = found(machine, "Macros")
    assert one.result is result
    assert words in one.found


def test_what_the_organisation_set_counts_before_what_the_user_chose():
    machine = Recorded()
    machine.values |= {(recorded.SECURITY, "VBAWarnings"): 2, (recorded.OWN_SECURITY, "VBAWarnings"): 4}
    assert found(machine, "Macros").result is Result.ok


def test_macros_from_outside_are_worth_a_note():
    machine = Recorded()
    assert "Macros from outside" not in {one.check for one in examined(machine, WELL)}
    machine.values[recorded.SECURITY, "blockcontentexecutionfrominternet"] = 1
    assert found(machine, "Macros from outside").result is Result.note
    assert looks(machine) == {}


RULE_SETTINGS = [
    ({(recorded.RULES, CHILD_PROCESSES): 1}, Way.user),
    ({(recorded.RULES, CHILD_PROCESSES): "1"}, Way.user),
    ({(recorded.RULES, CHILD_PROCESSES): 6}, Way.user),
    ({(recorded.RULES, CHILD_PROCESSES): 2}, Way.excel),
    ({(recorded.RULES, CHILD_PROCESSES): 0}, Way.excel),
    ({(recorded.RULES, CHILD_PROCESSES): "odd"}, Way.excel),
    ({(recorded.MANAGED, "ASRRules"): f"{WIN32_CALLS}=0|{CHILD_PROCESSES.upper()}=1"}, Way.user),
    ({(recorded.MANAGED, "ASRRules"): f"{WIN32_CALLS}=1|{CHILD_PROCESSES}=0"}, Way.excel),
    ({}, Way.excel),
]


@pytest.mark.parametrize(("values", "way"), RULE_SETTINGS)
def test_the_way_that_is_needed_follows_the_rule_of_defender(values, way):
    machine = Recorded()
    machine.values |= values
    assert doctor.needed(machine) is way
    assert ("Defender: starting programs" in looks(machine)) == (way is Way.user)
    waiting = replace(WELL, config=dict(config.config_rows(Way.user)))
    assert "Defender: starting programs" not in looks(machine, waiting)


@pytest.mark.parametrize(("value", "result"), [(1, Result.look), (6, Result.look), (2, Result.note), (0, Result.ok)])
def test_the_rule_on_macros_that_load_a_dll(value, result):
    machine = Recorded()
    machine.values[recorded.RULES, WIN32_CALLS] = value
    assert found(machine, "Defender: macros calling Windows").result is result


@pytest.mark.parametrize(
    ("text", "words"),
    [("[ZoneTransfer]\r\nZoneId=3\r\n", "internet"), ("ZoneId=4", "not trusted"), ("ZoneId=1", None), ("", None)],
)
def test_the_mark_of_the_web(text, words):
    machine = Recorded()
    machine.streams[BOOK, "Zone.Identifier"] = text
    wrong = looks(machine)
    assert ("Mark of the Web" in wrong) == (words is not None)
    if words:
        assert words in wrong["Mark of the Web"].found


@pytest.mark.parametrize(
    ("path", "result", "words"),
    [
        (rf"{DOCUMENTS}\IIF.xlsm", Result.note, "OneDrive"),
        (rf"{USER}\OneDrive - NHS Trust\IIF.xlsm", Result.ok, "OneDrive - NHS Trust"),
        (r"\\surgery\share\IIF.xlsm", Result.note, "network"),
        (rf"{LOCAL}\Microsoft\Windows\INetCache\Content.Outlook\X\IIF.xlsm", Result.look, "mail"),
        (rf"C:\{'long' * 60}\IIF.xlsm", Result.look, "characters"),
        (BOOK, Result.ok, "Documents"),
    ],
)
def test_the_folder_of_the_workbook(path, result, words):
    one = found(Recorded(), "Folder", replace(WELL, path=path))
    assert one.result is result
    assert words in one.found


def test_a_workbook_without_macros_needs_no_python():
    book = Book(BOOK, False, None, None)
    assert found(Recorded(), "Workbook", book).result is Result.note
    assert looks(Recorded(), book) == {}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (None, "is not there"),
        ({"ADD_WORKBOOK_TO_PYTHONPATH": "True"}, "ADD_WORKBOOK_TO_PYTHONPATH"),
        ({"LICENSE_KEY": "x"}, "LICENSE_KEY"),
        (
            {"INTERPRETER_WIN": r"C:\Elsewhere\pythonw.exe", "PYTHONPATH": "C:\\"},
            r"not there: C:\Elsewhere\pythonw.exe",
        ),
    ],
)
def test_a_configuration_that_is_not_as_it_was_made(changed, words):
    book = replace(WELL, config=None if changed is None else {**WELL.config, **changed})
    assert words in looks(Recorded(), book)["Sheet xlwings.conf"].found


def test_a_key_that_is_missing_is_named():
    book = replace(WELL, config={key: value for key, value in WELL.config.items() if key != "CONDA PATH"})
    assert "CONDA PATH" in looks(Recorded(), book)["Sheet xlwings.conf"].found


def serving(number, started, parent=1, words="-B -c \"import xlwings; xlwings.serve('{...}')\""):
    return Process(number, parent, f"pythonw.exe {words}", started)


def test_an_engine_older_than_the_program_is_stale():
    machine = Recorded(running=(serving(7, recorded.EARLIER), serving(8, recorded.LATER)))
    assert looks(machine)["Engines that run"].found.startswith("process 7 started before")


def test_an_environments_python_and_the_one_it_starts_are_one_engine():
    machine = Recorded(running=(serving(7, recorded.LATER), serving(8, recorded.LATER, parent=7)))
    assert found(machine, "Engines that run").found == "1"
    two = Recorded(
        running=(serving(7, recorded.LATER), serving(9, recorded.LATER, words="-m iif_reckoner.windows.engine"))
    )
    assert found(two, "Engines that run").result is Result.note
    other = Recorded(running=(serving(7, recorded.EARLIER, words="notebook"),))
    assert found(other, "Engines that run").found.startswith("none")


# --- A real question


def test_the_question_goes_the_way_of_the_workbook():
    machine = Recorded()
    examined(machine, WELL)
    examined(machine, replace(WELL, config=dict(config.config_rows(Way.user))))
    assert machine.asked == [com.serving(machine.interpreter), None]


class Server:
    """What a started server is to the doctor: answers after a while, through xlwings' own CallUDF."""

    def __init__(self, ask, ready_after=2, exit_code=None):
        self.ask, self.left, self.exit_code, self.killed = ask, ready_after, exit_code, False

    def CallUDF(self, module, function, arguments):  # noqa: N802 (xlwings' name)
        return self.ask(module, function, arguments)

    def poll(self):
        return self.exit_code

    def kill(self):
        self.killed = True

    def activate(self, class_id):
        assert class_id in {com.OWN, com.ENGINE}
        self.left -= 1
        if self.left > 0:
            raise com.Unreachable("no engine runs")
        return self


def test_xlwings_own_call_udf_answers_a_server_that_was_started_and_it_is_ended():
    with xlwings_server.running() as asked:
        server = Server(lambda *question: asked(xlwings_server.call_udf, *question))
        assert com.asked(server.activate, lambda: server, pause=lambda _: None) == f"Python {__version__}"
        assert server.killed
        own = Server(lambda *question: asked(xlwings_server.call_udf, *question), ready_after=0)
        assert com.asked(own.activate, None) == f"Python {__version__}"
        assert not own.killed


@pytest.mark.parametrize(
    ("server", "start", "words"),
    [
        (Server(None, 99, exit_code=3), None, "ended at once (exit code 3)"),
        (Server(None, 99), None, "did not answer within 10 seconds"),
        (Server(lambda *_: "nonsense"), None, "answers 'nonsense'"),
        (Server(lambda *_: 1 / 0), None, "the functions fail"),
        (Server(None), FileNotFoundError(2, "No such file"), "could not be started: No such file"),
    ],
)
def test_what_can_go_wrong_with_the_question(server, start, words):
    def started():
        if start:
            raise start
        return server

    with pytest.raises(com.Unreachable, match=words.replace("(", r"\(").replace(")", r"\)")):
        com.asked(server.activate, started, clock=iter(range(0, 99, 3)).__next__, pause=lambda _: None)
    assert server.killed == (start is None)


def test_the_server_that_is_started_registers_what_is_asked():
    """xlwings' `serve` registers the class that it is given."""
    assert com.serving("pythonw.exe")[-1] == f"import xlwings; xlwings.serve('{com.OWN}')"
    assert com.OWN != com.ENGINE


def test_without_pywin32_the_question_says_so():
    with pytest.raises(com.Unreachable, match="pywin32 cannot be loaded"):
        com.activated(com.ENGINE)


# --- The switch


def test_a_workbook_is_switched_and_back_and_nothing_else_changes(shipped, tmp_path):
    user = doctor.switched(shipped, Way.user, config.INTERPRETER)
    assert configuration(user) == dict(config.config_rows(Way.user))
    changed = [part for part in shipped.parts if shipped.part(part) != user.part(part)]
    assert changed == [shipped.sheet(config.SHEET_NAME).part]
    back = doctor.switched(user, Way.excel, config.INTERPRETER)
    assert configuration(back) == dict(config.config_rows())
    assert doctor.switched(back, Way.excel, config.INTERPRETER).to_bytes() == back.to_bytes()


def test_what_a_workbook_holds_is_read(shipped):
    book = Book.of(shipped, BOOK)
    assert book == WELL


def test_a_workbook_without_the_sheet_is_refused(shipped):
    without = take_out_sheet(shipped, config.SHEET_NAME)
    assert configuration(without) is None
    with pytest.raises(InputError, match="is not there; take a fresh workbook"):
        doctor.switched(without, Way.user, config.INTERPRETER)


@pytest.mark.parametrize(
    ("python", "written"),
    [
        (rf"{SCRIPTS}\python.exe", config.INTERPRETER),
        (rf"{USER}\IIF\python\Scripts\python.exe", r"%USERPROFILE%\IIF\python\Scripts\pythonw.exe"),
        (r"D:\Python\python.exe", r"D:\Python\pythonw.exe"),
        (r"C:\Users\Łukasz\IIF\python.exe", r"C:\Users\LUKASZ~1\IIF\pythonw.exe"),
    ],
)
def test_how_a_workbook_names_the_python(python, written):
    assert doctor.interpreter(Recorded(interpreter=python)) == written


# --- The command


@pytest.fixture
def laptop(monkeypatch):
    """A Windows laptop as far as the command sees it."""
    machine = Recorded()
    monkeypatch.setattr(command, "ThisMachine", lambda: machine)
    return machine


@pytest.fixture
def book(tmp_path, shipped):
    path = tmp_path / "Zoë's book & more.xlsm"
    path.write_bytes(shipped.to_bytes())
    return path


def test_the_command_says_in_every_format_and_by_exit_code_what_is_wrong(laptop, book):
    assert CliRunner().invoke(app, ["doctor", str(book)]).exit_code == 0
    laptop.values[recorded.RULES, CHILD_PROCESSES] = 1
    run = CliRunner().invoke(app, ["doctor", str(book), "--format", "json"])
    assert run.exit_code == 14
    rows = json.loads(run.stdout)
    assert [row["check"] for row in rows if row["result"] == "Look"] == ["Defender: starting programs"]
    as_csv = CliRunner().invoke(app, ["doctor", str(book), "--format", "csv"])
    assert next(iter(csv.reader(io.StringIO(as_csv.stdout)))) == ["check", "result", "found", "remedy"]
    assert len(as_csv.stdout.splitlines()) == len(rows) + 1
    table = CliRunner().invoke(app, ["doctor", str(book)])
    assert "1 of 14 checks needs a look" in table.stdout
    switch = f'"{laptop.interpreter}" -m iif_reckoner doctor "{book}" --way needed'
    assert f"Defender: starting programs: In a command prompt: {switch}. From then on" in table.stdout


def test_the_command_switches_to_the_way_that_is_needed_and_keeps_a_copy(laptop, book):
    before = book.read_bytes()
    laptop.values[recorded.RULES, CHILD_PROCESSES] = 1
    run = CliRunner().invoke(app, ["doctor", str(book), "--way", "needed"])
    assert run.exit_code == 0
    assert "you start the engine, Excel connects" in run.stderr
    assert laptop.asked[-1] is None
    (kept,) = book.parent.glob("*backup*")
    assert kept.read_bytes() == before
    again = CliRunner().invoke(app, ["doctor", str(book), "--way", "user"])
    assert "set so already; nothing written" in again.stderr
    assert len(list(book.parent.iterdir())) == 2


def test_a_way_without_a_workbook_is_refused(laptop):
    run = CliRunner().invoke(app, ["doctor", "--way", "user"])
    assert isinstance(run.exception, InputError)


def test_elsewhere_it_says_what_works_there(book):
    run = subprocess.run(
        [sys.executable, "-m", "iif_reckoner", "doctor", str(book), "--format", "json"],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    rows = {row["check"]: row["found"] for row in json.loads(run.stdout)}
    assert "Every command works" in rows["What works here"]
    assert rows["Python answers"].startswith(f"Python {__version__}")
    mac = {one.check: one.found for one in examined(Recorded(system="Darwin"), None)}
    assert "On a Mac" in mac["What works here"]


def test_this_machine_answers_everything_without_an_error():
    machine = ThisMachine()
    assert machine.registry(recorded.APP_PATH, "") is None
    assert machine.stream(__file__, "Zone.Identifier") is None
    assert machine.head(__file__).startswith(b'"""The doctor')
    assert machine.head(str(Path(__file__).with_name("nothing"))) is None
    assert machine.processes() == ()
    assert machine.installed("xlwings").version == stock.xlwings_version()
    assert machine.installed("no-such-package") is None
    assert machine.vanished("no-such-package") == machine.vanished("xlwings") == ()
    assert machine.code_page == "utf-8"


def test_the_book_of_another_xlwings_is_read_as_such(shipped):
    about = next(sheet.name for sheet in shipped.sheets if sheet.name == "About")
    at, text = next(
        (at, cell.value) for at, cell in shipped.grid(about).items() if "module xlwings of" in str(cell.value)
    )
    changed = set_cells(shipped, {(about, at): text.replace(stock.xlwings_version(), "0.33.1")})
    assert Book.of(changed, BOOK).xlwings == "0.33.1"

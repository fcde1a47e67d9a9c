"""The shipped vbaProject.bin: what is in it, the rules of its format, and damage that must be noticed."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from importlib.metadata import version
from importlib.resources import files
from inspect import signature
from pathlib import Path

import pytest
from pyopenvba.cfb import CFB
from pyopenvba.vba import compress, decompress

from iif_reckoner import functions, udfs, vba
from iif_reckoner.vba import build, generated, stock
from tests.vba_doubles import project_files

CODE_NAMES = [vba.BOOK_CODE_NAME, *vba.SHEET_CODE_NAMES]
OURS = {"ThisWorkbook", "IifBridge", "IifFunctions", "IifHelp", "IifRibbon", "IifBench"}


@pytest.fixture(scope="module")
def shipped() -> dict[str, str]:
    return project_files.sources(vba.project())


def test_the_shipped_project_is_built_from_these_sources_again():
    assert build.build(vba.SHEET_CODE_NAMES) == vba.project()


def test_reading_the_shipped_project_needs_nothing_but_the_standard_library():
    code = "import sys; from iif_reckoner import vba; vba.project(); vba.ribbon(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"pyopenvba", "xlwings", "openpyxl", "pandas"} & set(loaded)


def test_every_rule_of_the_format_is_kept():
    assert project_files.broken_rules(vba.project(), CODE_NAMES) == []


def test_there_is_a_sheet_module_for_each_of_the_sheets(shipped: dict[str, str]):
    assert set(shipped) == OURS | {"xlwings", "Dictionary"} | set(vba.SHEET_CODE_NAMES)
    assert len(vba.SHEET_CODE_NAMES) == 17
    for name in vba.SHEET_CODE_NAMES:
        assert [line for line in shipped[name].splitlines() if line and not line.startswith("Attribute")] == []


def test_olevba_finds_exactly_our_sources(shipped: dict[str, str]):
    for part in build.modules(vba.SHEET_CODE_NAMES):
        code = shipped[part.name].replace("\r\n", "\n")
        if part.kind == "standard":
            assert code == part.text.replace("\r\n", "\n")
        elif part.kind == "document":
            assert re.sub(r"(?m)\A(Attribute .*\n)*", "", code).strip() == part.text.strip()
        else:
            assert code.endswith(part.text.replace("\r\n", "\n").partition("Attribute VB_Exposed")[2])


def test_xlwings_own_module_is_that_of_its_own_released_workbook(shipped: dict[str, str]):
    released = files("xlwings").joinpath("quickstart_standalone.xlsm")
    theirs = project_files.sources(released.read_bytes())
    assert shipped["xlwings"].rstrip() == theirs["xlwings"].rstrip().replace("\r\n", "\n").replace("\n", "\r\n")
    header = re.compile(r"\A(Attribute .*\r?\n)+")
    assert (
        header.match(shipped["Dictionary"]).group().splitlines()[:8]
        == (header.match(theirs["Dictionary"]).group().splitlines()[:8])
    )


def test_the_dll_is_named_by_the_pinned_version(shipped: dict[str, str]):
    pinned = version("xlwings")
    assert re.findall(r'XLWINGS_VERSION As String = "(.*?)"', shipped["xlwings"]) == [pinned]
    assert set(re.findall(r"xlwings(?:32|64)-(.*?)\.dll", shipped["xlwings"])) == {pinned}


@pytest.mark.parametrize("name", udfs.excel_functions())
def test_a_wrapper_takes_what_the_function_takes(shipped: dict[str, str], name: str):
    found = re.search(
        rf"^Public Function {name}\((.*)\) As Variant\r\n    {name} = IifCall\(\"{name}\", Array\((.*)\)\)\r\nEnd Function\r$",
        shipped["IifFunctions"],
        re.MULTILINE,
    )
    parameters = list(signature(getattr(functions, name)).parameters.values())
    declared = [
        ("Optional " if parameter.default is None else "") + f"{parameter.name} As Variant" for parameter in parameters
    ]
    assert found.group(1) == ", ".join(declared)
    assert found.group(2) == ", ".join(parameter.name for parameter in parameters)


def test_no_wrapper_without_a_function(shipped: dict[str, str]):
    wrapped = set(re.findall(r"^Public Function (\w+)", shipped["IifFunctions"], re.MULTILINE))
    assert wrapped == {name for name in vars(udfs) if name.startswith("IIF_")} == set(udfs.excel_functions())


def test_the_bridge_speaks_of_the_module_and_the_mark_of_the_functions(shipped: dict[str, str]):
    constants = dict(re.findall(r'Private Const (\w+) As String = "(.*)"', shipped["IifBridge"]))
    assert constants == {"PYTHON_MODULE": udfs.__name__, "ERROR_MARK": udfs.ERROR_MARK}


@pytest.mark.parametrize("name", sorted(OURS))
def test_our_modules_declare_their_variables(shipped: dict[str, str], name: str):
    body = [line for line in shipped[name].splitlines() if line and not line.startswith("Attribute")]
    assert body[0] == "Option Explicit"


def test_the_texts_of_the_wizard_are_registered(shipped: dict[str, str]):
    code = shipped["IifHelp"].replace(" _\r\n        ", " ")
    for name in udfs.excel_functions():
        line = re.search(rf'Application\.MacroOptions Macro:="{name}", Category:="IIF", (.*)', code).group(1)
        texts = [text.replace('""', '"') for text in re.findall(r'"((?:[^"]|"")*)"', line)]
        arguments = [udfs.ARGUMENTS[parameter] for parameter in signature(getattr(functions, name)).parameters]
        assert texts == [udfs.wizard_text(getattr(functions, name)), *arguments]
        assert all(0 < len(text) <= 255 for text in texts)


@pytest.mark.parametrize("text", ["x" * 256, "two\nlines"])
def test_a_text_the_wizard_cannot_show_is_refused(monkeypatch: pytest.MonkeyPatch, text: str):
    monkeypatch.setitem(udfs.ARGUMENTS, "target", text)
    with pytest.raises(ValueError, match="one line of at most 255 characters"):
        generated.help_module()


# --- What virus scanners see


def test_nothing_but_workbook_open_runs_by_itself(shipped: dict[str, str]):
    found = {
        name: [keyword for kind, keyword in project_files.verdict(code) if kind == "AutoExec"]
        for name, code in shipped.items()
    }
    assert {name: keywords for name, keywords in found.items() if keywords} == {"ThisWorkbook": ["Workbook_Open"]}
    handlers = re.findall(r"Sub (Workbook_\w+|Worksheet_\w+|Auto_?\w+)\b", "\n".join(shipped.values()))
    assert handlers == ["Workbook_Open"]


@pytest.mark.parametrize("name", sorted(OURS))
def test_our_modules_reach_for_nothing_outside_excel(shipped: dict[str, str], name: str):
    assert not re.search(
        r"\b(Shell|Declare|CreateObject|GetObject|Environ|FileSystemObject|Open|Print|Kill|OnTime|SendKeys|Evaluate)\b",
        re.sub(r"'.*|\"[^\"]*\"", "", shipped[name]),
    )


def test_what_olevba_says_word_for_word(shipped: dict[str, str]):
    """So that an administrator can be told beforehand; a change of xlwings shows here."""
    found = {name: project_files.verdict(code) for name, code in shipped.items()}
    assert found == VERDICTS | {name: [CLASS_ID] for name in vba.SHEET_CODE_NAMES}


def test_what_mraptor_says_word_for_word(shipped: dict[str, str]):
    """It calls suspicious whatever runs by itself and could write or execute: here xlwings' own module could."""
    assert project_files.raptor("\n".join(shipped.values())) == (
        True, "AWX", ["Workbook_Open", "SetAttr", "Declare PtrSafe Function system Lib"],
    )  # fmt: skip
    found = {name: project_files.raptor(code) for name, code in shipped.items() if name not in vba.SHEET_CODE_NAMES}
    assert found == {
        "ThisWorkbook": (False, "A--", ["Workbook_Open"]),
        "IifBridge": (False, "---", []),
        "IifFunctions": (False, "---", []),
        "IifHelp": (False, "---", []),
        "IifRibbon": (False, "---", []),
        "IifBench": (False, "---", []),
        "xlwings": (False, "-WX", ["SetAttr", "Declare PtrSafe Function system Lib"]),
        "Dictionary": (False, "--X", ["call"]),
    }


def test_a_new_finding_is_red(shipped: dict[str, str]):
    with pytest.raises(AssertionError):
        test_what_mraptor_says_word_for_word(shipped | {"IifHelp": shipped["IifHelp"] + '\nShell "calc"\n'})
    with pytest.raises(AssertionError):
        test_what_olevba_says_word_for_word(shipped | {"IifHelp": shipped["IifHelp"] + '\nKill "x"\n'})


def test_the_document_on_security_has_the_verdicts(shipped: dict[str, str]):
    text = (Path(__file__).parents[1] / "docs" / "SECURITY.md").read_text("utf-8")
    told = {name: (flags, words) for name, flags, words in re.findall(r"\| `(\w+)` \| `([A-]\S\S)` \| (.*?) \|", text)}
    assert told == {
        name: (project_files.raptor(shipped[name])[1], ", ".join(project_files.raptor(shipped[name])[2]) or "nothing")
        for name in sorted(OURS | {"xlwings", "Dictionary"}, key=list(told).index)
    }


CLASS_ID = ("Suspicious", "Hex Strings")
"""olevba takes Excel's class numbers in the attributes, and the numbers of COM errors, for hidden text."""

XLWINGS_KEYWORDS = """
Environ
environment
ExpandEnvironmentStrings
open
Write
Output
binary
FileCopy
Kill
shell
WScript.Shell
run
MacScript
applescript
Command
call
MkDir
CreateObject
Windows
Lib
libc.dylib
dylib
Chr
VBProject
VBComponents
system
Exec
Hex Strings
Base64 Strings
"""

VERDICTS = {
    "ThisWorkbook": [("AutoExec", "Workbook_Open"), CLASS_ID],
    "IifBridge": [CLASS_ID],
    "IifFunctions": [("Suspicious", "Base64 Strings")],  # a name of a function in quotes
    "IifHelp": [],
    "IifRibbon": [],
    "IifBench": [("Suspicious", "Base64 Strings")],  # a name of a function in quotes
    "xlwings": [
        *(("Suspicious", keyword) for keyword in XLWINGS_KEYWORDS.strip().splitlines()),
        ("IOC", "http://stackoverflow.com/q/7238403/918626"),
        ("IOC", "https://stackoverflow.com/questions/6376113/how-do-i-use-spaces-in-the-command-prompt"),
        ("IOC", "http://peltiertech.com/save-retrieve-information-text-files/"),
        ("IOC", "https://stackoverflow.com/a/46474125/918626"),
        ("IOC", "https://stackoverflow.com/questions/33734706/excels-fullname-property-with-onedrive"),
        ("IOC", "https://companyName-my.sharepoint.com/personal/userName_domain_com/Documents"),
        ("IOC", "https://d.docs.live.net/d7bbaa#######1/"),
        ("IOC", "8.dll"),
        ("IOC", "pywintypesXX.dll"),
        ("IOC", "cmd.exe"),
        ("IOC", "frozen_executable.exe"),
        ("IOC", "python.exe"),
        ("IOC", "conda.bat"),
        ("Hex String", "FGA%"),
    ],
    "Dictionary": [
        ("Suspicious", "call"),
        ("Suspicious", "CreateObject"),
        ("Suspicious", "Hex Strings"),
        ("IOC", r"https://github.com/timhall/VBA-Dictionary\r\nAuthor"),
        ("IOC", "http://www.opensource.org/licenses/mit-license.php"),
        ("IOC", "https://github.com/timhall/VBA-Dictionary"),
        ("IOC", "http://msdn.microsoft.com/en-us/library/office/gg278481"),
    ],
}


# --- The ribbon


def test_every_button_calls_a_macro_that_takes_the_button(shipped: dict[str, str]):
    buttons = ET.fromstring(vba.ribbon()).iter("{http://schemas.microsoft.com/office/2006/01/customui}button")  # noqa: S314 (our own file)
    actions = {button.get("label"): button.get("onAction") for button in buttons}
    assert list(actions) == ["Recalculate", "Reconnect", "Check", "Open guide"]
    for action in actions.values():
        assert f"Public Sub {action}(control As IRibbonControl)\r\n" in shipped["IifRibbon"]
    assert set(re.findall(r'ShowPlace "(\w+)"', shipped["IifRibbon"])) == {vba.CHECKS_NAME, vba.GUIDE_NAME}


# --- The licences of others


def test_the_notice_names_the_versions_and_gives_both_licences():
    words = " ".join(stock.notice().split())
    header = " ".join(re.sub(r"(?m)^'", " ", stock.xlwings_module().partition("#If")[0]).split())
    warranty = header[header.index("* Redistributions of source") : header.index("POSSIBILITY OF SUCH DAMAGE.")]
    assert warranty in words
    assert f"xlwings {version('xlwings')} " in words
    assert "Copyright (C) 2014" in words
    author, link = re.search(r"\(c\) (Tim Hall) - ([\w:/.-]+)", stock.dictionary_class()).groups()
    assert f"Copyright (c) {author}" in words
    assert link in words
    assert "http://www.opensource.org/licenses/mit-license.php" in stock.dictionary_class()
    assert "Permission is hereby granted, free of charge" in words


# --- Damage


def rewritten(storage: str | None, name: str, change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    def damage(project: bytes) -> bytes:
        file = CFB.from_bytes(project)
        if storage:
            file.write_stream_in_storage(storage, name, change(file.get_stream_in_storage(storage, name)))
        else:
            file.write_stream(name, change(file.get_stream(name)))
        return file.to_bytes()

    return damage


def unpacked(change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    return lambda packed: compress(change(decompress(packed)))


def replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(raw: bytes) -> bytes:
        assert old in raw
        return raw.replace(old, new, 1)

    return change


def with_cache(project: bytes) -> bytes:
    file = CFB.from_bytes(project)
    file.add_stream_to_storage("VBA", "__SRP_0", b"compiled")
    return file.to_bytes()


PROCEDURAL, OTHER = bytes.fromhex("2100 00000000"), bytes.fromhex("2200 00000000")
BRIDGE_OFFSET = "IifBridge".encode("utf-16-le") + bytes.fromhex("1C00 00000000 4800 00000000 3100 04000000 00")
SHEET_BASE = rewritten("VBA", "Sheet3", unpacked(replaced(b"00020820", b"00020819")))

DAMAGED = {
    "cut short": (lambda project: project[: len(project) // 2], "unreadable"),
    "compiled code": (with_cache, "streams: ['VBA/__SRP_0']"),
    "version of a compiler": (rewritten("VBA", "_VBA_PROJECT", replaced(b"\xff\xff", b"\xb5\x00")), "version"),
    "cache after the version": (rewritten("VBA", "_VBA_PROJECT", lambda raw: raw + bytes(9)), "version"),
    "zeros after the dir": (rewritten("VBA", "dir", unpacked(lambda raw: raw + bytes(4))), "dir: does not end"),
    "a third reference": (rewritten("VBA", "dir", unpacked(replaced(b"stdole", b"StdOle"))), "dir: references"),
    "one module counted too many": (
        rewritten(
            "VBA", "dir", unpacked(replaced(bytes.fromhex("0F00 02000000 19"), bytes.fromhex("0F00 02000000 1A")))
        ),
        "dir: counts",
    ),
    "an offset": (
        rewritten("VBA", "dir", unpacked(replaced(BRIDGE_OFFSET, BRIDGE_OFFSET[:-1] + b"\1"))),
        "dir: an offset",
    ),
    "a kind of module": (rewritten("VBA", "dir", unpacked(replaced(PROCEDURAL, OTHER))), "PROJECT: kinds"),
    "a stream that is not there": (rewritten("VBA", "dir", unpacked(replaced(b"IifHelp", b"IifHulp"))), "streams"),
    "a module not listed": (
        rewritten(None, "PROJECT", replaced(b"Module=IifHelp\r\n", b"")),
        "PROJECT: not the modules",
    ),
    "a document not listed": (
        rewritten(None, "PROJECT", replaced(b"Document=Sheet9/&H00000000\r\n", b"")),
        "PROJECT: documents",
    ),
    "a class as a module": (rewritten(None, "PROJECT", replaced(b"Class=", b"Module=")), "PROJECT: kinds"),
    "a password": (rewritten(None, "PROJECT", replaced(b'DPB="BEBC', b'DPB="BEBD')), "unreadable"),
    "a name missing from PROJECTwm": (rewritten(None, "PROJECTwm", lambda raw: raw[13:]), "PROJECTwm"),
    "a sheet that says it is the workbook": (SHEET_BASE, "Sheet3: VB_Base"),
    "line ends": (rewritten("VBA", "IifBridge", unpacked(lambda raw: raw.replace(b"\r\n", b"\n"))), "IifBridge"),
    "another name inside": (
        rewritten("VBA", "IifHelp", unpacked(replaced(b'"IifHelp"', b'"Help"'))),
        "IifHelp: does not begin",
    ),
    "a bit in the packed text": (
        rewritten("VBA", "xlwings", lambda raw: raw[:2] + bytes([raw[2] ^ 0x70]) + raw[3:]),
        "unreadable",
    ),
}


@pytest.mark.parametrize("what", DAMAGED)
def test_damage_is_noticed(what: str):
    damage, rule = DAMAGED[what]
    project = damage(vba.project())
    assert project != vba.project()
    assert [found for found in project_files.broken_rules(project, CODE_NAMES) if found.startswith(rule)]


def test_a_changed_source_is_noticed():
    changed = rewritten("VBA", "IifBridge", unpacked(replaced(b"For attempt = 1 To 2", b"For attempt = 1 To 9")))
    project = changed(vba.project())
    assert project_files.broken_rules(project, CODE_NAMES) == []
    with pytest.raises(AssertionError):
        test_olevba_finds_exactly_our_sources(project_files.sources(project))


def test_sheets_without_modules_and_modules_without_sheets_are_noticed():
    assert "PROJECT: documents are not the code names" in project_files.broken_rules(vba.project(), CODE_NAMES[:-1])
    assert "PROJECT: documents are not the code names" in project_files.broken_rules(
        build.build(vba.SHEET_CODE_NAMES[:-1]), CODE_NAMES
    )


@pytest.mark.parametrize("names", [("Sheet1", "sheet1"), ("Sheet 1",), ("ThisWorkbook",), ("S" * 32,), ("Straße",)])
def test_names_that_are_no_module_names_are_refused(names: tuple[str, ...]):
    with pytest.raises(ValueError, match="module"):
        build.build(names)


def test_a_source_outside_the_character_set_is_refused():
    with pytest.raises(UnicodeEncodeError):
        build.assemble([build.Module("ThisWorkbook", "document", "' \N{SNOWMAN}")])

"""A Windows laptop in a folder, with a bundle in Downloads, on which the installer's script is run."""

import json

from iif_reckoner.windows import setup
from tests.conftest import ROOT
from tests.windows_doubles import recorded
from tests.windows_doubles.powershell import Laptop, Script
from tests.windows_doubles.recorded import Recorded

SOURCE = (ROOT / "iif_reckoner" / "windows" / "install.ps1").read_bytes()
USER = recorded.USER
DOCUMENTS = recorded.DOCUMENTS
PROGRAMS = rf"{USER}\AppData\Roaming\Microsoft\Windows\Start Menu\Programs"
BUNDLE = rf"{USER}\Downloads\IIF Ready Reckoner (1)"
BOOK = rf"{DOCUMENTS}\IIF Ready Reckoner.xlsm"
OWN = rf"{USER}\AppData\Local\IIF"


class Shell:
    """Windows' shell as far as shortcuts go: each is a file that says what it starts."""

    def __call__(self, path, entry):
        path.write_text(json.dumps([entry.target, entry.arguments]), encoding="utf-8")


class Windows:
    """The laptop in a folder: a bundle in Downloads, Documents in OneDrive, a Python of the user's own."""

    def __init__(self, root, version="3.12", answer="3 12 True False", wheels="3.12"):
        environment = {"LOCALAPPDATA": rf"{USER}\AppData\Local", "USERPROFILE": USER}
        self.laptop = Laptop(root, {"MyDocuments": DOCUMENTS, "Programs": PROGRAMS}, environment)
        self.ran = []
        self.pip_fails = False
        self.wheels = rf"{BUNDLE}\wheels-{wheels}"
        for folder in (DOCUMENTS, PROGRAMS, rf"{USER}\AppData\Local", rf"{self.wheels}\optional"):
            self.laptop.real(folder).mkdir(parents=True)
        for folder in (self.wheels, rf"{self.wheels}\optional"):
            self.laptop.real(rf"{folder}\requirements.txt").write_text("x==1 --hash=sha256:0\n")
        workbook = (ROOT / "workbook" / setup.WORKBOOK).read_bytes()
        for suffix in ("xlsm", "xlsx"):
            self.laptop.real(rf"{BUNDLE}\IIF_Ready_Reckoner.{suffix}").write_bytes(workbook)
        self.launcher = r"C:\Windows\py.exe"
        if answer:
            self.laptop.programs[self.launcher] = self.asked(f"-{version}", answer)
        self.script = Script(SOURCE, BUNDLE, self.laptop)

    def asked(self, version, answer):
        def python(words):
            if words[1:2] == ["-c"]:
                return (0, answer) if words[0] == version else (103, "")
            self.ran.append(words)
            assert words[1:3] == ["-m", "venv"]
            return self.venv(words[3])

        return python

    def venv(self, place):
        program = rf"{place}\Scripts\python.exe"
        self.laptop.real(program).parent.mkdir(parents=True)
        self.laptop.real(program).write_text("new")
        self.laptop.programs[program] = self.own(program)
        return 0, ""

    def own(self, program):
        def python(words):
            self.ran.append(words)
            if "pip" in words:
                return int(self.pip_fails), ""
            assert words[:3] == ["-P", "-m", "iif_reckoner.windows.setup"]
            return self.setup(words[3:], program)

        return python

    def setup(self, words, program):
        """The real steps, on the real folders behind the names."""
        given = dict(zip(words[1::2], words[2::2], strict=True))
        at = setup.Laptop(
            documents=self.laptop.real(given["--documents"]),
            programs=self.laptop.real(given["--programs"]),
            home=self.laptop.real(USER),
            packages=self.laptop.real(program).parent,
        )
        machine = Recorded(interpreter=program)
        if words[0] == "install":
            setup.install(self.laptop.real(given["--bundle"]), at, machine, Shell())
        else:
            setup.remove(at, machine)
        return 0, ""

    def there(self, path):
        return self.laptop.real(path).exists()

"""What the checks may ask a computer, and this computer's answers."""

import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Protocol

from iif_reckoner.doctor import com


@dataclass(frozen=True, slots=True)
class Process:
    """A program that runs: its number, that of the program that started it, its command line, and since when."""

    number: int
    parent: int
    command: str
    started: datetime


@dataclass(frozen=True, slots=True)
class Installed:
    """An installed package: its version, when it was installed, what it requires."""

    version: str
    at: datetime
    requires: tuple[str, ...] = ()


class Machine(Protocol):
    """A computer as the checks see it. Nothing that is not there raises: the answer is None or empty."""

    @property
    def system(self) -> str:
        """`Windows`, `Darwin` or `Linux`."""

    @property
    def python(self) -> str:
        """The version of the Python that runs the check, such as 3.12.4."""

    @property
    def bits(self) -> int:
        """64 or 32: of that Python."""

    @property
    def interpreter(self) -> str:
        """The path of that Python."""

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment variables."""

    @property
    def code_page(self) -> str:
        """The character set in which programs of old, xlwings' DLL among them, are handed paths; such as cp1252."""

    def short(self, path: str) -> str:
        """Return the path in names of eight and three letters, where the drive keeps such; else as it is."""

    def registry(self, key: str, name: str) -> int | str | None:
        r"""Return a value of the registry; `key` begins with HKCU\ or HKLM\, `name` is blank for the default."""

    def stream(self, path: str, name: str) -> str | None:
        """Return the text of a named stream of a file, such as Zone.Identifier."""

    def head(self, path: str) -> bytes | None:
        """Return the first bytes of a file."""

    def processes(self) -> tuple[Process, ...]:
        """Return the Pythons that run."""

    def installed(self, package: str) -> Installed | None:
        """Return what is installed of a package."""

    def vanished(self, package: str) -> tuple[str, ...]:
        """Return the programs (DLLs) that came with a package and are not there any more."""

    def answer(self, command: tuple[str, ...] | None) -> str:
        """Ask `IIF_ENGINE` through CallUDF of xlwings' server, as Excel would.

        `command` starts a server of its own, which is ended afterwards; None asks the one that the user started.

        Raises:
            com.Unreachable: nothing answers; the text says why.
        """


_HEAD = 4096
_HIVES = {"HKCU": "HKEY_CURRENT_USER", "HKLM": "HKEY_LOCAL_MACHINE"}
_PYTHONS = "SELECT * FROM Win32_Process WHERE Name = 'pythonw.exe' OR Name = 'python.exe'"


class ThisMachine:
    """The computer that the program runs on."""

    system = platform.system()
    python = platform.python_version()
    bits = 64 if sys.maxsize > 2**32 else 32
    interpreter = sys.executable
    environment = os.environ

    @property
    def code_page(self) -> str:
        """See Machine."""
        if self.system != "Windows":
            return "utf-8"
        return f"cp{import_module('ctypes').windll.kernel32.GetACP()}"

    def short(self, path: str) -> str:
        """See Machine."""
        return str(import_module("win32api").GetShortPathName(path)) if self.system == "Windows" else path

    def registry(self, key: str, name: str) -> int | str | None:
        """See Machine."""
        if self.system != "Windows":
            return None
        winreg = import_module("winreg")
        hive, _, path = key.partition("\\")
        # The 64-bit view: there Office and Windows keep what they are told, whatever Python this is.
        access = winreg.KEY_READ | winreg.KEY_WOW64_64KEY
        with suppress(OSError), winreg.OpenKey(getattr(winreg, _HIVES[hive]), path, 0, access) as opened:
            value = winreg.QueryValueEx(opened, name)[0]
            return value if isinstance(value, int) else str(value)
        return None

    def stream(self, path: str, name: str) -> str | None:
        """See Machine."""
        # Elsewhere the colon is a letter of a file's name.
        if self.system != "Windows":
            return None
        with suppress(OSError):
            return Path(f"{path}:{name}").read_text(encoding="utf-8", errors="replace")
        return None

    def head(self, path: str) -> bytes | None:
        """See Machine."""
        with suppress(OSError), Path(path).open("rb") as file:
            return file.read(_HEAD)
        return None

    def processes(self) -> tuple[Process, ...]:
        """See Machine."""
        if self.system != "Windows":
            return ()
        found = import_module("win32com.client").GetObject("winmgmts:").ExecQuery(_PYTHONS)
        return tuple(
            Process(int(one.ProcessId), int(one.ParentProcessId), one.CommandLine or "", wmi_time(one.CreationDate))
            for one in found
            if one.CreationDate
        )

    def installed(self, package: str) -> Installed | None:
        """See Machine."""
        try:
            found = distribution(package)
        except PackageNotFoundError:
            return None
        folder = Path(str(found.locate_file(f"{package.replace('-', '_')}-{found.version}.dist-info")))
        changed = folder.stat().st_mtime if folder.is_dir() else 0.0
        return Installed(found.version, datetime.fromtimestamp(changed, UTC), tuple(found.requires or ()))

    def vanished(self, package: str) -> tuple[str, ...]:
        """See Machine."""
        try:
            files = distribution(package).files or ()
        except PackageNotFoundError:
            return ()
        programs = [file for file in files if file.suffix in {".dll", ".pyd"}]
        return tuple(file.name for file in programs if not Path(str(file.locate())).is_file())

    def answer(self, command: tuple[str, ...] | None) -> str:
        """See Machine."""
        return com.asked(com.activated, None if command is None else lambda: subprocess.Popen(command))  # noqa: S603 (our own)


def wmi_time(text: str) -> datetime:
    """Return the moment that Windows' management writes so, in minutes from UTC at its end.

    >>> wmi_time("20260701093000.500000+060").isoformat()
    '2026-07-01T08:30:00+00:00'
    """
    moment = datetime.strptime(text[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return datetime.fromtimestamp(moment.timestamp() - 60 * int(text[21:]), UTC)

"""A Windows laptop as recorded answers: one on which all is well, from which each test takes one thing away."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from iif_reckoner import __version__
from iif_reckoner.doctor import com
from iif_reckoner.doctor.machine import Installed, Process
from iif_reckoner.vba import stock

INSTALLED_AT = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
LATER, EARLIER = datetime(2026, 7, 2, 9, 0, tzinfo=UTC), datetime(2026, 6, 30, 9, 0, tzinfo=UTC)
USER = r"C:\Users\Zoë O'Brien & Söhne"
LOCAL = rf"{USER}\AppData\Local"
SCRIPTS = rf"{LOCAL}\IIF\python\Scripts"
EXCEL = r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE"
DOCUMENTS = rf"{USER}\OneDrive - NHS\Documents"
BOOK = rf"{USER}\Documents\IIF Ready Reckoner.xlsm"

SECURITY = r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel\Security"
OWN_SECURITY = r"HKCU\Software\Microsoft\Office\16.0\Excel\Security"
RULES = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
MANAGED = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Policy Manager"
APP_PATH = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
CLICK_TO_RUN = r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration"


def program(machine: int) -> bytes:
    """The first bytes of a Windows program for this kind of machine."""
    return b"MZ" + bytes(58) + (64).to_bytes(4, "little") + b"PE\0\0" + machine.to_bytes(2, "little")


@dataclass(kw_only=True)
class Recorded:
    system: str = "Windows"
    python: str = "3.12.4"
    bits: int = 64
    interpreter: str = rf"{SCRIPTS}\python.exe"
    code_page: str = "cp1252"
    environment: Mapping[str, str] = field(
        default_factory=lambda: {
            "LOCALAPPDATA": LOCAL,
            "USERPROFILE": USER,
            "OneDriveCommercial": rf"{USER}\OneDrive - NHS",
        }
    )
    values: dict[tuple[str, str], int | str] = field(
        default_factory=lambda: {(APP_PATH, ""): EXCEL, (CLICK_TO_RUN, "VersionToReport"): "16.0.17928.20114"}
    )
    streams: dict[tuple[str, str], str] = field(default_factory=dict)
    files: dict[str, bytes] = field(
        default_factory=lambda: {
            EXCEL: program(0x8664),
            rf"{SCRIPTS}\pythonw.exe": program(0x8664),
            **{rf"{LOCAL}\IIF\python\xlwings{bits}-{stock.xlwings_version()}.dll": b"MZ" for bits in (32, 64)},
        }
    )
    running: tuple[Process, ...] = ()
    packages: dict[str, Installed] = field(
        default_factory=lambda: {
            "iif-reckoner": Installed(
                __version__,
                INSTALLED_AT,
                (f"xlwings=={stock.xlwings_version()}", "numpy<3,>=2.2", "scipy; extra == 'plan'"),
            ),
            "xlwings": Installed(stock.xlwings_version(), INSTALLED_AT),
            "numpy": Installed("2.4.6", INSTALLED_AT),
            "pywin32": Installed("312", INSTALLED_AT),
        }
    )
    gone: dict[str, tuple[str, ...]] = field(default_factory=dict)
    says: str | com.Unreachable = f"Python {__version__}"
    asked: list[tuple[str, ...] | None] = field(default_factory=list)

    def short(self, path):
        return path.replace("Łukasz", "LUKASZ~1")

    def registry(self, key, name):
        return self.values.get((key, name))

    def stream(self, path, name):
        return self.streams.get((path, name))

    def head(self, path):
        return self.files.get(path)

    def processes(self):
        return self.running

    def installed(self, package):
        return self.packages.get(package)

    def vanished(self, package):
        return self.gone.get(package, ())

    def answer(self, command):
        self.asked.append(command)
        if isinstance(self.says, com.Unreachable):
            raise self.says
        return self.says

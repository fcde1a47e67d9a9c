"""The sheet Checks worked out without Excel: for each check what its formula counts, from what is typed.

And beyond it: whether the totals that a file carries are those of its own figures.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from iif_reckoner.desk.as_typed import as_typed
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.check_counts import COUNTED
from iif_reckoner.desk.keep import is_backup
from iif_reckoner.desk.up_to_date import stale
from iif_reckoner.desk.values import Number
from iif_reckoner.errors import FileProblemError, ReckonerError
from iif_reckoner.figures.checks import CHECKS


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What a check found: how many, or the error that its formula ends in; where to look if it is not well."""

    key: str
    what: str
    found: Number
    where: str

    @property
    def well(self) -> bool:
        """Whether there is nothing to look at."""
        return self.found == 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """One workbook: what its checks found, or the problem that it cannot be read for."""

    path: Path
    findings: tuple[Finding, ...] = ()
    problem: str = ""

    @property
    def wrong(self) -> tuple[Finding, ...]:
        """The checks that need a look."""
        return tuple(finding for finding in self.findings if not finding.well)

    @property
    def well(self) -> bool:
        """Whether it can be read and nothing needs a look."""
        return not (self.problem or self.wrong)


def workbooks_in(folder: Path) -> list[Path]:
    """Return the workbooks that stand in a folder, by name: no kept copies, and not what Excel keeps beside open ones.

    Raises:
        FileProblemError: there is none, or the folder cannot be read.
    """
    try:
        files = sorted(folder.iterdir())
    except OSError as error:
        raise FileProblemError(f"{folder}: cannot be read ({error.strerror})") from None
    found = [path for path in files if path.suffix.lower() in _ENDINGS and not _is_beside(path)]
    if not found:
        raise FileProblemError(f"{folder}: no workbook in this folder; give the folder that holds .xlsm or .xlsx files")
    return found


_ENDINGS = (".xlsm", ".xlsx")


def _is_beside(path: Path) -> bool:
    return path.name.startswith("~$") or is_backup(path)


def checked(path: Path) -> Checked:
    """Return what is found in one workbook; a file that cannot be read is a finding, not an error."""
    try:
        return Checked(path=path, findings=tuple(findings(Workbook.open(path))))
    except ReckonerError as error:
        problem = str(error).removeprefix(f"{path}: ").removeprefix(f"{path.name}: ")
        return Checked(path=path, problem=problem)


def findings(book: Workbook) -> Iterator[Finding]:
    """Yield what each check finds, in the order of the sheet, and last whether the totals of the file are its own.

    Raises:
        InputError: a sheet or a column is gone.
    """
    typed = as_typed(book)
    stopped = False
    for check in CHECKS:
        found = COUNTED[check.key](typed)
        stopped = stopped or (check.stops and found != 0)
        yield Finding(key=check.key, what=check.what, found=found, where=check.where)
    old = stale(book, typed, stopped=stopped)
    if old is not None:
        yield Finding(key="values", what=UP_TO_DATE, found=old[0], where=old[1])


UP_TO_DATE = "Values in the file are up to date"

"""`check`: what the sheet Checks of workbooks says, for one or for many at once."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer
from rich.console import Console
from rich.progress import track

from iif_reckoner.cli import output
from iif_reckoner.cli.output import Format
from iif_reckoner.cli.rules import FormatOption
from iif_reckoner.desk.check import Checked, Finding, checked, workbooks_in
from iif_reckoner.desk.side_by_side import side_by_side

_FAILED = 14


def check(
    books: Annotated[list[Path], typer.Argument(help="Workbooks, or folders of them.")],
    quiet: Annotated[bool, typer.Option("--quiet", help="Show only what needs a look.")] = False,  # noqa: FBT002
    how: FormatOption = Format.table,
) -> None:
    """Work out the checks of workbooks without opening Excel, and whether the totals in the files are up to date.

    Of a folder all workbooks are checked, but no kept copies. Where anything needs a look the exit code is 14.

    Example: iif-reckoner check workbooks/ --quiet
    """
    paths = list(dict.fromkeys(path for book in books for path in (workbooks_in(book) if book.is_dir() else [book])))
    terminal = Console(stderr=True)
    with side_by_side(checked, paths) as each:
        hidden = len(paths) == 1 or not terminal.is_terminal
        found = list(track(each, "Checking", len(paths), console=terminal, disable=hidden, transient=True))
    if how is not Format.table:
        output.data(pd.DataFrame(_records(found, quiet=quiet), columns=_COLUMNS, dtype=object), how)
    elif len(found) == 1 and not found[0].problem:
        _show(found[0], quiet=quiet)
    else:
        _list(found, quiet=quiet)
    if not all(book.well for book in found):
        raise typer.Exit(_FAILED)


_COLUMNS = ["file", "check", "what", "found", "result", "where"]


def _records(found: Sequence[Checked], *, quiet: bool) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for book in found:
        file = str(book.path)
        if book.problem:
            rows.append([file, "file", "The file can be read", None, "Look", book.problem])
        findings = book.wrong if quiet else book.findings
        rows += [[file, finding.key, finding.what, *_seen(finding)] for finding in findings]
    return rows


def _seen(finding: Finding) -> tuple[Any, str, str | None]:
    """Return how many were found, the word for it as on the sheet, and where to look if there is reason to."""
    return finding.found, "OK" if finding.well else "Look", None if finding.well else finding.where


def _show(book: Checked, *, quiet: bool) -> None:
    """Print the checks of one workbook."""
    findings = book.wrong if quiet else book.findings
    if findings:
        columns = [("check", "left"), ("found", "right"), ("result", "left"), ("where to look", "left")]
        rows = []
        for finding in findings:
            number, word, where = _seen(finding)
            rows.append([finding.what, number if isinstance(number, str) else f"{number:,}", word, where or ""])
        output.table(book.path.name, columns, rows)
    wrong, every = len(book.wrong), len(book.findings)
    output.line(
        f"{wrong} of {every} checks {_verb(wrong, 'needs', 'need')} a look" if wrong else f"All {every} checks are OK"
    )


def _list(found: Sequence[Checked], *, quiet: bool) -> None:
    """Print one line for each workbook."""
    shown = [book for book in found if not (quiet and book.well)]
    if shown:
        columns = [("file", "left"), ("checks that need a look", "left")]
        output.table("", columns, [[str(book.path), _in_short(book)] for book in shown])
    well = sum(book.well for book in found)
    output.line(f"{well:,} of {len(found):,} workbooks {_verb(well, 'is', 'are')} well")


def _in_short(book: Checked) -> str:
    if book.problem:
        return book.problem
    return "; ".join(f"{finding.what} (found {finding.found})" for finding in book.wrong) or "OK"


def _verb(count: int, one: str, many: str) -> str:
    return one if count == 1 else many

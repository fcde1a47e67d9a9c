"""`collect`: copies that practices sent back, brought together in one workbook."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.console import Console
from rich.progress import track

from iif_reckoner.cli import output
from iif_reckoner.cli.fill import BookArgument, few, say_held, say_left, say_odd
from iif_reckoner.cli.inputs import Notes, working
from iif_reckoner.cli.output import Format
from iif_reckoner.cli.reckon import NamedOption
from iif_reckoner.cli.rules import FormatOption
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.changes import to_type
from iif_reckoner.desk.collect import BOOK, FILES, Collecting, collecting
from iif_reckoner.desk.copies import home_of, read_copy
from iif_reckoner.desk.side_by_side import side_by_side
from iif_reckoner.errors import InputError
from iif_reckoner.package import check_writable, save


def collect(
    book: BookArgument,
    files: Annotated[list[Path], typer.Argument(help="The workbooks that came back.")],
    prefer: Annotated[
        str | None, typer.Option(help="Who is right where figures differ: book, files, or one file's name.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,  # noqa: FBT002
    named: NamedOption = False,  # noqa: FBT002
    how: FormatOption = Format.table,
) -> None:
    """Bring together the figures of workbooks that practices have filled and sent back.

    Figures for blank cells go in. Where two files differ, or the workbook was saved after a file that differs from it,
    the cell waits until --prefer says who is right. What is overwritten is named, and so is what practices added or
    changed beside figures: sheets, remarks, notes, rows on Paste, leads, minutes, overrides, actions.

    Example: iif-reckoner collect west-merton.xlsm returned/*.xlsx --dry-run
    """
    # Working out brings formualizer, which the other commands should not wait for.
    from iif_reckoner.desk.recalculate import recalculated  # noqa: PLC0415
    from iif_reckoner.desk.totals import totals  # noqa: PLC0415

    notes = Notes(named)
    files = list(dict.fromkeys(files))
    if not dry_run:
        check_writable(book, replace=True)
    names = [path.name for path in files]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"{name}: two files have this name; rename one, so that messages can tell them apart")
    if prefer not in (None, BOOK, FILES, *names):
        raise InputError(
            f"--prefer: '{prefer}' is none of the files; write {BOOK}, {FILES} or one of {', '.join(names)}"
        )
    opened = Workbook.open(book)
    saved = datetime.fromtimestamp(book.stat().st_mtime, UTC)
    terminal = Console(stderr=True)
    with side_by_side(partial(read_copy, home=home_of(opened)), files) as each:
        hidden = not terminal.is_terminal
        words = "Reading the copies"
        copies = list(track(each, words, len(files), console=terminal, transient=True, disable=hidden))
    with working(f"Working out {book.name}"):
        found = collecting(opened, saved, copies, prefer=prefer)
        typed = to_type(found.changes)
        done = recalculated(opened.package, typed)
    if typed and not dry_run:
        kept = save(done.package, book, replace=True, backup=True)
        notes.say(f"the workbook as it was is kept as {kept.name}" if kept else f"{book.name} written")
    few(notes, found.found, "thing beside the figures is in the files; nothing was done with it",
        "things beside the figures are in the files; nothing was done with them")  # fmt: skip
    say_odd(notes, found.odd)
    say_held(notes, found.changes)
    say_left(notes, done.failed, done.left)
    waiting = tuple(f"{conflict} ({conflict.why})" for conflict in found.conflicts)
    few(notes, waiting, "cell waits: say who is right with --prefer", "cells wait: say who is right with --prefer")
    _show(book, files, found, how, dry_run=dry_run)
    if how is Format.table and (sums := totals(opened.package, done)) is not None:
        output.line(sums.in_words)


def _show(book: Path, files: list[Path], found: Collecting, how: Format, *, dry_run: bool) -> None:
    if how is Format.table:
        rows = []
        for path in files:
            own = [each for each in found.changes if each.figure.source.startswith(f"{path.name}: ")]
            waits = [
                each for each in found.conflicts for one in each.figures if one.source.startswith(f"{path.name}: ")
            ]
            new = sum(each.outcome == "new" for each in own)
            rows.append((path.name, f"{new:,}", f"{len(own) - new:,}", f"{len(waits):,}"))
        title = f"{book.name}: " + output.done(found.changes, "collected", dry_run=dry_run)
        output.table(title, (("File", "left"), ("new", "right"), ("overwritten", "right"), ("waiting", "right")), rows)
        return
    records = [
        {"practice_code": each.figure.key[0], "indicator": each.figure.key[1], "figure": each.figure.heading,
         "before": each.old, "after": each.figure.value, "outcome": each.outcome, "source": each.figure.source}
        for each in found.changes
    ] + [
        {"practice_code": each.key[0], "indicator": each.key[1], "figure": each.heading, "before": each.typed,
         "after": one.value, "outcome": f"waits, {each.why}", "source": one.source}
        for each in found.conflicts
        for one in each.figures
    ]  # fmt: skip
    columns = ["practice_code", "indicator", "figure", "before", "after", "outcome", "source"]
    output.data(pd.DataFrame(records, columns=columns), how)

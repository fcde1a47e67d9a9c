"""`fill` and `undo`: a month's extract put into a workbook, and a kept copy put back."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from iif_reckoner.cli import output
from iif_reckoner.cli.inputs import Notes, check_month, each_once, working
from iif_reckoner.cli.output import Format
from iif_reckoner.cli.reckon import MappingOption, NamedOption
from iif_reckoner.cli.rules import FormatOption
from iif_reckoner.desk.beside import lists_beside, place_beside
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.changes import Change, Odd
from iif_reckoner.desk.fill import Filling, filling
from iif_reckoner.desk.keep import backups, undo_to
from iif_reckoner.errors import InputError
from iif_reckoner.model import Ruleset
from iif_reckoner.package import check_writable, save, write_file
from iif_reckoner.scheme_year import in_words
from iif_reckoner.sources import CountsFile, Headings, open_headings, read_counts, read_headings

BookArgument = Annotated[Path, typer.Argument(help="The workbook.")]
_FEW = 12


def fill(
    book: BookArgument,
    counts: Annotated[list[Path], typer.Option("--counts", help="A file of counts; may be given several times.")],
    month: Annotated[str | None, typer.Option(help="Only this month (2026-10); else all that the files have.")] = None,
    headings: Annotated[
        list[Path] | None,
        typer.Option(help="A list ours,theirs for files with other headings; kept beside the workbook from then on."),
    ] = None,
    mapping: MappingOption = None,
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite typed figures that differ.")] = False,  # noqa: FBT002
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,  # noqa: FBT002
    named: NamedOption = False,  # noqa: FBT002
    how: FormatOption = Format.table,
) -> None:
    """Put a month's extract into Counts of a workbook, in place; a dated copy of the old one is kept.

    Nothing else in the file is touched. A typed figure that differs stays unless --replace says otherwise.

    Example: iif-reckoner fill west-merton.xlsm --counts october.csv --dry-run
    """
    # Working out brings formualizer, which the other commands should not wait for.
    from iif_reckoner.desk.recalculate import recalculated  # noqa: PLC0415
    from iif_reckoner.desk.totals import totals  # noqa: PLC0415

    notes = Notes(named)
    check_month(month)
    if not dry_run:
        check_writable(book, replace=True)
    opened = Workbook.open(book)
    lists = _headings(book, headings or [], opened.ruleset)
    files = [_read(path, opened.ruleset, lists, mapping) for path in counts]
    for file in files:
        notes.say_all(file.notes)
    rows = pd.concat([file.rows.assign(file=file.path.name) for file in files], ignore_index=True)
    if month is not None:
        rows = rows[rows["month"] == month]
    if rows.empty:
        of = f" of {month}" if month else ""
        raise InputError(f"{counts[0].name}: holds no numerator or denominator{of} that {opened.ruleset_id} scores")
    with working(f"Working out {book.name}"):
        found = filling(opened, each_once(rows, notes), replace=replace)
        done = recalculated(opened.package, found.typed)
    if not dry_run and found.typed:
        kept = save(done.package, book, replace=True, backup=True)
        notes.say(f"the workbook as it was is kept as {kept.name}" if kept else f"{book.name} written")
        for path in headings or []:
            write_file(place_beside(book, path), path.read_bytes(), replace=True)
    _say(found, notes)
    if found.newest and opened.lists_on is not None:
        notes.say(f"list sizes of {in_words(opened.lists_on)} used for figures of {found.newest}")
    say_left(notes, done.failed, done.left)
    _show(book, found, how, dry_run=dry_run)
    if how is Format.table and (sums := totals(opened.package, done)) is not None:
        output.line(sums.in_words)


def undo(
    book: BookArgument,
    source: Annotated[Path | None, typer.Option("--from", help="Which copy; else the newest.")] = None,
    show: Annotated[bool, typer.Option("--list", help="Show the copies that are kept, and change nothing.")] = False,  # noqa: FBT002
) -> None:
    """Put the newest kept copy of a workbook back. What stood there is kept in turn: undo again to have it back.

    Example: iif-reckoner undo west-merton.xlsm
    """
    if show:
        kept_ones = backups(book)
        for path in kept_ones:
            typer.echo(str(path))
        if not kept_ones:
            output.note(f"no kept copy of {book.name} lies beside it")
        return
    back, kept = undo_to(book, source)
    output.note(f"{back.name} is back; what stood there is kept as {kept.name}")
    typer.echo(str(book))


def _headings(book: Path, given: list[Path], ruleset: Ruleset) -> list[Headings]:
    """Return the lists of headings that were given, then those beside the workbook."""
    return [read_headings(path, ruleset) for path in dict.fromkeys([*given, *lists_beside(book)])]


def _read(path: Path, ruleset: Ruleset, lists: list[Headings], mapping: Path | None) -> CountsFile:
    with working(f"Reading {path.name}"):
        if (fitting := open_headings(path, lists)) is not None:
            return fitting.read(path, ruleset)
        try:
            return read_counts(path, ruleset, mapping=mapping)
        except InputError as error:
            if "of no layout" not in str(error):
                raise
            raise InputError(
                f"{error}; for the headings of EMIS or SystmOne give --headings with a list of two columns, ours,theirs"
            ) from None


def _say(found: Filling, notes: Notes) -> None:
    """Say what people should look at before they trust the new figures."""
    few(notes, found.strangers, "practice of the files is not in the workbook; left out",
          "practices of the files are not in the workbook; left out")  # fmt: skip
    few(notes, found.silent, "practice of the workbook has no figures in the files",
          "practices of the workbook have no figures in the files")  # fmt: skip
    few(notes, found.unplaced, "key has no row in Counts; left out", "keys have no row in Counts; left out")
    say_odd(notes, found.odd)
    say_held(notes, found.changes)


def say_held(notes: Notes, changes: Sequence[Change]) -> None:
    """Say which figures differ from typed ones, and whether these stay or are overwritten."""
    for outcome, words in (("kept", "differs from what is typed and stays (--replace overwrites it)"),
                           ("replaced", "was typed otherwise and is overwritten")):  # fmt: skip
        those = tuple(
            f"{change.place[0]} {change.place[1]}, {' '.join(change.figure.key)} {change.figure.heading}: "
            f"{change.old} typed, {change.figure.value} in {change.figure.source}"
            for change in changes
            if change.outcome == outcome
        )
        few(notes, those, f"figure {words}", f"figures: each {words}")


def say_left(notes: Notes, failed: str, left: tuple[tuple[str, str], ...]) -> None:
    """Say what could not be worked out."""
    if failed:
        notes.say(f"nothing could be worked out ({failed}): formulas are empty until Excel opens the workbook")
    places = tuple(f"{title} {address}" for title, address in left)
    few(notes, places, "formula of your own keeps its value until Excel opens the workbook",
          "formulas of your own keep their values until Excel opens the workbook")  # fmt: skip


def say_odd(notes: Notes, odd: Odd) -> None:
    """Say which of the figures that go in are odd."""
    one, many = "is lower than in an earlier month", "are lower than in an earlier month"
    few(notes, odd.fell, f"figure {one}", f"figures {many}")
    one, many = "numerator is larger than its denominator", "numerators are larger than their denominators"
    few(notes, odd.over, one, many)


def few(notes: Notes, names: tuple[str, ...], one: str, many: str) -> None:
    """Print a remark with the first of what it is about; all of it with --named."""
    if not names:
        return
    notes.say(f"{len(names):,} {one if len(names) == 1 else many}", names)
    if not notes.named:
        for name in names[:_FEW]:
            output.also(name)
        if len(names) > _FEW:
            output.also(f"and {len(names) - _FEW:,} more; --named shows all")


def _show(book: Path, found: Filling, how: Format, *, dry_run: bool) -> None:
    if how is not Format.table:
        output.data(
            pd.DataFrame(
                {
                    "practice_code": change.figure.key[0],
                    "indicator": change.figure.key[1],
                    "figure": change.figure.heading,
                    "before": change.old,
                    "after": change.figure.value,
                    "outcome": change.outcome,
                    "source": change.figure.source,
                }
                for change in found.changes
            ),
            how,
        )
        return
    heads = dict.fromkeys(change.figure.heading.rsplit(" ", 1)[0] for change in found.changes)
    rows = []
    for head in heads:
        own = [change.outcome for change in found.changes if change.figure.heading.rsplit(" ", 1)[0] == head]
        rows.append((head, *(f"{own.count(outcome):,}" for outcome in ("new", "same", "replaced", "kept"))))
    title = f"{book.name}: " + output.done(found.typed, "filled", dry_run=dry_run)
    columns = (("", "left"), ("new", "right"), ("as they were", "right"), ("overwritten", "right"), ("kept", "right"))
    output.table(title, columns, rows)

"""`practices`: who belongs to the PCN of a workbook; one that joins or leaves."""

import re
from datetime import date
from typing import Annotated

import pandas as pd
import typer

from iif_reckoner.cli import output
from iif_reckoner.cli.fill import BookArgument, say_left
from iif_reckoner.cli.inputs import Notes, working
from iif_reckoner.cli.output import Format
from iif_reckoner.cli.rules import FormatOption
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.practices import Cells, joining, leaving
from iif_reckoner.errors import InputError, shown
from iif_reckoner.figures.content import Practice
from iif_reckoner.package import check_writable, save
from iif_reckoner.scheme_year import in_words

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_FEW = 6
"""Cells that are named one by one."""


def practices(
    book: BookArgument,
    add: Annotated[str | None, typer.Option(help="Code of a practice that joins.")] = None,
    name: Annotated[str, typer.Option(help="Its name.")] = "",
    list_size: Annotated[int | None, typer.Option(min=1, help="Its registered patients.")] = None,
    close: Annotated[str | None, typer.Option(help="Code of a practice that leaves.")] = None,
    day: Annotated[
        str | None, typer.Option("--from", help="The day on which one joins, or the other leaves: 2026-10-01.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be, and change nothing.")] = False,  # noqa: FBT002
    how: FormatOption = Format.table,
) -> None:
    """Show the practices of a workbook; with --add or --close write one that joins or leaves into it.

    A practice that joins gets a row of Practices and rows of Counts. One that leaves stays in all sums, with the day in
    its column To: the counts of the year are the PCN's. A dated copy of the old workbook is kept.

    Example: iif-reckoner practices west-merton.xlsm --add A81001 --name "Mill Lane Surgery" --list-size 8973
    --from 2026-10-01
    """
    _refuse_half(add, name, list_size, close, day)
    notes = Notes(named=False)
    if (add is not None or close is not None) and not dry_run:
        check_writable(book, replace=True)
    opened = Workbook.open(book)
    if add is not None or close is not None:
        opened = _changed(opened, _cells(opened, add, name, list_size, close, day), notes, dry_run=dry_run)
    _show(opened, how)


def _refuse_half(add: str | None, name: str, list_size: int | None, close: str | None, day: str | None) -> None:
    if add is None and (name or list_size is not None):
        raise InputError("--name and --list-size are of a practice that joins; give its code with --add")
    if add is None and close is None and day is not None:
        raise InputError("--from is the day of a practice that joins or leaves; give its code with --add or --close")
    if close is not None and day is None:
        raise InputError("--close: give the day on which the practice leaves with --from, such as --from 2026-10-01")


def _cells(
    book: Workbook, add: str | None, name: str, list_size: int | None, close: str | None, day: str | None
) -> Cells:
    on = None if day is None else _day(day)
    cells: Cells = {}
    if add is not None:
        practice = Practice(code=_clean(add).upper(), name=_clean(name), list_size=list_size, start=on)
        cells |= joining(book, practice)
    if close is not None and on is not None:
        cells |= leaving(book, _clean(close).upper(), on)
    return cells


def _day(text: str) -> date:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise InputError(f"--from: {shown(text)} is not a day; write it as 2026-10-01")


def _clean(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _changed(book: Workbook, cells: Cells, notes: Notes, *, dry_run: bool) -> Workbook:
    """Return the workbook with these cells typed in, written in its place unless it is a dry run."""
    # Working a workbook out brings formualizer, which a list should not wait for.
    from iif_reckoner.desk.recalculate import recalculated  # noqa: PLC0415
    from iif_reckoner.desk.totals import totals  # noqa: PLC0415

    with working(f"Working out {book.name}"):
        done = recalculated(book.package, cells)
    path = book.package.path
    if not dry_run and path is not None:
        kept = save(done.package, path, replace=True, backup=True)
        notes.say(f"the workbook as it was is kept as {kept.name}" if kept else f"{book.name} written")
    for title in dict.fromkeys(title for title, _ in cells):
        own = [address for of, address in cells if of == title]
        where = ", ".join(own) if len(own) <= _FEW else f"{own[0]} to {own[-1]}"
        notes.say(f"{title}: {where} {'would be written' if dry_run else 'written'}")
    say_left(notes, done.failed, done.left)
    if (sums := totals(book.package, done)) is not None:
        notes.say(sums.in_words)
    changed = Workbook(done.package)
    if blank := [own.code for own in changed.members if own.list_size is None]:
        one = len(blank) == 1
        notes.say(
            f"the list size is not applied, and pounds are those of an average PCN, until {', '.join(blank)} "
            f"{'has a list size' if one else 'have list sizes'}"
        )
    return changed


def _show(book: Workbook, how: Format) -> None:
    if how is not Format.table:
        output.data(
            pd.DataFrame(
                {
                    "practice_code": own.code,
                    "practice_name": own.name,
                    "system": own.system,
                    "list_size": own.list_size,
                    "weighted_list": own.weighted_list,
                    "lead": own.lead,
                    "from": own.start and own.start.isoformat(),
                    "to": own.end and own.end.isoformat(),
                    "hours": own.hours,
                }
                for own in book.members
            ),
            how,
        )
        return
    heads = [(name, "left") for name in ("practice", "name", "system")] + [("list", "right"), ("weighted", "right")]
    heads += [(name, "left") for name in ("lead", "from", "to")] + [("hours", "right")]
    rows = [
        (
            *(own.code, own.name, own.system, output.whole(own.list_size), output.decimal(own.weighted_list, 0)),
            *(own.lead, in_words(own.start) if own.start else "", in_words(own.end) if own.end else ""),
            "" if own.hours is None else f"{own.hours:,.10g}",
        )
        for own in book.members
    ]
    whole = sum(own.list_size or 0 for own in book.members)
    blank = sum(own.list_size is None for own in book.members)
    title = " ".join(str(book.fact(label) or "") for label in ("PCN code", "PCN")).strip() or book.name
    caption = f"{len(rows)} practice{'s' * (len(rows) != 1)}, {whole:,} registered patients" + (
        f"; {blank} without a list size" if blank else ""
    )
    output.table(title, heads, rows, caption)

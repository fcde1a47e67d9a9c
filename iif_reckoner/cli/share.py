"""`share`: a copy of a workbook that may leave the PCN, and a message to send it with."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from iif_reckoner.cli.fill import BookArgument
from iif_reckoner.cli.inputs import Notes, working
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.earned import shown_month
from iif_reckoner.desk.remarks import own_sheets, remarks
from iif_reckoner.errors import InputError
from iif_reckoner.figures.content import Content
from iif_reckoner.package import check_writable, write_file

if TYPE_CHECKING:
    from iif_reckoner.desk.share import Asked
    from iif_reckoner.desk.suppress import Masks


def share(
    book: BookArgument,
    values: Annotated[bool, typer.Option("--values", help="Figures alone: no formula anywhere.")] = False,  # noqa: FBT002
    practice: Annotated[
        str | None, typer.Option(help="Code of a practice: its own rows and nothing of the others.")
    ] = None,
    with_names: Annotated[  # noqa: FBT002
        bool, typer.Option("--with-names", help="Send the names of leads and the actions along.")
    ] = False,
    suppress: Annotated[  # noqa: FBT002
        bool, typer.Option("--suppress", help="Mask counts under 8 and what would give one away; values alone.")
    ] = False,
    email: Annotated[  # noqa: FBT002
        bool, typer.Option("--email", help="Write a message with the copy attached beside it, for Outlook (.eml).")
    ] = False,
    output: Annotated[Path | None, typer.Option(help="The copy (.xlsx); else a speaking name beside BOOK.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite files that are there.")] = False,  # noqa: FBT002
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go and what would stay.")] = False,  # noqa: FBT002
) -> None:
    """Make a copy of a workbook that may leave the PCN: without macros, hidden sheets, or anybody's name.

    It is made anew from the practices, counts, plan and rules. Sheets of your own, remarks, names of leads and
    actions stay; of pasted rows go the figures alone, as counts. With --practice it is reckoned as that practice
    alone, with its own list; what the PCN has cannot be worked out from one practice.

    --suppress masks counts of patients from 1 to 7 as NHS England does, and writes <8; a 0 is published there, so it
    is shown. Where a masked count could be worked out from others, such as the PCN's sum, they are hidden as *.

    Example: iif-reckoner share west-merton.xlsm --suppress --email
    """
    # Building brings openpyxl and formualizer, which the other commands should not wait for.
    from iif_reckoner.desk import mail  # noqa: PLC0415
    from iif_reckoner.desk import share as sharing  # noqa: PLC0415
    from iif_reckoner.desk.suppress import few  # noqa: PLC0415

    notes = Notes(named=False)
    opened = Workbook.open(book)
    whole, unread = sharing.with_pasted(opened, opened.content())
    code = None if practice is None else practice.strip().upper()
    asked = sharing.Asked(practice=code, values=values, names=with_names, suppress=suppress)
    content = sharing.going(whole, asked, book.name)
    path = output or book.with_name(sharing.file_name(content, asked))
    paths = [path, path.with_suffix(".eml")] if email else [path]
    _check(book, paths, replace=replace)
    if unread:
        notes.say(f"{_many(unread, 'figure')} on Paste {_stays(unread)}, being none or twice there; see Checks")
    _say_what_stays(opened, whole, asked, notes)
    if not suppress and (small := len(few(content))):
        notes.say(f"{_many(small, 'count')} under 8; --suppress masks {'it' if small == 1 else 'them'}")
    with working(f"Making {path.name}"):
        made = sharing.shared(content, asked)
        data = made.package.to_bytes()
    if made.masks is not None:
        _say_masks(made.masks, notes)
    if dry_run:
        notes.say(f"nothing written; without --dry-run: {', '.join(map(str, paths))}")
        return
    written = [data]
    if email:
        month = shown_month(content)
        of = "" if code is None else content.practices[0].name or code
        about = mail.subject(content, of, content.months[month - 1] if month else "")
        text = mail.body(made.package, content.ruleset, about)
        written.append(mail.draft(about, text, attachment=data, name=path.name))
    for place, content_of in zip(paths, written, strict=True):
        write_file(place, content_of, replace=replace)
        typer.echo(str(place))


def _check(book: Path, paths: list[Path], *, replace: bool) -> None:
    """Refuse what cannot be written, before anything is."""
    if paths[0].suffix.lower() != ".xlsx":
        raise InputError(
            f"--output: '{paths[0].name}' is no name of a copy without macros; write one that ends in .xlsx"
        )
    for path in paths:
        if path.exists() and path.samefile(book):
            raise InputError(f"--output: {path} is the workbook itself; give the copy another name")
        check_writable(path, replace=replace)


def _say_what_stays(opened: Workbook, whole: Content, asked: "Asked", notes: Notes) -> None:
    from iif_reckoner.desk import share as sharing  # noqa: PLC0415

    if own := own_sheets(opened.package):
        notes.say(f"{'a sheet' if len(own) == 1 else 'sheets'} of your own {_stays(len(own))}: {', '.join(own)}")
    if count := sum(1 for _ in remarks(opened.package)):
        notes.say(f"{_many(count, 'remark')} on cells {_stays(count)}")
    if strays := sharing.strays(whole):
        notes.say(
            f"figures in Counts of no practice or indicator of this workbook {_stays(2)}: {', '.join(strays)}; "
            "the copy's totals are without them"
        )
    words = {what: number for what, number in sharing.words_in(whole).items() if number}
    if words and not asked.names:
        *others, last = [_many(number, what) for what, number in words.items()]
        said = f"{', '.join(others)} and {last}" if others else last
        number = sum(words.values())
        notes.say(f"{said} {_stays(number)}; --with-names sends {'it' if number == 1 else 'them'} along")
    if asked.practice is not None:
        notes.say(
            f"reckoned as {asked.practice} alone with its own list; what the PCN has cannot be worked out from it"
        )


def _say_masks(found: "Masks", notes: Notes) -> None:
    from iif_reckoner.desk.suppress import FEW, HIDDEN  # noqa: PLC0415

    if not found.cells:
        notes.say("no counts under 8")
        return
    notes.say(f"{_many(found.few, 'count')} under 8 masked as {FEW} on Counts")
    sheets = {title: number for title, number in found.sheets.items() if title != "Counts"}
    if found.besides:
        sheets = {"Counts": found.besides, **sheets}
    if sheets:
        where = ", ".join(f"{number:,} on {title}" for title, number in sheets.items())
        notes.say(f"what would give {'it' if found.few == 1 else 'one of them'} away is hidden as {HIDDEN}: {where}")


def _many(number: int, noun: str) -> str:
    """Return a number of things; of a thing in several words the first takes the plural."""
    first, *rest = noun.split(" ")
    return " ".join([f"{number:,}", first if number == 1 else f"{first}s", *rest])


def _stays(number: int) -> str:
    return "stays here" if number == 1 else "stay here"

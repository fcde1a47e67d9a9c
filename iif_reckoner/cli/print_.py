"""`print`: pages for the wall, the practices and the board, as PDF."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from iif_reckoner.cli.fill import BookArgument
from iif_reckoner.cli.inputs import working
from iif_reckoner.desk.book import Workbook
from iif_reckoner.errors import InputError
from iif_reckoner.package import check_writable, write_file


class PageName(StrEnum):
    """What can be printed."""

    poster = "poster"
    tear_off = "tear-off"
    board = "board"
    agenda = "agenda"


def print_(
    book: BookArgument,
    page: Annotated[PageName, typer.Argument(help="What to print.")],
    practice: Annotated[str | None, typer.Option(help="tear-off: the code of one practice, not all.")] = None,
    output: Annotated[Path | None, typer.Option(help="The PDF; else a speaking name beside BOOK.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite a file that is there.")] = False,  # noqa: FBT002
) -> None:
    """Print pages of a workbook as PDF: the figures are those that its cells show. No office suite is needed.

    poster: one A3 page to hold a workshop in front of, with space for leads, actions and comments.

    tear-off: an A4 page for each practice with three next steps, its own figures and what changed.

    board: an A4 page with what is earned, the forecast, risks and decisions asked; it names no practice.

    agenda: the monthly meeting, as the command `agenda` has it, with space for what was decided.

    Example: iif-reckoner print west-merton.xlsm poster

    Example: iif-reckoner print west-merton.xlsm tear-off --practice A81001 --output riverside.pdf
    """
    code = None if practice is None else practice.strip().upper()
    if code is not None and page is not PageName.tear_off:
        raise InputError(f"--practice: only a tear-off is of one practice, not {page.value}")
    path = output or book.with_name(" ".join(part for part in (book.stem, page.value, code) if part) + ".pdf")
    if path.suffix.lower() != ".pdf":
        raise InputError(f"--output: '{path.name}' is no name of a PDF; write one that ends in .pdf")
    check_writable(path, replace=replace)
    with working(f"Setting {path.name}"):
        made = _made(Workbook.open(book), page, code)
    write_file(path, made, replace=replace)
    typer.echo(path)


def _made(book: Workbook, page: PageName, practice: str | None) -> bytes:
    from iif_reckoner.paper.agenda import agenda  # noqa: PLC0415
    from iif_reckoner.paper.board import board  # noqa: PLC0415
    from iif_reckoner.paper.poster import poster  # noqa: PLC0415
    from iif_reckoner.paper.tear_off import tear_offs  # noqa: PLC0415
    from iif_reckoner.paper.typeset import typeset  # noqa: PLC0415

    match page:
        case PageName.poster:
            data = poster(book)
        case PageName.tear_off:
            data = tear_offs(book, practice)
        case PageName.board:
            data = board(book)
        case PageName.agenda:
            data = agenda(book)
    return typeset(page.value, data)

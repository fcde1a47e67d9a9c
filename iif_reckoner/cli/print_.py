"""`print`: pages for the wall, the practices and the board, as PDF."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from iif_reckoner.cli.fill import BookArgument
from iif_reckoner.cli.inputs import working
from iif_reckoner.desk.book import Workbook
from iif_reckoner.package import check_writable, write_file


class PageName(StrEnum):
    """What can be printed."""

    poster = "poster"


def print_(
    book: BookArgument,
    page: Annotated[PageName, typer.Argument(help="What to print.")],
    output: Annotated[Path | None, typer.Option(help="The PDF; else a speaking name beside BOOK.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite a file that is there.")] = False,  # noqa: FBT002
) -> None:
    """Print pages of a workbook as PDF: the figures are those that its cells show. No office suite is needed.

    Example: iif-reckoner print west-merton.xlsm poster
    """
    from iif_reckoner.paper.poster import poster  # noqa: PLC0415
    from iif_reckoner.paper.typeset import typeset  # noqa: PLC0415

    path = output or book.with_name(f"{book.stem} {page.value}.pdf")
    check_writable(path, replace=replace)
    with working(f"Setting {path.name}"):
        made = typeset(page.value, poster(Workbook.open(book)))
    write_file(path, made, replace=replace)
    typer.echo(path)

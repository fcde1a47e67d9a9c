"""`update`: a workbook drawn anew under other rules of its year, or in the newest layout."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated

import pandas as pd
import typer

from iif_reckoner import rulesets
from iif_reckoner.cli import output
from iif_reckoner.cli.fill import BookArgument, few, say_left
from iif_reckoner.cli.inputs import Notes, working
from iif_reckoner.cli.output import Format
from iif_reckoner.cli.reckon import NamedOption
from iif_reckoner.cli.rules import FormatOption
from iif_reckoner.desk.book import Workbook
from iif_reckoner.errors import InputError, shown
from iif_reckoner.figures.content import Content, Typed
from iif_reckoner.layout.sheets import LAYOUT
from iif_reckoner.package import check_writable, write_file
from iif_reckoner.rules_table import SCHEME, to_rows

if TYPE_CHECKING:
    from iif_reckoner.desk.redraw import Redrawn
    from iif_reckoner.desk.update import Override, Update


def update(
    book: BookArgument,
    ruleset: Annotated[
        str | None,
        typer.Option("--ruleset", help="The new rules (2022-23.v2) of the same year; left out: those it has."),
    ] = None,
    leave: Annotated[  # noqa: FBT002
        bool,
        typer.Option("--leave-behind", help="Leave in the kept copy what you have put onto the reckoner's sheets."),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,  # noqa: FBT002
    named: NamedOption = False,  # noqa: FBT002
    how: FormatOption = Format.table,
) -> None:
    """Bring a workbook under other rules of its year, or a workbook of an earlier layout up to date.

    The reckoner's sheets are drawn anew with all that was typed into them; sheets of your own go on as they are, with
    charts, pictures, comments and macros. A dated copy of the old workbook is kept. Shown is what each indicator earns
    by the old rules and by the new.

    Example: iif-reckoner update west-merton.xlsm --ruleset 2022-23.v2 --dry-run
    """
    # Building brings openpyxl and formualizer, which the other commands should not wait for.
    from iif_reckoner.build import make  # noqa: PLC0415
    from iif_reckoner.desk.own import own  # noqa: PLC0415
    from iif_reckoner.desk.redraw import redrawn  # noqa: PLC0415
    from iif_reckoner.desk.update import is_current, updated  # noqa: PLC0415

    notes = Notes(named)
    if not dry_run:
        check_writable(book, replace=True)
    opened = Workbook.open(book)
    asked = ruleset or opened.ruleset_id
    plain, content = rulesets.load(asked, assumed=False), opened.content()
    if is_current(opened, plain, content):
        notes.say(f"{book.name} is of {plain.id} already, in the newest layout; nothing to change")
        return
    found = updated(opened, plain, rulesets.load(asked))
    # Where an earlier layout had what is ours is not known, so a workbook of one is made anew as a whole.
    whole = opened.layout < LAYOUT
    theirs = (own(opened, content) if whole else own(opened, content).on_our_sheets).in_words
    if theirs and not (leave or dry_run):
        raise InputError(
            f"{book.name}: has {theirs}: they would stay in the backup only; move them to "
            f"{'another workbook' if whole else 'a sheet of your own'} first, or add --leave-behind"
        )
    with working(f"Making {book.name}"):
        drawn = None if whole else redrawn(opened.package, found.content)
        data = make(found.content) if drawn is None else drawn.package.to_bytes()
    if not dry_run:
        kept = write_file(book, data, replace=True, backup=True, expected=opened.package.source)
        notes.say(f"the workbook as it was is kept as {kept.name}" if kept else f"{book.name} written")
    if whole:
        notes.say(f"{book.name} is of layout {opened.layout}, an earlier one; the newest is {LAYOUT}")
    if theirs:
        notes.say(f"in the kept copy only: {theirs}")
    if drawn is not None:
        _say_own(drawn, notes)
    if (said := opened.fact("List sizes of")) is not None and content.lists_on is None:
        notes.say(f"{shown(said)} beside 'List sizes of' on Start is no day such as 1 January 2026; it is blank now")
    _say(found, notes)
    _show(f"{book.name}: {opened.ruleset_id} to {plain.id}", found, how)


def _say(found: "Update", notes: Notes) -> None:
    """Say what stays behind, what goes on, and what counts otherwise now."""
    rules = found.content.ruleset
    _say_figures(found.unused, f"of indicators that {rules.id} does not use", notes)
    _say_figures(found.strays, "in rows that belong to no practice of the workbook", notes)
    if found.left:
        notes.say(f"in the kept copy only: what Plan, Reckoner and Compare held of {', '.join(found.left)}")
    published = _published(found.content)
    kept = tuple(
        f"{in_words(key, value)}, published: {_plain(published.get(key))}" for key, value in found.kept.items()
    )
    few(notes, kept, "override goes on", "overrides go on")
    dropped = tuple(in_words(key, value) for key, value in found.dropped.items())
    few(notes, dropped, f"override dropped: {rules.id} has no such indicator",
        f"overrides dropped: {rules.id} has no such indicators")  # fmt: skip
    other = tuple(
        f"{link.after}: {link.why}" if link.before == link.after else f"{link.after} for {link.before}: {link.why}"
        for link in found.recount
    )
    few(notes, other, "indicator counts otherwise now; take its figures anew",
        "indicators count otherwise now; take their figures anew")  # fmt: skip


def _say_own(drawn: "Redrawn", notes: Notes) -> None:
    """Say what to look at on the user's own sheets, and whose macros go on."""
    where = "the reckoner's sheets: rows may have moved there, check"
    one, many = (
        f"formula or chart of your own looks at {where} it",
        f"formulas or charts of your own look at {where} them",
    )
    few(notes, drawn.looking, one, many)
    say_left(notes, "", drawn.left)
    if drawn.macros_stay:
        notes.say("the macros stay as they are: Excel or another program has saved them, and some may be yours")


def _say_figures(figures: Mapping[str, int], what: str, notes: Notes) -> None:
    if figures:
        each = ", ".join(f"{name} {number:,}" for name, number in figures.items())
        notes.say(f"in the kept copy only: {sum(figures.values()):,} figures {what}: {each}")


def in_words(key: "Override", value: Typed) -> str:
    """Return what was typed over a rule as people read it."""
    code, name = key
    return f"{'the scheme' if code == SCHEME else code}, {output.words(name)}: {_plain(value)}"


def _plain(value: object) -> str:
    return "not known" if value is None else f"{value:g}" if isinstance(value, int | float) else str(value)


def _published(content: Content) -> "dict[Override, Typed]":
    """Return the numbers of the rules as the sheet Rules has them."""
    head, *rows = to_rows(content.ruleset, content.assumed if content.assumed.is_assumed else None, content.national)
    return {(str(row[0]), str(name)): value for row in rows for name, value in zip(head[1:], row[1:], strict=True)}


def _show(title: str, found: "Update", how: Format) -> None:
    if how is not Format.table:
        output.data(
            pd.DataFrame(
                {
                    "indicator": line.code,
                    "points_before": _number(line.points[0]),
                    "points_after": _number(line.points[1]),
                    "value_before_gbp": _number(line.pounds[0]),
                    "value_after_gbp": _number(line.pounds[1]),
                    "change": line.change,
                }
                for line in found.lines
            ),
            how,
        )
        return
    columns = [("indicator", "left"), ("points before", "right"), ("after", "right")]
    columns += [("won before", "right"), ("after", "right"), ("", "left")]
    rows = [
        (
            line.code,
            *(output.decimal(_number(points)) for points in line.points),
            *(output.pounds(_number(pounds)) for pounds in line.pounds),
            line.change,
        )
        for line in (*found.lines, found.total)
    ]
    blank = [line.code for line in found.lines if line.points == (None, None)]
    caption = f"No points can be worked out for {', '.join(blank)}." if blank and found.month else ""
    when = f"end of {found.month}" if found.month else "no figures yet"
    output.table(f"{title}, {when}", columns, rows, caption)


def _number(value: Fraction | Decimal | None) -> float | None:
    return None if value is None else float(value)

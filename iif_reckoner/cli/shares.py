"""`shares`: the patients that the PCN still needs, split between its practices."""

from enum import StrEnum
from typing import Annotated

import pandas as pd
import typer

from iif_reckoner.cli import output
from iif_reckoner.cli.fill import BookArgument
from iif_reckoner.cli.inputs import working
from iif_reckoner.cli.output import Format
from iif_reckoner.cli.rules import FormatOption, find
from iif_reckoner.cli.weak_links import IndicatorOption, title_of
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.position import position
from iif_reckoner.plan.shares import LACKS, TO, Shares, by_words, lacking, to_words
from iif_reckoner.plan.shares import shares as shares_of

COLUMNS = ["indicator", "practice_code", "patients"]


class By(StrEnum):
    """What shares go by, as an option is written."""

    own_gap = "own-gap"
    registered = "list"
    capacity = "capacity"
    equally = "equally"


class Threshold(StrEnum):
    """The threshold that the patients are for."""

    upper_threshold = "upper"
    lower_threshold = "lower"


def shares(
    book: BookArgument,
    indicator: IndicatorOption = None,
    by: Annotated[By | None, typer.Option(help="What shares go by; without it, the switch on Practice gaps.")] = None,
    to: Annotated[Threshold | None, typer.Option(help="The threshold to reach; without it, the switch.")] = None,
    how: FormatOption = Format.table,
) -> None:
    """Split the patients that the PCN still needs between its practices: whole patients that add up exactly.

    By each practice's own gap to the upper threshold, its registered list, its capacity (Hours a month on Practices) or
    equally. What is left over once shares are rounded down goes to the largest remainders.

    Example: iif-reckoner shares west-merton.xlsm --by capacity --to lower
    """
    with working(f"Reading {book.name}"):
        opened = Workbook.open(book)
        found = position(opened)
    wanted = None if indicator is None else find(found.rules, indicator)
    way = by_words(by.replace("-", " ") if by else opened.sharing.by)
    target = to_words(f"{to} threshold" if to else opened.sharing.to)
    rows = [each for each in shares_of(found, way, target) if wanted in (None, each.indicator)]
    if not rows:
        of = "the PCN" if wanted is None else f"{wanted.code}: the PCN"
        output.note(f"{of} needs no patients to the {TO[target]}" if found.month else "nothing has been counted yet")
    absent = [member.code for member in lacking(found, way)] if any(not each.shares for each in rows) else []
    if absent:
        output.note(f"without {LACKS[way]} on Practices: {', '.join(absent)}; nothing is shared out by {way} before")
    for each in rows:
        if text := _remark(each, known=not absent):
            output.note(text)
    if how is not Format.table:
        records = [
            {"indicator": each.indicator.code, "practice_code": share.member.code, "patients": share.patients}
            for each in rows
            for share in each.shares
            if share.patients is not None
        ]
        output.data(pd.DataFrame(records, columns=COLUMNS), how)
        return
    _show(f"{title_of(opened)}: patients to the {TO[target]}, shared out", [each for each in rows if each.shares])


def _remark(each: Shares, *, known: bool) -> str:
    """Return what has to be known of the shares of an indicator: why there are none, or whose are too many."""
    if not each.shares:
        why = {"no own gap": "no practice has an own gap; share by list, capacity or equally"}.get(each.how, each.how)
        who = "1 patient is" if each.patients == 1 else f"{each.patients:,} patients are"
        return f"{each.indicator.code}: {who} not shared out: {why}" if known else ""
    many = [f"{share.member.code} {share.patients:,} of {share.left:,}" for share in each.shares if share.is_too_many]
    return f"{each.indicator.code}: more than these practices have left: {', '.join(many)}" if many else ""


def _show(title: str, rows: list[Shares]) -> None:
    if not rows:
        return
    heads = [("indicator", "left"), ("needed", "right"), ("shared by", "left")]
    heads += [("practice", "left"), ("name", "left"), ("patients", "right")]
    lines = []
    for each in rows:
        of = [each.indicator.code, output.whole(each.patients), each.how]
        for share in each.shares:
            if share.patients:
                lines.append([*of, share.member.code, share.member.name, output.whole(share.patients)])
                of = [""] * 3
    output.table(title, heads, lines)

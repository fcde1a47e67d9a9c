"""`reconcile`: our figures beside official ones, what a difference may come from, and the letter that disputes it."""

import csv
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from iif_reckoner.cli import output
from iif_reckoner.cli.bridge import month_of
from iif_reckoner.cli.fill import BookArgument
from iif_reckoner.cli.inputs import Notes, counts_of_month
from iif_reckoner.cli.output import Format
from iif_reckoner.cli.reckon import MappingOption, NamedOption
from iif_reckoner.cli.rules import FormatOption, find
from iif_reckoner.cli.what_if import IndicatorOption
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.letter import Letter, as_html, as_text
from iif_reckoner.desk.position import position
from iif_reckoner.desk.reading import compared
from iif_reckoner.errors import InputError, unknown
from iif_reckoner.model import Counts
from iif_reckoner.package import check_writable, write_file
from iif_reckoner.plan.position import Position
from iif_reckoner.plan.reconcile import Beside, Reconciled, Whole, reconcile
from iif_reckoner.scheme_year import month_names, written
from iif_reckoner.sources.files import csv_bytes

_EVIDENCE = ("practice_code", "indicator", "evidence")
_LETTERS = (".txt", ".html")

Evidence = Mapping[tuple[str, str], str]
"""What is said to a difference, by practice (empty for the PCN) and indicator."""


def reconcile_command(
    book: BookArgument,
    official: Annotated[
        list[Path], typer.Option("--official", help="A file of official counts; may be given several times.")
    ],
    month: Annotated[
        str | None, typer.Option(help="Only this month (2024-03); left out: the one that is shown.")
    ] = None,
    letter: Annotated[
        Path | None, typer.Option(help="Write the letter that disputes them: .txt, or .html, which Word opens.")
    ] = None,
    evidence: Annotated[
        Path | None, typer.Option(help="CSV practice_code, indicator, evidence, beside what is typed on Compare.")
    ] = None,
    mapping: MappingOption = None,
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite a letter that exists.")] = False,  # noqa: FBT002
    indicator: IndicatorOption = None,
    named: NamedOption = False,  # noqa: FBT002
    how: FormatOption = Format.table,
) -> None:
    """Put our figures beside those of CQRS or NHS England: difference in patients, points and pounds, per practice.

    Each difference comes with what it may come from. Less is always: official less ours. Where a year was decided
    otherwise than by its counts, what was credited stands beside.

    Example: iif-reckoner reconcile west-merton.xlsm --official cqrs.csv --letter letter.html
    """
    if letter is not None:
        if letter.suffix.casefold() not in _LETTERS:
            raise InputError(f"--letter: {letter.name} is neither .txt nor .html; name it such as letter.html")
        read = [book, *official, *filter(None, (evidence, mapping))]
        if letter.exists() and any(path.exists() and letter.samefile(path) for path in read):
            raise InputError(f"--letter: {letter} is one of the files that are read; give the letter another name")
        check_writable(letter, replace=replace)
    notes = Notes(named)
    opened = Workbook.open(book)
    only = None if indicator is None else find(opened.in_force, indicator).code
    stands = position(opened, None if month is None else month_of(opened, "--month", month))
    if not stands.month:
        raise InputError(f"{book.name}: no figures yet; fill in a month before it is held against official ones")
    when = written(opened.ruleset.year, stands.month)
    rows = counts_of_month(opened.ruleset, official, when, mapping, notes)
    found = _found(stands, rows, official, opened).of(only)
    on_sheet = compared(opened.package, opened.codes).evidence
    said = {("", code): text for code, text in on_sheet.items()} | _evidence(evidence, opened)
    said = {(who, code): text for (who, code), text in said.items() if text and only in (None, code)}
    if letter is not None and not found.different:
        raise InputError("--letter: no official figure differs from ours; there is nothing to dispute")
    if found.absent:
        notes.say(f"no official figure of {', '.join(found.absent)}")
    if how is Format.table:
        _show(opened, stands, found, said, total=only is None)
    else:
        output.data(pd.DataFrame(_records(found, said), columns=_COLUMNS, dtype=object), how)
    if letter is not None:
        words = Letter(
            pcn_name=str(opened.fact("PCN") or ""),
            pcn_code=opened.pcn_code,
            year=opened.ruleset.year,
            month=month_names(opened.ruleset.year)[stands.month - 1],
            files=[path.name for path in official],
            found=found,
            evidence=said,
        )
        text = as_html(words) if letter.suffix.casefold() == ".html" else as_text(words)
        write_file(letter, text.encode(), replace=replace)
        notes.say(f"{letter.name} written")


def _found(stands: Position, rows: pd.DataFrame, files: Sequence[Path], book: Workbook) -> Reconciled:
    counts = {
        (str(row["organisation_code"]).upper(), str(row["indicator"])): Counts(
            numerator=_whole(row["numerator"]),
            denominator=_whole(row["denominator"]),
            baseline_numerator=_whole(row["baseline_numerator"]),
            baseline_denominator=_whole(row["baseline_denominator"]),
        )
        for row in rows.to_dict("records")
        if not pd.isna(row["numerator"]) and not pd.isna(row["denominator"])
    }
    found = reconcile(stands, counts, book.ruleset)
    if not found.wholes:
        raise InputError(f"{files[0].name}: holds no figure of a practice of {book.name}; give the file of this PCN")
    return found


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _evidence(path: Path | None, book: Workbook) -> dict[tuple[str, str], str]:
    """Return what a file says to differences.

    Raises:
        InputError: a column is missing.
        UnknownNameError: it names a practice or indicator that there is not.
    """
    if path is None:
        return {}
    reader = csv.DictReader(io.StringIO(csv_bytes(path).decode("utf-8")))
    for name in _EVIDENCE:
        if name not in (reader.fieldnames or ()):
            raise InputError(f"{path.name}: no column is headed '{name}'; write {', '.join(_EVIDENCE)}")
    said, codes = {}, {member.code for member in book.members} | {"", book.pcn_code}
    for number, row in enumerate(reader, start=2):
        who = (row["practice_code"] or "").strip().upper()
        if who not in codes:
            raise unknown("practice", who, codes - {""}, where=f"{book.name}, asked for in {path.name}, row {number}")
        said["" if who == book.pcn_code else who, find(book.in_force, row["indicator"] or "").code] = (
            row["evidence"] or ""
        )
    return said


_COLUMNS = [
    "practice_code", "indicator", "numerator", "denominator", "official_numerator", "official_denominator",
    "numerator_less", "denominator_less", "points", "official_points", "value_gbp", "official_value_gbp",
    "value_less_gbp", "awarded_gbp", "may_come_from", "evidence",
]  # fmt: skip


def _records(found: Reconciled, said: Evidence) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for whole in found.wholes:
        money = [whole.ours.points, whole.official.points, whole.ours.value_gbp, whole.official.value_gbp, whole.pounds,
                 whole.ours.awarded_gbp]  # fmt: skip
        rows.append(_record(whole.beside, money, said))
        rows += [
            _record(each, [None] * len(money), said) for each in found.practices if each.code == whole.beside.code
        ]  # fmt: skip
    return rows


def _record(each: Beside, money: Sequence[Fraction | Decimal | None], said: Evidence) -> list[Any]:
    return [
        each.who or None, each.code, each.ours.numerator, each.ours.denominator, each.official.numerator,
        each.official.denominator, *each.less, *money, "; ".join(each.reasons), said.get((each.who, each.code), ""),
    ]  # fmt: skip


def _show(book: Workbook, stands: Position, found: Reconciled, said: Evidence, *, total: bool) -> None:
    names = month_names(book.ruleset.year)
    columns = [("indicator", "left"), ("ours", "right"), ("official", "right"), ("less", "right"), ("of", "right")]
    columns += [("points less", "right"), ("pounds less", "right"), ("credited", "right")]
    rows = [_row(whole) for whole in found.wholes]
    if total:
        both = [whole for whole in found.wholes if whole.pounds is not None]
        known = [whole.pounds for whole in both if whole.pounds is not None]
        earned = [(whole.official.points or Fraction(0)) - (whole.ours.points or Fraction(0)) for whole in both]
        points = f"{float(sum(earned, Fraction(0))):+,.2f}" if earned else ""
        rows.append(["all", "", "", "", "", points, f"{sum(known, Decimal(0)):+,.2f}" if known else "", ""])
    caption = "Less: official less ours. Of: the same for the denominator."
    output.table(f"{book.name} beside official figures, end of {names[stands.month - 1]}", columns, rows, caption)
    different = [each for each in found.practices if each.reasons]
    if different:
        heads = [
            ("practice", "left"),
            ("indicator", "left"),
            ("ours", "right"),
            ("official", "right"),
            ("may come from", "left"),
        ]
        body = [
            [each.who, each.code, _counts(each.ours), _counts(each.official), "; ".join(each.reasons)]
            for each in different
        ]  # fmt: skip
        output.table("Practices", heads, body)
    else:
        output.line("Every practice has the same figures in both.")
    for (who, code), text in said.items():
        output.line(f"Evidence, {f'{who} ' if who else ''}{code}: {text}")


def _row(whole: Whole) -> list[str]:
    less = [("" if each is None else f"{each:+,}") if each else "" for each in whole.beside.less]
    return [
        whole.beside.code,
        _counts(whole.beside.ours),
        _counts(whole.beside.official),
        *less,
        "" if whole.points is None else f"{float(whole.points):+,.2f}",
        "" if whole.pounds is None else f"{whole.pounds:+,.2f}",
        output.pounds(whole.ours.awarded_gbp),
    ]


def _counts(counts: Counts) -> str:
    return "none" if counts.numerator is None else f"{counts.numerator:,} of {counts.denominator:,}"

"""Where the PCN of a workbook stands: what the sums of its sheets start from, as the plans take it."""

from collections.abc import Iterator
from dataclasses import replace

from iif_reckoner.desk.as_typed import AsTyped, CountsRow, as_typed
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.values import alike, is_blank, is_count
from iif_reckoner.errors import InputError, shown
from iif_reckoner.exact import fraction
from iif_reckoner.model import Counts, Indicator
from iif_reckoner.plan.position import Member, Position, added_up
from iif_reckoner.reckon import refuse_impossible


def position(book: Workbook, month: int | None = None) -> Position:
    """Return where the PCN stands at the end of the month that the workbook shows, or of another.

    What stands on Paste counts as on the sheets.

    Raises:
        InputError: something is typed that is no count, or more done than there are; the text says where.
    """
    typed = as_typed(book)
    return _position(book, typed if month is None else replace(typed, month=month))


def _position(book: Workbook, typed: AsTyped) -> Position:
    rules = book.in_force
    counts: dict[tuple[str, str], list[Counts]] = {}
    indicators = {indicator.code: indicator for indicator in rules.indicators}
    for indicator in rules.indicators:
        for row in typed.by_indicator.get(alike(indicator.code), ()):
            for found in _counted(book, typed, indicator, row):
                counts.setdefault((str(row.practice).strip().upper(), indicator.code), []).append(found)
    return Position(
        rules=rules,
        month=typed.month,
        members=tuple(
            Member(
                code=practice.code,
                name=practice.name,
                list_size=practice.list_size,
                weighted_list=None if practice.weighted_list is None else fraction(practice.weighted_list),
                hours=None if practice.hours is None else fraction(practice.hours),
            )
            for practice in book.members
        ),
        counts={key: added_up(indicators[key[1]], found) for key, found in counts.items()},
    )


def _counted(book: Workbook, typed: AsTyped, indicator: Indicator, row: CountsRow) -> Iterator[Counts]:
    """Yield what a row of Counts has counted, if anything."""
    now = typed.now(row)
    base = row.baseline if indicator.needs_baseline else (None, None)
    if any(map(is_blank, base)):
        base = None, None
    for value in (*now, *base):
        if value is not None and not is_count(value):
            raise InputError(
                f"{book.name}: Counts, {row.practice} {indicator.code}: {shown(value)} is no count; write a whole "
                "number from 0 up (`iif-reckoner check` lists all such cells)"
            )
    (numerator, denominator), (before, of) = ([None if v is None else int(v) for v in pair] for pair in (now, base))
    found = Counts(numerator=numerator, denominator=denominator, baseline_numerator=before, baseline_denominator=of)
    try:
        refuse_impossible(indicator, found)
    except InputError as error:
        raise InputError(f"{book.name}: Counts, {row.practice}: {error}") from None
    if found != Counts(numerator=None, denominator=None):
        yield found

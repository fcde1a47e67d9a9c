"""What the content of a workbook earns by some rules: the whole PCN, by the core."""

from collections.abc import Iterator, Mapping

from iif_reckoner.errors import InputError
from iif_reckoner.figures.content import Content, Month
from iif_reckoner.model import Counts, Indicator, Reckoning, Ruleset
from iif_reckoner.plan.position import Member, Position
from iif_reckoner.reckon import refuse_impossible
from iif_reckoner.rules_table import SCHEME, from_rows, to_rows

Whole = tuple[int, int]
"""A numerator and a denominator that are both there."""


def newest(content: Content) -> Month:
    """Return the newest month with a figure, 0 where there is none."""
    return max((month for (_, _, month), pair in content.counts.items() if pair != (None, None)), default=0)


def shown_month(content: Content) -> Month:
    """Return the month that the workbook shows: the one chosen on Start, else the newest."""
    chosen = content.switches.month
    return content.months.index(chosen) + 1 if chosen in content.months else newest(content)


def in_force(content: Content) -> Ruleset:
    """Return what a workbook with this content reckons with: overrides and assumed figures applied.

    Raises:
        InputError: an override does not fit the rules.
    """
    head, *rows = to_rows(content.ruleset, content.assumed if content.assumed.is_assumed else None, content.national)
    column = {name: place for place, name in enumerate(head)}
    for row in rows:
        for (code, name), value in content.overrides.items():
            if row[0] == code:
                row[column[f"{name}_override"]] = value
        if row[0] == SCHEME and content.switches.assumed == "No":
            row[column["use_assumed"]] = "no"
    return from_rows([head, *rows])


def stood(content: Content, rules: Ruleset, month: Month) -> Position:
    """Return where the PCN stood by some rules at the end of a month, as the sheets work it out.

    Raises:
        InputError: a numerator is larger than the denominator that it is a part of.
    """
    members = tuple(Member(code=practice.code, list_size=practice.list_size) for practice in content.practices)
    counts = {
        (who, indicator.code): found
        for indicator in rules.indicators
        for who, found in _counted(content, indicator, month)
    }
    return Position(rules=rules, month=month, members=members, counts=counts)


def earned(content: Content, rules: Ruleset, month: Month) -> Mapping[str, Reckoning]:
    """Return what each indicator of the rules earns for the whole PCN; raises as `stood`."""
    return stood(content, rules, month).reckoned


def _counted(content: Content, indicator: Indicator, month: Month) -> Iterator[tuple[str, Counts]]:
    """Yield who has counted something of an indicator up to a month, or before the year began, and what."""
    rows, bases = dict(_rows(content, indicator, month)), dict(_bases(content, indicator))
    for who in dict.fromkeys((*rows, *bases)):
        (numerator, denominator), (before, of) = rows.get(who, _NEITHER), bases.get(who, _NEITHER)
        found = Counts(numerator=numerator, denominator=denominator, baseline_numerator=before, baseline_denominator=of)
        try:
            refuse_impossible(indicator, found)
        except InputError as error:
            raise InputError(f"Counts, {who} at the end of {content.months[month - 1]}: {error}") from None
        yield who, found


_NEITHER = (None, None)


def _rows(content: Content, indicator: Indicator, month: Month) -> Iterator[tuple[str, Whole]]:
    """Yield who has counts of an indicator at the end of a month, and which."""
    in_month = content.switches.counting == "In month"
    for who in dict.fromkeys(who for who, what, _ in content.counts if what == indicator.code):
        pairs = [content.counts.get((who, indicator.code, at), (None, None)) for at in range(1, month + 1)]
        if in_month:
            # A sheet adds up what is there and takes a blank for nothing.
            pairs = [(sum(n or 0 for n, _ in pairs), sum(d or 0 for _, d in pairs) or None)]
        numerator, denominator = pairs[-1]
        if numerator is not None and denominator is not None:
            yield who, (numerator, denominator)


def _bases(content: Content, indicator: Indicator) -> Iterator[tuple[str, Whole]]:
    for (who, what), (numerator, denominator) in content.baselines.items():
        if indicator.needs_baseline and what == indicator.code and numerator is not None and denominator is not None:
            yield who, (numerator, denominator)

"""What people typed and pasted into a workbook, as its formulas take it: what is no figure, too."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from iif_reckoner.desk.as_pasted import KINDS, Pasted, as_pasted
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.reading import BASELINE
from iif_reckoner.desk.tables import Table, grid, table
from iif_reckoner.desk.values import Pair, Value, alike, fault_in, is_blank, is_number, total, value_of
from iif_reckoner.errors import InputError
from iif_reckoner.layout.sheets import COUNT_ROWS, INDICATORS, PRACTICES
from iif_reckoner.rules_table import SCHEME
from iif_reckoner.scheme_year import month_names


@dataclass(frozen=True, slots=True)
class CountsRow:
    """A row of Counts: its pairs month by month, and the one that Paste has for a month."""

    practice: Value
    indicator: Value
    baseline: Pair
    pairs: tuple[Pair, ...]
    pasted: Pair = (None, None)
    pasted_month: int = 0

    def of(self, month: int) -> Pair:
        """Return the pair of a month; the first of the year is 1."""
        if month == self.pasted_month and all(map(is_number, self.pasted)):
            return self.pasted
        return self.pairs[month - 1]

    def so_far(self, month: int) -> Pair:
        """Return what the months up to this one add up to."""
        pairs = [*self.pairs[:month], *([self.pasted] if self.pasted_month <= month else [])]
        return total(pair[0] for pair in pairs), total(pair[1] for pair in pairs)


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table of Rules, by the names of its fields."""

    cells: Mapping[str, Value]
    use_assumed: bool

    def cell(self, name: str) -> Value:
        """Return what stands in a column."""
        return self.cells.get(name)

    def counts(self, name: str) -> Value:
        """Return the figure that counts: what was typed over the rule, else the rule, else what is assumed."""
        for column in (f"{name}_override", name, *([f"{name}_assumed"] if self.use_assumed else [])):
            if not is_blank(value := self.cell(column)):
                return value
        return None


@dataclass(frozen=True, kw_only=True, slots=True)
class AsTyped:
    """All that the sums of a workbook start from; `month` is the one that is shown, 0 without a figure."""

    rows: tuple[CountsRow, ...]
    practices: tuple[tuple[Value, Value], ...]
    scheme: Rule
    rules: tuple[Rule, ...]
    pasted: Pasted
    pcn_code: Value
    month: int
    in_month: bool
    by_indicator: Mapping[str, Sequence[CountsRow]]

    def now(self, row: CountsRow) -> Pair:
        """Return the pair of the shown month, or all up to it where each month is counted alone; both or neither."""
        if not self.month:
            return None, None
        if self.in_month:
            numerator, denominator = row.so_far(self.month)
            if denominator == 0:
                return None, None
        else:
            numerator, denominator = row.of(self.month)
        if fault := fault_in(numerator, denominator):
            return fault, fault
        return (None, None) if is_blank(numerator) or is_blank(denominator) else (numerator, denominator)


def as_typed(book: Workbook) -> AsTyped:
    """Return what is typed and pasted into a workbook.

    Raises:
        InputError: a sheet or a column is gone.
    """
    scheme, rules = _rules(book)
    months = _months(book, scheme)
    rows = list(_rows(book, months))
    keys = Counter((alike(row.practice), alike(row.indicator)) for row in rows)
    pasted = as_pasted(book.package, months, _codes(rules), keys)
    if pasted.month:
        rows = [_with_pasted(row, pasted) for row in rows]
    by_indicator: dict[str, list[CountsRow]] = {}
    for row in rows:
        by_indicator.setdefault(alike(row.indicator), []).append(row)
    return AsTyped(
        rows=tuple(rows),
        practices=tuple(
            (_at(book.practices, at, "Practice code"), _at(book.practices, at, "Registered list"))
            for at in _slots(book.practices, PRACTICES)
        ),
        scheme=scheme,
        rules=tuple(rules),
        pasted=pasted,
        pcn_code=book.fact("PCN code"),
        month=_month(alike(book.fact("Month")), months, rows),
        in_month=alike(book.fact("Counting")) == "in month",
        by_indicator=by_indicator,
    )


def _slots(found: Table, slots: int) -> range:
    """Return the rows that the formulas look at."""
    return range(found.head + 1, found.head + 1 + slots)


def _at(found: Table, row: int, heading: str) -> Value:
    return value_of(found.cell(row, heading))


def _rules(book: Workbook) -> tuple[Rule, list[Rule]]:
    """Return the row of the scheme and those of the indicators."""
    use_assumed = alike(book.fact("Assumed figures")) != "no"
    scheme, rules = Rule({}, use_assumed), []
    for at in _slots(book.rules, INDICATORS + 1):
        cells = {name: _at(book.rules, at, name) for name in book.rules.columns}
        if cells["code"] == SCHEME:
            # The switch on Start decides, whatever value the formula in this row carries.
            scheme = Rule({**cells, "use_assumed": "yes" if use_assumed else "no"}, use_assumed)
        elif any(value is not None for value in cells.values()):
            rules.append(Rule(cells, use_assumed))
    return scheme, rules


def _codes(rules: Sequence[Rule]) -> dict[str, Value]:
    """Return the indicators by their codes, and by those of CQRS that only one of them has."""
    others = [alike(rule.cell("CQRS code")) for rule in rules]
    found = {
        other: rule.cell("code")
        for other, rule in zip(others, rules, strict=True)
        if other and others.count(other) == 1
    }
    return found | {alike(rule.cell("code")): rule.cell("code") for rule in rules}


_YEAR = re.compile(r"[1-9]\d{3}/\d\d", re.ASCII)


def _months(book: Workbook, scheme: Rule) -> tuple[str, ...]:
    year = str(scheme.cell("name") or "")
    if not _YEAR.fullmatch(year):
        raise InputError(f"{book.name}: {book.rules.grid.title}: the row {SCHEME} names no year; take an older copy")
    return month_names(year)


def _rows(book: Workbook, months: Sequence[str]) -> Iterator[CountsRow]:
    pairs = [(f"{month} {KINDS[0]}", f"{month} {KINDS[1]}") for month in months]
    headings = [heading for pair in pairs for heading in pair]
    found = table(grid(book.package, "counts"), "Practice code", "Indicator", *BASELINE, *headings)
    used = {row for row, _ in found.grid.cells}
    for row in _slots(found, COUNT_ROWS):
        if row in used:
            yield CountsRow(
                _at(found, row, "Practice code"),
                _at(found, row, "Indicator"),
                (_at(found, row, BASELINE[0]), _at(found, row, BASELINE[1])),
                tuple((_at(found, row, one), _at(found, row, other)) for one, other in pairs),
            )


def _with_pasted(row: CountsRow, pasted: Pasted) -> CountsRow:
    pair = pasted.pair(row.practice, row.indicator, row.pairs[pasted.month - 1])
    return replace(row, pasted=pair, pasted_month=pasted.month)


def _month(chosen: str, months: Sequence[str], rows: Sequence[CountsRow]) -> int:
    """Return the month that is shown: the chosen one, else the newest with a figure."""
    for number, month in enumerate(months, start=1):
        if alike(month) == chosen:
            return number
    newest = 0
    for row in rows:
        if any(map(is_number, row.pasted)):
            newest = max(newest, row.pasted_month)
        for number in range(len(months), newest, -1):
            if any(map(is_number, row.pairs[number - 1])):
                newest = number
                break
    return newest

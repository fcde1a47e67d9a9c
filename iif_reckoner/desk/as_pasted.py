"""What people pasted on the sheet Paste, and what its formulas take each row for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from iif_reckoner.desk.tables import Grid, table, upper_grid
from iif_reckoner.desk.values import Fault, Pair, Value, alike, fault_in, is_blank, is_count, value_of
from iif_reckoner.figures.paste import COLUMNS, MONTH, NO_ROW, OTHER_INDICATOR, OTHER_MEASURE, ROWS, places
from iif_reckoner.figures.working.pasted import NO_COUNT, TWICE
from iif_reckoner.package import Package, column_letters

KINDS = ("numerator", "denominator")


@dataclass(frozen=True, kw_only=True, slots=True)
class Pasted:
    """The rows of Paste: their month (0 where nothing is to be picked up), and what each is taken for.

    `figures` are the values by practice and what they are taken for, `keys` how many rows Counts has for a practice
    and indicator, `below` how many cells stand below the rows that are read.
    """

    month: int
    taken_for: tuple[Value, ...]
    below: int
    figures: Mapping[tuple[str, str], Sequence[Value]]
    keys: Mapping[tuple[str, str], int]

    @property
    def left(self) -> int:
        """How many rows are not picked up; the figures of the others may still be none."""
        if self.taken_for and not self.month:
            return len(self.taken_for)
        return sum(words in (NO_ROW, OTHER_INDICATOR, OTHER_MEASURE) for words in self.taken_for) + self.below

    def pair(self, practice: Value, indicator: Value, typed: Pair) -> Pair:
        """Return numerator and denominator for a row of Counts; nothing where it has one of them typed."""
        if not self.month or is_blank(practice) or is_blank(indicator):
            return None, None
        if fault := fault_in(*typed):
            return fault, fault
        if not (is_blank(typed[0]) and is_blank(typed[1])):
            return None, None
        numerator, denominator = (self._figure(practice, indicator, kind) for kind in KINDS)
        return numerator, denominator

    def _figure(self, practice: Value, indicator: Value, kind: str) -> Value:
        mine = self.figures.get((alike(practice), alike(f"{indicator} {kind}")), ())
        if not mine:
            return None
        if len(mine) * self.keys[alike(practice), alike(indicator)] > 1:
            return TWICE
        return mine[0] if is_count(mine[0]) else fault_in(mine[0]) or NO_COUNT


def as_pasted(
    package: Package, months: Sequence[str], codes: Mapping[str, Value], keys: Mapping[tuple[str, str], int]
) -> Pasted:
    """Return what is pasted.

    `codes` are the indicators by what may stand for them, `keys` how many rows Counts has for a practice and indicator.

    Raises:
        InputError: the sheet or a column is gone.
    """
    above = upper_grid(package, "paste")
    head = table(above, *COLUMNS)
    at = [head.columns[heading] for heading in COLUMNS]
    # What the formulas beside them say is worked out here, so their thousands of cells are not read.
    pasted = package.cells(above.title, {column_letters(column) for column in at}, blank=False)
    found = {(cell.row, cell.column): cell for cell in pasted}
    last = head.head + ROWS
    below = range(last + 1, last + 1 + places()["paste_below"].area.height)
    figures: dict[tuple[str, str], list[Value]] = {}
    taken_for: list[Value] = []
    # Most of the thousands of rows are blank.
    for row in sorted(row for row, column in found if column == at[-1] and head.head < row <= last):
        practice, indicator, measure, value = (value_of(found.get((row, column))) for column in at)
        if value is None:
            continue
        read = _taken_for(practice, indicator, measure, value, codes, keys)
        taken_for.append(read)
        figures.setdefault((alike(practice), alike(read)), []).append(value)
    return Pasted(
        month=_month(above, months) if taken_for else 0,
        taken_for=tuple(taken_for),
        below=sum(row in below for row, _ in found),
        figures=figures,
        keys=keys,
    )


def _month(above: Grid, months: Sequence[str]) -> int:
    """Return the month that is chosen for the rows; 0 where none is."""
    place = above.beside(MONTH)
    chosen = alike(None if place is None else value_of(above.cells.get(place)))
    return next((number for number, month in enumerate(months, start=1) if alike(month) == chosen), 0)


def _taken_for(
    practice: Value,
    indicator: Value,
    measure: Value,
    value: Value,
    codes: Mapping[str, Value],
    keys: Mapping[tuple[str, str], int],
) -> Value:
    if fault := fault_in(value, indicator):
        return fault
    if is_blank(value):
        return None
    code = codes.get(alike(indicator))
    if is_blank(indicator) or code is None:
        return OTHER_INDICATOR
    if not keys.get((alike(practice), alike(code))):
        return NO_ROW
    if isinstance(measure, Fault):
        return OTHER_INDICATOR
    for kind in KINDS:
        if alike(measure) in (kind, alike(f"{code} {kind}")):
            return f"{code} {kind}"
    return OTHER_MEASURE

"""What people have typed into the sheets of a workbook of ours; what is no figure is refused by its cell."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from iif_reckoner.desk.tables import Grid, Table, grid, table
from iif_reckoner.errors import InputError, shown
from iif_reckoner.exact import count
from iif_reckoner.figures import compare
from iif_reckoner.figures.actions import OUTSIDE, OUTSIDE_LINES
from iif_reckoner.figures.compare import NOT_COMPARABLE
from iif_reckoner.figures.content import Action, Compared, Pasted, Planned, Practice, Sharing, Typed
from iif_reckoner.figures.paste import COLUMNS as PASTED
from iif_reckoner.figures.practice_shares import BY_LABEL, TO_LABEL
from iif_reckoner.figures.practices import HOURS
from iif_reckoner.model import AverageList, National, PooledPrevalence, Ruleset
from iif_reckoner.package import Cell, Package, Shown
from iif_reckoner.plan.split import MIXED
from iif_reckoner.rules_table import OVERRIDABLE, SCHEME, SCHEME_OVERRIDABLE

KINDS = ("numerator", "denominator")
BASELINE = ("Baseline numerator", "Baseline denominator")
Key = tuple[str, str]
"""Practice (or PCN) and indicator."""

_DAY_1 = date(1899, 12, 30)
_LAST_DAY = 2_958_465
"""The last day of 9999, as Excel numbers them."""

_NUMBERS = (int, float)
_DIGITS = re.compile(r"\s*\d+(\.\d+)?\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class CountsTable:
    """The sheet Counts: which row belongs to which practice and indicator, and where each figure stands.

    `shown_as` has the styles that show a number as something else.
    """

    table: Table
    rows: Mapping[Key, int]
    months: tuple[str, ...]
    shown_as: Mapping[int, Shown]

    @staticmethod
    def headings(months: Sequence[str]) -> list[str]:
        """Return the headings above figures."""
        return [*BASELINE, *(f"{month} {kind}" for month in months for kind in KINDS)]

    def heading(self, month: int, kind: str) -> str:
        """Return the heading of a month's column; the first month of the year is 1."""
        return f"{self.months[month - 1]} {kind}"

    def figure(self, key: Key, heading: str) -> Cell | None:
        """Return the cell of a figure, None where it is blank."""
        cell = self.table.cell(self.rows[key], heading)
        return None if cell is None or cell.value in (None, "") else cell

    def whole(self, cell: Cell, heading: str) -> int | None:
        """Return the count in a cell below a heading.

        Raises:
            InputError: it is no whole number from 0 up, or shown as a date or a percentage: then it was meant as one.
        """
        where = self.table.where(cell.row, heading)
        if cell.kind == "number" and (kind := self.shown_as.get(cell.style)) is not None:
            raise InputError(f"{where}: a {kind} is no count; give the cell the format Number and write the count")
        return whole(cell, where)

    @property
    def filled(self) -> Iterator[tuple[Key, str, Cell]]:
        """The cells of figures that hold something, each with its key and heading, row by row."""
        headings = set(self.headings(self.months))
        columns = {at: heading for heading, at in self.table.columns.items() if heading in headings}
        keys = {row: key for key, row in self.rows.items()}
        for (row, column), cell in self.table.grid.cells.items():
            if column in columns and row in keys and cell.value not in (None, ""):
                yield keys[row], columns[column], cell


def whole(cell: Cell | None, where: str) -> int | None:
    """Return the count in a cell.

    Raises:
        InputError: it holds something else than a whole number from 0 up.
    """
    if cell is None or cell.value in (None, ""):
        return None
    try:
        if cell.kind != "number":
            raise ValueError  # noqa: TRY301 (one place words every refusal)
        return count(cell.value)
    except ValueError:
        found = shown(cell.value).upper() if cell.kind == "bool" else shown(cell.value)
        advice = _advice(cell, "write a whole number from 0 up, without commas")
        raise InputError(f"{where}: {found} is no count; {advice}") from None


def figures(
    counts: CountsTable,
) -> tuple[dict[tuple[str, str, int], tuple[int | None, int | None]], dict[Key, tuple[int | None, int | None]]]:
    """Return the counts by practice, indicator and month, and the baselines."""
    places = {heading: (0, side) for side, heading in enumerate(BASELINE)}
    for month in range(1, len(counts.months) + 1):
        places |= {counts.heading(month, kind): (month, side) for side, kind in enumerate(KINDS)}
    found: dict[tuple[str, str, int], list[int | None]] = {}
    for key, heading, cell in counts.filled:
        month, side = places[heading]
        pair = found.setdefault((*key, month), [None, None])
        pair[side] = counts.whole(cell, heading)
    months = {place: (one, other) for place, (one, other) in found.items() if place[2]}
    baselines = {place[:2]: (one, other) for place, (one, other) in found.items() if not place[2]}
    return months, baselines


def practices(found: Table) -> Iterator[Practice]:
    """Yield the practices in the order of the sheet."""
    for row in found.rows("Practice code"):
        code = found.cell(row, "Practice code")
        weighted = found.cell(row, "Weighted list")
        yield Practice(
            code=str(code.value if code else "").strip().upper(),
            name=found.text(row, "Practice"),
            system=found.text(row, "Clinical system"),
            list_size=whole(found.cell(row, "Registered list"), found.where(row, "Registered list")),
            weighted_list=_number(weighted, found.where(row, "Weighted list")),
            lead=found.text(row, "Practice lead"),
            start=_day(found.cell(row, "From"), found.where(row, "From")),
            end=_day(found.cell(row, "To"), found.where(row, "To")),
            hours=_number(found.cell(row, HOURS), found.where(row, HOURS)),
        )


def _number(cell: Cell | None, where: str) -> float | None:
    if cell is None or cell.value in (None, ""):
        return None
    if cell.kind != "number" or not isinstance(cell.value, _NUMBERS):
        advice = _advice(cell, "write a number, without commas")
        raise InputError(f"{where}: {shown(cell.value)} is not a number; {advice}")
    return cell.value


def _advice(cell: Cell, otherwise: str) -> str:
    """Return what to do about a cell that should hold a number."""
    if cell.kind == "text" and _DIGITS.fullmatch(str(cell.value)):
        return "it is text for Excel: give the cell the format Number and write it again"
    return otherwise


def _day(cell: Cell | None, where: str) -> date | None:
    if cell is None or cell.value in (None, ""):
        return None
    if cell.kind != "number" or not isinstance(cell.value, _NUMBERS) or not 0 <= cell.value <= _LAST_DAY:
        raise InputError(f"{where}: {shown(cell.value)} is no date; write one such as 31 Jan 2027")
    return _DAY_1 + timedelta(days=int(cell.value))


def day_in_words(text: Typed) -> date | None:
    """Return the day on Start, which is written as `1 July 2026`; None where it is not."""
    if isinstance(text, _NUMBERS):
        return _DAY_1 + timedelta(days=int(text)) if 0 <= text <= _LAST_DAY else None
    try:
        return datetime.strptime(str(text), "%d %B %Y").date()
    except ValueError:
        return None


def number_beside(found: Grid, label: str) -> float | None:
    """Return the number beside a label, None where it is blank."""
    place = found.beside(label)
    return None if place is None else _number(found.cells.get(place), found.where(*place))


def text_beside(found: Grid, label: str) -> str:
    """Return what is written beside a label."""
    place = found.beside(label)
    return "" if place is None else found.text(*place)


def blend(found: Grid) -> dict[str, float]:
    """Return the parts of the methods in the blend of Split."""
    parts = {method.key: number_beside(found, method.title) for method in MIXED}
    return {key: part for key, part in parts.items() if part is not None}


def indicator_in(found: Table, row: int, codes: Sequence[str]) -> str:
    """Return the indicator of a row, empty where it is of none.

    It stands there by a formula. Where a program has saved no value of it, the formula's own order is left: that of
    Rules, whose codes are given.
    """
    cell, place = found.cell(row, "Indicator"), row - found.head - 1
    if said := found.text(row, "Indicator"):
        return said
    return codes[place] if cell is not None and cell.is_formula and place < len(codes) else ""


def rates(found: Table, heading: str, codes: Sequence[str]) -> dict[str, float]:
    """Return the numbers of a column by indicator; `codes` are those of Rules, in its order."""
    rates = {}
    for row in found.rows(heading):
        code, cell = indicator_in(found, row, codes), found.cell(row, heading)
        if code and cell is not None and isinstance(cell.value, _NUMBERS):
            rates[code] = float(cell.value)
    return rates


def not_comparable(package: Package, codes: Sequence[str]) -> frozenset[str]:
    """Return the indicators that measured something else the year before; `codes` are those of Rules, in its order."""
    try:
        found = table(grid(package, "compare"), "Indicator", "Last year")
    except InputError:
        # Nothing is typed on that sheet, so who does not want it may have deleted it.
        return frozenset()
    return frozenset(
        indicator_in(found, row, codes) for row in found.all_rows if _says_so(found.cell(row, "Last year"))
    )


def _says_so(cell: Cell | None) -> bool:
    """Tell whether a cell says 'not comparable', or would if a program had saved the value of its formula."""
    if cell is None or cell.value is not None:
        return cell is not None and cell.value == NOT_COMPARABLE
    return f'"{NOT_COMPARABLE}"' in cell.formula


def sharing(package: Package) -> Sharing:
    """Return how Practice gaps shares patients out; as it comes where that sheet was deleted or has no switches yet."""
    try:
        found = grid(package, "practice_gaps")
    except InputError:
        return Sharing()
    return Sharing(
        by=text_beside(found, BY_LABEL) or Sharing().by,
        to=text_beside(found, TO_LABEL) or Sharing().to,
    )


def compared(package: Package, codes: Sequence[str]) -> Compared:
    """Return what is typed on the sheet Compare, nothing where it was deleted; `codes` are those of Rules in order.

    Raises:
        InputError: a heading of it was changed.
    """
    try:
        found = grid(package, "compare")
    except InputError:
        return Compared()
    tried = table(found, "Indicator", *compare.TRIED, deepest=compare.DEEPEST)
    official = table(found, "Indicator", *compare.OFFICIAL, compare.EVIDENCE, deepest=compare.DEEPEST)
    return Compared(
        list_size=_beside(found, compare.LIST_SIZE),
        point_value=_beside(found, compare.POINT_VALUE),
        leaves=str(_beside(found, compare.LEAVES) or "").strip().upper(),
        joins=_beside(found, compare.JOINS),
        tried={
            code: (_typed(tried, row, compare.TRIED[0]), _typed(tried, row, compare.TRIED[1]),
                   _typed(tried, row, compare.TRIED[2]))
            for code, row in _typed_rows(tried, compare.TRIED, codes)
        },
        months=(text_beside(found, compare.FROM), text_beside(found, compare.TO)),
        official={
            code: (_typed(official, row, compare.OFFICIAL[0]), _typed(official, row, compare.OFFICIAL[1]))
            for code, row in _typed_rows(official, compare.OFFICIAL, codes)
        },
        evidence={
            code: str(_typed(official, row, compare.EVIDENCE))
            for code, row in _typed_rows(official, (compare.EVIDENCE,), codes)
        },
    )  # fmt: skip


def _beside(found: Grid, label: str) -> Typed:
    place = found.beside(label)
    cell = None if place is None else found.cells.get(place)
    return None if cell is None or cell.value == "" else cell.value


def _typed(found: Table, row: int, heading: str) -> Typed:
    cell = found.cell(row, heading)
    return None if cell is None or cell.value == "" else cell.value


def _typed_rows(found: Table, headings: Sequence[str], codes: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield the indicators of a table that have something typed below one of these headings, with their rows."""
    for row in range(found.head + 1, found.head + 1 + len(codes)):
        code = indicator_in(found, row, codes)
        if code and any(_typed(found, row, heading) is not None for heading in headings):
            yield code, row


def planned(found: Table, codes: Sequence[str]) -> dict[str, Planned]:
    """Return what the sheet Plan holds, by indicator; `codes` are those of Rules, in its order."""
    planned = {}
    for row in found.all_rows:
        code = indicator_in(found, row, codes)
        own = Planned(
            tier=found.text(row, "Your tier"),
            minutes=_number(found.cell(row, "Minutes per patient"), found.where(row, "Minutes per patient")),
            decided_by=found.text(row, "Decided by"),
            decided_on=_day(found.cell(row, "On"), found.where(row, "On")),
            board_lead=found.text(row, "Board lead"),
            practice_lead=found.text(row, "Practice lead"),
            helper=found.text(row, "Helper"),
        )
        if code and own != Planned():
            planned[code] = own
    return planned


def actions(found: Table) -> Iterator[Action]:
    """Yield the rows of the log."""
    for row in found.all_rows:
        action = Action(
            what=found.text(row, "What"),
            indicator=found.text(row, "Indicator"),
            practice=found.text(row, "Practice"),
            owner=found.text(row, "Owner"),
            due=_day(found.cell(row, "Due"), found.where(row, "Due")),
            state=found.text(row, "State"),
        )
        if action != Action(what=""):
            yield action


def outside(found: Grid) -> Iterator[str]:
    """Yield what was achieved outside the scheme, from below its heading in the agenda."""
    for row, column in sorted(found.cells):
        if found.text(row, column) == OUTSIDE:
            lines = (found.text(row + down, column) for down in range(1, OUTSIDE_LINES + 1))
            yield from filter(None, lines)


def pasted(found: Table) -> Iterator[Pasted]:
    """Yield the rows of the sheet Paste as they stand there."""
    columns = [found.columns[heading] for heading in PASTED]
    for row in sorted({row for row, column in found.grid.cells if row > found.head and column in columns}):
        cells = (found.grid.cells.get((row, column)) for column in columns)
        practice, indicator, measure, value = (cell.value if cell else None for cell in cells)
        yield Pasted(practice=practice, indicator=indicator, measure=measure, value=value)


_AVERAGE = ("average_list_patients", "average_list_pcns")
_PREVALENCE = ("prevalence_patients", "prevalence_list")


def national(rules: Table, ruleset: Ruleset) -> National | None:
    """Return the figures of all England that the workbook was made with, None where they are the ruleset's own."""
    average = ruleset.average_list_size
    pooled: dict[str, PooledPrevalence] = {}
    for row in rules.rows("code"):
        code = rules.text(row, "code")
        names = _AVERAGE if code == SCHEME else _PREVALENCE
        one, other = (whole(rules.cell(row, name), rules.where(row, name)) for name in names)
        if one is None or other is None:
            continue
        if code != SCHEME:
            pooled[code] = PooledPrevalence(denominator=one, patients=other)
        elif average is None or (average.patients, average.pcns) != (one, other):
            average = AverageList(patients=one, pcns=other)
    own = {
        row.code: row.prevalence.national for row in ruleset.indicators if row.prevalence and row.prevalence.national
    }
    same = {code: figure.share for code, figure in pooled.items()} == own
    if average is None or (same and average == ruleset.average_list_size):
        return None
    return National(
        ruleset=ruleset.id, average_list_size=average, pooled=pooled, deciles={}, source="the workbook's Rules"
    )


def overrides(rules: Table) -> dict[tuple[str, str], Typed]:
    """Return what was typed over the rules, by code and field."""
    overrides: dict[tuple[str, str], Typed] = {}
    for row in rules.rows("code"):
        code = rules.text(row, "code")
        for name in SCHEME_OVERRIDABLE if code == SCHEME else OVERRIDABLE:
            cell = rules.cell(row, f"{name}_override")
            if cell is not None and cell.value not in (None, ""):
                overrides[code, name] = cell.value
    return overrides

"""A workbook of ours as it stands on somebody's desk: what its sheets hold, read as the sums need it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path

from iif_reckoner import rulesets
from iif_reckoner.desk.tables import Grid, Table, grid, table
from iif_reckoner.errors import InputError, shown
from iif_reckoner.figures.compare import NOT_COMPARABLE
from iif_reckoner.figures.content import Action, Content, Pasted, Planned, Practice, Switches, Typed, month_names
from iif_reckoner.figures.paste import COLUMNS as PASTED
from iif_reckoner.figures.paste import MONTH as MONTH_PASTED
from iif_reckoner.layout.sheets import LAYOUT
from iif_reckoner.model import AverageList, National, PooledPrevalence, Ruleset
from iif_reckoner.package import Cell, Package
from iif_reckoner.rules_table import OVERRIDABLE, SCHEME, SCHEME_OVERRIDABLE, from_rows

KINDS = ("numerator", "denominator")
BASELINE = ("Baseline numerator", "Baseline denominator")
Key = tuple[str, str]
"""Practice (or PCN) and indicator."""

_DAY_1 = date(1899, 12, 30)
_NUMBERS = (int, float)


@dataclass(frozen=True, slots=True)
class CountsTable:
    """The sheet Counts: which row belongs to which practice and indicator, and where each figure stands."""

    table: Table
    rows: Mapping[Key, int]
    months: tuple[str, ...]

    def heading(self, month: int, kind: str) -> str:
        """Return the heading of a month's column; the first month of the year is 1."""
        return f"{self.months[month - 1]} {kind}"

    def figure(self, key: Key, heading: str) -> Cell | None:
        """Return the cell of a figure, None where it is blank."""
        cell = self.table.cell(self.rows[key], heading)
        return None if cell is None or cell.value in (None, "") else cell

    @property
    def headings(self) -> Iterator[str]:
        """The headings of all figures, the baseline first."""
        yield from BASELINE
        for month in range(1, len(self.months) + 1):
            for kind in KINDS:
                yield self.heading(month, kind)


class Workbook:
    """A workbook of ours. Sheets are read when they are asked for."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.name = package.name
        self.layout = _layout(package)

    @classmethod
    def open(cls, path: Path) -> "Workbook":
        """Return the workbook in a file.

        Raises:
            FileProblemError: the file is missing, damaged or locked.
            InputError: it is no workbook of ours, or one of a later layout than is known.
        """
        return cls(Package.open(path))

    @cached_property
    def start(self) -> Grid:
        """The sheet Start."""
        return grid(self.package, "start")

    @cached_property
    def rules(self) -> Table:
        """The table of Rules, below the names of its fields."""
        return table(grid(self.package, "rules"), "code", "name", "points", "ruleset")

    @cached_property
    def rows_of_rules(self) -> list[list[Typed]]:
        """The table of Rules row by row, headings first, as the functions read it."""
        names = list(self.rules.columns)
        rows = [[cell.value if (cell := self.rules.cell(row, name)) else None for name in names]
                for row in self.rules.rows("code")]  # fmt: skip
        return [list(names), *rows]

    @cached_property
    def ruleset_id(self) -> str:
        """The id of the ruleset that the workbook was made for."""
        for row in self.rules.rows("code"):
            if self.rules.text(row, "code") == SCHEME:
                return self.rules.text(row, "ruleset")
        raise InputError(f"{self.name}: {self.rules.grid.title}: the row {SCHEME} is missing; take an older copy")

    @cached_property
    def ruleset(self) -> Ruleset:
        """That ruleset as it is published; raises UnknownNameError where this program does not have it."""
        return rulesets.load(self.ruleset_id, assumed=False)

    @cached_property
    def in_force(self) -> Ruleset:
        """What the workbook reckons with: overrides and assumed figures applied.

        Raises:
            InputError: the table holds what no ruleset may hold.
        """
        try:
            return from_rows(self.rows_of_rules)
        except InputError as error:
            raise InputError(f"{self.name}: {error}") from None

    @cached_property
    def practices(self) -> Table:
        """The table of Practices."""
        return table(grid(self.package, "practices"), "Practice code", "Practice", "Registered list")

    @cached_property
    def members(self) -> tuple[Practice, ...]:
        """The practices of the PCN, in the order of the sheet.

        Raises:
            InputError: a list size or a day is none.
        """
        return tuple(_practices(self.practices))

    @cached_property
    def counts(self) -> CountsTable:
        """The table of Counts.

        Raises:
            InputError: two rows are of one practice and indicator.
        """
        months = month_names(self.ruleset.year)
        found = table(grid(self.package, "counts"), "Practice code", "Indicator", *BASELINE, f"{months[0]} numerator")
        rows: dict[Key, int] = {}
        for row in found.rows("Practice code"):
            key = found.text(row, "Practice code").upper(), found.text(row, "Indicator").upper()
            if all(key) and rows.setdefault(key, row) != row:
                raise InputError(
                    f"{found.where(row, 'Practice code')}: {' '.join(key)} has a row already, {rows[key]}; "
                    "move its figures there and clear this one"
                )
        return CountsTable(found, rows, months)

    def fact(self, label: str) -> Typed:
        """Return what stands beside a label on Start, None where nothing does."""
        place = self.start.beside(label)
        cell = None if place is None else self.start.cells.get(place)
        return None if cell is None or cell.value == "" else cell.value

    @property
    def pcn_code(self) -> str:
        """The code of the PCN, as Start has it."""
        return str(self.fact("PCN code") or "").strip().upper()

    @property
    def in_month(self) -> bool:
        """Whether counts are of each month alone instead of adding up from the start of the year."""
        return self.fact("Counting") == "In month"

    def content(self) -> Content:
        """Return everything that people have put into the workbook.

        Raises:
            InputError: a figure is none: the text names its cell.
        """
        counts, baselines = _figures(self.counts)
        overrides = _overrides(self.rules)
        reckoner = table(grid(self.package, "reckoner"), "Indicator", "Last year", "England")
        plan = table(grid(self.package, "plan"), "Indicator", "Tier", "Board lead")
        actions = table(grid(self.package, "actions"), "What", "Indicator", "Due", "State")
        split, cash, paste = (grid(self.package, key) for key in ("split", "cash", "paste"))
        return Content(
            ruleset=self.ruleset,
            assumed=rulesets.load(self.ruleset_id),
            pcn_code=self.pcn_code,
            pcn_name=str(self.fact("PCN") or ""),
            practices=self.members,
            counts=counts,
            baselines=baselines,
            last_year=_rates(reckoner, "Last year"),
            medians=_rates(reckoner, "England"),
            not_comparable=_not_comparable(self.package),
            national=_national(self.rules, self.ruleset),
            planned=_planned(plan),
            actions=tuple(_actions(actions)),
            overrides=overrides,
            switches=Switches(
                month=str(self.fact("Month") or "Newest"),
                counting=str(self.fact("Counting") or "Cumulative"),
                engine=str(self.fact("Engine") or "Automatic"),
                assumed=str(self.fact("Assumed figures") or "Yes"),
            ),
            costs=_number_beside(split, "Costs to take off first"),
            aspiration=(
                _text_beside(cash, "Aspiration payments") or "Off",
                _number_beside(cash, "Part paid up front"),
            ),
            pasted=tuple(_pasted(table(paste, *PASTED))),
            pasted_month=_text_beside(paste, MONTH_PASTED),
            lists_on=_day_in_words(self.fact("List sizes of")),
            macros=self.package.has("xl/vbaProject.bin"),
        )


def _layout(package: Package) -> int:
    names = {name.casefold(): text for name, text in package.names.items()}
    text = names.get("iif_layout", "")
    if not text.isdigit():
        raise InputError(f"{package.name}: no workbook of the IIF Ready Reckoner; make one with `iif-reckoner new`")
    if int(text) > LAYOUT:
        raise InputError(
            f"{package.name}: made by a newer version of the program (layout {text}, this one knows up to {LAYOUT}); "
            "install the newer version"
        )
    return int(text)


def whole(cell: Cell | None, where: str) -> int | None:
    """Return the count in a cell.

    Raises:
        InputError: it holds something else than a whole number from 0 up.
    """
    if cell is None or cell.value in (None, ""):
        return None
    if cell.kind != "number" or not isinstance(cell.value, _NUMBERS) or cell.value < 0 or cell.value != int(cell.value):
        raise InputError(f"{where}: {shown(cell.value)} is no count; write a whole number from 0 up, without commas")
    return int(cell.value)


def _figures(
    counts: CountsTable,
) -> tuple[dict[tuple[str, str, int], tuple[int | None, int | None]], dict[Key, tuple[int | None, int | None]]]:
    found: dict[tuple[str, str, int], tuple[int | None, int | None]] = {}
    baselines: dict[Key, tuple[int | None, int | None]] = {}
    for key, row in counts.rows.items():
        for month in range(1, len(counts.months) + 1):
            pair = _pair(counts, row, *(counts.heading(month, kind) for kind in KINDS))
            if pair != (None, None):
                found[*key, month] = pair
        if (base := _pair(counts, row, *BASELINE)) != (None, None):
            baselines[key] = base
    return found, baselines


def _pair(counts: CountsTable, row: int, one: str, other: str) -> tuple[int | None, int | None]:
    first, second = (whole(counts.table.cell(row, name), counts.table.where(row, name)) for name in (one, other))
    return first, second


def _practices(found: Table) -> Iterator[Practice]:
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
        )


def _number(cell: Cell | None, where: str) -> float | None:
    if cell is None or cell.value in (None, ""):
        return None
    if cell.kind != "number" or not isinstance(cell.value, _NUMBERS):
        raise InputError(f"{where}: {shown(cell.value)} is not a number; write a number, without commas")
    return cell.value


def _day(cell: Cell | None, where: str) -> date | None:
    number = _number(cell, where)
    return None if number is None else _DAY_1 + timedelta(days=int(number))


def _day_in_words(text: Typed) -> date | None:
    """Return the day on Start, which is written as `1 July 2026`; None where it is not."""
    if isinstance(text, _NUMBERS):
        return _DAY_1 + timedelta(days=int(text))
    try:
        return datetime.strptime(str(text), "%d %B %Y").date()
    except ValueError:
        return None


def _number_beside(found: Grid, label: str) -> float | None:
    place = found.beside(label)
    return None if place is None else _number(found.cells.get(place), found.where(*place))


def _text_beside(found: Grid, label: str) -> str:
    place = found.beside(label)
    return "" if place is None else found.text(*place)


def _rates(found: Table, heading: str) -> dict[str, float]:
    rates = {}
    for row in found.rows(heading):
        code, cell = found.text(row, "Indicator"), found.cell(row, heading)
        if code and cell is not None and isinstance(cell.value, _NUMBERS):
            rates[code] = float(cell.value)
    return rates


def _not_comparable(package: Package) -> frozenset[str]:
    try:
        found = table(grid(package, "compare"), "Indicator", "Last year")
    except InputError:
        # Nothing is typed on that sheet, so who does not want it may have deleted it.
        return frozenset()
    rows = found.rows("Last year")
    return frozenset(found.text(row, "Indicator") for row in rows if found.text(row, "Last year") == NOT_COMPARABLE)


def _planned(found: Table) -> dict[str, Planned]:
    planned = {}
    for row in found.rows("Indicator"):
        own = Planned(
            tier=found.text(row, "Tier"),
            minutes=_number(found.cell(row, "Minutes per patient"), found.where(row, "Minutes per patient")),
            board_lead=found.text(row, "Board lead"),
            practice_lead=found.text(row, "Practice lead"),
            helper=found.text(row, "Helper"),
        )
        if own != Planned():
            planned[found.text(row, "Indicator")] = own
    return planned


def _actions(found: Table) -> Iterator[Action]:
    for row in sorted(
        {row for row, column in found.grid.cells if column == found.columns["What"] and row > found.head}
    ):
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


def _pasted(found: Table) -> Iterator[Pasted]:
    columns = [found.columns[heading] for heading in PASTED]
    for row in sorted({row for row, column in found.grid.cells if row > found.head and column in columns}):
        cells = (found.grid.cells.get((row, column)) for column in columns)
        practice, indicator, measure, value = (cell.value if cell else None for cell in cells)
        yield Pasted(practice=practice, indicator=indicator, measure=measure, value=value)


_AVERAGE = ("average_list_patients", "average_list_pcns")
_PREVALENCE = ("prevalence_patients", "prevalence_list")


def _national(rules: Table, ruleset: Ruleset) -> National | None:
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


def _overrides(rules: Table) -> dict[tuple[str, str], Typed]:
    overrides: dict[tuple[str, str], Typed] = {}
    for row in rules.rows("code"):
        code = rules.text(row, "code")
        for name in SCHEME_OVERRIDABLE if code == SCHEME else OVERRIDABLE:
            cell = rules.cell(row, f"{name}_override")
            if cell is not None and cell.value not in (None, ""):
                overrides[code, name] = cell.value
    return overrides

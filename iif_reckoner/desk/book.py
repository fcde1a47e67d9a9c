"""A workbook of ours as it stands on somebody's desk: what its sheets hold, read as the sums need it."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from pathlib import Path

from iif_reckoner import rulesets
from iif_reckoner.desk import reading
from iif_reckoner.desk.reading import BASELINE, CountsTable, Key
from iif_reckoner.desk.tables import Grid, Table, grid, table
from iif_reckoner.errors import InputError
from iif_reckoner.figures.cash import AMOUNT, PART, SWITCH
from iif_reckoner.figures.content import Content, Planned, Practice, Sharing, Switches, Typed
from iif_reckoner.figures.paste import COLUMNS as PASTED
from iif_reckoner.figures.paste import MONTH as MONTH_PASTED
from iif_reckoner.figures.plan import HOURS_LEFT
from iif_reckoner.figures.split import COSTS, MINIMUM
from iif_reckoner.layout.sheets import LAYOUT
from iif_reckoner.model import Ruleset
from iif_reckoner.package import Package, column_letters, merged, shown_as
from iif_reckoner.rules_table import SCHEME, from_rows
from iif_reckoner.scheme_year import month_names


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
        return tuple(reading.practices(self.practices))

    @cached_property
    def counts(self) -> CountsTable:
        """The table of Counts.

        Raises:
            InputError: two rows are of one practice and indicator, or cells of figures are merged.
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
        self._refuse_merged(found, CountsTable.headings(months))
        return CountsTable(found, rows, months, shown_as(self.package))

    def _refuse_merged(self, found: Table, headings: Iterable[str]) -> None:
        columns = {found.columns[heading] for heading in headings if heading in found.columns}
        for block in merged(self.package, found.grid.title):
            if block.last_row > found.head and not columns.isdisjoint(range(block.first_column, block.last_column + 1)):
                last = f"{column_letters(block.last_column)}{block.last_row}"
                raise InputError(
                    f"{found.grid.where(block.first_row, block.first_column)}: merged with the cells up to {last}; "
                    "unmerge them and write each figure into its own cell"
                )

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
    def lists_on(self) -> date | None:
        """The day of the registered lists; None where Start names none."""
        return reading.day_in_words(self.fact("List sizes of"))

    @property
    def in_month(self) -> bool:
        """Whether counts are of each month alone instead of adding up from the start of the year."""
        return self.fact("Counting") == "In month"

    @property
    def sharing(self) -> Sharing:
        """How patients are shared out, as Practice gaps has it."""
        return reading.sharing(self.package)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the indicators, in the order of Rules."""
        return tuple(code for row in self.rules.rows("code") if (code := self.rules.text(row, "code")) != SCHEME)

    @property
    def planned(self) -> dict[str, Planned]:
        """What the sheet Plan holds, by indicator.

        Raises:
            InputError: minutes or a day are none; the text names the cell.
        """
        return reading.planned(table(grid(self.package, "plan"), "Indicator", "Your tier", "Board lead"), self.codes)

    def content(self) -> Content:
        """Return everything that people have put into the workbook.

        Raises:
            InputError: a figure is none: the text names its cell.
        """
        counts, baselines = reading.figures(self.counts)
        overrides = reading.overrides(self.rules)
        reckoner = table(grid(self.package, "reckoner"), "Indicator", "Last year", "England")
        plan = grid(self.package, "plan")
        actions = table(grid(self.package, "actions"), "What", "Indicator", "Due", "State")
        codes = self.codes
        split, cash, paste = (grid(self.package, key) for key in ("split", "cash", "paste"))
        return Content(
            ruleset=self.ruleset,
            assumed=rulesets.load(self.ruleset_id),
            pcn_code=self.pcn_code,
            pcn_name=str(self.fact("PCN") or ""),
            practices=self.members,
            counts=counts,
            baselines=baselines,
            last_year=reading.rates(reckoner, "Last year", codes),
            medians=reading.rates(reckoner, "England", codes),
            not_comparable=reading.not_comparable(self.package, codes),
            national=reading.national(self.rules, self.ruleset),
            planned=self.planned,
            hours_left=reading.number_beside(plan, HOURS_LEFT),
            outside=tuple(reading.outside(actions.grid)),
            actions=tuple(reading.actions(actions)),
            overrides=overrides,
            switches=Switches(
                month=str(self.fact("Month") or "Newest"),
                counting=str(self.fact("Counting") or "Cumulative"),
                engine=str(self.fact("Engine") or "Automatic"),
                assumed=str(self.fact("Assumed figures") or "Yes"),
            ),
            sharing=self.sharing,
            costs=reading.number_beside(split, COSTS),
            blend=reading.blend(split),
            minimum=reading.number_beside(split, MINIMUM),
            aspiration=(reading.text_beside(cash, SWITCH) or "Off", reading.number_beside(cash, PART)),
            aspiration_amount=reading.number_beside(cash, AMOUNT),
            pasted=tuple(reading.pasted(table(paste, *PASTED))),
            pasted_month=reading.text_beside(paste, MONTH_PASTED),
            compared=reading.compared(self.package, codes),
            lists_on=self.lists_on,
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

"""What one sheet holds, as data: cells, arrays, conditions, inputs, charts and its print set-up."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from iif_reckoner.layout.sheets import Sheet
from iif_reckoner.package.address import column_letters as letters

Value = str | int | float | None
Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Area:
    """A block of cells of a sheet, and how formulas write it."""

    sheet: Sheet
    row: int
    column: int
    height: int = 1
    width: int = 1

    def cell(self, down: int = 0, right: int = 0) -> str:
        """Return one cell of it, absolute and with its sheet."""
        return f"{self.sheet.quoted}!${letters(self.column + right)}${self.row + down}"

    @property
    def ref(self) -> str:
        """The whole block without its sheet: `B5:D9`, or `B5` for one cell."""
        first = f"{letters(self.column)}{self.row}"
        if self.height == self.width == 1:
            return first
        return f"{first}:{letters(self.column + self.width - 1)}{self.row + self.height - 1}"

    @property
    def absolute(self) -> str:
        """The whole block, absolute and with its sheet."""
        first = f"${letters(self.column)}${self.row}"
        if self.height == self.width == 1:
            return f"{self.sheet.quoted}!{first}"
        last = f"${letters(self.column + self.width - 1)}${self.row + self.height - 1}"
        return f"{self.sheet.quoted}!{first}:{last}"

    def part(self, down: int = 0, right: int = 0, height: int = 1, width: int = 1) -> "Area":
        """Return a block inside it."""
        return Area(self.sheet, self.row + down, self.column + right, height, width)


class Cell(NamedTuple):
    """What stands in a cell: a value, or a formula where `formula` is true; the name of its style.

    A tuple, as a workbook has tens of thousands and a tuple is made in half the time of a data class.
    """

    value: Value
    style: str
    formula: bool = False


@dataclass(frozen=True, slots=True)
class FilledDown:
    """A formula filled down a column: `pattern` has a `%d` for each of its `rows`, which move down with it."""

    pattern: str
    rows: tuple[int, ...]

    def at(self, down: int) -> str:
        """Return the formula so many rows below the first.

        >>> FilledDown("100*$C%d/D%d", (7, 9)).at(2)
        '100*$C9/D11'
        """
        return self.pattern % tuple([row + down for row in self.rows])


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """A look that cells take while a formula, written for the first of them, is true."""

    area: Area
    formula: str
    tint: str
    stop: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """What may be typed into cells, and what to say if something else is."""

    area: Area
    kind: Literal["whole", "decimal", "list", "date"]
    least: str | None = None
    most: str | None = None
    choices: str | Area | None = None
    message: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """A chart: `series` are name and values (and how they are drawn), over one row or column of labels."""

    kind: Literal["line", "bar", "stacked bar"]
    title: str
    text: str
    at: Position
    size: tuple[float, float]
    labels: Area
    series: Sequence[tuple[str, Area]]
    y_title: str
    y_format: str
    dashed: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table as Excel knows it: a name, a row of headings that are text and all different, the rows below it.

    `filtered` has a button on each heading that filters and sorts: only where a row may change its place unharmed.
    """

    name: str
    area: Area
    headings: tuple[str, ...]
    filtered: bool


@dataclass(slots=True)
class Page:
    """The content of one sheet; figures write into it, the builder draws it.

    It prints as wide as `pages_wide` pages are, or at `scale` per cent of its size with a new page at each of `breaks`.
    """

    sheet: Sheet
    cells: dict[Position, Cell] = field(default_factory=dict)
    arrays: list[tuple[Area, str, str]] = field(default_factory=list)
    widths: dict[int, float] = field(default_factory=dict)
    column_styles: dict[int, str] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    conditions: list[Condition] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    names: dict[str, Area] = field(default_factory=dict)
    links: dict[Position, str] = field(default_factory=dict)
    freeze: Position | None = None
    print_area: Area | None = None
    also_printed: Area | None = None
    title_rows: tuple[int, int] | None = None
    title_columns: tuple[int, int] | None = None
    pages_wide: int = 1
    one_page: bool = False
    scale: int | None = None
    breaks: list[int] = field(default_factory=list)
    protected: bool = True
    tables: list[Table] = field(default_factory=list)
    hidden_columns: tuple[int, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    growing: range = range(0)
    """Rows that Excel makes as high as what is typed into them; all others keep their height."""

    def put(self, row: int, column: int, value: Value, style: str = "plain") -> None:
        """Write a value as it is; text never becomes a formula."""
        self.cells[row, column] = Cell(value, style)

    def formula(self, row: int, column: int, formula: str, style: str = "plain") -> None:
        """Write a formula, without its equals sign."""
        self.cells[row, column] = Cell(formula, style, formula=True)

    def array(self, area: Area, formula: str, style: str = "working") -> None:
        """Write one array formula over a block."""
        self.arrays.append((area, formula, style))

    def row(self, row: int, column: int, values: Sequence[Value], style: str) -> None:
        """Write values side by side."""
        for right, value in enumerate(values):
            self.put(row, column + right, value, style)

    def area(self, row: int, column: int, height: int = 1, width: int = 1) -> Area:
        """Return a block of this page."""
        return Area(self.sheet, row, column, height, width)

    def table(self, name: str, area: Area, *, filtered: bool = False) -> None:
        """Make a table of an area whose first row holds headings already.

        Raises:
            ValueError: the sheet has no table of that name, or a heading is no text or stands there twice.
        """
        if name not in self.sheet.tables:
            raise ValueError(f"{self.sheet.title} has no table {name}")
        cells = [self.cells[area.row, area.column + right] for right in range(area.width)]
        headings = tuple(cell.value for cell in cells if isinstance(cell.value, str) and not cell.formula)
        if len({heading.casefold() for heading in headings}) < area.width:
            raise ValueError(f"{name}: every heading of a table is text of its own")
        self.tables.append(Table(name=name, area=area, headings=headings, filtered=filtered))

    def title(self, text: str, subtitle: str = "") -> None:
        """Write the title in A1 and what the sheet is for below it."""
        self.put(1, 1, text, "title")
        self.heights[1] = 28
        if subtitle:
            self.put(2, 1, subtitle, "subtitle")

"""Rows of counts as a sheet with the workbook's own formulas: over whole blocks as the `.xlsm` has them, or cell by cell."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter

from iif_reckoner.figures.records import Place, settled, spelled, spelled_over
from iif_reckoner.figures.working import now, scheme
from iif_reckoner.layout.page import Page
from iif_reckoner.layout.sheets import BY_KEY
from iif_reckoner.package import Package
from iif_reckoner.package.address import column_letters
from iif_reckoner.rules_table import to_rows
from tests.trust.rows import FIELDS, Cell, Chunk, Columns, Row, columns
from tests.workbook_engines import Found, Spot, Values

SHEET = BY_KEY["working"]
BEFORE = ("bounded", "baseline", "scored", "list_adjustment", "prevalence", "state")
FORMULAS = {
    figure.name: figure.native
    for figure in (*scheme.BOOK, *scheme.RULES, *now.NOW)
    if figure.name in (*BEFORE, *FIELDS)
}
"""The formulas of the figures, as Working has them: what the sums look at first, then the sums."""

_RULES = {
    "code": "code",
    "scoring": "scoring",
    "rule_scoring": "scoring",
    "better": "better",
    "scale": "scale",
    "rule_unit": "unit",
    "points_available": "points",
    "lower": "lower_threshold",
    "upper": "upper_threshold",
    "red_lower": "reduction_lower_threshold",
    "red_upper": "reduction_upper_threshold",
    "rule_prevalence": "prevalence",
    "rule_prevalence_patients": "prevalence_patients",
    "rule_prevalence_list": "prevalence_list",
}
"""What the formulas call the columns of the Rules table."""

_COUNTS = {"num": "numerator", "den": "denominator", "bn": "baseline_numerator", "bd": "baseline_denominator"}
_SCHEME = {
    "average_patients": "average_list_patients",
    "average_pcns": "average_list_pcns",
    "point_value": "point_value_gbp",
    "rounding": "rounding_pounds",
}
INPUTS = (*_RULES, *_COUNTS, "list_size")
_FIRST = 3
"""The first row of the blocks; above them stand the figures of the scheme and the names."""


def places(rows: int, figures: Iterable[str] = FORMULAS) -> dict[str, Place]:
    """Where every input and figure stands on a sheet of so many rows."""
    page = Page(SHEET)
    names = (*INPUTS, *figures)
    found = {name: Place(page.area(_FIRST, column, rows), "indicator") for column, name in enumerate(names, start=1)}
    return found | {name: Place(page.area(1, column), "book") for column, name in enumerate(_SCHEME, start=1)}


def in_blocks(chunk: Chunk) -> bytes:
    """Return the sheet with one array formula for each figure, whose values nobody has worked out yet."""
    where = places(len(chunk.rows))
    texts = {name: spelled_over(formula, SHEET, where) for name, formula in FORMULAS.items()}
    return _workbook(chunk, where, texts, "array")


def in_cells(chunk: Chunk, formulas: Mapping[str, str] = FORMULAS) -> bytes:
    """Return the sheet with a formula in each cell, as a workbook without macros has them, filled down."""
    where = places(len(chunk.rows), formulas)
    texts = {
        name: spelled(settled(formula, SHEET, where), SHEET, "indicator", where, 0).at(0)
        for name, formula in formulas.items()
    }
    return _workbook(chunk, where, texts, "shared")


@cache
def _parts() -> dict[str, bytes]:
    """The parts of a workbook with one empty sheet."""
    data = BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        book.add_worksheet(SHEET.title)
    with ZipFile(data) as empty:
        return {name: empty.read(name) for name in empty.namelist()}


def _workbook(chunk: Chunk, where: Mapping[str, Place], texts: Mapping[str, str], kind: str) -> bytes:
    header, scheme_row, *records = to_rows(chunk.ruleset)
    rules = {record[0]: dict(zip(header, record, strict=True)) for record in records}
    of_scheme = dict(zip(header, scheme_row, strict=True))
    lines = [_line(1, [_typed(of_scheme[name]) for name in _SCHEME.values()])]
    for down, row in enumerate(chunk.rows):
        formulas = _first(where, texts, kind) if not down else _others(texts, kind)
        lines.append(_line(_FIRST + down, [*map(_typed, _inputs(rules, row)), *formulas]))
    sheet = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    parts = {**_parts(), "xl/worksheets/sheet1.xml": f"{sheet}{''.join(lines)}</sheetData></worksheet>"}
    data = BytesIO()
    with ZipFile(data, "w", ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(name, text)
    return data.getvalue()


def _first(where: Mapping[str, Place], texts: Mapping[str, str], kind: str) -> list[str]:
    """The formulas of the first row, which say how far down they go."""
    found = []
    for number, (name, text) in enumerate(texts.items()):
        down = where[name].area.absolute.rpartition("!")[2].replace("$", "")
        numbered = f' si="{number}"' if kind == "shared" else ""
        found.append(f' t="str"><f t="{kind}" ref="{down}"{numbered}>{escape(text)}</f><v></v>')
    return found


def _others(texts: Mapping[str, str], kind: str) -> list[str]:
    if kind == "array":
        return []
    return [f' t="str"><f t="shared" si="{number}"/><v></v>' for number in range(len(texts))]


def _line(row: int, cells: Sequence[str]) -> str:
    placed = (f'<c r="{column_letters(column)}{row}"{cell}</c>' for column, cell in enumerate(cells, start=1))
    return f'<row r="{row}">{"".join(placed)}</row>'


def _typed(value: Cell | None) -> str:
    if value is None:
        # On Working a formula stands there, too, which shows an empty text.
        return ' t="str"><f>""</f><v></v>'
    return f' t="str"><v>{escape(value)}</v>' if isinstance(value, str) else f"><v>{value!r}</v>"


def _inputs(rules: Mapping[str, Mapping[str, Cell | None]], row: Row) -> list[Cell | None]:
    rule = rules[row.indicator.code] if row.indicator else dict.fromkeys(_RULES.values())
    counts = (getattr(row.counts, name) for name in _COUNTS.values())
    return [*(rule[name] for name in _RULES.values()), *counts, row.list_size]


def wanted(rows: int) -> list[Spot]:
    """The cells of the compared figures, row by row."""
    where = places(rows)
    return [(SHEET.title, _FIRST + down, where[field].area.column) for down in range(rows) for field in FIELDS]


def from_values(values: Values, rows: int) -> Columns:
    """The compared figures that an engine found."""
    return _columns([_cell(values[spot]) for spot in wanted(rows)])


def _cell(found: Found) -> Cell:
    return found.value if found.kind in ("number", "text", "error") else str(found)


def from_package(package: Package, rows: int) -> Columns:
    """The compared figures that are stored in a workbook."""
    found = {(cell.row, cell.column): cell.value for cell in package.cells(SHEET.title)}
    return _columns(["" if (value := found.get(spot[1:])) is None else value for spot in wanted(rows)])


def _columns(cells: list[Cell]) -> Columns:
    return columns(list(zip(*[iter(cells)] * len(FIELDS), strict=True)))

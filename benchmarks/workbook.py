"""Workbooks: the first of a ruleset, those that follow, and what their functions cost while Excel recalculates."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from itertools import cycle, islice
from pathlib import Path

import xlsxwriter

from benchmarks.measure import Result, seconds
from benchmarks.pace import in_time
from iif_reckoner import fictitious, rulesets, udfs
from iif_reckoner.build.workbook import Template, cells_of_working
from iif_reckoner.figures import book
from iif_reckoner.figures.content import Content, Practice
from iif_reckoner.figures.working import sheet as working
from iif_reckoner.layout.look import STYLES
from iif_reckoner.layout.page import Area, Page, letters
from iif_reckoner.layout.sheets import INDICATORS, PRACTICES
from iif_reckoner.model import Ruleset
from iif_reckoner.package import Package
from iif_reckoner.scheme_year import MONTHS
from iif_reckoner.vba import PYTHON_ANSWERS

MADE_UP = Path(__file__).resolve().parents[1] / "tests" / "made_up" / "2031-32.v1.toml"
SIZES = (5, 3, 7, 4, 1, 6, 2, 9, 5, 4, 12, 3)
"""How many practices the books in a row have: about five, as England's PCNs have."""
BOOKS = 60
LARGEST = 1_000_000


def first() -> Iterator[Result]:
    fullest = full()
    for macros, kind in ((True, ".xlsm"), (False, ".xlsx")):
        content = replace(fullest, macros=macros)
        built: list[bytes] = []
        own = float("inf")
        peer = float("inf")
        pages = book.pages(content, PYTHON_ANSWERS if macros else None)
        values = _values(Template(_blank(content)).filled(content))
        for _ in range(3):
            own = min(own, seconds(lambda: built.append(_anew(content)), 1))  # noqa: B023
            peer = min(peer, seconds(lambda: _with_xlsxwriter(pages, values), 1))  # noqa: B023
        cells = sum(len(page.cells) for page in pages)
        yield Result(
            what=f"the first {kind} of a ruleset, {PRACTICES} practices, {INDICATORS} indicators, {MONTHS} months, "
            f"laid out and worked out, against XlsxWriter, which is handed its {cells:,} cells and their values",
            measured=f"{own:.2f} s / {peer:.2f} s = {own / peer:.2f}",
            goal="at most 1.5",
            holds=own / peer <= 1.5,
        )
        size = len(built[-1])
        yield Result(what=f"that {kind}", measured=f"{size / 1e6:.2f} MB", goal="under 1 MB", holds=size < LARGEST)


def fresh() -> Iterator[Result]:
    year = rulesets.load("2022/23")
    annual = rulesets.load("2023/24")
    for ruleset, months, words in (
        (annual, (), "2023/24 in April, with practices and lists and no figures yet"),
        (year, tuple(range(1, MONTHS + 1)), "2022/23 with twelve months of figures"),
    ):
        contents = [_content(ruleset, practices, MONTHS, months) for practices in sorted(set(SIZES))]
        by_size = {len(content.practices): content for content in contents}
        start = time.perf_counter()
        template = Template(_blank(contents[0]))
        prepared = time.perf_counter() - start
        # A size that was seen before has its frame ready.
        for content in contents:
            template.filled(content)
        once = time.perf_counter() - start
        took = []
        for number, practices in enumerate(islice(cycle(SIZES), BOOKS)):
            content = _another(by_size[practices], number)
            began = time.perf_counter()
            template.filled(content)
            took.append(time.perf_counter() - began)
        each = sum(took) / len(took)
        yield in_time(
            what=f"a fresh .xlsm of a seen ruleset, {words}; mean of {BOOKS} in one process after the first "
            f"of each size ({once:.1f} s, {prepared:.1f} s of it the template)",
            took=each,
            most=0.15,
            detail=f" (fastest {min(took):.3f} s, slowest {max(took):.3f} s)",
        )


def _another(content: Content, number: int) -> Content:
    """Return the content of another PCN of the same size: name, lists and every figure differ."""
    return replace(
        content,
        pcn_name=f"PCN {number}",
        practices=tuple(
            replace(one, name=f"{one.name} {number}", list_size=(one.list_size or 0) + number)
            for one in content.practices
        ),
        counts={
            key: (max(numerator - number, 0), denominator) for key, (numerator, denominator) in content.counts.items()
        },
        last_year={"CAN-02": number / 100},
    )


def recalculation() -> Iterator[Result]:
    content = full()
    pages = book.pages(content, PYTHON_ANSWERS)
    formulas = [str(cell.value) for page in pages for cell in page.cells.values() if cell.formula]
    formulas += [formula for page in pages for _, formula, _ in page.arrays]
    calls = sum(len(re.findall(r"\bIIF_[A-Z]+\(", formula)) for formula in formulas)
    yield Result(
        what="calls of our functions when a full workbook is worked out anew",
        measured=str(calls),
        goal="at most 16",
        holds=calls <= 16,
    )
    values = _values(Template(_blank(content)).filled(content))
    asked = list(_asked(values))

    def all_calls() -> None:
        for function, arguments in asked:
            function(*arguments)

    yield in_time(
        what=f"Python time of these calls with plain lists ({PRACTICES} practices, {INDICATORS} indicators, "
        f"{MONTHS} months)",
        took=seconds(all_calls, 5),
        most=0.05,
    )


def full() -> Content:
    """Return the fullest workbook there is: every slot of practices, indicators and months in use."""
    return _content(_forty(), PRACTICES, MONTHS)


def usual(ruleset: Ruleset, practices: int) -> Content:
    """Return what is in the workbook of a PCN of this size at the end of the year."""
    return _content(ruleset, practices, MONTHS)


def _forty() -> Ruleset:
    """Return an invented ruleset with as many indicators as fit."""
    made_up = rulesets.read(MADE_UP)
    rows = [
        replace(row, code=f"{row.code[:3]}-{number:02}")
        for number, row in enumerate(islice(cycle(made_up.indicators), INDICATORS), start=1)
    ]
    return replace(made_up, indicators=tuple(rows))


def _blank(content: Content) -> Content:
    return Content(ruleset=content.ruleset, assumed=content.assumed, macros=content.macros)


def _anew(content: Content) -> bytes:
    """Make the first workbook of a process: what rulesets share is forgotten before."""
    book.drawn_working.cache_clear()
    cells_of_working.cache_clear()
    return Template(_blank(content)).filled(content)


def _content(ruleset: Ruleset, practices: int, months: int, kept: tuple[int, ...] | None = None) -> Content:
    """Return the made-up PCN with so many practices (beyond its twelve their like again) and its figures."""
    pcn = fictitious.pcn()
    rows = list(islice(cycle(pcn.practices.to_dict("records")), practices))
    known = len(pcn.practices)
    codes = [f"X{99_001 + place}" for place in range(practices)]
    members = tuple(
        Practice(code=code, name=row["practice_name"], list_size=row["list_size"], system=row["system"])
        for code, row in zip(codes, rows, strict=True)
    )
    table = fictitious.counts(ruleset, months=months).to_dict("records")
    year = int(ruleset.year[:4])
    counts, baselines = {}, {}
    for row in table:
        calendar, month = (int(part) for part in str(row["month"]).split("-"))
        place = (calendar - year) * 12 + month - 3
        like = [code for number, code in enumerate(codes) if codes[number % known] == row["organisation_code"]]
        for code in like or ([pcn.code] if row["organisation_code"] == pcn.code else []):
            if kept is None or place in kept:
                counts[code, row["indicator"], place] = int(row["numerator"]), int(row["denominator"])
            if isinstance(row["baseline_numerator"], int):
                baselines[code, row["indicator"]] = row["baseline_numerator"], row["baseline_denominator"]
    return Content(
        ruleset=ruleset,
        assumed=ruleset,
        pcn_code=pcn.code,
        pcn_name=pcn.name,
        practices=members,
        counts=counts,
        baselines=baselines,
    )


def _values(built: bytes) -> dict[tuple[str, str], object]:
    package = Package.from_bytes(built, "the workbook")
    return {(sheet.name, at): cell.value for sheet in package.sheets for at, cell in package.grid(sheet.name).items()}


def _with_xlsxwriter(pages: list[Page], values: dict[tuple[str, str], object]) -> bytes:
    """Return the same cells with the same formats and values, as XlsxWriter writes them."""
    buffer = BytesIO()
    made = xlsxwriter.Workbook(buffer, {"in_memory": True})
    formats = {}
    for key, style in STYLES.items():
        look = {"font_name": "Arial", "font_size": style.size, "bold": style.bold, "font_color": f"#{style.colour}"}
        look |= {"num_format": style.format, "align": style.align, "valign": "vcenter", "text_wrap": style.wrap}
        look |= {"border": int(style.border), "locked": not style.unlocked, "indent": style.indent}
        formats[key] = made.add_format(look | ({"bg_color": f"#{style.fill}"} if style.fill else {}))
    for page in pages:
        sheet = made.add_worksheet(page.sheet.title)
        title = page.sheet.title
        for (row, column), cell in page.cells.items():
            look = formats[cell.style]
            if cell.formula:
                result = values.get((title, f"{letters(column)}{row}"), "")
                sheet.write_formula(row - 1, column - 1, f"={cell.value}", look, result)
            elif cell.value is None or cell.value == "":
                sheet.write_blank(row - 1, column - 1, None, look)
            elif isinstance(cell.value, str):
                sheet.write_string(row - 1, column - 1, cell.value, look)
            else:
                sheet.write_number(row - 1, column - 1, cell.value, look)
        for area, formula, style in page.arrays:
            _array(sheet, area, formula, formats[style], values)
    made.close()
    return buffer.getvalue()


def _array(
    sheet: xlsxwriter.worksheet.Worksheet, area: Area, formula: str, look: object, values: dict[tuple[str, str], object]
) -> None:
    top, left = area.row - 1, area.column - 1
    bottom, right = top + area.height - 1, left + area.width - 1
    sheet.write_array_formula(top, left, bottom, right, f"={{{formula}}}", look)
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            result = values.get((area.sheet.title, f"{letters(column + 1)}{row + 1}"), "")
            if (row, column) != (top, left):
                write = sheet.write_string if isinstance(result, str) else sheet.write_number
                write(row, column, result, look)


def _asked(values: dict[tuple[str, str], object]) -> Iterator[tuple[object, list[object]]]:
    """Return each function that the workbook calls with its arguments as Excel hands them over."""
    known = book.places()

    def block(area: Area) -> list[list[object]]:
        title = area.sheet.title
        return [
            [values.get((title, f"{letters(area.column + right)}{area.row + down}")) for right in range(area.width)]
            for down in range(area.height)
        ]

    figures = (*working.RULES, *working.NOW, *working.BY_MONTH, *working.PRACTICES)
    for figure in figures:
        if figure.function is None:
            continue
        name, _, rest = figure.function.partition("(")
        seen = {**known, **{alias: known[other] for alias, other in working._SEEN_AS[figure.over].items()}}  # noqa: SLF001
        arguments = [
            block(seen[text[1:-1]].area) if text.startswith("{") else [[text.strip('"')]]
            for text in rest.rstrip(")").split(",")
        ]
        yield getattr(udfs, name), arguments


BENCHMARKS = (first, fresh, recalculation)

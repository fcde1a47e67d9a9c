"""Made-up workbooks, what their figures must be by the exact core, and the engines that work them out independently."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import formualizer
import pandas as pd
import pytest

from iif_reckoner import fictitious, functions, rulesets, table
from iif_reckoner.build import make
from iif_reckoner.figures import book
from iif_reckoner.figures.content import Content, Practice
from iif_reckoner.figures.counts import keys as count_keys
from iif_reckoner.functions import Problem
from iif_reckoner.model import Counts, Indicator, Reckoning, Ruleset
from iif_reckoner.package import Cell, Package, column_letters, set_cached, set_cells
from iif_reckoner.reckon import reckon

MADE_UP = str(Path(__file__).parent / "made_up" / "2031-32.v1.toml")
FILLS = {"full": 12, "half-empty": 5, "empty": 0}
PLACES = book.places()
POUNDS = ("value", "available", "to_win", "month_value")

Spot = tuple[str, int, int]
"""Sheet title, row and column."""


class Found(NamedTuple):
    """What a cell shows: `kind` is number, text, bool or error; blank where a formula has no value at all."""

    kind: str
    value: Any


Values = dict[Spot, Found]


def content(ruleset_id: str, fill: str = "full", *, macros: bool = False) -> Content:
    """The made-up PCN with twelve months of counts, with five and many gaps in them, or with nothing at all."""
    own, assumed = rulesets.load(ruleset_id, assumed=False), rulesets.load(ruleset_id)
    if fill == "empty":
        return Content(ruleset=own, assumed=assumed, macros=macros)
    pcn = fictitious.pcn()
    counts, baselines = _counted(own, FILLS[fill])
    practices = [
        Practice(
            code=row.practice_code,
            name=row.practice_name,
            list_size=int(row.list_size),
            weighted_list=float(row.weighted_list),
            system=row.system,
        )
        for row in pcn.practices.itertuples()
    ]
    if fill == "half-empty":
        _punch_holes(own, [practice.code for practice in practices], counts, baselines)
        practices[9] = Practice(code=practices[9].code, name=practices[9].name)
    return Content(
        ruleset=own,
        assumed=assumed,
        pcn_code=pcn.code,
        pcn_name=pcn.name,
        practices=tuple(practices),
        counts=counts,
        baselines=baselines,
        macros=macros,
    )


def _counted(ruleset: Ruleset, months: int) -> tuple[dict[Any, Any], dict[Any, Any]]:
    counts, baselines = {}, {}
    first = int(ruleset.year[:4])
    for row in fictitious.counts(ruleset, months=months).itertuples():
        year, month = map(int, row.month.split("-"))
        place = (year - first) * 12 + month - 3
        counts[row.organisation_code, row.indicator, place] = (int(row.numerator), int(row.denominator))
        if not pd.isna(row.baseline_numerator):
            base = (int(row.baseline_numerator), int(row.baseline_denominator))
            baselines[row.organisation_code, row.indicator] = base
    return counts, baselines


def _punch_holes(ruleset: Ruleset, codes: Sequence[str], counts: dict[Any, Any], baselines: dict[Any, Any]) -> None:
    newest, indicators = FILLS["half-empty"], ruleset.codes
    compared = {row.code for row in ruleset.indicators if row.needs_baseline}
    for key in list(counts):
        code, indicator, month = key
        place = indicators.index(indicator)
        practice = codes.index(code) if code in codes else None
        if practice == 2 or (place == 1 and month > 3):
            del counts[key]
            if practice == 2:
                baselines.pop((code, indicator), None)
        elif indicator in compared:
            # What holes do to a baseline has tests of its own.
            continue
        elif practice == 5 and month == newest:
            del counts[key]
        elif (
            (place == 1 and month == 3)
            or (place > 1 and place == len(indicators) - 1 and month == newest)
            or (practice == 7 and place == 0 and month >= 4)
        ):
            counts[key] = (0, 0)
        elif practice == 8 and month == newest:
            numerator, denominator = counts[key]
            counts[key] = (None, denominator) if place % 2 else (numerator, None)


@lru_cache(maxsize=6)
def made(ruleset_id: str, fill: str = "full", *, macros: bool = False) -> bytes:
    """The finished workbook."""
    return make(content(ruleset_id, fill, macros=macros))


@lru_cache(maxsize=6)
def package(ruleset_id: str, fill: str = "full", *, macros: bool = False) -> Package:
    """The same to read from: its cells are parsed once."""
    return Package.from_bytes(made(ruleset_id, fill, macros=macros), "book")


def changed(source: Package, cells: Mapping[Spot, Any]) -> bytes:
    """A workbook in which a person typed these."""
    return set_cells(source, {(s, f"{column_letters(c)}{r}"): value for (s, r, c), value in cells.items()}).to_bytes()


def planted(source: Package, place: Spot, value: Any) -> Package:
    """A workbook whose formula carries a value that is not its own."""
    title, row, column = place
    return set_cached(source, {(title, f"{column_letters(column)}{row}"): value})


def spot(name: str, down: int = 0, right: int = 0) -> Spot:
    area = PLACES[name].area
    return area.sheet.title, area.row + down, area.column + right


def count_spot(of: Content, code: str, indicator: str, month: int, kind: str = "numerator") -> Spot:
    """Where a numerator or denominator stands on Counts."""
    row = [(key[0], key[2]) for key in count_keys(of)].index((code, indicator))
    return spot("pairs", row, 2 * (month - 1) + (kind == "denominator"))


# What stands in files


@lru_cache(maxsize=4)
def cells(source: Package) -> list[tuple[str, Cell]]:
    """Every cell of a workbook with the title of its sheet."""
    return [(sheet.name, cell) for sheet in source.sheets for cell in source.cells(sheet.name)]


def formula_values(source: Package) -> Values:
    """The value that each formula cell of a file carries."""
    return {
        (title, cell.row, cell.column): Found(cell.kind, cell.value) for title, cell in cells(source) if cell.is_formula
    }


def all_values(source: Package, wanted: Iterable[Spot]) -> Values:
    """The values of these cells, whatever they hold."""
    wanted = set(wanted)
    found = dict.fromkeys(wanted, Found("blank", None))
    for title in {title for title, _, _ in wanted}:
        for cell in source.cells(title):
            if (title, cell.row, cell.column) in wanted:
                found[title, cell.row, cell.column] = Found(cell.kind, cell.value)
    return found


# Engines

_KINDS = {"Value": "#VALUE!", "Na": "#N/A", "Name": "#NAME?", "Div": "#DIV/0!", "Ref": "#REF!", "Num": "#NUM!"}


def by_formualizer(source: Package, wanted: Iterable[Spot], *, python: bool = False) -> Values:
    """Every figure worked out anew; with `python` our functions answer, else they are unknown names."""
    return _shown_by(_opened((_without_blocks(source) if python else source).to_bytes(), python=python), wanted)


def typed_in_formualizer(
    source: Package, cells: Mapping[Spot, Any], wanted: Iterable[Spot], *, python: bool = False
) -> Values:
    """Every figure after a person typed these: by formulas into the open workbook, which is put back for the next test.

    Where our functions answer the workbook is opened anew: formualizer forgets some cells that hang on array formulas.
    """
    if python:
        return _shown_by(_opened(changed(_without_blocks(source), cells), python=True), wanted)
    opened = _kept_open(source)
    before = {place: opened.get_value(*place) for place in cells}
    try:
        _type(opened, cells)
        return _shown_by(opened, wanted)
    finally:
        _type(opened, before)


def _type(opened: Any, cells: Mapping[Spot, Any]) -> None:
    for place, value in cells.items():
        assert opened.get_formula(*place) is None, f"a formula stands in {place}"
        opened.set_value(*place, value)


def worked_out(data: bytes, wanted: Iterable[Spot]) -> Values:
    """Every figure of a workbook that is no file of ours, by formualizer."""
    return _shown_by(_opened(data, python=False), wanted)


def _shown_by(opened: Any, wanted: Iterable[Spot]) -> Values:
    opened.evaluate_all()
    return {place: _from_formualizer(opened.get_value(*place)) for place in wanted}


@lru_cache(maxsize=3)
def _kept_open(source: Package) -> Any:
    return _opened(source.to_bytes(), python=False)


def _opened(data: bytes, *, python: bool) -> Any:
    opened = formualizer.load_workbook_bytes(data)
    for name in functions.__all__:
        if name.startswith("IIF_"):
            opened.register_function(name, _answer(name, python), min_args=0, max_args=None)
    return opened


@lru_cache(maxsize=2)
def _without_blocks(source: Package) -> Package:
    """Take the values out of array formulas: formualizer would take them for typed ones in the formula's way."""
    inside = {(title, cell.address): None for title, cell in cells(source) if cell.is_formula and not cell.formula}
    return set_cached(source, inside)


def _answer(name: str, python: bool) -> Any:  # noqa: FBT001
    own = getattr(functions, name)
    return lambda *cells: _present(own(*cells)) if python else {"type": "Error", "kind": "Name"}


def _present(found: Any) -> Any:
    if isinstance(found, list):
        return [_present(cell) for cell in found]
    if isinstance(found, Problem):
        return {"type": "Error", "kind": "Na" if found.kind == "#N/A" else "Value"}
    return found


def _from_formualizer(value: Any) -> Found:
    if isinstance(value, Mapping):
        return Found("error", _KINDS.get(str(value.get("kind")), str(value)))
    return _plain("" if value is None else value)


def _plain(value: Any) -> Found:
    if isinstance(value, bool):
        return Found("bool", value)
    return Found("text", value) if isinstance(value, str) else Found("number", value)


def by_ironcalc(data: bytes, wanted: Iterable[Spot]) -> Values:
    """Every figure worked out anew by IronCalc."""
    ironcalc = needed("ironcalc")
    with TemporaryDirectory() as folder:
        path = Path(folder, "book.xlsx")
        path.write_bytes(data)
        model = ironcalc.load_from_xlsx(str(path))
    model.evaluate()
    sheets = {sheet["name"]: place for place, sheet in enumerate(model.get_worksheets_properties())}
    found = {}
    for title, row, column in wanted:
        value = model.get_cell_value(sheets[title], row, column)
        is_error = model.get_cell_type(sheets[title], row, column) == ironcalc.CellType.ErrorValue
        found[title, row, column] = Found("error", value) if is_error else _plain("" if value is None else value)
    return found


def needed(module: str) -> Any:
    """Return a test engine; where it is not installed that fails on the build machine and skips elsewhere."""
    try:
        return __import__(module)
    except ImportError:
        missing(f"{module} is not installed")


def missing(words: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(words)
    pytest.skip(words)


_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
</oor:items>
"""
"""Files are worked out anew whenever they are opened; macros never run."""

_LONGEST = 60
"""Seconds for each file, of which LibreOffice needs two on a machine that does nothing else."""


def by_office(folder: Path, files: Mapping[str, bytes]) -> dict[str, Package]:
    """Let LibreOffice open files (name with ending, bytes), work them out anew with macros off and write what it sees.

    All in one process with a profile of its own.
    """
    if not shutil.which("soffice"):
        missing("LibreOffice (soffice) is not installed")
    profile, sent, back = (folder / name for name in ("profile", "sent", "back"))
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, "utf-8")
    sent.mkdir()
    stems = {}
    for place, (name, data) in enumerate(files.items()):
        # Different stems: what comes back is called after them.
        path = sent / f"{place}{Path(name).suffix}"
        path.write_bytes(data)
        stems[name] = path
    command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--norestore", "--nologo"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(back), *map(str, stems.values())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True) as office:
        try:
            said, _ = office.communicate(timeout=_LONGEST * (1 + len(stems)))
        except subprocess.TimeoutExpired:
            os.killpg(office.pid, signal.SIGKILL)
            raise
    absent = [name for name, path in stems.items() if not (back / f"{path.stem}.xlsx").exists()]
    assert not absent, f"LibreOffice wrote nothing for {absent}: {said!r}"
    return {name: Package.open(back / f"{path.stem}.xlsx") for name, path in stems.items()}


# Comparing

RELATIVE = 1e-11
"""Our functions give twelve significant digits; the pounds of single figures have to be equal."""


def _exact_spots() -> frozenset[Spot]:
    found = set()
    for name in POUNDS:
        area = PLACES[name].area
        found |= {
            (area.sheet.title, area.row + down, area.column + right)
            for down in range(area.height)
            for right in range(area.width)
        }
    return frozenset(found)


EXACT = _exact_spots()


def same(place: Spot, one: Found, other: Found) -> bool:
    if one.kind != other.kind:
        return False
    if one.kind != "number" or place in EXACT:
        return one.value == other.value
    return abs(one.value - other.value) <= RELATIVE * max(abs(one.value), abs(other.value))


def differences(
    cached: Values, found: Mapping[Spot, Found], besides: Iterable[Spot] = ()
) -> list[tuple[str, str, Found, Found]]:
    """Return sheet, address and both values wherever they differ."""
    passed = set(besides)
    return [
        (place[0], f"{column_letters(place[2])}{place[1]}", value, found[place])
        for place, value in cached.items()
        if place not in passed and not same(place, value, found[place])
    ]


# What the core says


def shown(source: Package, name: str) -> set[Spot]:
    """A figure's own cell, and the cells of other sheets that repeat it."""
    absolute = PLACES[name].area.absolute
    repeated = {(title, cell.row, cell.column) for title, cell in cells(source) if cell.formula == absolute}
    return {spot(name), *repeated}


def list_size(of: Content) -> int | None:
    sizes = [practice.list_size for practice in of.practices]
    return sum(sizes) if sizes and all(sizes) else None


def counts_of_month(of: Content, month: int, *, in_month: bool = False) -> pd.DataFrame:
    """The rows of Counts as a reader gives them; with `in_month` what the months up to this one add up to."""
    rows = []
    for indicator in of.ruleset.indicators:
        whole_pcn = indicator.level == "pcn"
        for code in [of.pcn_code] if whole_pcn else [practice.code for practice in of.practices]:
            pair = of.counts.get((code, indicator.code, month), (None, None))
            if in_month:
                pairs = [of.counts.get((code, indicator.code, m), (None, None)) for m in range(1, month + 1)]
                pair = tuple(sum(one[side] for one in pairs) for side in (0, 1))
            base = of.baselines.get((code, indicator.code), (None, None))
            rows.append((code, "pcn" if whole_pcn else "practice", indicator.code, *pair, *base))
    columns = ["organisation_code", "level", "indicator", *table.COUNTS]
    frame = pd.DataFrame(rows, columns=columns).assign(month=month)
    return frame.astype(dict.fromkeys(table.COUNTS, "Int64"))


def _counts(row: Any) -> Counts:
    return Counts(**{name: None if pd.isna(row[name]) else int(row[name]) for name in table.COUNTS})


def sums(of: Content, month: int, *, in_month: bool = False) -> dict[str, Counts]:
    """The counts of the whole PCN by indicator, as the table adds them up."""
    if not of.practices or not month:
        return {}
    members = pd.DataFrame(
        {"practice_code": [p.code for p in of.practices], "pcn_code": of.pcn_code, "pcn_name": of.pcn_name}
    )
    found = table.by_pcn(of.ruleset, counts_of_month(of, month, in_month=in_month), members).pcns
    return {row["indicator"]: _counts(row) for _, row in found.iterrows()}


def newest(of: Content) -> int:
    return max((month for (_, _, month), pair in of.counts.items() if any(v is not None for v in pair)), default=0)


def reckoned(
    of: Content, month: int, ruleset: Ruleset | None = None, *, in_month: bool = False
) -> dict[str, Reckoning]:
    """What the core makes of the whole PCN."""
    ruleset = ruleset or of.assumed
    counted = sums(of, month, in_month=in_month)
    blank = Counts(numerator=None, denominator=None)
    return {
        row.code: reckon(ruleset, row, counted.get(row.code, blank), list_size=list_size(of), national=of.national)
        for row in ruleset.indicators
    }


def reckoned_practices(of: Content, month: int, ruleset: Ruleset) -> dict[tuple[str, str], tuple[Indicator, Reckoning]]:
    """What the core makes of each practice alone, without a baseline."""
    found = {}
    for practice in of.practices:
        for row in ruleset.indicators:
            pair = of.counts.get((practice.code, row.code, month), (None, None))
            if None in pair:
                pair = (None, None)
            counts = Counts(numerator=pair[0], denominator=pair[1])
            found[practice.code, row.code] = row, reckon(ruleset, row, counts)
    return found


def is_number(found: Found, value: Any) -> bool:
    """Whether a cell shows a number of the core: None is an empty text."""
    if value is None:
        return found == Found("text", "")
    return found.kind == "number" and abs(found.value - float(value)) <= RELATIVE * abs(float(value))


def is_exactly(found: Found, value: Any) -> bool:
    """Whether a cell shows these pounds, or this number of patients."""
    if value is None:
        return found == Found("text", "")
    return found.kind == "number" and found.value == float(value)


def against_core(
    of: Content, values: Values, ruleset: Ruleset | None = None, month: int | None = None, *, in_month: bool = False
) -> list[str]:
    """Return every figure of Working and every total that the core does not give."""
    ruleset = ruleset or of.assumed
    month = newest(of) if month is None else month
    wrong: list[str] = []

    def hold(name: str, down: int, right: int, holds: Any, value: Any) -> None:
        found = values[spot(name, down, right)]
        if not (holds(found, value) if callable(holds) else found == holds):
            wrong.append(f"{name} {down} {right}: {found.value!r} ({found.kind}), the core says {value!r}")

    now = reckoned(of, month, ruleset, in_month=in_month)
    monthly = [reckoned(of, m, ruleset, in_month=in_month) for m in range(1, 13) if m <= newest(of)]
    practices = reckoned_practices(of, month, ruleset) if not in_month else {}
    blank = Found("text", "")
    for down in range(PLACES["code"].area.height):
        code = ruleset.codes[down] if down < len(ruleset.codes) else None
        own = now.get(code)
        for name, holds, field in _FIGURES:
            hold(name, down, 0, holds if own else blank, getattr(own, field) if own else None)
        status = own.status if own else ""
        hold("status", down, 0, Found("text", status), status)
        for right in range(12):
            row = monthly[right].get(code) if right < len(monthly) else None
            hold("month_points", down, right, is_number if row else blank, row.points if row else None)
            hold("month_value", down, right, is_exactly if row else blank, row.value_gbp if row else None)
        for across in range(PLACES["practice"].area.height if not in_month else 0):
            practice = of.practices[across].code if across < len(of.practices) else None
            _, own_row = practices.get((practice, code), (None, None))
            for name, holds, field in _OF_PRACTICES:
                hold(name, across, down, holds if own_row else blank, getattr(own_row, field) if own_row else None)
    _hold_totals(values, list(now.values()), wrong)
    return wrong


_FIGURES = (
    ("num", lambda found, counts: is_exactly(found, _whole(counts, "numerator")), "counts"),
    ("den", lambda found, counts: is_exactly(found, _whole(counts, "denominator")), "counts"),
    ("achievement", is_number, "achievement"),
    ("points", is_number, "points"),
    ("value", is_exactly, "value_gbp"),
    ("available", is_exactly, "value_available_gbp"),
    ("gap_lower", is_exactly, "gap_to_lower"),
    ("gap_upper", is_exactly, "gap_to_upper"),
)
_OF_PRACTICES = (
    ("practice_achievement", is_number, "achievement"),
    ("practice_gap", is_exactly, "gap_to_upper"),
)


def _whole(counts: Counts, name: str) -> int | None:
    return None if None in (counts.numerator, counts.denominator) else getattr(counts, name)


def _hold_totals(values: Values, rows: Sequence[Reckoning], wrong: list[str]) -> None:
    points = [row.points for row in rows if row.points is not None]
    won = [row.value_gbp for row in rows if row.value_gbp is not None]
    to_win = [
        row.value_available_gbp - row.value_gbp for row in rows if None not in (row.value_gbp, row.value_available_gbp)
    ]
    for name, parts in (("total_points", points), ("total_won", won), ("total_to_win", to_win)):
        found, value = values[spot(name)], sum(parts) if parts else None
        if not is_number(found, value):
            wrong.append(f"{name}: {found.value!r}, the core says {value!r}")

"""A ruleset as the rows of a worksheet table, and back: what the workbook's Rules sheet holds and hands to Python.

One header row with the names of the fields, a row `SCHEME`, then a row per indicator. Thresholds are whole numbers on
the row's `scale`. A column `<field>_override` holds what the user typed instead, a column `<field>_assumed` an earlier
year's figure, used while `use_assumed` in the row `SCHEME` is yes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import TypeVar, get_args

from iif_reckoner.errors import InputError, shown
from iif_reckoner.exact import fraction
from iif_reckoner.model import (
    THRESHOLDS,
    UNITS,
    AverageList,
    Award,
    Better,
    Citation,
    Indicator,
    Level,
    National,
    Prevalence,
    Rounding,
    Ruleset,
    Scoring,
    Season,
    Unit,
)

Cell = str | int | float | bool | None
Read = Cell | datetime
Row = Sequence[Read]

SCHEME = "SCHEME"
OVERRIDABLE = ("points", *THRESHOLDS)
SCHEME_OVERRIDABLE = ("point_value_gbp", "average_list_patients", "average_list_pcns")
NO_PREVALENCE = "none"
MOST_PLACES_OF_POINTS, MOST_PLACES_OF_POUNDS = 12, 4

COLUMNS = (
    "code",
    "name",
    "scoring",
    "better",
    "unit",
    "scale",
    *(f"{name}{suffix}" for name in OVERRIDABLE for suffix in ("", "_override", "_assumed")),
    "prevalence",
    "prevalence_patients",
    "prevalence_list",
    "level",
    "season",
    "awarded_share",
    "ruleset",
    "start",
    "end",
    *(f"{name}{suffix}" for name in SCHEME_OVERRIDABLE for suffix in ("", "_override", "_assumed")),
    "rounding_points",
    "rounding_pounds",
    "assume_from",
    "use_assumed",
)
"""The columns that the program reads; a sheet may have more."""


def to_rows(ruleset: Ruleset, assumed: Ruleset | None = None, national: National | None = None) -> list[list[Cell]]:
    """Return the table of a ruleset, header first; `assumed` is the same ruleset with an earlier year's figures in.

    >>> from iif_reckoner.rulesets import load
    >>> rows = to_rows(load("2025-26.v1"))
    >>> [row[0] for row in rows]
    ['code', 'SCHEME', 'HI-03', 'CAN-04']
    >>> dict(zip(rows[0], rows[3]))["upper_threshold"]
    8000
    """
    records = [_scheme_record(ruleset, assumed, national)]
    borrowed = {i.code: i for i in assumed.indicators} if assumed else {}
    records += [_record(i, borrowed.get(i.code), national) for i in ruleset.indicators]
    return [list(COLUMNS), *([record.get(name) for name in COLUMNS] for record in records)]


def _plain(value: Fraction | None, scale: int = 1) -> int | float | None:
    if value is None:
        return None
    scaled = value * scale
    return scaled.numerator if scaled.denominator == 1 else float(scaled)


def _scheme_record(ruleset: Ruleset, assumed: Ruleset | None, national: National | None) -> dict[str, Cell]:
    average = national.average_list_size if national else ruleset.average_list_size
    return {
        "code": SCHEME,
        "name": ruleset.year,
        "ruleset": ruleset.id,
        "start": ruleset.start.isoformat(),
        "end": ruleset.end.isoformat(),
        "point_value_gbp": _plain(ruleset.point_value_gbp),
        "point_value_gbp_assumed": _plain(assumed.point_value_gbp)
        if assumed and "point_value_gbp" in assumed.assumed
        else None,
        "average_list_patients": average.patients if average else None,
        "average_list_pcns": average.pcns if average else None,
        "rounding_points": ruleset.rounding.points,
        "rounding_pounds": ruleset.rounding.pounds,
        "assume_from": (assumed or ruleset).assume_from,
        "use_assumed": "yes" if assumed else "no",
    }


def _record(indicator: Indicator, assumed: Indicator | None, national: National | None) -> dict[str, Cell]:
    rule = indicator.prevalence or (assumed.prevalence if assumed else None)
    figure = national.prevalence.get(indicator.code) if national else (rule.national if rule else None)
    scoring = indicator.scoring or (assumed.scoring if assumed else None)
    record: dict[str, Cell] = {
        "code": indicator.code,
        "name": indicator.name,
        "scoring": scoring,
        "better": indicator.better,
        "unit": indicator.unit.name,
        "scale": indicator.unit.scale,
        "prevalence": None if rule is None else rule.population or NO_PREVALENCE,
        "prevalence_patients": figure.numerator if figure else None,
        "prevalence_list": figure.denominator if figure else None,
        "level": indicator.level,
        "season": indicator.season,
        "awarded_share": _plain(indicator.awarded.share) if indicator.awarded else None,
    }
    for name in OVERRIDABLE:
        scale = 1 if name == "points" else indicator.unit.scale
        record[name] = _plain(getattr(indicator, name), scale)
        if assumed and name in assumed.assumed:
            record[f"{name}_assumed"] = _plain(getattr(assumed, name), scale)
    return record


def from_rows(rows: Sequence[Row]) -> Ruleset:
    """Return the ruleset that a table holds, overrides and assumed figures applied.

    Raises:
        InputError: a column or the row SCHEME is missing, or a cell holds what a ruleset file may not hold; the text
            names row and column.
    """
    header = [str(cell or "").strip().casefold() for cell in rows[0]]
    absent = [name for name in ("code", "scoring", "unit", "points", "upper_threshold") if name not in header]
    if absent:
        raise InputError(f"Rules table: column {absent[0]} is missing; take the whole Rules table with its heading row")
    records = _records(header, rows[1:])
    if SCHEME not in records:
        raise InputError("Rules table: the row SCHEME is missing; take the whole Rules table with its heading row")
    scheme = records.pop(SCHEME)
    use_assumed = str(scheme.cells.get("use_assumed", "no")).casefold() in ("yes", "true", "1")
    indicators = tuple(_indicator(record, use_assumed=use_assumed) for record in records.values())
    value = scheme.figure("point_value_gbp", use_assumed=use_assumed)
    if value is not None and value.number <= 0:
        raise value.refused("write a number above 0")
    pounds = scheme.whole("rounding_pounds", 0, MOST_PLACES_OF_POUNDS)
    if pounds is None:
        raise InputError(f"{scheme.place('rounding_pounds')}: is empty; write 2 for pennies")
    return Ruleset(
        id=str(scheme.cells.get("ruleset", "")),
        year=str(scheme.cells.get("name", "")),
        status="",
        start=scheme.day("start"),
        end=scheme.day("end"),
        summary="",
        supersedes=None,
        assume_from=str(scheme.cells["assume_from"]) if "assume_from" in scheme.cells else None,
        point_value_gbp=None if value is None else value.number,
        points_total=None,
        points_unattributed=Fraction(0),
        rounding=Rounding(points=scheme.whole("rounding_points", 0, MOST_PLACES_OF_POINTS), pounds=pounds),
        average_list_size=_average(scheme),
        planning=None,
        funds=(),
        note="",
        cite={},
        sources={},
        indicators=indicators,
        assumed=frozenset({"point_value_gbp"} if value and value.assumed else ()),
    )


@dataclass(frozen=True, slots=True)
class _Figure:
    """A number of the table, the cell that it stands in, and whether it is an earlier year's."""

    number: Fraction
    cell: Read
    place: str
    typed: bool = False
    assumed: bool = False

    def refused(self, advice: str) -> InputError:
        """Return the error for a number that cannot be right."""
        return InputError(f"{self.place}: {shown(self.cell)}; {advice}")


@dataclass(frozen=True, slots=True)
class _Record:
    """A row of the table: its code, and its cells by column; empty ones are not among them."""

    code: str
    cells: Mapping[str, Read]

    def place(self, column: str) -> str:
        """Return where a cell stands, as messages name it."""
        return f"Rules table, row {self.code}, {column}"

    def figure(self, name: str, *, use_assumed: bool = False) -> _Figure | None:
        """Return the figure that counts: what was typed over it, else the rule, else the assumed one."""
        columns = [f"{name}_override", name, *([f"{name}_assumed"] if use_assumed else [])]
        column = next((column for column in columns if column in self.cells), None)
        if column is None:
            return None
        return self._figure(column, typed=column == columns[0], assumed=column == columns[-1] and use_assumed)

    def rule(self, name: str) -> _Figure | None:
        """Return the figure without what was typed over it."""
        column = next((column for column in (name, f"{name}_assumed") if column in self.cells), None)
        return None if column is None else self._figure(column)

    def _figure(self, column: str, *, typed: bool = False, assumed: bool = False) -> _Figure:
        cell = self.cells[column]
        try:
            # Text that looks like a number is still text in a sheet, and a date is no number.
            number = None if isinstance(cell, str | datetime) or cell is None else fraction(cell)
        except (ValueError, TypeError):
            number = None
        if number is None:
            raise InputError(f"{self.place(column)}: {shown(cell)} is not a number; write a number")
        return _Figure(number, cell, self.place(column), typed, assumed)

    def whole(self, name: str, least: int, most: int | None = None) -> int | None:
        """Return a whole number from `least` up, None where the cells are empty."""
        found = self.figure(name)
        if found is None:
            return None
        if found.number.denominator != 1 or found.number < least or (most is not None and found.number > most):
            upto = "up" if most is None else f"to {most}"
            raise found.refused(f"write a whole number from {least} {upto}")
        return found.number.numerator

    def day(self, name: str) -> date:
        """Return the day in a cell."""
        cell = self.cells.get(name)
        if isinstance(cell, datetime):
            return cell.date()
        try:
            return date.fromisoformat(str(cell))
        except ValueError:
            raise InputError(f"{self.place(name)}: {shown(cell)} is not a day; write it as 2026-04-01") from None


def _records(header: Sequence[str], rows: Sequence[Row]) -> dict[str, _Record]:
    """Return the rows that have a code, by it."""
    found: dict[str, _Record] = {}
    for row in rows:
        cells = {name: cell for name, cell in zip(header, row, strict=False) if not _is_blank(cell)}
        if "code" not in cells:
            continue
        code = str(cells["code"]).strip()
        if code in found:
            raise InputError(f"Rules table, row {code}: stands twice; give each indicator once")
        found[code] = _Record(code, cells)
    return found


def _is_blank(cell: Read) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _average(scheme: _Record) -> AverageList | None:
    """Return the average list as a pair; patients typed over without PCNs are the list of one PCN."""
    patients, pcns = scheme.whole("average_list_patients", 1), scheme.whole("average_list_pcns", 1)
    if patients is None:
        return None
    if "average_list_patients_override" in scheme.cells and "average_list_pcns_override" not in scheme.cells:
        pcns = 1
    if pcns is None:
        place = scheme.place("average_list_pcns")
        raise InputError(f"{place}: is empty; write how many PCNs the patients are of, 1 for the average list itself")
    return AverageList(patients=patients, pcns=pcns)


def _indicator(record: _Record, *, use_assumed: bool) -> Indicator:
    cells, code = record.cells, record.code
    unit = UNITS.get(str(cells.get("unit")))
    if unit is None:
        raise InputError(
            f"{record.place('unit')}: {shown(cells.get('unit'))} is not a unit; write one of {', '.join(UNITS)}"
        )
    figures = {name: record.figure(name, use_assumed=use_assumed) for name in OVERRIDABLE}
    points = figures["points"]
    if points is not None and points.number <= 0:
        raise points.refused("write a number above 0")
    for name in THRESHOLDS:
        if (threshold := figures[name]) is not None:
            _check_threshold(record, name, threshold, unit)
    lower, upper, reduction_lower, reduction_upper = (
        None if found is None else found.number / unit.scale for found in (figures[name] for name in THRESHOLDS)
    )
    share = record.figure("awarded_share")
    if share is not None and not 0 <= share.number <= 1:
        raise share.refused("write a number from 0 to 1")
    indicator = Indicator(
        code=code,
        name=str(cells.get("name", "")),
        scoring=_word(record, "scoring", _SCORINGS, "a way of scoring"),
        better=_word(record, "better", _BETTERS, "a direction") or "higher",
        unit=unit,
        level=_word(record, "level", _LEVELS, "a level"),
        season=_word(record, "season", _SEASONS, "a season"),
        prevalence=_prevalence(record),
        awarded=None if share is None else Award(share=share.number, citation=Citation(keys=()), note=""),
        assumed=frozenset(name for name, found in figures.items() if found is not None and found.assumed),
        points=None if points is None else points.number,
        lower_threshold=lower,
        upper_threshold=upper,
        reduction_lower_threshold=reduction_lower,
        reduction_upper_threshold=reduction_upper,
    )
    _check_thresholds(record, indicator)
    return indicator


Word = TypeVar("Word", bound=str)

_SCORINGS: Mapping[str, Scoring] = {word: word for word in get_args(Scoring)}
_BETTERS: Mapping[str, Better] = {word: word for word in get_args(Better)}
_LEVELS: Mapping[str, Level] = {word: word for word in get_args(Level)}
_SEASONS: Mapping[str, Season] = {word: word for word in get_args(Season)}


def _word(record: _Record, name: str, words: Mapping[str, Word], what: str) -> Word | None:
    """Return the word in a cell, None for an empty one."""
    cell = record.cells.get(name)
    if cell is None:
        return None
    if cell not in words:
        raise InputError(f"{record.place(name)}: {shown(cell)} is not {what}; write one of {', '.join(words)}")
    return words[str(cell)]


def _check_threshold(record: _Record, name: str, found: _Figure, unit: Unit) -> None:
    """Refuse a threshold that is not a whole number on the scale of its unit, or is more than all there are."""
    number, rule = found.number, record.rule(name)
    small = rule is not None and rule.number < _ONE_PERCENT
    if number < 0:
        raise found.refused("write a whole number from 0 up")
    if number.denominator != 1:
        raise InputError(
            f"{found.place}: {shown(found.cell)} is not a whole number; {_on_scale(number, unit, small=small)}"
        )
    if unit.percent and number > unit.scale:
        raise found.refused(f"write a whole number from 0 to {unit.scale}, which is 100%")
    # Who types 65 over 6,500 means 65%; over a rule below 1% it may be right.
    if found.typed and unit.percent and rule is not None and not small and 0 < number < _ONE_PERCENT:
        means = f"{_plain(number / unit.scale, 100)}%"
        raise InputError(f"{found.place}: {number} would be {means}; {_on_scale(number, unit, small=small)}")


_ONE_PERCENT = 100
"""One percent on the scale of every unit that people read as a percentage, `practices` apart."""


def _on_scale(number: Fraction, unit: Unit, *, small: bool) -> str:
    """Return what to write for a threshold typed as 0.65 or 65 (percent), or as 22.1 (kg).

    `small` says that the rule is below 1%, so that 0.9 is 0.9% and not 90%.
    """
    said = number * 100 if unit.percent and number < 1 and not small else number
    meant = said * unit.scale / (100 if unit.percent else 1)
    if meant.denominator != 1 or (unit.percent and said > 100):
        return f"write a whole number, of which {unit.scale} make {'100%' if unit.percent else '1'}"
    return f"write {meant} for {_plain(said)}{'%' if unit.percent else ''}"


def _check_thresholds(record: _Record, indicator: Indicator) -> None:
    """Refuse thresholds that do not belong to the way of scoring, are equal, or run in the wrong direction."""
    scoring = indicator.scoring
    strange = {"lower_threshold": "'single' has one threshold, the upper; clear this"} if scoring == "single" else {}
    if scoring not in ("better_of", None):
        strange |= dict.fromkeys(THRESHOLDS[2:], "belongs to scoring 'better_of' only; clear it")
    for name, why in strange.items():
        if (found := record.figure(name, use_assumed=True)) is not None:
            raise InputError(f"{found.place}: {why}")
    falls = indicator.better == "lower" and scoring != "improvement"
    _check_pair(record, indicator.lower_threshold, indicator.upper_threshold, "", falls=falls)
    reduction = (indicator.reduction_lower_threshold, indicator.reduction_upper_threshold)
    _check_pair(record, *reduction, " of the reduction", falls=False)


def _check_pair(record: _Record, lower: Fraction | None, upper: Fraction | None, which: str, *, falls: bool) -> None:
    if lower is None or upper is None:
        return
    row = f"Rules table, row {record.code}"
    if lower == upper:
        raise InputError(f"{row}: lower and upper threshold{which} are equal; make them differ")
    if (lower > upper) != falls:
        better = f"'{record.cells.get('better')}' is better, but" if not which else "a fall counts, but"
        size = "larger" if falls else "smaller"
        raise InputError(f"{row}: {better} the upper threshold{which} is the {size} one; correct one of the two")


def _prevalence(record: _Record) -> Prevalence | None:
    population = record.cells.get("prevalence")
    if population is None:
        return None
    if population == NO_PREVALENCE:
        return Prevalence(population=None)
    patients, registered = record.whole("prevalence_patients", 1), record.whole("prevalence_list", 1)
    if patients is None or registered is None:
        return Prevalence(population=str(population))
    if patients >= registered:
        raise InputError(f"{record.place('prevalence_patients')}: {patients}; write fewer than the {registered} listed")
    return Prevalence(population=str(population), national=Fraction(patients, registered))

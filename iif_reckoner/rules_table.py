"""A ruleset as the rows of a worksheet table, and back: what the workbook's Rules sheet holds and hands to Python.

One header row with the names of the fields, a row `SCHEME`, then a row per indicator. Thresholds are whole numbers on
the row's `scale`. A column `<field>_override` holds what the user typed instead, a column `<field>_assumed` an earlier
year's figure, used while `use_assumed` in the row `SCHEME` is yes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from iif_reckoner.errors import InputError, shown
from iif_reckoner.exact import fraction
from iif_reckoner.model import (
    THRESHOLDS,
    UNITS,
    AverageList,
    Award,
    Citation,
    Indicator,
    National,
    Prevalence,
    Rounding,
    Ruleset,
)

Cell = str | int | float | bool | None
Row = Sequence[Cell]

SCHEME = "SCHEME"
OVERRIDABLE = ("points", *THRESHOLDS)
SCHEME_OVERRIDABLE = ("point_value_gbp", "average_list_patients", "average_list_pcns")
NO_PREVALENCE = "none"

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
        "assume_from": ruleset.assume_from,
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
        InputError: a column or the row SCHEME is missing, or a cell cannot be read; the text names row and column.
    """
    header = [str(cell or "").strip().casefold() for cell in rows[0]]
    absent = [name for name in ("code", "scoring", "unit", "points", "upper_threshold") if name not in header]
    if absent:
        raise InputError(f"Rules table: column {absent[0]} is missing; take the whole Rules table with its heading row")
    records = [
        {name: cell for name, cell in zip(header, row, strict=False) if cell not in (None, "")} for row in rows[1:]
    ]
    scheme = next((record for record in records if record.get("code") == SCHEME), None)
    if scheme is None:
        raise InputError("Rules table: the row SCHEME is missing; take the whole Rules table with its heading row")
    use_assumed = str(scheme.get("use_assumed", "no")).casefold() in ("yes", "true", "1")
    indicators = tuple(
        _from_record(record, use_assumed=use_assumed) for record in records if record.get("code") not in (None, SCHEME)
    )
    value, borrowed = _figure(scheme, "point_value_gbp", use_assumed=use_assumed)
    patients, _ = _figure(scheme, "average_list_patients", use_assumed=False)
    pcns, _ = _figure(scheme, "average_list_pcns", use_assumed=False)
    return Ruleset(
        id=str(scheme.get("ruleset", "")),
        year=str(scheme.get("name", "")),
        status="",
        start=_day(scheme, "start"),
        end=_day(scheme, "end"),
        summary="",
        supersedes=None,
        assume_from=str(scheme["assume_from"]) if "assume_from" in scheme else None,
        point_value_gbp=value,
        points_total=None,
        points_unattributed=Fraction(0),
        rounding=Rounding(points=_places(scheme, "rounding_points"), pounds=_places(scheme, "rounding_pounds") or 0),
        average_list_size=None if patients is None else _average(patients, pcns),
        planning=None,
        funds=(),
        note="",
        cite={},
        sources={},
        indicators=indicators,
        assumed=frozenset({"point_value_gbp"} if borrowed else ()),
    )


def _average(patients: Fraction, pcns: Fraction | None) -> AverageList:
    size = patients / (pcns or 1)
    return AverageList(patients=size.numerator, pcns=size.denominator)


def _from_record(record: Mapping[str, Cell], *, use_assumed: bool) -> Indicator:
    code = str(record["code"]).strip()
    unit = UNITS.get(str(record.get("unit")))
    if unit is None:
        raise InputError(
            f"Rules table, row {code}, unit: {shown(record.get('unit'))} is not a unit; write one of {', '.join(UNITS)}"
        )
    figures: dict[str, Fraction | None] = {}
    assumed = set()
    for name in OVERRIDABLE:
        figure, borrowed = _figure(record, name, use_assumed=use_assumed)
        scaled = figure is not None and name != "points"
        figures[name] = figure / unit.scale if scaled and figure is not None else figure
        if borrowed:
            assumed.add(name)
    if figures["points"] is not None and figures["points"] <= 0:
        raise InputError(f"Rules table, row {code}, points: {shown(record.get('points'))}; write a number above 0")
    lower, upper = figures["lower_threshold"], figures["upper_threshold"]
    scoring = record.get("scoring")
    if scoring in ("sliding", "improvement", "better_of") and lower is not None and lower == upper:
        raise InputError(f"Rules table, row {code}: lower and upper threshold are equal; make them differ")
    falls = record.get("better") == "lower"
    if scoring in ("sliding", "better_of") and lower is not None and upper is not None and (lower > upper) != falls:
        raise InputError(
            f"Rules table, row {code}: '{record.get('better')}' is better, but the upper threshold is the "
            f"{'larger' if falls else 'smaller'} one; correct one of the two"
        )
    share, _ = _figure(record, "awarded_share", use_assumed=False)
    indicator = Indicator(
        code=code,
        name=str(record.get("name", "")),
        scoring=None,
        better="lower" if record.get("better") == "lower" else "higher",
        unit=unit,
        prevalence=_prevalence(record),
        awarded=None if share is None else Award(share=share, citation=Citation(keys=()), note=""),
        assumed=frozenset(assumed),
        points=figures["points"],
        lower_threshold=lower,
        upper_threshold=upper,
        reduction_lower_threshold=figures["reduction_lower_threshold"],
        reduction_upper_threshold=figures["reduction_upper_threshold"],
    )
    match scoring:
        case None:
            return indicator
        case "sliding" | "single" | "binary" | "improvement" | "better_of":
            return replace(indicator, scoring=scoring)
        case _:
            raise InputError(f"Rules table, row {code}, scoring: {shown(scoring)} is not a way of scoring")


def _prevalence(record: Mapping[str, Cell]) -> Prevalence | None:
    population = record.get("prevalence")
    if population is None:
        return None
    if population == NO_PREVALENCE:
        return Prevalence(population=None)
    patients, _ = _figure(record, "prevalence_patients", use_assumed=False)
    registered, _ = _figure(record, "prevalence_list", use_assumed=False)
    national = patients / registered if patients and registered else None
    return Prevalence(population=str(population), national=national)


def _figure(record: Mapping[str, Cell], name: str, *, use_assumed: bool) -> tuple[Fraction | None, bool]:
    """Return the figure that counts, and whether it is an assumed one: what was typed, else the rule, else assumed."""
    for column, borrowed in ((f"{name}_override", False), (name, False), (f"{name}_assumed", True)):
        cell = record.get(column)
        if cell is None or (borrowed and not use_assumed):
            continue
        try:
            if isinstance(cell, str):
                raise ValueError("text")  # noqa: TRY301 (text that looks like a number is still text in a sheet)
            return fraction(cell), borrowed
        except ValueError:
            place = f"Rules table, row {record.get('code')}, {column}"
            raise InputError(f"{place}: {shown(cell)} is not a number; write a number") from None
    return None, False


def _places(record: Mapping[str, Cell], name: str) -> int | None:
    figure, _ = _figure(record, name, use_assumed=False)
    return None if figure is None else int(figure)


def _day(record: Mapping[str, Cell], name: str) -> date:
    try:
        return date.fromisoformat(str(record.get(name)))
    except ValueError:
        raise InputError(
            f"Rules table, row SCHEME, {name}: {shown(record.get(name))} is not a day; write it as 2026-04-01"
        ) from None

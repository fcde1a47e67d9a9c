"""What a ruleset file may not say although its grammar is right: uncited numbers, wrong directions, wrong totals."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from iif_reckoner import model
from iif_reckoner.errors import RulesetError, shown, unknown
from iif_reckoner.rulesets.names import ID, order, year_of

CITED = ("scoring", "better", "points", *model.THRESHOLDS, "prevalence", "level", "period", "cqrs")
"""The values of an indicator that need a citation."""

CITED_SCHEME = ("effective", "points_total", "point_value_gbp", "average_list_size", "paid_by")
"""The values of the scheme that need a citation."""


def check(ruleset: model.Ruleset, stem: str) -> None:
    """Refuse a ruleset whose numbers are uncited, contradict each other or do not add up.

    Raises:
        RulesetError: the first fault, with its place, what was read and what to write.
    """
    if not ID.fullmatch(ruleset.id):
        raise RulesetError(f"id: {shown(ruleset.id)} is not an id; write the year and the version, such as 2022-23.v2")
    if stem != ruleset.id:
        raise RulesetError(f"id: {shown(ruleset.id)} is not the name of the file; write id = {shown(stem)}")
    if ruleset.year != year_of(ruleset.id):
        raise RulesetError(f"year: {shown(ruleset.year)} is not the year of the id; write {year_of(ruleset.id)!r}")
    _check_days(ruleset)
    given = {"effective"} | _given(ruleset, CITED_SCHEME)
    _check_cited("", ruleset.cite, CITED_SCHEME, needed=given, may=given)
    seen: set[str] = set()
    for indicator in ruleset.indicators:
        where = f"indicator {indicator.code}"
        if indicator.code in seen:
            raise RulesetError(f"{where}: stands twice; give each indicator of a version once")
        seen.add(indicator.code)
        _check_indicator(indicator, where)
        given = _given(indicator, CITED)
        # A binary indicator is done or not: it has no direction that a page could state.
        unstated = {"better"} if indicator.scoring in ("binary", None) else set()
        _check_cited(f"{where}, ", indicator.cite, CITED, needed=given - unstated, may=given)
    for citation in _citations(ruleset):
        for key in citation.keys:
            if key not in ruleset.sources:
                raise RulesetError(
                    f"source {key} is cited and not declared; add [source.{key}] with standing and title"
                )
    _check_funds(ruleset)
    _check_total(ruleset)


def _check_days(ruleset: model.Ruleset) -> None:
    if ruleset.start > ruleset.end:
        raise RulesetError(
            f"effective: starts {ruleset.start}, after its end {ruleset.end}; write the earlier day first"
        )
    first = int(ruleset.year[:4]) + 1
    if ruleset.paid_by is not None and not date(first, 4, 1) <= ruleset.paid_by <= date(first, 12, 31):
        raise RulesetError(
            f"paid_by: {ruleset.paid_by} is not after the year {ruleset.year}; "
            f"write a day from April to December {first}"
        )


def _given(record: model.Ruleset | model.Indicator, names: tuple[str, ...]) -> set[str]:
    return {name for name in names if getattr(record, name, None) is not None}


def _check_cited(
    where: str, cite: Mapping[str, model.Citation], names: tuple[str, ...], *, needed: set[str], may: set[str]
) -> None:
    """Refuse a value of those `needed` that has no citation, and a citation of a value that is not one that `may`."""
    for name in names:
        if name in needed and name not in cite:
            raise RulesetError(
                f'{where}{name}: has no citation; add {name} = "KEY" to cite, KEY being one of the sources'
            )
        if name in cite and name not in may:
            raise RulesetError(
                f"{where}cite {name}: cites a value that is not there; add the value or remove the citation"
            )
    for name in cite:
        if name not in names:
            raise RulesetError(f"{where}cite {name}: is not a value that can be cited; write one of {', '.join(names)}")


def check_assume_from(ruleset: model.Ruleset, known: list[str]) -> None:
    """Refuse a ruleset that borrows from one that is not there, from itself or from a later one.

    Raises:
        RulesetError: it does; the text says what was read.
    """
    asked = ruleset.assume_from
    if asked is None:
        return
    if ID.fullmatch(asked) and order(asked) >= order(ruleset.id):
        raise RulesetError(f"assume_from: {shown(asked)} is not earlier than {ruleset.id}; write an earlier version")
    if asked not in known:
        earlier = [name for name in known if order(name) < order(ruleset.id)]
        hint = "write the id of an earlier version"
        raise RulesetError(f"assume_from: {unknown('ruleset', asked, earlier, hint=hint)}")


def _check_indicator(indicator: model.Indicator, where: str) -> None:
    for name in indicator.unknown:
        if name not in CITED:
            raise RulesetError(f"{where}, unknown {name}: is not a value; write one of {', '.join(CITED)}")
        if getattr(indicator, name) is not None:
            raise RulesetError(f"{where}, unknown {name}: the value is given as well; keep one of the two")
    for name in model.THRESHOLDS:
        _check_threshold(indicator, name, where)
    _check_scoring(indicator, where)
    falls = indicator.better == "lower" and indicator.scoring != "improvement"
    _check_direction(indicator, where, "lower_threshold", "upper_threshold", falls=falls)
    _check_direction(indicator, where, "reduction_lower_threshold", "reduction_upper_threshold", falls=False)


def _check_scoring(indicator: model.Indicator, where: str) -> None:
    if (indicator.scoring == "binary") != (indicator.unit.name == "practices"):
        raise RulesetError(f"{where}, unit: scoring 'binary' and unit 'practices' go together; change one of the two")
    if indicator.scoring == "single" and indicator.lower_threshold is not None:
        raise RulesetError(f"{where}, lower_threshold: 'single' has one threshold; write it as upper_threshold only")
    if indicator.scoring != "better_of":
        extra = [name for name in model.THRESHOLDS[2:] if getattr(indicator, name) is not None]
        if extra:
            raise RulesetError(f"{where}, {extra[0]}: belongs to scoring 'better_of' only; remove it")


def _check_direction(indicator: model.Indicator, where: str, lower_name: str, upper_name: str, *, falls: bool) -> None:
    lower, upper = getattr(indicator, lower_name), getattr(indicator, upper_name)
    if lower is None or upper is None:
        return
    if lower == upper:
        raise RulesetError(f"{where}, {upper_name}: equals {lower_name}; write scoring 'single' with one threshold")
    if (lower > upper) != falls:
        raise RulesetError(
            f"{where}, better: '{indicator.better}' does not fit {lower_name} {_plain(lower)} and {upper_name} "
            f"{_plain(upper)}; where lower is better the lower threshold is the larger number"
        )


def _check_threshold(indicator: model.Indicator, name: str, where: str) -> None:
    threshold: Fraction | None = getattr(indicator, name)
    if threshold is None:
        return
    unit = indicator.unit
    if unit.percent and threshold > 1:
        raise RulesetError(
            f"{where}, {name}: {_plain(threshold)} is not between 0 and 1; write proportions, such as 0.85"
        )
    if (threshold * unit.scale).denominator != 1:
        raise RulesetError(
            f"{where}, {name}: {_plain(threshold)} is finer than 1 in {unit.scale:,}, the scale of '{unit.name}'; "
            "write fewer decimal places"
        )


def _check_funds(ruleset: model.Ruleset) -> None:
    for fund in ruleset.funds:
        for code in fund.indicators:
            if code not in ruleset.codes:
                raise RulesetError(f"fund {shown(fund.what)}: {unknown('indicator', code, ruleset.codes)}")


def _check_total(ruleset: model.Ruleset) -> None:
    known = sum((i.points for i in ruleset.indicators if i.points is not None), Fraction(0))
    total = known + ruleset.points_unattributed
    if ruleset.points_total is None:
        if known or ruleset.points_unattributed:
            raise RulesetError(f"points_total: is missing; the points known add up to {_plain(total)}")
        return
    if total != ruleset.points_total:
        raise RulesetError(
            f"points_total: {_plain(ruleset.points_total)} is declared, but the points add up to {_plain(total)} "
            f"({_plain(known)} known, {_plain(ruleset.points_unattributed)} unattributed); correct one of them"
        )


def _citations(ruleset: model.Ruleset) -> Iterator[model.Citation]:
    yield from ruleset.cite.values()
    yield from (fund.citation for fund in ruleset.funds)
    if ruleset.planning:
        yield ruleset.planning.citation
    for indicator in ruleset.indicators:
        yield from indicator.cite.values()
        if indicator.awarded:
            yield indicator.awarded.citation


def _plain(value: Fraction) -> str:
    """Write an exact decimal as a person would: 0.85, 120, 25.5."""
    decimal = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{decimal.normalize():f}"

"""The table of a ruleset."""

from iif_reckoner.model import Indicator, National, Ruleset
from iif_reckoner.rules_table.columns import COLUMNS, NO_PREVALENCE, OVERRIDABLE, SCHEME, Cell, plain


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


def _scheme_record(ruleset: Ruleset, assumed: Ruleset | None, national: National | None) -> dict[str, Cell]:
    average = national.average_list_size if national else ruleset.average_list_size
    return {
        "code": SCHEME,
        "name": ruleset.year,
        "ruleset": ruleset.id,
        "start": ruleset.start.isoformat(),
        "end": ruleset.end.isoformat(),
        "point_value_gbp": plain(ruleset.point_value_gbp),
        "point_value_gbp_assumed": plain(assumed.point_value_gbp)
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
        "awarded_share": plain(indicator.awarded.share) if indicator.awarded else None,
    }
    for name in OVERRIDABLE:
        scale = 1 if name == "points" else indicator.unit.scale
        record[name] = plain(getattr(indicator, name), scale)
        if assumed and name in assumed.assumed:
            record[f"{name}_assumed"] = plain(getattr(assumed, name), scale)
    return record

"""The sums of one indicator over arrays.

Thresholds are whole numbers on the scale of their unit, so every comparison and gap is exact: products stay below
2**53, where floats are whole numbers. Points and pounds are floats; a value so near half a penny that a float could
round it the wrong way is worked out again by `reckon`, exactly, and so are rows with enormous counts.
"""

import numpy as np

from iif_reckoner import model, reckon
from iif_reckoner.errors import InputError
from iif_reckoner.exact import fraction
from iif_reckoner.model import Indicator, National, Ruleset
from iif_reckoner.reckon import Target
from iif_reckoner.table.columns import COUNTS, GAPS, NUMBERS, STATUSES, Floats, Inputs, Mask, Out, Whole

_MET, _BETWEEN, _BELOW, _NO_PATIENTS, _NO_DATA, _NOT_SCORED = range(len(STATUSES))
_LARGEST = 1e10
_LARGEST_WITH_BASELINE = 3e5
_DOUBT = 1e-12
"""Pennies, relative: far more than the error of a dozen float operations, far less than a penny."""


def reckon_rows(ruleset: Ruleset, indicator: Indicator, rows: Inputs, out: Out, national: National | None) -> None:
    """Fill the results of some rows of one indicator."""
    n, d = rows.numerator, rows.denominator
    empty = d == 0
    nobody = empty & ~np.isnan(n) if empty.any() else None
    with np.errstate(invalid="ignore", divide="ignore"):
        np.divide(n, d, out=out.achievement)
        share = _share(indicator, rows)
        _fill_gap(indicator, rows, "lower", nobody, out.gap_to_lower)
        _fill_gap(indicator, rows, "upper", nobody, out.gap_to_upper)
    if nobody is not None:
        out.achievement[empty] = np.nan
        if not indicator.missing:
            share[empty] = np.where(np.isnan(n[empty]), np.nan, 0.0)
    out.points_available[:] = np.nan if indicator.points is None else float(indicator.points)
    np.multiply(share, out.points_available, out=out.points)
    _fill_status(indicator, share, nobody, out)
    doubtful = _fill_pounds(ruleset, indicator, share, rows, out, national)
    _finish(ruleset, indicator, rows, out, doubtful, national)


def _whole(indicator: Indicator, threshold: str) -> float | None:
    value = getattr(indicator, threshold)
    return None if value is None else float(value * indicator.unit.scale)


def _share(indicator: Indicator, rows: Inputs) -> Floats:
    """Return the share of the points that each row earns, NaN where it is blank or cannot be scored."""
    n, d = rows.numerator, rows.denominator
    lower, upper = _whole(indicator, "lower_threshold"), _whole(indicator, "upper_threshold")
    if indicator.missing:
        return np.full(len(n), np.nan)
    match indicator.scoring:
        case "binary":
            return np.where(np.isnan(n) | np.isnan(d), np.nan, n >= d)
        case "single":
            short = n * indicator.unit.scale - (upper or 0.0) * d
            met = short >= 0 if indicator.better == "higher" else short <= 0
            return np.where(np.isnan(short), np.nan, met)
        case "improvement":
            return _share_of_change(indicator, rows, lower or 0.0, upper or 0.0)
        case "better_of":
            level = _clipped(n * indicator.unit.scale, d, lower or 0.0, upper or 0.0)
            reduction = _share_of_change(
                indicator,
                rows,
                _whole(indicator, "reduction_lower_threshold") or 0.0,
                _whole(indicator, "reduction_upper_threshold") or 0.0,
            )
            return np.maximum(level, reduction)
        case _:
            return _clipped(n * indicator.unit.scale, d, lower or 0.0, upper or 0.0)


def _clipped(scaled: Floats, whole: Floats, lower: float, upper: float) -> Floats:
    """Return how far `scaled / whole` has come from lower to upper, from 0 to 1."""
    share: Floats = scaled - lower * whole
    share /= (upper - lower) * whole
    return np.clip(share, 0.0, 1.0, out=share)


def _share_of_change(indicator: Indicator, rows: Inputs, lower: float, upper: float) -> Floats:
    """Return the share that the change on the baseline earns; thresholds are changes for the better."""
    n, d, bn, bd = rows.numerator, rows.denominator, rows.baseline_numerator, rows.baseline_denominator
    better = n * bd - bn * d if indicator.better == "higher" else bn * d - n * bd
    return _clipped(better * indicator.unit.scale, d * np.where(bd > 0, bd, np.nan), lower, upper)


def _fill_gap(indicator: Indicator, rows: Inputs, target: Target, nobody: Mask | None, out: Whole) -> None:
    needed = _gap(indicator, rows, target)
    if nobody is not None and indicator.scoring is not None:
        needed = np.where(nobody, 0.0, needed)
    out[:] = np.where(np.isnan(needed), -1.0, needed) if np.isnan(needed.sum()) else needed


def _gap(indicator: Indicator, rows: Inputs, target: Target) -> Floats:
    """Return the fewest more in the numerator (fewer, where lower is better) that reach a threshold, else NaN."""
    n, d = rows.numerator, rows.denominator
    if indicator.scoring == "binary":
        return np.maximum(d - n, 0.0)
    threshold = _whole(indicator, "upper_threshold" if indicator.scoring == "single" else f"{target}_threshold")
    if threshold is None or indicator.scoring is None:
        return np.full(len(n), np.nan)
    if indicator.scoring == "improvement":
        return _gap_of_change(indicator, rows, threshold)
    edge = d * threshold
    edge /= indicator.unit.scale
    gap: Floats = np.ceil(edge) - n if indicator.better == "higher" else n - np.floor(edge)
    np.maximum(gap, 0.0, out=gap)
    if indicator.scoring == "better_of":
        reduction = _whole(indicator, f"reduction_{target}_threshold")
        if reduction is None:
            return np.full(len(n), np.nan)
        blank = np.isnan(rows.baseline_numerator) | ~(rows.baseline_denominator > 0)
        return np.where(blank, np.nan, np.fmin(gap, _gap_of_change(indicator, rows, reduction)))
    return gap


def _gap_of_change(indicator: Indicator, rows: Inputs, threshold: float) -> Floats:
    """Return the gap to a change on the baseline, NaN where there is none or no number of patients would do."""
    n, d, bn = rows.numerator, rows.denominator, rows.baseline_numerator
    bd = np.where(rows.baseline_denominator > 0, rows.baseline_denominator, np.nan)
    scale = indicator.unit.scale
    if indicator.better == "higher":
        wanted = np.ceil((bn * scale + threshold * bd) * d / (bd * scale))
        never = wanted > d if indicator.unit.bounded else np.zeros(len(n), dtype=bool)
        return np.where(never, np.nan, np.maximum(wanted - n, 0.0))
    wanted = np.floor((bn * scale - threshold * bd) * d / (bd * scale))
    return np.where(wanted < 0, np.nan, np.maximum(n - wanted, 0.0))


def _fill_status(indicator: Indicator, share: Floats, nobody: Mask | None, out: Out) -> None:
    status = out.status
    if indicator.missing:
        status[:] = _NOT_SCORED
        return
    # Below, Between and Met stand in this order, each one place before the other.
    np.subtract(_BELOW, share > 0, out=status, dtype=np.int8)
    status -= share == 1.0
    if np.isnan(share.sum()):
        status[np.isnan(share)] = _NO_DATA
    if nobody is not None:
        status[nobody] = _NO_PATIENTS


def _fill_pounds(
    ruleset: Ruleset, indicator: Indicator, share: Floats, rows: Inputs, out: Out, national: National | None
) -> Mask:
    """Fill the pounds; return the rows so near half a penny that a float could have gone the wrong way."""
    adjustment = _adjustment(ruleset, indicator, rows, national)
    most = reckon.value(ruleset, None if indicator.missing else indicator.points)
    credited = reckon.awarded(ruleset, indicator, reckon.ONE, reckon.ONE)
    point = np.nan if ruleset.point_value_gbp is None else float(ruleset.point_value_gbp)
    available = np.nan if indicator.points is None else point * float(indicator.points)
    if adjustment is None:
        doubtful = _round(share * available, ruleset, out.value_gbp)
        if doubtful.any():
            # All or nothing needs no second look: those pounds are known exactly.
            doubtful &= (share > 0) & (share < 1)
            out.value_gbp[share == 1.0] = np.nan if most is None else float(most)
        out.value_available_gbp[:] = np.nan if most is None else float(most)
        out.awarded_gbp[:] = np.nan if credited is None else float(credited)
        return doubtful
    doubtful = _round(share * available * adjustment, ruleset, out.value_gbp)
    doubtful |= _round((np.nan if most is None else available) * adjustment, ruleset, out.value_available_gbp)
    credit = np.nan if indicator.awarded is None else available * float(indicator.awarded.share)
    return doubtful | _round(credit * adjustment, ruleset, out.awarded_gbp)


def _round(pounds: Floats, ruleset: Ruleset, out: Floats) -> Mask:
    """Write pounds rounded half up; return where that is in doubt."""
    scale = 10.0**ruleset.rounding.pounds
    pennies = pounds * scale
    np.floor(pennies + 0.5, out=out)
    pennies -= out
    np.abs(pennies, out=pennies)
    pennies -= 0.5
    largest = np.fmax.reduce(out, initial=0.0)
    doubtful: Mask = pennies >= -_DOUBT * (1.0 + largest)
    out /= scale
    if ruleset.rounding.points is not None:
        doubtful |= ~np.isnan(out)
    return doubtful


def _adjustment(ruleset: Ruleset, indicator: Indicator, rows: Inputs, national: National | None) -> Floats | None:
    """Return list size adjustment times prevalence adjustment row by row, None where both are 1 throughout."""
    factors = []
    average = national.average_list_size if national else ruleset.average_list_size
    blank_list = np.isnan(rows.list_size)
    if average is not None and not blank_list.all():
        factors.append(np.where(blank_list, 1.0, rows.list_size / float(average.size)))
    prevalence = rows.prevalence_adjustment
    rule = indicator.prevalence
    if rule is not None and rule.population is None:
        worked_out = None
    elif rule is not None and rule.population == "denominator":
        worked_out = national.prevalence.get(indicator.code) if national else rule.national
    else:
        worked_out = None
    if worked_out is not None:
        rates = rows.denominator / rows.list_size / float(worked_out)
        usable = np.isnan(prevalence) & (rows.denominator > 0) & ~blank_list
        factors.append(np.where(usable, rates, 1.0))
    if not np.isnan(prevalence).all():
        factors.append(np.where(np.isnan(prevalence), 1.0, prevalence))
    return np.prod(factors, axis=0) if factors else None


def _finish(
    ruleset: Ruleset, indicator: Indicator, rows: Inputs, out: Out, doubtful: Mask, national: National | None
) -> None:
    """Work out exactly what floats cannot, and blank the rows whose counts are impossible."""
    n, d, bn, bd = (getattr(rows, name) for name in COUNTS)
    limit = _LARGEST_WITH_BASELINE if indicator.needs_baseline else _LARGEST
    for each in (n, d, bn, bd) if indicator.needs_baseline else (n, d):
        if np.fmax.reduce(each, initial=0.0) > limit:
            doubtful |= each > limit
    impossible = set()
    if indicator.unit.bounded:
        for part, whole in ((n, d), (bn, bd)):
            if not _is_blank(part):
                impossible |= set(np.flatnonzero((part > whole) & (whole > 0)).tolist())
    for place in set(np.flatnonzero(doubtful).tolist()) - impossible:
        _exactly(ruleset, indicator, rows, out, place, national)
    for place in impossible:
        _refuse(indicator, rows, out, place)


def _is_blank(column: Floats) -> bool:
    """Tell a column that is one blank cell stretched over all rows."""
    return column.strides == (0,)


def _counts(rows: Inputs, place: int) -> model.Counts:
    cells = {name: getattr(rows, name)[place] for name in COUNTS}
    return model.Counts(**{name: None if np.isnan(cell) else int(cell) for name, cell in cells.items()})


def _exactly(
    ruleset: Ruleset, indicator: Indicator, rows: Inputs, out: Out, place: int, national: National | None
) -> None:
    list_size, given = rows.list_size[place], rows.prevalence_adjustment[place]
    found = reckon.reckon(
        ruleset,
        indicator,
        _counts(rows, place),
        list_size=None if np.isnan(list_size) else int(list_size),
        prevalence=None if np.isnan(given) else fraction(float(given)),
        national=national,
    )
    for name in NUMBERS:
        value = getattr(found, name)
        getattr(out, name)[place] = np.nan if value is None else float(value)
    for name in GAPS:
        value = getattr(found, name)
        getattr(out, name)[place] = -1 if value is None else value
    out.status[place] = STATUSES.index(found.status)


def _refuse(indicator: Indicator, rows: Inputs, out: Out, place: int) -> None:
    try:
        reckon.refuse_impossible(indicator, _counts(rows, place))
    except InputError as error:
        out.problem[place] = str(error)
    for name in NUMBERS:
        getattr(out, name)[place] = np.nan
    for name in (*GAPS, "status"):
        getattr(out, name)[place] = -1

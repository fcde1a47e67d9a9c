"""What the formula of each check of the sheet Checks counts, worked out from what is typed."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from iif_reckoner.desk.as_typed import AsTyped, CountsRow, Rule
from iif_reckoner.desk.sums import compares, earned, has_baseline, of_pcn, of_rows, state
from iif_reckoner.desk.values import Fault, Number, Value, alike, fault_in, is_blank, is_number, is_whole, total
from iif_reckoner.figures.working.pasted import NO_COUNT, TWICE
from iif_reckoner.model import THRESHOLDS, UNITS
from iif_reckoner.scheme_year import MONTHS


def _figures(row: CountsRow) -> Iterator[Value]:
    yield from row.baseline
    for pair in row.pairs:
        yield from pair


def _text(typed: AsTyped) -> Number:
    return sum(value is not None and not is_number(value) for row in typed.rows for value in _figures(row))


def _no_count(typed: AsTyped) -> Number:
    below = sum(_below_0(value) for row in typed.rows for value in _figures(row))
    return total([below, *(_fraction(row) for row in typed.rows)])


def _below_0(value: Value) -> bool:
    return isinstance(value, int | float) and value < 0


def _fraction(row: CountsRow) -> Number:
    """Return 1 where figures of a row do not add up to whole numbers."""
    if is_blank(row.indicator) or isinstance(row.indicator, Fault):
        return row.indicator if isinstance(row.indicator, Fault) else 0
    sums = [total(pair[side] for pair in row.pairs) for side in (0, 1)]
    sums += [total([figure]) for figure in row.baseline]
    return fault_in(*sums) or int(not all(map(is_whole, sums)))


def _pcn_over(typed: AsTyped) -> Number:
    return sum(state(rule, of_pcn(rule, typed)) == "wrong" for rule in _named(typed))


def _practice_over(typed: AsTyped) -> Number:
    found = 0
    for rule in _named(typed):
        by_practice: dict[str, list[CountsRow]] = {}
        for row in typed.by_indicator.get(alike(rule.cell("code")), ()):
            by_practice.setdefault(alike(row.practice), []).append(row)
        for code, _ in typed.practices:
            rows = () if is_blank(code) else by_practice.get(alike(code), ())
            found += state(rule, of_rows(rows, typed)) == "wrong"
    return found


def _named(typed: AsTyped) -> Iterator[Rule]:
    """Yield the rows of Rules that have an indicator."""
    return (rule for rule in typed.rules if not is_blank(rule.cell("code")))


def _no_list(typed: AsTyped) -> Number:
    lists = [size for _, size in typed.practices]
    whole = total(lists)
    if isinstance(whole, Fault):
        return whole
    above_0 = sum(isinstance(size, int | float) and size is not True and size > 0 for size in lists)
    return sum(size is not None for size in lists) - above_0 + (not is_whole(whole))


def _list_blank(typed: AsTyped) -> Number:
    return sum(code is not None for code, _ in typed.practices) - sum(is_number(size) for _, size in typed.practices)


def _falls(typed: AsTyped) -> Number:
    return total(_falls_of(rule, typed) for rule in _named(typed))


def _falls_of(rule: Rule, typed: AsTyped) -> Number:
    """Return in how many months the numerator of an indicator is below that of an earlier one."""
    rows = typed.by_indicator.get(alike(rule.cell("code")), ())
    earlier: list[int | float] = []
    found = 0
    for month in range(1, MONTHS + 1):
        counted = [row for row in rows if None not in row.of(month)]
        complete = [row for row in counted if has_baseline(row)] if compares(rule) else []
        if not counted:
            continue
        numerator = total(row.of(month)[0] for row in complete or counted)
        if isinstance(numerator, Fault):
            return numerator
        found += not typed.in_month and numerator < max(earlier, default=numerator)
        earlier.append(numerator)
    return found


def _points_over(typed: AsTyped) -> Number:
    won = [earned(rule, of_pcn(rule, typed)) for rule in _named(typed)]
    fault = next((points for points in won if isinstance(points, Fault)), None)
    available = [rule.counts("points") for rule in typed.rules]
    if fault := fault or fault_in(*available):
        return fault
    most = sum(Fraction(points) for points in available if isinstance(points, int | float))
    return int(sum(points for points in won if isinstance(points, Fraction)) > most + _HARDLY_ANY)


_HARDLY_ANY = Fraction(1, 1_000_000)


def _stray(typed: AsTyped) -> Number:
    return total(number for _, number in _strays(typed))


def _strays(typed: AsTyped) -> Iterator[tuple[CountsRow, Number]]:
    """Yield each row, and 1 where Rules does not have its indicator or Practices its practice."""
    indicators = {alike(rule.cell("code")) for rule in _named(typed)}
    practices = {alike(code) for code, _ in typed.practices if not is_blank(code)} | {alike(typed.pcn_code)}
    for row in typed.rows:
        fault = next((value for value in (row.indicator, row.practice) if isinstance(value, Fault)), None)
        known = alike(row.indicator) in indicators and alike(row.practice) in practices
        yield row, 0 if is_blank(row.indicator) else fault or int(not known)


def _rows_twice(typed: AsTyped) -> Number:
    keys = Counter((alike(row.practice), alike(row.indicator)) for row in typed.rows)
    return total(_shares_key(row, keys) for row in typed.rows)


def _shares_key(row: CountsRow, keys: Mapping[tuple[str, str], int]) -> Number:
    """Return 1 where another row is of the same practice and indicator."""
    for part in (row.practice, row.indicator):
        if is_blank(part) or isinstance(part, Fault):
            return part if isinstance(part, Fault) else 0
    return int(keys[alike(row.practice), alike(row.indicator)] > 1)


def _rows_missing(typed: AsTyped) -> Number:
    each = sum(alike(rule.cell("level")) != "pcn" for rule in _named(typed))
    rows = Counter(alike(row.practice) for row, number in _strays(typed) if number == 0)
    return total(
        code if isinstance(code, Fault) else max(0, each - rows[alike(code)])
        for code, _ in typed.practices
        if not is_blank(code)
    )


def _thresholds(typed: AsTyped) -> Number:
    return total(map(_reversed, typed.rules))


def _reversed(rule: Rule) -> Number:
    """Return 1 where thresholds are equal or the wrong way round."""
    lower, upper = rule.counts("lower_threshold"), rule.counts("upper_threshold")
    for value in (lower, upper):
        if isinstance(value, Fault):
            return value
    scoring = rule.cell("scoring")
    if is_blank(lower) or is_blank(upper) or scoring in ("single", "binary"):
        return 0
    falls = rule.cell("better") == "lower" and scoring != "improvement"
    return int(_ordered(lower) == _ordered(upper) or (_ordered(lower) > _ordered(upper)) != falls)


def _ordered(value: Value) -> tuple[int, float | str]:
    """Return by what Excel orders values: numbers, then text, then TRUE and FALSE."""
    if isinstance(value, bool):
        return 2, value
    return (0, value) if isinstance(value, int | float) else (1, str(value).casefold())


def _overrides(typed: AsTyped) -> Number:
    return total(_odd(rule, name) for rule in typed.rules for name in ("points", *THRESHOLDS))


def _odd(rule: Rule, name: str) -> Number:
    """Return 1 where what is typed over a rule cannot be right."""
    typed = rule.cell(f"{name}_override")
    if is_blank(typed) or isinstance(typed, Fault):
        return typed if isinstance(typed, Fault) else 0
    if not isinstance(typed, int | float) or isinstance(typed, bool):
        return 1
    if name == "points":
        return int(typed <= 0)
    unit, scale = UNITS.get(str(rule.cell("unit"))), rule.cell("scale")
    published = [value for value in (rule.cell(name), rule.cell(f"{name}_assumed")) if isinstance(value, int | float)]
    # Who types 65 over 6,500 means 65%; over a rule below 1% it may be right.
    means_percent = 0 < typed < _ONE_PERCENT <= max(published, default=0)
    too_large = isinstance(scale, int | float) and typed > scale
    return int(typed < 0 or typed != int(typed) or (unit is not None and unit.percent and (too_large or means_percent)))


_ONE_PERCENT = 100


def _pasted_left(typed: AsTyped) -> Number:
    return typed.pasted.left


def _pasted_twice(typed: AsTyped) -> Number:
    return sum(row.pasted.count(TWICE) for row in typed.rows)


def _pasted_no_count(typed: AsTyped) -> Number:
    return sum(row.pasted.count(NO_COUNT) for row in typed.rows)


COUNTED: Mapping[str, Callable[[AsTyped], Number]] = {
    "text": _text,
    "no_count": _no_count,
    "pcn_over": _pcn_over,
    "practice_over": _practice_over,
    "no_list": _no_list,
    "list_blank": _list_blank,
    "falls": _falls,
    "points_over": _points_over,
    "stray": _stray,
    "rows_twice": _rows_twice,
    "rows_missing": _rows_missing,
    "thresholds": _thresholds,
    "overrides": _overrides,
    "pasted_left": _pasted_left,
    "pasted_twice": _pasted_twice,
    "pasted_no_count": _pasted_no_count,
}
"""What counts the same as the formula of each check, by its key."""

"""The IIF functions as plain Python: they take and give cells, rows, columns and blocks, as Excel does.

`rules` is a year ("2022/23"), the id of a ruleset ("2022-23.v1"), or the rows of the workbook's Rules table; left out,
it is the newest ruleset. A blank gives a blank. What cannot be used gives a `Problem` in its own cell.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, partial

from iif_reckoner import __version__
from iif_reckoner.errors import ReckonerError, UnknownNameError, shown, unknown
from iif_reckoner.exact import significant
from iif_reckoner.explain import sentence
from iif_reckoner.functions.cells import (
    BLANK,
    Block,
    Cell,
    CellError,
    Problem,
    block,
    factor,
    is_blank,
    spread,
    text,
    whole,
)
from iif_reckoner.model import Counts, Indicator, Ruleset
from iif_reckoner.reckon import (
    Target,
    achievement,
    adjustments,
    applied,
    gap,
    points,
    reckon,
    refuse_impossible,
    status,
)
from iif_reckoner.reckon import value as pounds

__all__ = [
    "IIF_ACHIEVEMENT",
    "IIF_ENGINE",
    "IIF_EXPLAIN",
    "IIF_GAP",
    "IIF_POINTS",
    "IIF_STATUS",
    "IIF_VALUE",
    "Problem",
]


def IIF_POINTS(
    indicator: Cell,
    numerator: Cell,
    denominator: Cell,
    rules: Cell = None,
    baseline_numerator: Cell = None,
    baseline_denominator: Cell = None,
) -> Cell:
    """Points earned on an indicator.

    Example: =IIF_POINTS("CAN-04", 143, 200, "2025/26") is 9.53.

    >>> IIF_POINTS("CAN-04", 143, 200, "2025/26")
    9.53333333333
    >>> IIF_POINTS("CAN-04", [143, None, "many"], 200, "2025/26")[1:]
    ['', Problem(kind='#VALUE!', text="numerator: 'many' is not a number but text")]
    """

    def work(ruleset: Ruleset, row: Indicator, counts: Counts) -> Cell:  # noqa: ARG001 (one form for all)
        return _shown(points(row, counts))

    return _over(work, rules, indicator, numerator, denominator, baseline_numerator, baseline_denominator)


def IIF_VALUE(
    indicator: Cell,
    numerator: Cell,
    denominator: Cell,
    list_size: Cell = None,
    rules: Cell = None,
    prevalence_adjustment: Cell = None,
    baseline_numerator: Cell = None,
    baseline_denominator: Cell = None,
) -> Cell:
    """Pounds earned on an indicator; without a list size, by an average PCN.

    Example: =IIF_VALUE("ACC-08", 164917, 186624, 60373, "2023/24") is 11558.71.


    >>> IIF_VALUE("ACC-08", 164917, 186624, 60373, "2023/24")
    11558.71
    """

    def work(ruleset: Ruleset, row: Indicator, counts: Counts, registered: Cell, adjustment: Cell) -> Cell:
        known = adjustments(ruleset, row, counts, *_list_and_prevalence(registered, adjustment))
        return _shown(pounds(ruleset, points(row, counts), *applied(known)))

    base = (baseline_numerator, baseline_denominator)
    return _over(work, rules, indicator, numerator, denominator, *base, list_size, prevalence_adjustment)


def IIF_GAP(
    indicator: Cell,
    numerator: Cell,
    denominator: Cell,
    target: Cell = None,
    rules: Cell = None,
    baseline_numerator: Cell = None,
    baseline_denominator: Cell = None,
) -> Cell:
    """Patients still needed to reach the "upper" (left out) or "lower" threshold.

    Example: =IIF_GAP("CAN-04", 143, 200, "upper", "2025/26") is 17.

    >>> IIF_GAP("CAN-04", 143, 200, ["upper", "lower"], "2025/26")
    [17, 0]
    """

    def work(ruleset: Ruleset, row: Indicator, counts: Counts, which: Cell) -> Cell:  # noqa: ARG001
        needed = gap(row, counts, _target(which))
        return BLANK if needed is None else needed

    return _over(work, rules, indicator, numerator, denominator, baseline_numerator, baseline_denominator, target)


def IIF_ACHIEVEMENT(
    indicator: Cell,
    numerator: Cell,
    denominator: Cell,
    rules: Cell = None,
    baseline_numerator: Cell = None,
    baseline_denominator: Cell = None,
) -> Cell:
    """Numerator over denominator, as a fraction.

    Example: =IIF_ACHIEVEMENT("CAN-04", 143, 200, "2025/26") is 0.715.

    >>> IIF_ACHIEVEMENT("CAN-04", 143, 200, "2025/26")
    0.715
    """

    def work(ruleset: Ruleset, row: Indicator, counts: Counts) -> Cell:  # noqa: ARG001
        return _shown(achievement(counts))

    return _over(work, rules, indicator, numerator, denominator, baseline_numerator, baseline_denominator)


def IIF_STATUS(
    indicator: Cell,
    numerator: Cell,
    denominator: Cell,
    rules: Cell = None,
    baseline_numerator: Cell = None,
    baseline_denominator: Cell = None,
) -> Cell:
    """Met, Between, Below, No patients, No data or Not scored.

    Example: =IIF_STATUS("CAN-04", 143, 200, "2025/26") is Between.

    >>> IIF_STATUS("CAN-04", [160, 143, 12, None], 200, "2025/26")
    ['Met', 'Between', 'Below', 'No data']
    """

    def work(ruleset: Ruleset, row: Indicator, counts: Counts) -> Cell:  # noqa: ARG001
        return status(row, counts, points(row, counts))

    return _over(work, rules, indicator, numerator, denominator, baseline_numerator, baseline_denominator)


def IIF_EXPLAIN(
    indicator: Cell,
    numerator: Cell,
    denominator: Cell,
    list_size: Cell = None,
    rules: Cell = None,
    prevalence_adjustment: Cell = None,
    baseline_numerator: Cell = None,
    baseline_denominator: Cell = None,
) -> Cell:
    """One sentence with every step of the sum, or why there is none.

    Example: =IIF_EXPLAIN("CAN-04", 143, 200, , "2025/26").

    >>> IIF_EXPLAIN("CAN-04", 143, 200, None, "2025/26")
    '143 of 200 is 71.5%. Between 65% and 80%, so 43.3% of 22 points: 9.53 x £198 = £1,887.60.'
    """

    def work(ruleset: Ruleset, row: Indicator, counts: Counts, registered: Cell, adjustment: Cell) -> Cell:
        list_size, prevalence = _list_and_prevalence(registered, adjustment)
        return sentence(ruleset, row, reckon(ruleset, row, counts, list_size=list_size, prevalence=prevalence))

    base = (baseline_numerator, baseline_denominator)
    found = _over(work, rules, indicator, numerator, denominator, *base, list_size, prevalence_adjustment)
    return _in_words(found)


def IIF_ENGINE() -> str:
    """Which engine answers: "Python" and its version; an error means that Excel's own formulas do.

    Example: =IIF_ENGINE().

    >>> IIF_ENGINE().startswith("Python ")
    True
    """
    return f"Python {__version__}"


def _over(work: Callable[..., Cell], rules: Cell, *arguments: Cell) -> Cell:
    """Spread `work` over the arguments; the first five are indicator, counts and baseline counts."""
    table = block(rules)
    if len(table) > 1 and table[0] and str(table[0][0]).strip().casefold() == "code":
        rules = _read(table)
    return spread([rules, *arguments], partial(_cell, work))


def _cell(
    work: Callable[..., Cell],
    rules: Cell,
    indicator: Cell,
    numerator: Cell,
    denominator: Cell,
    baseline_numerator: Cell,
    baseline_denominator: Cell,
    *others: Cell,
) -> Cell:
    if is_blank(indicator):
        return BLANK
    ruleset = _ruleset(rules)
    row = _indicator(ruleset, indicator)
    counts = Counts(
        numerator=whole(numerator, "numerator"),
        denominator=whole(denominator, "denominator"),
        baseline_numerator=whole(baseline_numerator, "baseline numerator"),
        baseline_denominator=whole(baseline_denominator, "baseline denominator"),
    )
    try:
        refuse_impossible(row, counts)
    except ReckonerError as error:
        raise CellError(Problem("#VALUE!", str(error))) from None
    return work(ruleset, row, counts, *others)


def _list_and_prevalence(list_size: Cell, adjustment: Cell) -> tuple[int | None, Fraction | None]:
    registered = whole(list_size, "list size")
    if registered == 0:
        raise CellError(Problem("#VALUE!", "list size: 0 is no list; enter the registered patients"))
    return registered, factor(adjustment, "prevalence adjustment")


_TARGETS: Mapping[str, Target] = {"upper": "upper", "lower": "lower"}


def _target(cell: Cell) -> Target:
    asked = "upper" if is_blank(cell) else text(cell, "target").casefold()
    if asked not in _TARGETS:
        raise CellError(Problem("#VALUE!", f"target: {shown(asked)}; write upper or lower"))
    return _TARGETS[asked]


@lru_cache(maxsize=32)
def _by_name(asked: str) -> Ruleset | Problem:
    # The loader brings pydantic: wait until somebody asks for a ruleset by name.
    from iif_reckoner import rulesets  # noqa: PLC0415

    if asked.startswith(("\\\\", "//")):
        # Windows would show another computer who asks; no cell may bring that about.
        return Problem("#VALUE!", f"rules: {shown(asked)} is on another computer; write a year or the id of a ruleset")
    try:
        return rulesets.load(asked or rulesets.ids()[-1])
    except UnknownNameError as error:
        return Problem("#N/A", str(error))
    except ReckonerError as error:
        return Problem("#VALUE!", str(error))


def _ruleset(rules: Cell) -> Ruleset:
    read = isinstance(rules, Ruleset | Problem)
    found = rules if read else _by_name("" if is_blank(rules) else text(rules, "rules"))
    if isinstance(found, Problem):
        raise CellError(found)
    return found


def _read(table: Block) -> Ruleset | Problem:
    try:
        return _from_table(tuple(map(tuple, table)))
    except ReckonerError as error:
        return Problem("#VALUE!", str(error))


# A table that is refused is not remembered: 1 and TRUE are equal, and who writes the one for the other is to see it.
@lru_cache(maxsize=8)
def _from_table(rows: tuple[tuple[Cell, ...], ...]) -> Ruleset:
    from iif_reckoner.rules_table import from_rows  # noqa: PLC0415 (as above)

    return from_rows(rows)


@lru_cache(maxsize=4096)
def _find(ruleset: Ruleset, asked: str) -> Indicator | Problem:
    found = ruleset.find(asked)
    return found or Problem("#N/A", f"{unknown('indicator', asked, ruleset.codes)} in {ruleset.id}")


def _indicator(ruleset: Ruleset, cell: Cell) -> Indicator:
    found = _find(ruleset, text(cell, "indicator"))
    if isinstance(found, Problem):
        raise CellError(found)
    return found


def _shown(value: Fraction | Decimal | None) -> Cell:
    if value is None:
        return BLANK
    return float(value) if isinstance(value, Decimal) else significant(value)


def _in_words(found: Cell) -> Cell:
    if isinstance(found, list):
        return [_in_words(cell) for cell in found]
    return found.text[:250] if isinstance(found, Problem) and found.kind == "#VALUE!" else found

"""Figures as people read them on paper: patients whole, per cent to one place, pounds whole on the wall."""

from collections.abc import Sequence

from iif_reckoner.desk.reading import day_in_words
from iif_reckoner.figures.shown import rate_style
from iif_reckoner.model import Indicator

Number = int | float | None


def whole(value: Number) -> str:
    """Write patients, nothing for blank.

    >>> whole(1234.0), whole(None)
    ('1,234', '')
    """
    return "" if value is None else f"{value:,.0f}"


def points(value: Number) -> str:
    """Write points to two places, nothing for blank."""
    return "" if value is None else f"{value:,.2f}"


def more_points(value: Number) -> str:
    """Write points gained or lost, with their sign."""
    return "" if value is None else f"{value:+,.2f}"


def hours(value: Number) -> str:
    """Write hours to one place, nothing for blank."""
    return "" if value is None else f"{value:,.1f}"


def pounds(value: Number) -> str:
    """Write whole pounds, nothing for blank.

    >>> pounds(-1234.5), pounds(0.6)
    ('-£1,235', '£1')
    """
    if value is None:
        return ""
    size = int(abs(value) + 0.5)
    return f"{'-' if value < 0 and size else ''}£{size:,}"


def day(value: Number) -> str:
    """Write the day that a cell of Excel holds as a number, nothing where it is none.

    >>> day(46024), day(None), day(10**12)
    ('2 Jan 2026', '', '')
    """
    found = day_in_words(value)
    return "" if found is None else f"{found.day} {found:%b %Y}"


def rate(value: Number, indicator: Indicator) -> str:
    """Write an achievement or a threshold in the indicator's own way, as the sheets do."""
    if value is None:
        return ""
    style = rate_style(indicator)
    if style == "number":
        return f"{value:.4f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.1f}"
    return f"{value:.2%}" if style == "percent_2" else f"{value:.1%}"


def needed(value: Number, indicator: Indicator) -> str:
    """Write the patients that an indicator still needs; where lower is better they are fewer."""
    return f"{value:,.0f} fewer" if value and indicator.better == "lower" else whole(value)


def several(number: int, one: str, many: str = "") -> str:
    """Write how many there are of a thing.

    >>> several(1, "practice"), several(3, "practice")
    ('1 practice', '3 practices')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(names: Sequence[str], most: int = 6) -> str:
    """Write names one after the other; those beyond `most` are counted.

    >>> listed(["CVD-01", "CVD-02"]), listed(["A", "B", "C"], most=2)
    ('CVD-01 and CVD-02', 'A, B and 1 more')
    """
    left = len(names) - most
    parts = [*names[:most], f"{left} more"] if left > 0 else list(names)
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))

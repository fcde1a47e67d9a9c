"""Figures as people read them on paper: patients whole, per cent to one place, pounds whole on the wall."""

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


def pounds(value: Number) -> str:
    """Write whole pounds, nothing for blank.

    >>> pounds(-1234.5), pounds(0.6)
    ('-£1,235', '£1')
    """
    if value is None:
        return ""
    size = int(abs(value) + 0.5)
    return f"{'-' if value < 0 and size else ''}£{size:,}"


def rate(value: Number, indicator: Indicator) -> str:
    """Write an achievement or a threshold in the indicator's own way, as the sheets do."""
    if value is None:
        return ""
    style = rate_style(indicator)
    if style == "number":
        return f"{value:.4f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.1f}"
    return f"{value:.2%}" if style == "percent_2" else f"{value:.1%}"

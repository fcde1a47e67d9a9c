"""The page for the PCN board: one A4 with what is earned, where the year may end, risks, and decisions asked.

It names no practice, as it may be seen outside the PCN.
"""

from typing import Any

from iif_reckoner.desk.book import Workbook
from iif_reckoner.paper import frame
from iif_reckoner.paper.decisions import decisions
from iif_reckoner.paper.risks import forecast_in_pounds, risks
from iif_reckoner.paper.shown import Shown, shown
from iif_reckoner.paper.written import points, pounds, several
from iif_reckoner.plan.forecast import CASES, EARLIEST, TOO_EARLY

_MOST_RISKS = 5


def board(book: Workbook) -> dict[str, Any]:
    """Return what the page for the board says of a workbook.

    Raises:
        InputError: it is of an earlier layout, or a sheet of it was deleted.
    """
    found = shown(book)
    every = list(risks(found, len(book.ruleset.indicators)))
    asked = list(decisions(found))
    text = " ".join((*(risk.what for risk in every[:_MOST_RISKS]), *asked))
    return {
        "title": f"For the board: {frame.title(book)}",
        "subtitle": f"Investment and Impact Fund, ruleset {book.ruleset_id}: {frame.position(found)}",
        "warning": frame.warning(found),
        "totals": _totals(found),
        "standing": _standing(found, len(book.ruleset.indicators)),
        "forecast": _forecast(found),
        "risks": [(risk.what, risk.helps) for risk in every[:_MOST_RISKS]],
        "also": [risk.short for risk in every[_MOST_RISKS:]],
        "decisions": asked,
        "codes": [(row.code, row.name) for row in book.ruleset.indicators if row.code in text],
        "footer": frame.footer(book, "Board"),
    }


def _totals(found: Shown) -> list[dict[str, str]]:
    earned, won, to_win = (found.number(f"total_{name}") for name in ("points", "won", "to_win"))
    low, _, high = _ends(found)
    at_end = TOO_EARLY if low is None else pounds(low) if low == high else f"{pounds(low)} to {pounds(high)}"
    return [
        {"words": "Points earned", "figure": points(earned) or found.text("total_points") or "none yet"},
        {"words": "Earned", "figure": pounds(won) or found.text("total_won") or "none yet"},
        {"words": "Still to win", "figure": pounds(to_win) or found.text("total_to_win") or "none yet"},
        {"words": "Forecast for the year", "figure": at_end},
    ]


def _ends(found: Shown) -> tuple[int | float | None, ...]:
    """Return the pounds of the low, the likely and the high case; None while nothing can be told."""
    told = found.count("end_told_rows") > 0
    return tuple(found.number(f"end_total_value_{case}") if told else None for case in CASES)


def _standing(found: Shown, indicators: int) -> str:
    met, between, below = (found.count(name) for name in ("agenda_met_count", "agenda_between_now", "agenda_below_now"))
    rest = indicators - met - between - below
    other = f", {rest} without figures or not scored" if rest else ""
    return f"Of {several(indicators, 'indicator')}: {met} met, {between} between the thresholds, {below} below{other}."


def _forecast(found: Shown) -> str:
    """Return in words where the year may end, or why that cannot be said yet."""
    told, early = found.count("end_told_rows"), found.count("end_early_rows")
    low, likely, high = _ends(found)
    if not found.count("month"):
        return f"{TOO_EARLY}: there are no figures yet."
    if not told:
        return (
            f"{TOO_EARLY}: of no indicator is {EARLIEST}% of a year's work usually done by now "
            "(flu, for one, counts from September)."
        )
    if likely is None or low is None or high is None:
        return "The forecast has no pounds: see the sheets Trend and Checks."
    in_pounds = len(forecast_in_pounds(found))
    waiting = f"; for {early} it is too early" if early else ""
    if low == high:
        return f"{pounds(likely)}, of {several(in_pounds, 'indicator')}: the year is over, or nothing can change it."
    return (
        f"Likely {pounds(likely)}, from {pounds(low)} if all goes slowly to {pounds(high)} if all goes well. "
        f"That is of {several(in_pounds, 'indicator')}{waiting}. A forecast by season, no promise."
    )

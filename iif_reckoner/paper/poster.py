"""The poster: the reckoner as one A3 page for the wall, with space to write what was agreed."""

from collections.abc import Mapping
from typing import Any

from iif_reckoner.desk.book import Workbook
from iif_reckoner.model import Indicator
from iif_reckoner.paper.shown import Shown, shown
from iif_reckoner.paper.written import points, pounds, rate, whole

_HEADINGS = (
    *("Indicator", "What counts", "Lower", "Upper", "Done", "Of", "Achieved", "Points", "of", "£ won", "£ to win"),
    *("Patients to upper", "Status", "Tier", "Board lead", "Practice lead", "Actions and comments"),
)
_SIZES = ((6, 14, 30, 1.9), (12, 12, 26, 1.9), (22, 10.5, 24, 1.9), (34, 9, 20, 2.2), (40, 9, 20, 3.2))
"""Up to so many indicators: the size of letters in points, the width of the patients' column in millimetres, and how
wide the names are beside the leads."""

_LEGEND = (
    "Met: all points. Between: part of the points. Below: none yet. Done and Of: patients counted, of those who count. "
    "Patients to upper: how many more (where lower is better: fewer) bring all points."
)


def poster(book: Workbook) -> dict[str, Any]:
    """Return what the poster says of a workbook."""
    found = shown(book)
    indicators = book.ruleset.indicators
    size, narrow, wide = next(sizes for most, *sizes in _SIZES if len(indicators) <= most)
    title = "  ".join(part for part in (str(book.fact("PCN") or ""), book.pcn_code) if part)
    return {
        "title": f"{title or 'IIF Ready Reckoner'}   {book.ruleset.year}",
        "subtitle": f"Investment and Impact Fund, ruleset {book.ruleset_id}: {position_in_words(found)}",
        "warning": warning(found),
        "totals": totals(found),
        "headings": _HEADINGS,
        "rows": [_row(found, place, indicator) for place, indicator in enumerate(indicators)],
        "size": size,
        "narrow": narrow,
        "wide": wide,
        "legend": _LEGEND,
        "footer": footer(book, "Poster"),
    }


def _row(found: Shown, down: int, indicator: Indicator) -> Mapping[str, Any]:
    scale = found.number("scale", down) or 1
    lower, upper = (found.number(name, down) for name in ("lower", "upper"))
    edges = [rate(None if edge is None else edge / scale, indicator) for edge in (lower, upper)]
    if indicator.scoring == "binary":
        edges = ["", "all"]
    elif indicator.scoring == "single":
        edges[0] = ""
    return {
        "code": found.text("code", down),
        "name": indicator.name,
        "numbers": [
            *edges,
            whole(found.number("num", down)),
            whole(found.number("den", down)),
            rate(found.number("achievement", down), indicator),
            points(found.number("points", down)),
            f"{available:g}" if (available := found.number("points_available", down)) is not None else "?",
            pounds(found.number("value", down)),
            pounds(found.number("to_win", down)),
            whole(found.number("gap_upper", down)),
        ],
        "status": found.text("status", down),
        "tier": found.text("tier", down),
        "board_lead": found.text("board_lead", down),
        "practice_lead": found.text("practice_lead", down),
    }


def position_in_words(found: Shown) -> str:
    """Return the day that the figures are of, in words."""
    month = found.number("month")
    if not month:
        return "no figures yet; write them in by hand"
    return f"position at the end of {found.text('month_label', 0, int(month) - 1)}"


def warning(found: Shown) -> str:
    """Return what totals have to be read with: a check that needs a look, assumed figures, a list not applied."""
    verdict = found.text("verdict")
    notes = [found.text(name) for name in ("assumed_note", "list_note")]
    return "   ".join(part for part in ("" if verdict.startswith("All") else verdict, *notes) if part)


def totals(found: Shown) -> list[dict[str, str]]:
    """Return the three figures that everybody asks for."""
    figures = (
        ("Points earned", "total_points", points),
        ("£ won", "total_won", pounds),
        ("£ to win", "total_to_win", pounds),
    )
    return [
        {"words": words, "figure": write(found.number(name)) or found.text(name) or "none yet"}
        for words, name, write in figures
    ]


def footer(book: Workbook, what: str) -> str:
    """Return the line below every page: whose it is, by which rules, what it is."""
    return f"IIF Ready Reckoner   {book.pcn_code}   {book.ruleset_id}   {what}"

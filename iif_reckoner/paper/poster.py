"""The poster: the reckoner as one A3 page for the wall, to hold a workshop in front of, with space to write."""

from collections.abc import Mapping
from typing import Any

from iif_reckoner.desk.book import Workbook
from iif_reckoner.model import Indicator
from iif_reckoner.paper import frame
from iif_reckoner.paper.shown import Shown, shown
from iif_reckoner.paper.written import needed, points, pounds, rate, whole
from iif_reckoner.plan.priorities import TIERS

_HEADINGS = (
    *("Indicator", "What counts", "Lower", "Upper", "Done", "Of", "Achieved", "Points", "of", "£ won", "£ to win"),
    *("Patients to upper", "Status", "Tier", "Board lead", "Practice lead", "Actions and comments"),
)
_SIZES = ((8, 12), (16, 11), (24, 10), (40, 9))
"""Up to so many indicators: the size of letters in points."""

_STEPS = (
    "Allow two to three hours. Hang this page where all can stand around it; give every practice its tear-off.",
    "Row by row: do we understand what counts? Is it coded? Put wrong figures right by hand.",
    f"Agree a tier for each row: {', '.join(TIERS[:-1])} or {TIERS[-1]}. Nobody can do everything at once.",
    "Write a board lead and a practice lead beside each row of the first two tiers.",
    "Agree who does what by when. One person, not the one who leads, writes it down.",
    "Afterwards type it into the sheets Plan and Actions. Meet again within two to four weeks.",
)
_WORDS = (
    ("Lower, upper", "the thresholds: up to the lower nothing is earned, from the upper on everything"),
    ("Done, of", "those counted, and all who count; Achieved is the one over the other"),
    ("Met", "all points are won"),
    ("Between", "part of the points"),
    ("Below", "no points yet"),
    ("Patients to upper", "so many more, or fewer where it says so, bring all points"),
    ("?", "nobody published it"),
)


def poster(book: Workbook) -> dict[str, Any]:
    """Return what the poster says of a workbook."""
    found = shown(book)
    indicators = book.ruleset.indicators
    return {
        "title": frame.title(book),
        "subtitle": f"Investment and Impact Fund, ruleset {book.ruleset_id}: {frame.position(found)}",
        "warning": frame.warning(found),
        "totals": _totals(found),
        "headings": _HEADINGS,
        "rows": [_row(found, place, indicator) for place, indicator in enumerate(indicators)],
        "size": next(size for most, size in _SIZES if len(indicators) <= most),
        "steps": _STEPS,
        "words": _WORDS,
        "footer": frame.footer(book, "Poster"),
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
            needed(found.number("gap_upper", down), indicator),
        ],
        "status": found.text("status", down),
        "tier": found.text("tier", down),
        "board_lead": found.text("board_lead", down),
        "practice_lead": found.text("practice_lead", down),
    }


def _totals(found: Shown) -> list[dict[str, str]]:
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

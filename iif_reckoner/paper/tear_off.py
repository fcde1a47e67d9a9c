"""The tear-off: one A4 page for each practice with its own figures, what changed, and three next steps."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.position import position
from iif_reckoner.errors import unknown
from iif_reckoner.model import Indicator
from iif_reckoner.paper.poster import footer, position_in_words, warning
from iif_reckoner.paper.shown import Shown, shown
from iif_reckoner.paper.written import pounds, rate, whole
from iif_reckoner.plan.position import Position

_HEADINGS = ("Indicator", "What counts", "Done", "Of", "Your rate", "PCN", "Upper", "Since last month", "You need")
_STEPS = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class _Line:
    """What a practice has counted of an indicator that it can still work on, as the sheets show it."""

    code: str
    indicator: Indicator
    needed: int | float
    worth: int | float | None
    numbers: tuple[str, ...]


def tear_offs(book: Workbook, practice: str | None = None) -> dict[str, Any]:
    """Return what the tear-offs say: a page for each practice of the workbook, or for one.

    Raises:
        UnknownNameError: no practice of the workbook has this code.
    """
    found = shown(book)
    codes = [str(code) for code in found.column("practice") if code]
    if practice is not None and practice not in codes:
        raise unknown("practice", practice, codes, where=book.name)
    before = position(book, month - 1) if (month := int(found.number("month") or 0)) > 1 else None
    pages = [_page(book, found, before, place) for place, code in enumerate(codes) if practice in (None, code)]
    return {
        "title": f"What each practice can do, {book.fact('PCN') or book.pcn_code} {book.ruleset.year}",
        "footer": footer(book, "Tear-off"),
        "headings": _HEADINGS,
        "pages": pages,
    }


def _page(book: Workbook, found: Shown, before: Position | None, down: int) -> Mapping[str, Any]:
    lines = list(_lines(book, found, before, down))
    open_ones = [line for line in lines if line.needed]
    steps = sorted(open_ones, key=lambda line: -(line.worth or 0))[:_STEPS]
    name = found.text("practice_name", down)
    return {
        "title": name or found.text("practice", down),
        "subtitle": f"{found.text('practice', down)}   {book.fact('PCN') or ''}   {position_in_words(found)}",
        "warning": warning(found),
        "rows": [(line.code, line.indicator.name, *line.numbers) for line in open_ones],
        "there": ", ".join(line.code for line in lines if not line.needed),
        "steps": [_step(line) for line in steps],
    }


def _lines(book: Workbook, found: Shown, before: Position | None, down: int) -> Iterator[_Line]:
    practice = found.text("practice", down)
    for right, indicator in enumerate(book.ruleset.indicators):
        gap = found.number("practice_gap", down, right)
        if gap is None:
            continue
        numerator, scale = found.number("practice_num", down, right), found.number("scale", right) or 1
        upper = found.number("upper", right)
        was = None if before is None else before.of(practice, indicator).numerator
        since = None if was is None or numerator is None else numerator - was
        yield _Line(
            code=indicator.code,
            indicator=indicator,
            needed=gap,
            worth=found.number("per_patient", right),
            numbers=(
                whole(numerator),
                whole(found.number("practice_den", down, right)),
                rate(found.number("practice_achievement", down, right), indicator),
                rate(found.number("achievement", right), indicator),
                "all" if indicator.scoring == "binary" else rate(None if upper is None else upper / scale, indicator),
                "" if since is None else f"{since:+,.0f}" if since else "0",
                whole(gap),
            ),
        )


def _step(line: _Line) -> str:
    """Return one next step in words."""
    number = whole(line.needed)
    if line.indicator.scoring == "binary":
        return f"{line.code}: {line.indicator.name}: still to be done"
    patients = "patient" if line.needed == 1 else "patients"
    more = f"{number} more {patients}" if line.indicator.better == "higher" else f"{number} fewer {patients}"
    worth = f", worth about {pounds(line.worth)} each to the PCN" if line.worth else ""
    return f"{line.code}, {line.indicator.name}: {more} bring your practice to the upper threshold{worth}"

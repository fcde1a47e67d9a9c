"""The tear-off: one A4 page for each practice with three next steps, its own figures and what changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.position import position
from iif_reckoner.errors import unknown
from iif_reckoner.model import Indicator
from iif_reckoner.paper import frame
from iif_reckoner.paper.shown import Shown, shown
from iif_reckoner.paper.written import listed, needed, pounds, rate, several, whole
from iif_reckoner.plan.position import Position

_GROUPS = (("Indicator", 2), ("Your figures", 3), ("To compare", 2), ("What changed", 1), ("Patients needed", 1))
_HEADINGS = ("Code", "What counts", "Done", "Of", "Your rate", "PCN", "Goal")
_STEPS = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class _Line:
    """Where a practice stands with an indicator, as the sheets show it; what is blank there is None."""

    indicator: Indicator
    numerator: int | float | None
    gap: int | float | None
    since: int | float | None
    worth: int | float | None
    numbers: tuple[str, ...]

    @property
    def code(self) -> str:
        return self.indicator.code


def tear_offs(book: Workbook, practice: str | None = None) -> dict[str, Any]:
    """Return what the tear-offs say: a page for each practice of the workbook, or for one.

    Raises:
        UnknownNameError: no practice of the workbook has this code.
    """
    found = shown(book)
    codes = [str(code) for code in found.column("practice") if code]
    if practice is not None and practice not in codes:
        raise unknown("practice", practice, codes, where=book.name)
    month = found.count("month")
    before = position(book, month - 1) if month > 1 else None
    since = f"since {found.text('month_label', 0, month - 2)}" if month > 1 else "since the month before"
    return {
        "title": f"What each practice can do, {book.fact('PCN') or book.pcn_code} {book.ruleset.year}",
        "footer": frame.footer(book, "Tear-off"),
        "groups": _GROUPS,
        "headings": (*_HEADINGS, since, "to the goal"),
        "pages": [
            _page(book, found, list(_lines(book, found, before, place)), place, since)
            for place, code in enumerate(codes)
            if practice in (None, code)
        ],
    }


def _page(book: Workbook, found: Shown, lines: list[_Line], down: int, since: str) -> Mapping[str, Any]:
    counted = [line for line in lines if line.gap is not None]
    open_ones = [line for line in counted if line.gap]
    blank = [line for line in lines if line.gap is None and line.numerator is None]
    steps = sorted(open_ones, key=lambda line: -(line.worth or 0))[:_STEPS]
    code, name = found.text("practice", down), found.text("practice_name", down)
    pcn = book.fact("PCN") or book.pcn_code
    return {
        "title": name or code,
        "subtitle": f"{code}   {pcn}   Investment and Impact Fund {book.ruleset.year}: {frame.position(found)}",
        "warning": frame.warning(found),
        "steps": [_step(line) for line in steps],
        "changed": _changed(counted, since),
        "counted": bool(counted),
        "blank": bool(blank),
        "rows": [(line.code, line.indicator.name, *line.numbers) for line in lines if line in open_ones + blank],
        "there": listed([line.code for line in counted if line.gap == 0], most=len(lines)),
    }


def _lines(book: Workbook, found: Shown, before: Position | None, down: int) -> Iterator[_Line]:
    """Yield a line for each indicator that practices are counted for one by one."""
    practice = found.text("practice", down)
    for right, indicator in enumerate(book.ruleset.indicators):
        if indicator.level == "pcn":
            continue
        numerator, scale = found.number("practice_num", down, right), found.number("scale", right) or 1
        upper, gap = found.number("upper", right), found.number("practice_gap", down, right)
        was = None if before is None else before.of(practice, indicator).numerator
        since = None if was is None or numerator is None else numerator - was
        yield _Line(
            indicator=indicator,
            numerator=numerator,
            gap=gap,
            since=since,
            worth=found.number("per_patient", right),
            numbers=(
                whole(numerator),
                whole(found.number("practice_den", down, right)),
                rate(found.number("practice_achievement", down, right), indicator),
                rate(found.number("achievement", right), indicator),
                "all" if indicator.scoring == "binary" else rate(None if upper is None else upper / scale, indicator),
                "" if since is None else f"{since:+,.0f}" if since else "0",
                needed(gap, indicator),
            ),
        )


def _changed(lines: list[_Line], since: str) -> str:
    """Return in a sentence what changed in the month."""
    moved = [line for line in lines if line.since]
    if not any(line.since is not None for line in lines):
        return "There are no figures of the month before to compare with."
    if not moved:
        return f"No count moved {since}."
    most = max(moved, key=lambda line: abs(line.since or 0))
    return (
        f"{several(len(moved), 'count')} of {len(lines)} moved {since}, most {most.code}, "
        f"{most.indicator.name}: {most.since:+,.0f}."
    )


def _step(line: _Line) -> str:
    """Return one next step in words."""
    if line.indicator.scoring == "binary":
        return f"{line.code}: {line.indicator.name}: still to be done"
    patients = "patient" if line.gap == 1 else "patients"
    more = "more" if line.indicator.better == "higher" else "fewer"
    worth = f", worth about {pounds(line.worth)} each to the PCN" if line.worth else ""
    return (
        f"{line.code}, {line.indicator.name}: {whole(line.gap)} {more} {patients} bring your practice to the "
        f"upper threshold{worth}"
    )

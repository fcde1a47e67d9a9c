"""The sheet Plan: what each indicator takes and brings, its tier with the reason, who decides and who leads."""

from collections.abc import Iterator, Mapping

from iif_reckoner.figures.content import Content, Planned, serial
from iif_reckoner.figures.records import Place
from iif_reckoner.figures.shown import banner, status_colours
from iif_reckoner.layout.letters import height
from iif_reckoner.layout.page import Condition, Page, Rule
from iif_reckoner.layout.sheets import BY_KEY, INDICATORS
from iif_reckoner.plan.priorities import SECONDARY, TIERS, TOP, UP_TO

_SHEET = BY_KEY["plan"]
_HOURS = 4
_HEAD = 7
_FIRST = _HEAD + 1
HOURS_LEFT = "Hours left"
"""The label of the hours for this work until the end of the year."""

_COLUMNS: tuple[tuple[str, float, str, str], ...] = (
    ("Indicator", 12.0, "code", "text"),
    ("What counts", 32.0, "", "text"),
    ("Status", 11.6, "status", "status"),
    ("£ to win", 10.6, "to_win", "pounds"),
    ("Patients to upper", 10.2, "gap_upper", "whole"),
    ("of them to lower", 10.0, "plan_to_lower", "whole"),
    ("£ per patient", 9.6, "per_patient", "pounds"),
    ("Minutes per patient", 10.2, "", "input_whole"),
    ("Hours needed", 10.2, "plan_hours", "hours"),
    ("£ per hour", 9.6, "plan_per_hour", "pounds"),
    ("Hours with those before", 11.0, "plan_so_far", "hours"),
    ("Within hours left", 10.2, "plan_within", "centre"),
    ("Suggested tier", 12.0, "suggested", "centre"),
    ("Why", 50.0, "plan_reason", "text"),
    ("Indicator", 12.0, "code", "text"),
    ("Your tier", 16.0, "", "input_text"),
    ("Decided by", 24.0, "", "input_text"),
    ("On", 14.0, "", "input_date"),
    ("Tier", 16.0, "tier", "centre"),
    ("Board lead", 28.0, "", "input_text"),
    ("Practice lead", 28.0, "", "input_text"),
    ("Helper", 28.0, "", "input_text"),
)
"""Heading, width, the figure that is shown (none where something is typed), and the style.

The indicator's code stands twice, as the sheet prints on two pages side by side.
"""

_SECOND_PAGE = 15

_LONGEST_REASON = "100% of the £ to win bring more per patient; first 99,999 patients to the lower threshold"

_UNUSED = {"text": "slot", "centre": "slot", "status": "slot_status"}


def _column(heading: str) -> int:
    return next(place for place, (name, *_) in enumerate(_COLUMNS, start=1) if name == heading)


def places() -> dict[str, Place]:
    """Return where the inputs stand that figures look at."""
    page = Page(_SHEET)
    typed = {
        "plan_tier": "Your tier",
        "plan_minutes": "Minutes per patient",
        "plan_board_lead": "Board lead",
        "plan_practice_lead": "Practice lead",
        "plan_helper": "Helper",
    }
    found = {name: Place(page.area(_FIRST, _column(of), INDICATORS), "indicator") for name, of in typed.items()}
    return found | {"plan_hours_left": Place(page.area(_HOURS, 2), "book")}


def draw(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write the sheet."""
    page.title("Plan", "What to chase first: what each indicator takes and brings; the yellow cells are yours.")
    banner(page)
    page.put(1, _SECOND_PAGE, "Plan: tiers and leads", "title")
    page.put(2, _SECOND_PAGE, "Your own tier, with who decided it and when, goes before the suggested one.", "subtitle")
    page.put(_HOURS, 1, HOURS_LEFT, "text")
    page.put(_HOURS, 2, content.hours_left, "input_number")
    page.put(_HOURS, 3, "of all staff together, for this work, until the end of the year.", "beside")
    page.formula(_HOURS + 1, 1, known["plan_note"].area.absolute, "banner")
    page.put(_HOURS + 2, 1, _rule(), "legend")
    page.heights.update({_HOURS: 18, _HOURS + 1: 17, _HOURS + 2: 17})
    for column, (heading, width, _, _) in enumerate(_COLUMNS, start=1):
        page.put(_HEAD, column, heading, "heading" if heading not in ("What counts", "Why") else "heading_left")
        page.widths[column] = width
    page.heights[_HEAD] = 44
    for down in range(INDICATORS):
        _draw_row(page, content, known, down)
    _say_what_fits(page)
    page.freeze = (_FIRST, 2)
    page.title_rows = (_HEAD, _HEAD)
    rows, second = len(content.ruleset.indicators) + 1, _SECOND_PAGE
    page.table("Plan", page.area(_HEAD, 1, rows, second - 1))
    page.table("Tiers_and_leads", page.area(_HEAD, second, rows, len(_COLUMNS) + 1 - second))
    page.pages_wide = 2
    page.print_area = page.area(1, 1, _HEAD + len(content.ruleset.indicators), len(_COLUMNS))
    page.growing = range(_FIRST, _FIRST + len(content.ruleset.indicators))
    page.protected = False


def unused(indicators: int) -> Iterator[int]:
    """Yield the rows for further indicators than so many: each of their formulas gives nothing."""
    yield from range(_FIRST + indicators, _FIRST + INDICATORS)


def _rule() -> str:
    """Return how tiers are suggested."""
    (_, half), (_, most), (watch, nearly) = UP_TO
    return (
        f"Suggested tiers: most £ per hour first (per patient while minutes are missing); {TOP} until {half}% of the "
        f"£ to win are spoken for, {SECONDARY} to {most}%, {watch} to {nearly}%. Your own tier goes before it."
    )


def _draw_row(page: Page, content: Content, known: Mapping[str, Place], down: int) -> None:
    row, indicators = _FIRST + down, content.ruleset.indicators
    indicator = indicators[down] if down < len(indicators) else None
    own = content.planned.get(indicator.code, Planned()) if indicator else Planned()
    typed = {
        "What counts": indicator.name if indicator else None,
        "Minutes per patient": own.minutes,
        "Your tier": own.tier,
        "Decided by": own.decided_by,
        "On": serial(own.decided_on),
        "Board lead": own.board_lead,
        "Practice lead": own.practice_lead,
        "Helper": own.helper,
    }
    for column, (heading, _, figure, style) in enumerate(_COLUMNS, start=1):
        unused = "slot" if style.startswith("input") else _UNUSED.get(style, f"slot_{style}")
        shown = style if indicator else unused
        if not figure:
            page.put(row, column, None if typed[heading] == "" else typed[heading], shown)
        elif figure == "status":
            code, status = (known[name].area.cell(down) for name in ("code", "status"))
            page.formula(row, column, f'IF({code}="","",{status})', shown)
        else:
            page.formula(row, column, known[figure].area.cell(down), shown)
    if indicator:
        width = {heading: width for heading, width, *_ in _COLUMNS}
        page.heights[row] = height(
            (indicator.name, width["What counts"]), (_LONGEST_REASON, width["Why"]),
            *((who, width["Helper"]) for who in (own.decided_by, own.board_lead, own.practice_lead, own.helper)),
        )  # fmt: skip


def _say_what_fits(page: Page) -> None:
    """Colour the statuses and what is beyond the hours left; say what may be typed."""
    status_colours(page, page.area(_FIRST, _column("Status"), INDICATORS))
    within = page.area(_FIRST, _column("Within hours left"), INDICATORS)
    for word, tint in (("yes", "met"), ("in part", "between"), ("no", "silent")):
        page.conditions.append(Condition(area=within, formula=f'{within.part().ref}="{word}"', tint=tint))

    def rule(heading: str, **what: str) -> None:
        page.rules.append(Rule(area=page.area(_FIRST, _column(heading), INDICATORS), **what))  # type: ignore[arg-type]

    rule("Your tier", kind="list", choices=",".join(TIERS), message="Choose a tier from the list.")
    rule(
        "Minutes per patient", kind="whole", least="1", most="600", message="Write minutes for one patient, such as 20."
    )
    rule("On", kind="date", least="36526", most="73050", message="Write a date, such as 31 Jan 2027.")
    page.rules.append(
        Rule(area=page.area(_HOURS, 2), kind="decimal", least="0", most="100000", message="Write hours, such as 40.")
    )

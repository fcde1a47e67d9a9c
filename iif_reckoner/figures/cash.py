"""The sheet Cash: when the money arrives, month by month."""

from collections.abc import Mapping
from datetime import date

from iif_reckoner import rulesets
from iif_reckoner.figures.content import Content
from iif_reckoner.figures.records import Place
from iif_reckoner.figures.shown import banner
from iif_reckoner.layout.page import Chart, Condition, Page, Rule
from iif_reckoner.layout.sheets import BY_KEY
from iif_reckoner.model import Ruleset
from iif_reckoner.scheme_year import MONTHS, first_day, in_words, place_of

_SHEET = BY_KEY["cash"]
SWITCH, PART, AMOUNT = "Aspiration payments", "Part paid up front", "Yearly amount"
"""Beside what the switch and its figures are typed."""

_SWITCH, _PART, _AMOUNT = 6, 7, 8
_HEAD = 12
_FIRST = _HEAD + 1
_MARCH = MONTHS - 1
_CHART_ROWS = 17


def places() -> dict[str, Place]:
    """Return where the switch, the part and the yearly amount are typed."""
    page = Page(_SHEET)
    return {
        "aspiration": Place(page.area(_SWITCH, 2), "book"),
        "aspiration_part": Place(page.area(_PART, 2), "book"),
        "aspiration_amount": Place(page.area(_AMOUNT, 2), "book"),
    }


def draw(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write the sheet."""
    page.title("Cash", "When the pounds won now would arrive: after the year, unless a part is agreed up front.")
    banner(page)
    page.widths = {1: 34.0, 2: 18.0, 3: 18.0, 4: 44.0}
    _draw_switch(page, content, known)
    last = _draw_months(page, content, known)
    page.print_area = page.area(1, 1, last + _CHART_ROWS + 2, 4)
    _draw_chart(page, last)


def _draw_switch(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    won = known["total_won"].area.absolute
    page.put(4, 1, "Pounds won", "text")
    page.formula(4, 2, f'IF(ISNUMBER({won}),{won},"")', "pence")
    page.put(4, 3, "Won so far, not a forecast.", "beside")
    page.put(5, 1, "Achievement is paid by", "text")
    page.put(5, 2, _in_words(content.ruleset.paid_by) or "not known", "text")
    page.put(5, 3, _other_year(content.ruleset), "beside")
    typed = (content.aspiration[0], content.aspiration[1], content.aspiration_amount)
    for row, label, value, style, words in (
        (
            _SWITCH,
            SWITCH,
            typed[0],
            "input_text",
            "On: a part is paid up front by month. No rule of the scheme says so.",
        ),
        (_PART, PART, typed[1], "input_percent", "As agreed locally; the press once spoke of two-thirds."),
        (_AMOUNT, AMOUNT, typed[2], "input_pence", "The part is of this. Left blank: of the pounds won now."),
    ):
        page.put(row, 1, label, "text")
        page.put(row, 2, value, style)
        page.put(row, 3, words, "beside")
    page.heights |= dict.fromkeys(range(4, _AMOUNT + 1), 18)
    note = page.area(_AMOUNT + 2, 1)
    page.formula(note.row, 1, known["cash_note"].area.absolute, "banner")
    balance = known["cash_balance"].area.absolute
    page.conditions.append(Condition(area=note, formula=f"IF(ISNUMBER({balance}),{balance}<0,TRUE)", tint="alarm"))
    page.rules.append(Rule(area=page.area(_SWITCH, 2), kind="list", choices="Off,On", message="Choose from the list."))
    page.rules.append(
        Rule(
            area=page.area(_PART, 2), kind="decimal", least="0", most="1", message="Write a percentage from 0% to 100%."
        )
    )
    page.rules.append(
        Rule(
            area=page.area(_AMOUNT, 2), kind="decimal", least="0", most="1000000000",
            message="Write pounds from 0 up, or leave it blank.",
        )
    )  # fmt: skip


def _draw_months(page: Page, content: Content, known: Mapping[str, Place]) -> int:
    """Write the months from April to the last payment, and their sum; return its row."""
    for column, heading in enumerate(("Month", "Paid", "Total so far", "What it is"), start=1):
        page.put(_HEAD, column, heading, "heading" if column in (2, 3) else "heading_left")
    page.heights[_HEAD] = 18
    switch, up_front = known["aspiration"].area.absolute, known["cash_up_front"].area.absolute
    row = _FIRST
    for month in range(MONTHS):
        page.formula(row, 1, known["month_label"].area.cell(0, month), "text")
        page.formula(row, 2, known["cash_month"].area.cell(0, month), "pence")
        page.formula(row, 3, known["cash_so_far"].area.cell(0, month), "pence")
        page.formula(row, 4, f'IF({switch}="On","Aspiration, 1 of {MONTHS} parts","")', "text")
        row += 1
    before = known["cash_so_far"].area.cell(0, _MARCH)
    *waiting, last = _months_after(content.ruleset)
    for label in waiting:
        page.put(row, 1, label, "text")
        page.formula(row, 2, f'IF({up_front}="","",0)', "pence")
        page.formula(row, 3, before, "pence")
        page.put(row, 4, None, "text")
        row += 1
    page.put(row, 1, last, "text")
    page.formula(row, 2, known["cash_balance"].area.absolute, "pence")
    page.formula(row, 3, known["cash_in_all"].area.absolute, "pence")
    page.formula(
        row, 4, f'IF({switch}="On",IF(SUM(B{row})<0,"Balance, to be paid back","Balance"),"Achievement")', "text"
    )
    page.conditions.append(Condition(area=page.area(row, 2), formula=f"SUM(B{row})<0", tint="alarm"))
    page.table("Cash", page.area(_HEAD, 1, row + 1 - _HEAD, 4))
    page.put(row + 1, 1, "In all", "total")
    page.formula(row + 1, 2, known["cash_in_all"].area.absolute, "total_pence")
    page.put(row + 1, 3, None, "total")
    page.put(row + 1, 4, None, "total")
    page.heights |= dict.fromkeys(range(_FIRST, row + 2), 16)
    return row + 1


def _draw_chart(page: Page, last: int) -> None:
    months = last - _FIRST
    page.charts.append(
        Chart(
            kind="bar",
            title="Paid so far",
            text="Columns of the pounds paid up to the end of each month. The table on this sheet has the same figures.",
            at=(last + 2, 1),
            size=(19.5, 8.0),
            labels=page.area(_FIRST, 1, months),
            series=[("Total so far", page.area(_FIRST, 3, months))],
            y_title="Pounds",
            y_format="£#,##0",
        )
    )


def _months_after(ruleset: Ruleset) -> list[str]:
    """Return the months after March up to the last payment; one line in words where nobody says when it is."""
    if ruleset.paid_by is None:
        return ["After the year"]
    last = place_of(ruleset.year, f"{ruleset.paid_by:%Y-%m}")
    return [f"{first_day(ruleset.year, place):%b %Y}" for place in range(MONTHS + 1, last + 1)]


def _in_words(day: date | None) -> str:
    return "" if day is None else in_words(day)


def _other_year(ruleset: Ruleset) -> str:
    """Return the last payment day of the nearest year before of which one is known, where this year's is not."""
    if ruleset.paid_by is not None:
        return "The last day of payment after the year."
    known = [other for other in rulesets.load_all() if other.paid_by is not None]
    before = [other for other in known if other.year < ruleset.year]
    other = before[-1] if before else known[0]
    return f"For {other.year} it was {_in_words(other.paid_by)}."

"""The lower half of Practice gaps: what the PCN's average would bring, and each practice's share of the patients."""

from collections.abc import Mapping

from iif_reckoner.figures.content import Content
from iif_reckoner.figures.records import Place
from iif_reckoner.layout.letters import height
from iif_reckoner.layout.page import Condition, Page, Rule
from iif_reckoner.layout.sheets import BY_KEY, INDICATORS, PRACTICES
from iif_reckoner.package.address import column_letters
from iif_reckoner.plan.shares import BY, TO

_SHEET = BY_KEY["practice_gaps"]
_LEFT = 3
_BY, _TO = 6, 7
BY_LABEL, TO_LABEL = "Share by", "Up to"
"""What stands before the two switches."""

AVERAGE = (
    ("Practices short of the average", "below_average", "whole"),
    ("At the upper threshold now", "at_upper", "whole"),
    ("Points if those reach it", "average_points", "points"),
    ("£ more if those reach it", "average_gain", "pounds"),
)
SHARED = (("Patients to share out", "share_needed", "whole"), ("Shared by", "share_how", "centre"))
"""The rows above the practices: what they say, which figure they repeat, and its style."""

_AVERAGE_NOTE = (
    "If only the practices below the PCN's achievement reached it. "
    "change: paid for a change on a baseline. PCN only: counted for the whole PCN."
)
_SHARES_NOTE = (
    "Whole patients that add up to what the PCN needs; practices without patients take no part. "
    "no own gap: choose another way in B6."
)
_COUNTS = {
    "IIF_GAPS_NUMERATORS": "practice_num",
    "IIF_GAPS_DENOMINATORS": "practice_den",
    "IIF_GAPS_BOUNDED": "across_bounded",
    "IIF_GAPS_BETTER": "across_better",
}
"""Names for figures of Working: not every Excel lets the colour of a cell depend on another sheet otherwise."""


class Tables:
    """Where the two tables stand below a row: their headings and the first of their practices."""

    def __init__(self, below: int) -> None:
        self.average_head = below + 4
        self.average = self.average_head + 1 + len(AVERAGE)
        self.shares_head = self.average + PRACTICES + 5
        self.shares = self.shares_head + 1 + len(SHARED)
        self.end = self.shares + PRACTICES
        self.starts = ((self.average_head - 2, self.average), (self.shares_head - 3, self.shares))


def places() -> dict[str, Place]:
    """Return where the switches stand."""
    page = Page(_SHEET)
    return {"share_by_choice": Place(page.area(_BY, 2), "book"), "share_to_choice": Place(page.area(_TO, 2), "book")}


def draw_shared(page: Page, content: Content, known: Mapping[str, Place], tables: Tables) -> None:
    """Write what all PCNs have in common."""
    for row, label, choices in ((_BY, BY_LABEL, BY), (_TO, TO_LABEL, tuple(TO.values()))):
        page.put(row, 1, label, "text")
        words = ",".join(choice.capitalize() for choice in choices)
        page.rules.append(
            Rule(
                area=page.area(row, 2),
                kind="list",
                choices=words,
                message="Choose one of the list, for the lowest table.",
            )
        )
        page.heights[row] = 18
    draw_own(page, content)
    page.names.update({name: known[figure].area for name, figure in _COUNTS.items()})
    _draw_heads(page, content, known, tables)
    _draw_practices(page, content, known, tables)


def draw_own(page: Page, content: Content) -> None:
    """Write the switches as the PCN has set them."""
    page.put(_BY, 2, content.sharing.by, "input_text")
    page.put(_TO, 2, content.sharing.to, "input_text")


def _draw_heads(page: Page, content: Content, known: Mapping[str, Place], tables: Tables) -> None:
    page.put(tables.average_head - 2, 1, "Patients to the PCN's average", "section")
    page.put(tables.average_head - 1, _LEFT, _AVERAGE_NOTE, "legend")
    page.put(tables.shares_head - 3, 1, "Fair shares of the gap", "section")
    note = known["share_note"].area.absolute
    page.formula(tables.shares_head - 2, _LEFT, f'IF({note}="","{_SHARES_NOTE}",{note})', "legend")
    page.conditions.append(
        Condition(
            area=page.area(tables.shares_head - 2, _LEFT),
            formula=f'LEFT($C${tables.shares_head - 2},5)<>"Whole"',
            tint="alarm",
        )
    )
    page.put(tables.shares_head - 1, _LEFT, "12", "key_between")
    page.put(
        tables.shares_head - 1,
        _LEFT + 1,
        "more than this practice has left: share the rest out among the others",
        "beside",
    )
    used = len(content.ruleset.indicators)
    for head, rows in ((tables.average_head, AVERAGE), (tables.shares_head, SHARED)):
        page.put(head, 1, "Practice", "heading")
        page.put(head, 2, "Name", "heading_left")
        page.heights[head] = 20
        for down, (words, _, _) in enumerate(rows, start=1):
            page.put(head + down, 1, "PCN", "total")
            page.put(head + down, 2, words, "total")
        for right in range(INDICATORS):
            if right < used:
                page.put(head, _LEFT + right, content.ruleset.indicators[right].code, "heading")
            else:
                page.formula(head, _LEFT + right, known["code"].area.cell(right), "slot")
            for down, (_, name, style) in enumerate(rows, start=1):
                own = f"total_{style}" if right < used else f"slot_{style}"
                page.formula(head + down, _LEFT + right, known[name].area.cell(0, right), own)


def _draw_practices(page: Page, content: Content, known: Mapping[str, Place], tables: Tables) -> None:
    used = len(content.ruleset.indicators)
    for first, figure in ((tables.average, "to_average"), (tables.shares, "share_patients")):
        for down in range(PRACTICES):
            row, named = first + down, known["practice_name"].area.cell(down)
            page.heights[row] = height()
            page.formula(row, 1, known["practice"].area.cell(down), "text")
            page.formula(row, 2, f'IF({named}="","",{named})', "text")
            for right in range(INDICATORS):
                cell = known[figure].area.cell(down, right)
                page.formula(row, _LEFT + right, cell, "whole" if right < used else "slot_whole")
    average = page.area(tables.average, _LEFT, PRACTICES, INDICATORS)
    own = average.part().ref
    letter = own.rstrip("0123456789")
    column = f"{letter}${average.row}:{letter}${average.row + PRACTICES - 1}"
    most = f"IF(ISNUMBER({own}),IF({own}>0,{own}=MAX({column}),FALSE),FALSE)"
    page.conditions.append(Condition(area=average, formula=most, tint="room"))
    shares = page.area(tables.shares, _LEFT, PRACTICES, INDICATORS)
    page.conditions.append(Condition(area=shares, formula=_too_many(shares.part().ref, tables), tint="between"))


def _too_many(own: str, tables: Tables) -> str:
    """Return the formula of whether a share is more than the practice has left."""
    letter = own.rstrip("0123456789")
    last = column_letters(_LEFT + INDICATORS - 1)
    down = f"MATCH($A{tables.shares},$A${tables.shares}:$A${tables.end - 1},0)"
    right = f"MATCH({letter}${tables.shares_head},${letter}${tables.shares_head}:${last}${tables.shares_head},0)"
    done, of = (f"INDEX({name},{down},{right})" for name in ("IIF_GAPS_NUMERATORS", "IIF_GAPS_DENOMINATORS"))
    bounded, better = (f"INDEX({name},1,{right})" for name in ("IIF_GAPS_BOUNDED", "IIF_GAPS_BETTER"))
    left = f'IF({better}="higher",{of}-{done},{done})'
    return f'IF(ISNUMBER({own}),IFERROR(IF({bounded}="yes",{own}>{left},FALSE),FALSE),FALSE)'

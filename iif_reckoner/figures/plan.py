"""The sheet Plan: tier, minutes and leads of each indicator."""

from collections.abc import Mapping

from iif_reckoner.figures.content import Content, Planned
from iif_reckoner.figures.records import Place
from iif_reckoner.figures.shown import banner, status_colours
from iif_reckoner.layout.look import height
from iif_reckoner.layout.page import Page, Rule
from iif_reckoner.layout.sheets import BY_KEY, INDICATORS

_SHEET = BY_KEY["plan"]
_HEAD = 5
TIERS = ("top", "secondary", "watch and wait", "discounted")
_COLUMNS = (
    ("Indicator", 10.0),
    ("What counts", 34.0),
    ("Status", 11.5),
    ("£ to win", 10.0),
    ("Patients to upper", 10.0),
    ("£ per patient", 10.0),
    ("Tier", 14.5),
    ("Minutes per patient", 10.0),
    ("£ per hour", 10.0),
    ("Board lead", 16.0),
    ("Practice lead", 16.0),
    ("Helper", 16.0),
)
_INPUTS = ((7, "input_text"), (8, "input_whole"), (10, "input_text"), (11, "input_text"), (12, "input_text"))


def places() -> dict[str, Place]:
    """Return where the inputs stand that the Reckoner repeats."""
    page = Page(_SHEET)
    return {
        "plan_tier": Place(page.area(_HEAD + 1, 7, INDICATORS), "indicator"),
        "plan_board_lead": Place(page.area(_HEAD + 1, 10, INDICATORS), "indicator"),
        "plan_practice_lead": Place(page.area(_HEAD + 1, 11, INDICATORS), "indicator"),
    }


def draw(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write the sheet."""
    page.title("Plan", "What to chase: give each indicator a tier and its leads; the yellow cells are yours.")
    banner(page)
    for column, (heading, width) in enumerate(_COLUMNS, start=1):
        page.put(_HEAD, column, heading, "heading" if column != 2 else "heading_left")
        page.widths[column] = width
    page.heights[_HEAD] = 32
    indicators = content.ruleset.indicators
    for down in range(INDICATORS):
        row = _HEAD + 1 + down
        used = down < len(indicators)
        at = {name: known[name].area.cell(down) for name in ("code", "status", "to_win", "gap_upper", "per_patient")}
        page.formula(row, 1, at["code"], "text" if used else "slot")
        page.put(row, 2, indicators[down].name if used else None, "text" if used else "slot")
        page.formula(row, 3, f'IF({at["code"]}="","",{at["status"]})', "status" if used else "slot_status")
        page.formula(row, 4, at["to_win"], "pounds" if used else "slot_pounds")
        page.formula(row, 5, at["gap_upper"], "whole" if used else "slot_whole")
        page.formula(row, 6, at["per_patient"], "pounds" if used else "slot_pounds")
        own = content.planned.get(indicators[down].code, Planned()) if used else Planned()
        typed = (own.tier, own.minutes, own.board_lead, own.practice_lead, own.helper)
        for (column, style), value in zip(_INPUTS, typed, strict=True):
            page.put(row, column, value or None, style if used else "slot")
        worth = f'IF((H{row}="")+(F{row}="")>0,"",IF(H{row}=0,"",F{row}*60/H{row}))'
        page.formula(row, 9, worth, "pounds" if used else "slot_pounds")
        if used:
            page.heights[row] = height((indicators[down].name, 34.0), least=18)
    status_colours(page, page.area(_HEAD + 1, 3, INDICATORS))
    choices = ",".join(TIERS)
    page.rules.append(
        Rule(
            area=page.area(_HEAD + 1, 7, INDICATORS),
            kind="list",
            choices=choices,
            message="Choose a tier from the list.",
        )
    )
    page.rules.append(
        Rule(
            area=page.area(_HEAD + 1, 8, INDICATORS), kind="whole", least="1", most="600",
            message="Write minutes for one patient, such as 20.",
        )
    )  # fmt: skip
    page.freeze = (_HEAD + 1, 3)
    page.title_rows = (_HEAD, _HEAD)
    page.print_area = page.area(1, 1, _HEAD + len(indicators), len(_COLUMNS))
    page.protected = False

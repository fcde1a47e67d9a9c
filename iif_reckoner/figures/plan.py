"""The sheet Plan: tier, minutes and leads of each indicator."""

from collections.abc import Mapping

from iif_reckoner.figures.content import Content
from iif_reckoner.figures.records import Place
from iif_reckoner.layout.page import Page, Rule
from iif_reckoner.layout.sheets import BY_KEY, INDICATORS

_SHEET = BY_KEY["plan"]
_HEAD = 4
TIERS = ("top", "secondary", "watch and wait", "discounted")
_COLUMNS = (
    ("Indicator", 11.0),
    ("What counts", 44.0),
    ("Status", 12.0),
    ("£ to win", 12.0),
    ("Patients to upper", 12.0),
    ("£ per patient", 12.0),
    ("Tier", 16.0),
    ("Minutes per patient", 12.0),
    ("£ per hour", 12.0),
    ("Board lead", 22.0),
    ("Practice lead", 22.0),
    ("Helper", 22.0),
)


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
    for column, (heading, width) in enumerate(_COLUMNS, start=1):
        page.put(_HEAD, column, heading, "heading")
        page.widths[column] = width
    page.heights[_HEAD] = 32
    indicators = content.ruleset.indicators
    for down in range(INDICATORS):
        row = _HEAD + 1 + down
        at = {name: known[name].area.cell(down) for name in ("code", "status", "to_win", "gap_upper", "per_patient")}
        page.formula(row, 1, at["code"], "text")
        page.put(row, 2, indicators[down].name if down < len(indicators) else None, "text")
        page.formula(row, 3, f'IF({at["code"]}="","",{at["status"]})', "status")
        page.formula(row, 4, at["to_win"], "pounds")
        page.formula(row, 5, at["gap_upper"], "whole")
        page.formula(row, 6, at["per_patient"], "pounds")
        for column, style in (
            (7, "input_text"),
            (8, "input_whole"),
            (10, "input_text"),
            (11, "input_text"),
            (12, "input_text"),
        ):
            page.put(row, column, None, style)
        page.formula(row, 9, f'IF((H{row}="")+(F{row}="")>0,"",IF(H{row}=0,"",F{row}*60/H{row}))', "pounds")
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

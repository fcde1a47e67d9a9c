"""The sheet Practices: who belongs to the PCN, and how many patients each has registered."""

from iif_reckoner.figures.content import Content, Typed, serial
from iif_reckoner.figures.records import Place
from iif_reckoner.figures.shown import banner
from iif_reckoner.layout.letters import height
from iif_reckoner.layout.page import Page, Rule
from iif_reckoner.layout.sheets import BY_KEY, PRACTICES

_SHEET = BY_KEY["practices"]
_TOTAL = 5
_HEAD = 6
HOURS = "Hours a month"
"""What a practice can give to the work of the scheme."""

_COLUMNS = (
    ("Practice code", 14.0, "input_text"),
    ("Practice", 36.0, "input_text"),
    ("Clinical system", 14.0, "input_text"),
    ("Registered list", 14.0, "input_whole"),
    ("Weighted list", 14.0, "input_whole"),
    ("Practice lead", 22.0, "input_text"),
    ("From", 14.0, "input_date"),
    ("To", 14.0, "input_date"),
    (HOURS, 12.0, "input_number"),
)


def places() -> dict[str, Place]:
    """Return where the inputs stand that figures look at."""
    page = Page(_SHEET)
    return {
        "practice_code": Place(page.area(_HEAD + 1, 1, PRACTICES), "practice"),
        "practice_name": Place(page.area(_HEAD + 1, 2, PRACTICES), "practice"),
        "practice_list": Place(page.area(_HEAD + 1, 4, PRACTICES), "practice"),
        "practice_weighted": Place(page.area(_HEAD + 1, 5, PRACTICES), "practice"),
        "practice_hours": Place(page.area(_HEAD + 1, 9, PRACTICES), "practice"),
    }


def draw(page: Page, content: Content) -> None:
    """Write the practices."""
    page.title(
        "Practices", "One row per practice; the list sizes decide how large the payment is. Yellow cells are yours."
    )
    banner(page)
    for column, (heading, width, _) in enumerate(_COLUMNS, start=1):
        page.put(_HEAD, column, heading, "heading")
        page.widths[column] = width
    page.heights[_HEAD] = 32
    for down in range(PRACTICES):
        row = _HEAD + 1 + down
        practice = content.practices[down] if down < len(content.practices) else None
        values: tuple[Typed, ...] = (None,) * len(_COLUMNS)
        if practice is not None:
            values = (
                practice.code,
                practice.name,
                practice.system,
                practice.list_size,
                practice.weighted_list,
                practice.lead,
                serial(practice.start),
                serial(practice.end),
                practice.hours,
            )
        for column, ((_, _, style), value) in enumerate(zip(_COLUMNS, values, strict=True), start=1):
            page.put(row, column, None if value == "" else value, style)
        wrapped = [(str(text), width) for text, (_, width, style) in zip(values, _COLUMNS, strict=True)
                   if text and style == "input_text"]  # fmt: skip
        page.heights[row] = height(*wrapped, least=17)
    page.put(_TOTAL, 1, "All practices", "total")
    for column in range(2, len(_COLUMNS) + 1):
        page.put(_TOTAL, column, None, "total")
    for column, style in ((4, "total_whole"), (5, "total_whole"), (9, "total_number")):
        area = page.area(_HEAD + 1, column, PRACTICES)
        page.formula(_TOTAL, column, f'IF(SUM({area.ref})=0,"",SUM({area.ref}))', style)
    page.heights[_TOTAL] = 18
    message = "Write the registered patients as a whole number, such as 8973."
    page.rules.append(
        Rule(area=page.area(_HEAD + 1, 4, PRACTICES, 2), kind="decimal", least="1", most="1000000", message=message)
    )
    page.rules.append(
        Rule(
            area=page.area(_HEAD + 1, 9, PRACTICES),
            kind="decimal",
            least="0",
            most="10000",
            message="Write the hours that the practice can give in a month, such as 12.5; 0 where it can give none.",
        )
    )
    page.freeze = (_HEAD + 1, 3)
    page.title_rows = (_HEAD, _HEAD)
    page.table("Practices", page.area(_HEAD, 1, PRACTICES + 1, len(_COLUMNS)), filtered=True)
    page.print_area = page.area(1, 1, _HEAD + (len(content.practices) or PRACTICES), len(_COLUMNS))
    page.growing = range(_HEAD + 1, _HEAD + 1 + PRACTICES)
    page.protected = False

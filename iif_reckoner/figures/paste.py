"""The sheet Paste: a month's rows as an extract gives them, and what each of them is taken for."""

from collections.abc import Mapping

from iif_reckoner.figures.content import Content
from iif_reckoner.figures.records import Place
from iif_reckoner.figures.shown import banner
from iif_reckoner.layout.page import Condition, Page, Rule
from iif_reckoner.layout.sheets import BY_KEY

_SHEET = BY_KEY["paste"]
_NOTE = 7
_MONTH = 9
_HEAD = 10
_FIRST = _HEAD + 1
ROWS = 4_000
"""The rows that are picked up: 40 practices with 40 indicators have 3,200."""

LAST = _FIRST + ROWS - 1
_LAST_LOOKED_AT = 30_000
"""What stands below the rows that are picked up is noticed as far as here; a file of all England has 26,520 rows."""

MONTH = "Month of these rows"
COLUMNS = ("Practice code", "Indicator code", "Measure", "Value")
_READ_AS = "Read as"
_WIDTHS = (20.0, 16.0, 34.0, 14.0, 27.0)
_STYLES = ("input_text", "input_text", "input_text", "input_whole")
_READ = len(COLUMNS) + 1
_HOW = (
    "1  Choose the month of the rows in the yellow cell.",
    "2  Copy PRACTICE_CODE (ORG_CODE), IND_CODE, MEASURE and VALUE of your practices; paste them below as values.",
    "3  See what is picked up; a figure typed on Counts wins. Paste holds one month: type it on Counts to keep it in Trend.",
)

OTHER_INDICATOR = "other indicator"
OTHER_MEASURE = "other measure"
NO_ROW = "no row on Counts"
"""What a row is taken for whose figure is not picked up."""


def places() -> dict[str, Place]:
    """Return where the month stands and where the columns do."""
    page = Page(_SHEET)
    columns = ("practice", "indicator", "measure", "value", "read")
    return {
        "paste_month": Place(page.area(_MONTH, 2), "book"),
        **{f"paste_{name}": Place(page.area(_FIRST, at, ROWS), "book") for at, name in enumerate(columns, start=1)},
        "paste_below": Place(page.area(LAST + 1, 1, _LAST_LOOKED_AT - LAST, len(COLUMNS)), "book"),
    }


def draw(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write the sheet; blank cells of the columns have their look from the column, so that none has to be written."""
    for row in range(1, _HEAD):
        page.row(row, 1, (None,) * _READ, "plain")
    page.title("Paste", "A month's figures as CQRS or the monthly file give them: numerators and denominators.")
    banner(page)
    for row, text in enumerate(_HOW, start=4):
        page.put(row, 1, text)
    page.put(_MONTH, 1, MONTH, "text")
    page.put(_MONTH, 2, content.pasted_month or None, "input_text")
    for down, name in enumerate(("pasted_note", "pasted_left_note")):
        page.formula(_NOTE + down, 1, known[name].area.absolute, "banner")
    page.heights |= {_MONTH: 18, _HEAD: 20}
    for column, (heading, width) in enumerate(zip((*COLUMNS, _READ_AS), _WIDTHS, strict=True), start=1):
        page.put(_HEAD, column, heading, "heading")
        page.widths[column] = width
    for column, style in enumerate(_STYLES, start=1):
        page.column_styles[column] = style
    for row, pasted in enumerate(content.pasted, start=_FIRST):
        typed = (pasted.practice, pasted.indicator, pasted.measure, pasted.value)
        for column, (value, style) in enumerate(zip(typed, _STYLES, strict=True), start=1):
            page.put(row, column, value, style)
    read = _read(known)
    for row in range(_FIRST, LAST + 1):
        page.formula(row, _READ, read.replace("#", str(row)), "legend")
    choices = ",".join(content.months)
    page.rules.append(
        Rule(area=page.area(_MONTH, 2), kind="list", choices=choices, message="Choose the month of the rows below.")
    )
    note = page.area(_NOTE, 1)
    page.conditions.append(Condition(area=note, formula=f'LEFT({note.ref},6)="Choose"', tint="alarm"))
    page.freeze = (_FIRST, 1)
    page.title_rows = (_HEAD, _HEAD)
    page.print_area = page.area(1, 1, _HEAD + 40, _READ)
    page.table("Paste", page.area(_HEAD, 1, ROWS + 1, _READ), filtered=True)


def _read(known: Mapping[str, Place]) -> str:
    """Return the formula of what row # is taken for: `HI-03 numerator`, or why it is not picked up."""
    names = ("code", "other_code", "count_practice", "count_indicator")
    of = {name: known[name].area.absolute for name in names}
    practice, indicator, measure, value = (f"{letter}#" for letter in "ABCD")
    place = f"IFERROR(MATCH({indicator},{of['code']},0),MATCH({indicator},{of['other_code']},0))"
    code = f"INDEX({of['code']},{place})"
    kinds = f'"{OTHER_MEASURE}"'
    for kind in ("denominator", "numerator"):
        kinds = f'IF(({measure}="{kind}")+({measure}={code}&" {kind}")>0,{code}&" {kind}",{kinds})'
    counted = f"COUNTIFS({of['count_practice']},{practice},{of['count_indicator']},{code})"
    # Excel's COUNTIFS counts none that is like an error and does not pass the error on: hence ISERROR.
    return (
        f'IF({value}="","",IF({indicator}="","{OTHER_INDICATOR}",IF(ISERROR({place}),"{OTHER_INDICATOR}",'
        f'IFERROR(IF({counted}=0,"{NO_ROW}",{kinds}),"{OTHER_INDICATOR}"))))'
    )

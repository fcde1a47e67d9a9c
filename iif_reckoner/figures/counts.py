"""The sheet Counts: the position of each practice and indicator at the end of each month."""

from iif_reckoner.figures.content import Content
from iif_reckoner.figures.records import Place
from iif_reckoner.figures.shown import banner
from iif_reckoner.layout.look import height
from iif_reckoner.layout.page import Page, Rule
from iif_reckoner.layout.sheets import BY_KEY, COUNT_ROWS
from iif_reckoner.scheme_year import MONTHS

_SHEET = BY_KEY["counts"]
_HEAD = 5
_FIRST = _HEAD + 1
_KEYS = (
    ("Practice code", 10.0),
    ("Practice", 25.0),
    ("Indicator", 10.5),
    ("Counts", 44.0),
    ("Baseline numerator", 12.0),
    ("Baseline denominator", 12.0),
)
_PAIRS = len(_KEYS) + 1


def places() -> dict[str, Place]:
    """Return where the inputs stand that figures look at."""
    page = Page(_SHEET)
    return {
        "count_practice": Place(page.area(_FIRST, 1, COUNT_ROWS), "row"),
        "count_indicator": Place(page.area(_FIRST, 3, COUNT_ROWS), "row"),
        "base_num": Place(page.area(_FIRST, 5, COUNT_ROWS), "row"),
        "base_den": Place(page.area(_FIRST, 6, COUNT_ROWS), "row"),
        "pairs": Place(page.area(_FIRST, _PAIRS, COUNT_ROWS, 2 * MONTHS), "row"),
        "numerator": Place(page.area(_FIRST, _PAIRS, COUNT_ROWS), "month", stride=2),
        "denominator": Place(page.area(_FIRST, _PAIRS + 1, COUNT_ROWS), "month", stride=2),
        "pair_month": Place(page.area(3, _PAIRS, 1, 2 * MONTHS), "book"),
        "pair_kind": Place(page.area(4, _PAIRS, 1, 2 * MONTHS), "book"),
        "month_number": Place(page.area(3, _PAIRS), "month", stride=2),
        "month_heading": Place(page.area(2, _PAIRS), "month", stride=2),
    }


def keys(content: Content) -> list[tuple[str, str, str, str]]:
    """Return practice code, practice, indicator and what it counts, row by row."""
    of_practices = [row for row in content.ruleset.indicators if row.level != "pcn"]
    of_pcn = [row for row in content.ruleset.indicators if row.level == "pcn"]
    found = [(p.code, p.name, row.code, row.name) for p in content.practices for row in of_practices]
    if content.practices or content.pcn_code:
        found += [(content.pcn_code or "PCN", content.pcn_name, row.code, row.name) for row in of_pcn]
    return found


def draw(page: Page, content: Content) -> None:
    """Write keys, headings and the counts that are known."""
    page.title("Counts", "")
    page.put(
        2, 1, "Position at the end of each month, added up from the start of the year, as the extracts are.", "subtitle"
    )
    banner(page)
    page.put(
        4, 1, "One row per practice and indicator. Leave blank what is not known; write whole numbers without commas."
    )
    for column, (heading, width) in enumerate(_KEYS, start=1):
        page.put(_HEAD, column, heading, "heading")
        page.widths[column] = width
    for month, name in enumerate(content.months):
        for right, kind in enumerate(("numerator", "denominator")):
            column = _PAIRS + 2 * month + right
            page.put(2, column, name, "legend")
            page.put(3, column, month + 1, "legend")
            page.put(4, column, kind, "legend")
            page.put(_HEAD, column, f"{name} {kind}", "heading")
            page.widths[column] = 12.0
    page.heights[_HEAD] = 44
    rows = keys(content)
    baselines = {row.code for row in content.ruleset.indicators if row.needs_baseline}
    names = [indicator.name for indicator in content.ruleset.indicators]
    high = height((max(names, key=len, default=""), dict(_KEYS)["Counts"]), size=9)
    for down in range(COUNT_ROWS):
        row = _FIRST + down
        page.heights[row] = high
        key = rows[down] if down < len(rows) else (None, None, None, None)
        for column, value in enumerate(key, start=1):
            page.put(row, column, value or None, "key" if down < len(rows) else "key_free")
        base = content.baselines.get((str(key[0]), str(key[2])), (None, None))
        for right in range(2):
            used = key[2] in baselines
            page.put(row, 5 + right, base[right], "input_whole" if used or key[2] is None else "unused")
        for month in range(MONTHS):
            pair = content.counts.get((str(key[0]), str(key[2]), month + 1), (None, None))
            for right in range(2):
                page.put(row, _PAIRS + 2 * month + right, pair[right], "input_whole")
    page.rules.append(
        Rule(
            area=page.area(_FIRST, 5, COUNT_ROWS, 2 + 2 * MONTHS),
            kind="whole",
            least="0",
            most="100000000",
            message="Write a whole number from 0 up, without commas; leave it blank where nothing was counted.",
        )
    )
    page.freeze = (_FIRST, 5)
    page.title_columns, page.pages_wide = (1, 4), 3
    page.title_rows = (_HEAD, _HEAD)
    page.print_area = page.area(1, 1, _HEAD + max(len(rows), 1), _PAIRS + 2 * MONTHS - 1)
    page.filter = page.area(_HEAD, 1, COUNT_ROWS + 1, _PAIRS + 2 * MONTHS - 1)

"""The sheet Counts: the position of each practice and indicator at the end of each month."""

from collections.abc import Mapping

from iif_reckoner.figures.content import Content
from iif_reckoner.figures.records import Place
from iif_reckoner.figures.shown import banner
from iif_reckoner.layout.letters import height
from iif_reckoner.layout.look import STYLES
from iif_reckoner.layout.page import Condition, Page, Rule
from iif_reckoner.layout.sheets import BY_KEY, COUNT_ROWS
from iif_reckoner.scheme_year import MONTHS

_SHEET = BY_KEY["counts"]
_HEAD = 5
_FIRST = _HEAD + 1
_KEYS = (
    ("Practice code", 9.6),
    ("Practice", 24.0),
    ("Indicator", 11.0),
    ("Counts", 52.0),
    ("Baseline numerator", 11.0),
    ("Baseline denominator", 11.0),
)
_WIDTH = dict(_KEYS)
_SMALL = STYLES["key"].size
_PAIRS = len(_KEYS) + 1
_HOW = "One row per practice and indicator. Leave blank what is not known; write whole numbers without commas."


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


def high(key: tuple[str | None, str | None, str | None, str | None]) -> float:
    """Return the height of a row of this practice code, practice, indicator and what it counts."""
    return height((key[1], _WIDTH["Practice"]), (key[3], _WIDTH["Counts"]), size=_SMALL)


def draw(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write keys, headings and the counts that are known."""
    page.title("Counts", "")
    page.put(
        2, 1, "Position at the end of each month, added up from the start of the year, as the extracts are.", "subtitle"
    )
    banner(page)
    missing = known["keys_note"].area.absolute
    page.formula(4, 1, f'IF({missing}="","{_HOW}",{missing})')
    page.conditions.append(Condition(area=page.area(4, 1), formula=f'{missing}<>""', tint="alarm"))
    for column, (heading, width) in enumerate(_KEYS, start=1):
        page.put(_HEAD, column, heading, "small_heading")
        page.widths[column] = width
    for month, name in enumerate(content.months):
        for right, kind in enumerate(("numerator", "denominator")):
            column = _PAIRS + 2 * month + right
            page.put(2, column, name, "legend")
            page.put(3, column, month + 1, "legend")
            page.put(4, column, kind, "legend")
            page.put(_HEAD, column, f"{name} {kind}", "small_heading")
            page.widths[column] = 11.0
    page.heights[_HEAD] = 36
    rows = keys(content)
    baselines = {row.code for row in content.ruleset.indicators if row.needs_baseline}
    for down in range(COUNT_ROWS):
        row = _FIRST + down
        key = rows[down] if down < len(rows) else (None, None, None, None)
        page.heights[row] = high(key)
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
    page.title_columns, page.pages_wide = (1, 3), 2
    page.title_rows = (_HEAD, _HEAD)
    page.print_area = page.area(1, 1, _HEAD + max(len(rows), 1), _PAIRS + 2 * MONTHS - 1)
    page.table("Counts", page.area(_HEAD, 1, COUNT_ROWS + 1, _PAIRS + 2 * MONTHS - 1), filtered=True)

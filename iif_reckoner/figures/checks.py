"""The sheet Checks: every check with what, how many, where; the self-test against literal worked cases."""

from collections.abc import Mapping
from dataclasses import dataclass

from iif_reckoner.figures.content import Content
from iif_reckoner.figures.records import Place
from iif_reckoner.layout.page import Condition, Page
from iif_reckoner.layout.sheets import BY_KEY

_SHEET = BY_KEY["checks"]
_HEAD = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One check: what must be so, a formula that counts what is not, where to look, whether it stops the totals."""

    what: str
    count: str
    where: str
    stops: bool = True


CHECKS = (
    Check(
        what="Figures in Counts are numbers, not text such as 1,234",
        count="COUNTA({pairs:all},{base_num:all},{base_den:all})-COUNT({pairs:all},{base_num:all},{base_den:all})",
        where="Counts: look for figures that stand on the left of their cell",
    ),
    Check(
        what="No indicator has more done than there are",
        count="SUM({wrong:all})",
        where="Reckoner: rows with an error",
    ),
    Check(
        what="No practice has more done than there are",
        count="SUM({practice_wrong:all})",
        where="Practice gaps: cells with an error",
    ),
    Check(
        what="List sizes are numbers",
        count="COUNTA({practice_list:all})-COUNT({practice_list:all})",
        where="Practices: column Registered list",
    ),
    Check(
        what="Every practice has a list size",
        count="COUNTA({practice_code:all})-COUNT({practice_list:all})",
        where="Practices: blank list sizes; until then the list size adjustment is too small",
        stops=False,
    ),
    Check(
        what="No month is below the one before it (figures add up from the start of the year)",
        count="SUM({falls:all})",
        where="Trend: an indicator whose numerator falls; a switch on Start allows in-month figures",
        stops=False,
    ),
    Check(
        what="Points do not exceed what is available",
        count="IF(SUM({points:all})>SUM({points_available:all})+0.000001,1,0)",
        where="Reckoner: totals",
    ),
    Check(
        what="Counts rows belong to practices and indicators of this workbook",
        count="SUM({row_stray:all})",
        where="Counts: indicator codes that Rules does not have",
        stops=False,
    ),
    Check(
        what="Lower and upper thresholds in Rules stand in the right order",
        count="SUM({reversed:all})",
        where="Rules: overrides of thresholds; they are whole numbers on the row's scale, 6500 for 65%",
    ),
)

_SELF = _HEAD + len(CHECKS) + 4


def places() -> dict[str, Place]:
    """Return where the verdict stands that other sheets repeat."""
    page = Page(_SHEET)
    return {"verdict": Place(page.area(3, 1), "book"), "stops": Place(page.area(_HEAD + len(CHECKS) + 2, 2), "book")}


def banner(page: Page) -> None:
    """Repeat in A3 what the checks say; in red where one needs a look, and the words say the same."""
    page.formula(3, 1, places()["verdict"].area.absolute, "banner")
    page.conditions.append(Condition(area=page.area(3, 1), formula='LEFT($A$3,3)<>"All"', tint="alarm"))


def draw(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write the checks and the self-test."""
    page.title("Checks", "Before you trust a total: everything here should say OK.")
    for column, (heading, width) in enumerate(
        (("Check", 46.0), ("Found", 9.0), ("Result", 9.0), ("Where to look", 40.0)), start=1
    ):
        page.put(_HEAD, column, heading, "heading")
        page.widths[column] = width
    for down, check in enumerate(CHECKS, start=1):
        row = _HEAD + down
        page.put(row, 1, check.what, "text")
        page.formula(row, 2, in_full(check.count, known), "whole")
        page.formula(row, 3, f'IF(ISERROR(B{row}),"Look",IF(B{row}=0,"OK","Look"))', "check")
        page.put(row, 4, check.where, "text")
        page.heights[row] = 32
    first, last = _HEAD + 1, _HEAD + len(CHECKS)
    stopping = [f'IF(C{_HEAD + down}="OK",0,1)' for down, check in enumerate(CHECKS, start=1) if check.stops]
    page.put(last + 2, 1, "Checks that stop the totals", "text")
    page.put(last + 2, 3, None, "text")
    page.put(last + 2, 4, "Where this is not 0, totals say 'see Checks'", "text")
    page.formula(last + 2, 2, "+".join(stopping), "whole")
    ok = f'COUNTIF(C{first}:C{last},"OK")'
    page.formula(
        3,
        1,
        f'IF({ok}={len(CHECKS)},"All {len(CHECKS)} checks are OK",{len(CHECKS)}-{ok}&" of {len(CHECKS)} checks need a look")',
        "banner",
    )
    page.conditions.append(Condition(area=page.area(3, 1), formula='LEFT($A$3,3)<>"All"', tint="alarm"))
    _colours(page, page.area(first, 3, len(CHECKS)))
    _self_test(page, content)
    page.print_area = page.area(1, 1, _SELF + 2 + len(_CASES), 4)
    page.title_rows = (_HEAD, _HEAD)


def in_full(template: str, known: Mapping[str, Place]) -> str:
    """Return a formula with whole blocks, each with its sheet."""
    for name, place in known.items():
        template = template.replace(f"{{{name}:all}}", place.area.absolute).replace(f"{{{name}}}", place.area.absolute)
    return template


def _colours(page: Page, area: object) -> None:
    ref = getattr(area, "part")().ref  # noqa: B009
    page.conditions.append(Condition(area=area, formula=f'{ref}="OK"', tint="right"))  # type: ignore[arg-type]
    page.conditions.append(Condition(area=area, formula=f'{ref}<>"OK"', tint="wrong"))  # type: ignore[arg-type]


# Numerator, denominator, scale, lower, upper, points, pounds a point; the points and pounds that must come out, and the
# patients to the upper threshold. Literal worked cases of 2020/21 to 2025/26.
_CASES = (
    ("Flu 65+, 2020/21: 3,717 of 5,000", 3717, 5000, 10000, 7000, 7700, 72, 111, 44.64, 4955.04, 133),
    ("Flu 65+, 2021/22: 600 of 800", 600, 800, 10000, 8000, 8600, 40, 200, 0, 0, 88),
    ("Asthma SABA, lower is better: 377 of 2,000", 377, 2000, 10000, 2500, 1500, 22, 200, 13.53, 2706, 77),
    (
        "Appointments in two weeks: 164,917 of 186,624",
        164917,
        186624,
        10000,
        8500,
        9000,
        71,
        198,
        47.8339977709,
        9471.13,
        3045,
    ),
    ("FIT: 143 of 200", 143, 200, 10000, 6500, 8000, 22, 198, 9.53333333333, 1887.6, 17),
    ("Half a penny goes up: 127 of 10,000", 127, 10000, 10000, 80, 127, 7.5, 198.35, 7.5, 1487.63, 0),
)


def _self_test(page: Page, content: Content) -> None:
    """Write worked cases as literals beside the program's own answer, which this Excel works out anew."""
    del content
    page.put(_SELF, 1, "Self-test of this Excel", "section")
    page.row(
        _SELF + 1,
        1,
        ("Worked case", "Agrees", "", "Should be: points, pounds, patients to the upper threshold"),
        "heading",
    )
    page.heights[_SELF + 1] = 30
    for down, case in enumerate(_CASES, start=2):
        what, n, d, scale, lower, upper, points, point, right_points, right_pounds, right_gap = case
        row = _SELF + down
        share = f"({n}*{scale}-{lower}*{d})/(({upper}-{lower})*{d})"
        earned = f"{points}*IF({share}<=0,0,IF({share}>=1,1,{share}))"
        edge = f"{upper}*{d}/{scale}"
        gap = f"ROUNDUP({edge},0)-{n}" if upper > lower else f"{n}-ROUNDDOWN({edge},0)"
        agrees = (
            f"(ABS({earned}-{right_points})<0.0000001)*(ROUND(ROUND(({earned})*{point},8),2)={right_pounds})"
            f"*(IF({gap}>0,{gap},0)={right_gap})"
        )
        page.put(row, 1, what, "text")
        page.formula(row, 2, f'IF({agrees}=1,"yes","no")', "check")
        page.put(row, 3, None, "text")
        page.put(row, 4, f"{right_points:g} points, £{right_pounds:,.2f}, {right_gap:,} patients", "text")
    first, last = _SELF + 2, _SELF + 1 + len(_CASES)
    page.formula(_SELF, 2, f'COUNTIF(B{first}:B{last},"yes")&" of {len(_CASES)} agree"', "banner")
    page.conditions.append(Condition(area=page.area(first, 2, len(_CASES)), formula=f'B{first}="yes"', tint="right"))
    page.conditions.append(Condition(area=page.area(first, 2, len(_CASES)), formula=f'B{first}<>"yes"', tint="wrong"))

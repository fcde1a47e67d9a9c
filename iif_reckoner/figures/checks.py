"""The sheet Checks: every check with what, how many, where; the self-test against literal worked cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from iif_reckoner import rulesets
from iif_reckoner.figures.records import Place
from iif_reckoner.figures.shown import VERDICT, alarm_unless_well
from iif_reckoner.figures.working import native, pasted
from iif_reckoner.layout.letters import height
from iif_reckoner.layout.page import Area, Condition, Page
from iif_reckoner.layout.sheets import BY_KEY
from iif_reckoner.rules_table import COLUMNS, to_rows

_SHEET = BY_KEY["checks"]
_HEAD = 5
_WIDTHS = (46.0, 9.6, 10.2, 46.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One check: what must be so, a formula that counts what is not, where to look, whether it stops the totals.

    `key` is its name for programs, by which `iif_reckoner.desk.check` counts the same.
    """

    key: str
    what: str
    count: str
    where: str
    stops: bool = True


CHECKS = (
    Check(
        key="text",
        what="Figures in Counts are numbers, not text such as 1,234",
        count="COUNTA({pairs:all},{base_num:all},{base_den:all})-COUNT({pairs:all},{base_num:all},{base_den:all})",
        where="Counts: look for figures that stand on the left of their cell",
    ),
    Check(
        key="no_count",
        what="Figures in Counts are whole numbers from 0 up",
        count='COUNTIF({pairs:all},"<0")+COUNTIF({base_num:all},"<0")+COUNTIF({base_den:all},"<0")+SUM({row_fraction:all})',
        where="Counts: look for a minus sign or a decimal point",
    ),
    Check(
        key="pcn_over",
        what="No indicator has more done than there are",
        count='COUNTIF({state:all},"wrong")',
        where="Reckoner: rows with an error",
    ),
    Check(
        key="practice_over",
        what="No practice has more done than there are",
        count='COUNTIF({practice_state:all},"wrong")',
        where="Practice gaps: cells with an error",
    ),
    Check(
        key="no_list",
        what="List sizes are whole numbers from 1 up",
        count='COUNTA({practice_list:all})-COUNTIF({practice_list:all},">0")'
        "+IF(SUM({practice_list:all})=ROUND(SUM({practice_list:all}),0),0,1)",
        where="Practices: column Registered list",
    ),
    Check(
        key="list_blank",
        what="Every practice has a list size",
        count="COUNTA({practice_code:all})-COUNT({practice_list:all})",
        where="Practices: blank list sizes; until all are there the list size is not applied",
        stops=False,
    ),
    Check(
        key="falls",
        what="No month is below the one before it (figures add up from the start of the year)",
        count="SUM({falls:all})",
        where="Trend: an indicator whose numerator falls; a switch on Start allows in-month figures",
        stops=False,
    ),
    Check(
        key="points_over",
        what="Points do not exceed what is available",
        count="IF(SUM({points:all})>SUM({points_available:all})+0.000001,1,0)",
        where="Reckoner: totals",
    ),
    Check(
        key="stray",
        what="Counts rows belong to practices and indicators of this workbook",
        count="SUM({row_stray:all})",
        where="Counts: codes that Practices or Rules does not have",
        stops=False,
    ),
    Check(
        key="rows_twice",
        what="Every practice and indicator has one row on Counts",
        count="SUM({row_twice:all})",
        where="Counts: rows with the same practice and indicator; move the figures into one, clear the other",
    ),
    Check(
        key="rows_missing",
        what="Every practice has a row on Counts for each indicator",
        count="{keys_missing}",
        where="Counts: the line above the headings says which codes to write next",
        stops=False,
    ),
    Check(
        key="thresholds",
        what="Lower and upper thresholds in Rules stand in the right order",
        count="SUM({reversed:all})",
        where="Rules: overrides of thresholds; they are whole numbers on the row's scale, 6500 for 65%",
    ),
    Check(
        key="overrides",
        what="What is typed over a rule can be right",
        count="SUM({odd_override:all})",
        where="Rules: yellow cells; points above 0, thresholds on the row's scale, 6500 for 65%",
    ),
    Check(
        key="pasted_left",
        what="Every row on Paste is picked up",
        count="{pasted_left}",
        where="Paste: column Read as says why not; rows of other indicators and measures do no harm",
        stops=False,
    ),
    Check(
        key="pasted_twice",
        what="No figure on Paste stands there twice",
        count=pasted.found(pasted.TWICE),
        where="Paste: rows with the same practice, Read as; clear one, or write the figure on Counts",
    ),
    Check(
        key="pasted_no_count",
        what="Figures on Paste are whole numbers from 0 up, not text such as * or 1,234",
        count=pasted.found(pasted.NO_COUNT),
        where="Paste: column Value; put it right, clear it, or write the figure on Counts",
    ),
)

_SELF = _HEAD + len(CHECKS) + 4


def places() -> dict[str, Place]:
    """Return where the verdict stands that other sheets repeat."""
    return {
        "verdict": Place(VERDICT, "book"),
        "stops": Place(Page(_SHEET).area(_HEAD + len(CHECKS) + 2, 2), "book"),
    }


def draw(page: Page, known: Mapping[str, Place]) -> None:
    """Write the checks and the self-test."""
    page.title("Checks", "Before you trust a total: everything here should say OK.")
    for column, (heading, width) in enumerate(
        zip(("Check", "Found", "Result", "Where to look"), _WIDTHS, strict=True), start=1
    ):
        page.put(_HEAD, column, heading, "heading")
        page.widths[column] = width
    for down, check in enumerate(CHECKS, start=1):
        row = _HEAD + down
        page.put(row, 1, check.what, "text")
        page.formula(row, 2, in_full(check.count, known), "whole")
        page.formula(row, 3, f'IF(ISERROR(B{row}),"Look",IF(B{row}=0,"OK","Look"))', "check")
        page.put(row, 4, check.where, "text")
        page.heights[row] = height((check.what, _WIDTHS[0]), (check.where, _WIDTHS[3]), least=17)
    first, last = _HEAD + 1, _HEAD + len(CHECKS)
    stopping = [f'IF(C{_HEAD + down}="OK",0,1)' for down, check in enumerate(CHECKS, start=1) if check.stops]
    page.put(last + 2, 1, "Checks that stop the totals", "text")
    page.put(last + 2, 3, None, "text")
    page.put(last + 2, 4, "Where this is not 0, totals say 'see Checks'", "text")
    page.formula(last + 2, 2, "+".join(stopping), "whole")
    ok = f'COUNTIF(C{first}:C{last},"OK")'
    page.formula(
        VERDICT.row,
        VERDICT.column,
        f'IF({ok}={len(CHECKS)},"All {len(CHECKS)} checks are OK",{len(CHECKS)}-{ok}&" of {len(CHECKS)} checks need a look")',
        "banner",
    )
    alarm_unless_well(page, VERDICT)
    _colours(page, page.area(first, 3, len(CHECKS)))
    cases = _cases()
    _self_test(page, cases)
    page.print_area = page.area(1, 1, _SELF + 2 + len(cases), 4)
    page.title_rows = (_HEAD, _HEAD)
    page.table("Checks", page.area(_HEAD, 1, len(CHECKS) + 1, 4))


def in_full(template: str, known: Mapping[str, Place]) -> str:
    """Return a formula with whole blocks, each with its sheet."""
    for name, place in known.items():
        template = template.replace(f"{{{name}:all}}", place.area.absolute).replace(f"{{{name}}}", place.area.absolute)
    return template


def _colours(page: Page, area: Area) -> None:
    ref = area.part().ref
    page.conditions.append(Condition(area=area, formula=f'{ref}="OK"', tint="right"))
    page.conditions.append(Condition(area=area, formula=f'{ref}<>"OK"', tint="wrong"))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Case:
    """A worked case: the counts, whose rules, and what must come out; the gap is to the upper threshold."""

    what: str
    num: int
    den: int
    rules: Mapping[str, object]
    points: float
    pounds: float
    gap: int


def _published(ruleset: str, code: str) -> dict[str, object]:
    """Return the figures of an indicator as the sheet Rules has them, by the names of the formulas."""
    head, *rows = (dict(zip(COLUMNS, row, strict=True)) for row in to_rows(rulesets.load(ruleset))[1:])
    row = next(row for row in rows if row["code"] == code)
    return {
        "scoring": row["scoring"],
        "better": row["better"],
        "scale": row["scale"],
        "lower": row["lower_threshold"],
        "upper": row["upper_threshold"],
        "points_available": row["points"],
        "point_value": head["point_value_gbp"],
    }


# Of no ruleset: pounds of 1,487.625, which binary fractions put just below the half penny.
_HALF_A_PENNY: dict[str, object] = {
    "scoring": "sliding",
    "better": "higher",
    "scale": 10000,
    "lower": 80,
    "upper": 127,
    "points_available": 7.5,
    "point_value": 198.35,
}


def _cases() -> tuple[_Case, ...]:
    return (
        _Case(
            what="Flu 65+, 2020/21: 3,717 of 5,000",
            num=3717,
            den=5000,
            rules=_published("2020-21.v1", "VI-01"),
            points=44.64,
            pounds=4955.04,
            gap=133,
        ),
        _Case(
            what="Flu 65+, 2021/22: 600 of 800",
            num=600,
            den=800,
            rules=_published("2021-22.v1", "VI-01"),
            points=0,
            pounds=0,
            gap=88,
        ),
        _Case(
            what="Asthma SABA, lower is better: 377 of 2,000",
            num=377,
            den=2000,
            rules=_published("2022-23.v1", "RESP-02"),
            points=13.53,
            pounds=2706,
            gap=77,
        ),
        _Case(
            what="Appointments in two weeks: 164,917 of 186,624",
            num=164917,
            den=186624,
            rules=_published("2023-24.v1", "ACC-08"),
            points=47.8339977709,
            pounds=9471.13,
            gap=3045,
        ),
        _Case(
            what="FIT: 143 of 200",
            num=143,
            den=200,
            rules=_published("2025-26.v1", "CAN-04"),
            points=9.53333333333,
            pounds=1887.6,
            gap=17,
        ),
        _Case(
            what="Half a penny goes up: 127 of 10,000",
            num=127,
            den=10000,
            rules=_HALF_A_PENNY,
            points=7.5,
            pounds=1487.63,
            gap=0,
        ),
    )


def _self_test(page: Page, cases: Sequence[_Case]) -> None:
    """Write worked cases as literals beside this workbook's own formulas, which this Excel works out anew."""
    page.put(_SELF, 1, "Self-test of this Excel", "section")
    page.row(
        _SELF + 1,
        1,
        ("Worked case", "Agrees", "Patients to upper", "Should be: points and pounds"),
        "heading",
    )
    page.heights[_SELF + 1] = 30
    for row, case in enumerate(cases, start=_SELF + 2):
        known = {
            "state": "counted",
            "num": case.num,
            "den": case.den,
            "bounded": "yes",
            "baseline": "no",
            "bn": "",
            "bd": "",
            **case.rules,
        }
        earned = _with(f"{{points_available}}*{native.LEVEL}", known)
        pounds = _with(native.VALUE, {**known, "list_adjustment": 1, "prevalence": 1, "rounding": 2})
        pounds = pounds.replace("{points}", earned)
        gap = _with(native.gap("upper"), {**known, "red_upper": ""})
        agrees = f"(ABS({earned}-{case.points})<0.0000001)*({pounds}={case.pounds})*({gap}={case.gap})"
        page.put(row, 1, case.what, "text")
        page.formula(row, 2, f'IF({agrees}=1,"yes","no")', "check")
        page.put(row, 3, case.gap, "whole")
        page.put(row, 4, f"{case.points:g} points, £{case.pounds:,.2f}", "text")
    page.table("Self_test", page.area(_SELF + 1, 1, len(cases) + 1, 4))
    agree = page.area(_SELF + 2, 2, len(cases))
    first = agree.part().ref
    page.formula(_SELF, 2, f'COUNTIF({agree.ref},"yes")&" of {len(cases)} agree"', "banner")
    page.conditions.append(Condition(area=agree, formula=f'{first}="yes"', tint="right"))
    page.conditions.append(Condition(area=agree, formula=f'{first}<>"yes"', tint="wrong"))


def _with(template: str, figures: Mapping[str, object]) -> str:
    """Return a formula with literals in the place of the names of figures."""
    for name, value in figures.items():
        template = template.replace(f"{{{name}}}", f'"{value}"' if isinstance(value, str) else str(value))
    return template

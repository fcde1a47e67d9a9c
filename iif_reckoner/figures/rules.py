"""The sheet Rules: the indicator table with its overrides and assumed figures, and the standing of each number."""

from typing import Literal

from iif_reckoner.figures.content import Content
from iif_reckoner.figures.records import Place
from iif_reckoner.figures.shown import banner
from iif_reckoner.figures.working.spelling import PERCENT, one_of
from iif_reckoner.layout.letters import height
from iif_reckoner.layout.page import Page, Rule
from iif_reckoner.layout.sheets import BY_KEY, INDICATORS
from iif_reckoner.model import STANDINGS, THRESHOLDS, Indicator, Ruleset
from iif_reckoner.rules_table import COLUMNS, OVERRIDABLE, SCHEME_OVERRIDABLE, to_rows

_SHEET = BY_KEY["rules"]
_HEAD = 7
_SCHEME = _HEAD + 1
_FIRST = _HEAD + 2

LETTERS = {"primary": "P", "secondary": "S", "calculated": "C", "recalled": "R"}
LEGEND = "P primary (NHS England, CQRS)   S secondary (press, supplier, LMC)   C calculated   R recalled"
_EXTRA = ("standing", "CQRS code", "period", "counts as done", "out of", "where the numbers come from", "note")
_WIDE = {
    "code": 13.0,
    "name": 34.0,
    "scoring": 15.0,
    "unit": 17.0,
    "prevalence": 13.0,
    "ruleset": 12.0,
    "start": 12.0,
    "end": 12.0,
    "CQRS code": 12.0,
    "period": 14.0,
    "counts as done": 60.0,
    "out of": 52.0,
    "where the numbers come from": 84.0,
    "note": 84.0,
}
_WORDS = {
    "code": "Indicator",
    "name": "What counts",
    "scoring": "Way of scoring",
    "better": "Better is",
    "unit": "Measured in",
    "scale": "Thresholds are of",
    "points": "Points",
    "lower_threshold": "Lower threshold",
    "upper_threshold": "Upper threshold",
    "reduction_lower_threshold": "Reduction: lower",
    "reduction_upper_threshold": "Reduction: upper",
    "prevalence": "Prevalence adjustment",
    "prevalence_patients": "England: patients",
    "prevalence_list": "England: list",
    "level": "Counted for",
    "season": "Season (our reading)",
    "awarded_share": "Credited share",
    "ruleset": "Ruleset",
    "start": "First day",
    "end": "Last day",
    "point_value_gbp": "£ a point",
    "average_list_patients": "Average list: patients",
    "average_list_pcns": "Average list: PCNs",
    "rounding_points": "Places of points",
    "rounding_pounds": "Places of £",
    "assume_from": "Assumed figures of",
    "use_assumed": "Use them",
    "standing": "How sure",
    "CQRS code": "Code in CQRS",
    "period": "Period",
    "counts as done": "Counts as done",
    "out of": "Out of",
    "where the numbers come from": "Sources",
    "note": "Note",
}
_MOST = 1_000_000_000
_ABOVE_0: tuple[tuple[str, Literal["whole", "decimal"], str, str], ...] = (
    ("points", "decimal", "0.001", "Write points as a number above 0."),
    ("point_value_gbp", "decimal", "0.001", "Write the pounds of one point as a number above 0."),
    ("average_list_patients", "whole", "1", "Write patients as a whole number from 1 up."),
    ("average_list_pcns", "whole", "1", "Write PCNs as a whole number from 1 up."),
)
"""What may be typed over these: kind, least, and what to say if something else is."""

_SUFFIXES = {"override": "yours", "assumed": "assumed"}
_EXPLAINED = (
    "Each number has three columns: as published, 'yours' (yellow: type over it) and 'assumed' (of an earlier year, "
    "used where nothing is published). Thresholds are whole numbers: 8000 of 10000 is 80%."
)


def places() -> dict[str, Place]:
    """Return where each column of the table stands, as `rule_<field>`; those of the scheme are of the whole book."""
    page = Page(_SHEET)
    scheme = {f"{name}{suffix}" for name in SCHEME_OVERRIDABLE for suffix in ("", "_override", "_assumed")}
    scheme |= {"ruleset", "start", "end", "rounding_points", "rounding_pounds", "assume_from", "use_assumed"}
    found = {}
    for column, name in enumerate(COLUMNS, start=1):
        if name in scheme:
            found[f"rule_{name}"] = Place(page.area(_SCHEME, column), "book")
        else:
            found[f"rule_{name}"] = Place(page.area(_FIRST, column, INDICATORS), "indicator")
    found["rules"] = Place(page.area(_HEAD, 1, INDICATORS + 2, len(COLUMNS)), "book")
    for right, name in enumerate(("standing", "cqrs"), start=1):
        found[f"rule_{name}"] = Place(page.area(_FIRST, len(COLUMNS) + right, INDICATORS), "indicator")
    return found


def draw(page: Page, content: Content, use_assumed: str) -> None:
    """Write the table; `use_assumed` is the cell of the switch on Start."""
    page.title("Rules", f"{content.ruleset.id}: {content.ruleset.summary}")
    banner(page)
    page.put(4, 1, _EXPLAINED)
    page.put(5, 1, f"How sure: {LEGEND}   ? not known")
    assumed = content.assumed if content.assumed.is_assumed else None
    rows = to_rows(content.ruleset, assumed, content.national)
    for column, name in enumerate((*COLUMNS, *_EXTRA), start=1):
        page.put(_HEAD - 1, column, _in_words(name), "words")
        page.put(_HEAD, column, name, "field")
        page.widths[column] = _WIDE.get(name, 12.5)
    page.heights[_HEAD - 1] = 36
    page.heights[_HEAD] = 46
    used = len(content.ruleset.indicators)
    for row, values in enumerate(rows[1:], start=_SCHEME):
        open_here = SCHEME_OVERRIDABLE if row == _SCHEME else OVERRIDABLE
        code = str(values[COLUMNS.index("code")])
        for column, (name, value) in enumerate(zip(COLUMNS, values, strict=True), start=1):
            own = name.removesuffix("_override")
            if own != name and own in open_here:
                page.put(row, column, content.overrides.get((code, own)), "input_number")
            elif isinstance(value, int | float):
                page.put(row, column, value, "general")
            else:
                page.put(row, column, value, "small_text" if column > 2 else "text")
    for row in range(_FIRST + used, _FIRST + INDICATORS):
        page.row(row, 1, [None] * len(COLUMNS), "plain")
    page.heights[_SCHEME] = 28
    page.formula(_SCHEME, COLUMNS.index("use_assumed") + 1, f'IF({use_assumed}="No","no","yes")', "text")
    for down, indicator in enumerate(content.ruleset.indicators):
        _describe(page, _FIRST + down, content.ruleset, indicator)
    _restrict(page)
    page.names["IIF_RULES"] = places()["rules"].area
    page.freeze = (_FIRST, 3)
    page.title_columns, page.pages_wide = (1, 2), 5
    page.title_rows = (_HEAD - 1, _HEAD)
    page.table("Rules", page.area(_HEAD, 1, used + 2, len(COLUMNS) + len(_EXTRA)))
    page.print_area = page.area(1, 1, _HEAD + 1 + used, len(COLUMNS) + len(_EXTRA))


def _restrict(page: Page) -> None:
    """Refuse what cannot be right where a figure is typed over a rule; Checks sees what was pasted."""
    known = places()
    unit, scale = (known[f"rule_{name}"].area.part().ref for name in ("unit", "scale"))
    for name in THRESHOLDS:
        page.rules.append(
            Rule(
                area=known[f"rule_{name}_override"].area,
                kind="whole",
                least="0",
                most=f"IF({one_of(f'${unit}', PERCENT)}>0,${scale},{_MOST})",
                message="Write a whole number on the row's scale: 6500 of 10000 for 65%.",
            )
        )
    for name, kind, least, message in _ABOVE_0:
        area = known[f"rule_{name}_override"].area
        page.rules.append(Rule(area=area, kind=kind, least=least, most=str(_MOST), message=message))


def _in_words(name: str) -> str:
    own, _, suffix = name.rpartition("_")
    if suffix in _SUFFIXES:
        return f"{_WORDS[own]}: {_SUFFIXES[suffix]}" if own in _WORDS else name
    return _WORDS[name]


def _describe(page: Page, row: int, ruleset: Ruleset, indicator: Indicator) -> None:
    column = len(COLUMNS) + 1
    page.put(row, column, standing(ruleset, indicator), "centre")
    period = indicator.period
    said = (
        "" if period is None else (f"{period.start:%d %b %Y} to " if period.start else "at ") + f"{period.end:%d %b %Y}"
    )
    where = "; ".join(
        f"{name.replace('_', ' ')}: {', '.join(ruleset.sources[key].title for key in citation.keys)}"
        for name, citation in indicator.cite.items()
        if name in ("points", "lower_threshold", "upper_threshold")
    )
    texts = (indicator.cqrs, said, indicator.numerator_counts, indicator.denominator_counts, where, indicator.note)
    for right, text in enumerate(texts, start=1):
        page.put(row, column + right, text, "small_text")
    wide = [_WIDE[name] for name in _EXTRA[1:]]
    page.heights[row] = max(
        height((indicator.name, _WIDE["name"]), least=28), height(*zip(texts, wide, strict=True), size=9)
    )


def standing(ruleset: Ruleset, indicator: Indicator) -> str:
    """Return the letter of the least sure number that scores; nothing where one is not known."""
    found = [ruleset.weakest(indicator.cite.get(name)) for name in indicator.needed if name != "scoring"]
    known = [kind for kind in found if kind is not None]
    if len(known) < len(found) or not known:
        return "?"
    return LETTERS[max(known, key=STANDINGS.index)]

"""The sheet Start: whose workbook it is, how sure it is, the four switches, how to begin."""

from collections.abc import Mapping

from iif_reckoner.figures.content import Content
from iif_reckoner.figures.records import Place
from iif_reckoner.layout.page import Area, Condition, Page, Rule
from iif_reckoner.layout.sheets import BY_KEY, SHEETS
from iif_reckoner.rulesets.evidence import KINDS, standings

_SHEET = BY_KEY["start"]
_SWITCHES = 15
_GUIDE = 22
_HOW = (
    "Practices: write the practices and their registered lists. A workbook made from your PCN's code has them.",
    "Counts: write or paste each practice's numerator and denominator; leave blank what is not known.",
    "Reckoner: see what is won, what is still to win and how many patients more; print it on A3 for the workshop.",
    "Practice gaps: see which practice needs how many patients. Trend: see the year so far.",
    "Checks: look here before you trust a total; every check says what is wrong and where.",
)


def places() -> dict[str, Place]:
    """Return where the switches and names stand."""
    page = Page(_SHEET)
    return {
        "pcn_code": Place(page.area(5, 2), "book"),
        "pcn_name": Place(page.area(6, 2), "book"),
        "chosen_month": Place(page.area(_SWITCHES + 1, 2), "book"),
        "counting": Place(page.area(_SWITCHES + 2, 2), "book"),
        "choice": Place(page.area(_SWITCHES + 3, 2), "book"),
        "switch_assumed": Place(page.area(_SWITCHES + 4, 2), "book"),
    }


def draw(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write the sheet."""
    ruleset = content.ruleset
    page.title("IIF Ready Reckoner", "What the Investment and Impact Fund brings in, and what is still to win.")
    page.formula(3, 1, known["banner"].area.absolute, "banner")
    facts = (
        ("PCN code", content.pcn_code, "input_text"),
        ("PCN", content.pcn_name, "input_text"),
        ("Scheme year", f"{ruleset.year}, version {ruleset.id}", "text"),
        ("How sure the numbers are", _sure(content), "text"),
    )
    for down, (label, value, style) in enumerate(facts):
        page.put(5 + down, 1, label, "text")
        page.put(5 + down, 2, value or None, style)
    page.heights[8] = 44
    month = known["month"].area.absolute
    labels = known["month_label"].area.absolute
    page.put(9, 1, "Figures shown are of", "text")
    page.formula(9, 2, f'IF({month}=0,"no figures yet",INDEX({labels},1,{month}))', "text")
    page.put(10, 1, "List sizes of", "text")
    lists = f"{content.lists_on.day} {content.lists_on:%B %Y}" if content.lists_on else None
    page.put(10, 2, lists, "input_text")
    page.put(11, 1, "Worked out by", "text")
    page.formula(11, 2, known["engine"].area.absolute, "text")
    page.put(12, 1, "Checks", "text")
    page.formula(12, 2, known["verdict"].area.absolute, "text")
    page.put(_SWITCHES, 1, "Switches", "section")
    switches = (
        ("Month", "Newest", ("Newest", *content.months), "Newest shows the last month with a figure."),
        (
            "Counting",
            "Cumulative",
            ("Cumulative", "In month"),
            "Extracts add up from the start of the year: Cumulative.",
        ),
        (
            "Engine",
            "Automatic",
            ("Automatic", "Python", "Formulas"),
            "Automatic asks Python and falls back on formulas.",
        ),
        ("Assumed figures", "Yes", ("Yes", "No"), _assumed(content)),
    )
    for down, (label, value, choices, words) in enumerate(switches, start=1):
        page.put(_SWITCHES + down, 1, label, "text")
        page.put(_SWITCHES + down, 2, value, "input_text")
        page.put(_SWITCHES + down, 3, words, "note")
        area = page.area(_SWITCHES + down, 2)
        page.rules.append(Rule(area=area, kind="list", choices=",".join(choices), message="Choose from the list."))
    page.put(_GUIDE, 1, "How to begin", "section")
    for down, text in enumerate(_HOW, start=1):
        page.put(_GUIDE + down, 1, text, "note")
        page.heights[_GUIDE + down] = 18
    page.put(_GUIDE + 7, 1, "Sheets", "section")
    shown = [sheet for sheet in SHEETS if not sheet.hidden and sheet.key != "start"]
    for down, sheet in enumerate(shown, start=1):
        page.put(_GUIDE + 7 + down, 1, sheet.title, "link")
        page.links[_GUIDE + 7 + down, 1] = f"{sheet.quoted}!A1"
    page.put(_GUIDE + 7, 2, "Colours", "section")
    page.put(_GUIDE + 8, 2, "Yours to fill", "input_text")
    for down, word in enumerate(("Met", "Between", "Below"), start=9):
        page.put(_GUIDE + down, 2, word, "status")
    status_colours(page, page.area(_GUIDE + 9, 2, 3))
    page.names["IIF_GUIDE"] = page.area(_GUIDE, 1)
    page.widths = {1: 30.0, 2: 44.0, 3: 62.0}
    page.print_area = page.area(1, 1, _GUIDE + 7 + len(shown), 3)
    page.conditions.append(Condition(area=page.area(3, 1), formula='LEFT($A$3,3)<>"All"', tint="wrong"))


def _sure(content: Content) -> str:
    known = standings(content.ruleset)
    text = ", ".join(f"{known[kind]} {kind}" for kind in KINDS if known[kind])
    return f"Of the numbers that score: {text}. See Rules."


def _assumed(content: Content) -> str:
    if not content.assumed.is_assumed:
        return "All numbers of this year are its own; the switch changes nothing."
    return f"Numbers that are not out are those of {content.assumed.assume_from}; totals say so."


def status_colours(page: Page, area: Area) -> None:
    """Colour status words; the word itself says the same."""
    first = area.part().ref
    for word, tint in (("Met", "met"), ("Between", "between"), ("Below", "below")):
        page.conditions.append(Condition(area=area, formula=f'{first}="{word}"', tint=tint))
    page.conditions.append(
        Condition(
            area=area, formula=f'({first}="No data")+({first}="No patients")+({first}="Not scored")>0', tint="silent"
        )
    )

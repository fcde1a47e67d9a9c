"""The sheet Start: whose workbook it is, how sure it is, the four switches, how to begin."""

from collections.abc import Mapping

from iif_reckoner.figures.content import Content
from iif_reckoner.figures.records import Place
from iif_reckoner.figures.shown import alarm_unless_well, banner
from iif_reckoner.layout.letters import height
from iif_reckoner.layout.page import Page, Rule
from iif_reckoner.layout.sheets import BY_KEY, SHEETS, Sheet
from iif_reckoner.rulesets.evidence import KINDS, standings
from iif_reckoner.scheme_year import in_words

_SHEET = BY_KEY["start"]
_SWITCHES = 15
_GUIDE = 21
_WIDTHS = {1: 24.0, 2: 36.0, 3: 44.0}
_HOW = (
    ("practices", "Write the practices and their registered lists, if they are not there yet."),
    ("counts", "Write or paste numerators and denominators; leave blank what is not known."),
    ("reckoner", "See what is won, what is still to win and how many patients more. Print it on A3."),
    ("practice_gaps", "See which practice needs how many patients. Trend shows the year so far."),
    ("plan", "See what to chase first; write minutes and leads. Actions: who does what by when."),
    ("checks", "Look here before you trust a total: each check says what is wrong and where."),
)
_SHEETS = {
    "reckoner": "the page for the wall: every indicator",
    "practices": "who belongs to the PCN; list sizes",
    "counts": "numerators and denominators by month",
    "paste": "rows as an extract gives them",
    "trend": "the year so far, with charts",
    "practice_gaps": "patients each practice still needs",
    "plan": "tiers, minutes per patient, leads",
    "actions": "what was agreed; the agenda",
    "split": "the money between the practices",
    "cash": "when the money arrives",
    "compare": "beside last year and England",
    "rules": "points, thresholds and their sources",
    "checks": "what does not add up, and where",
    "working": "every figure; nothing to type",
    "about": "version, sources, licences",
}
_KEY = (
    ("input_text", "Blue on yellow: yours to fill"),
    ("text", "Black on white: worked out, leave alone"),
    ("key_met", "Met: all points of the indicator"),
    ("key_between", "Between: part of the points"),
    ("key_below", "Below: no points yet"),
    ("key_silent", "No data, No patients, Not scored"),
    ("key_lead", "Practice there before the PCN"),
    ("key_room", "Practice with most room to grow"),
)
_STANDINGS = (
    "How sure a number is, as a letter:",
    "P primary: NHS England or CQRS",
    "S secondary: press, supplier, LMC",
    "C calculated from other numbers",
    "R recalled: look it up before you rely on it",
    "? not known",
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
    page.title("IIF Ready Reckoner", "What the Investment and Impact Fund brings in, and what is still to win.")
    banner(page)
    _draw_facts(page, content, known)
    _draw_switches(page, content)
    page.put(_GUIDE, 1, "How to begin", "section")
    titles = {sheet.key: sheet for sheet in SHEETS}
    for down, (key, text) in enumerate(_HOW, start=1):
        _link(page, _GUIDE + down, f"{down}  {titles[key].title}", titles[key])
        page.put(_GUIDE + down, 2, text)
        page.heights[_GUIDE + down] = 16
    row = _GUIDE + len(_HOW) + 2
    page.put(row, 1, "Sheets", "section")
    page.put(row, 3, "Colours and letters", "section")
    shown = [sheet for sheet in SHEETS if not sheet.hidden and sheet.key != "start"]
    for down, sheet in enumerate(shown, start=1):
        _link(page, row + down, sheet.title, sheet)
        page.put(row + down, 2, _SHEETS[sheet.key])
        page.heights[row + down] = 15.5
    for down, (style, words) in enumerate(_KEY, start=1):
        page.put(row + down, 3, words, style)
    for down, words in enumerate(_STANDINGS, start=len(_KEY) + 2):
        page.put(row + down, 3, words)
    page.names["IIF_GUIDE"] = page.area(_GUIDE, 1)
    page.widths = _WIDTHS
    page.print_area = page.area(1, 1, row + len(shown), 3)
    page.one_page = True


def _link(page: Page, row: int, text: str, sheet: Sheet) -> None:
    page.put(row, 1, text, "link")
    page.links[row, 1] = f"{sheet.quoted}!A1"


def _draw_facts(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write whose workbook it is, what it shows and in what state it is."""
    ruleset = content.ruleset
    month, labels = known["month"].area.absolute, known["month_label"].area.absolute
    lists = in_words(content.lists_on) if content.lists_on else None
    overdue, due = (known[f"agenda_{name}_count"].area.absolute for name in ("overdue", "due"))
    shown = f"INDEX({labels},1,{month})"
    facts = (
        ("PCN code", content.pcn_code, "input_text", ""),
        ("PCN", content.pcn_name, "input_text", ""),
        ("Scheme year", f"{ruleset.year}, ruleset {ruleset.id}", "text", ruleset.summary),
        ("How sure the numbers are", _sure(content), "text", "Which number stands where, and its source: see Rules."),
        (
            "Figures shown are of",
            f'=IF({month}=0,"no figures yet","the end of "&{shown})',
            "text",
            "The newest month with a figure, unless the switch below says otherwise.",
        ),
        ("List sizes of", lists, "input_text", "The day of the registered lists, such as 1 January."),
        (
            "Worked out by",
            f"={known['engine'].area.absolute}",
            "text",
            "Python where it is installed and macros run; else Excel's own formulas, with the same figures.",
        ),
        (
            "Checks",
            f"={known['verdict'].area.absolute}",
            "text",
            "What does not add up, and where to look: see Checks.",
        ),
        (
            "Overdue actions",
            f'=IF({month}=0,"no figures yet",{overdue}&" due by the end of "&{shown}&"; "&{due}&" more in the month after")',
            "text",
            "Open on Actions: those due by the end of the shown month, and in the month after it.",
        ),
    )
    for down, (label, value, style, words) in enumerate(facts):
        row = 5 + down
        page.put(row, 1, label, "text")
        if value and value.startswith("=") and style == "text":
            page.formula(row, 2, value[1:], style)
        else:
            page.put(row, 2, value or None, style)
        page.put(row, 3, words or None, "note")
        page.heights[row] = height(
            (value if style != "text" or not str(value).startswith("=") else None, _WIDTHS[2]),
            (words, _WIDTHS[3]),
            least=17,
        )
    alarm_unless_well(page, page.area(12, 2))


def _draw_switches(page: Page, content: Content) -> None:
    page.put(_SWITCHES, 1, "Switches", "section")
    chosen = content.switches
    switches = (
        ("Month", chosen.month, ("Newest", *content.months), "Newest shows the last month with a figure."),
        (
            "Counting",
            chosen.counting,
            ("Cumulative", "In month"),
            "Extracts add up from the start of the year: Cumulative.",
        ),
        (
            "Engine",
            chosen.engine,
            ("Automatic", "Python", "Formulas"),
            "Automatic asks Python and falls back on formulas.",
        ),
        ("Assumed figures", chosen.assumed, ("Yes", "No"), _assumed(content)),
    )
    for down, (label, value, choices, words) in enumerate(switches, start=1):
        row = _SWITCHES + down
        page.put(row, 1, label, "text")
        page.put(row, 2, value, "input_text")
        page.put(row, 3, words, "note")
        page.heights[row] = height((words, _WIDTHS[3]), least=16)
        page.rules.append(
            Rule(area=page.area(row, 2), kind="list", choices=",".join(choices), message="Choose from the list.")
        )


def _sure(content: Content) -> str:
    known = standings(content.ruleset)
    text = ", ".join(f"{known[kind]} {kind}" for kind in KINDS if known[kind])
    return f"Of the numbers that score: {text}. See Rules."


def _assumed(content: Content) -> str:
    if not content.assumed.is_assumed:
        return "All numbers of this year are its own; the switch changes nothing."
    return f"Numbers that are not out are those of {content.assumed.assume_from}; totals say so."

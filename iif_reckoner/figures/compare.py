"""The sheet Compare: this year beside last year and England; what if; from month to month; beside CQRS."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from iif_reckoner.figures.content import Content
from iif_reckoner.figures.records import Place
from iif_reckoner.figures.shown import banner, rate_style
from iif_reckoner.layout.letters import height
from iif_reckoner.layout.page import Condition, Page, Rule
from iif_reckoner.layout.paper import begin, fitted, tall
from iif_reckoner.layout.sheets import BY_KEY, INDICATORS, PRACTICES
from iif_reckoner.model import Indicator
from iif_reckoner.plan.reconcile import of_denominator, of_numerator

NOT_COMPARABLE = "not comparable"
"""What stands in the place of last year's figure where last year's indicator measured something else."""

TRIED = ("Numerator if", "Denominator if", "Prevalence if")
OFFICIAL = ("CQRS numerator", "CQRS denominator")
EVIDENCE = "Evidence"
LIST_SIZE, POINT_VALUE, LEAVES, JOINS = "List size", "£ a point", "Leaves", "Joins"
FROM, TO = "From", "To"
"""The headings and labels of what is typed here, by which it is found again."""

_SHEET = BY_KEY["compare"]
_WIDTHS = {1: 12.0, 2: 40.0, **dict.fromkeys(range(3, 13), 13.2), 4: 16.0, 13: 30.0, 14: 22.0}
_SPACE = 1
"""Rows between two sections."""


@dataclass(frozen=True, slots=True)
class _Section:
    """Where a section stands: its title, so many lines of words or choices, headings, a row per indicator, a total."""

    title: int
    lines: int
    total: bool = True

    @property
    def head(self) -> int:
        return self.title + 1 + self.lines

    @property
    def first(self) -> int:
        return self.head + 1

    @property
    def after(self) -> int:
        """The row below it."""
        return self.first + INDICATORS + self.total

    def next(self, lines: int, *, total: bool = True) -> "_Section":
        return _Section(self.after + _SPACE, lines, total)


_NOW = _Section(4, 1, total=False)
_IF = _NOW.next(6)
_MORE = _IF.next(1, total=False)
_BRIDGE = _MORE.next(3)
_CQRS = _BRIDGE.next(1)

_LINES = "Indicator", "What counts"
_NOW_HEADS = ("Now", "Last year", "England")
_IF_HEADS = (
    "Numerator", "Denominator", *TRIED, "Points", "Points if", "£ won", "£ if", "£ more",
)  # fmt: skip
_MORE_HEADS = (
    "Numerator",
    "Denominator",
    "£ if not in numerator",
    "£ if in numerator",
    "Finding patients",
)
_BRIDGE_HEADS = (
    "£ then", "Practices missing", "Rules", "List size", "Prevalence", "Denominator", "Patients", "£ now",
)  # fmt: skip
_CQRS_HEADS = (
    "Numerator", "Denominator", *OFFICIAL, "Numerator less", "Denominator less", "Points less", "£ by CQRS",
    "£ less", "£ credited", "The difference may come from", EVIDENCE,
)  # fmt: skip


DEEPEST = _CQRS.head
"""The row of the last headings."""


def places() -> dict[str, Place]:
    """Return where the inputs stand that figures look at."""
    page = Page(_SHEET)
    books = {
        name: Place(page.area(_IF.title + line, 2), "book")
        for line, name in enumerate(("try_list", "try_point_value", "try_leaves", "try_joins"), start=2)
    }
    books |= {
        name: Place(page.area(_BRIDGE.title + line, 2), "book")
        for line, name in enumerate(("bridge_from", "bridge_to"), start=2)
    }
    rows = {
        name: Place(page.area(_IF.first, column, INDICATORS), "indicator")
        for column, name in enumerate(("try_num", "try_den", "try_prevalence"), start=5)
    }
    rows |= {
        name: Place(page.area(_CQRS.first, column, INDICATORS), "indicator")
        for column, name in enumerate(("official_num", "official_den"), start=5)
    }
    return books | rows


def draw(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write the sheet."""
    page.title("Compare", "This year beside last year and England; what if; why the pounds changed; beside CQRS.")
    banner(page)
    page.widths = dict(_WIDTHS)
    sections = (
        ("Now", _NOW, _NOW_HEADS, _draw_now),
        ("What_if", _IF, _IF_HEADS, _draw_if),
        ("One_more", _MORE, _MORE_HEADS, _draw_more),
        ("Bridge", _BRIDGE, _BRIDGE_HEADS, _draw_bridge),
        ("Beside_CQRS", _CQRS, _CQRS_HEADS, _draw_cqrs),
    )
    used = len(content.ruleset.indicators)
    for name, section, headings, write in sections:
        _head(page, section, _columns(headings))
        write(page, content, known)
        page.table(name, page.area(section.head, 1, used + 1, len(_LINES) + len(headings)))
    page.hidden_rows = tuple(unused(used))
    page.title_rows = (1, 1)
    page.freeze = (4, 3)
    page.print_area = page.area(1, 1, _CQRS.after - 1, len(_WIDTHS))
    page.growing = range(_CQRS.first, _CQRS.first + used)
    page.scale = fitted(page, len(_WIDTHS))
    for _, section, _, _ in sections[1:]:
        begin(page, section.title, tall(page, range(section.title, section.after)))


def unused(indicators: int) -> Iterator[int]:
    """Yield the rows for further indicators than so many: each of their formulas gives nothing."""
    for section in (_NOW, _IF, _MORE, _BRIDGE, _CQRS):
        yield from range(section.first + indicators, section.first + INDICATORS)


def _title(page: Page, section: _Section, title: str) -> None:
    page.put(section.title, 1, title, "section")
    page.heights[section.title] = 20


def _head(page: Page, section: _Section, headings: Mapping[int, str]) -> None:
    for column, heading in ((1, _LINES[0]), (2, _LINES[1]), *headings.items()):
        left = column in (2, 13, 14) or heading == _MORE_HEADS[-1]
        page.put(section.head, column, heading, "heading_left" if left else "heading")
    page.heights[section.head] = 32


def _columns(headings: Sequence[str]) -> dict[int, str]:
    """Return headings by their columns, from the third on."""
    return dict(enumerate(headings, start=3))


class _Row:
    """A row of an indicator, or of an unused slot."""

    def __init__(self, page: Page, known: Mapping[str, Place], section: _Section, down: int, content: Content) -> None:
        self.page, self.known, self.down = page, known, down
        indicators = content.ruleset.indicators
        self.indicator = indicators[down] if down < len(indicators) else None
        self.row = section.first + down
        page.formula(self.row, 1, known["code"].area.cell(down), "text" if self.indicator else "slot")
        page.put(self.row, 2, self.indicator.name if self.indicator else None, "text" if self.indicator else "slot")
        self.grow()

    def grow(self, *texts: tuple[str, float]) -> None:
        """Make the row as high as its texts need."""
        if self.indicator:
            self.page.heights[self.row] = height((self.indicator.name, _WIDTHS[2]), *texts, least=16)

    def cell(self, name: str) -> str:
        return self.known[name].area.cell(self.down)

    def figure(self, column: int, name: str, style: str, wrong: str = "see counts") -> None:
        """Repeat a figure; in words where it is an error."""
        self.formula(column, f'IFERROR({self.cell(name)},"{wrong}")', style)

    def formula(self, column: int, formula: str, style: str) -> None:
        self.page.formula(self.row, column, formula, style if self.indicator else _slot(style))

    def typed(self, column: int, value: object, style: str) -> None:
        value = value if isinstance(value, str | int | float) and value != "" else None
        self.page.put(self.row, column, value, style if self.indicator else "slot")


_SLOTS = ("whole", "points", "pounds", "pence", "percent")


def _slot(style: str) -> str:
    return f"slot_{style}" if style in _SLOTS else "slot"


def _rows(page: Page, content: Content, known: Mapping[str, Place], section: _Section) -> list[_Row]:
    return [_Row(page, known, section, down, content) for down in range(INDICATORS)]


def _total(page: Page, known: Mapping[str, Place], section: _Section, figures: Mapping[int, tuple[str, str]]) -> None:
    """Write the row of totals: by column the figure and its style."""
    row = section.first + INDICATORS
    page.put(row, 1, "All", "total")
    for column in range(2, max(figures) + 1):
        page.put(row, column, None, "total")
    for column, (name, style) in figures.items():
        page.formula(row, column, known[name].area.absolute, style)
    page.heights[row] = 18


def _draw_now(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    page.put(_NOW.title, 1, "Now: at the end of the shown month. England: median of all PCNs. Blank: not known.")
    if content.not_comparable:
        page.put(_NOW.title + 1, 1, f"{NOT_COMPARABLE.capitalize()}: last year's indicator measured something else.")
    for own in _rows(page, content, known, _NOW):
        style = rate_style(own.indicator) if own.indicator else "percent"
        own.formula(3, own.cell("achievement"), style)
        for column, name in ((4, "last_year"), (5, "median")):
            other = own.indicator is not None and name == "last_year" and own.indicator.code in content.not_comparable
            cell = own.cell(name)
            own.formula(column, f'IF({cell}="","{NOT_COMPARABLE if other else ""}",{cell})', style)


def _draw_if(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    typed = content.compared
    page.put(_IF.title + 1, 1, "Type into the yellow cells what might be otherwise; a blank cell stays as it is.")
    lines: tuple[tuple[str, object, str, str], ...] = (
        (LIST_SIZE, typed.list_size, "input_whole", "Registered patients of the PCN."),
        (POINT_VALUE, typed.point_value, "input_pence", "The value of a point."),
        (LEAVES, typed.leaves, "input_text", "The code of a practice: its list and all that it has counted go."),
        (JOINS, typed.joins, "input_whole",
         "The list of a practice that comes: it is taken to count what the PCN counts per registered patient."),
    )  # fmt: skip
    for row, (label, value, style, words) in enumerate(lines, start=_IF.title + 2):
        page.put(row, 1, label, "text")
        page.put(row, 2, value if isinstance(value, str | int | float) and value != "" else None, style)
        page.put(row, 3, words, "beside")
        page.heights[row] = 18
    page.formula(_IF.title + 6, 1, known["if_note"].area.absolute, "banner")
    _title(page, _IF, "What if")
    for own in _rows(page, content, known, _IF):
        code = own.indicator.code if own.indicator else ""
        tried = typed.tried.get(code, (None, None, None))
        own.figure(3, "num", "whole")
        own.figure(4, "den", "whole")
        for column, value, style in zip((5, 6, 7), tried, ("input_whole", "input_whole", "input_number"), strict=True):
            own.typed(column, value, style)
        for column, name, style in (
            (8, "points", "points"), (9, "if_points", "points"), (10, "value", "pence"), (11, "if_value", "pence"),
            (12, "if_gain", "pence"),
        ):  # fmt: skip
            own.figure(column, name, style)
    _total(
        page, known, _IF,
        {8: ("total_points", "total_points"), 9: ("if_total_points", "total_points"),
         10: ("total_won", "total_pence"), 11: ("if_total_value", "total_pence"), 12: ("if_total_gain", "total_pence")},
    )  # fmt: skip
    codes = known["practice_code"].area.part(0, 0, PRACTICES)
    page.rules.append(Rule(area=known["try_leaves"].area, kind="list", choices=codes, message="Choose a practice."))
    for name in ("try_list", "try_joins"):
        page.rules.append(
            Rule(area=known[name].area, kind="whole", least="1", most="5000000", message="Write a number of patients.")
        )
    page.rules.append(
        Rule(area=known["try_point_value"].area, kind="decimal", least="0", most="100000", message="Write pounds.")
    )
    _whole_numbers(page, _IF.first)
    page.rules.append(
        Rule(
            area=known["try_prevalence"].area, kind="decimal", least="0.0001", most="1000",
            message="Write the prevalence adjustment, such as 1.05.",
        )
    )  # fmt: skip


def _whole_numbers(page: Page, first: int) -> None:
    """Let the yellow counts of a section, from this row on, hold whole numbers only."""
    page.rules.append(
        Rule(
            area=page.area(first, 5, INDICATORS, 2), kind="whole", least="0", most="100000000",
            message="Write a whole number from 0 up.",
        )
    )  # fmt: skip


def _draw_more(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    page.put(
        _MORE.title + 1, 1,
        "What one patient more in the denominator brings or costs: first while not in the numerator, then in it.",
    )  # fmt: skip
    _title(page, _MORE, "One more patient on the register")
    for own in _rows(page, content, known, _MORE):
        for column, name, style in (
            (3, "num", "whole"),
            (4, "den", "whole"),
            (5, "more_gain", "pence"),
            (6, "done_gain", "pence"),
        ):
            own.figure(column, name, style)
        own.figure(7, "more_words", "plain", "")


def _draw_bridge(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    page.formula(_BRIDGE.title + 1, 1, known["bridge_note"].area.absolute, "banner")
    earlier, later = content.compared.months
    for row, label, month, words in (
        (_BRIDGE.title + 2, FROM, earlier, "Left blank: the month before the later one."),
        (
            _BRIDGE.title + 3,
            TO,
            later,
            "Left blank: the shown month. Parts in the order of the columns; rules and list size are the same in one workbook.",
        ),
    ):
        page.put(row, 1, label, "text")
        page.put(row, 2, month or None, "input_text")
        page.put(row, 3, words, "beside")
        page.heights[row] = 18
        page.rules.append(
            Rule(area=page.area(row, 2), kind="list", choices=",".join(content.months), message="Choose a month.")
        )
    _title(page, _BRIDGE, "Why the pounds changed")
    columns = (
        (3, "bridge_then"), (4, "bridge_practices"), (7, "bridge_by_prevalence"), (8, "bridge_by_denominator"),
        (9, "bridge_by_patients"), (10, "bridge_now"),
    )  # fmt: skip
    for own in _rows(page, content, known, _BRIDGE):
        for column, name in columns:
            own.figure(column, name, "pence")
        for column in (5, 6):
            own.formula(column, _same_rules(own.cell("bridge_practices")), "pence")
    _total(
        page, known, _BRIDGE,
        {column: (name.replace("bridge_", "bridge_total_"), "total_pence") for column, name in columns},
    )  # fmt: skip
    for column in (5, 6):
        total = _same_rules(known["bridge_total_practices"].area.absolute)
        page.formula(_BRIDGE.first + INDICATORS, column, total, "total_pence")


def _same_rules(practices: str) -> str:
    """Return the formula of a part that is nothing within one workbook, blank where there is nothing to take apart."""
    return f'IF(ISNUMBER({practices}),0,"")'


def _draw_cqrs(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    page.put(
        _CQRS.title + 1, 1,
        "Type what CQRS has for the whole PCN at the end of the shown month. Less: CQRS less ours. Credited: decided "
        "otherwise for the year.",
    )  # fmt: skip
    _title(page, _CQRS, "Beside CQRS")
    for own in _rows(page, content, known, _CQRS):
        code = own.indicator.code if own.indicator else ""
        own.figure(3, "num", "whole")
        own.figure(4, "den", "whole")
        for column, value in zip((5, 6), content.compared.official.get(code, (None, None)), strict=True):
            own.typed(column, value, "input_whole")
        for column, name, style in (
            (7, "off_less_num", "whole"), (8, "off_less_den", "whole"), (9, "off_less_points", "points"),
            (10, "off_value", "pence"), (11, "off_less_pounds", "pence"), (12, "awarded", "pence"),
        ):  # fmt: skip
            own.figure(column, name, style)
        denominator, numerator = _reasons(own.indicator)
        one, other = own.cell("off_less_den"), own.cell("off_less_num")
        own.formula(
            13,
            f'IFERROR(IF(ISNUMBER({one}),IF({one}<>0,"{denominator}"&IF({other}<>0,"; ",""),"")'
            f'&IF({other}<>0,"{numerator}",""),""),"")',
            "small_text",
        )
        evidence = content.compared.evidence.get(code, "")
        own.typed(14, evidence, "input_text")
        own.grow((f"{denominator}; {numerator}", _WIDTHS[13] * 1.1), (evidence, _WIDTHS[14]))
    _total(
        page, known, _CQRS,
        {9: ("off_total_points", "total_points"), 11: ("off_total_pounds", "total_pence")},
    )  # fmt: skip
    _whole_numbers(page, _CQRS.first)
    less = page.area(_CQRS.first, 7, INDICATORS, 3)
    first = less.part().ref
    page.conditions.append(Condition(area=less, formula=f"IF(ISNUMBER({first}),{first}<>0,FALSE)", tint="room"))


def _reasons(indicator: Indicator | None) -> tuple[str, str]:
    """Return what another denominator and another numerator may come from."""
    if indicator is None:
        return "", ""
    return "; ".join(of_denominator(indicator)), "; ".join(of_numerator(indicator))

"""What several sheets show in the same way: the line of the checks, colours of a status, rates, a choice of indicator."""

from collections.abc import Mapping

from iif_reckoner.figures.content import Content
from iif_reckoner.figures.records import Place
from iif_reckoner.layout.page import Area, Condition, Page, Rule
from iif_reckoner.layout.sheets import BY_KEY
from iif_reckoner.model import Indicator

VERDICT = Page(BY_KEY["checks"]).area(3, 1)
"""Where Checks says in one line what it found."""

_TINY = 0.05
"""Rates whose upper threshold is below this are shown to two places."""


def banner(page: Page) -> None:
    """Repeat in A3 what the checks say; in red where one needs a look, and the words say the same."""
    page.formula(3, 1, VERDICT.absolute, "banner")
    alarm_unless_well(page, page.area(3, 1))


def alarm_unless_well(page: Page, cell: Area, tint: str = "alarm") -> None:
    """Colour a cell that repeats the line of the checks where one of them needs a look."""
    words = cell.part().absolute.rpartition("!")[2]
    page.conditions.append(Condition(area=cell, formula=f'LEFT({words},3)<>"All"', tint=tint))


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


def rate_style(indicator: Indicator | None) -> str:
    """Return the style of an indicator's achievement and thresholds: per cent, per cent to two places, or a number."""
    if indicator is None:
        return "percent"
    if not indicator.unit.percent:
        return "number"
    return "percent_2" if (indicator.upper_threshold or 1) < _TINY else "percent"


def chooser(page: Page, known: Mapping[str, Place], content: Content, choice: str) -> None:
    """Write the yellow cell in which an indicator is chosen, with the list of their codes."""
    indicators, cell = content.ruleset.indicators, known[choice].area
    page.put(cell.row, cell.column, indicators[0].code if indicators else None, "input_text")
    codes = known["code"].area.part(0, 0, max(len(indicators), 1))
    page.rules.append(Rule(area=cell, kind="list", choices=codes, message="Choose an indicator's code."))

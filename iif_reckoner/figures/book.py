"""All sheets of a workbook, from its content: who stands where, and each sheet drawn in turn."""

from collections.abc import Mapping
from functools import cache

from iif_reckoner.figures import (
    about,
    actions,
    cash,
    checks,
    compare,
    counts,
    paste,
    plan,
    practice_gaps,
    practices,
    reckoner,
    rules,
    split,
    start,
    trend,
    working,
)
from iif_reckoner.figures.content import Content
from iif_reckoner.figures.records import Place
from iif_reckoner.layout.page import Page
from iif_reckoner.layout.sheets import BY_KEY, SHEETS


@cache
def places() -> Mapping[str, Place]:
    """Return where every figure and input of the workbook stands: the same in every workbook."""
    inputs = {
        **start.places(),
        **practices.places(),
        **counts.places(),
        **paste.places(),
        **rules.places(),
        **checks.places(),
        **reckoner.places(),
        **plan.places(),
        **actions.places(),
        **trend.places(),
        **practice_gaps.places(),
        **split.places(),
        **cash.places(),
        **compare.places(),
    }
    inputs["use_assumed"] = inputs["rule_use_assumed"]
    return working.places(inputs)


def pages(content: Content, python: str | None) -> list[Page]:
    """Return every page of the workbook, in the order of its sheets.

    `python` is the formula that is TRUE where Python answers; None makes a workbook without function calls.
    """
    known = places()
    made = {sheet.key: Page(sheet) for sheet in SHEETS}
    for page in made.values():
        page.names[page.sheet.name] = page.area(1, 1)
    start.draw(made["start"], content, known)
    reckoner.draw(made["reckoner"], content, known)
    practices.draw(made["practices"], content)
    counts.draw(made["counts"], content, known)
    rules.draw(made["rules"], content, known["switch_assumed"].area.absolute)
    checks.draw(made["checks"], known)
    made["working"] = drawn_working(python)
    trend.draw(made["trend"], content, known)
    practice_gaps.draw(made["practice_gaps"], content, known)
    plan.draw(made["plan"], content, known)
    actions.draw(made["actions"], content, known)
    split.draw(made["split"], content, known)
    cash.draw(made["cash"], content, known)
    compare.draw(made["compare"], content, known)
    paste.draw(made["paste"], content, known)
    about.draw(made["about"], content)
    about.draw_config(made["config"])
    return list(made.values())


@cache
def drawn_working(python: str | None) -> Page:
    """Return Working, with its fifty thousand formulas the same in every workbook: it is drawn once and never changed."""
    page = Page(BY_KEY["working"])
    page.names[page.sheet.name] = page.area(1, 1)
    working.draw(page, places(), python=python)
    return page

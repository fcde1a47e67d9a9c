"""A workbook from its content: pages, values, macros, in one go and the same bytes every time."""

from iif_reckoner import vba
from iif_reckoner.build import draw, evaluate
from iif_reckoner.figures.book import pages
from iif_reckoner.figures.content import Content
from iif_reckoner.package import Package, add_macros, add_ribbon, set_cached, tidy


def make(content: Content) -> bytes:
    """Return a workbook: `.xlsm` with our functions where `content.macros`, else `.xlsx` with formulas alone.

    Every formula cell carries its value, so that previews, Protected View and other programs show the figures.
    """
    drawn = pages(content, None)
    title = f"IIF Ready Reckoner {content.ruleset.year}" + (f", {content.pcn_name}" if content.pcn_name else "")
    built = draw.draw(drawn, title=title)
    found = evaluate.values(built, drawn)
    if content.macros:
        # The same figures in the same cells, spelled with our functions as well.
        drawn = pages(content, vba.PYTHON_ANSWERS)
        built = draw.draw(drawn, title=title)
    package = set_cached(Package.from_bytes(built, "the built workbook"), found)
    descriptions = {page.sheet.title: [chart.text for chart in page.charts] for page in drawn if page.charts}
    if content.macros:
        package = add_ribbon(add_macros(package, vba.project()), vba.ribbon())
    return tidy(package, recalculate_on_open=not content.macros, descriptions=descriptions)

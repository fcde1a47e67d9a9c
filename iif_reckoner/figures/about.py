"""The sheet About, with version, sources and licences, and the hidden sheet of xlwings' configuration."""

from collections.abc import Sequence

from iif_reckoner import __version__
from iif_reckoner.figures.content import Content
from iif_reckoner.figures.shown import banner
from iif_reckoner.layout.letters import height
from iif_reckoner.layout.page import Page
from iif_reckoner.vba import BENCH_NAME
from iif_reckoner.vba.config import config_rows
from iif_reckoner.vba.stock import notice

_WIDTH = 96.0
_SIZES = {"note": 10.0, "small": 8.0, "key_free": 10.0}
_SPEED = (
    ("section", "Speed"),
    ("note", "Alt+F8, IIF_BENCH, Run: times 1, 100 and 10,000 calls of Python in this Excel and writes it here."),
    ("key_free", "not measured yet"),
)
_FUNCTIONS = (
    ("IIF_POINTS", "points earned from numerator and denominator"),
    ("IIF_VALUE", "pounds earned; without a list size those of an average PCN"),
    ("IIF_GAP", "patients still needed to the upper or lower threshold"),
    ("IIF_ACHIEVEMENT", "numerator over denominator"),
    ("IIF_STATUS", "Met, Between, Below, No patients, No data or Not scored"),
    ("IIF_EXPLAIN", "one sentence with every step of the sum"),
    ("IIF_ENGINE", "whether Python answers"),
)


def draw(page: Page, content: Content) -> None:
    """Write the sheet."""
    ruleset = content.ruleset
    page.title("About", f"IIF Ready Reckoner {__version__}, ruleset {ruleset.id}, MIT licence.")
    lines = [
        ("section", "What it is"),
        ("note", "A free reckoner by volunteers; NHS England, the NHS and CQRS have nothing to do with it."),
        ("note", "Definitions are in our own words and do not replace the guidance. CQRS decides what is paid."),
        ("section", "The functions, where Python is installed"),
        *(("note", f"{name}: {words}") for name, words in _FUNCTIONS),
        ("section", "About the ruleset"),
        ("note", ruleset.note),
        ("section", "Sources of the ruleset"),
        *(
            ("small", f"{source.standing}: {source.title}" + (f" ({source.url})" if source.url else ""))
            for source in ruleset.sources.values()
        ),
    ]
    banner(page)
    row = _written(page, 5, lines)
    if content.macros:
        row = _written(page, row, _SPEED)
        page.names[BENCH_NAME] = page.area(row - 1, 1)
        licences = (("small", " ".join(text.split())) for text in notice().split("\n\n"))
        row = _written(page, row, [("section", "Licences of what the macros contain"), *licences])
    page.widths = {1: _WIDTH}
    page.print_area = page.area(1, 1, row - 1, 1)


def _written(page: Page, row: int, lines: Sequence[tuple[str, str]]) -> int:
    """Write lines from a row on, each in its style; return the row below them."""
    for style, text in lines:
        if text.strip():
            page.put(row, 1, text.strip(), style)
            page.heights[row] = (
                20 if style == "section" else height((text.strip(), _WIDTH), size=_SIZES[style], least=13)
            )
            row += 1
    return row


def draw_config(page: Page) -> None:
    """Write xlwings' configuration, from A1 down as text."""
    for row, (key, value) in enumerate(config_rows(), start=1):
        page.put(row, 1, key, "plain")
        page.put(row, 2, value or None, "plain")
    page.protected = False

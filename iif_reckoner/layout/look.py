"""The look, as data: the NHS palette (no logo), Arial, named styles and number formats."""

from dataclasses import dataclass, replace
from typing import Literal

DARK_BLUE = "003087"
BLUE = "005EB8"
LIGHT_BLUE = "41B6E6"
BLACK = "231F20"
DARK_GREY = "425563"
MID_GREY = "768692"
PALE_GREY = "E8EDEE"
WHITE = "FFFFFF"
DARK_GREEN = "006747"
RED = "DA291C"
AMBER = "ED8B00"
WARM_YELLOW = "FFB81C"
INPUT_YELLOW = "FFF9D6"
PALE_BLUE = "E3EEF9"
PALE_AMBER = "FFE3B3"
FONT = "Arial"

CHART_COLOURS = (BLUE, LIGHT_BLUE, "4C6272", WARM_YELLOW, "AE2573", "00A499")

OFF = "_-"
"""At the end of a number format: the width of a hyphen stays free, so that figures keep off the lines.

An indent would do, but LibreOffice forgets it where two cells beside each other differ in nothing but their format.
"""

WHOLE = f"#,##0{OFF}"
HOURS = f"#,##0.0{OFF}"
DAY = f"dd mmm yyyy{OFF}"
PERCENT = f"0.0%{OFF}"
PERCENT_2 = f"0.00%{OFF}"
POUNDS = f"£#,##0{OFF}"
PENCE = f"£#,##0.00{OFF}"
CHANGE = f"+£#,##0.00{OFF};-£#,##0.00{OFF};£0.00{OFF}"
POINTS = f"#,##0.00{OFF}"
FACTOR = f"0.0000{OFF}"
RATE = f"0.0###{OFF}"
TEXT = "@"

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Style:
    """A named style of the workbook."""

    name: str
    size: float = 10
    bold: bool = False
    colour: str = BLACK
    fill: str | None = None
    format: str = "General"
    align: Align = "left"
    wrap: bool = False
    border: bool = False
    unlocked: bool = False
    indent: int = 0
    turned: bool = False

    @property
    def inset(self) -> int:
        """Steps of indent: text that has lines around it keeps off them, as figures do by their format."""
        return max(self.indent, int(self.border and self.align != "center" and not self.format.endswith(OFF)))


def _inputs(**formats: str) -> tuple[Style, ...]:
    return tuple(
        Style(
            name=f"IIF input {kind}",
            colour=BLUE,
            fill=INPUT_YELLOW,
            border=True,
            unlocked=True,
            format=number_format,
            align="left" if kind == "text" else "right",
            wrap=kind == "text",
        )
        for kind, number_format in formats.items()
    )


STYLES = {
    style.name.removeprefix("IIF ").replace(" ", "_"): style
    for style in (
        Style(name="IIF title", size=18, bold=True, colour=DARK_BLUE),
        Style(name="IIF subtitle", size=11, colour=DARK_GREY),
        Style(name="IIF section", size=12, bold=True, colour=DARK_BLUE),
        Style(name="IIF heading", bold=True, colour=WHITE, fill=DARK_BLUE, align="center", wrap=True, border=True),
        Style(
            name="IIF small heading",
            size=8,
            bold=True,
            colour=WHITE,
            fill=DARK_BLUE,
            align="center",
            wrap=True,
            border=True,
        ),
        Style(
            name="IIF heading turned", bold=True, colour=WHITE, fill=DARK_BLUE, align="center", border=True, turned=True
        ),
        Style(name="IIF heading left", bold=True, colour=WHITE, fill=DARK_BLUE, wrap=True, border=True),
        Style(name="IIF text", wrap=True, border=True),
        Style(name="IIF plain"),
        Style(name="IIF beside", indent=1),
        Style(name="IIF note", colour=DARK_GREY, wrap=True, indent=1),
        Style(name="IIF legend", size=9, colour=DARK_GREY),
        Style(name="IIF whole", format=WHOLE, align="right", border=True),
        Style(name="IIF hours", format=HOURS, align="right", border=True),
        Style(name="IIF day", format=DAY, align="right", border=True),
        Style(name="IIF percent", format=PERCENT, align="right", border=True),
        Style(name="IIF percent 2", format=PERCENT_2, align="right", border=True),
        Style(name="IIF number", format=RATE, align="right", border=True),
        Style(name="IIF points", format=POINTS, align="right", border=True),
        Style(name="IIF pounds", format=POUNDS, align="right", border=True),
        Style(name="IIF pence", format=PENCE, align="right", border=True),
        Style(name="IIF change", format=CHANGE, align="right", border=True),
        Style(name="IIF factor", format=FACTOR, align="right", border=True),
        Style(name="IIF centre", align="center", wrap=True, border=True),
        Style(name="IIF status", align="center", bold=True, border=True),
        Style(name="IIF shade", size=8, format=";;;", align="center", border=True),
        Style(name="IIF total", bold=True, fill=PALE_BLUE, border=True),
        Style(name="IIF total whole", bold=True, fill=PALE_BLUE, border=True, format=WHOLE, align="right"),
        Style(name="IIF key", size=9, border=True, format=TEXT, wrap=True),
        Style(name="IIF key free", border=True, format=TEXT, unlocked=True),
        Style(name="IIF unused", border=True, fill=PALE_GREY),
        Style(name="IIF total centre", bold=True, fill=PALE_BLUE, border=True, align="center"),
        Style(name="IIF total points", bold=True, fill=PALE_BLUE, border=True, format=POINTS, align="right"),
        Style(name="IIF total pounds", bold=True, fill=PALE_BLUE, border=True, format=POUNDS, align="right"),
        Style(name="IIF check", bold=True, align="center", border=True),
        Style(name="IIF banner", bold=True, colour=DARK_GREY),
        Style(name="IIF link", colour=BLUE),
        Style(name="IIF working", size=9, colour=DARK_GREY),
        Style(name="IIF words", size=8, bold=True, colour=WHITE, fill=BLUE, align="center", wrap=True, border=True),
        Style(
            name="IIF field",
            size=8,
            bold=True,
            colour=DARK_BLUE,
            fill=PALE_BLUE,
            align="center",
            wrap=True,
            border=True,
        ),
        Style(name="IIF general", align="right", border=True),
        Style(name="IIF small", size=8, colour=DARK_GREY, wrap=True),
        Style(name="IIF small text", size=9, wrap=True, border=True),
        Style(name="IIF total percent", bold=True, fill=PALE_BLUE, border=True, format=PERCENT, align="right"),
        Style(name="IIF total percent 2", bold=True, fill=PALE_BLUE, border=True, format=PERCENT_2, align="right"),
        Style(name="IIF total number", bold=True, fill=PALE_BLUE, border=True, format=RATE, align="right"),
        Style(name="IIF total pence", bold=True, fill=PALE_BLUE, border=True, format=PENCE, align="right"),
        Style(name="IIF key met", bold=True, colour=WHITE, fill=DARK_GREEN, border=True),
        Style(name="IIF key between", bold=True, fill=AMBER, border=True),
        Style(name="IIF key below", bold=True, colour=WHITE, fill=RED, border=True),
        Style(name="IIF key silent", colour=DARK_GREY, fill=PALE_GREY, border=True),
        Style(name="IIF key lead", bold=True, fill=LIGHT_BLUE, border=True),
        Style(name="IIF key room", bold=True, fill=PALE_AMBER, border=True),
        Style(name="IIF behind", size=9, colour=DARK_GREY, format=RATE, align="right"),
        Style(name="IIF slot"),
        Style(name="IIF slot whole", format=WHOLE, align="right"),
        Style(name="IIF slot hours", format=HOURS, align="right"),
        Style(name="IIF slot points", format=POINTS, align="right"),
        Style(name="IIF slot pounds", format=POUNDS, align="right"),
        Style(name="IIF slot pence", format=PENCE, align="right"),
        Style(name="IIF slot change", format=CHANGE, align="right"),
        Style(name="IIF slot percent", format=PERCENT, align="right"),
        Style(name="IIF slot centre", align="center"),
        Style(name="IIF slot status", bold=True, align="center"),
        *_inputs(text=TEXT, whole=WHOLE, number="General", percent=PERCENT, date=DAY, pence=PENCE),
    )
}
"""By the name that figures use: `heading`, `input_whole`."""


def _wall_size(size: float) -> float:
    """Return the size that is still 8 points or more once the page has been shrunk to about two thirds."""
    return max(13.0, size + 2)


STYLES |= {
    f"wall_{key}": replace(style, name=style.name.replace("IIF ", "IIF wall "), size=_wall_size(style.size))
    for key, style in STYLES.items()
    if key
    in (
        "text",
        "whole",
        "heading_turned",
        "section",
        "percent",
        "percent_2",
        "number",
        "points",
        "pounds",
        "centre",
        "status",
        "heading",
    )
    or key in ("heading_left", "total", "total_points", "total_pounds", "legend", "subtitle", "banner")
}
"""The same for the wall: what is read from a step away, after the page was shrunk to its paper."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tint:
    """How a cell looks while a condition holds; colour is never the only sign."""

    fill: str | None = None
    colour: str | None = None
    bold: bool = False


TINTS = {
    "met": Tint(fill=DARK_GREEN, colour=WHITE, bold=True),
    "between": Tint(fill=AMBER, colour=BLACK, bold=True),
    "below": Tint(fill=RED, colour=WHITE, bold=True),
    "silent": Tint(fill=PALE_GREY, colour=DARK_GREY),
    "lead": Tint(fill=LIGHT_BLUE, colour=BLACK, bold=True),
    "room": Tint(fill=PALE_AMBER, colour=BLACK, bold=True),
    "alarm": Tint(colour=RED, bold=True),
    "wrong": Tint(fill=RED, colour=WHITE, bold=True),
    "right": Tint(fill=DARK_GREEN, colour=WHITE, bold=True),
    "shade_0": Tint(fill="FFFFFF"),
    "shade_1": Tint(fill="D6E4F2"),
    "shade_2": Tint(fill="8FB8DE"),
    "shade_3": Tint(fill="3F7FBF"),
    "shade_4": Tint(fill=DARK_BLUE),
}

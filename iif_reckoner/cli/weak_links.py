"""`weak-links`: which practices hold the PCN below its thresholds, and what it would earn with them at its average."""

from fractions import Fraction
from typing import Annotated

import pandas as pd
import typer

from iif_reckoner.cli import output
from iif_reckoner.cli.fill import BookArgument
from iif_reckoner.cli.inputs import working
from iif_reckoner.cli.output import Format
from iif_reckoner.cli.rules import FormatOption, find
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.position import position
from iif_reckoner.model import Indicator
from iif_reckoner.plan.position import Position
from iif_reckoner.plan.weak_links import BY_CHANGE, Link, Links
from iif_reckoner.plan.weak_links import weak_links as links_of

COLUMNS = ["indicator", "practice_code", "practice_name", "achievement", "pcn_achievement"]
COLUMNS += [
    "patients_to_average",
    "patients_to_upper",
    "points",
    "points_at_average",
    "value_gbp",
    "value_at_average_gbp",
]
IndicatorOption = Annotated[str | None, typer.Option(help="Only this indicator, such as CVD-01.")]


def weak_links(book: BookArgument, indicator: IndicatorOption = None, how: FormatOption = Format.table) -> None:
    """Show which practices hold the PCN below its thresholds: those short of the PCN's own achievement.

    For each: the patients to the PCN's average and to the upper threshold. For each indicator: what the PCN would earn
    if only they reached the average as it is now. Where practices do a thing or not, it is those that have not done it.

    Example: iif-reckoner weak-links west-merton.xlsm --indicator CVD-01
    """
    with working(f"Reading {book.name}"):
        opened = Workbook.open(book)
        found = position(opened)
    wanted = None if indicator is None else find(found.rules, indicator)
    missed = [links for links in links_of(found) if wanted in (None, links.indicator)]
    for links in missed:
        if links.held:
            output.note(_why_none(links))
    if not missed:
        output.note(_nothing(found, wanted))
    if how is not Format.table:
        output.data(
            pd.DataFrame([_record(links, link) for links in missed for link in links.below], columns=COLUMNS), how
        )
        return
    compared = [links for links in missed if not links.held]
    if any(links.below for links in compared):
        _show(opened, compared)
    for links in compared:
        output.line(_in_words(links))


def _why_none(links: Links) -> str:
    why = "paid for a change on a baseline" if links.held == BY_CHANGE else "counted for the whole PCN only"
    return f"{links.indicator.code}: {why}, so there is no average to hold practices against"


def _nothing(found: Position, wanted: Indicator | None) -> str:
    if wanted is None:
        return "no indicator that has been counted is missed" if found.month else "nothing has been counted yet"
    return f"{wanted.code}: {found.reckoned[wanted.code].status}, so no practice holds the PCN below"


def _record(links: Links, link: Link) -> dict[str, object]:
    at_average = links.at_average
    return {
        "indicator": links.indicator.code,
        "practice_code": link.member.code,
        "practice_name": link.member.name,
        "achievement": link.achievement,
        "pcn_achievement": links.now.achievement,
        "patients_to_average": link.to_average,
        "patients_to_upper": link.to_upper,
        "points": links.now.points,
        "points_at_average": at_average and at_average.points,
        "value_gbp": links.now.value_gbp,
        "value_at_average_gbp": at_average and at_average.value_gbp,
    }


def _show(book: Workbook, missed: list[Links]) -> None:
    heads = [("indicator", "left"), ("practice", "left"), ("name", "left"), ("achievement", "right"), ("PCN", "right")]
    heads += [("patients to the average", "right"), ("to the upper threshold", "right")]
    rows = []
    for links in missed:
        for link in links.below:
            achieved = [_rate(links.indicator, each) for each in (link.achievement, links.now.achievement)]
            needed = [output.whole(each) for each in (link.to_average, link.to_upper)]
            rows.append([links.indicator.code, link.member.code, link.member.name, *achieved, *needed])
    output.table(f"{title_of(book)}: practices with most room to grow", heads, rows)


def title_of(book: Workbook) -> str:
    """Return the PCN of a workbook, or the file where it names none."""
    return " ".join(str(book.fact(label) or "") for label in ("PCN code", "PCN")).strip() or book.name


def _rate(indicator: Indicator, achievement: Fraction | None) -> str:
    if achievement is None or not indicator.unit.percent:
        return output.decimal(achievement, 4)
    return f"{float(achievement):.1%}"


def _in_words(links: Links) -> str:
    below, there, at_average = len(links.below), len(links.there), links.at_average
    if links.indicator.scoring == "binary":
        what = f"{below} {'practice has' if below == 1 else 'practices have'} not done it yet, {there} have"
        if_done = "once they have"
    else:
        what = f"{below} {'practice' if below == 1 else 'practices'} short of the PCN's average"
        what += (
            f", {there} at the upper threshold already: what works there may help"
            if there
            else ", none at the upper yet"
        )
        if_done = "with those at the average"
    earned = (at_average and at_average.points, links.now.points)
    points = f"{output.decimal(earned[0])} points instead of {output.decimal(earned[1])}"
    return f"{links.indicator.code}: {what}; {if_done} {points}" + (
        "" if links.gain is None else f", {output.pounds(links.gain)} more"
    )

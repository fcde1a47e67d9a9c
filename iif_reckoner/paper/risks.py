"""Risks that the board should know of, worked out from what the sheets show; those that weigh most stand first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from iif_reckoner.paper import frame
from iif_reckoner.paper.shown import Shown
from iif_reckoner.paper.written import hours, listed, pounds, several

_RECALLED = "R"


@dataclass(frozen=True, kw_only=True, slots=True)
class Risk:
    """A risk in a sentence, what helps against it, and a few words for a list."""

    what: str
    helps: str
    short: str


def risks(found: Shown, indicators: int) -> Iterator[Risk]:
    """Yield the risks of a workbook with so many indicators."""
    if not found.count("month"):
        yield Risk(
            what="There are no figures yet, so nothing can be said of the year.",
            helps="Agree who brings the first month's figures, and by when.",
            short="no figures yet",
        )
    for each in _RISKS:
        risk = each(found, indicators)
        if risk is not None:
            yield risk


def codes(found: Shown, places: list[int]) -> str:
    """Return the codes of the indicators at these places, most pounds to win first."""
    most_first = sorted(places, key=lambda down: -(found.number("to_win", down) or 0))
    return listed([found.text("code", down) for down in most_first])


def to_win(found: Shown, places: list[int]) -> str:
    """Return the pounds still to win of the indicators at these places."""
    return pounds(sum(found.number("to_win", down) or 0 for down in places))


def forecast_in_pounds(found: Shown) -> list[int]:
    """Return the places of the indicators of which it can be told how many pounds they bring by the end of the year."""
    return [down for down, value in enumerate(found.column("end_value_likely")) if isinstance(value, int | float)]


def _ranked(found: Shown, name: str) -> list[int]:
    """Return the places of those that are on a list of the agenda."""
    return [down for down, rank in enumerate(found.column(name)) if isinstance(rank, int | float)]


def _checks(found: Shown, _: int) -> Risk | None:
    if frame.all_well(found):
        return None
    words = found.text("verdict")
    return Risk(
        what=f"{words}: totals may change once they are put right.",
        helps="Go through the sheet Checks before these figures are used.",
        short=words,
    )


def _below(found: Shown, _: int) -> Risk | None:
    below = _ranked(found, "agenda_below")
    if not below:
        return None
    are = several(len(below), "indicator earns", "indicators earn")
    return Risk(
        what=f"{are} nothing yet; {to_win(found, below)} at stake: {codes(found, below)}.",
        helps="Nothing is paid up to the lower threshold: choose which of them are worth the hours.",
        short=f"{are} nothing yet",
    )


def _short_of_all(found: Shown, _: int) -> Risk | None:
    likely = found.number("end_total_value_likely")
    told = forecast_in_pounds(found)
    possible = sum(found.number("available", down) or 0 for down in told)
    if likely is None or not told or possible - likely < 1:
        return None
    return Risk(
        what=f"As things go, the year is likely to end {pounds(possible - likely)} short of the {pounds(possible)} "
        "that indicators with a forecast can bring.",
        helps="Put the hours that are left where a patient or an hour brings most: the top tier.",
        short="the forecast is short of all that can be won",
    )


def _silent(found: Shown, _: int) -> Risk | None:
    silent, practices = found.count("agenda_silent_count"), sum(1 for code in found.column("practice") if code)
    if not silent or not found.count("month"):
        return None
    are = several(silent, "practice has", "practices have")
    return Risk(
        what=f"{are} no figures yet, of {practices}: the PCN's achievement will move when they come.",
        helps="Ask whether the extract is switched on, and offer help with coding.",
        short=f"{are} no figures yet",
    )


def _overdue(found: Shown, _: int) -> Risk | None:
    overdue = found.count("agenda_overdue_count")
    if not overdue:
        return None
    are = several(overdue, "action is", "actions are")
    return Risk(
        what=f"{are} past the day that was agreed.",
        helps="Ask what stands in the way; agree a new day, another owner, or drop it.",
        short=f"{are} overdue",
    )


def _hours(found: Shown, _: int) -> Risk | None:
    wanted, left = found.number("agenda_hours_of_top"), found.number("plan_hours_left")
    if wanted is None or left is None or wanted <= left:
        return None
    return Risk(
        what=f"The top tier needs {hours(wanted)} hours of staff time; {hours(left)} are left.",
        helps="Find hours, or take indicators out of the top tier.",
        short="the top tier needs more hours than are left",
    )


def _fallen(found: Shown, _: int) -> Risk | None:
    fallen = _ranked(found, "agenda_fallen")
    if not fallen:
        return None
    are = several(len(fallen), "indicator earns", "indicators earn")
    return Risk(
        what=f"{are} fewer points than the month before: {codes(found, fallen)}.",
        helps="Look for new patients on the register, coding that changed, or an extract that is not whole.",
        short=f"{are} fewer points than the month before",
    )


def _assumed(found: Shown, _: int) -> Risk | None:
    note = found.text("assumed_note")
    if not note:
        return None
    return Risk(
        what=f"The pounds are {note}: this year's own are not all published.",
        helps="Take them as a guide until the year's own figures are out.",
        short=note,
    )


def _list(found: Shown, _: int) -> Risk | None:
    note = found.text("list_note")
    if not note:
        return None
    return Risk(
        what="The list size is not applied: the pounds are those of a PCN of average size.",
        helps="Fill in every practice's registered list; where the year's average is not known, type it on Rules.",
        short=note,
    )


def _recalled(found: Shown, indicators: int) -> Risk | None:
    recalled = sum(1 for standing in found.column("rule_standing") if standing == _RECALLED)
    if not recalled:
        return None
    rest = several(recalled, "indicator rests", "indicators rest")
    return Risk(
        what=f"{rest}, of {indicators}, on numbers of the scheme that are recalled, with no page to show for them.",
        helps="Look them up in the year's guidance before money is planned on them (sheet Rules).",
        short=f"{rest} on recalled numbers",
    )


def _not_scored(found: Shown, indicators: int) -> Risk | None:
    missing = indicators - found.count("scored_rows")
    if not missing:
        return None
    are = several(missing, "indicator cannot be scored", "indicators cannot be scored")
    return Risk(
        what=f"{are}, as points or thresholds are not known: what they bring is in no total.",
        helps="Type them on Rules once they are known.",
        short=are,
    )


_RISKS: tuple[Callable[[Shown, int], Risk | None], ...] = (
    *(_checks, _below, _silent, _short_of_all, _overdue, _hours, _fallen, _assumed, _list, _recalled, _not_scored),
)

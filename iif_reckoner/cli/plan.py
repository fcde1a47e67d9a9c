"""`plan`: what to chase first, and the best use of limited hours."""

from dataclasses import replace
from typing import Annotated, Any

import pandas as pd
import typer

from iif_reckoner.cli import output
from iif_reckoner.cli.fill import BookArgument
from iif_reckoner.cli.output import Format
from iif_reckoner.cli.rules import FormatOption, find
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.planned import minutes_in, plan_of
from iif_reckoner.desk.position import position
from iif_reckoner.errors import InputError, shown
from iif_reckoner.exact import fraction
from iif_reckoner.plan.optimum import Optimum, best
from iif_reckoner.plan.position import Position
from iif_reckoner.plan.priorities import TIERS, Plan, Priority

IndicatorOption = Annotated[str | None, typer.Option("--indicator", help="Only this indicator.")]


def plan(
    book: BookArgument,
    indicator: IndicatorOption = None,
    hours: Annotated[
        str | None, typer.Option(help="Find the plan that wins most within so many hours, for certain.")
    ] = None,
    how: FormatOption = Format.table,
) -> None:
    """Show what to chase first, as the sheet Plan has it: tier and reason, patients, hours and pounds per indicator.

    With --hours: which patients to see so that the PCN wins most within them. That needs minutes per patient on the
    sheet Plan, and scipy, which comes with the extra named plan. Hours by practice are in csv and json.

    Example: iif-reckoner plan west-merton.xlsm --hours 120
    """
    opened = Workbook.open(book)
    at = position(opened)
    if hours is not None:
        _show_best(opened, at, hours, indicator, how)
        return
    found = plan_of(opened, at)
    rows = (
        found.rows
        if indicator is None
        else tuple(row for row in found.rows if row.indicator == find(at.rules, indicator))
    )
    if how is Format.table:
        _show(book.name, found, sorted(rows, key=_order))
    else:
        output.data(pd.DataFrame([_record(row) for row in rows], columns=list(_COLUMNS), dtype=object), how)


_COLUMNS = (
    "indicator", "tier", "suggested", "reason", "decided_by", "decided_on", "status", "to_win_gbp", "patients",
    "to_lower", "per_patient_gbp", "minutes", "hours", "per_hour_gbp", "hours_so_far", "within",
)  # fmt: skip


def _record(row: Priority) -> dict[str, Any]:
    own = row.decision
    return {
        "indicator": row.indicator.code,
        "tier": row.tier,
        "suggested": row.suggested,
        "reason": row.reason,
        "decided_by": own.by if own else "",
        "decided_on": own.on if own else "",
        "status": row.status,
        "to_win_gbp": row.to_win,
        "patients": row.patients,
        "to_lower": row.to_lower,
        "per_patient_gbp": row.per_patient,
        "minutes": row.minutes,
        "hours": row.hours,
        "per_hour_gbp": row.per_hour,
        "hours_so_far": row.so_far,
        "within": row.within,
    }


def _order(row: Priority) -> tuple[int, float]:
    """Return where an indicator stands in the list: by tier, then by what it is worth."""
    tier = TIERS.index(row.tier) if row.tier in TIERS else len(TIERS)
    return tier, -float(row.worth or 0)


def _show(name: str, found: Plan, rows: list[Priority]) -> None:
    columns = [
        ("indicator", "left"), ("tier", "left"), ("why", "left"), ("patients", "right"), ("hours", "right"),
        ("£ to win", "right"), ("£ per patient", "right"), ("£ per hour", "right"), ("within", "left"),
    ]  # fmt: skip
    lines = [
        [row.indicator.code, _tier(row), row.reason, output.whole(row.patients), output.decimal(row.hours, 1),
         output.pounds(row.to_win), output.pounds(row.per_patient),
         output.pounds(row.per_hour), row.within]
        for row in rows
    ]  # fmt: skip
    output.table(f"{name}: do this first", columns, lines)
    output.line(found.note)


def _tier(row: Priority) -> str:
    """Return the tier, and who decided it where it is not the suggested one."""
    if row.decision is None:
        return row.tier
    who = " ".join(filter(None, (row.decision.by, row.decision.on)))
    return f"{row.tier} (decided{': ' if who else ''}{who})"


def _show_best(opened: Workbook, at: Position, hours: str, indicator: str | None, how: Format) -> None:
    try:
        left = fraction(hours)
        float(left)
    except (ValueError, OverflowError):
        raise InputError(f"--hours: {shown(hours)} is no number of hours; write such as 120 or 7.5") from None
    if indicator is not None:
        at = replace(at, rules=replace(at.rules, indicators=(find(at.rules, indicator),)))
    minutes = minutes_in(opened)
    try:
        found = best(at, minutes, left)
    except InputError as error:
        raise InputError(f"{opened.name}: {error}") from None
    if found.without:
        output.note(f"left out, as they have no minutes per patient: {', '.join(found.without)}")
    if how is Format.table:
        _show_steps(opened.name, found)
        return
    records = [
        {"indicator": step.indicator.code, "practice_code": who, "patients": patients,
         "hours": float(patients * step.hours / step.patients), "indicator_wins_gbp": float(step.wins)}
        for step in found.steps
        for who, patients in step.shares.items()
        if patients
    ]  # fmt: skip
    columns = ["indicator", "practice_code", "patients", "hours", "indicator_wins_gbp"]
    output.data(pd.DataFrame(records, columns=columns, dtype=object), how)


def _show_steps(name: str, found: Optimum) -> None:
    if not found.steps:
        output.line(f"{name}: nothing can be won in {float(found.hours):,g} hours")
        return
    columns = [("indicator", "left"), ("patients", "right"), ("hours", "right"), ("wins", "right"), ("status", "left")]
    lines = [
        [step.indicator.code, output.whole(step.patients), output.decimal(float(step.hours), 1),
         output.pounds(float(step.wins)), f"{step.before.status} to {step.after.status}"]
        for step in sorted(found.steps, key=lambda step: -step.wins)
    ]  # fmt: skip
    output.line(f"{name}: the plan that wins most in {float(found.hours):,g} hours")
    output.table("", columns, lines)
    number = len(found.steps)
    output.line(
        f"{number} indicator{'s' * (number != 1)}, {float(found.needs):,.1f} of {float(found.hours):,g} hours, "
        f"£{found.wins:,.2f} more"
    )

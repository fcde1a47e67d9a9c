"""What to chase first: pounds still to win beside the patients and the hours they take, and a tier for each indicator.

Indicators that can still win are put in order by the pounds that an hour brings, or, as long as the minutes of one of
them are missing, by the pounds that a patient brings. Who is early in that order is in the top tier, until half of all
pounds to win are spoken for; then come the secondary ones and those to watch. A manager's own tier goes before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from iif_reckoner.exact import half_up
from iif_reckoner.model import Indicator, Reckoning, Status
from iif_reckoner.plan.position import Position

TOP, SECONDARY, WATCH, DISCOUNTED = TIERS = ("top", "secondary", "watch and wait", "discounted")

UP_TO = ((TOP, 50), (SECONDARY, 80), (WATCH, 95))
"""The tier of an indicator while those before it hold less than so many hundredths of all pounds still to win."""

OPEN, NO_VALUE, NOTHING, BEYOND = "open", "no value", "nothing to win", "out of reach"
WITHOUT_ORDER = {
    "met": (WATCH, "all points are won: keep it there"),
    BEYOND: (DISCOUNTED, "no number of patients reaches the upper threshold"),
    NOTHING: (DISCOUNTED, "there are no pounds to win"),
    "no patients": (DISCOUNTED, "there are no patients to count"),
    "no counts": ("", "its figures or its baseline are missing"),
    NO_VALUE: ("", "the value of a point is not known"),
    "not scored": ("", "its points or thresholds are not known"),
}
"""The tier and the reason of an indicator that stands outside the order, by what there is to say of it."""

BY_STATUS = {
    "Not scored": "not scored",
    "No data": "no counts",
    "No patients": "no patients",
    "Met": "met",
}
"""Statuses that say it all."""

ALL_OR_NOTHING = ("single", "binary")
"""Ways of scoring that earn nothing until the last patient, or practice, that is needed."""

HOUR, PATIENT = "hour", "patient"


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """A manager's own tier, who decided it and on which day, as they wrote it."""

    tier: str
    by: str = ""
    on: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Priority:
    """What one indicator takes and brings; None where it is not known, or where nothing can be won.

    `patients` lead to the upper threshold, `to_lower` of them to the lower one, before which nothing is earned. `worth`
    is what it is put in order by, in pounds; `before` the pounds still to win of those worth more; `so_far` the hours
    that they, those worth the same and it itself need. `within` says whether that is within the hours left: yes,
    in part or no. `tier` is the manager's own where there is one, else the suggested one.
    """

    indicator: Indicator
    status: Status
    kind: str
    to_win: Decimal | None
    patients: int | None
    to_lower: int | None
    per_patient: Fraction | None
    minutes: Fraction | None
    hours: Fraction | None
    per_hour: Fraction | None
    worth: Decimal | None
    before: Decimal | None
    so_far: Fraction | None
    within: str
    suggested: str
    reason: str
    decision: Decision | None

    @property
    def tier(self) -> str:
        """The tier in force."""
        return self.decision.tier if self.decision else self.suggested


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """All indicators in official order; `by` says what the order is by, `hour` or `patient`, or nothing.

    `hours_left` are those for this work until the end of the year, None where nobody said.
    """

    rows: tuple[Priority, ...]
    by: str
    hours_left: Fraction | None

    @property
    def open(self) -> tuple[Priority, ...]:
        """The indicators that can still win, those worth most first."""
        rows = [(row.worth, row) for row in self.rows if row.worth is not None]
        return tuple(row for _, row in sorted(rows, key=lambda each: -each[0]))

    @property
    def hours(self) -> Fraction | None:
        """The hours that all of them need, None while any minutes are missing."""
        return sum((row.hours or Fraction(0) for row in self.open), Fraction(0)) if self.by == HOUR else None

    @property
    def note(self) -> str:
        """What the sheet Plan says of the order and the hours."""
        if not self.open:
            return "Nothing can be won as things stand, or nothing is counted yet."
        if self.hours is None:
            without = sum(row.hours is None for row in self.open)
            return (
                f"{without} of {len(self.open)} indicators that can still win "
                f"{'has' if without == 1 else 'have'} no minutes per patient: the order is by £ per patient."
            )
        needed = f"All that can still be won needs {half_up(self.hours, 0):,} hours"
        if self.hours_left is None:
            return f"{needed}. Write the hours left to see where they run out."
        if self.hours_left <= 0:
            return f"{needed}, and no hours are left."
        if self.hours <= self.hours_left:
            return f"{needed}: the hours left are enough for all."
        return f"{needed}: the hours left are enough for those marked yes."


def priorities(
    position: Position,
    minutes: Mapping[str, Fraction] | None = None,
    hours_left: Fraction | None = None,
    decisions: Mapping[str, Decision] | None = None,
) -> Plan:
    """Return what to chase first. `minutes` for one patient and `decisions` are by code; minutes of 0 are none."""
    minutes, decisions = minutes or {}, decisions or {}
    standing = {row.code: position.reckoned[row.code] for row in position.rules.indicators}
    kinds = {code: _kind(row) for code, row in standing.items()}
    takes = {
        code: Fraction(row.gap_to_upper) * minutes[code]
        for code, row in standing.items()
        if kinds[code] == OPEN and row.gap_to_upper and minutes.get(code, 0) > 0
    }
    chances = [code for code, kind in kinds.items() if kind == OPEN]
    by = "" if not chances else HOUR if len(takes) == len(chances) else PATIENT
    worth = {code: half_up(_worth(standing[code], takes[code] if by == HOUR else None), 2) for code in chances}
    pounds = {code: _to_win(standing[code]) or Decimal(0) for code in chances}
    whole = sum(pounds.values(), Decimal(0))
    found = []
    for indicator in position.rules.indicators:
        code = indicator.code
        row, kind = standing[code], kinds[code]
        taken = takes.get(code)
        own = worth.get(code)
        before = so_far = earlier = None
        suggested, reason = WITHOUT_ORDER.get(kind, ("", ""))
        to_lower = None
        if own is not None:
            to_lower = 0 if row.points else row.gap_to_lower
            before = sum((pounds[other] for other in chances if worth[other] > own), Decimal(0))
            suggested = next((tier for tier, most in UP_TO if 100 * before < most * whole), DISCOUNTED)
            reason = _reason(indicator, before, whole, by, to_lower)
            if by == HOUR:
                earlier, so_far = (
                    sum((takes[other] for other in those), Fraction(0)) / 60
                    for those in (
                        [other for other in chances if worth[other] > own],
                        [other for other in chances if worth[other] >= own],
                    )
                )
        to_win = _to_win(row)
        found.append(
            Priority(
                indicator=indicator,
                status=row.status,
                kind=kind,
                to_win=to_win,
                patients=row.gap_to_upper,
                to_lower=to_lower,
                per_patient=Fraction(to_win) / row.gap_to_upper if to_win is not None and row.gap_to_upper else None,
                minutes=minutes.get(code),
                hours=None if taken is None else taken / 60,
                per_hour=None if taken is None else _worth(row, taken),
                worth=own,
                before=before,
                so_far=so_far,
                within=_within(earlier, so_far, hours_left),
                suggested=suggested,
                reason=reason,
                decision=decisions.get(code),
            )
        )
    return Plan(rows=tuple(found), by=by, hours_left=hours_left)


def _kind(row: Reckoning) -> str:
    if row.status in BY_STATUS:
        return BY_STATUS[row.status]
    to_win = _to_win(row)
    if to_win is None:
        return NO_VALUE
    if to_win <= 0:
        return NOTHING
    return BEYOND if row.gap_to_upper is None else OPEN


def _to_win(row: Reckoning) -> Decimal | None:
    if row.value_gbp is None or row.value_available_gbp is None:
        return None
    return row.value_available_gbp - row.value_gbp


def _worth(row: Reckoning, minutes: Fraction | None) -> Fraction:
    """Return the pounds that an hour brings, or, without minutes, a patient."""
    pounds = Fraction(_to_win(row) or 0)
    return pounds / (row.gap_to_upper or 1) if minutes is None else pounds * 60 / minutes


def _reason(indicator: Indicator, before: Decimal, whole: Decimal, by: str, to_lower: int | None) -> str:
    place = f"{100 * before // whole}% of the £ to win bring more per {by}" if before else f"the most £ per {by}"
    if not to_lower:
        return place
    if indicator.scoring in ALL_OR_NOTHING:
        return f"{place}; all or nothing"
    return f"{place}; first {to_lower:,} patient{'s' * (to_lower != 1)} to the lower threshold"


def _within(earlier: Fraction | None, so_far: Fraction | None, left: Fraction | None) -> str:
    if earlier is None or so_far is None or left is None:
        return ""
    return "yes" if so_far <= left else "in part" if earlier < left else "no"

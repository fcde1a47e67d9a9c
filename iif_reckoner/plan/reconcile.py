"""Our figures beside official ones: where they differ, what that is worth, and what it may come from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from iif_reckoner.model import Counts, Indicator, Reckoning, Ruleset
from iif_reckoner.plan.difference import Line, difference
from iif_reckoner.plan.position import NOTHING, Position

NOT_OFFICIAL = "figures not sent, or counted with another PCN (membership date)"
NOT_OURS = "figures missing with us, or counted with us only since (membership date)"
BEDS = "another number of care home beds"
MEMBERSHIP = "patients or practices that joined or left (membership date)"
ADJUSTMENTS = "personalised care adjustments in one of the two only"
SLOTS = "appointment slots mapped otherwise"
ACTIVITY = "activity counted, not patients"
LATE = "late coding"
BASELINE = "another baseline"
"""What a difference may come from; none of them is more than a place to look at first."""

_APPOINTMENTS = ("appointment", "gpad")
_ACTIVITIES = ("referr", "request", "contact", "prescriptions", "consultation")


@dataclass(frozen=True, kw_only=True, slots=True)
class Beside:
    """One organisation and indicator: what we have counted, what is official, and what the difference may come from."""

    who: str
    code: str
    ours: Counts
    official: Counts
    reasons: tuple[str, ...]

    @property
    def less(self) -> tuple[int | None, int | None]:
        """Official figures less ours: numerator and denominator, None where one of the two is not there."""
        pairs = (
            (self.ours.numerator, self.official.numerator),
            (self.ours.denominator, self.official.denominator),
        )
        one, other = (None if own is None or theirs is None else theirs - own for own, theirs in pairs)
        return one, other


@dataclass(frozen=True, kw_only=True, slots=True)
class Whole:
    """One indicator of the whole PCN by our counts and by the official ones; `parts` takes the pounds apart."""

    beside: Beside
    ours: Reckoning
    official: Reckoning
    parts: Line

    @property
    def points(self) -> Fraction | None:
        """Official points less ours, None where one of the two has none."""
        ours, official = self.ours.points, self.official.points
        return None if ours is None or official is None else official - ours

    @property
    def pounds(self) -> Decimal | None:
        """Official pounds less ours, None where one of the two has none."""
        ours, official = self.ours.value_gbp, self.official.value_gbp
        return None if ours is None or official is None else official - ours


@dataclass(frozen=True, kw_only=True, slots=True)
class Reconciled:
    """Each indicator that has official figures, and below it each practice; `absent` are indicators without any."""

    wholes: tuple[Whole, ...]
    practices: tuple[Beside, ...]
    absent: tuple[str, ...]

    @property
    def different(self) -> tuple[Whole, ...]:
        """The indicators whose official figures are not ours."""
        return tuple(whole for whole in self.wholes if whole.beside.ours != whole.beside.official)

    def of(self, code: str | None) -> "Reconciled":
        """Return what there is of one indicator; of all where none is named."""
        if code is None:
            return self
        return Reconciled(
            wholes=tuple(whole for whole in self.wholes if whole.beside.code == code),
            practices=tuple(each for each in self.practices if each.code == code),
            absent=tuple(each for each in self.absent if each == code),
        )


def reconcile(position: Position, official: Mapping[tuple[str, str], Counts], published: Ruleset) -> Reconciled:
    """Return our position beside official counts, by organisation and indicator as the position has them.

    An official figure without a baseline is reckoned on ours. `published` is the ruleset with its words: they say what
    an indicator counts, and so what a difference may come from.

    Raises:
        InputError: an official numerator is larger than the denominator that it is a part of.
    """
    ours = {member.code for member in position.members} | {who for who, _ in position.counts}
    known = {
        key: _based(counts, position.counts.get(key, NOTHING)) for key, counts in official.items() if key[0] in ours
    }
    theirs = replace(position, counts=known)
    lines = {line.code: line for line in difference(position, theirs)}
    there = {code for (_, code), counts in known.items() if counts.numerator is not None}
    wholes: list[Whole] = []
    practices: list[Beside] = []
    for indicator in position.rules.indicators:
        if indicator.code not in there:
            continue
        described = published.find(indicator.code) or indicator
        each = list(_each(position, theirs, indicator, described))
        practices += each
        why = tuple(dict.fromkeys(reason for one in each for reason in one.reasons))
        pair = position.whole(indicator), theirs.whole(indicator)
        wholes.append(
            Whole(
                beside=Beside(who="", code=indicator.code, ours=pair[0], official=pair[1], reasons=why),
                ours=position.reckoned[indicator.code],
                official=theirs.reckoned[indicator.code],
                parts=lines[indicator.code],
            )
        )
    absent = tuple(code for code in position.rules.codes if code not in there)
    return Reconciled(wholes=tuple(wholes), practices=tuple(practices), absent=absent)


def _each(ours: Position, official: Position, indicator: Indicator, described: Indicator) -> Iterator[Beside]:
    """Yield each organisation that has counted an indicator in one of the two."""
    others = (who for position in (ours, official) for who, _ in position.counts)
    for who in dict.fromkeys((*(member.code for member in ours.members), *others)):
        one, other = ours.of(who, indicator), official.of(who, indicator)
        if _pair(one) != (None, None) or _pair(other) != (None, None):
            why = reasons(described, one, other)
            yield Beside(who=who, code=indicator.code, ours=one, official=other, reasons=why)


def _based(counts: Counts, own: Counts) -> Counts:
    if counts.baseline_numerator is not None and counts.baseline_denominator is not None:
        return counts
    return replace(
        counts, baseline_numerator=own.baseline_numerator, baseline_denominator=own.baseline_denominator
    )  # fmt: skip


def _pair(counts: Counts) -> tuple[int | None, int | None]:
    return counts.numerator, counts.denominator


def _baseline(counts: Counts) -> tuple[int | None, int | None]:
    return counts.baseline_numerator, counts.baseline_denominator


def reasons(indicator: Indicator, ours: Counts, official: Counts) -> tuple[str, ...]:
    """Return what a difference may come from, by what the indicator counts and which of its figures differ."""
    if ours == official:
        return ()
    if official.numerator is None:
        return (NOT_OFFICIAL,)
    if ours.numerator is None:
        return (NOT_OURS,)
    found = of_denominator(indicator) if ours.denominator != official.denominator else ()
    found += of_numerator(indicator) if ours.numerator != official.numerator else ()
    return found + ((BASELINE,) if _baseline(ours) != _baseline(official) else ())


def of_denominator(indicator: Indicator) -> tuple[str, ...]:
    """Return what another denominator may come from."""
    if "beds" in indicator.denominator_counts.casefold():
        return (BEDS,)
    return (MEMBERSHIP, ADJUSTMENTS) if indicator.personalised_care_adjustments else (MEMBERSHIP,)


def of_numerator(indicator: Indicator) -> tuple[str, ...]:
    """Return what another numerator may come from."""
    counted = f"{indicator.numerator_counts} {indicator.data_source}".casefold()
    if any(word in counted for word in _APPOINTMENTS):
        return (SLOTS, ACTIVITY) if "contact" in counted else (SLOTS,)
    if any(word in indicator.numerator_counts.casefold() for word in _ACTIVITIES):
        return (ACTIVITY, LATE)
    return (LATE,)

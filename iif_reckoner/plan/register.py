"""One more patient on the register: what a newly found patient adds or costs, before and after the work is done."""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from iif_reckoner.model import Indicator, Reckoning
from iif_reckoner.plan.position import Position
from iif_reckoner.reckon import adjustments, reckon

STAYS = "while achievement stays at the upper threshold"
EARNS_NOTHING = "Earns nothing before the lower threshold is reached."
MET = f"Brings money at once, {STAYS}."
MET_WITHOUT = f"Changes nothing {STAYS}."
BETWEEN = ("Brings money if more than ", " of those found are done.")
BETWEEN_WITHOUT = "Brings money if more of those found are done than of the others."
LOWER = ("Brings money if fewer than ", " of those found are in the numerator.")
LOWER_WITHOUT = "Brings money if fewer of those found are in the numerator than of the others."
"""When finding patients pays: with a prevalence adjustment for the register, and without."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OneMore:
    """What one more patient in the denominator brings in pounds, less than nothing where it costs.

    `waiting` is for one who is not in the numerator, `done` for one who is; None where it cannot be worked out or
    practices are counted. `words` say when it pays to find patients.
    """

    code: str
    waiting: Decimal | None
    done: Decimal | None
    words: str


def one_more(position: Position, indicator: Indicator) -> OneMore:
    """Return what one more patient on an indicator's register would bring, all else as it is."""
    real = position.reckoned[indicator.code]
    counts = real.counts
    if indicator.scoring == "binary" or counts.numerator is None or counts.denominator is None:
        return OneMore(code=indicator.code, waiting=None, done=None, words="")
    rules, size = position.rules, position.list_size
    more = replace(counts, denominator=counts.denominator + 1)
    waiting = reckon(rules, indicator, more, list_size=size)
    done = reckon(rules, indicator, replace(more, numerator=counts.numerator + 1), list_size=size)
    return OneMore(
        code=indicator.code,
        waiting=_gain(real, waiting),
        done=_gain(real, done),
        words=_words(position, indicator, real),
    )


def _gain(real: Reckoning, then: Reckoning) -> Decimal | None:
    if real.value_gbp is None or then.value_gbp is None:
        return None
    return then.value_gbp - real.value_gbp


def _words(position: Position, indicator: Indicator, real: Reckoning) -> str:
    """Return when finding patients pays.

    Between the thresholds points times prevalence grow as numerator less lower threshold times denominator, so those
    found pay where more of them are done than the lower threshold asks; without prevalence, than are done already.
    """
    if indicator.scoring not in ("sliding", "single") or not indicator.unit.bounded:
        return ""
    _, known = adjustments(position.rules, indicator, real.counts, position.list_size)
    adjusted = known is not None and indicator.prevalence is not None and indicator.prevalence.population is not None
    if real.status == "Met":
        return MET if adjusted else MET_WITHOUT
    if real.status == "Below":
        return EARNS_NOTHING
    if real.status != "Between" or indicator.lower_threshold is None:
        return ""
    words, otherwise = (BETWEEN, BETWEEN_WITHOUT) if indicator.better == "higher" else (LOWER, LOWER_WITHOUT)
    return _percent(indicator.lower_threshold).join(words) if adjusted else otherwise


def _percent(share: Fraction) -> str:
    """Return a share as per cent in the fewest digits.

    >>> _percent(Fraction(6, 10)), _percent(Fraction(125, 10_000))
    ('60%', '1.25%')
    """
    return f"{float(share * 100):g}%"

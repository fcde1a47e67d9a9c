"""A reckoning in words: one sentence with every step, and the source of each number in it. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from iif_reckoner.exact import half_up
from iif_reckoner.model import THRESHOLDS, Indicator, Reckoning, Ruleset, Standing
from iif_reckoner.reckon import ONE, routes, share_of_points

LONGEST = 250
"""Characters that a worksheet shows of a text without trouble."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """Where one number of a reckoning comes from."""

    field: str
    value: str
    standing: Standing
    weakest: Standing
    words: str
    titles: tuple[str, ...]
    urls: tuple[str, ...]


def number(value: Fraction | Decimal, places: int) -> str:
    """Write a number with at most so many places and thousands separators, no needless zeros.

    >>> number(Fraction(1, 3), 4), number(Fraction(71), 2), number(Fraction(2231743, 46656), 2)
    ('0.3333', '71', '47.83')
    """
    text = f"{half_up(Fraction(value), places):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def pounds(value: Decimal | Fraction, places: int = 2) -> str:
    """Write pounds: £1,887.60.

    >>> pounds(Decimal("1887.6"))
    '£1,887.60'
    """
    return f"£{half_up(Fraction(value), places):,f}"


def measured(indicator: Indicator, value: Fraction, places: int | None = None) -> str:
    """Write an achievement or a threshold in the way people say it: 80%, 0.034, 22.1 kg.

    Percentages have one decimal place, tiny ones two.

    >>> from iif_reckoner.model import UNITS
    >>> tea = Indicator(code="TEA-01", name="Tea", scoring="sliding", better="higher", unit=UNITS["proportion"])
    >>> measured(tea, Fraction(412, 531)), measured(tea, Fraction(12, 1000)), measured(tea, Fraction(4, 5))
    ('77.6%', '1.2%', '80%')
    """
    if indicator.unit.percent:
        shown = value * 100
        if places is None:
            places = 1 if abs(shown) >= 5 else 2
        text = number(shown, places)
        # 79.97% must not read as the 80% that it falls short of.
        while Fraction(text.replace(",", "")) != shown and places < 4 and _hides_threshold(indicator, text):
            places += 1
            text = number(shown, places)
        return f"{text}%"
    return number(value, 4 if places is None else places) + (" kg" if indicator.unit.name == "kg_co2e" else "")


def threshold_in_words(indicator: Indicator, value: Fraction, places: int | None = None) -> str:
    """Write a threshold; that of a change on a baseline is in percentage points, not in percent.

    >>> from iif_reckoner.model import UNITS
    >>> tea = Indicator(
    ...     code="TEA-02", name="Tea", scoring="improvement", better="higher", unit=UNITS["percentage_points"]
    ... )
    >>> threshold_in_words(tea, Fraction(4, 1000))
    '+0.4 percentage points'
    """
    if indicator.scoring != "improvement":
        return measured(indicator, value, places)
    return f"{'+' if indicator.better == 'higher' else '-'}{_percentage_points(value)}"


def _percentage_points(change: Fraction) -> str:
    text = number(change * 100, 3)
    return f"{text} percentage point{'' if text == '1' else 's'}"


def _hides_threshold(indicator: Indicator, text: str) -> bool:
    seen = Fraction(text.replace(",", "")) / 100
    return any(getattr(indicator, name) == seen for name in THRESHOLDS)


def sentence(ruleset: Ruleset, indicator: Indicator, reckoning: Reckoning) -> str:
    """Return what the counts earn and why, in at most 250 characters."""
    text = _sentence(ruleset, indicator, reckoning)
    if "assumed figures" in reckoning.flags and reckoning.status not in ("No data", "Not scored"):
        text += f" Assumed figures of {ruleset.assume_from}."
    return text if len(text) <= LONGEST else text[: LONGEST - 3].rstrip() + "..."


def _sentence(ruleset: Ruleset, indicator: Indicator, reckoning: Reckoning) -> str:
    match reckoning.status:
        case "Not scored":
            names = " and ".join(name.replace("_", " ") for name in indicator.missing)
            return f"Cannot be scored: {names} of {indicator.code} not known for {ruleset.id}."
        case "No data":
            baseline = reckoning.counts.numerator is not None and reckoning.counts.denominator is not None
            if baseline and indicator.needs_baseline:
                return f"{indicator.code} needs its baseline counts as well."
            return "No counts entered."
        case "No patients":
            return "Denominator 0: there is nobody to count, so no points."
        case "Met":
            return f"{_counted(indicator, reckoning)} {_met(indicator)}, so all {_money(ruleset, reckoning)}."
        case "Between":
            return f"{_counted(indicator, reckoning)} {_between(ruleset, indicator, reckoning)}."
        case _:
            return f"{_counted(indicator, reckoning)} {_below(indicator, reckoning)}."


def _counted(indicator: Indicator, reckoning: Reckoning) -> str:
    counts, x = reckoning.counts, reckoning.achievement
    if indicator.scoring == "binary":
        return f"{counts.numerator:,} of {counts.denominator:,} done."
    if x is None:
        return ""
    text = f"{counts.numerator:,} of {counts.denominator:,} is {measured(indicator, x)}"
    if indicator.scoring == "improvement":
        change = x - Fraction(counts.baseline_numerator or 0, counts.baseline_denominator or 1)
        better = (change >= 0) == (indicator.better == "higher") or change == 0
        return f"{text}, {_percentage_points(abs(change))} {'better' if better else 'worse'}."
    return f"{text}."


def _threshold(indicator: Indicator, name: str) -> str:
    threshold: Fraction | None = getattr(indicator, name)
    return "" if threshold is None else threshold_in_words(indicator, threshold)


def _met(indicator: Indicator) -> str:
    match indicator.scoring:
        case "binary":
            return "All have"
        case "single":
            return f"Reaches the one threshold of {_threshold(indicator, 'upper_threshold')}"
        case "better_of":
            return "The better of its two routes reaches the upper threshold"
        case _:
            return f"Reaches the upper threshold of {_threshold(indicator, 'upper_threshold')}"


def _between(ruleset: Ruleset, indicator: Indicator, reckoning: Reckoning) -> str:
    share = (reckoning.points or Fraction(0)) / (reckoning.points_available or ONE)
    part = f"so {number(share * 100, 1)}% of {number(reckoning.points_available or ONE, 2)} points"
    worth = _money(ruleset, reckoning)
    if indicator.scoring == "better_of":
        achieved = reckoning.achievement or Fraction(0)
        shares = [
            number(100 * share_of_points(route.lower, route.upper, *achieved.as_integer_ratio()), 1) + "%"
            for route in routes(indicator, reckoning.counts)
            if route.lower is not None and route.upper is not None
        ]
        return f"By level {shares[0]}, by reduction {shares[1]}; the better counts, {part}: {worth}"
    lower, upper = _threshold(indicator, "lower_threshold"), _threshold(indicator, "upper_threshold")
    if indicator.scoring == "improvement":
        lower = lower.partition(" ")[0]
    return f"Between {lower} and {upper}, {part}: {worth}"


def _below(indicator: Indicator, reckoning: Reckoning) -> str:
    wanted = reckoning.gap_to_lower
    if indicator.scoring == "binary":
        return f"All must, so no points; {wanted:,} still to do it"
    threshold = "upper_threshold" if indicator.scoring == "single" else "lower_threshold"
    name = "one" if indicator.scoring == "single" else "lower"
    text = f"Not past the {name} threshold of {_threshold(indicator, threshold)}, so no points"
    if not wanted:
        return text
    return f"{text}; {wanted:,} {'more' if indicator.better == 'higher' else 'fewer'} would reach it"


def _money(ruleset: Ruleset, reckoning: Reckoning) -> str:
    earned = number(reckoning.points or Fraction(0), 2)
    if reckoning.value_gbp is None or ruleset.point_value_gbp is None:
        return f"{earned} points; the value of a point is not known"
    steps = [earned if reckoning.status == "Between" else f"{earned} points"]
    steps.append(pounds(ruleset.point_value_gbp, 0 if ruleset.point_value_gbp.denominator == 1 else 2))
    if "list size not applied" not in reckoning.flags:
        steps.append(f"list {number(reckoning.list_size_adjustment, 4)}")
    if reckoning.prevalence_adjustment != 1:
        steps.append(f"prevalence {number(reckoning.prevalence_adjustment, 4)}")
    joined = " x ".join(steps)
    return f"{joined} = {pounds(reckoning.value_gbp)}"


def evidence(ruleset: Ruleset, indicator: Indicator) -> tuple[Evidence, ...]:
    """Return where each number behind a reckoning of this indicator comes from, and how sure it is."""
    found = []
    for name in ("points", *THRESHOLDS, "prevalence"):
        value = getattr(indicator, name)
        if value is not None and name in indicator.cite:
            found.append(_evidence(ruleset, indicator, name, _said(indicator, name)))
    for name in ("point_value_gbp", "average_list_size"):
        value = getattr(ruleset, name)
        if value is not None and name in ruleset.cite:
            shown = pounds(value) if name == "point_value_gbp" else number(value.size, 2)
            found.append(_evidence(ruleset, ruleset, name, shown))
    return tuple(found)


def _said(indicator: Indicator, name: str) -> str:
    if name == "points":
        return number(indicator.points or Fraction(0), 2)
    if name == "prevalence":
        return (indicator.prevalence and indicator.prevalence.population) or "none"
    return _threshold(indicator, name)


def _evidence(ruleset: Ruleset, record: Ruleset | Indicator, name: str, value: str) -> Evidence:
    citation = record.cite[name]
    sources = [ruleset.sources[key] for key in citation.keys]
    standing, weakest = ruleset.standing(citation), ruleset.weakest(citation)
    if standing is None or weakest is None:
        raise AssertionError("a citation without a source is refused by the loader")
    return Evidence(
        field=name,
        value=value + (" (assumed)" if name in record.assumed else ""),
        standing=standing,
        weakest=weakest,
        words=citation.words,
        titles=tuple(source.title for source in sources),
        urls=tuple(source.url for source in sources if source.url),
    )

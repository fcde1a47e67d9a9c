"""Which indicator goes on from which of earlier rules, and whether the two measure the same.

Two of one code measure the same where all that says what is counted agrees, word by word; days and years are moved by
the years between. What codes and words cannot say stands in `crosswalk.toml` beside the rulesets. In doubt they differ.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from iif_reckoner.errors import FileProblemError, RulesetError
from iif_reckoner.model import STANDINGS, Indicator, Period, Ruleset, Standing
from iif_reckoner.rulesets import FOLDER
from iif_reckoner.rulesets.grammar import Crosswalk, worded

FILE = "crosswalk.toml"

_YEAR = re.compile(r"\b20\d\d\b", re.ASCII)
_TEXTS = {"numerator_counts": "what counts as done", "denominator_counts": "who is counted"}
_LISTS = {"excluded": "who is left out", "personalised_care_adjustments": "personalised care adjustments"}
_PLAIN = {"unit": "unit", "better": "direction", "level": "where it is counted"}
_PERIOD = "period"
_NEEDED = (*_TEXTS.values(), _PERIOD)
"""What must be said: where both are silent nobody knows whether they agree."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """A row of the crosswalk: two indicators as year and code, whether they measure the same, why, how sure that is."""

    before: tuple[str, str]
    after: tuple[str, str]
    same: bool
    why: str
    standing: Standing


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """An indicator of the later rules and the code of the earlier one that it goes on from."""

    before: str
    after: str
    same: bool
    why: str = ""


def links(before: Ruleset, after: Ruleset) -> tuple[Link, ...]:
    """Return the link of each indicator of the later rules that goes on from one of the earlier, in official order.

    >>> from iif_reckoner.rulesets import load
    >>> [(link.before, link.after, link.same) for link in links(load("2024-25.v1"), load("2025-26.v1"))]
    [('HI-03', 'HI-03', True), ('CAN-02', 'CAN-04', False)]
    """
    judged = {(pair.before, pair.after): pair for pair in pairs()}
    found = []
    for indicator in after.indicators:
        own = (after.year, indicator.code)
        pair = next((judged[key] for code in before.codes if (key := ((before.year, code), own)) in judged), None)
        earlier = before.find(indicator.code)
        if pair is not None:
            found.append(Link(before=pair.before[1], after=indicator.code, same=pair.same, why=pair.why))
        elif earlier is not None:
            other = differences(before, earlier, after, indicator)
            why = f"worded otherwise: {', '.join(other)}" if other else ""
            found.append(Link(before=earlier.code, after=indicator.code, same=not other, why=why))
    return tuple(found)


def differences(before: Ruleset, earlier: Indicator, after: Ruleset, later: Indicator) -> tuple[str, ...]:
    """Return in what two indicators may measure something else, in words; what only one of them says counts.

    >>> from iif_reckoner.rulesets import load
    >>> old, new = load("2022-23.v1"), load("2022-23.v2")
    >>> [differences(old, old.find(code), new, new.find(code)) for code in ("CAN-01", "PC-01")]
    [('what counts as done',), ()]
    """
    one, other = _said(before, earlier), _said(after, later)
    return tuple(
        words for words in one if one[words] != other[words] or (words in _NEEDED and one[words] in ("", None))
    )


def _said(ruleset: Ruleset, indicator: Indicator) -> Mapping[str, object]:
    """Return all that says what an indicator measures, with years as so many after the scheme year."""
    first = int(ruleset.year[:4])

    def moved(text: str) -> str:
        return _YEAR.sub(lambda year: f"{int(year[0]) - first:+d}", text)

    return {
        **{words: getattr(indicator, name) for name, words in _PLAIN.items()},
        **{words: moved(getattr(indicator, name)) for name, words in _TEXTS.items()},
        **{words: sorted(map(moved, getattr(indicator, name))) for name, words in _LISTS.items()},
        _PERIOD: _days(indicator.period, first),
    }


def _days(period: Period | None, first: int) -> tuple[object, ...] | None:
    if period is None:
        return None
    days = (period.start, period.end)
    return tuple(day and (day.year - first, day.month, day.day) for day in days)


@cache
def pairs(path: Path | None = None) -> tuple[Pair, ...]:
    """Return the rows of the crosswalk that came with the program, or of another one.

    Raises:
        FileProblemError: the file cannot be opened.
        RulesetError: it breaks the grammar, joins the same two twice or cites a source that it does not declare.
    """
    name = f"rulesets/{FILE}" if path is None else str(path)
    try:
        data = tomllib.loads((path or FOLDER / FILE).read_text("utf-8-sig"))
    except OSError as error:
        raise FileProblemError(f"{name}: cannot be read ({error.strerror})") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RulesetError(f"{name}: not TOML in UTF-8; {error}") from None
    try:
        file = Crosswalk.model_validate(data)
    except ValidationError as error:
        raise RulesetError(f"{name}: {worded(error, data)}") from None
    found: dict[tuple[tuple[str, str], tuple[str, str]], Pair] = {}
    for row in file.pair:
        key = (row.before.year, row.before.code), (row.after.year, row.after.code)
        words = " to ".join(" ".join(end) for end in key)
        if key in found:
            raise RulesetError(f"{name}: {words}: stands twice; give each pair once")
        for cited in row.cite.keys:
            if cited not in file.source:
                raise RulesetError(f"{name}: {words}: source {cited} is not declared; add [source.{cited}]")
        standing = min((file.source[cited].standing for cited in row.cite.keys), key=STANDINGS.index)
        found[key] = Pair(before=key[0], after=key[1], same=row.same, why=row.why, standing=standing)
    return tuple(found.values())

"""The forecast tried on made-up years, beside a straight line: numerator x 12 / months.

`python -m benchmarks.forecast` writes the table of errors of docs/forecast.md.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from statistics import fmean

from benchmarks import made_up_years
from benchmarks.made_up_years import Dice, Year, years
from benchmarks.measure import Result
from iif_reckoner import rulesets
from iif_reckoner.model import Counts
from iif_reckoner.plan.forecast import LOOK_BACK, forecasts
from iif_reckoner.plan.position import Position
from iif_reckoner.scheme_year import MONTHS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "forecast.md"
BEGIN, END = "<!-- errors: written by `python -m benchmarks.forecast`, not edited -->", "<!-- end of errors -->"
RULESET, YEARS, SEED = "2022-23.v2", 300, 20_261_122
HELD_OUT = "back_loaded"
"""This one was not looked at before the method was fixed."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of made-up year, and an indicator of its season."""

    season: str
    words: str
    code: str
    make: Callable[[Dice], Year]


KINDS = (
    Kind("flu", "Flu, September to March", "VI-02", made_up_years.flu),
    Kind("flat", "A register that stands", "HI-02", made_up_years.register),
    Kind("back_loaded", "Yearly checks, most in the last quarter", "HI-01", made_up_years.yearly_checks),
)
_ABOUT = (
    f"Mean absolute error of the achievement at the end of the year, in percentage points, over {YEARS} made-up years\n"
    "of each kind; in brackets the share of years that ended within the range."
)
NAMES = ("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar")


@dataclass(frozen=True, slots=True)
class Errors:
    """Of the years of one kind seen from one month: mean absolute errors in percentage points of achievement.

    `ours` and `held` (the share of years that ended within the range) are None where it is too early to tell.
    """

    month: int
    ours: float | None
    naive: float
    held: float | None


def tried(kind: Kind, number: int = YEARS) -> Iterator[Errors]:
    """Yield the errors of a kind of year from each month but the last."""
    made = list(years(kind.make, number, SEED))
    for month in range(1, MONTHS):
        ours, naive, held = [], [], []
        for year in made:
            end = Fraction(*year[-1])
            done, of = year[month - 1]
            naive.append(abs(min(Fraction(1), Fraction(done * MONTHS, month * of)) - end))
            found = _forecast(kind.code, year, month)
            if found is not None:
                low, likely, high = found
                ours.append(abs(likely - end))
                held.append(low <= end <= high)
        told = len(ours) == len(made)
        yield Errors(month, _mean(ours) if told else None, _mean(naive), fmean(held) if told else None)


def _mean(errors: list[Fraction]) -> float:
    return 100 * float(sum(errors, Fraction(0)) / len(errors))


def _forecast(code: str, year: Year, month: int) -> tuple[Fraction, ...] | None:
    before = _position(code, year, month - LOOK_BACK) if month > LOOK_BACK else None
    found = next(row for row in forecasts(_position(code, year, month), before) if row.code == code)
    rates = [row.achievement for row in (found.low, found.likely, found.high) if row and row.achievement is not None]
    return tuple(rates) or None


def _position(code: str, year: Year, month: int) -> Position:
    done, of = year[month - 1]
    counts = {("U1", code): Counts(numerator=done, denominator=of)}
    return Position(rules=rulesets.load(RULESET), month=month, members=(), counts=counts)


def overall(found: list[Errors]) -> tuple[float, float]:
    """Return the mean errors, ours and the naive line's, over the months in which there is a forecast."""
    both = [(row.ours, row.naive) for row in found if row.ours is not None]
    return fmean(ours for ours, _ in both), fmean(naive for _, naive in both)


def section() -> list[str]:
    """Return the table of errors, as docs/forecast.md has it."""
    lines = [
        _ABOUT,
        "",
        "| seen from | " + " | ".join(f"{kind.words} | straight line" for kind in KINDS) + " |",
        "|---|" + "---:|---:|" * len(KINDS),
    ]
    found = [list(tried(kind)) for kind in KINDS]
    for rows in zip(*found, strict=True):
        cells = [NAMES[rows[0].month - 1]]
        for row in rows:
            cells.append("too early to tell" if row.ours is None else f"{row.ours:.1f} ({row.held:.0%})")
            cells.append(f"{row.naive:.1f}")
        lines.append("| " + " | ".join(cells) + " |")
    means = [f"**{ours:.1f}** | {naive:.1f}" for ours, naive in map(overall, found)]
    return [*lines, "| **months with a forecast** | " + " | ".join(means) + " |"]


def errors() -> Iterator[Result]:
    for kind in KINDS:
        ours, naive = overall(list(tried(kind)))
        yield Result(
            what=f"`forecast`, {YEARS} made-up years: {kind.words}; mean error against a straight line",
            measured=f"{ours:.1f} / {naive:.1f} percentage points",
            goal="below the straight line",
            holds=ours < naive,
        )


BENCHMARKS = (errors,)


def main() -> None:
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text("\n".join([before + BEGIN, "", *section(), "", END]) + after, "utf-8")


if __name__ == "__main__":
    main()

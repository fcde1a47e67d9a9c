"""How fast this machine is beside the one for which the goals in seconds were set: by one piece of work on both."""

import subprocess
import sys
import time
from io import BytesIO

from benchmarks.measure import Result

THERE = 0.55
"""Seconds that XlsxWriter took there, best of 3, for the table of a first trial; this one takes 0.9 times as long as
that one where both are timed in turn, so a machine is rather slower than is said."""
_ROWS, _MONTHS, _FORMULAS = 2_200, 18, 3_727
_FORMULA = "=IF(N(B5)=0,0,ROUND(SUMIFS(Counts!F$5:F$1804,Counts!$A$5:$A$1804,$A5)*C5/B5,2))"


def here() -> float:
    """Return the seconds of a fresh Python in which XlsxWriter writes them now, its import among them; best of 3."""
    runs = (subprocess.run([sys.executable, "-m", __name__], check=True, capture_output=True) for _ in range(3))
    return min(float(run.stdout) for run in runs)


def in_time(what: str, took: float, most: float, detail: str = "") -> Result:
    """Hold seconds against a goal, as they stand; where they are over it, say what they would be on the other machine.

    The pace is taken right after the work, as it changes from minute to minute where machines are shared.
    """
    measured, goal = _words(took) + detail, f"at most {_words(most)}"
    if took <= most:
        return Result(what=what, measured=measured, goal=goal, holds=True)
    slower = here() / THERE
    measured += f"; this machine is {slower:.1f} times as slow as that of the goals: {_words(took / slower)} there"
    beside = " here, would hold there" if took / slower <= most else ""
    return Result(what=what, measured=measured, goal=goal, holds=False, beside=beside)


def _words(took: float) -> str:
    """Return seconds to three digits."""
    if took < 0.1:
        return f"{took * 1000:.3g} ms"
    places = 3 if took < 1 else 2 if took < 10 else 1 if took < 100 else 0
    return f"{took:.{places}f} s"


def _write() -> None:
    """Write rows of counts and formulas, each cell in its style."""
    import xlsxwriter  # noqa: PLC0415 (its import is part of what is timed)

    made = xlsxwriter.Workbook(BytesIO(), {"in_memory": True})
    look = {"font_name": "Arial", "font_size": 11, "border": 1}
    text, whole, points = (made.add_format({**look, "num_format": form}) for form in ("General", "#,##0", "0.00"))
    counts, sums = made.add_worksheet("Counts"), made.add_worksheet("Sums")
    for row in range(_ROWS):
        for column, word in enumerate(("Y10001", "Riverside Surgery", "CVD-01")):
            counts.write_string(row, column, word, text)
        for column in range(3, 3 + _MONTHS):
            counts.write_number(row, column, row * column % 997, whole)
        for column in range(3 + _MONTHS, 9 + _MONTHS):
            counts.write_blank(row, column, None, whole)
    for number in range(_FORMULAS):
        sums.write_formula(number // 17, number % 17, _FORMULA, points, number / 8)
    made.close()


if __name__ == "__main__":
    start = time.perf_counter()
    _write()
    print(time.perf_counter() - start)

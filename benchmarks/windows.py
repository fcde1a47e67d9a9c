"""What Excel waits for on Windows, as far as it can be timed without it: the start, a call, the doctor."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Result, process, seconds
from benchmarks.pace import in_time
from iif_reckoner.vba.config import MODULE
from tests.vba_doubles import xlwings_server
from tests.vba_doubles.xlwings_server import MISSING

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "workbook" / "IIF_Ready_Reckoner.xlsm"
ROWS = 40

_FIRST_ANSWER = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from tests.vba_doubles.xlwings_server import call_udf
print(call_udf({MODULE!r}, "IIF_ENGINE", ()))
"""


def start() -> Iterator[Result]:
    took = min(process("-c", _FIRST_ANSWER)[0] for _ in range(7))
    yield in_time(
        what="a fresh Python to its first answer through xlwings' own CallUDF, pywin32 replaced",
        took=took,
        most=1,
    )


def call() -> Iterator[Result]:
    column = tuple((float(number),) for number in range(ROWS))
    arguments = ((("CAN-04",),) * ROWS, column, 200.0, "2025/26", MISSING, MISSING)
    with xlwings_server.running() as asked:
        took = asked(shortest, arguments)
    yield in_time(
        what=f"a warm call of IIF_POINTS over a column of {ROWS} rows, through xlwings' own CallUDF",
        took=took,
        most=0.003,
    )


def shortest(arguments: tuple[object, ...]) -> float:
    """Return the seconds of the fastest of many warm calls, within the process that has xlwings' server."""
    return seconds(lambda: xlwings_server.call_udf(MODULE, "IIF_POINTS", arguments), 50)


def doctor() -> Iterator[Result]:
    # Its exit code says what it found.
    code = f"from iif_reckoner.cli import app; app(['doctor', {str(BOOK)!r}], standalone_mode=False)"
    took = min(process("-c", code)[0] for _ in range(5))
    yield in_time(
        what="`doctor BOOK`, end to end, where there is no Windows to ask",
        took=took,
        most=2,
    )


BENCHMARKS = (start, call, doctor)

"""`check`: the workbooks of all PCNs in one go, and the fullest one."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import Result, process, seconds
from benchmarks.pace import in_time
from benchmarks.workbook import full, usual
from iif_reckoner import rulesets
from iif_reckoner.build import make
from iif_reckoner.desk.check import checked
from iif_reckoner.figures.content import Content
from iif_reckoner.layout.sheets import INDICATORS, PRACTICES
from iif_reckoner.scheme_year import MONTHS

ALL = 1_300
BOOKS = 300
VARIED = 10
MEMBERS = 4
LONGEST = 60
"""Seconds for all workbooks on two cores."""


def many() -> Iterator[Result]:
    ruleset = rulesets.load("2025-26.v1")
    content = usual(ruleset, MEMBERS)
    kind = f"{MEMBERS} practices, {len(ruleset.indicators)} indicators in use, {MONTHS} months"
    with TemporaryDirectory() as folder:
        for number in range(VARIED):
            data = make(_varied(content, number))
            for copy in range(BOOKS // VARIED):
                Path(folder, f"{number}-{copy}.xlsm").write_bytes(data)
        path = Path(folder, "0-0.xlsm")
        alone = seconds(lambda: checked(path), 20)
        one = min(process("-m", "iif_reckoner", "check", str(path))[0] for _ in range(5))
        took = min(process("-m", "iif_reckoner", "check", folder)[0] for _ in range(3))
    everybody = one + (took - one) * ALL / BOOKS
    yield in_time(
        what=f"`check` of {ALL:,} workbooks ({kind}), end to end on all cores, reckoned from {BOOKS}: {took:.1f} s "
        f"({one:.2f} s of it for the first; one more takes {alone * 1000:.0f} ms on one core)",
        took=everybody,
        most=LONGEST,
    )


def fullest() -> Iterator[Result]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "full.xlsm")
        path.write_bytes(make(full()))
        took = seconds(lambda: checked(path), 10)
    yield in_time(
        what=f"`check` of the fullest workbook ({PRACTICES} practices, {INDICATORS} indicators, {MONTHS} months), "
        "within one process",
        took=took,
        most=0.5,
    )


def _varied(content: Content, number: int) -> Content:
    """Return the same PCN with other counts, which still add up from month to month."""
    counts = {
        key: (done if done is None else done * (VARIED - number) // VARIED, of)
        for key, (done, of) in content.counts.items()
    }
    return replace(content, pcn_name=f"PCN {number}", counts=counts)


BENCHMARKS = (many, fullest)

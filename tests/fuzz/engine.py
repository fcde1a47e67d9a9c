"""Running a target: by mutation with a fixed seed, or guided by coverage; every crash is kept as a file."""

import hashlib
import random
import re
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.fuzz.targets import TARGETS

FINDINGS = Path(__file__).parent / "findings"
ROOT = Path(__file__).parents[2]
WORDS = (
    b"<", b">", b"/>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<!DOCTYPE x>", b"&amp;", b"&#0;", b'"', b"'", b"\0",
    b"\xff", b"\xef\xbb\xbf", b",", b"\n", b"\r", b'""', b"-1", b"1e999", b"99999999999999999999", b"XFD1048576", b"A0",
    b' t="s"', b' r="B2"', b"<row/>", b"<c/>", b"=1+1", b"\xc2\xa0", "５".encode(), b"nan", b"true", b"[[", b"1979-05-27",  # noqa: RUF001
)  # fmt: skip


class Run(NamedTuple):
    """What came of running a target: how often it ran, and where each kind of crash was."""

    target: str
    executions: int
    crashes: tuple[str, ...]


def crash(target: str, data: bytes) -> str | None:
    """Run a target once; return where it crashed, None where it did not."""
    try:
        TARGETS[target].run(data)
    except Exception as error:  # noqa: BLE001 (any that is not a worded refusal is a bug)
        last = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno} ({last.name})"
    return None


def findings(target: str) -> list[Path]:
    """Return what was found once: each of these crashed a target before it was mended."""
    return sorted((FINDINGS / target).glob("*"))


def mutated(target: str, seed: int) -> Iterator[bytes]:
    """Yield inputs without end: the seeds, then what chance makes of them; the same for the same seed."""
    draw, seeds = random.Random(seed), TARGETS[target].seeds()
    yield from seeds
    while True:
        data = bytearray(draw.choice(seeds))
        for _ in range(draw.randint(1, 6)):
            at = draw.randint(0, len(data))
            match draw.randrange(5):
                case 0:
                    data[at:at] = draw.choice(WORDS)
                case 1:
                    del data[at : at + draw.randint(1, 30)]
                case 2 if at < len(data):
                    data[at] = draw.randrange(256)
                case 3:
                    start = draw.randint(0, len(data))
                    data[at:at] = data[start : start + draw.randint(1, 60)]
                case _:
                    other = draw.choice(seeds)
                    start = draw.randint(0, len(other))
                    data[at : at + draw.randint(0, 40)] = other[start : start + draw.randint(0, 60)]
        yield bytes(data)


def by_mutation(target: str, executions: int, seed: int = 0) -> Run:
    """Run a target so many times on mutated seeds."""
    found: dict[str, bytes] = {}
    for _, data in zip(range(executions), mutated(target, seed), strict=False):
        if (where := crash(target, data)) is not None:
            found.setdefault(where, data)
    return Run(target, executions, tuple(found))


def _escaped(word: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word)


def by_coverage(target: str, seconds: int, folder: Path) -> Run:
    """Run a target for so long in a process of its own, guided by coverage; what crashes it is kept in a folder."""
    corpus, crashes = folder / target / "corpus", folder / target / "crashes"
    for each in (corpus, crashes):
        each.mkdir(parents=True, exist_ok=True)
    for earlier in crashes.iterdir():
        # What crashed last time may be mended since; its input is in the corpus below if it was kept as a finding.
        earlier.unlink()
    for data in [*TARGETS[target].seeds(), *(path.read_bytes() for path in findings(target))]:
        (corpus / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    words = folder / target / "words"
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in WORDS))
    options = [
        f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=1500", "-max_len=20000", "-print_final_stats=1",
        "-seed=1", f"-dict={words}", f"-artifact_prefix={crashes}/", str(corpus),
    ]  # fmt: skip
    command = [sys.executable, "-m", "tests.fuzz.guided", target, str(crashes), *options]
    done = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace", cwd=ROOT)
    count = re.search(r"stat::number_of_executed_units: (\d+)", done.stderr)
    (folder / target / "log").write_text(done.stderr)
    where = [path.read_text().splitlines()[0] for path in sorted(crashes.glob("*.txt"))]
    # A time-out, too much memory or a fault below Python ends the process and leaves its input.
    where += [path.name for path in sorted(crashes.glob("*-*"))]
    if done.returncode and not where:
        where.append(f"the fuzzer ended with {done.returncode}: {done.stderr.strip().splitlines()[-1:]}")
    return Run(target, int(count[1]) if count else 0, tuple(where))

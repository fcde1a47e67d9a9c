"""The script for xlwings Lite answers as the core does: in plain Python without packages, and in Pyodide under Node."""

import json
import os
import random
import shutil
import subprocess
import sys
from typing import Any, NamedTuple, get_args

import pytest
from typer.testing import CliRunner

from iif_reckoner import functions, rulesets
from iif_reckoner.cli import app
from iif_reckoner.errors import FileProblemError, InputError, UnknownNameError
from iif_reckoner.functions import Problem
from iif_reckoner.model import Scoring, Status
from iif_reckoner.rules_table import to_rows
from tests.conftest import ROOT, TESTS
from tests.strategies import MADE_UP

LITE = TESTS / "lite"
MADE_UP_FILE = TESTS / "made_up" / "2031-32.v1.toml"
PLAIN = [sys.executable, "-I", "-S", str(LITE / "host.py")]
NODE = ["node", str(LITE / "run.mjs")]
ERROR = {"type": "Error", "basicValue": "#N/A"}
ODD = ["", ERROR, "56", "many", -1, 2.5, True, 10**13, "#REF!"]
"""Cells that are no count."""

OPTIONAL = {
    "IIF_POINTS": [],
    "IIF_VALUE": ["list_size"],
    "IIF_GAP": ["target"],
    "IIF_ACHIEVEMENT": [],
    "IIF_STATUS": [],
    "IIF_EXPLAIN": ["list_size"],
}
"""The arguments before `rules`."""


def column(cells):
    return [[cell] for cell in cells]


def rows_of(ruleset, how_many, odd):
    """Columns of codes, counts, baselines and list sizes: exact ties and, where asked for, odd cells among them."""
    chance = random.Random(f"{ruleset.id} {odd}")
    made = []
    for _ in range(how_many):
        row = chance.choice(ruleset.indicators)
        denominator = chance.choice([0, 3, 20, *(chance.randint(1, most) for most in (100, 5_000, 50_000, 300_000))])
        most = denominator if row.unit.bounded else denominator * 3
        ties = [int(t * denominator) for t in (row.lower_threshold, row.upper_threshold) if t is not None] or [0]
        between = chance.randint(min(ties), max(ties))
        numerator = min(most, chance.choice([0, most, chance.randint(0, most), between, between, *ties]))
        before = chance.randint(1, 5_000)
        cells = [row.code, numerator, denominator, chance.randint(0, before), before, chance.randint(1, 90_000)]
        if odd and chance.random() < 0.2:
            cells[chance.randrange(len(cells))] = chance.choice([*ODD, "VI-99"])
        made.append(cells)
    return [column(cells) for cells in zip(*made, strict=True)]


def calls_of(ruleset, how_many, *, odd):
    """One call of every function over all rows, without rules: the script has its own."""
    codes, numerators, denominators, *base, lists = rows_of(ruleset, how_many, odd)
    targets = column(["upper", "lower", "", "Upper", "sideways"][n % 5] if odd else "lower" for n in range(how_many))
    extra = {"list_size": lists, "target": targets}
    calls = []
    for name, before in OPTIONAL.items():
        after = [[]] if name in ("IIF_VALUE", "IIF_EXPLAIN") else []
        calls.append([name, [codes, numerators, denominators, *(extra[key] for key in before), [], *after, *base]])
    return calls


def shapes(code):
    """Single cells, rows, columns and blocks, such as fit and such as do not; arguments left out."""
    one, many = [[code]], [[code], [code], ["VI-99"]]
    return [
        ["IIF_POINTS", [one, [[160]], [[200]]]],
        ["IIF_POINTS", [one, [[160, 12, ""]], [[200]]]],
        ["IIF_POINTS", [many, [[160, 12]], [[200], [100], [50]]]],
        ["IIF_POINTS", [many, [[1], [2]], [[200]]]],
        ["IIF_GAP", [one, [[3]], [[200]], [["upper", "lower"]]]],
        ["IIF_VALUE", [many, [[3]], [[200]], [[0, 9_000, ""]], [], [[1.25]]]],
        ["IIF_EXPLAIN", [many, [[3, "x"]], [[200]], [[9_000]]]],
        ["IIF_ENGINE", []],
    ]


def expected(name, arguments, rules):
    """What the core says to the same cells."""
    cells = [[[handed(cell) for cell in row] for row in block] if block else None for block in arguments]
    if name == "IIF_ENGINE":
        return [[functions.IIF_ENGINE()]]
    place = 3 + len(OPTIONAL[name])
    cells += [None] * (place + 1 - len(cells))
    cells[place] = cells[place] or rules
    return [[taken(cell) for cell in row] for row in getattr(functions, name)(*cells)]


def handed(cell):
    if isinstance(cell, dict):
        return cell["basicValue"]
    return None if cell == "" else cell


def taken(cell):
    return cell.kind if isinstance(cell, Problem) else cell


class Play(NamedTuple):
    """A script, calls of its functions, and what the core says to them."""

    script: str
    calls: list[Any]
    core: list[Any]


@pytest.fixture(scope="module")
def plays(tmp_path_factory):
    """The scripts of the made-up ruleset and of every shipped one as the command writes them, each with its calls."""
    folder = tmp_path_factory.mktemp("lite")
    found = {}
    for name in [str(MADE_UP_FILE), *rulesets.ids()]:
        path = folder / "main.py"
        written = CliRunner().invoke(app, ["lite", "--ruleset", name, "--output", str(path), "--replace"])
        assert (written.exit_code, written.stdout) == (0, f"{path}\n"), written.output
        ruleset = rulesets.load(name)
        calls = calls_of(ruleset, 60, odd=False)
        if ruleset.id == MADE_UP.id:
            calls = calls_of(ruleset, 2_000, odd=False) + calls_of(ruleset, 1_000, odd=True)
        calls += shapes(ruleset.codes[-1])
        found[name] = Play(path.read_text("utf-8"), calls, [expected(*call, name) for call in calls])
    return found


def answers(command, *scripts_and_calls):
    text = json.dumps(scripts_and_calls)
    found = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr[-2_000:]
    return json.loads(found.stdout)


def agree(command, plays):
    found = answers(command, *((play.script, play.calls) for play in plays.values()))
    for (rules, play), told in zip(plays.items(), found, strict=True):
        for (name, _), cells, core in zip(play.calls, told, play.core, strict=True):
            assert cells == core, (rules, name)


def test_in_plain_python_without_packages_it_answers_as_the_core_does(plays):
    agree(PLAIN, plays)


def test_in_pyodide_it_answers_as_the_core_does(plays):
    missing = "node" if shutil.which("node") is None else "tests/lite/node_modules"
    if missing == "node" or not (LITE / "node_modules" / "pyodide").is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"{missing} not found, and CI must not go without it")
        pytest.skip(f"{missing} not found: the script was not run in Pyodide; install Node and run make check")
    agree(NODE, plays)


def test_every_way_of_scoring_every_status_and_every_problem_is_among_the_calls(plays):
    play = plays[str(MADE_UP_FILE)]
    assert {code for [code] in play.calls[0][1][0]} == set(MADE_UP.codes)
    assert {row.scoring for row in MADE_UP.indicators} >= set(get_args(Scoring))
    cells = [cell for block in play.core for row in block for cell in row]
    assert {*get_args(Status), "#VALUE!", "#N/A", ""} <= set(cells)
    assert len(cells) > 15_000


def test_a_wrong_sum_in_the_script_is_noticed(plays):
    play = plays["2025-26.v1"]
    wrong = play._replace(script=play.script.replace("(2 * abs(top) + bottom)", "(2 * abs(top))"))
    assert wrong != play
    with pytest.raises(AssertionError, match="IIF_VALUE"):
        agree(PLAIN, {"2025-26.v1": wrong})


@pytest.mark.parametrize("asked", ["2025/26", "2025-26", "2025/2026", "2025-26.v1", ""])
def test_the_ruleset_of_the_script_goes_by_its_year_and_its_id(asked, plays):
    call = ["IIF_POINTS", [[["CAN-04"]], [[143]], [[200]], [[asked]]]]
    assert answers(PLAIN, (plays["2025-26.v1"].script, [call])) == [[[[9.53333333333]]]]


def test_another_year_is_not_there_and_said_so(plays):
    cells = [[["CAN-04"]], [[143]], [[200]]]
    calls = [["IIF_POINTS", [*cells, [["2024/25"]]]], ["IIF_EXPLAIN", [*cells, [], [["2024/25"]]]]]
    assert answers(PLAIN, (plays["2025-26.v1"].script, calls)) == [[[["#N/A"]], [["#N/A"]]]]


def test_a_rules_table_goes_before_the_ruleset_of_the_script(plays):
    table = to_rows(rulesets.load("2023-24.v1"))
    table = [[("" if cell is None else cell) for cell in row] for row in table]
    call = ["IIF_VALUE", [[["ACC-08"]], [[164917]], [[186624]], [[60373]], table]]
    assert answers(PLAIN, (plays["2025-26.v1"].script, [call])) == [[[[11558.71]]]]


def test_the_same_script_is_written_each_time(plays, tmp_path):
    path = tmp_path / "main.py"
    subprocess.run(
        [sys.executable, "-m", "iif_reckoner", "lite", "--ruleset", "2025/26", "--output", str(path)],
        check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7"},
        capture_output=True,
    )
    assert path.read_bytes() == plays["2025-26.v1"].script.encode()


def test_the_script_holds_the_sources_as_they_stand_and_no_number_of_another_year(plays):
    text = plays["2025-26.v1"].script
    for module in ("exact", "model", "reckon", "explain", "functions/__init__", "functions/cells"):
        assert (ROOT / "iif_reckoner" / f"{module}.py").read_text("utf-8") in text
    assert "CAN-02" not in text
    for other in ("pydantic", "pandas", "tomllib", "openpyxl"):
        assert f"import {other}" not in text


def test_assumed_figures_are_said_and_can_be_left_out(tmp_path):
    path = tmp_path / "main.py"
    call = ["IIF_POINTS", [[[rulesets.load("2026/27").codes[0]]], [[1]], [[1]]]]
    for options, points in (([], "a number"), (["--no-assumed", "--replace"], "")):
        found = CliRunner().invoke(app, ["lite", "--ruleset", "2026/27", "--output", str(path), *options])
        assert found.exit_code == 0
        said = "numbers of 2026-27.v1 are not out; the script has those of 2025-26.v1 as assumed"
        assert (said in found.stderr) == (not options)
        [[[[cell]]]] = answers(PLAIN, (path.read_text("utf-8"), [call]))
        assert cell == points if points == "" else cell > 0


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        (["--ruleset", "2019/20"], UnknownNameError, "no ruleset '2019/20'; nearest: "),
        (
            ["--ruleset", "2025/26", "--output", "main.txt"],
            InputError,
            "--output: 'main.txt' is no script's name; write one that ends in .py",
        ),
        (
            ["--ruleset", "2025/26", "--output", "there.py"],
            FileProblemError,
            "there.py: exists already; give another name, or --replace to overwrite it",
        ),
    ],
)
def test_what_cannot_be_is_said_in_one_line_and_nothing_is_written(options, error, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.py").write_text("mine", "utf-8")
    with pytest.raises(error) as raised:
        CliRunner().invoke(app, ["lite", *options], catch_exceptions=False)
    assert str(raised.value).startswith(message)
    assert "\n" not in str(raised.value)
    assert [path.read_text("utf-8") for path in tmp_path.iterdir()] == ["mine"]

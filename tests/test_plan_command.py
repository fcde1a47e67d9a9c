"""`plan` and `agenda` as a user types them: what they print, and each thing that cannot be."""

import csv
import io
import json
from dataclasses import replace
from datetime import date

import pytest

from iif_reckoner.build import make
from iif_reckoner.figures.content import Action, Planned
from iif_reckoner.package import Package
from tests import workbook_engines as engines
from tests.test_cli import last, quick
from tests.workbook_engines import spot


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planned")
    of = replace(
        engines.content("2025-26.v1", "half-empty"),
        planned={
            "HI-03": Planned(minutes=30.0, tier="top", decided_by="Sam", decided_on=date(2025, 9, 4)),
            "CAN-04": Planned(minutes=10.0, board_lead="Dr Board"),
        },
        hours_left=40.0,
        outside=("A new garden",),
        actions=(
            Action(what="Ring the last ten", indicator="HI-03", owner="Sam", due=date(2025, 8, 1), state="open"),
            Action(what="Book the room", due=date(2025, 9, 30)),
            Action(what="Done long ago", due=date(2025, 5, 1), state="done"),
        ),
    )
    (folder / "book.xlsx").write_bytes(make(of))
    (folder / "untimed.xlsx").write_bytes(make(replace(of, planned={})))
    return folder


def records(found):
    assert found.returncode == 0, found.stderr
    return list(csv.DictReader(io.StringIO(found.stdout)))


def test_the_plan_in_every_form(books):
    table = quick("plan", books / "book.xlsx")
    assert (table.returncode, table.stderr) == (0, "")
    assert [line.rstrip() for line in table.stdout.splitlines() if line.strip()] == PLAN
    rows = json.loads(quick("plan", books / "book.xlsx", "--format", "json").stdout)
    assert [row["indicator"] for row in rows] == ["HI-03", "CAN-04"]
    assert (rows[0]["tier"], rows[0]["decided_by"], rows[0]["decided_on"]) == ("top", "Sam", "4 Sep 2025")
    assert (rows[0]["patients"], rows[0]["hours"], rows[0]["per_hour_gbp"]) == (209, 104.5, round(7128 / 104.5, 12))
    assert [row["indicator"] for row in records(quick("plan", books / "book.xlsx", "--format", "csv"))] == [
        "HI-03",
        "CAN-04",
    ]
    assert [row["indicator"] for row in records(
        quick("plan", books / "book.xlsx", "--indicator", "can04", "--format", "csv")
    )] == ["CAN-04"]  # fmt: skip


def test_the_best_plan(books):
    table = quick("plan", books / "book.xlsx", "--hours", "80")
    assert (table.returncode, table.stderr) == (0, "")
    assert [line.rstrip() for line in table.stdout.splitlines() if line.strip()] == BEST
    rows = records(quick("plan", books / "book.xlsx", "--hours", "80", "--format", "csv"))
    assert {row["practice_code"][:3] for row in rows} == {"X99"}
    assert sum(float(row["hours"]) for row in rows) <= 80
    assert all(int(row["patients"]) > 0 for row in rows)


@pytest.mark.parametrize(
    ("book", "options", "code", "words"),
    [
        ("book", ["--indicator", "HI-93"], 11, "no indicator 'HI-93' in 2025-26.v1; nearest: HI-03"),
        ("book", ["--hours", "many"], 12, "--hours: 'many' is no number of hours; write such as 120 or 7.5"),
        ("book", ["--hours", "0"], 12, "book.xlsx: hours: 0 leave nothing to plan; write more than 0"),
        ("book", ["--hours", "-4"], 12, "book.xlsx: hours: -4 leave nothing to plan; write more than 0"),
        ("untimed", ["--hours", "5"], 12,
         "untimed.xlsx: no indicator that can still win has minutes per patient; write them on the sheet Plan"),
    ],
)  # fmt: skip
def test_what_cannot_be_planned(books, book, options, code, words):
    assert last(quick("plan", books / f"{book}.xlsx", *options), code) == words


def test_where_the_hours_win_nothing(books):
    found = quick("plan", books / "book.xlsx", "--hours", "40")
    assert (found.returncode, found.stdout, found.stderr) == (0, "book.xlsx: nothing can be won in 40 hours\n", "")


def test_minutes_that_are_none_are_named(books, tmp_path):
    package = Package.open(books / "book.xlsx")
    path = tmp_path / "book.xlsx"
    path.write_bytes(engines.changed(package, {spot("plan_minutes"): "ten"}))
    for command in (["plan"], ["plan", "--hours", "5"], ["agenda"]):
        found = quick(command[0], path, *command[1:])
        assert last(found, 12) == "book.xlsx: Plan H8: 'ten' is not a number; write a number, without commas"
    path.write_bytes(engines.changed(package, {spot("plan_minutes"): "10"}))
    advice = "it is text for Excel: give the cell the format Number and write it again"
    assert last(quick("plan", path), 12) == f"book.xlsx: Plan H8: '10' is not a number; {advice}"


def test_the_agenda_in_every_form(books):
    table = quick("agenda", books / "book.xlsx")
    assert (table.returncode, table.stderr) == (0, "")
    assert table.stdout.splitlines() == AGENDA
    rows = records(quick("agenda", books / "book.xlsx", "--format", "csv"))
    assert {row["section"] for row in rows} == {line[3:] for line in AGENDA if line[:1].isdigit()} - {
        "Things working well"
    }
    assert [row["figure"] for row in rows if row["list"] == "Overdue"] == ["2025-08-01"]
    of_one = json.loads(quick("agenda", books / "book.xlsx", "--format", "json", "--indicator", "HI03").stdout)
    assert {row["indicator"] for row in of_one} == {"HI-03"}
    assert [row["item"] for row in of_one if row["list"] == "Overdue"] == ["Ring the last ten (Sam)"]
    assert last(quick("agenda", books / "book.xlsx", "--indicator", "HI-93"), 11) == (
        "no indicator 'HI-93' in 2025-26.v1; nearest: HI-03"
    )


PLAN = [
    "book.xlsx: do this first",
    "  indicator   tier                            why                                                              patients   hours    £ to win   £ per patient   £ per hour   within",
    " ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────",
    "  HI-03       top (decided: Sam 4 Sep 2025)   the most £ per hour; first 138 patients to the lower threshold        209   104.5   £7,128.00          £34.11       £68.21   in part",
    "  CAN-04                                      its figures or its baseline are missing",
    "All that can still be won needs 105 hours: the hours left are enough for those marked yes.",
]
BEST = [
    "book.xlsx: the plan that wins most in 80 hours",
    "  indicator   patients   hours        wins   status",
    " ─────────────────────────────────────────────────────────────",
    "  HI-03            160    80.0   £2,275.32   Below to Between",
    "1 indicator, 80.0 of 80 hours, £2,275.32 more",
]
AGENDA = [
    "Agenda of the monthly meeting: Ashwater and Fernhill PCN, position at the end of Aug 2025",
    "",
    "1  Things working well",
    "   nothing",
    "",
    "2  Progress against the actions log",
    "   Overdue: 1",
    "      Ring the last ten (Sam): 2025-08-01",
    "   Due in the month after: 1",
    "      Book the room: 2025-09-30",
    "",
    "3  Update of the dashboard",
    "   Points earned: 0.00",
    "   Pounds won: £0.00",
    "   Pounds still to win: £7,128.00",
    "   Points earned, the month before: 0.00",
    "   Pounds won, the month before: £0.00",
    "   Pounds still to win, the month before: £7,128.00",
    "   Indicators met: 0",
    "   Indicators between: 0",
    "   Indicators below: 1",
    "",
    "4  Achievements outside the scheme",
    "   A new garden",
    "",
    "5  Review of workload",
    "   Hours that the top tier needs: 104.5",
    "   Hours left until the end of the year: 40.0",
    "   Top tier, most £ first: 1",
    "      HI-03  Learning disability check, action plan and ethnicity, 14+: 209 to the upper threshold",
    "",
    "6  Risks and issues",
    "   Below the lower threshold, most £ first: 1",
    "      HI-03  Learning disability check, action plan and ethnicity, 14+: £7,128.00",
    "   Practices without figures: 3",
    "      X99003  Canal Street Practice",
    "      X99006  Fernhill Family Practice",
    "      X99009  Ivy House Surgery",
]

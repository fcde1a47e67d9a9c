"""`what-if`, `bridge` and `reconcile` as people run them: what they print, what they refuse, the letter."""

import csv
import io
import json
from dataclasses import replace

import pandas as pd
import pytest

from iif_reckoner import rulesets
from iif_reckoner.build import make
from iif_reckoner.figures.content import Compared, Content, Practice
from iif_reckoner.sources import read_counts
from tests.desk_books import ran, written
from tests.test_compare import content


def pcn():
    """Three practices that have done two thirds of one indicator and all of the other at the end of the year."""
    of = content("2025-26.v1")
    few = of.practices[:3]
    counts = {}
    for place, practice in enumerate(few):
        for month in (10, 11, 12):
            register = 60 + 10 * place + month
            counts[practice.code, "HI-03", month] = (register * 2 // 3 - (12 - month), register)
            counts[practice.code, "CAN-04", month] = (50, 50)
    del counts[few[2].code, "HI-03", 11]
    return replace(of, practices=few, counts=counts, compared=Compared(evidence={"HI-03": "Searched on 3 May."}))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compare")
    of = pcn()
    written(folder / "book.xlsx", make(of))
    written(folder / "old.xlsx", make(replace(of, overrides={("SCHEME", "point_value_gbp"): 180})))
    written(folder / "none.xlsx", make(replace(of, counts={})))
    rows = [("practice_code", "indicator", "month", "numerator", "denominator")]
    for (who, what, month), (numerator, denominator) in of.counts.items():
        if month == 12 and (who, what) != (of.practices[1].code, "CAN-04"):
            done = numerator - 4 if (who, what) == (of.practices[0].code, "HI-03") else numerator
            rows.append((who, what, "2026-03", done, denominator))
    with (folder / "cqrs.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return folder


def table(text):
    """The rows of a printed table without its lines and spaces."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip(" ─")]


BRIDGE = [
    "book.xlsx: from Feb 2026 to Mar 2026",
    "indicator then practices missing rules list size prevalence denominator patients now",
    "HI-03 £1,828.89 +£157.60 -£190.00 +£434.63 £2,231.12",
    "CAN-04 £4,356.00 £4,356.00",
    "all £6,184.89 +£157.60 -£190.00 +£434.63 £6,587.12",
]

WHAT_IF = [
    "book.xlsx: what if",
    "indicator counted if points if won if more",
    "HI-03 163 of 246 240 of 250 11.27 36.00 £2,231.12 £7,200.00 +£4,968.88",
    "CAN-04 150 of 150 150 of 150 22.00 22.00 £4,356.00 £4,400.00 +£44.00",
    "all 33.27 58.00 £6,587.12 £11,600.00 +£5,012.88",
    "One more patient on the register",
    "indicator not in numerator in numerator",
    "HI-03 -£95.61 +£48.69 Brings money if more of those found are done than of the others.",
    "CAN-04 £0.00 £0.00 Changes nothing while achievement stays at the upper threshold.",
]

RECONCILE = [
    "book.xlsx beside official figures, end of Mar 2026",
    "indicator ours official less of points less pounds less credited",
    "HI-03 163 of 246 159 of 246 -4 -2.93 -579.51",
    "CAN-04 150 of 150 100 of 100 -50 -50 +0.00 +0.00",
    "all -2.93 -579.51",
    "Less: official less ours. Of: the same for the denominator.",
    "Practices",
    "practice indicator ours official may come from",
    "X99001 HI-03 48 of 72 44 of 72 late coding",
    "X99002 CAN-04 50 of 50 none figures not sent, or counted with another PCN (membership date)",
    "Evidence, HI-03: Searched on 3 May.",
]

LETTER = """\
Ashwater and Fernhill PCN (U99901)

Date: ____________________
To:   ____________________________________________________________

Investment and Impact Fund 2025/26: figures at the end of Mar 2026

The official figures of our PCN (cqrs.csv) differ from ours. Please look at the
indicators below before payment is settled, and tell us how yours were counted.

Indicator        Ours    Official  Points less  Pounds less
HI-03      163 of 246  159 of 246        -2.93      -579.51
CAN-04     150 of 150  100 of 100        +0.00        +0.00

Less: official less ours. What each difference may come from, and our evidence:

HI-03: may come from late coding.
Evidence: Searched on 3 May.

CAN-04: may come from figures not sent, or counted with another PCN (membership date).
Evidence: ____________________________________________________________

Signed: ________________________________________
Name:   ________________________________________
For the PCN Ashwater and Fernhill PCN
"""


def test_the_bridge_of_two_months(folder, capsys):
    code, out, err = ran(capsys, "bridge", folder / "book.xlsx", "--to", "Mar 2026")
    assert (code, err) == (0, "")
    assert table(out) == BRIDGE


def test_the_bridge_from_another_workbook(folder, capsys):
    arguments = (
        "bridge",
        folder / "book.xlsx",
        "--before",
        folder / "old.xlsx",
        "--from",
        "2026-01",
        "--format",
        "json",
    )
    code, out, err = ran(capsys, *arguments)
    assert (code, err) == (0, "")
    rows = json.loads(out)
    for row in rows:
        parts = [value or 0 for name, value in row.items() if name.endswith("_gbp") and not name.startswith("value")]
        assert round(sum(parts), 2) == round((row["value_after_gbp"] or 0) - (row["value_before_gbp"] or 0), 2)
    # CAN-04 has all 22 points in both: £18 more for each.
    assert rows[1]["rules_gbp"] == 396


def test_what_if(folder, capsys):
    code, out, err = ran(capsys, "what-if", folder / "book.xlsx", "--set", "hi03=240/250", "--point-value", "200")
    assert (code, err) == (0, "")
    assert table(out) == WHAT_IF
    code, out, _ = ran(
        capsys, "what-if", folder / "book.xlsx", "--leave", "x99003", "--join", "5000", "--indicator", "CAN-04", "--format", "csv",
    )  # fmt: skip
    assert code == 0
    assert list(pd.read_csv(io.StringIO(out))["denominator_if"]) == [100 + round(100 * 5000 / (11482 + 8973))]


def test_reconcile(folder, capsys):
    letter = folder / "letter.txt"
    arguments = ("reconcile", folder / "book.xlsx", "--official", folder / "cqrs.csv")
    code, out, err = ran(capsys, *arguments, "--letter", letter)
    assert code == 0
    assert table(out) == RECONCILE
    assert err.endswith("note: letter.txt written\n")
    assert letter.read_text("utf-8") == LETTER
    code, _, err = ran(capsys, *arguments, "--letter", letter)
    assert code == 13
    code, _, _ = ran(capsys, *arguments, "--letter", folder / "letter.html", "--format", "csv")
    page = (folder / "letter.html").read_text("utf-8")
    assert code == 0
    assert "<td>HI-03</td>" in page
    assert "Evidence: Searched on 3 May." in page


def test_evidence_of_a_practice(folder, capsys):
    said = folder / "said.csv"
    said.write_text("practice_code,indicator,evidence\nx99001,hi-03,Four were coded in April\n", "utf-8")
    code, out, _ = ran(
        capsys, "reconcile", folder / "book.xlsx", "--official", folder / "cqrs.csv", "--evidence", said, "--format", "json"
    )  # fmt: skip
    rows = {(row["practice_code"], row["indicator"]): row for row in json.loads(out)}
    assert code == 0
    assert rows["X99001", "HI-03"]["evidence"] == "Four were coded in April"
    assert rows[None, "HI-03"]["evidence"] == "Searched on 3 May."
    assert rows["X99001", "HI-03"]["numerator_less"] == -4
    assert rows["X99002", "CAN-04"]["may_come_from"].startswith("figures not sent")


def test_the_letter_of_one_indicator_with_the_evidence_of_a_practice(folder, capsys):
    said, letter = folder / "own.csv", folder / "one.txt"
    said.write_text("practice_code,indicator,evidence\nX99001,HI-03,Four coded in April\nX99001,CAN-04,None\n", "utf-8")
    arguments = ("--official", folder / "cqrs.csv", "--evidence", said, "--letter", letter, "--indicator", "hi03")
    code, out, _ = ran(capsys, "reconcile", folder / "book.xlsx", *arguments)
    assert code == 0
    assert "CAN-04" not in out
    text = letter.read_text("utf-8")
    assert "CAN-04" not in text
    assert "Evidence: Searched on 3 May.\nEvidence of X99001: Four coded in April\n" in text


def test_the_letter_is_none_of_the_files_that_are_read(folder, capsys):
    official, said = folder / "cqrs.txt", folder / "said.txt"
    official.write_bytes((folder / "cqrs.csv").read_bytes())
    said.write_text("practice_code,indicator,evidence\nX99001,HI-03,Four coded in April\n", "utf-8")
    for path in (official, said):
        before = path.read_bytes()
        arguments = ("--official", official, "--evidence", said, "--letter", path, "--replace")
        line = f"--letter: {path} is one of the files that are read; give the letter another name\n"
        assert ran(capsys, "reconcile", folder / "book.xlsx", *arguments) == (12, "", line)
        assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("bridge", "book.xlsx", "--from", "2024-01"), 12,
         "--from: '2024-01' is no month of 2025/26; write one from 2025-04 to 2026-03"),
        (("bridge", "book.xlsx", "--indicator", "HI-3"), 11, "no indicator 'HI-3'; nearest: HI-03"),
        (("what-if", "book.xlsx", "--indicator", "HI-3"), 11, "no indicator 'HI-3' in 2025-26.v1; nearest: HI-03"),
        (("what-if", "book.xlsx", "--set", "HI-03:3"), 12,
         "--set: 'HI-03:3' is not understood; write HI-03=310/400, or HI-03=310/ for one of the two"),
        (("what-if", "book.xlsx", "--set", "HI-03=9/3"), 12,
         "HI-03: numerator 9 is more than its denominator 3; check the two figures"),
        (("what-if", "book.xlsx", "--prevalence", "HI-03=x"), 12,
         "--prevalence: 'HI-03=x' is not understood; write HI-03=1.05"),
        (("what-if", "book.xlsx", "--point-value", "much"), 12,
         "--point-value: 'much' is no number; write pounds such as 198 or 200.50"),
        (("what-if", "book.xlsx", "--leave", "X9900"), 11,
         "no practice 'X9900' in book.xlsx; nearest: X99001, X99002, X99003"),
        (("reconcile", "none.xlsx", "--official", "cqrs.csv"), 12,
         "none.xlsx: no figures yet; fill in a month before it is held against official ones"),
        (("reconcile", "book.xlsx", "--official", "cqrs.csv", "--month", "2026-02"), 12,
         "--month: no figures of 2026-02 in the files; they have 2026-03"),
        (("reconcile", "book.xlsx", "--official", "cqrs.csv", "--letter", "letter.pdf"), 12,
         "--letter: letter.pdf is neither .txt nor .html; name it such as letter.html"),
        (("reconcile", "book.xlsx", "--official", "cqrs.csv", "--evidence", "cqrs.csv"), 12,
         "cqrs.csv: no column is headed 'evidence'; write practice_code, indicator, evidence"),
    ],
)  # fmt: skip
def test_bad_input(folder, capsys, monkeypatch, arguments, code, message):
    monkeypatch.chdir(folder)
    found, out, err = ran(capsys, *arguments)
    assert (found, out) == (code, "")
    assert err.splitlines()[-1] == message


def test_the_published_file_of_2023_24(nhs_data, tmp_path, capsys):
    file, rules = nhs_data / "IIF_indicators_annual_pub_2023_24.csv", rulesets.load("2023-24.v1", assumed=False)
    rows = read_counts(file, rules).rows
    rows = rows[(rows["indicator"] == "ACC-08") & (rows["level"] == "practice") & (rows["denominator"] > 1000)].head(3)
    counts = {
        (row.organisation_code, "ACC-08", 12): (int(row.numerator) + 7 * place, int(row.denominator) + 7 * place)
        for place, row in enumerate(rows.itertuples())
    }
    practices = tuple(Practice(code=who, name=who, list_size=9_000) for who, _, _ in counts)
    of = Content(
        ruleset=rules, assumed=rulesets.load("2023-24.v1"), pcn_code="U1", pcn_name="PCN", practices=practices,
        counts=counts, macros=False,
    )  # fmt: skip
    book = written(tmp_path / "book.xlsx", make(of))
    code, out, _ = ran(
        capsys, "reconcile", book, "--official", file, "--indicator", "ACC-08", "--format", "json"
    )  # fmt: skip
    whole, *each = json.loads(out)
    assert code == 0
    assert [(row["numerator_less"], row["denominator_less"]) for row in each] == [(0, 0), (-7, -7), (-14, -14)]
    assert (whole["numerator_less"], whole["denominator_less"]) == (-21, -21)
    assert whole["awarded_gbp"] > 0
    assert "appointment slots mapped otherwise" in whole["may_come_from"]

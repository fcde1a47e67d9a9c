"""The shipped rulesets: eleven held against figures written down here by hand, and rules that every one obeys.

A ruleset that is added obeys the rules at once. Its figures are held against a second reading once they stand here: in
`VERSIONS`, `SCHEMES`, `TABLE`, `NOT_SCORED`, `FIGURES` and `FUNDS`.
"""

import csv
import os
import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from iif_reckoner import rulesets
from iif_reckoner.rulesets import FOLDER

NHS_DATA = Path(os.environ.get("IIF_NHS_DATA", Path(__file__).resolve().parents[2] / "shared" / "data" / "nhs-england"))
VERSIONS = (
    "2020-21.v1",
    "2021-22.v1",
    "2021-22.v2",
    "2021-22.v3",
    "2022-23.v1",
    "2022-23.v2",
    "2023-24.v1",
    "2024-25.v1",
    "2024-25.v2",
    "2025-26.v1",
    "2026-27.v1",
)
RULESETS = {ruleset.id: ruleset for ruleset in rulesets.load_all()}
NINE_SMR = [f"SMR-{family}{part}" for family in ("01", "02") for part in "ABCD"] + ["SMR-03"]
ALL_THREE = ("points", "lower_threshold", "upper_threshold")

# Number of indicators, points declared, points in points_unattributed, pounds a point.
SCHEMES = {
    "2020-21.v1": (6, 194, 0, 111),
    "2021-22.v1": (6, 225, 0, 200),
    "2021-22.v2": (18, 666, 48, 200),  # the year's press counts 19; the one never identified has no entry
    "2021-22.v3": (5, 389, 0, 200),
    "2022-23.v1": (36, 1153, 82, 200),
    "2022-23.v2": (32, 989, 82, 200),
    "2023-24.v1": (5, 262, 0, 198),
    "2024-25.v1": (2, 58, 0, 198),
    "2024-25.v2": (2, 58, 0, 198),
    "2025-26.v1": (2, 58, 0, 198),
    "2026-27.v1": (2, None, 0, None),
}

# Points, lower and upper values by standing: primary, secondary, calculated, recalled, absent; and the indicators all
# of whose values are neither recalled nor absent. The collected table counts 'single' twice (lower and upper are one
# threshold) and the unidentified nineteenth indicator of October 2021 as three absent values; the files have one
# threshold and no such entry. Those differences are in TABLE_COUNTS_MORE, so that the table's own numbers stand here.
TABLE = {
    "2020-21.v1": ((0, 6, 0, 12, 0), 2),
    "2021-22.v1": ((0, 9, 1, 5, 1), 3),
    "2021-22.v2": ((0, 12, 5, 27, 7), 5),
    "2021-22.v3": ((1, 9, 0, 1, 0), 4),
    "2022-23.v1": ((0, 50, 0, 34, 22), 12),
    "2022-23.v2": ((0, 42, 0, 34, 20), 9),
    "2023-24.v1": ((0, 6, 1, 8, 0), 2),
    "2024-25.v1": ((0, 3, 1, 2, 0), 1),
    "2024-25.v2": ((0, 3, 1, 2, 0), 1),
    "2025-26.v1": ((0, 3, 0, 3, 0), 1),
    "2026-27.v1": ((0, 0, 0, 0, 6), 0),
}
TABLE_COUNTS_MORE = {
    "2021-22.v2": (0, 0, 1, 0, 3),  # ACC-02 once more; the nineteenth indicator
    "2022-23.v1": (0, 2, 0, 0, 0),  # ACC-02 and ACC-09 once more
    "2022-23.v2": (0, 1, 0, 0, 0),  # ACC-09 once more
}

SMR_MISSING = {code: ("points",) if "SMR-01" in code else ALL_THREE for code in NINE_SMR}
NOT_SCORED = {
    "2021-22.v1": {"HI-01": ("lower_threshold",)},
    "2021-22.v2": {
        "HI-01": ("lower_threshold",),
        "EHCH-03": ("points",),
        "ES-02": ("lower_threshold", "upper_threshold"),
    },
    "2022-23.v1": {
        "HI-01": ("lower_threshold",),
        "EHCH-06": ("lower_threshold", "upper_threshold"),
        **SMR_MISSING,
    },
    "2022-23.v2": {"HI-01": ("lower_threshold",), **SMR_MISSING},
    "2026-27.v1": {"HI-03": ("scoring", *ALL_THREE), "CAN-04": ("scoring", *ALL_THREE)},
}

# Code: scoring, points, lower, upper; a dash where nobody knows, a dot where there is none.
FIGURES = {
    "2020-21.v1": """
        VI-01 sliding 72 0.70 0.77   HI-01 sliding 47 0.49 0.80   PC-01 sliding 25 0.004 0.008
        MS-01 sliding 32 0.43 0.30   MS-02 sliding 12 0.40 0.25   MS-03 sliding 6 0.42 0.25""",
    "2021-22.v1": """
        VI-01 sliding 40 0.80 0.86   VI-02 sliding 88 0.57 0.90   VI-03 sliding 14 0.45 0.82
        HI-01 sliding 36 - 0.80   PC-01 sliding 20 0.008 0.012   ACC-01 binary 27 . .""",
    "2021-22.v2": """
        VI-01 sliding 40 0.80 0.86   VI-02 sliding 88 0.57 0.90   VI-03 sliding 14 0.45 0.82
        HI-01 sliding 36 - 0.80   HI-02 sliding 45 0.81 0.95   CVD-01 sliding 53 0.20 0.25
        CVD-02 improvement 53 0.004 0.008   PC-01 sliding 20 0.008 0.012   EHCH-01 sliding 18 0.30 0.85
        EHCH-02 sliding 18 0.80 0.98   EHCH-03 sliding - 0.80 0.98   EHCH-04 sliding 13 3 4   ACC-01 binary 27 . .
        ACC-02 single 27 . 0.13   ACC-03 binary 56 . .   ACC-04 binary 56 . .   ES-01 sliding 27 0.53 0.44
        ES-02 sliding 27 - -""",
    "2021-22.v3": """
        VI-01 sliding 40 0.80 0.86   VI-02 sliding 88 0.57 0.90   VI-03 sliding 14 0.45 0.82   ACC-01 binary 27 . .
        COV-01 binary 220 . .""",
    "2022-23.v1": """
        VI-01 sliding 40 0.80 0.86   VI-02 sliding 88 0.57 0.90   VI-03 sliding 14 0.45 0.82   HI-01 sliding 36 - 0.80
        HI-02 sliding 45 0.81 0.95   CVD-01 sliding 71 0.25 0.50   CVD-02 improvement 35 0.006 0.012
        CVD-03 sliding 31 0.48 0.58   CVD-04 sliding 18 0.20 0.48   CVD-05 sliding 66 0.70 0.95
        CVD-06 sliding 66 0.25 0.35   PC-01 sliding 20 0.012 0.016   EHCH-01 sliding 18 0.30 0.85
        EHCH-02 sliding 18 0.80 0.98   EHCH-04 sliding 13 6 8   EHCH-06 sliding 27 - -   AC-02 better_of 111 0.01 0.008
        ACC-02 single 18 . 0.26   ACC-05 binary 48 . .   ACC-07 sliding 44 0.066 0.19   ACC-08 sliding 71 0.85 0.90
        ACC-09 single 27 . 0.034   SMR-01A sliding - 0.44 0.62   SMR-01B sliding - 0.44 0.62
        SMR-01C sliding - 0.44 0.62   SMR-01D sliding - 0.44 0.62   SMR-02A sliding - - -   SMR-02B sliding - - -
        SMR-02C sliding - - -   SMR-02D sliding - - -   SMR-03 sliding - - -   RESP-01 sliding 31 0.71 0.90
        RESP-02 sliding 22 0.25 0.15   CAN-01 sliding 22 0.40 0.80   ES-01 sliding 27 0.44 0.35
        ES-02 sliding 44 22.1 18.0""",
    "2022-23.v2": """
        VI-01 sliding 40 0.80 0.86   VI-02 sliding 88 0.57 0.90   VI-03 sliding 14 0.45 0.82   HI-01 sliding 36 - 0.80
        HI-02 sliding 45 0.81 0.95   CVD-01 sliding 71 0.25 0.50   CVD-02 improvement 35 0.004 0.008
        CVD-03 sliding 31 0.48 0.58   CVD-04 sliding 18 0.20 0.48   CVD-05 sliding 66 0.70 0.95
        CVD-06 sliding 66 0.25 0.35   PC-01 sliding 20 0.008 0.012   EHCH-01 sliding 18 0.30 0.85
        EHCH-02 sliding 18 0.80 0.98   EHCH-04 sliding 13 6 8   AC-02 better_of 111 0.01 0.008
        ACC-07 sliding 44 0.066 0.19   ACC-09 single 27 . 0.034   SMR-01A sliding - 0.44 0.62
        SMR-01B sliding - 0.44 0.62   SMR-01C sliding - 0.44 0.62   SMR-01D sliding - 0.44 0.62
        SMR-02A sliding - - -   SMR-02B sliding - - -   SMR-02C sliding - - -   SMR-02D sliding - - -
        SMR-03 sliding - - -   RESP-01 sliding 31 0.71 0.90   RESP-02 sliding 22 0.25 0.15   CAN-01 sliding 22 0.40 0.80
        ES-01 sliding 27 0.44 0.35   ES-02 sliding 44 22.1 18.0""",
    "2023-24.v1": """
        VI-02 sliding 113 0.72 0.90   VI-03 sliding 20 0.64 0.82   HI-03 sliding 36 0.60 0.80
        CAN-02 sliding 22 0.65 0.80   ACC-08 sliding 71 0.85 0.90""",
    "2024-25.v1": "HI-03 sliding 36 0.60 0.80   CAN-02 sliding 22 0.65 0.80",
    "2024-25.v2": "HI-03 sliding 36 0.60 0.80   CAN-04 sliding 22 0.65 0.80",
    "2025-26.v1": "HI-03 sliding 36 0.60 0.80   CAN-04 sliding 22 0.65 0.80",
    "2026-27.v1": "HI-03 - - - -   CAN-04 - - - -",
}
LOWER_IS_BETTER = {"MS-01", "MS-02", "MS-03", "ES-01", "ES-02", "EHCH-06", "AC-02", "RESP-02"}
DECLARED_BY_PCN = {"ACC-03", "ACC-04", "ACC-05"}

# A fund is a quoted sum for all England in millions of pounds; the points that it stands for, and what is reckoned.
FUNDS = {
    "2020-21.v1": [("24.25", 194, "24.226")],
    "2021-22.v1": [("50.7", 225, "50.625"), ("9", 40, "9.000"), ("19.8", 88, "19.800"), ("3.2", 14, "3.150")],
    "2021-22.v2": [("10.1", 45, "10.125"), ("6.1", 27, "6.075"), ("12.2", 54, "12.150")],
    "2021-22.v3": [("87.6", 389, "87.525"), ("49.7", 220, "49.500")],
    "2022-23.v1": [
        ("34.6", 154, "34.650"),
        ("14.8", 66, "14.850"),
        ("14.8", 66, "14.850"),
        ("5", 22, "4.950"),
        ("4.1", 18, "4.050"),
        ("16", 71, "15.975"),
        ("37", 164, "36.900"),
    ],
    "2022-23.v2": [
        ("34.6", 154, "34.650"),
        ("14.8", 66, "14.850"),
        ("14.8", 66, "14.850"),
        ("5", 22, "4.950"),
        ("16", 71, "15.975"),
    ],
    "2023-24.v1": [
        ("59", 262, "58.361"),
        ("46", 204, "45.441"),
        ("16", 71, "15.815"),
        ("30", 133, "29.626"),
        ("13", 58, "12.919"),
    ],
    "2024-25.v1": [("13", 58, "12.919")],
    "2024-25.v2": [("13", 58, "12.919")],
    "2025-26.v1": [],
    "2026-27.v1": [],
}

# Standings of scoring, level, points, lower and upper threshold, as the collected table of the sources has them.
STANDINGS = """
    2020-21.v1 VI-01 s r s s s   2020-21.v1 PC-01 s r r r r   2021-22.v1 HI-01 s r c - r   2021-22.v1 ACC-01 r s r - -
    2021-22.v2 ACC-02 r - s - c   2021-22.v2 CVD-02 r r r r r   2021-22.v3 COV-01 s s p - -   2022-23.v1 AC-02 r p s s s
    2022-23.v1 ACC-05 s r s - -   2022-23.v1 CVD-02 s r r s s   2022-23.v2 CVD-02 s r r s s   2022-23.v2 PC-01 s p s s s
    2022-23.v2 ES-02 s r r r r   2022-23.v2 SMR-02A s p - - -"""

each_version = pytest.mark.parametrize("version", VERSIONS)
every_ruleset = pytest.mark.parametrize("version", rulesets.ids())


def by_code(version):
    return {indicator.code: indicator for indicator in RULESETS[version].indicators}


def standings(version):
    """Count the points, lower and upper values of a version by standing."""
    ruleset = RULESETS[version]
    counted, whole = Counter(), 0
    for indicator in ruleset.indicators:
        names = indicator.needed if indicator.scoring in ("binary", "single") else ALL_THREE
        found = [ruleset.standing(indicator.cite.get(name)) for name in names]
        counted.update(found)
        whole += not {"recalled", None} & set(found)
    return tuple(counted[name] for name in ("primary", "secondary", "calculated", "recalled", None)), whole


def words_of(ruleset):
    """Yield every text that is written in sentences, with the place where it stands."""
    yield "summary", ruleset.summary
    yield "note", ruleset.note
    if ruleset.average_list_size:
        yield "average_list_size note", ruleset.average_list_size.note
    for indicator in ruleset.indicators:
        for name in ("numerator_counts", "denominator_counts", "data_source"):
            yield f"{indicator.code} {name}", getattr(indicator, name)
        if indicator.note:
            yield f"{indicator.code} note", indicator.note
        if indicator.awarded:
            yield f"{indicator.code} awarded note", indicator.awarded.note
        for name in ("excluded", "personalised_care_adjustments"):
            yield from ((f"{indicator.code} {name}", text) for text in getattr(indicator, name))
        yield from ((f"{indicator.code} unknown {name}", text) for name, text in indicator.unknown.items())


def test_the_eleven_files_are_there():
    assert set(VERSIONS) <= set(RULESETS)
    assert rulesets.ids() == list(RULESETS)
    assert (FOLDER / "README.md").is_file()


@each_version
def test_scheme(version):
    ruleset = RULESETS[version]
    found = len(ruleset.indicators), ruleset.points_total, ruleset.points_unattributed, ruleset.point_value_gbp
    assert found == SCHEMES[version]
    assert (ruleset.rounding.points, ruleset.rounding.pounds) == (None, 2)


@each_version
def test_points_and_thresholds_of_every_indicator_in_official_order(version):
    cells = FIGURES[version].split()
    rows = [cells[at : at + 5] for at in range(0, len(cells), 5)]
    assert [row[0] for row in rows] == list(RULESETS[version].codes)
    for indicator, (code, scoring, *numbers) in zip(RULESETS[version].indicators, rows, strict=True):
        expected = [None if number in "-." else Fraction(number) for number in numbers]
        assert (indicator.scoring or "-") == scoring, code
        assert [indicator.points, indicator.lower_threshold, indicator.upper_threshold] == expected, code
        assert indicator.better == ("lower" if code in LOWER_IS_BETTER else "higher"), code
        assert {name for name in ("points", *ALL_THREE[1:]) if name in indicator.unknown} == {
            name for name, number in zip(ALL_THREE, numbers, strict=True) if number == "-"
        }, code


@pytest.mark.parametrize("version", ["2022-23.v1", "2022-23.v2"])
def test_the_second_route_of_ac_02(version):
    indicator = by_code(version)["AC-02"]
    assert (indicator.reduction_lower_threshold, indicator.reduction_upper_threshold) == (0, Fraction(1, 1000))
    assert indicator.level == "pcn"


@each_version
def test_how_much_is_known(version):
    counted, whole = standings(version)
    more = TABLE_COUNTS_MORE.get(version, (0, 0, 0, 0, 0))
    assert (tuple(map(sum, zip(counted, more, strict=True))), whole) == TABLE[version]


def test_standings_of_a_sample():
    letters = {"primary": "p", "secondary": "s", "calculated": "c", "recalled": "r", None: "-"}
    cells = STANDINGS.split()
    for version, code, *expected in (cells[at : at + 7] for at in range(0, len(cells), 7)):
        cite = by_code(version)[code].cite
        names = ("scoring", "level", "points", "lower_threshold", "upper_threshold")
        found = [letters[RULESETS[version].standing(cite.get(name))] for name in names]
        assert found == expected, (version, code)


@each_version
def test_indicators_that_cannot_be_scored(version):
    found = {indicator.code: indicator.missing for indicator in RULESETS[version].indicators if indicator.missing}
    assert found == NOT_SCORED.get(version, {})


@each_version
def test_units(version):
    units = {
        "percentage_points": {"CVD-02"},
        "per_bed": {"EHCH-01"},
        "mean": {"EHCH-04", "EHCH-06"},
        "kg_co2e": {"ES-02"},
        "per_patient": {"ACC-02", "ACC-09", "AC-02"},
        "ratio": {"ACC-07"},
        "practices": {"ACC-01", "COV-01"} | DECLARED_BY_PCN,
    }
    for indicator in RULESETS[version].indicators:
        assert indicator.unit.name == next((n for n, codes in units.items() if indicator.code in codes), "proportion")
        if indicator.code in DECLARED_BY_PCN:
            assert indicator.level == "pcn"
            assert indicator.numerator_counts.startswith("1 if ")
            assert indicator.denominator_counts == "1: the PCN."


@each_version
def test_national_prevalence_is_nowhere(version):
    for indicator in RULESETS[version].indicators:
        if indicator.prevalence is None:
            assert "prevalence" in indicator.unknown, indicator.code
        else:
            assert indicator.prevalence.national is None
            expected = {"CVD-01": "QOF hypertension register", "RESP-02": "QOF asthma register"}
            assert indicator.prevalence.population in (None, expected.get(indicator.code, "denominator"))


@every_ruleset
def test_whatever_is_left_out_says_what_was_said_of_it(version):
    for indicator in RULESETS[version].indicators:
        for name in ("prevalence", "level", "period", "cqrs"):
            assert (getattr(indicator, name) is None) == (name in indicator.unknown), (indicator.code, name)


def test_average_lists_are_exact_pairs_or_left_out():
    found = {
        version: (average.patients, average.pcns, str(average.on))
        for version in VERSIONS
        if (average := RULESETS[version].average_list_size)
    }
    assert found == {
        "2020-21.v1": (48_000, 1, "None"),
        "2022-23.v1": (61_750_479, 1_273, "2023-03-01"),
        "2022-23.v2": (61_750_479, 1_273, "2023-03-01"),
        "2023-24.v1": (62_974_367, 1_273, "2024-03-01"),
        "2026-27.v1": (63_216_178, 1_298, "2026-07-01"),
    }
    for version in found:
        assert "ot CQRS's own figure" in RULESETS[version].average_list_size.note


def test_acc_08_of_2023_24_was_credited_in_full():
    awarded = {
        (version, indicator.code): indicator.awarded.share
        for version in VERSIONS
        for indicator in RULESETS[version].indicators
        if indicator.awarded
    }
    assert awarded == {("2023-24.v1", "ACC-08"): 1}


def test_one_key_means_one_source():
    seen = {}
    for ruleset in RULESETS.values():
        for key, source in ruleset.sources.items():
            assert seen.setdefault(key, source) == source, (ruleset.id, key)
            assert (source.standing == "recalled") == (key == "R")
            assert source.url is None or source.url.startswith(("https://", "http://"))


@every_ruleset
def test_every_declared_source_is_cited(version):
    ruleset = RULESETS[version]
    cited = [*ruleset.cite.values(), *(fund.citation for fund in ruleset.funds)]
    cited += [ruleset.planning.citation] if ruleset.planning else []
    for indicator in ruleset.indicators:
        cited += [*indicator.cite.values(), *([indicator.awarded.citation] if indicator.awarded else [])]
    assert {key for citation in cited for key in citation.keys} == set(ruleset.sources)


@pytest.mark.parametrize("version", [v for v in VERSIONS if SCHEMES[v][3] is not None])
def test_quoted_sums_of_money(version):
    ruleset = RULESETS[version]
    points = {indicator.code: indicator.points for indicator in ruleset.indicators}
    assert len(ruleset.funds) == len(FUNDS[version])
    for fund, (quoted, of, reckoned) in zip(ruleset.funds, FUNDS[version], strict=True):
        total = sum(points[code] for code in fund.indicators)
        assert (fund.gbp_million, total) == (Fraction(quoted), of), fund.what
        share, pcns = ruleset.planning.share, ruleset.planning.pcns
        assert (share, pcns) == (Fraction(9, 10), 1_250)
        millions = share * pcns * total * ruleset.point_value_gbp / 1_000_000
        assert abs(millions - Fraction(reckoned)) <= Fraction(1, 2000), fund.what
        assert abs(millions / fund.gbp_million - 1) < Fraction(3, 100), fund.what


@pytest.mark.parametrize(
    ("key", "name"), [("D22", "indicator_dictionary_2022_23.csv"), ("D23", "indicator_dictionary_2023_24.csv")]
)
def test_cited_codes_stand_in_the_published_dictionaries(key, name):
    path = NHS_DATA / name
    if not path.is_file():
        pytest.skip(f"{path} is not here; set IIF_NHS_DATA to the folder of the published dictionaries")
    lines = [line for line in path.read_text(encoding="cp1252").splitlines() if line.strip()]
    payment = {row[0] for row in csv.reader(lines) if row[-1] == "Payment"}
    cited = {
        indicator.cqrs
        for ruleset in RULESETS.values()
        for indicator in ruleset.indicators
        if "cqrs" in indicator.cite and key in indicator.cite["cqrs"].keys
    }
    assert cited == payment


def test_codes_of_2025_26_stand_in_the_published_metadata():
    path = NHS_DATA / "NCD_metadata_2025_26.csv"
    if not path.is_file():
        pytest.skip(f"{path} is not here; set IIF_NHS_DATA to the folder of the published metadata")
    with path.open(encoding="utf-8-sig", newline="") as file:
        fractions = {row["INDICATOR_ID"] for row in csv.DictReader(file) if row["INDICATOR_TYPE"] == "FI"}
    assert {indicator.cqrs for indicator in RULESETS["2025-26.v1"].indicators} <= fractions


@every_ruleset
def test_words_are_sentences_and_no_names_of_keys(version):
    for place, text in words_of(RULESETS[version]):
        assert not re.search(r"[a-z]_[a-z]", text), (place, text)
        assert re.search(r"[^.]\.$", text), (place, text)
        assert text == " ".join(text.split()), (place, text)


def test_versions_of_a_year_follow_each_other():
    assert next(iter(RULESETS.values())).supersedes is None
    for earlier, later in pairwise(RULESETS.values()):
        assert later.supersedes == (earlier.id if earlier.year == later.year else None)
        assert later.start == earlier.end + timedelta(days=1)
        assert earlier.status == ("superseded" if earlier.year == later.year else "closed")
    assert [name for name, ruleset in RULESETS.items() if ruleset.status == "in_force"] == [rulesets.ids()[-1]]
    assert str(RULESETS["2024-25.v2"].start) == "2024-09-01"


def test_october_2022_is_april_2022_with_four_out_and_four_changed():
    april, october = by_code("2022-23.v1"), by_code("2022-23.v2")
    assert set(april) - set(october) == {"EHCH-06", "ACC-02", "ACC-05", "ACC-08"}
    assert [code for code in april if code in october] == list(october)
    changed = {code for code in october if october[code] != april[code]}
    assert changed == {"CVD-02", "PC-01", "CAN-01", "CVD-04"}
    assert "in the 7 days before or the 14 days after" in april["CAN-01"].numerator_counts
    assert "in the 21 days before or the 14 days after" in october["CAN-01"].numerator_counts
    for code in ("CAN-01", "CVD-04"):
        plain = {"name": "", "numerator_counts": "", "note": "", "excluded": ()}
        assert replace(april[code], **plain) == replace(october[code], **plain)


def test_what_stays_the_same_between_versions():
    for first, second, codes in [
        ("2021-22.v1", "2021-22.v2", ["VI-01", "VI-02", "VI-03", "HI-01", "PC-01", "ACC-01"]),
        ("2021-22.v2", "2021-22.v3", ["VI-01", "VI-02", "VI-03", "ACC-01"]),
        ("2024-25.v1", "2024-25.v2", ["HI-03"]),
    ]:
        assert [by_code(first)[code] for code in codes] == [by_code(second)[code] for code in codes]
    assert "health action plan" in by_code("2021-22.v1")["HI-01"].numerator_counts
    assert by_code("2024-25.v1")["CAN-02"].numerator_counts.startswith("Referrals")
    assert by_code("2024-25.v2")["CAN-04"].numerator_counts.startswith("Patients")


def test_2026_27_borrows_from_2025_26_only_when_asked():
    assert RULESETS["2026-27.v1"].assume_from == "2025-26.v1"
    assumed = rulesets.load("2026-27.v1")
    assert (assumed.point_value_gbp, assumed.points_total) == (198, 58)
    assert [indicator.missing for indicator in assumed.indicators] == [(), ()]


def test_the_example_of_the_readme_loads(tmp_path):
    blocks = re.findall(r"```toml\n(.*?)```", (FOLDER / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 1
    path = tmp_path / "2031-32.v1.toml"
    path.write_text(
        f"""
schema = 1
id = "2031-32.v1"
year = "2031/32"
status = "in_force"
effective = {{ from = 2031-04-01, to = 2032-03-31 }}
summary = "Invented."
points_total = 20
rounding = {{ points = "none", pounds = 2 }}
cite = {{ effective = "S1", points_total = "S1" }}
{blocks[0]}
[source.S1]
standing = "primary"
title = "An invented page"

[source.R]
standing = "recalled"
title = "Remembered"
""",
        encoding="utf-8",
    )
    ruleset = rulesets.read(path)
    assert ruleset.indicators[0].missing == ()
    assert ruleset.weakest(ruleset.indicators[0].cite["points"]) == "recalled"

"""Which indicator goes on from which: the rule of the words, and the rows of `rulesets/crosswalk.toml`."""

import tomllib
from dataclasses import replace

import pytest

from iif_reckoner import rulesets
from iif_reckoner.errors import FileProblemError, RulesetError
from iif_reckoner.rulesets.crosswalk import FILE, differences, links, pairs

SAME = {
    ("2020-21.v1", "2021-22.v1"): "",
    ("2021-22.v1", "2022-23.v1"): "VI-01 VI-02 VI-03",
    ("2021-22.v2", "2022-23.v1"): "VI-01 VI-02 VI-03 CVD-02",
    ("2021-22.v3", "2022-23.v1"): "VI-01 VI-02 VI-03",
    ("2022-23.v1", "2023-24.v1"): "VI-02 VI-03",
    ("2022-23.v2", "2023-24.v1"): "VI-02 VI-03",
    ("2023-24.v1", "2024-25.v1"): "HI-03 CAN-02",
    ("2023-24.v1", "2024-25.v2"): "HI-03",
    ("2024-25.v1", "2025-26.v1"): "HI-03",
    ("2024-25.v2", "2025-26.v1"): "HI-03 CAN-04",
    ("2025-26.v1", "2026-27.v1"): "HI-03 CAN-04",
}
"""The indicators of the later year that measure what one of the earlier did, written down by hand."""

OTHER = {
    ("2020-21.v1", "2021-22.v1"): "VI-01>VI-01 HI-01>HI-01 PC-01>PC-01",
    ("2021-22.v1", "2022-23.v1"): "HI-01>HI-01 PC-01>PC-01",
    ("2021-22.v2", "2022-23.v1"): (
        "HI-01>HI-01 HI-02>HI-02 CVD-01>CVD-01 PC-01>PC-01 EHCH-01>EHCH-01 EHCH-02>EHCH-02 EHCH-04>EHCH-04 "
        "ACC-02>ACC-02 EHCH-03>SMR-01D ES-01>ES-01 ES-02>ES-02"
    ),
    ("2021-22.v3", "2022-23.v1"): "",
    ("2022-23.v1", "2023-24.v1"): "HI-01>HI-03 CAN-01>CAN-02 ACC-08>ACC-08",
    ("2022-23.v2", "2023-24.v1"): "HI-01>HI-03 CAN-01>CAN-02",
    ("2023-24.v1", "2024-25.v1"): "",
    ("2023-24.v1", "2024-25.v2"): "CAN-02>CAN-04",
    ("2024-25.v1", "2025-26.v1"): "CAN-02>CAN-04",
    ("2024-25.v2", "2025-26.v1"): "",
    ("2025-26.v1", "2026-27.v1"): "",
}
"""Those that go on from one that measured something else, or may have."""


def of(before, after):
    return links(*(rulesets.load(name, assumed=False) for name in (before, after)))


@pytest.mark.parametrize(("before", "after"), SAME)
def test_from_year_to_year(before, after):
    found = of(before, after)
    assert [link.after for link in found if link.same] == SAME[before, after].split()
    assert sorted(f"{link.before}>{link.after}" for link in found if not link.same) == sorted(
        OTHER[before, after].split()
    )
    assert all(link.why for link in found if not link.same)


def test_within_a_year_only_what_was_reworded_differs():
    changed = {(link.before, link.after): link.why for link in of("2022-23.v1", "2022-23.v2") if not link.same}
    assert changed == {
        ("CVD-04", "CVD-04"): "worded otherwise: what counts as done, who is left out",
        ("CAN-01", "CAN-01"): "worded otherwise: what counts as done",
    }


def test_days_move_with_the_year_and_months_do_not():
    """Children of two or three on 31 August of each year are the same; half a year is not a year."""
    whys = {link.after: link.why for link in of("2021-22.v2", "2022-23.v1")}
    assert whys["VI-03"] == ""
    assert whys["ES-02"] == "worded otherwise: period"
    assert "period" in whys["ACC-02"]


def test_what_nobody_says_is_not_the_same(made_up):
    silent = replace(made_up, indicators=tuple(replace(row, denominator_counts="") for row in made_up.indicators))
    assert not any(link.same for link in links(silent, silent))


def test_it_is_said_what_nobody_says():
    ruleset = rulesets.load("2022-23.v1")
    silent = replace(ruleset.find("VI-01"), numerator_counts="", period=None)
    assert differences(ruleset, silent, ruleset, silent) == ("what counts as done", "period")


def test_every_row_is_of_indicators_that_there_are_and_says_who_says_so():
    years = {}
    for ruleset in rulesets.load_all():
        years.setdefault(ruleset.year, set()).update(ruleset.codes)
    for pair in pairs():
        assert pair.before[1] in years[pair.before[0]], pair
        assert pair.after[1] in years[pair.after[0]], pair
        assert pair.why
        assert not pair.same or pair.standing in ("primary", "secondary"), pair


def test_standings():
    assert {(pair.before[1], pair.after[1], pair.before[0]): pair.standing for pair in pairs()} == {
        ("HI-01", "HI-01", "2020/21"): "secondary",
        ("EHCH-03", "SMR-01D", "2021/22"): "recalled",
        ("HI-01", "HI-03", "2022/23"): "primary",
        ("CAN-01", "CAN-02", "2022/23"): "primary",
        ("CAN-02", "CAN-02", "2023/24"): "secondary",
        ("CAN-02", "CAN-04", "2023/24"): "primary",
        ("CAN-02", "CAN-04", "2024/25"): "primary",
    }


def test_a_source_is_the_same_one_as_in_the_rulesets():
    file = tomllib.loads((rulesets.FOLDER / FILE).read_text("utf-8"))
    own = file["source"]
    known = {key: source for ruleset in rulesets.load_all() for key, source in ruleset.sources.items()}
    for key, source in own.items():
        if key in known:
            assert (source["standing"], source["title"]) == (known[key].standing, known[key].title)
    cited = {key.strip() for row in file["pair"] for key in row["cite"].partition(":")[0].split(",")}
    assert cited == set(own)


def test_it_is_no_ruleset():
    assert (rulesets.FOLDER / FILE).is_file()
    assert not any("crosswalk" in name for name in rulesets.ids())


ROW = """
[[pair]]
before = {{ year = "2022/23", code = "HI-01" }}
after = {{ year = "2023/24", code = "HI-03" }}
same = {same}
why = "other"
cite = "{cite}"
"""
SOURCE = '[source.D22]\nstanding = "primary"\ntitle = "A page"\n'


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (ROW.format(same="false", cite="D23") + SOURCE, "2022/23 HI-01 to 2023/24 HI-03: source D23 is not declared; add [source.D23]"),
        (2 * ROW.format(same="false", cite="D22") + SOURCE, "2022/23 HI-01 to 2023/24 HI-03: stands twice; give each pair once"),
        (ROW.format(same="'no'", cite="D22") + SOURCE, "pair number 1, same: 'no'; write true or false"),
        (ROW.format(same="false", cite="D22") + "wy = 1\n" + SOURCE, "pair number 1, wy: no key 'wy'; nearest: why; remove it or correct its spelling"),
        (ROW.format(same="false", cite="D22").replace("code", "yr = 1, code") + SOURCE, "pair number 1, before, yr: no key 'yr'; nearest: year; remove it or correct its spelling"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_file_is_one_line(tmp_path, text, line):
    path = tmp_path / FILE
    path.write_text("schema = 1\n" + text, "utf-8")
    with pytest.raises(RulesetError) as caught:
        pairs(path)
    assert str(caught.value) == f"{path}: {line}"


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileProblemError, match="cannot be read"):
        pairs(tmp_path / FILE)


def test_what_is_said_of_different_years_is_different():
    ruleset = rulesets.load("2022-23.v1")
    row = replace(ruleset.indicators[0], numerator_counts="Vaccinated by 31 March 2023")
    later = replace(row, numerator_counts="Vaccinated by 31 March 2024")
    assert "what counts as done" in differences(ruleset, row, ruleset, later)
    assert "what counts as done" not in differences(ruleset, row, ruleset, row)

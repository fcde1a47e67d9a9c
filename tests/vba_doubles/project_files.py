"""Reading a `vbaProject.bin` with two independent readers, and the rules of [MS-OVBA] that it must keep."""

import re
import struct
import warnings
from io import BytesIO

from olefile import OleFileIO
from pyopenvba.cfb import CFB
from pyopenvba.vba import decompress

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # oletools speaks to an older pyparsing
    from oletools.mraptor import MacroRaptor
    from oletools.olevba import VBA_Parser, VBA_Scanner, decompress_stream

BASES = {
    "workbook": "0{00020819-0000-0000-C000-000000000046}",
    "sheet": "0{00020820-0000-0000-C000-000000000046}",
    "class": "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}",
}
PROCEDURAL, OTHER = 0x21, 0x22


def sources(project: bytes) -> dict[str, str]:
    """Every module's text as olevba finds it."""
    parser = VBA_Parser("vbaProject.bin", data=project)
    try:
        return {name.rpartition(".")[0]: text for _, _, name, text in parser.extract_all_macros()}
    finally:
        parser.close()


def verdict(code: str) -> list[tuple[str, str]]:
    """Kind and keyword of whatever olevba says of a source."""
    return [(kind, keyword) for kind, keyword, _ in VBA_Scanner(code).scan()]


def raptor(code: str) -> tuple[bool, str, list[str]]:
    """What mraptor says of sources: suspicious or not, its flags, and the words it goes by."""
    found = MacroRaptor(code)
    found.scan()
    return found.suspicious, found.get_flags(), list(found.matches)


def broken_rules(project: bytes, code_names: list[str]) -> list[str]:
    """Name each rule that the project breaks; `code_names` are the workbook's and its sheets'."""
    found: list[str] = []
    try:
        found.extend(_broken(project, code_names))
    except Exception as error:  # noqa: BLE001 (whatever a reader cannot read is a broken rule)
        found.append(f"unreadable: {type(error).__name__} {error}")
    return found


def _broken(project: bytes, code_names: list[str]):
    ole = OleFileIO(BytesIO(project))
    records = _records(bytes(decompress_stream(bytearray(ole.openstream("VBA/dir").read()))))
    names = [data.decode("cp1252") for kind, data in records if kind == 0x19]
    listing = ole.openstream("PROJECT").read().decode("cp1252")

    if ole.parsing_issues:
        yield f"container: {ole.parsing_issues}"
    streams = {"/".join(path) for path in ole.listdir()}
    expected = {"PROJECT", "PROJECTwm", "VBA/dir", "VBA/_VBA_PROJECT", *(f"VBA/{name}" for name in names)}
    if streams != expected:
        yield f"streams: {sorted(streams ^ expected)}"
    if ole.openstream("VBA/_VBA_PROJECT").read() != bytes.fromhex("CC61FFFF000100"):
        yield "version: not source only"
    yield from _broken_dir(records, names)
    yield from _broken_listing(listing, records, names, code_names)
    wide = b"".join(name.encode("cp1252") + b"\0" + name.encode("utf-16-le") + b"\0\0" for name in names)
    if ole.openstream("PROJECTwm").read() != wide + b"\0\0":
        yield "PROJECTwm: not the modules of dir"
    for name in names:
        packed = ole.openstream(f"VBA/{name}").read()
        yield from (f"{name}: {what}" for what in _broken_module(name, packed, project, code_names))


def _records(raw: bytes) -> list[tuple[int, bytes]]:
    place, found = 0, []
    while place < len(raw):
        kind, size = struct.unpack_from("<HI", raw, place)
        size = 6 if kind == 0x09 else size  # the one record whose size field is not its size
        found.append((kind, raw[place + 6 : place + 6 + size]))
        place += 6 + size
        if kind == 0x10:
            found.append((-1, raw[place:]))
            break
    return found


def _broken_dir(records, names):
    def every(kind):
        return [data for found, data in records if found == kind]

    if every(-1) != [b""]:
        yield "dir: does not end at its terminator"
    if every(0x0F) != [struct.pack("<H", len(names))]:
        yield "dir: counts its modules wrongly"
    if every(0x03) != [struct.pack("<H", 1252)]:
        yield "dir: code page is not 1252"
    if every(0x16) != [b"stdole", b"Office"]:
        yield f"dir: references {every(0x16)}"
    if every(0x1A) != [name.encode("cp1252") for name in names] or every(0x32) != every(0x47):
        yield "dir: a stream has another name than its module"
    if any(offset != bytes(4) for offset in every(0x31)):
        yield "dir: an offset that is not 0"
    if any(len(name) > 31 for name in names) or len({name.casefold() for name in names}) != len(names):
        yield "dir: a name too long or there twice"


def _broken_listing(listing, records, names, code_names):
    declared = re.findall(r"^(Document|Module|Class)=([^/\r\n]+)", listing, re.MULTILINE)
    if [name for _, name in declared] != names:
        yield "PROJECT: not the modules of dir"
    if [name for kind, name in declared if kind == "Document"] != code_names:
        yield "PROJECT: documents are not the code names"
    kinds = [kind for kind, _ in records if kind in (PROCEDURAL, OTHER)]
    if kinds != [PROCEDURAL if kind == "Module" else OTHER for kind, _ in declared]:
        yield "PROJECT: kinds of modules are not those of dir"
    guid = re.search(r'^ID="(.*?)"', listing).group(1)
    for key, meant in (("CMG", bytes(4)), ("DPB", bytes(1)), ("GC", b"\xff")):
        if _decrypted(guid, re.search(rf'^{key}="(.*?)"', listing, re.MULTILINE).group(1)) != meant:
            yield f"PROJECT: {key} protects or hides the project"


def _decrypted(guid: str, text: str) -> bytes:
    """[MS-OVBA] 2.4.3.3."""
    raw = bytes.fromhex(text)
    key = raw[0] ^ raw[2]
    if raw[0] ^ raw[1] != 2 or key != sum(guid.encode("ascii")) & 0xFF:
        raise ValueError("not encrypted for this project")
    plain, before, cipher, cipher_before = [], key, raw[2], raw[1]
    for byte in raw[3:]:
        before = byte ^ ((cipher_before + before) & 0xFF)
        cipher, cipher_before = byte, cipher
        plain.append(before)
    data = bytes(plain[(raw[0] & 6) // 2 :])
    (length,) = struct.unpack("<I", data[:4])
    if len(data) != 4 + length:
        raise ValueError("length of the encrypted data")
    return data[4:]


def _broken_module(name, packed, project, code_names):
    one, other = bytes(decompress_stream(bytearray(packed))), decompress(packed)
    if one != other:
        yield "two decoders differ"
    if CFB.from_bytes(project).get_stream_in_storage("VBA", name) != packed:
        yield "two readers of the container differ"
    text = one.decode("cp1252")
    lines = text.split("\r\n")
    if not text.startswith(f'Attribute VB_Name = "{name}"\r\n'):
        yield "does not begin with its name"
    if "\n" in text.replace("\r\n", "") or "\r" in text.replace("\r\n", ""):
        yield "line ends"
    if max(map(len, lines)) > 1023:
        yield "a line longer than 1023"
    if re.search(r"(?: _\r\n[^\r\n]*){25}", text):
        yield "more than 24 continuations of a line"
    found = re.search(r'^Attribute VB_Base = "(.*?)"\r$', text, re.MULTILINE)
    place = code_names.index(name) if name in code_names else None
    meant = {None: None, 0: BASES["workbook"]}.get(place, BASES["sheet"])
    if name == "Dictionary":
        meant = BASES["class"]
    if (found and found.group(1)) != meant:
        yield "VB_Base"

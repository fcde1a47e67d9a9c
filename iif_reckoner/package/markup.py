"""XML as the parts of a workbook hold it: read by expat without a DTD, patched where its bytes stand."""

import re
from collections.abc import Callable
from functools import cache
from xml.parsers import expat
from xml.sax.saxutils import escape

from iif_reckoner.errors import InputError

SHEET_SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION_SPACE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SAVE_AGAIN = "open it in Excel and save it again"
ELSEWHERE = "keep pictures and large sheets of your own in another workbook"

MOST_TAGS = 1_000_000
LONGEST_TAG = 2**20
"""The tags of one part that are read, and the bytes from one to the next: expat keeps what is open, and every name."""

_LONGEST_NUMBER = 11

NAME = rb"[^\s=/<>\"'&]++"
ATTRIBUTES = rb"(?:\s++" + NAME + rb"\s*+=\s*+(?:\"[^\"<]*+\"|'[^'<]*+'))*+"
"""A tag's attributes as a pattern; in well-formed XML it cannot end anywhere else than they do."""

_ATTRIBUTE = re.compile(rb"(\s+)(" + NAME + rb")(\s*=\s*)(\"[^\"<]*\"|'[^'<]*')")
_UNREAD = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.S)
_TOO_LONG = re.compile(rb"<[^<]{%d}" % LONGEST_TAG)
_DECLARED = re.compile(rb"<\?xml[^>]*?\bencoding\s*=\s*[\"']([^\"']*)[\"']")
# Half of a character that needs two is no text, so it stays as it is written.
_HIDDEN = re.compile(r"_x((?![dD][89A-Fa-f])[0-9A-Fa-f]{4})_")
_LOOKS_HIDDEN = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]


def parser(where: str, *, namespaces: bool = True) -> expat.XMLParserType:
    """Return a parser that refuses a DTD and gives names as `namespace name`, or else as they stand.

    `where` names the part for messages.
    """
    made = expat.ParserCreate(namespace_separator=" " if namespaces else None)
    made.buffer_text = True

    def refuse(*_: object) -> None:
        raise InputError(f"{where}: begins with a DTD, which no spreadsheet program writes; {SAVE_AGAIN}")

    made.StartDoctypeDeclHandler = refuse
    return made


def parse(made: expat.XMLParserType, data: bytes, where: str, *, last: bool = True) -> None:
    """Feed a parser.

    Raises:
        InputError: the bytes are not well-formed XML, or have a DTD.
    """
    try:
        made.Parse(data, last)
    except expat.ExpatError as error:
        raise InputError(f"{where}: not well-formed ({error}); {SAVE_AGAIN}") from None


def check(data: bytes, where: str) -> None:
    """Raise InputError unless the bytes are well-formed XML in UTF-8 without a DTD."""
    check_bounds(data, where)
    parse(parser(where), data, where)


def check_bounds(data: bytes, where: str) -> None:
    """Raise InputError unless the XML is in UTF-8, as every spreadsheet program writes it, and not made to use memory.

    >>> check_bounds(b"<a>" * 1_000_001, "book.xlsx: xl/workbook.xml")
    Traceback (most recent call last):
    iif_reckoner.errors.InputError: book.xlsx: xl/workbook.xml: more than the 1,000,000 tags that are read
    """
    declared = _DECLARED.match(data.removeprefix(b"\xef\xbb\xbf"))
    if (
        b"\0" in data[:4]
        or data[:2] in {b"\xff\xfe", b"\xfe\xff"}
        or (declared and declared[1].lower() not in {b"utf-8", b"us-ascii", b"ascii"})
    ):
        raise InputError(f"{where}: not in UTF-8; {SAVE_AGAIN}")
    if data.count(b"<") > MOST_TAGS:
        raise InputError(f"{where}: more than the {MOST_TAGS:,} tags that are read")
    if _TOO_LONG.search(data):
        raise InputError(f"{where}: a tag or text longer than any program writes; {SAVE_AGAIN}")


def walk(data: bytes, where: str, start: Start, end: End | None = None, text: End | None = None) -> None:
    """Parse a whole part with these handlers.

    Raises:
        InputError: it is not well-formed XML in UTF-8 without a DTD.
    """
    check_bounds(data, where)
    made = parser(where)
    made.StartElementHandler, made.EndElementHandler, made.CharacterDataHandler = start, end, text
    parse(made, data, where)


def view(data: bytes) -> bytes:
    """Return the bytes with comments, CDATA and instructions blanked out, each byte at its place.

    In what is left every `<` begins a tag, so that patterns find exactly the tags.

    >>> view(b"<a><!-- <b/> --><c/></a>")
    b'<a>             <c/></a>'
    """
    if b"<!" not in data and data.find(b"<?", 5) < 0:
        return data
    return _UNREAD.sub(lambda match: b" " * len(match[0]), data)


@cache
def tag(prefix: bytes, name: bytes) -> re.Pattern[bytes]:
    """Return the pattern of an opening or empty tag; its first group are the attributes, its second `/` or nothing."""
    return re.compile(b"<" + re.escape(prefix) + name + b"(" + ATTRIBUTES + rb")\s*+(/?)>")


def root_prefix(seen: bytes, name: bytes) -> bytes | None:
    """Return the prefix, with its colon, of a root element; None where the root is another.

    >>> root_prefix(b'<x:worksheet xmlns:x="..."/>', b"worksheet")
    b'x:'
    """
    match = re.match(rb"(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^>]*\?>\s*+)?<((?:[^\s:<>/]+:)?)" + name + rb"[\s/>]", seen)
    return match[1] if match else None


def attributes(text: bytes) -> dict[bytes, bytes]:
    """Return a tag's attributes as they stand, by name with prefix.

    >>> attributes(b' r="A1" xml:space="preserve"')
    {b'r': b'A1', b'xml:space': b'preserve'}
    """
    return {match[1]: match[3][1:-1] for match in _ATTRIBUTE.findall(text)}


def with_attributes(text: bytes, wanted: dict[bytes, bytes | None]) -> bytes:
    """Return a tag's attributes with some set, or taken out where None; the others stay where and as they are.

    >>> with_attributes(b' r="A1" t="s" s="2"', {b"t": None, b"cm": b"1"})
    b' r="A1" s="2" cm="1"'
    """
    left, out = dict(wanted), []
    for gap, name, equals, value in _ATTRIBUTE.findall(text):
        if name not in left:
            out.append(gap + name + equals + value)
        elif (new := left.pop(name)) is not None:
            out.append(gap + name + (equals + value if value[1:-1] == new else b'="' + new + b'"'))
    out += [b" " + name + b'="' + new + b'"' for name, new in left.items() if new is not None]
    return b"".join(out)


def number_in(text: str | bytes | None) -> int | None:
    """Return the number that an attribute holds, None where it holds none as programs write them.

    >>> number_in(b"164"), number_in("-1"), number_in("")
    (164, None, None)
    """
    return int(text) if text and text.isdigit() and text.isascii() and len(text) < _LONGEST_NUMBER else None


def attribute_bytes(value: str) -> bytes:
    """Return text as an attribute's bytes."""
    return escape(value, {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}).encode()


def cell_text(text: str) -> str:
    r"""Return what a cell's text says: Excel writes characters that XML cannot hold as `_xHHHH_`.

    >>> cell_text("a_x000D_b"), cell_text("_x005F_x000D_")
    ('a\rb', '_x000D_')
    """
    return _HIDDEN.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def cell_bytes(text: str) -> bytes:
    """Return text as the bytes of a cell, so that Excel reads exactly that text.

    >>> cell_bytes("a<b"), cell_bytes("_x000D_")
    (b'a&lt;b', b'_x005F_x000D_')

    Raises:
        ValueError: a character that no cell can hold.
    """
    if _ILLEGAL.search(text):
        raise ValueError("a control character")
    if "_x" in text:
        text = _LOOKS_HIDDEN.sub("_x005F_", text)
    return escape(text).replace("\r", "_x000D_").encode()

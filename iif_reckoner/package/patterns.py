"""What rows and cells of a sheet look like in its bytes, by the prefix of their names."""

import re
from functools import cache
from typing import NamedTuple

from iif_reckoner.package.address import column_number
from iif_reckoner.package.markup import ATTRIBUTES


class Marks(NamedTuple):
    """The patterns of one prefix."""

    cell: re.Pattern[bytes]
    cell_start: re.Pattern[bytes]
    row: re.Pattern[bytes]
    row_end: bytes
    block: re.Pattern[bytes]
    inline: re.Pattern[bytes]


@cache
def marks(prefix: bytes) -> Marks:
    """Return the patterns of a prefix, which ends with its colon; b"" where names have none."""
    p = re.escape(prefix)
    body = rb"[^<]*+(?:<(?!/" + p + rb"c[\s>])[^<]*+)*+"
    formula = rb"(<" + p + rb"f" + ATTRIBUTES + rb"\s*+(?:/>|>[^<]*+</" + p + rb"f\s*+>))?+"
    value = rb"(<" + p + rb"v" + ATTRIBUTES + rb"\s*+(?:/>|>([^<]*+)</" + p + rb"v\s*+>))?+"
    cell = (
        rb"\s*+(<"
        + p
        + rb"c("
        + ATTRIBUTES
        + rb")\s*+(?:/>|>\s*+"
        + formula
        + rb"\s*+"
        + value
        + rb"("
        + body
        + rb")</"
        + p
        + rb"c\s*+>))"
    )
    return Marks(
        re.compile(cell),
        re.compile(rb"<" + p + rb"c[\s/>]"),
        re.compile(rb"\s*+<" + p + rb"row(" + ATTRIBUTES + rb")\s*+(/?)>"),
        b"</" + prefix + b"row",
        re.compile(rb"<" + p + rb"f(?=\s)(" + ATTRIBUTES + rb")"),
        re.compile(rb"\s*<" + p + rb"is[\s>].*?</" + p + rb"is\s*>", re.S),
    )


PLAIN = re.compile(rb' r="([A-Z]{1,3}[1-9]\d*)"( s="\d+")?(?: t="(\w+)")?')
"""How every program writes the attributes of most cells; the general way is for the others."""


class _Columns(dict[bytes, int]):
    def __missing__(self, letters: bytes) -> int:
        try:
            number = self[letters] = column_number(letters.decode())
        except ValueError:
            return 0
        return number


COLUMNS = _Columns()
"""The numbers of columns by their letters, 0 for what are none."""

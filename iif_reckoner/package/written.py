"""Values as they are written between the tags of a cell."""

import math
from decimal import Decimal

from iif_reckoner.package.markup import cell_bytes

ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"})
"""The errors that a cell can hold; as a cached value, text that reads like one is one."""

LONGEST_TEXT = 32_767

Written = int | float | Decimal | str | bool | None


class Spelling:
    """How the values of one sheet are written: typed, or as the results of formulas if `cached`."""

    def __init__(self, prefix: bytes, *, cached: bool) -> None:
        self._prefix, self._cached = prefix, cached
        self._value_start, self._value_end = b"<" + prefix + b"v>", b"</" + prefix + b"v>"
        self._known: dict[tuple[type, Written], tuple[bytes | None, bytes]] = {}

    def of(self, value: Written) -> tuple[bytes | None, bytes]:
        """Return a cell's `t`, if it has one, and what stands between its tags after a formula.

        Raises:
            ValueError: a cell cannot hold the value; the text says what it is.
        """
        # Most cells of a workbook that is little used hold the same few values.
        key = (value.__class__, value)
        if (known := self._known.get(key)) is None:
            known = self._known[key] = self._new(value)
        return known

    def _new(self, value: Written) -> tuple[bytes | None, bytes]:
        if value is None or (value == "" and not self._cached):
            return None, b""
        if isinstance(value, bool):
            return b"b", self._value_start + (b"1" if value else b"0") + self._value_end
        if not isinstance(value, str):
            return None, self._value_start + _number_bytes(value) + self._value_end
        if self._cached:
            kind = b"e" if value in ERRORS else b"str"
            return kind, self._value_start + _text_bytes(value) + self._value_end
        return b"inlineStr", self._inline(value)

    def _inline(self, value: str) -> bytes:
        prefix = self._prefix
        # Without the mark Excel drops spaces at either end.
        space = b' xml:space="preserve"' if value != value.strip() or "\n" in value else b""
        text = b"<" + prefix + b"t" + space + b">" + _text_bytes(value) + b"</" + prefix + b"t>"
        return b"<" + prefix + b"is>" + text + b"</" + prefix + b"is>"


def _number_bytes(value: int | float | Decimal) -> bytes:
    if isinstance(value, int):
        return b"%d" % value
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{value}")
    return repr(number).removesuffix(".0").encode() if number else b"0"


def _text_bytes(text: str) -> bytes:
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"text of {len(text):,} characters, more than {LONGEST_TEXT:,}")
    return cell_bytes(text)

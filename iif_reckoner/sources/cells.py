"""What single cells say: codes, whole numbers and dates, each looked at once however often it stands in a column."""

import re
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from iif_reckoner.errors import InputError, shown
from iif_reckoner.exact import MOST, count, fraction

Mask = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]

BLANK = -1
"""What stands for a blank in an array of whole numbers; no count is less than 0."""

SUPPRESSED = "*"
_APOSTROPHES = "'\u2018\u2019`"
LONGEST_NAME = 255
_CONTROL = r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]+"
_NO_FORMULA = r"^'(?=[=+\-@])"
_UNCLEAN = re.compile(r"[^A-Z0-9_-]")
_CODE = re.compile(r"[A-Z]\d{5}", re.ASCII)
_PCN = re.compile(r"U\d{5}", re.ASCII)
_DATES = ("%d/%m/%Y", "%Y-%m-%d", "%Y%m%d", "%d%b%Y", "%d-%b-%Y", "%d-%b-%y", "%d %B %Y", "%d %b %Y")


@dataclass(frozen=True, slots=True)
class Codes:
    """A column of codes: `of[i]` is the place of row i's code in `names`; `apostrophe` marks cells that began so."""

    of: Whole
    names: tuple[str, ...]
    apostrophe: Mask


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column of whole numbers with `BLANK` for blanks, and why those are blank."""

    values: Whole
    suppressed: Mask
    empty: Mask
    apostrophe: Mask


def without_apostrophe(text: str) -> str:
    """Return a cell without the apostrophe that Excel users put before a code or number, and without outer spaces.

    >>> without_apostrophe(" 'A81001 ")
    'A81001'
    """
    return text.strip().lstrip(_APOSTROPHES).strip()


def plain_names(column: pd.Series, file: str, title: str) -> pd.Series:
    r"""Return a column of names without outer spaces, with a space for what is no character of a name.

    An apostrophe that keeps a spreadsheet program from taking a name for a formula is taken off.

    >>> plain_names(pd.Series([" Mill\x07Lane\nSurgery ", "'=1+1", "'s Heeren"]), "a.csv", "name").tolist()
    ['Mill Lane Surgery', '=1+1', "'s Heeren"]

    Raises:
        InputError: one is longer than any name; the text names file, row and column.
    """
    clean = column.str.replace(_CONTROL, " ", regex=True).str.strip().str.replace(_NO_FORMULA, "", regex=True)
    if (long := clean.str.len() > LONGEST_NAME).any():
        row = clean.index[long][0]
        raise InputError(
            f"{file}: row {row}, {title}: {shown(clean[row], 20)} is longer than {LONGEST_NAME} characters; "
            "write the name alone"
        )
    return clean


def is_pcn(code: str) -> bool:
    """Return whether a code is a PCN's: U and five digits.

    >>> is_pcn("U12345"), is_pcn("A81001"), is_pcn("U")
    (True, False, False)
    """
    return _PCN.fullmatch(code) is not None


def is_code(code: str) -> bool:
    """Return whether a code is a practice's or a PCN's: a letter and five digits.

    >>> is_code("Y02345"), is_code("U12345"), is_code("TOTAL"), is_code("A8100")
    (True, True, False, False)
    """
    return _CODE.fullmatch(code) is not None


def codes(column: pd.Series) -> Codes:
    """Return a column of categories as codes: capital letters, no outer spaces, no apostrophe before them."""
    names: list[str] = column.cat.categories.tolist()
    of = column.cat.codes.to_numpy().astype(np.int64)
    joined = "".join(names)
    if joined.isascii() and not _UNCLEAN.search(joined):
        return Codes(of, tuple(names), np.zeros(len(of), np.bool_))
    clean = [without_apostrophe(name).upper() for name in names]
    marked = np.array([name.strip().startswith(tuple(_APOSTROPHES)) for name in names])
    place, merged = pd.factorize(np.array(clean, dtype=object))
    return Codes(place.astype(np.int64)[of], tuple(merged), marked[of])


def whole_numbers(column: pd.Series, file: str, title: str) -> Numbers:
    """Return a column of counts; `*` and empty cells are blank. The column's index is the row of the file.

    Raises:
        InputError: a cell is no whole number from 0 up; the text names file, row and column.
    """
    none = np.zeros(len(column), np.bool_)
    if column.dtype == np.int64:
        numbers = column.to_numpy()
        if wrong := np.flatnonzero((numbers < 0) | (numbers > MOST)).tolist():
            _refuse_number(file, int(column.index[wrong[0]]), title, str(numbers[wrong[0]]))
        return Numbers(numbers, none, none, none)
    place, texts = pd.factorize(column.to_numpy(dtype=object))
    read = np.array([_whole(text) for text in texts], np.int64).reshape(-1)
    if (wrong := np.flatnonzero(read[place] < BLANK).tolist()) and len(texts):
        _refuse_number(file, int(column.index[wrong[0]]), title, str(column.iloc[wrong[0]]))
    if not (read == BLANK).any() and all(text.isdigit() for text in texts):
        return Numbers(read[place], none, none, none)
    bare = [without_apostrophe(text) for text in texts]
    suppressed = np.array([text == SUPPRESSED for text in bare], np.bool_)
    marked = np.array(
        [text.strip() != text_ and text_ != "" for text, text_ in zip(texts, bare, strict=True)], np.bool_
    )
    return Numbers(read[place], suppressed[place], (read == BLANK)[place] & ~suppressed[place], marked[place])


def _whole(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 13:
        return int(text)
    bare = without_apostrophe(text)
    if bare in ("", SUPPRESSED):
        return BLANK
    try:
        number = count(bare)
    except ValueError:
        return BLANK - 1
    return BLANK if number is None else number


def _refuse_number(file: str, row: int, title: str, text: str) -> None:
    bare = without_apostrophe(text)
    if re.fullmatch(r"\d{1,3}([, ]\d{3})+", bare, re.ASCII):
        advice = f"write {re.sub('[, ]', '', bare)}"
    elif bare.startswith(("<", ">")):
        advice = "write the count itself, or * where it is suppressed"
    elif bare.endswith("%"):
        advice = "write the count, not a percentage"
    else:
        advice = "write a whole number from 0 up, or leave it empty"
    raise InputError(f"{file}: row {row}, {title}: {shown(text)} is {_fault(bare)}; {advice}")


def _fault(text: str) -> str:
    try:
        number = fraction(text)
    except ValueError:
        return "not a whole number"
    if number < 0:
        return "less than 0"
    return "larger than any count can be" if number > MOST else "not a whole number"


def day(text: str) -> date | None:
    """Return the day that a cell names in one of the forms of published files, None where it names none.

    >>> {str(day(text)) for text in ("01Jul2026", "2026-07-01", "01/07/2026", "20260701", "'01-Jul-26")}
    {'2026-07-01'}
    >>> day("31/02/2024"), day("07/31/2024")
    (None, None)
    """
    bare = without_apostrophe(text).removesuffix(" 00:00:00").removesuffix(" 00:00")
    for form in _DATES:
        # strptime would take '2024310' for the eight digits too.
        if form == "%Y%m%d" and not re.fullmatch(r"\d{8}", bare, re.ASCII):
            continue
        try:
            return datetime.strptime(bare, form).date()
        except ValueError:
            continue
    return None


def month(text: str) -> str | None:
    """Return the month that a cell names as 'YYYY-MM', None where it names none.

    Besides YYYY-MM that is a whole date, the `Mar-24` into which Excel turns 2024-03, or its name and the year.

    >>> month("2024-03"), month(" Mar-24"), month("31/03/2024"), month("2024-13"), month("March")
    ('2024-03', '2024-03', '2024-03', None, None)
    >>> month("Sep 2022"), month("September 2022"), month("Sept 22")
    ('2022-09', '2022-09', None)
    """
    bare = without_apostrophe(text)
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", bare, re.ASCII):
        return bare
    if re.fullmatch(r"[A-Za-z]{3}-\d{2}", bare):
        bare = f"01-{bare}"
    if re.fullmatch(r"[A-Za-z]{3,9} \d{4}", bare):
        bare = f"01 {bare}"
    found = day(bare)
    return None if found is None else f"{found:%Y-%m}"

"""What can go wrong, one class and one exit code per cause; knows nothing of files or of the scheme."""

from collections.abc import Iterable
from difflib import get_close_matches


class ReckonerError(Exception):
    """A problem that the user can put right; its text is one line that says where and how."""

    exit_code = 1


class RulesetError(ReckonerError, ValueError):
    """A ruleset file breaks the grammar of `rulesets/README.md`."""

    exit_code = 10


class UnknownNameError(ReckonerError, LookupError):
    """A year, indicator, PCN or practice that does not exist; the text gives the nearest names."""

    exit_code = 11


class InputError(ReckonerError, ValueError):
    """A figure, row or option of the user is wrong; the text says what was read and what to write."""

    exit_code = 12


class FileProblemError(ReckonerError, OSError):
    """A file is missing, locked, unreadable or would be overwritten."""

    exit_code = 13


def unknown(kind: str, asked: str, known: Iterable[str], hint: str = "") -> UnknownNameError:
    """Return the error for a name that does not exist, with the nearest names that do.

    >>> str(unknown("indicator", "VI-9", ["VI-01", "VI-02", "HI-03"]))
    "no indicator 'VI-9'; nearest: VI-01, VI-02"
    >>> str(unknown("year", "1999", []))
    "no year '1999'"
    """
    names = list(known)
    by_fold = {name.casefold(): name for name in reversed(names)}
    close = get_close_matches(asked.casefold(), list(by_fold), n=3, cutoff=0.55)
    nearest = ", ".join(by_fold[name] for name in sorted(close, key=list(by_fold).index, reverse=True))
    return UnknownNameError(
        f"no {kind} '{asked}'" + (f"; nearest: {nearest}" if nearest else "") + (f"; {hint}" if hint else "")
    )


def shown(value: object, most: int = 60) -> str:
    """Return a value as it may stand in a message: quoted when text, without control characters, cut at `most`.

    >>> shown("1,234"), shown(85), shown("a" * 99, most=5)
    ("'1,234'", '85', "'aaaaa...'")
    """
    if not isinstance(value, str):
        return str(value)
    clean = "".join(c if c.isprintable() else "?" for c in value)
    return f"'{clean[:most]}...'" if len(clean) > most else f"'{clean}'"

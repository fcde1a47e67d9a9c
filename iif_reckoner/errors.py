"""What can go wrong, one class and one exit code per cause; knows nothing of files or of the scheme."""

from collections.abc import Callable, Iterable
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


def unknown(
    kind: str,
    asked: str,
    known: Iterable[str],
    hint: str = "",
    *,
    where: str = "",
    bare: Callable[[str], str] = str.casefold,
) -> UnknownNameError:
    """Return the error for a name that does not exist, with the nearest names that do.

    `where` says in what there is no such name; `bare` strips what does not tell two names apart.

    >>> str(unknown("indicator", "VI-9", ["VI-01", "VI-02", "HI-03"]))
    "no indicator 'VI-9'; nearest: VI-01, VI-02"
    >>> bare = lambda name: name.casefold().replace("-", "")
    >>> str(unknown("indicator", "vi9", ["VI-01", "HI-03"], where="2022-23.v2", bare=bare))
    "no indicator 'vi9' in 2022-23.v2; nearest: VI-01"
    >>> str(unknown("year", "1999", []))
    "no year '1999'"
    """
    names = list(known)
    by_bare = {bare(name): name for name in reversed(names)}
    wanted = bare(asked)
    close = [wanted] if wanted in by_bare else get_close_matches(wanted, list(by_bare), n=3, cutoff=0.55)
    nearest = ", ".join(by_bare[name] for name in sorted(close, key=list(by_bare).index, reverse=True))
    return UnknownNameError(
        f"no {kind} '{asked}'"
        + (f" in {where}" if where else "")
        + (f"; nearest: {nearest}" if nearest else "")
        + (f"; {hint}" if hint else "")
    )


def shown(value: object, most: int = 60) -> str:
    """Return a value as it may stand in a message: quoted where text, without control characters, cut at `most`.

    >>> shown("1,234"), shown(85), shown("a" * 99, most=5)
    ("'1,234'", '85', "'aaaaa...'")
    """
    if not isinstance(value, str):
        return str(value)
    clean = "".join(c if c.isprintable() else "?" for c in value)
    return f"'{clean[:most]}...'" if len(clean) > most else f"'{clean}'"

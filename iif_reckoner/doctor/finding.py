"""What a check found, in words for people who install programs rarely."""

from dataclasses import dataclass
from enum import StrEnum


class Result(StrEnum):
    """OK; worth knowing, though nothing is wrong; needs a look before Excel and Python work together."""

    ok = "OK"
    note = "Note"
    look = "Look"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: its subject, how it stands, what was found, and what to do (blank where nothing is to be done)."""

    check: str
    result: Result
    found: str
    remedy: str = ""


def ok(check: str, found: str) -> Finding:
    """Return a finding with which all is well."""
    return Finding(check, Result.ok, found)


def note(check: str, found: str, remedy: str = "") -> Finding:
    """Return a finding that is worth knowing."""
    return Finding(check, Result.note, found, remedy)


def look(check: str, found: str, remedy: str) -> Finding:
    """Return a finding that stands in the way, with the remedy."""
    return Finding(check, Result.look, found, remedy)

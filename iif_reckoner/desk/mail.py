"""A draft of a message with a workbook attached, as Outlook and others open it, ready to be addressed and sent."""

import hashlib
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

from iif_reckoner.desk.tables import Table, grid, table
from iif_reckoner.figures.content import Content
from iif_reckoner.model import Ruleset
from iif_reckoner.package import Package

_WORKBOOK = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
_MOST = 3
"""Things to do that a message names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ToDo:
    """An indicator that is not met yet: how many patients it needs and what each of them is worth."""

    code: str
    patients: float
    pounds_each: float


def draft(subject: str, text: str, *, attachment: bytes, name: str) -> bytes:
    """Return the message as an `.eml` file that opens as an unsent draft without an address."""
    message = EmailMessage(policy=SMTP)
    message["X-Unsent"] = "1"
    message["To"] = ""
    message["Subject"] = _one_line(subject)
    message.set_content(text, cte="quoted-printable")
    message.add_attachment(attachment, maintype=_WORKBOOK[0], subtype=_WORKBOOK[1], filename=_one_line(name))
    # The library would draw it by lot; `=_` stands in no attachment.
    message.set_boundary("=_" + hashlib.sha256(attachment + text.encode()).hexdigest()[:40])
    # Outlook reads a long file name only where it is not folded.
    return message.as_bytes(policy=SMTP.clone(max_line_length=998))


def subject(content: Content, practice: str, month: str) -> str:
    """Return what the message is about, in one line."""
    of = practice or content.pcn_name or content.pcn_code or "our PCN"
    return f"IIF {content.ruleset.year}: {_one_line(of)}, " + (f"end of {month}" if month else "no figures yet")


def body(package: Package, ruleset: Ruleset, heading: str) -> str:
    """Return a few lines: points and pounds so far, and what to do first; only what the workbook itself shows."""
    shown = table(grid(package, "reckoner"), "Indicator", "Points", "£ won", "£ to win", "Status")
    # The totals stand between the title and the headings.
    points, won, to_win = (_number(shown, shown.head - 1, name) for name in ("Points", "£ won", "£ to win"))
    available = sum(_number(shown, row, "of") or 0 for row in shown.rows("Indicator"))
    lines = [heading + ".", ""]
    if points is None:
        lines += ["The totals are not shown in this copy."]
    else:
        lines += [f"Points so far: {points:,.2f} of {available:,.2f}."]
        if won is not None and to_win is not None:
            lines += [f"Won: £{won:,.2f}. Still to win: £{to_win:,.2f}."]
    if chosen := to_do(shown):
        lines += ["", "To do first, by what each patient brings in:"]
        for number, each in enumerate(chosen, start=1):
            lines += [f"{number}. {_in_words(ruleset, each)}"]
    lines += ["", "The workbook is attached.", ""]
    return "\n".join(lines)


def to_do(shown: Table) -> list[ToDo]:
    """Return the indicators that bring in most for each patient still needed, of those that the Reckoner shows."""
    found = []
    for row in shown.rows("Indicator"):
        patients, each = _number(shown, row, "Patients to upper"), _number(shown, row, "£ per patient")
        if patients and each and shown.text(row, "Status") not in ("Met", "Not scored"):
            found.append(ToDo(code=shown.text(row, "Indicator"), patients=patients, pounds_each=each))
    return sorted(found, key=lambda each: (-each.pounds_each, each.code))[:_MOST]


def _in_words(ruleset: Ruleset, each: ToDo) -> str:
    indicator = ruleset.find(each.code)
    one, many = ("practice", "practices") if indicator and indicator.scoring == "binary" else ("patient", "patients")
    more = "fewer" if indicator and indicator.better == "lower" else "more"
    who = f"{each.patients:,.0f} {one if each.patients == 1 else many} {more}"
    name = f"{each.code}, {indicator.name}" if indicator else each.code
    return f"{name}: {who}, £{each.pounds_each:,.2f} for each."


def _number(shown: Table, row: int, heading: str) -> float | None:
    cell = shown.cell(row, heading)
    return float(cell.value) if cell is not None and isinstance(cell.value, int | float) else None


def _one_line(text: str) -> str:
    """Return text without line breaks, which would begin another header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())

"""The letter that disputes official figures: one page, as text or as a page that Word opens; nobody is made up."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from iif_reckoner.plan.reconcile import Reconciled, Whole

MOST = 10
"""Indicators that one page has room for; the largest differences in pounds come first."""

_LINE = "_" * 60
_HEADS = ("Indicator", "Ours", "Official", "Points less", "Pounds less")


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """What a letter says: `month` in words, `files` where the official figures are from.

    `evidence` is by practice (empty for the PCN) and indicator.
    """

    pcn_name: str
    pcn_code: str
    year: str
    month: str
    files: Sequence[str]
    found: Reconciled
    evidence: Mapping[tuple[str, str], str]

    @property
    def rows(self) -> tuple[Whole, ...]:
        """The indicators that go into the letter."""
        ordered = sorted(self.found.different, key=lambda whole: (-abs(whole.pounds or Decimal(0)), whole.beside.code))
        return tuple(ordered[:MOST])

    def said(self, whole: Whole) -> list[str]:
        """Return the evidence of an indicator: the PCN's, or room to write it, and that of each practice."""
        found = [(who, text) for (who, code), text in self.evidence.items() if code == whole.beside.code]
        own = [text for who, text in found if not who] or [_LINE]
        return [f"Evidence: {own[0]}", *(f"Evidence of {who}: {text}" for who, text in found if who)]

    @property
    def more(self) -> str:
        """What is said of those that have no room."""
        left = len(self.found.different) - len(self.rows)
        return (
            f"{left} more {'indicator differs' if left == 1 else 'indicators differ'}; a list can be had from us."
            if left
            else ""
        )

    @property
    def subject(self) -> str:
        """The line above the letter."""
        return f"Investment and Impact Fund {self.year}: figures at the end of {self.month}"

    @property
    def asks(self) -> str:
        """What the letter asks for."""
        return (
            f"The official figures of our PCN ({', '.join(self.files)}) differ from ours. Please look at the "
            "indicators below before payment is settled, and tell us how yours were counted."
        )


def _cells(whole: Whole) -> tuple[str, ...]:
    return (
        whole.beside.code,
        *(
            "none" if counts.numerator is None else f"{counts.numerator:,} of {counts.denominator:,}"
            for counts in (whole.beside.ours, whole.beside.official)
        ),
        "" if whole.points is None else f"{float(whole.points):+,.2f}",
        "" if whole.pounds is None else f"{whole.pounds:+,.2f}",
    )


def as_text(letter: Letter) -> str:
    """Return the letter as plain text."""
    rows = [_HEADS, *(_cells(whole) for whole in letter.rows)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
    lines = [
        f"{letter.pcn_name or 'PCN'} ({letter.pcn_code})" if letter.pcn_code else letter.pcn_name or "PCN",
        "", f"Date: {_LINE[:20]}", f"To:   {_LINE}", "", letter.subject, "", *_wrapped(letter.asks), "",
        *("  ".join(_placed(row, widths)).rstrip() for row in rows), "",
    ]  # fmt: skip
    if letter.more:
        lines += [letter.more, ""]
    lines.append("Less: official less ours. What each difference may come from, and our evidence:")
    for whole in letter.rows:
        lines += ["", *_wrapped(f"{whole.beside.code}: may come from {'; '.join(whole.beside.reasons)}.")]
        for said in letter.said(whole):
            lines += _wrapped(said)
    lines += ["", f"Signed: {_LINE[:40]}", f"Name:   {_LINE[:40]}", f"For the PCN {letter.pcn_name}".rstrip()]
    return "\n".join(lines) + "\n"


def _placed(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [
        cell.ljust(width) if column == 0 else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, 88)


_PAGE = """<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><title>{subject}</title>
<style>@page {{ size: A4; margin: 2cm }} body {{ font: 10.5pt Arial, sans-serif; color: #231f20 }}
table {{ border-collapse: collapse; margin: 0.6em 0 }}
th, td {{ border: 1px solid #768692; padding: 2px 8px; text-align: right }}
th:first-child, td:first-child {{ text-align: left }} p {{ margin: 0.5em 0 }}</style></head><body>
<p><b>{pcn}</b></p>
<p>Date: {short}<br>To: {long}</p>
<p><b>{subject}</b></p>
<p>{asks}</p>
<table><tr>{heads}</tr>
{rows}</table>
<p>{more}Less: official less ours. What each difference may come from, and our evidence:</p>
{reasons}
<p>Signed: {short}{short}<br>Name: {short}{short}<br>For the PCN {name}</p>
</body></html>
"""


def as_html(letter: Letter) -> str:
    """Return the letter as a page that a browser prints and Word opens."""
    pcn = f"{letter.pcn_name or 'PCN'} ({letter.pcn_code})" if letter.pcn_code else letter.pcn_name or "PCN"
    reasons = "\n".join(
        f"<p><b>{escape(whole.beside.code)}</b>: may come from {escape('; '.join(whole.beside.reasons))}.<br>"
        f"{'<br>'.join(map(escape, letter.said(whole)))}</p>"
        for whole in letter.rows
    )
    return _PAGE.format(
        subject=escape(letter.subject),
        pcn=escape(pcn),
        short=_LINE[:20],
        long=_LINE,
        asks=escape(letter.asks),
        heads="".join(f"<th>{head}</th>" for head in _HEADS),
        rows="\n".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in _cells(whole)) + "</tr>" for whole in letter.rows
        ),
        more=f"{letter.more} " if letter.more else "",
        reasons=reasons,
        name=escape(letter.pcn_name),
    )

"""The VBA modules that are written from the functions: the wrappers that Excel calls and the texts of its wizard."""

from collections.abc import Callable, Iterator
from inspect import signature
from typing import Any

from iif_reckoner import udfs
from iif_reckoner.udfs import excel_functions

FUNCTIONS_MODULE = "IifFunctions"
HELP_MODULE = "IifHelp"
CATEGORY = "IIF"

LONGEST_TEXT = 255
"""Excel refuses a longer help text with an error."""


def wrappers_module() -> str:
    """Return the module of one wrapper per function: its arguments, in their order, and which may be left out."""
    lines = [
        *_head(FUNCTIONS_MODULE),
        *(line for name in excel_functions() for line in _wrapper(name, getattr(udfs, name))),
    ]
    return "\n".join(lines) + "\n"


def help_module() -> str:
    """Return the module that gives Excel's function wizard its texts.

    Raises:
        ValueError: a text is longer than Excel takes, or holds what VBA cannot say.
    """
    lines = [
        *_head(HELP_MODULE),
        "",
        "' Excel counts a help text as a change of the workbook: leave the question of saving as it was.",
        "Public Sub RegisterHelp()",
        "    Dim saved As Boolean",
        "",
        "    On Error Resume Next",
        "    saved = ThisWorkbook.Saved",
        *(line for name in excel_functions() for line in _help(name, getattr(udfs, name))),
        "    ThisWorkbook.Saved = saved",
        "End Sub",
    ]
    return "\n".join(lines) + "\n"


def _head(name: str) -> Iterator[str]:
    yield f'Attribute VB_Name = "{name}"'
    yield "Option Explicit"
    yield "' Written by python -m iif_reckoner.vba.build from the functions of iif_reckoner.udfs; never edited by hand."


def _wrapper(name: str, function: Callable[..., Any]) -> Iterator[str]:
    parameters = signature(function).parameters.values()
    declared = ", ".join(
        f"{'' if parameter.default is parameter.empty else 'Optional '}{parameter.name} As Variant"
        for parameter in parameters
    )
    yield ""
    yield f"Public Function {name}({declared}) As Variant"
    yield f'    {name} = IifCall("{name}", Array({", ".join(parameter.name for parameter in parameters)}))'
    yield "End Function"


def _help(name: str, function: Callable[..., Any]) -> Iterator[str]:
    texts = [udfs.ARGUMENTS[parameter] for parameter in signature(function).parameters]
    more = ", ArgumentDescriptions:=Array( _" if texts else ""
    yield f'    Application.MacroOptions Macro:="{name}", Category:="{CATEGORY}", _'
    yield f"        Description:={_literal(udfs.wizard_text(function))}{more}"
    for text in texts[:-1]:
        yield f"        {_literal(text)}, _"
    for text in texts[-1:]:
        yield f"        {_literal(text)})"


def _literal(text: str) -> str:
    if len(text) > LONGEST_TEXT or not text.isprintable():
        raise ValueError(f"a help text must be one line of at most {LONGEST_TEXT} characters: {text!r}")
    text.encode("cp1252")  # raises where the character set of the project has no such character
    quoted = text.replace('"', '""')
    return f'"{quoted}"'

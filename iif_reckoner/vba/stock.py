"""What the workbook takes from the installed xlwings: its two VBA modules and their licences, read and never stored."""

from functools import cache
from importlib.metadata import distribution, version
from importlib.resources import files
from typing import Final

NAMED: Final = r"the module xlwings of xlwings (\d+(?:\.\d+)+)"
"""How the notice, and with it the sheet About, names the version of xlwings that the macros are made for."""

DICTIONARY_PERMISSION = """\
Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""
"""The MIT licence: Dictionary.cls names it and links to it, and no file of xlwings holds its words."""


def xlwings_module() -> str:
    """Return the source of the module `xlwings`."""
    return _source("xlwings.bas")


def dictionary_class() -> str:
    """Return the source of the class `Dictionary`, which the module `xlwings` uses on a Mac.

    A file of a class lacks two attributes that its module in a project has.
    """
    exposed = "Attribute VB_Exposed = True\r\n"
    inside = f"{exposed}Attribute VB_TemplateDerived = False\r\nAttribute VB_Customizable = False\r\n"
    return _source("addin", "Dictionary.cls").replace(exposed, inside, 1)


def xlwings_version() -> str:
    """Return the version of the installed xlwings; the module names the DLL by it."""
    return version("xlwings")


@cache
def notice() -> str:
    """Return the text for NOTICE and the sheet About: what the VBA project holds of others, and under which licence."""
    return (
        f"The workbook's VBA project holds the module xlwings of xlwings {xlwings_version()} (https://www.xlwings.org):"
        f"\n\n{_bsd()}\n"
        "It also holds the class Dictionary, which comes with xlwings, https://github.com/timhall/VBA-Dictionary:\n\n"
        f"Copyright (c) Tim Hall\n\n{DICTIONARY_PERMISSION}"
    )


def _source(*path: str) -> str:
    return files("xlwings").joinpath(*path).read_bytes().decode("cp1252")


def _bsd() -> str:
    licences = [path for path in distribution("xlwings").files or () if path.name == "LICENSE.txt"]
    return licences[0].locate().read_text(encoding="utf-8")  # type: ignore[attr-defined,no-any-return]

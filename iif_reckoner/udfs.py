"""The IIF functions decorated for xlwings, nothing else: categories, help texts, and problems as VBA reads them."""

from collections.abc import Callable
from inspect import signature
from typing import Any

import xlwings as xw

from iif_reckoner import functions
from iif_reckoner.functions import Problem

ERROR_MARK = "#IIF "
"""How a problem crosses to VBA, which turns `#IIF #N/A` into the real error value: xlwings cannot return one."""

ARGUMENTS = {
    "indicator": "Code of the indicator, such as CAN-04; a cell or a range.",
    "numerator": "Patients who count as done; a cell or a range.",
    "denominator": "Patients who count at all, after exclusions and personalised care adjustments; a cell or a range.",
    "list_size": "Registered patients of the PCN; left out: an average PCN.",
    "rules": "A year (2025/26), a ruleset (2022-23.v2) or the Rules table; left out: the newest.",
    "prevalence_adjustment": "PCN prevalence over national prevalence; left out: 1, or worked out where it is known.",
    "target": "upper (left out) or lower: the threshold to reach.",
    "baseline_numerator": "The numerator of the baseline, for indicators that measure a change.",
    "baseline_denominator": "The denominator of the baseline, for indicators that measure a change.",
}
"""What the function wizard says of each argument."""


def excel_functions() -> tuple[str, ...]:
    """Return the names of the functions for Excel, in their order.

    >>> excel_functions()[:2]
    ('IIF_ACHIEVEMENT', 'IIF_ENGINE')
    """
    return tuple(name for name in functions.__all__ if name.startswith("IIF_"))


def _for_excel(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*cells: Any) -> Any:
        return _presented(function(*cells))

    call.__name__, call.__doc__ = function.__name__, wizard_text(function)
    call.__signature__ = signature(function).replace(  # type: ignore[attr-defined]
        parameters=[p.replace(annotation=p.empty) for p in signature(function).parameters.values()]
    )
    call.__annotations__ = {}
    decorated: Callable[..., Any] = call
    for name in signature(function).parameters:
        decorated = xw.arg(name, ndim=2, err_to_str=True, doc=ARGUMENTS[name])(decorated)
    # Last: an argument's decorator would set the category back to xlwings' own.
    in_category: Callable[..., Any] = xw.func(category="IIF")(decorated)
    return in_category


def wizard_text(function: Callable[..., Any]) -> str:
    """Return what the function wizard says: the sentence and the example of the docstring, without its doctest."""
    return " ".join((function.__doc__ or "").partition(">>>")[0].split())


def _presented(found: Any) -> Any:
    if isinstance(found, list):
        return [_presented(cell) for cell in found]
    return f"{ERROR_MARK}{found.kind}" if isinstance(found, Problem) else found


IIF_POINTS = _for_excel(functions.IIF_POINTS)
IIF_VALUE = _for_excel(functions.IIF_VALUE)
IIF_GAP = _for_excel(functions.IIF_GAP)
IIF_ACHIEVEMENT = _for_excel(functions.IIF_ACHIEVEMENT)
IIF_STATUS = _for_excel(functions.IIF_STATUS)
IIF_EXPLAIN = _for_excel(functions.IIF_EXPLAIN)
IIF_ENGINE = _for_excel(functions.IIF_ENGINE)

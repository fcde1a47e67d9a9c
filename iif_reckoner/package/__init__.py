"""Bounded reading and patching of a workbook's parts; no workbook is ever loaded and saved as a whole.

`Package.open` reads, `set_cells`, `set_cached`, `set_chart_values` and `set_recalculation` return a package with
something else in it, `redraw` one with sheets of another workbook in the place of its own, `save` writes it in one
step. `tidy`, `add_ribbon` and `add_macros` finish a workbook that was just built; `take_out_sheet` and
`take_out_formulas` make less of one, `with_titles` calls its sheets otherwise.
"""

from iif_reckoner.package.address import Area, area, column_letters, column_number, row_and_column, split_reference
from iif_reckoner.package.blocks import cells_in_blocks
from iif_reckoner.package.book import Package, Sheet
from iif_reckoner.package.calculation import CALCULATED_BY, set_recalculation
from iif_reckoner.package.cells import Cell, Kind, Value
from iif_reckoner.package.charts import Chart, charts, set_chart_values, set_descriptions
from iif_reckoner.package.code_names import code_name
from iif_reckoner.package.formats import Shown, shown_as
from iif_reckoner.package.formulas import formulas, mentions
from iif_reckoner.package.links import add_macros, add_part, add_ribbon
from iif_reckoner.package.merged import merged
from iif_reckoner.package.patch import set_cached, set_cells
from iif_reckoner.package.redraw import redraw
from iif_reckoner.package.strip import take_out_formulas, take_out_sheet
from iif_reckoner.package.tidy import tidy
from iif_reckoner.package.titles import with_titles
from iif_reckoner.package.write import check_writable, locks, save, write_file
from iif_reckoner.package.written import ERRORS

__all__ = [
    "CALCULATED_BY",
    "ERRORS",
    "Area",
    "Cell",
    "Chart",
    "Kind",
    "Package",
    "Sheet",
    "Shown",
    "Value",
    "add_macros",
    "add_part",
    "add_ribbon",
    "area",
    "cells_in_blocks",
    "charts",
    "check_writable",
    "code_name",
    "column_letters",
    "column_number",
    "formulas",
    "locks",
    "mentions",
    "merged",
    "redraw",
    "row_and_column",
    "save",
    "set_cached",
    "set_cells",
    "set_chart_values",
    "set_descriptions",
    "set_recalculation",
    "shown_as",
    "split_reference",
    "take_out_formulas",
    "take_out_sheet",
    "tidy",
    "with_titles",
    "write_file",
]

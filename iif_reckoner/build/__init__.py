"""Workbooks: pages drawn with openpyxl, worked out, and finished as `.xlsm` or `.xlsx`."""

import os

# With lxml, where it happens to be installed, openpyxl writes other bytes; it looks when it is first imported.
os.environ["OPENPYXL_LXML"] = "False"

from iif_reckoner.build.workbook import make

__all__ = ["make"]

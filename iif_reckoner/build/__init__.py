"""Workbooks: pages drawn with openpyxl, worked out, and finished as `.xlsm` or `.xlsx`."""

from iif_reckoner.build.workbook import make

__all__ = ["make"]

"""The workbook as data: its sheets, slots, look, and what a page holds; knows no openpyxl and no formula."""

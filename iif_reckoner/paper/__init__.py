"""Printed pages of a workbook as PDF: what its cells show, set on paper without an office suite."""

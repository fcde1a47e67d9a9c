"""The figures of the workbook: one module per sheet, each figure with its words, native spelling and function."""

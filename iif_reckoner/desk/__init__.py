"""Workbooks that people work in: read whatever was done to them, changed in place, shared, checked, carried on."""

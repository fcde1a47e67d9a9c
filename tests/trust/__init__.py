"""What can be trusted, in numbers: rows through every engine, mutants of the code and of the formulas, bad files, faults.

`python -m tests.trust` runs all of it and writes `docs/trust.md`.
"""

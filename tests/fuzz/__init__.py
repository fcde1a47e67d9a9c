"""Fuzzing: what is fed to the readers, the loader, the functions and the patcher, and what each must never do.

`python -m tests.fuzz --seconds 60` runs every target, guided by coverage where atheris is installed (`pip install
.[fuzz]`, Linux), and prints executions and crashes. What was found stays in `findings/` and is replayed by every test run.
"""

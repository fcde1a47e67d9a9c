"""What the README and the ruleset guide show is true."""

import doctest
import os
import re
import shlex
import subprocess
import sys

from iif_reckoner.cli import app
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def test_python_examples_run():
    failed, tried = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert (failed, tried) == (0, 4)


def test_commands_with_their_output_are_as_shown():
    shown = re.findall(r"^\$ iif-reckoner (.*)\n((?:(?!```).*\n)+)", README, re.MULTILINE)
    assert len(shown) == 1
    for command, expected in shown:
        found = subprocess.run(
            [sys.executable, "-m", "iif_reckoner", *shlex.split(command)],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        assert found.stdout == expected


def test_every_command_is_in_the_readme():
    names = [command.name for command in app.registered_commands]
    for group in app.registered_groups:
        names += [
            f"{group.name} {command.name or command.callback.__name__}"
            for command in group.typer_instance.registered_commands
        ]
    for name in names:
        assert f"`{name}" in README, name


def test_the_england_commands_of_the_readme_run(nhs_data, tmp_path):
    block = re.search(r"```\n(iif-reckoner england.*?)```", README, re.DOTALL).group(1)
    commands = [line for line in block.replace("\\\n", " ").splitlines() if line.strip()]
    assert len(commands) == 2
    for command in commands:
        words = [str(nhs_data / word) if (nhs_data / word).is_file() else word for word in shlex.split(command)[1:]]
        found = subprocess.run(
            [sys.executable, "-m", "iif_reckoner", *words],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        assert found.returncode == 0, found.stderr
    assert "47.83 points" in found.stdout

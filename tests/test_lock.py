"""`.ci/requirements.lock`: every package with version and hashes, and everything that pyproject.toml asks for."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCK = ROOT / ".ci" / "requirements.lock"
ENTRY = re.compile(
    r"^([\w.-]+)==([\w.+!-]+)( ; [^\\\n]+)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


def locked():
    text = LOCK.read_text("utf-8")
    assert ENTRY.sub("", text) == "", "a line that is no package with its hashes"
    return {found[1].lower(): found[2] for found in ENTRY.finditer(text)}


def asked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    return [*project["dependencies"], *(each for name in ("plan", "pdf", "test", "lint") for each in extras[name])]


@pytest.mark.parametrize("requirement", asked())
def test_what_the_project_asks_for_is_locked_in_that_version(requirement):
    name, bounds = re.fullmatch(r"([\w.-]+)(.*)", requirement).groups()
    version = locked()[name.lower()]
    numbers = [int(part) for part in re.findall(r"\d+", version)]
    for sign, bound in re.findall(r"(==|>=|<)([\d.]+)", bounds):
        wanted = [int(part) for part in bound.split(".")]
        assert {"==": version == bound, ">=": numbers >= wanted, "<": numbers < wanted}[sign]


def test_no_package_comes_from_anywhere_else():
    assert "://" not in LOCK.read_text("utf-8")
    assert len(locked()) > 40

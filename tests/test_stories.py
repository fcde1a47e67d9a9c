"""Pages that are told with commands: each of them runs, and prints what the page shows."""

import re

import pytest

from iif_reckoner.build.told import ROOT, told, with_examples

STORIES = {"story-priorities.md": 8, "story-workshop.md": 5}
PAGES = {**STORIES, "new-rules.md": 3}
"""And how many commands each shows with what they print."""


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_true(name, tmp_path):
    page = (ROOT / "docs" / name).read_text("utf-8")
    assert len(re.findall(r"^\$ iif-reckoner", page, re.MULTILINE)) == PAGES[name]
    assert told(page, with_examples(tmp_path)) == page


def test_a_command_that_prints_otherwise_is_noticed(tmp_path):
    page = "```\n$ iif-reckoner --version\n99.9\n```\n"
    assert told(page, tmp_path) != page


def test_a_change_to_a_file_is_made_and_one_that_does_not_fit_is_named(tmp_path):
    (tmp_path / "own.toml").write_text("a = 1\nb = 2\n\nb = 2\n", "utf-8")
    told("```diff\n--- own.toml\n-b = 2\n+b = 3\n+\n```\n", tmp_path)
    assert (tmp_path / "own.toml").read_text("utf-8") == "a = 1\nb = 3\n\n\nb = 3\n\n"
    with pytest.raises(ValueError, match=r"own\.toml: has no line c = 4"):
        told("```diff\n--- own.toml\n-c = 4\n+c = 5\n```\n", tmp_path)


def test_a_command_that_fails_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"iif-reckoner plan nowhere\.xlsx: exit code 13: nowhere\.xlsx"):
        told("```\niif-reckoner plan nowhere.xlsx\n```\n", tmp_path)


@pytest.mark.parametrize("name", STORIES)
def test_its_pictures_are_there(name):
    page = (ROOT / "docs" / name).read_text("utf-8")
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", page)
    assert pictures
    assert all((ROOT / "docs" / picture).is_file() for picture in pictures)

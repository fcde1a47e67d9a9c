"""Pages that tell a story with commands: `python -m iif_reckoner.build.told PAGE...` writes what they print now.

A block that begins with `$ iif-reckoner` is a command and what it prints; other lines that begin with `iif-reckoner`
are run as well, without showing what they print. A block `diff` is a change that the reader makes to a file: lines with
a minus become those with a plus that follow. All are done one after the other in a folder that holds the examples.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(
    r"^```(?:diff\n--- (?P<file>.*)\n(?P<change>(?:[-+].*\n)+)"
    r"|\n(?P<shown>\$ )?(?P<command>iif-reckoner (?:.*\\\n)*.*)\n(?P<said>(?:(?!```).*\n)*))```$",
    re.MULTILINE,
)
_CHANGE = re.compile(r"((?:^-.*\n)+)((?:^\+.*\n)+)", re.MULTILINE)


def told(page: str, folder: Path) -> str:
    """Return the page with what its commands print now; `folder` is where they run.

    Raises:
        ValueError: a command does not end well, or a file has not what is to be changed; the text says which.
    """
    return _BLOCK.sub(lambda block: _told(block, folder), page)


def _told(block: re.Match[str], folder: Path) -> str:
    if block["file"]:
        _change(folder / block["file"], block["change"])
        return block[0]
    commands = [block["command"]] if block["shown"] else [block["command"], *block["said"].splitlines()]
    for command in commands:
        said = _run(command, folder)
    if not block["shown"]:
        return block[0]
    return f"```\n$ {block['command']}\n{said}```"


def _change(file: Path, change: str) -> None:
    text = file.read_text("utf-8")
    for pair in _CHANGE.finditer(change):
        old, new = ("".join(line[1:] for line in side.splitlines(keepends=True)) for side in pair.groups())
        if f"\n{old}" not in text:
            raise ValueError(f"{file.name}: has no line {old.strip()}")
        text = text.replace(f"\n{old}", f"\n{new}")
    file.write_text(text, "utf-8", newline="\n")


def _run(command: str, folder: Path) -> str:
    words = shlex.split(command.replace("\\\n", " "))[1:]
    done = subprocess.run(  # noqa: S603 (the commands are those of our own pages)
        [sys.executable, "-m", "iif_reckoner", *words],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
    )
    if done.returncode:
        raise ValueError(f"{command}: exit code {done.returncode}: {done.stderr}")
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    return "\n".join(lines).strip("\n") + "\n"


def with_examples(folder: Path) -> Path:
    """Return the folder with copies of the shipped examples in it."""
    for file in (*(ROOT / "examples").glob("*.xls?"), *(ROOT / "examples").glob("*.csv")):
        shutil.copy(file, folder)
    return folder


def main(pages: list[str]) -> None:
    """Write each page anew with what its commands print now."""
    for name in pages:
        with TemporaryDirectory() as folder:
            page = Path(name)
            page.write_text(told(page.read_text("utf-8"), with_examples(Path(folder))), "utf-8", newline="\n")
            print(page)


if __name__ == "__main__":
    main(sys.argv[1:])

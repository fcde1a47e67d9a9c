"""A command in a window that stays until it was read: `python -m iif_reckoner.windows.window doctor BOOK`."""

import subprocess
import sys
from collections.abc import Callable, Sequence


def main(arguments: Sequence[str], wait: Callable[[str], str] = input) -> int:
    """Run the command, wait for Enter, and return the command's exit code."""
    code = subprocess.run([sys.executable, "-P", "-m", "iif_reckoner", *arguments], check=False).returncode  # noqa: S603 (ours)
    wait("\nPress Enter to close this window.")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The engine that a user starts where Excel may not: xlwings' server in a window of its own, until that is closed."""

import xlwings

import iif_reckoner.udfs  # noqa: F401 (loaded before the first question)


def main() -> None:
    """Answer Excel until the window is closed."""
    print("The IIF engine is running. Leave this window open (or small) while you use the workbook.", flush=True)
    print("In the workbook press Reconnect on the ribbon tab IIF. Close this window to stop the engine.", flush=True)
    xlwings.serve()


if __name__ == "__main__":
    main()

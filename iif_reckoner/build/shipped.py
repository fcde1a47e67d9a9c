"""The workbooks that come with the project: `python -m iif_reckoner.build.shipped` writes them anew."""

from pathlib import Path

from iif_reckoner import rulesets
from iif_reckoner.build import example
from iif_reckoner.build.workbook import make
from iif_reckoner.figures.content import Content

ROOT = Path(__file__).resolve().parents[2]


def shipped() -> dict[str, Content]:
    """Return what each shipped workbook holds, by its path in the project."""
    return {
        "workbook/IIF_Ready_Reckoner.xlsm": example.empty(rulesets.ids()[-1]),
        "examples/Ashwater-and-Fernhill-2022-23-to-December.xlsm": example.content("2022-23.v2", 9),
        "examples/Ashwater-and-Fernhill-2022-23-to-December.xlsx": example.content("2022-23.v2", 9, macros=False),
        "examples/Ashwater-and-Fernhill-2025-26.xlsm": example.content("2025-26.v1", 12),
    }


def main() -> None:
    """Write every shipped workbook."""
    for name, content in shipped().items():
        path = ROOT / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(make(content))
        print(path)


if __name__ == "__main__":
    main()

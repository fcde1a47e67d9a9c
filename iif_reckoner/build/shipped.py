"""The workbooks that come with the project: `python -m iif_reckoner.build.shipped` writes them anew."""

from dataclasses import replace
from pathlib import Path

from iif_reckoner import rulesets
from iif_reckoner.build import example
from iif_reckoner.build.workbook import make
from iif_reckoner.figures.content import Content

ROOT = Path(__file__).resolve().parents[2]


def shipped() -> dict[str, Content]:
    """Return what each shipped workbook holds, by its path in the project."""
    twelve = example.decided(example.content("2022-23.v2", 9), hours_left=400, hours_a_month=12)
    two = example.decided(
        example.content("2022-23.v1", 5, practices=2, macros=False),
        hours_left=300,
        hours_a_month=20,
        actions=example.AUGUST,
    )
    return {
        "workbook/IIF_Ready_Reckoner.xlsm": example.empty(rulesets.ids()[-1]),
        "examples/Ashwater-and-Fernhill-2022-23-to-December.xlsm": twelve,
        "examples/Ashwater-and-Fernhill-2022-23-to-December.xlsx": replace(twelve, macros=False),
        "examples/Ashwater-and-Fernhill-2025-26.xlsm": example.content("2025-26.v1", 12),
        "examples/Two-practices-2022-23-to-August.xlsx": replace(two, pcn_name="Ashwater and Beacon PCN"),
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

"""What comes with the project, workbooks and a list of practices: `python -m iif_reckoner.build.shipped` writes it."""

from dataclasses import replace
from pathlib import Path

from iif_reckoner import fictitious, rulesets
from iif_reckoner.build import example
from iif_reckoner.build.workbook import make
from iif_reckoner.figures.content import Content

ROOT = Path(__file__).resolve().parents[2]
PRACTICES = ROOT / "examples" / "practices.csv"


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
        "workbook/IIF_Ready_Reckoner.xlsx": example.empty(rulesets.ids()[-1], macros=False),
        "examples/Ashwater-and-Fernhill-2022-23-to-December.xlsm": twelve,
        "examples/Ashwater-and-Fernhill-2022-23-to-December.xlsx": replace(twelve, macros=False),
        "examples/Ashwater-and-Fernhill-2025-26.xlsm": example.content("2025-26.v1", 12),
        "examples/Two-practices-2022-23-to-August.xlsx": replace(two, pcn_name="Ashwater and Beacon PCN"),
    }


def practices() -> str:
    """Return the list of practices that `new` takes, as CSV: the made-up PCN's."""
    return fictitious.pcn().practices.to_csv(index=False, lineterminator="\n")


def main() -> None:
    """Write every shipped file."""
    PRACTICES.write_text(practices(), "utf-8", newline="\n")
    for name, content in shipped().items():
        path = ROOT / name
        path.write_bytes(make(content))
        print(path)


if __name__ == "__main__":
    main()

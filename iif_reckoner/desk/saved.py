"""When a workbook was last saved, as it says itself; a file's own date may be that of a download."""

from datetime import UTC, datetime
from pathlib import Path

from iif_reckoner.package import Package
from iif_reckoner.package.markup import walk

_CORE = "docProps/core.xml"


def last_saved(package: Package, path: Path) -> datetime:
    """Return when the workbook in a file was last saved; where it does not say so, the date of the file.

    Raises:
        InputError: the part that says so is damaged.
    """
    stated: list[str] = []
    inside = False

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal inside
        inside = name.endswith(" modified")

    def end(_: str) -> None:
        nonlocal inside
        inside = False

    def text(piece: str) -> None:
        if inside:
            stated.append(piece)

    if package.has(_CORE):
        walk(package.part(_CORE), f"{package.name}: {_CORE}", start, end, text)
    try:
        said = datetime.fromisoformat("".join(stated).strip())
    except ValueError:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return said if said.tzinfo else said.replace(tzinfo=UTC)

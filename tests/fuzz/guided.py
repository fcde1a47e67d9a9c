"""One target in a process of its own under atheris; started by `engine.by_coverage`."""

import hashlib
import sys
import traceback
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["iif_reckoner"]):
    from tests.fuzz import engine, targets


def main() -> None:
    """Run the target; note the first input of each kind of crash and go on."""
    target, crashes = sys.argv[1], Path(sys.argv[2])
    known: set[str] = set()

    def once(data: bytes) -> None:
        try:
            targets.TARGETS[target].run(data)
        except Exception:  # noqa: BLE001 (every kind is noted)
            where = engine.crash(target, data) or "a crash that does not come twice"
            if where not in known:
                known.add(where)
                name = hashlib.sha256(data).hexdigest()[:16]
                (crashes / f"{name}.bin").write_bytes(data)
                (crashes / f"{name}.txt").write_text(f"{where}\n{traceback.format_exc()}")

    atheris.Setup([sys.argv[0], *sys.argv[3:]], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

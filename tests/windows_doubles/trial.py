"""The installer's script with a real environment and real wheels: `python -m tests.windows_doubles.trial`.

Makes a bundle for this computer by the code that makes those for Windows, runs the script over a laptop in a folder, and
asks the program that was installed. It needs the network and some minutes, so it is no test; `make trial` runs it.
"""

import platform
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from iif_reckoner.release import bundle
from iif_reckoner.release.bundle import Target
from tests.windows_doubles.laptop import BUNDLE, OWN, Windows

VERSION = "{}.{}".format(*sys.version_info)
LIBCS = ("1", "2010", "2014", "_2_5", "_2_12", "_2_17", "_2_26", "_2_28")


def here() -> Target:
    """This computer, a Linux."""
    machine = platform.machine()
    wheels = tuple(f"manylinux{libc}_{machine}" for libc in LIBCS)
    return Target(VERSION, f"{machine}-manylinux_2_28", wheels, ("xlwings",))


class RealPrograms(Windows):
    """The same laptop, whose `-m venv` and `-m pip` are those of this computer."""

    def venv(self, place):
        subprocess.run([sys.executable, "-m", "venv", str(self.laptop.real(place))], check=True)
        program = rf"{place}\Scripts\python.exe"
        self.laptop.real(program).parent.mkdir()
        self.laptop.real(program).write_text("stands for bin/python")
        self.laptop.programs[program] = self.own(program)
        return 0, ""

    def own(self, program):
        planned = super().own(program)

        def python(words):
            if "pip" not in words:
                return planned(words)
            self.ran.append(words)
            real = [str(self.laptop.real(word)) if word.startswith("C:") else word for word in words]
            return subprocess.run([str(self.real_python(program)), *real], check=False).returncode, ""

        return python

    def real_python(self, program):
        return self.laptop.real(program).parents[1] / "bin" / "python"


def main() -> None:
    with TemporaryDirectory() as folder:
        made = Path(folder)
        wheel = bundle.build_wheel(made)
        laptop = RealPrograms(made / "C", VERSION, f"{VERSION.replace('.', ' ')} True False", VERSION)
        wheels = laptop.laptop.real(BUNDLE) / f"wheels-{VERSION}"
        shutil.rmtree(wheels)
        bundle.wheelhouse(here(), wheels, wheel)
        code = laptop.script.run()
        print("\n".join(laptop.laptop.said))
        python = laptop.real_python(rf"{OWN}\python\Scripts\python.exe")
        for words in (
            ("-m", "iif_reckoner", "--version"),
            ("-P", "-c", "import scipy, typst, iif_reckoner.udfs as udfs; print(udfs.IIF_ENGINE())"),
        ):
            code = code or subprocess.run([str(python), *words], check=False, cwd=made).returncode
        code = code or laptop.script.run("remove")
        left = laptop.laptop.real(OWN).exists()
        print("\n".join(laptop.laptop.said[-1:]))
    sys.exit(code or int(left))


if __name__ == "__main__":
    main()

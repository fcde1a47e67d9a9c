"""What stands on a Windows laptop besides the program: the installer, the Start-menu entries, the engine's window.

`install.cmd` starts `install.ps1`, which makes a virtual environment and puts this package into it; everything after
that is `setup`, run by the Python of the environment. `build.bundle` lays the two at the top of a folder with wheels.
"""

"""Whether everything that the workbook needs to reach Python is there, and in plain words what to do where it is not.

One module looks at one subject. What it looks at comes from a `Machine`: this computer, or answers that were recorded.
"""

from iif_reckoner.doctor.examine import examined
from iif_reckoner.doctor.finding import Finding, Result
from iif_reckoner.doctor.machine import Machine, ThisMachine
from iif_reckoner.doctor.way import interpreter, needed, switched

__all__ = ["Finding", "Machine", "Result", "ThisMachine", "examined", "interpreter", "needed", "switched"]

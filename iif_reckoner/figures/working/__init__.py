"""The sheet Working: every figure of the workbook, each once, and where it stands."""

from iif_reckoner.figures.working.sheet import draw, places

__all__ = ["draw", "places"]

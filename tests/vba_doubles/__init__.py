"""Stand-ins for what only Windows has: pywin32, xlwings' DLL, and Excel itself."""

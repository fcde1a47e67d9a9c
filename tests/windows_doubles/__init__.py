"""Stand-ins for a Windows laptop: recorded answers, and as much of PowerShell as our script is written in."""

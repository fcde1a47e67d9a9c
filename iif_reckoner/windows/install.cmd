@echo off
rem Starts install.ps1 beside this file: install.cmd, install.cmd -Remove, install.cmd -FormulasOnly
powershell.exe -NoProfile -ExecutionPolicy Bypass -File "%~dp0install.ps1" %*
set code=%errorlevel%
pause
exit /b %code%

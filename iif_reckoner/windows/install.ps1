<#
.SYNOPSIS
Installs the IIF Ready Reckoner for the user who runs this, or removes it again. Needs no administrator.

.DESCRIPTION
Makes a virtual environment in %LOCALAPPDATA%\IIF from a Python that is there already, installs the wheels that lie beside
this script, each checked by its hash, puts the workbook into Documents and adds three entries to the Start menu.
Nothing is written outside the user's own folders. Python itself is never downloaded.

.PARAMETER Remove
Takes away the environment, the entries and the configuration. Workbooks stay.

.PARAMETER Network
Takes the packages that do not lie here from the network, still with the same versions and hashes.

.PARAMETER FormulasOnly
Copies the workbook without macros into Documents and does nothing else; it needs no Python.

.EXAMPLE
.\install.ps1

.EXAMPLE
.\install.ps1 -Remove
#>
[CmdletBinding()]
param(
    [switch] $Remove,
    [switch] $Network,
    [switch] $FormulasOnly
)

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$InformationPreference = 'Continue'

# No launcher of Python may download one because it was asked for a version that is not there.
$env:PYTHON_MANAGER_AUTOMATIC_INSTALL = 'false'
$env:PYLAUNCHER_ALLOW_INSTALL = $null

function Get-Wheelhouse {
    # The folders of wheels beside this script, the newest Python first: wheels-3.13, wheels-3.12, wheels-3.11.
    Get-ChildItem -LiteralPath $PSScriptRoot -Directory |
        Where-Object -FilterScript { $_.Name -match '^wheels-3\.\d+$' } |
        Sort-Object -Property Name -Descending
}

function Find-Python {
    # Which of the Pythons that are there has 64 bits and a folder of wheels; nothing where none has.
    $ErrorActionPreference = 'SilentlyContinue'
    $question = 'import sys; print(sys.version_info[0], sys.version_info[1], sys.maxsize > 2**32, ' +
        "'WindowsApps' in sys.base_prefix)"
    foreach ($wheelhouse in Get-Wheelhouse) {
        $version = $wheelhouse.Name -replace '^wheels-', ''
        $wanted = ($version -replace '\.', ' ') + ' True '
        foreach ($command in @('py.exe', "-$version"), @("python$version.exe"), @('python.exe')) {
            $program = Get-Command -Name $command[0] -CommandType Application | Select-Object -First 1
            if (-not $program) {
                continue
            }
            $options = @($command | Select-Object -Skip 1)
            $answer = & $program.Path @options -c $question 2>$null
            if ("$answer".StartsWith($wanted)) {
                return [pscustomobject] @{
                    Program    = $program.Path
                    Options    = $options
                    Version    = $version
                    Wheelhouse = $wheelhouse.FullName
                    FromStore  = "$answer".EndsWith('True')
                }
            }
        }
    }
}

function Get-OwnFolder {
    # What a Python from the Microsoft Store writes below AppData is put where Excel does not find it.
    param([bool] $FromStore)
    if ($FromStore) {
        Join-Path -Path $env:USERPROFILE -ChildPath 'IIF'
    }
    else {
        Join-Path -Path $env:LOCALAPPDATA -ChildPath 'IIF'
    }
}

function Assert-ExcelClosed {
    # Excel keeps the DLL open that is to be replaced.
    if (Get-Process -Name 'EXCEL' -ErrorAction SilentlyContinue) {
        throw 'Excel is open. Close every workbook and Excel itself, then run install.cmd again.'
    }
}

function Invoke-Checked {
    # Runs a program and stops with its last words where it fails.
    param([string] $Program, [string[]] $Arguments, [string] $Doing)
    Write-Information -MessageData "$Doing ..."
    & $Program @Arguments
    if ($LASTEXITCODE -ne 0) {
        throw "$Doing did not succeed (exit code $LASTEXITCODE); what stands above says why."
    }
}

function Exit-Engine {
    # Ends the engines that run from our own folder, and no other Python.
    param([string] $Folder)
    Get-Process -Name 'python', 'pythonw' -ErrorAction SilentlyContinue |
        Where-Object -FilterScript { $_.Path -and $_.Path.StartsWith("$Folder\", 'OrdinalIgnoreCase') } |
        Stop-Process -Force -PassThru |
        Wait-Process -Timeout 10
}

function Get-Place {
    # Documents may lie in OneDrive; Windows knows.
    '--documents', [Environment]::GetFolderPath('MyDocuments'), '--programs', [Environment]::GetFolderPath('Programs')
}

function Copy-FormulaBook {
    $documents = [Environment]::GetFolderPath('MyDocuments')
    $target = Join-Path -Path $documents -ChildPath 'IIF Ready Reckoner without macros.xlsx'
    if (Test-Path -LiteralPath $target) {
        throw "$target is there already and stays as it is."
    }
    Copy-Item -LiteralPath (Join-Path -Path $PSScriptRoot -ChildPath 'IIF_Ready_Reckoner.xlsx') -Destination $target
    Unblock-File -LiteralPath $target
    Write-Information -MessageData "Workbook: $target"
}

function Show-WaysToPython {
    Write-Information -MessageData @'
No Python 3.11, 3.12 or 3.13 (64 bit) was found for the wheels in this folder. Two ways to get one without an administrator:
  1. python.org, Downloads, Windows, 'Windows installer (64-bit)': choose 'Install Now', without 'for all users'.
  2. Microsoft Store: search for 'Python 3.12' by the Python Software Foundation, Get.
Then run install.cmd again. The workbook without macros needs no Python and shows the same figures.
'@
    $reply = Read-Host -Prompt 'Copy it into Documents now? (y/n)'
    if ($reply -eq 'y') {
        Copy-FormulaBook
    }
}

function Install-Reckoner {
    $found = Find-Python
    if (-not $found) {
        Show-WaysToPython
        return
    }
    Assert-ExcelClosed
    Get-ChildItem -LiteralPath $PSScriptRoot -Recurse -File | Unblock-File
    $own = Get-OwnFolder -FromStore $found.FromStore
    $environment = Join-Path -Path $own -ChildPath 'python'
    $before = Join-Path -Path $own -ChildPath 'python.before'
    $python = Join-Path -Path $environment -ChildPath 'Scripts\python.exe'
    Exit-Engine -Folder $own
    New-Item -Path $own -ItemType Directory -Force | Out-Null
    if (Test-Path -LiteralPath $before) {
        Remove-Item -LiteralPath $before -Recurse -Force
    }
    if (Test-Path -LiteralPath $environment) {
        Move-Item -LiteralPath $environment -Destination $before
    }
    try {
        $venv = $found.Options + @('-m', 'venv', $environment)
        Invoke-Checked -Program $found.Program -Arguments $venv -Doing "Making an environment with Python $($found.Version)"
        foreach ($wheels in $found.Wheelhouse, (Join-Path -Path $found.Wheelhouse -ChildPath 'optional')) {
            $list = Join-Path -Path $wheels -ChildPath 'requirements.txt'
            if (Test-Path -LiteralPath $list) {
                $pip = @('-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--quiet')
                if (-not $Network) {
                    $pip += '--isolated', '--no-index'
                }
                $pip += '--only-binary', ':all:', '--find-links', $wheels, '--require-hashes', '--requirement', $list
                Invoke-Checked -Program $python -Arguments $pip -Doing "Installing $($wheels | Split-Path -Leaf)"
            }
        }
        $setup = @('-P', '-m', 'iif_reckoner.windows.setup', 'install', '--bundle', $PSScriptRoot) + (Get-Place)
        Invoke-Checked -Program $python -Arguments $setup -Doing 'Setting up'
    }
    catch {
        # The environment that worked before comes back.
        if (Test-Path -LiteralPath $environment) {
            Remove-Item -LiteralPath $environment -Recurse -Force
        }
        if (Test-Path -LiteralPath $before) {
            Move-Item -LiteralPath $before -Destination $environment
        }
        throw
    }
    if (Test-Path -LiteralPath $before) {
        Remove-Item -LiteralPath $before -Recurse -Force
    }
    $documents = [Environment]::GetFolderPath('MyDocuments')
    Get-ChildItem -LiteralPath $documents -Filter 'IIF Ready Reckoner*.xlsm' -File | Unblock-File
    Write-Information -MessageData "Done. Start menu: 'IIF Ready Reckoner'. If it does not work: 'IIF doctor'."
}

function Uninstall-Reckoner {
    Assert-ExcelClosed
    foreach ($own in (Get-OwnFolder -FromStore $false), (Get-OwnFolder -FromStore $true)) {
        $python = Join-Path -Path $own -ChildPath 'python\Scripts\python.exe'
        Exit-Engine -Folder $own
        if (Test-Path -LiteralPath $python) {
            $setup = @('-P', '-m', 'iif_reckoner.windows.setup', 'remove') + (Get-Place)
            & $python @setup
        }
        foreach ($part in 'python', 'python.before') {
            $folder = Join-Path -Path $own -ChildPath $part
            if (Test-Path -LiteralPath $folder) {
                Remove-Item -LiteralPath $folder -Recurse -Force
            }
        }
        # Whatever else somebody put there stays.
        if ((Test-Path -LiteralPath $own) -and -not (Get-ChildItem -LiteralPath $own -Force)) {
            Remove-Item -LiteralPath $own
        }
    }
    # An environment that is broken cannot take its entries away itself.
    $menu = Join-Path -Path ([Environment]::GetFolderPath('Programs')) -ChildPath 'IIF Ready Reckoner'
    if (Test-Path -LiteralPath $menu) {
        Remove-Item -LiteralPath $menu -Recurse -Force
    }
    Write-Information -MessageData 'Removed. Workbooks in Documents stay.'
}

try {
    if ("$($ExecutionContext.SessionState.LanguageMode)" -ne 'FullLanguage') {
        throw 'PowerShell is restricted here. IT can install by hand: see the five commands in install.md.'
    }
    if ($Remove) {
        Uninstall-Reckoner
    }
    elseif ($FormulasOnly) {
        Copy-FormulaBook
    }
    else {
        Install-Reckoner
    }
}
catch {
    Write-Information -MessageData "Not done: $($_.Exception.Message)"
    exit 1
}

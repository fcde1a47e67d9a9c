"""`python -m iif_reckoner`, the same as `iif-reckoner`."""

from iif_reckoner.cli import main

if __name__ == "__main__":
    main()

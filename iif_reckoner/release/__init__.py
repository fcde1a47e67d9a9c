"""What `make bundle` and `make release` build for other computers; neither is needed to use the program."""

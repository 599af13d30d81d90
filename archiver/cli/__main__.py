"""The command line by `python -m archiver.cli`."""

from archiver.cli.app import main

main()

"""The way in: `archiver`, or `python -m archiver.cli`. Even while the program loads, Ctrl-C ends with one line."""

from __future__ import annotations

import os
import signal
import sys


def main() -> None:
    """Run the command line."""
    try:
        from archiver.cli.app import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted.\n")
        sys.stderr.flush()
        # Python ends with the signal, not with 130, when the interruption passed through code it was compiling.
        os._exit(130)
    finally:
        # The work is done and its report shown: an interruption from here on changes neither, nor the exit status.
        signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    main()

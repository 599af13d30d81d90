"""The way in: `archiver`, or `python -m archiver.cli`. Even while the program loads, Ctrl-C ends with one line."""

from __future__ import annotations

import gc
import os
import signal
import sys


def main() -> None:
    """Run the command line."""
    # What is made here seldom refers to itself: to look for that every 700 objects costs a twentieth of a run.
    gc.set_threshold(200_000, 10, 10)
    status: object = 0
    try:
        from archiver.cli.app import main as run

        run()
    except SystemExit as ended:
        status = ended.code
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted.\n")
        sys.stderr.flush()
        # Python ends with the signal, not with 130, when the interruption passed through code it was compiling.
        os._exit(130)
    finally:
        # The work is done and its report shown: an interruption from here on changes neither, nor the exit status.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    if status is None or isinstance(status, int):
        _leave(status or 0)
    sys.exit(str(status))


def _leave(status: int) -> None:
    """End without taking every object apart first, which takes longer than many a run; nothing waits to be written."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            pass  # whoever read has stopped reading, as head does
        except OSError:
            status = status or 3  # what was to be shown could not be
        except (ValueError, AttributeError):
            pass  # closed before we began
    os._exit(status)


if __name__ == "__main__":
    main()

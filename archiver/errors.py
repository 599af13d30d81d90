"""The exceptions of archiver.

    ArchiverError                    one clear sentence: what, where, what to do
    ├── UsageError            (2)    the call cannot be carried out as it was made
    │   ├── ConfigurationError       archiver.toml or a profile is wrong
    │   ├── UnreadableInput          what was named is missing or may not be read
    │   └── DestinationTaken         something stands where the result would go
    └── CouldNotFindOut       (3)    the answer is not known
        ├── StorageError             reading or writing failed (I/O, full disk, read-only)
        ├── SourceChanged            a file changed while it was read
        └── RecordDamaged            a register file cannot be relied on

A fault *in the material* is never an exception: it is a `Finding` (model/report.py). An exception means that archiver
could not do, or could not find out, what it was asked.
"""

from __future__ import annotations


class ArchiverError(Exception):
    """Base of all errors meant for people. `exit_status` is what a command ends with."""

    exit_status = 3

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class UsageError(ArchiverError):
    """The call cannot be carried out as it was made."""

    exit_status = 2


class ConfigurationError(UsageError):
    """archiver.toml or a profile is wrong; the message names file, line, key and what was expected."""


class UnreadableInput(UsageError):
    """What was named is missing or may not be read."""


class DestinationTaken(UsageError):
    """Something stands where the result would go; nothing was changed."""


class CouldNotFindOut(ArchiverError):
    """The answer is not known: neither good nor bad."""

    exit_status = 3


class StorageError(CouldNotFindOut):
    """Reading or writing failed: I/O error, full disk, read-only file system."""


class SourceChanged(CouldNotFindOut):
    """A file of the deposit changed while it was read."""


class RecordDamaged(CouldNotFindOut):
    """A file of the register cannot be relied on; it is left as it is."""

"""Claiming an accession number: one mkdir that only one process can win, then accession.toml by one rename."""

from __future__ import annotations

import contextlib
import fcntl
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from archiver.errors import DestinationTaken, RecordDamaged, StorageError
from archiver.model.register import ACCESSION_FILE
from archiver.register import statement
from archiver.register.files import kind_of, locked, read_file, storage_error, sync, sync_folder, write_all

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from archiver.model.provenance import Accession
    from archiver.register.numbers import Scheme

_PARTIAL = f".{ACCESSION_FILE}.partial"


def claim(accessions: Path, scheme: Scheme, draft: Accession, fingerprint: str, *, above: int) -> Path:
    """Make the folder of the next number and write accession.toml in it; both are on the disk when this returns.

    The next number is one `above` the highest of the scheme, whatever became of those below. Raises StorageError; then
    no number is used.
    """
    try:
        serial = above + 1
        while True:
            folder = accessions / scheme.number(serial)
            try:
                folder.mkdir()
                break
            except FileExistsError:  # another process was first
                serial += 1
    except OSError as error:
        raise storage_error("claiming a number in", accessions, error) from error
    try:
        sync_folder(accessions)
        _write_statement(folder, statement.render(replace(draft, number=folder.name), fingerprint))
    except OSError as error:
        # Nobody was told this number yet: giving it up leaves no trace of a run that could not write.
        with contextlib.suppress(OSError):
            (folder / _PARTIAL).unlink(missing_ok=True)
            folder.rmdir()
        raise storage_error("writing", folder / ACCESSION_FILE, error) from error
    return folder


def finish_own(accessions: Path, numbers: Iterable[str], fingerprint: str) -> Path | None:
    """The folder of a record of this deposit whose writing was interrupted just before the end, now finished.

    Only a whole accession.toml that waits under its hidden name, of the same fingerprint, and that no living process
    holds, can be told to be ours. Any other number without a record stays as it is.
    """
    for number in numbers:
        folder = accessions / number
        if kind_of(folder / _PARTIAL) != "file" or kind_of(folder / ACCESSION_FILE) != "absent":
            continue
        with contextlib.suppress(DestinationTaken, RecordDamaged, StorageError):
            if _finish(folder, fingerprint):
                return folder
    return None


def _write_statement(folder: Path, content: bytes) -> None:
    """Write accession.toml: hidden, synced, renamed, the folder synced. Locked meanwhile: a sign of life."""
    partial = folder / _PARTIAL
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(partial, flags, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        write_all(descriptor, content)
        sync(descriptor)
        partial.rename(folder / ACCESSION_FILE)
        sync_folder(folder)
    finally:
        os.close(descriptor)


def _finish(folder: Path, fingerprint: str) -> bool:
    partial = folder / _PARTIAL
    with locked(partial, wait=False) as descriptor:
        said = statement.read(read_file(partial, statement.LIMIT) or b"")
        whole = said.closing == said.closing_computed and said.fingerprint == fingerprint
        ours = whole and said.accession is not None and said.accession.number == folder.name
        if not ours or kind_of(folder / ACCESSION_FILE) != "absent":
            return False
        try:
            sync(descriptor)
            partial.rename(folder / ACCESSION_FILE)
            sync_folder(folder)
        except OSError as error:
            raise storage_error("finishing", folder / ACCESSION_FILE, error) from error
    return True

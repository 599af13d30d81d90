"""New files, there whole or not at all, that never take the place of another."""

from __future__ import annotations

import contextlib
import errno
import os
from typing import TYPE_CHECKING

from archiver.errors import DestinationTaken
from archiver.fixity.durability import sync_folder
from archiver.fixity.measure import failure
from archiver.fixity.staging import rename_new

if TYPE_CHECKING:
    from pathlib import Path


def write_new(path: Path, content: bytes) -> None:
    """Write a file under a hidden name beside its place, and move it there when it is on the disk.

    Raises DestinationTaken when something is there already, StorageError or UnreadableInput when it cannot be written.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        if path.is_symlink() or path.exists():
            raise OSError(errno.EEXIST, os.strerror(errno.EEXIST))
        with partial.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        rename_new(partial, path)
        sync_folder(path.parent)
    except OSError as error:
        if error.errno == errno.EEXIST:
            raise DestinationTaken(
                f"{path} is there already; nothing was changed.", remedy="Name another place."
            ) from error
        raise failure(error, path, "writing") from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink()

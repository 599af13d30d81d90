"""The second referee: bagit-python's judgement of the same bag, beside ours. It never decides; it disagrees aloud."""

from __future__ import annotations

import logging
import stat
from pathlib import Path

from archiver.model.opinion import Opinion


def bagit_python(path: Path, *, ours_valid: bool, processes: int = 1) -> Opinion:
    """What bagit-python says of the bag at `path`, every file read again.

    It is not asked about bags with links or special files: it would follow the ones and hang on the others.
    """
    if path.is_file():
        return Opinion("bagit-python", "", ours_valid, None, "not asked: it reads no archives")
    special = _special(path)
    if special:
        return Opinion("bagit-python", "", ours_valid, None, f"not asked: {special} is a link or special file")
    import bagit

    logging.getLogger("bagit").setLevel(logging.CRITICAL)
    version = str(getattr(bagit, "VERSION", ""))
    try:
        bagit.Bag(str(path)).validate(processes=processes)
    except bagit.BagError as error:
        return Opinion("bagit-python", version, ours_valid, False, str(error))
    except Exception as error:  # noqa: BLE001  bagit-python raises whatever its parser met; that is its answer
        return Opinion("bagit-python", version, ours_valid, False, f"it crashed: {type(error).__name__}: {error}")
    return Opinion("bagit-python", version, ours_valid, True, "valid")


def _special(path: Path) -> str:
    for found in sorted(path.rglob("*")):
        mode = found.lstat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            return found.relative_to(path).as_posix()
    return ""

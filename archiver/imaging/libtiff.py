"""What libtiff says while it decodes.

Of a bad code in fax-coded pixels libtiff tells nobody but standard error: it goes on with a wrong row and reports
success. So the descriptor of standard error is led into a file while a strip is decoded, and what libtiff said is taken
out of it. Whatever another thread wrote meanwhile is passed on. One decoder at a time does this.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ALONE = threading.Lock()
_STANDARD_ERROR = 2
_MOST = 1 << 16  # bytes that are looked at
_STRIP = re.compile(r" of strip \d+| for strip \d+")  # counted in a small file of ours, so it says nothing
_SAID = re.compile(rb"^(?:tempfile\.tif|_?TIFF\w*|(?:LZW|Fax|PackBits|JPEG|ZIP)\w*): ([^\n]*)\n", re.MULTILINE)


@contextlib.contextmanager
def heard() -> Iterator[list[str]]:
    """A list that holds, after the block, what libtiff said in it. Without a standard error it stays empty."""
    said: list[str] = []
    with _ALONE:
        try:
            kept = os.dup(_STANDARD_ERROR)
        except OSError:
            yield said
            return
        try:
            with tempfile.TemporaryFile() as file:
                os.dup2(file.fileno(), _STANDARD_ERROR)
                try:
                    yield said
                finally:
                    os.dup2(kept, _STANDARD_ERROR)
                    _sort(file.fileno(), kept, said)
        finally:
            os.close(kept)


def _sort(descriptor: int, kept: int, said: list[str]) -> None:
    """What libtiff said goes into the list, everything else to where it was meant for."""
    size = os.fstat(descriptor).st_size
    if not size:
        return
    written = os.pread(descriptor, _MOST, 0)
    words = (found[1].decode("ascii", "replace") for found in _SAID.finditer(written))
    said.extend(_STRIP.sub("", part).rstrip(". ") for part in words)
    other = _SAID.sub(b"", written) if size <= _MOST else b""
    if other:
        with contextlib.suppress(OSError):
            os.write(kept, other)

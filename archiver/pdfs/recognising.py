"""Whether a file is a PDF, by its first bytes."""

from __future__ import annotations

import re

WITHIN = 1024  # bytes in which every reader of PDF looks for the header
_HEADER = re.compile(rb"%PDF-(\d\.\d)")


def recognise(head: bytes) -> bool:
    """Whether a file that begins with `head` is a PDF.

    The header may stand anywhere in the first 1,024 bytes, as all readers allow (PDF 1.7, implementation note 13); only
    white space, NUL, a byte order mark or bytes that are no text may stand before it, so that a text about PDF is none.
    """
    found = _HEADER.search(head[: WITHIN + 8])
    if found is None:
        return False
    before = head[: found.start()].removeprefix(b"\xef\xbb\xbf").strip(b" \t\r\n\0\f")
    return not before or any(byte < 9 or 13 < byte < 32 for byte in before)


def header(head: bytes) -> tuple[str, int]:
    """The version in the header and where the header stands; ("", -1) without one."""
    found = _HEADER.search(head[: WITHIN + 8])
    return (found[1].decode("ascii"), found.start()) if found else ("", -1)

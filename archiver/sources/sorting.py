"""Files of a deposit sorted by their content: which are transcripts, documents, images, layout, METS, checksum lists.

Each file's first 64 KiB are read, once. Where content cannot tell, the name does: a plain text is a transcript only
when its name says so, and a file called a checksum list is one, whatever it holds.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from archiver.errors import SourceChanged, StorageError
from archiver.listing import stamp_of
from archiver.model.gathered import FileKind, SortedFile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archiver.model.package import SourceFile

HEAD = 65_536  # bytes that are looked at
KEPT = 1_024  # bytes of them that are kept: a year of newspapers has tens of thousands of files
TEXT_SUFFIXES = (".txt", ".md", ".markdown", ".text")
_IMAGE = re.compile(
    rb"II\*\0|MM\0\*|II\+\0|MM\0\+"  # TIFF, BigTIFF
    rb"|\x89PNG\r\n\x1a\n|\xff\xd8\xff|\0\0\0\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51|GIF8[79]a|RIFF....WEBP",
    re.DOTALL,
)
_OFFICE = (b"PK\3\4", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"\xffWPC")
_IMAGE_SUFFIXES = (".tif", ".tiff", ".jp2", ".jpx", ".jpf", ".j2k", ".j2c", ".jpc", ".png", ".jpg", ".jpeg", ".jpe")


def sort_files(files: Iterable[SourceFile]) -> tuple[SortedFile, ...]:
    """The files with their kinds, in the order given. Raises StorageError or SourceChanged for what cannot be read."""
    return tuple(_sorted(file, read_head(file)) for file in files)


def read_head(file: SourceFile) -> bytes:
    """The first bytes of a listed file. Raises StorageError; SourceChanged when it is not the one that was listed."""
    if file.content is not None:
        return file.content[:HEAD]
    try:
        descriptor = os.open(file.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            if stamp_of(os.fstat(descriptor)) != file.stamp:
                raise SourceChanged(
                    f"{file.path} changed while it was read.",
                    remedy="Wait until nothing writes to the deposit, then run again.",
                )
            return os.read(descriptor, HEAD)
        finally:
            os.close(descriptor)
    except OSError as error:
        words = (error.strerror or str(error)).lower()
        raise StorageError(f"{file.path}: reading failed: {words}.") from error


def is_called_text(name: str) -> bool:
    """Whether a name says that the file is a plain text."""
    return name.lower().endswith(TEXT_SUFFIXES)


def _sorted(file: SourceFile, head: bytes) -> SortedFile:
    return SortedFile(file, kind_of(file.name, head), head[:KEPT])


def kind_of(name: str, head: bytes) -> FileKind:
    """What a file is, by its name in the deposit and its first bytes."""
    # Imported here: a deposit of one text file needs none of these rooms.
    if _IMAGE.match(head) or name.lower().endswith(_IMAGE_SUFFIXES):
        return FileKind.IMAGE  # what is called an image and is none has rules of its own
    from archiver.checksum_lists.recognising import recognise as recognise_list

    if recognise_list(name, head) is not None:
        return FileKind.CHECKSUMS
    if b"%PDF-" in head[:1024]:
        return FileKind.PDF
    if b"<" in head[:1024] or head.startswith(_OFFICE):
        kind = _marked_up(name, head)
        if kind is not None:
            return kind
    return FileKind.TEXT if is_called_text(name) else FileKind.OTHER


def _marked_up(name: str, head: bytes) -> FileKind | None:
    """XML, HTML and office documents; None for what only looks like them."""
    from archiver.foreign_mets import recognise as recognise_mets
    from archiver.layout.reading import recognise as recognise_layout

    if recognise_layout(head) is not None:
        return FileKind.LAYOUT
    if recognise_mets(head):
        return FileKind.METS
    if is_called_text(name):
        return None  # Markdown may begin with HTML
    from archiver.documents import recognise as recognise_document

    return FileKind.DOCUMENT if recognise_document(head, name) is not None else None

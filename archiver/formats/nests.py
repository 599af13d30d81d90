"""Archives among the files of a deposit, told from their first bytes, and archives within them by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.formats import packed, zipped
from archiver.imaging.octets import EndsEarly
from archiver.model.formats import Nest

if TYPE_CHECKING:
    from archiver.imaging.octets import Octets

SUFFIXES = (
    ".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".jar", ".war", ".iso", ".cab", ".arj", ".lzh",
    ".lha", ".tbz2", ".txz", ".warc",
)  # fmt: skip
_SHOWN = 5  # names kept of archives within an archive
_MOST_BLOCKS = 10_000  # headers of a TAR that are looked at
_BEGINNINGS = (
    (packed.SEVEN_ZIP, "7z"),
    (packed.RAR_5, "RAR"),
    (packed.RAR_4, "RAR"),
    (b"\x1f\x8b\x08", "GZIP"),
    (b"BZh", "BZIP2"),
    (b"\xfd7zXZ\0", "XZ"),
    (b"\x28\xb5\x2f\xfd", "ZSTD"),
    (b"MSCF", "CAB"),
    (b"!<arch>\n", "AR"),
)
# What lies in a ZIP archive that is a document of its own, and no archive to people.
_DOCUMENTS = ("[Content_Types].xml", "META-INF/container.xml", "FixedDocSeq.fdseq")


def nest(octets: Octets, head: bytes) -> Nest | None:
    """The archive a file is; None for any other file, office documents and e-books among them."""
    if head.startswith(zipped.BEGINNINGS):
        found = zipped.read_directory(octets)
        names = [entry.name for entry in found.entries]
        if any(name in _DOCUMENTS for name in names) or names[:1] == ["mimetype"]:
            return None
        files = [name for name in names if not name.endswith("/")]
        return Nest("ZIP", len(files) if names else None, _archives(files))
    if head[257:262] == b"ustar":
        return _tar(octets)
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return Nest(kind)
    return Nest("ISO 9660") if head[32769:32774] == b"CD001" else None


def _archives(names: list[str]) -> tuple[str, ...]:
    found = [name for name in names if name.lower().endswith(SUFFIXES)]
    return tuple(found[:_SHOWN]) + ((f"and {len(found) - _SHOWN} more",) if len(found) > _SHOWN else ())


def _tar(octets: Octets) -> Nest:
    """Entries by their headers, as far as they hold; nothing between them is read."""
    names: list[str] = []
    at = 0
    try:
        for _block in range(_MOST_BLOCKS):
            header = octets.at(at, 512)
            if header[257:262] != b"ustar":
                return Nest("TAR", len(names), _archives(names))
            size = int(header[124:136].strip(b"\0 ") or b"0", 8)
            if header[156:157] in {b"0", b"\0"}:
                names.append(header[:100].split(b"\0")[0].decode("utf-8", "replace"))
            at += 512 + (size + 511) // 512 * 512
    except (EndsEarly, ValueError):
        pass  # cut, or sizes in binary: what was not counted is not told
    return Nest("TAR", None, _archives(names))

"""Encryption and passwords, told from content: ZIP, OpenDocument, EPUB, Office, PDF, 7z, RAR, OpenPGP and the like."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver.formats import ole, packed, zipped
from archiver.model.formats import Lock, LockScope

if TYPE_CHECKING:
    from archiver.imaging.octets import Octets

_WINDOW = 64 * 1024  # bytes looked at where a PDF keeps its trailer
_LARGEST_TABLE = 32 * 1024 * 1024  # bytes of a cross-reference table of a PDF, with its trailer
_ENCRYPT = re.compile(rb"/Encrypt(?![A-Za-z])")
_BEGINNINGS = (
    (b"-----BEGIN PGP MESSAGE-----", "an OpenPGP message"),
    (b"age-encryption.org/v1", "encrypted by age"),
    (b"-----BEGIN AGE ENCRYPTED FILE-----", "encrypted by age"),
    (b"Salted__", "encrypted by openssl enc"),
    (b"LUKS\xba\xbe", "a LUKS volume"),
    (b"-FVE-FS-", "a BitLocker volume"),
    (b"encrcdsa", "an encrypted disk image of macOS"),
    (b"$ANSIBLE_VAULT;", "encrypted by ansible-vault"),
    (b"AES\x02", "encrypted by AES Crypt"),
    (b"\x03\xd9\xa2\x9a", "a KeePass database"),
)


def lock(octets: Octets, head: bytes) -> Lock | None:
    """What of a file is encrypted or under a password, as far as its structure shows it; None when nothing is."""
    for beginning, words in _BEGINNINGS:
        if head.startswith(beginning) or (beginning == b"-FVE-FS-" and head[3:11] == beginning):
            return Lock(LockScope.WHOLE, words)
    if head.startswith(zipped.BEGINNINGS):
        return _lock(zipped.encryption(octets, head))
    if head.startswith(ole.MAGIC):
        words = ole.encryption(octets)
        return Lock(LockScope.WHOLE, words) if words else None
    if head.startswith(packed.SEVEN_ZIP):
        return _lock(packed.seven_zip(octets))
    if head.startswith((packed.RAR_4, packed.RAR_5)):
        return _lock(packed.rar(octets, head))
    if b"%PDF-" in head[:1024] and _is_encrypted_pdf(octets):
        return Lock(LockScope.WHOLE, "a PDF with an encryption dictionary")
    return None


def _lock(found: tuple[bool, str] | None) -> Lock | None:
    if found is None:
        return None
    whole, words = found
    return Lock(LockScope.WHOLE if whole else LockScope.PARTS, words)


def _is_encrypted_pdf(octets: Octets) -> bool:
    """Whether the last trailer names an encryption dictionary: that of a table, or that of a cross-reference stream.

    Words on a page are not taken for a trailer: it is the one that startxref leads to. Where that leads nowhere, the
    last one before it counts.
    """
    tail = octets.some(max(0, octets.size - _WINDOW), _WINDOW)
    before, mark, after = tail.rpartition(b"startxref")
    found = re.match(rb"\s+(\d{1,12})\b", after) if mark else None
    if found is not None:
        there = octets.some(int(found[1]), _WINDOW)
        dictionary = there.split(b"stream", 1)[0]
        if b"/XRef" in dictionary:
            return bool(_ENCRYPT.search(dictionary))
        if there.lstrip().startswith(b"xref"):
            return bool(_ENCRYPT.search(_trailer(octets, int(found[1]))))
    trailers = re.split(rb"[\r\n]trailer\s*<<", b"\n" + (before if mark else tail))
    return len(trailers) > 1 and bool(_ENCRYPT.search(trailers[-1]))


def _trailer(octets: Octets, offset: int) -> bytes:
    """The dictionary behind a cross-reference table that begins at `offset`; no row of the table looks like one."""
    end, kept = min(octets.size, offset + _LARGEST_TABLE), b""
    while offset < end:
        kept += octets.some(offset, _WINDOW)
        offset += _WINDOW
        _rows, mark, dictionary = kept.partition(b"trailer")
        if mark and (b"startxref" in dictionary or offset >= end):
            return dictionary.split(b"startxref")[0]
        kept = kept if mark else kept[-len(b"trailer") :]
    return b""

"""Encryption and passwords, told from content: ZIP, OpenDocument, EPUB, Office, PDF, 7z, RAR, OpenPGP and the like."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver.formats import ole, packed, zipped
from archiver.imaging.octets import EndsEarly
from archiver.model.formats import Lock, LockScope

if TYPE_CHECKING:
    from archiver.imaging.octets import Octets

_WINDOW = 64 * 1024  # bytes looked at where a PDF keeps its trailer
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
    """Whether a trailer names an encryption dictionary: the last one, or the cross-reference stream it points at.

    The words in a page's text are not taken for a trailer: only dictionaries after "trailer" or of type XRef count.
    """
    begin = max(0, octets.size - _WINDOW)
    tail = octets.some(begin, _WINDOW)
    if any(_ENCRYPT.search(part.split(b"startxref")[0]) for part in tail.split(b"trailer")[1:]):
        return True
    found = re.findall(rb"startxref\s+(\d{1,12})", tail)
    if not found:
        return False
    try:
        there = octets.some(int(found[-1]), _WINDOW)
    except EndsEarly:
        return False
    if there.lstrip().startswith(b"xref"):
        parts = there.split(b"trailer")[1:2]
        return bool(parts and _ENCRYPT.search(parts[0].split(b"startxref")[0]))
    dictionary = there.split(b"stream", 1)[0]
    return b"/XRef" in dictionary and bool(_ENCRYPT.search(dictionary))

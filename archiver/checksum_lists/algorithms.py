"""Names of digest algorithms as people and programs write them, and what the length of a digest tells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from archiver.model.values import Algorithm

# A digest of no other length is taken for one when nothing names its algorithm.
_BY_LENGTH = {
    32: Algorithm.MD5,
    40: Algorithm.SHA1,
    56: Algorithm.SHA224,
    64: Algorithm.SHA256,
    96: Algorithm.SHA384,
    128: Algorithm.SHA512,
}
LENGTHS = frozenset(_BY_LENGTH)
# Lengths that several algorithms have which depositors use: 96 is also SHA3-384, 32 and 40 have no rival in use.
_SHARED_LENGTHS = frozenset({56, 64, 96, 128})
_KNOWN = {
    **{algorithm.label.lower().replace("-", ""): algorithm for algorithm in Algorithm},
    **{algorithm.value: algorithm for algorithm in Algorithm},
    "sha": Algorithm.SHA1,
    "sha2224": Algorithm.SHA224,
    "sha2256": Algorithm.SHA256,
    "sha2384": Algorithm.SHA384,
    "sha2512": Algorithm.SHA512,
    "blake2": Algorithm.BLAKE2B,
    "blake2b": Algorithm.BLAKE2B,
    "b2": Algorithm.BLAKE2B,
    "b2b": Algorithm.BLAKE2B,
    "blake2s": Algorithm.BLAKE2S,
    "b2s": Algorithm.BLAKE2S,
}
# Checks of transmission: any bytes can be given any of these values.
_CRC = frozenset({"crc", "crc32", "crc32b", "crc32c", "crc64", "adler32", "sfv", "cksum", "sysv", "bsd"})
# In use, and not computed by hashlib: their digests have lengths that could be taken for another algorithm's.
_FOREIGN = frozenset({
    "sha512224", "sha512256", "blake3", "b3", "md2", "md4", "ripemd160", "rmd160", "ripemd", "tiger", "tth",
    "whirlpool", "gost", "gost12256", "gost12512", "gost94", "gost94cryptopro", "snefru128", "snefru256", "edonr256",
    "edonr512", "has160", "aich", "btih", "ed2k", "shake128", "shake256", "keccak", "keccak256", "xxh32", "xxh64",
    "xxh128", "xxh3", "md6", "imohash", "quickxor", "sha0", "streebog256", "streebog512",
})  # fmt: skip
_TOKEN = re.compile(
    r"(?<![a-z0-9])(sha[-_ ]?512[-_/](?:224|256)|sha[-_ ]?[23][-_ ]?(?:224|256|384|512)|sha[-_ ]?(?:1|224|256|384|512)"
    r"|blake2[bs]?(?:[-_](?:128|160|224|256|384|512))?|md[-_ ]?[456]|sm[-_ ]?3|b2|b3|blake3|whirlpool|tiger|tth"
    r"|(?:ripemd|rmd)[-_ ]?160|crc[-_ ]?(?:32|64)?[bc]?|sfv|adler32|xxh(?:32|64|128|3)|cksum|sha)"
    r"(?:sums?|deep|s)?(?![a-z0-9])"
)
_BLAKE_LENGTH = re.compile(r"blake2([bs])(\d+)")


@dataclass(frozen=True, slots=True)
class Named:
    """What a name names: an algorithm we compute, or none because it is a CRC or is not computed here."""

    label: str
    algorithm: Algorithm | None = None
    is_crc: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """The algorithm a digest is taken to be of; `assumed` when its length alone told it and others share it."""

    named: Named
    assumed: bool = False


def named(words: str) -> Named | None:
    """The algorithm a word names, however it is spelt (SHA256, SHA-256, SHA2-256, sha_256); None for other words."""
    folded = re.sub(r"[^a-z0-9]", "", words.lower())
    if folded in _KNOWN and not re.search(r"512\D+(224|256)", words):
        return Named(_KNOWN[folded].label, _KNOWN[folded])
    if folded in _CRC:
        return Named(words.upper(), is_crc=True)
    if folded in _FOREIGN:
        return Named(words)
    blake = _BLAKE_LENGTH.fullmatch(folded)
    return Named(words) if blake else None


def names_in(words: str) -> tuple[Named, ...]:
    """Every algorithm named somewhere in words such as a file name or a comment, in order."""
    found = (named(match[1]) for match in _TOKEN.finditer(words.lower().replace("_", "-")))
    return tuple(one for one in found if one is not None)


def of_digest(hexdigest: str, hints: Iterable[Named] = ()) -> Taken | None:
    """The algorithm of a digest: what is named and fits its length, else what its length tells; None for neither.

    A name alone never makes a digest of a length that it does not have: MD5SUMS with digests of 64 digits holds
    SHA-256. The exceptions are names whose digests could be taken for others (BLAKE3 has 64 digits as well).
    """
    length = len(hexdigest)
    hints = tuple(hints)
    fitting = [hint for hint in hints if hint.algorithm is not None and hint.algorithm.hex_length == length]
    if fitting:
        return Taken(fitting[0])
    shortened = [hint for hint in hints if hint.algorithm in {Algorithm.BLAKE2B, Algorithm.BLAKE2S}]
    foreign = [hint for hint in hints if hint.algorithm is None and not hint.is_crc]
    if shortened and length % 2 == 0 and length < 128:
        return Taken(Named(f"{shortened[0].label.split('-')[0]}-{length * 4}"))
    if foreign:
        return Taken(foreign[0])
    if length == 8:
        return Taken(next((hint for hint in hints if hint.is_crc), Named("CRC32", is_crc=True)))
    algorithm = _BY_LENGTH.get(length)
    return Taken(Named(algorithm.label, algorithm), length in _SHARED_LENGTHS) if algorithm else None

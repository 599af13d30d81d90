"""Small values: digest algorithms, checksums, paths inside packages, formats."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass


class Algorithm(enum.Enum):
    """A digest algorithm, by the name BagIt uses in manifest file names (RFC 8493 §2.4: lower case, no hyphen)."""

    MD5 = "md5"
    SHA1 = "sha1"
    SHA224 = "sha224"
    SHA256 = "sha256"
    SHA384 = "sha384"
    SHA512 = "sha512"
    SHA3_224 = "sha3224"
    SHA3_256 = "sha3256"
    SHA3_384 = "sha3384"
    SHA3_512 = "sha3512"
    BLAKE2B = "blake2b512"
    BLAKE2S = "blake2s256"
    SM3 = "sm3"

    @property
    def hex_length(self) -> int:
        """Length of a digest in hexadecimal digits."""
        return _HEX_LENGTH[self]

    @property
    def hashlib_name(self) -> str:
        """The name `hashlib.new` takes."""
        return _HASHLIB_NAME.get(self, self.value)

    @property
    def mets_name(self) -> str | None:
        """The value of METS @CHECKSUMTYPE, or None: METS 1.12.1 has no term for SHA-224, SHA-3, BLAKE2 and SM3."""
        return _METS_NAME.get(self)

    @property
    def label(self) -> str:
        """The name in prose and in PREMIS messageDigestAlgorithm."""
        return _LABEL[self]

    @property
    def is_legacy(self) -> bool:
        """Whether collisions are practical, so that the digest is no evidence against intent (MD5, SHA-1)."""
        return self in {Algorithm.MD5, Algorithm.SHA1}


_HEX_LENGTH = {
    Algorithm.MD5: 32,
    Algorithm.SHA1: 40,
    Algorithm.SHA224: 56,
    Algorithm.SHA256: 64,
    Algorithm.SHA384: 96,
    Algorithm.SHA512: 128,
    Algorithm.SHA3_224: 56,
    Algorithm.SHA3_256: 64,
    Algorithm.SHA3_384: 96,
    Algorithm.SHA3_512: 128,
    Algorithm.BLAKE2B: 128,
    Algorithm.BLAKE2S: 64,
    Algorithm.SM3: 64,
}
_HASHLIB_NAME = {
    Algorithm.SHA3_224: "sha3_224",
    Algorithm.SHA3_256: "sha3_256",
    Algorithm.SHA3_384: "sha3_384",
    Algorithm.SHA3_512: "sha3_512",
    Algorithm.BLAKE2B: "blake2b",
    Algorithm.BLAKE2S: "blake2s",
}
_METS_NAME = {
    Algorithm.MD5: "MD5",
    Algorithm.SHA1: "SHA-1",
    Algorithm.SHA256: "SHA-256",
    Algorithm.SHA384: "SHA-384",
    Algorithm.SHA512: "SHA-512",
}
_LABEL = {
    Algorithm.MD5: "MD5",
    Algorithm.SHA1: "SHA-1",
    Algorithm.SHA224: "SHA-224",
    Algorithm.SHA256: "SHA-256",
    Algorithm.SHA384: "SHA-384",
    Algorithm.SHA512: "SHA-512",
    Algorithm.SHA3_224: "SHA3-224",
    Algorithm.SHA3_256: "SHA3-256",
    Algorithm.SHA3_384: "SHA3-384",
    Algorithm.SHA3_512: "SHA3-512",
    Algorithm.BLAKE2B: "BLAKE2b-512",
    Algorithm.BLAKE2S: "BLAKE2s-256",
    Algorithm.SM3: "SM3",
}


@dataclass(frozen=True, slots=True, order=True)
class Checksum:
    """A digest with its algorithm; `hexdigest` is lower case."""

    algorithm_name: str
    hexdigest: str

    @classmethod
    def of(cls, algorithm: Algorithm, hexdigest: str) -> Checksum:
        """A checksum of a known algorithm; raises ValueError when the digest cannot be one of that algorithm."""
        folded = hexdigest.lower()
        if not re.fullmatch(r"[0-9a-f]+", folded) or len(folded) != algorithm.hex_length:
            raise ValueError(f"not a {algorithm.label} digest: {hexdigest!r}")
        return cls(algorithm.value, folded)

    @property
    def algorithm(self) -> Algorithm:
        """The algorithm."""
        return Algorithm(self.algorithm_name)

    def __str__(self) -> str:
        return f"{self.algorithm_name}:{self.hexdigest}"


@dataclass(frozen=True, slots=True, order=True)
class PackagePath:
    """A relative path inside a package or deposit: `/` between parts, no `.` or `..`, never absolute, no NUL.

    Raises ValueError on anything else, so that a path which leaves its root cannot be expressed.
    """

    value: str

    def __post_init__(self) -> None:
        """Refuse what could leave the root."""
        parts = self.value.split("/")
        if not self.value or "\0" in self.value or any(part in {"", ".", ".."} for part in parts):
            raise ValueError(f"not a path inside a package: {self.value!r}")

    @property
    def name(self) -> str:
        """The last part."""
        return self.value.rsplit("/", 1)[-1]

    def __truediv__(self, other: str) -> PackagePath:
        return PackagePath(f"{self.value}/{other}")

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Identification:
    """What one identifier said of a file: `basis` is what it looked at, `warning` what it doubted."""

    tool: str  # "siegfried 1.11.9 (DROID_SignatureFile_V125.xml; …)", "libmagic 5.44"
    value: str  # a PUID ("x-fmt/111") or a MIME type ("text/plain"); "UNKNOWN" when not identified
    name: str = ""
    version: str = ""
    basis: str = ""
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Format:
    """The format of a file: MIME type and PRONOM identification, each with its basis."""

    mime: Identification
    pronom: Identification

    @property
    def name(self) -> str:
        """The format's name as PRONOM has it, else the MIME type."""
        return self.pronom.name or self.mime.value

"""What one read of many files found, in little memory: half a million files fit in some 200 MB."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archiver.model.package import Measured
from archiver.model.values import Algorithm, Checksum

Found = tuple[int, tuple[bytes, ...], tuple[Algorithm, ...]]  # size in bytes, digests, their algorithms


class Measurements(Mapping[str, Measured]):
    """Path → what was measured. Digests are kept as bytes; `Measured` is made of them when it is asked for."""

    def __init__(self) -> None:
        self._found: dict[str, Found] = {}

    def add(self, path: str, size: int, digests: tuple[bytes, ...], algorithms: tuple[Algorithm, ...]) -> None:
        """Note what was measured: `size` in bytes, a digest for each of the algorithms, in their order."""
        self._found[path] = (size, digests, algorithms)

    def note(self, path: str, measured: Measured) -> None:
        """Note what was measured of one file."""
        algorithms = tuple(checksum.algorithm for checksum in measured.checksums)
        digests = tuple(bytes.fromhex(checksum.hexdigest) for checksum in measured.checksums)
        self.add(path, measured.size, digests, algorithms)

    @property
    def total(self) -> int:
        """The sizes of all files together, in bytes."""
        return sum(found[0] for found in self._found.values())

    def hexdigest(self, path: str, algorithm: Algorithm) -> str:
        """The digest of a measured file in lower-case hexadecimal. Raises KeyError when it was not computed."""
        digest = self.digest(path, algorithm)
        if digest is None:
            raise KeyError(path)
        return digest.hex()

    def digest(self, path: str, algorithm: Algorithm) -> bytes | None:
        """The digest of a file by one algorithm; None when that was not computed, or the file not measured."""
        found = self._found.get(path)
        if found is None or algorithm not in found[2]:
            return None
        return found[1][found[2].index(algorithm)]

    def __getitem__(self, path: str) -> Measured:
        size, digests, algorithms = self._found[path]
        pairs = zip(algorithms, digests, strict=True)
        return Measured(size, tuple(Checksum(algorithm.value, digest.hex()) for algorithm, digest in pairs))

    def __contains__(self, path: object) -> bool:
        return path in self._found

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

"""What goes to a target, where it goes, and what was found of a copy that is held there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archiver.model.values import Algorithm, Checksum, PackagePath

if TYPE_CHECKING:
    from datetime import datetime

    from archiver.model.package import Seal, SealedBag
    from archiver.model.progress import Progress


@dataclass(frozen=True, slots=True)
class ShippedFile:
    """A file of a sealed bag: payload, tag file or tag manifest. `size` in bytes; sha512 is among the checksums."""

    path: PackagePath
    size: int
    checksums: tuple[Checksum, ...]

    def digest(self, algorithm: Algorithm) -> str | None:
        """The hex digest in `algorithm`, or None when the bag does not state it."""
        for checksum in self.checksums:
            if checksum.algorithm_name == algorithm.value:
                return checksum.hexdigest
        return None

    @property
    def sha512(self) -> str:
        """The digest by which copies are compared."""
        digest = self.digest(Algorithm.SHA512)
        assert digest is not None, "a shipment states sha512 for every file"
        return digest


@dataclass(frozen=True, slots=True)
class Shipment:
    """A sealed bag with every file of it, in order of paths.

    Raises ValueError when a file has no sha512, or the listing does not hold the tag manifest that the seal stands for.
    """

    bag: SealedBag
    files: tuple[ShippedFile, ...]

    def __post_init__(self) -> None:
        """Refuse a listing that could not prove a copy to be the same package."""
        without = [str(file.path) for file in self.files if file.digest(Algorithm.SHA512) is None]
        if without:
            raise ValueError(f"no sha512 is known of {', '.join(without)}")
        sealed = next((file for file in self.files if file.path == self.seal_file), None)
        if sealed is None or sealed.digest(self.bag.seal.checksum.algorithm) != self.bag.seal.checksum.hexdigest:
            raise ValueError(f"{self.seal_file} in the listing is not what the seal {self.bag.seal} stands for")

    @property
    def seal_file(self) -> PackagePath:
        """The tag manifest whose digest is the seal."""
        return PackagePath(f"tagmanifest-{self.bag.seal.checksum.algorithm_name}.txt")

    @property
    def size(self) -> int:
        """Bytes of all files, tag files included."""
        return sum(file.size for file in self.files)


@dataclass(frozen=True, slots=True)
class Destination:
    """A target as the user named it, and what that name stands for. `options` are the target's own settings."""

    name: str
    kind: str
    place: str
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends, as repositories record it. `address` is a URI (mailto:… or https://…), or empty."""

    name: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The circumstances of one transfer: when, by whom, whom to tell of its progress, how many files at once."""

    at: datetime
    sender: Sender
    progress: Progress
    workers: int = 1


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One way in which a held copy is not what it must be. `path` is relative to the copy."""

    path: str
    problem: str


@dataclass(frozen=True, slots=True)
class Replica:
    """A held copy as it was re-measured.

    `content` are its files that are missing, changed or too many; `structure` what is wrong with the records the target
    keeps of it (an OCFL inventory, its sidecar, its versions), or None where a target keeps none.
    """

    place: str
    content: tuple[Discrepancy, ...] = ()
    structure: tuple[Discrepancy, ...] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.content and not self.structure


@dataclass(frozen=True, slots=True)
class Stated:
    """A package's seal beside those its accession record states for its identifier; None: there is no record."""

    identifier: str
    seal: Seal
    recorded: tuple[str, ...] | None
    number: str = ""

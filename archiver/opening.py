"""A deposit opened: a file or folder as it is; an archive unpacked beside it; a bag verified, its payload taken."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from archiver import plugs
from archiver.archives.opening import is_archive
from archiver.archives.unpacking import holds_files, unpack
from archiver.fixity.measure import measure_here, stamp
from archiver.listing import read_content
from archiver.model.container import Container, DepositedBag, UnpackedDeposit
from archiver.model.package import Measured, SourceFile
from archiver.model.progress import QUIET, Progress
from archiver.model.report import CheckRun, Finding, Severity
from archiver.model.values import Algorithm
from archiver.packages.bag import Bag

_KEPT = 16 * 1024 * 1024  # bytes of a tag file that goes with the package
_WITNESS = (Algorithm.SHA512,)


@dataclass(frozen=True, slots=True)
class Opened:
    """What is to be read as the deposit, and what was found on the way there."""

    path: Path
    shown: str
    container: Container | None = None
    bag: DepositedBag | None = None
    checks: tuple[CheckRun, ...] = ()
    findings: tuple[Finding, ...] = ()
    measured: tuple[tuple[str, Measured], ...] = ()  # what verifying a bag measured, by path in the deposit

    @property
    def is_sound(self) -> bool:
        """Whether nothing speaks against reading what is in it."""
        return not any(found.severity is Severity.ERROR for found in self.findings)


class Opening:
    """Opens deposits, one after another, and takes away at the end what it unpacked. A context manager."""

    def __init__(self, *, workers: int = 2, progress: Progress = QUIET, scratch: Path | None = None) -> None:
        """`scratch` is the folder that archives are unpacked below; by default that for temporary files."""
        self._workers, self._progress, self._scratch = workers, progress, scratch
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take away what was unpacked."""
        self._stack.close()

    def open(self, source: Path) -> Opened:
        """Open a deposit. The source is not changed. Raises UnreadableInput or StorageError."""
        opened = Opened(source, str(source))
        if is_archive(source) and holds_files(source):
            opened = self._unpacked(source)
        if opened.is_sound and opened.path.is_dir() and (opened.path / "bagit.txt").is_file():
            opened = self._verified(opened)
        return opened

    def _unpacked(self, source: Path) -> Opened:
        self._progress.say(f"Unpacking {source}")
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="archiver-", dir=self._scratch)))
        place = folder / (source.name.split(".", 1)[0] or "deposit")
        place.mkdir()
        before = measure_here(source, _WITNESS)
        unpacked = unpack(source, place, progress=self._progress)
        container = Container(source, unpacked.kind, before, unpacked.files, unpacked.size, unpacked.faults)
        runs, findings = plugs.run_checks("unpacked", UnpackedDeposit(container), subject=str(source))
        inside = sorted(place.iterdir())
        only = inside[0] if len(inside) == 1 and inside[0].is_dir() and not inside[0].is_symlink() else place
        return Opened(only, str(source), container, checks=runs, findings=findings)

    def _verified(self, opened: Opened) -> Opened:
        """A bag that was deposited: judged by every rule of RFC 8493, its payload the deposit when it holds."""
        self._progress.say(f"Validating the bag {opened.shown}")
        bag = Bag.open(opened.path)
        contents = bag.contents(workers=self._workers, progress=self._progress, also=_WITNESS)
        runs, findings = plugs.run_checks("bag", contents, subject=opened.shown)
        tags = sorted(path for path in contents.tag_files if contents.tag_files[path] <= _KEPT)
        deposited = DepositedBag(
            contents.name,
            contents.version,
            tuple((tag.label, tag.value) for tag in contents.info),
            tuple(manifest.name for manifest in contents.manifests),
            len(contents.payload),
            tuple((path, _content(opened.path / path)) for path in tags),
        )
        return replace(
            opened,
            path=opened.path / "data",
            bag=deposited,
            checks=opened.checks + runs,
            findings=opened.findings + findings,
            measured=tuple((path.removeprefix("data/"), contents.measured[path]) for path in contents.payload),
        )


def _content(path: Path) -> bytes:
    return read_content(SourceFile(path, path.name, stamp(path)), _KEPT)

"""The far end of a transfer on a file system: copied and synced there, read again there, compared with the package."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from archiver.errors import DestinationTaken, SourceChanged, StorageError, UsageError
from archiver.executors import ordered_map
from archiver.fixity import durability
from archiver.fixity.measure import measure, stamp
from archiver.model.package import SourceFile
from archiver.model.progress import Progress
from archiver.model.shipment import Discrepancy, Replica, Shipment, ShippedFile
from archiver.model.values import Algorithm

DEEPEST = 64  # folders within folders of a copy
Advance = Callable[[int], None]  # called with the bytes verified by each step


class CopyDamaged(DestinationTaken):
    """A copy that the target holds already is not whole. It was left as it is; `replica` says what is wrong."""

    def __init__(self, message: str, replica: Replica) -> None:
        super().__init__(
            message, remedy="Restore that copy, or have it removed by those who keep it; then transfer again."
        )
        self.replica = replica


@dataclass(frozen=True, slots=True)
class Expected:
    """What a file at the far end must be: bytes, and the hex digest in one algorithm."""

    size: int | None
    algorithm: Algorithm
    hexdigest: str


def storage_error(doing: str, path: Path, error: OSError) -> StorageError:
    """The error for people: what was being done, where, and the system's words."""
    words = (error.strerror or str(error)).lower()
    return StorageError(f"{doing} {path} failed: {words}.", remedy="Mend the cause, then transfer again.")


def copy_file(bag: Path, file: ShippedFile, to: Path, algorithm: Algorithm) -> None:
    """Copy one file of a bag to a new path, synced, its digest taken on the way and compared with the package's.

    Raises SourceChanged when the file is no longer what the package states, StorageError when reading or writing fails.
    """
    source = bag / file.path.value
    make_folders(to.parent)
    found = measure(SourceFile(source, file.path.value, stamp(source)), (algorithm,), copy_to=to)
    expected = file.digest(algorithm)
    if found.size != file.size or (expected is not None and found.digest(algorithm) != expected):
        raise SourceChanged(
            f"{source} changed since the package was validated: {expected} ({file.size} bytes) was expected, "
            f"{found.digest(algorithm)} ({found.size} bytes) was read.",
            remedy="Restore the file, validate the package, then transfer it.",
        )


def copy_files(bag: Path, copies: Sequence[tuple[ShippedFile, Path]], algorithm: Algorithm, workers: int) -> None:
    """Copy files of a bag, each to its new path, `workers` at once; raises what `copy_file` raises."""
    ordered_map(lambda copy: copy_file(bag, copy[0], copy[1], algorithm), copies, workers=workers)


def digest_of(path: Path, algorithm: Algorithm) -> tuple[int, str]:
    """Size in bytes and hex digest of a file as the storage gives it back, not as this machine still remembers it.

    Raises StorageError or UnreadableInput when it cannot be read.
    """
    forget(path)
    found = measure(SourceFile(path, path.name, stamp(path)), (algorithm,))
    return found.size, found.digest(algorithm)


def forget(path: Path) -> None:
    """Ask the system to drop what it holds of a file in memory, so that the next read reaches the storage.

    A plea, not a command: where the system has no such call, or declines, reading goes on without.
    """
    advise = getattr(os, "posix_fadvise", None)
    if advise is None:
        return
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return
    try:
        advise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    except OSError:
        return
    finally:
        os.close(descriptor)


def remeasure(
    root: Path,
    expected: Mapping[str, Expected],
    advance: Advance,
    *,
    concerns: Callable[[str], bool] = lambda _: True,
    workers: int = 1,
) -> tuple[Discrepancy, ...]:
    """Read every file below `root` again and compare with what is expected: all discrepancies, in order of paths.

    What is there and `concerns` says no of is left aside. Links and special files are never opened. `workers` files are
    read at once. Raises StorageError when a folder or file cannot be read.
    """
    found = {path: status for path, status in entries(root) if path in expected or concerns(path)}

    def problem(path: str) -> str:
        words = _problem(root, path, found.get(path), expected.get(path))
        if not words:
            advance(found[path].st_size)
        return words

    paths = sorted(found.keys() | expected.keys())
    problems = zip(paths, ordered_map(problem, paths, workers=workers), strict=True)
    return tuple(Discrepancy(path, words) for path, words in problems if words)


def _problem(root: Path, path: str, status: os.stat_result | None, expected: Expected | None) -> str:
    if status is None:
        return "the file is missing"
    if expected is None:
        return "nothing of this name belongs to the package"
    if not stat.S_ISREG(status.st_mode):
        return "it is a link or special file, and was not opened"
    if expected.size is not None and status.st_size != expected.size:
        return f"it has {status.st_size} bytes, and must have {expected.size}"
    _, hexdigest = digest_of(root / path, expected.algorithm)
    if hexdigest != expected.hexdigest.lower():
        return f"its {expected.algorithm.label} is {hexdigest}, and must be {expected.hexdigest.lower()}"
    return ""


def entries(root: Path, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, os.stat_result]]:
    """Everything below `root` that is no folder, by lstat: paths with `/`, in order within each folder.

    An empty folder is given too, with `/` at its end. Raises StorageError when a folder cannot be listed.
    """
    folder = root / prefix
    if depth > DEEPEST:
        raise StorageError(f"{folder}: folders lie more than {DEEPEST} deep.", remedy="See what made them.")
    try:
        with os.scandir(folder) as listed:
            names = sorted(entry.name for entry in listed)
        statuses = [(folder / name).lstat() for name in names]
    except OSError as error:
        raise storage_error("listing", folder, error) from error
    for name, status in zip(names, statuses, strict=True):
        if not stat.S_ISDIR(status.st_mode):
            yield prefix + name, status
            continue
        below = list(entries(root, f"{prefix}{name}/", depth + 1))
        if not below:
            yield f"{prefix}{name}/", status
        yield from below


def kind_of(path: Path) -> str:
    """What a name stands for, by lstat: "folder", "file", "absent" or "other". Raises StorageError if unknown."""
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return "absent"
    except OSError as error:
        raise storage_error("looking at", path, error) from error
    if stat.S_ISDIR(mode):
        return "folder"
    return "file" if stat.S_ISREG(mode) else "other"


def make_folders(folder: Path) -> None:
    """Make a folder and those above it; raises StorageError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise storage_error("making the folder", folder, error) from error


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the storage; raises StorageError."""
    try:
        durability.sync_folder(folder)
    except OSError as error:
        raise storage_error("syncing", folder, error) from error


def sync_tree(folder: Path) -> None:
    """Bring the names in a folder and all folders below it to the storage, deepest first; raises StorageError."""
    for parent, _, _ in os.walk(folder, topdown=False, onerror=_raise):
        sync_folder(Path(parent))


def _raise(error: OSError) -> None:
    raise storage_error("listing", Path(str(error.filename)), error) from error


class Meter:
    """Counts the bytes of a package verified at the far end and tells the user's progress display."""

    def __init__(self, shipment: Shipment, progress: Progress) -> None:
        self._size = shipment.size
        self._progress = progress
        self._verified = 0
        progress.say(f"Transferring {shipment.bag.identifier}")
        progress.expect(0, self._size)
        self._turn = threading.Lock()  # files are verified by several threads

    def advance(self, size: int) -> None:
        """Count `size` bytes more, never beyond those of the package."""
        with self._turn:
            counted = min(size, self._size - self._verified)
            self._verified += counted
            self._progress.advance(0, counted)


def compare_seal(shipment: Shipment, copy: Path) -> None:
    """Read the far copy of the tag manifest that the seal stands for and compare seals.

    Raises StorageError when they differ: then the copy is not the same package, whatever else was found.
    """
    ours = shipment.bag.seal.checksum
    _, theirs = digest_of(copy, ours.algorithm)
    if theirs != ours.hexdigest:
        raise StorageError(
            f"{copy}: the seal of the copy is {ours.algorithm_name}:{theirs}, that of the package is {ours}.",
            remedy="Have the storage checked, then transfer again.",
        )


def refuse_own_place(bag: Path, place: Path, held: Path) -> None:
    """Raise UsageError when the copy would be the package itself, or lie in it: that is no second copy."""
    whole = Path(os.path.realpath(bag))
    if whole == Path(os.path.realpath(held)) or Path(os.path.realpath(place)).is_relative_to(whole):
        message = f"{place} is where the package {bag} lies itself, so a copy there would be none."
        raise UsageError(message, remedy="Name a target on other storage.")


def expected_copy(shipment: Shipment) -> dict[str, Expected]:
    """What a plain copy of a package must hold, by path."""
    return {file.path.value: Expected(file.size, Algorithm.SHA512, file.sha512) for file in shipment.files}


def refuse_bad_copy(place: Path, problems: Sequence[Discrepancy]) -> None:
    """Raise StorageError when a copy just written was not read back as it was sent."""
    if problems:
        more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
        first = f"{problems[0].path}: {problems[0].problem}{more}"
        raise StorageError(
            f"the copy at {place} was not read back as it was written: {first}.",
            remedy="Have the storage checked, then transfer again.",
        )

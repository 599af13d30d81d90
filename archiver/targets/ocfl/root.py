"""OCFL storage roots: opened as they are, or laid out anew; and the hidden place in them where versions are made."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archiver.errors import DestinationTaken, StorageError, UsageError
from archiver.targets.far_end import entries, kind_of, make_folders, storage_error, sync_folder
from archiver.targets.ocfl import layouts
from archiver.targets.ocfl.inventory import SPECS
from archiver.targets.ocfl.layouts import Layout

NEWEST = SPECS[-1]
LAYOUT_FILE = "ocfl_layout.json"
STAGING = "archiver-staging"  # below extensions/, which validators of objects do not enter
_SMALL = 1024 * 1024  # bytes of a declaration, layout or sidecar
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Root:
    """A storage root: its OCFL version and layout. `note` says where an option could not be followed."""

    folder: Path
    spec: str
    layout: Layout
    note: str = ""


def open_root(place: Path, option: str) -> Root:
    """The storage root at `place`, laid out there first when nothing, or an empty folder, is there.

    `option` names the layout of a new root ("" for the default); a root that states its layout is taken as it is.
    Raises DestinationTaken when something else is there, UsageError for a root we cannot write to rightly.
    """
    wanted = layouts.named(option) if option else Layout(layouts.DEFAULT)
    if not place.is_dir():
        _make_place(place)
    folder = Path(os.path.realpath(place))
    with _alone(folder):
        declared = _names(folder, "0=ocfl_")
        if not declared:
            _lay_out(folder, wanted)
            return Root(folder, NEWEST, wanted)
    return _read_root(folder, declared, wanted, option)


def read_small(path: Path, limit: int = _SMALL) -> bytes | None:
    """The bytes of a regular file, or None when there is none. Raises StorageError when unreadable or too large."""
    kind = kind_of(path)
    if kind == "absent":
        return None
    if kind != "file":
        raise StorageError(f"{path} is no regular file; it was not opened.", remedy="See what put it there.")
    try:
        with os.fdopen(os.open(path, _READ), "rb") as stream:
            content = stream.read(limit + 1)
    except OSError as error:
        raise storage_error("reading", path, error) from error
    if len(content) > limit:
        raise StorageError(f"{path} is larger than the limit of {limit} bytes.", remedy="See what put it there.")
    return content


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, synced; raises StorageError."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise storage_error("writing", path, error) from error


def move(source: Path, to: Path) -> None:
    """Rename, and bring the new name to the storage; raises StorageError."""
    try:
        source.rename(to)
    except OSError as error:
        raise storage_error("renaming to", to, error) from error
    sync_folder(to.parent)


@contextlib.contextmanager
def staging(root: Path, identifier: str) -> Iterator[Path]:
    """An empty hidden folder in the root, for one object at a time; removed again, however the work ends.

    What an earlier run left there, killed in its work, is removed first. Raises DestinationTaken when another process
    is at work on the same object, StorageError when the root cannot be written.
    """
    above = root / "extensions" / STAGING
    name = hashlib.sha256(identifier.encode("utf-8", "surrogateescape")).hexdigest()[:32]
    descriptor = _lock(above, above / f"{name}.lock", identifier)
    folder = above / name
    try:
        _remove(folder)
        make_folders(folder)
        yield folder
    finally:
        with contextlib.suppress(StorageError):
            _remove(folder)
        with contextlib.suppress(OSError):
            (above / f"{name}.lock").unlink()
            above.rmdir()
            above.parent.rmdir()  # only when no extension is configured there
        os.close(descriptor)


def _lock(above: Path, path: Path, identifier: str) -> int:
    """Hold the lock file of an object. A file that its holder removed meanwhile is no lock: then begin again."""
    while True:
        make_folders(above)
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise storage_error("locking", path, error) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
        except BlockingIOError as error:
            os.close(descriptor)
            message = f"another archiver is at work on the object {identifier} in {above.parent.parent} at this moment."
            raise DestinationTaken(message, remedy="Wait until it has ended, then transfer again.") from error
        except FileNotFoundError:
            pass
        except OSError as error:
            os.close(descriptor)
            raise storage_error("locking", path, error) from error
        os.close(descriptor)


def _remove(folder: Path) -> None:
    if kind_of(folder) == "absent":
        return
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise storage_error("removing", folder, error) from error


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep another process from laying out the same root at once. Where folders cannot be locked, go on without."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise storage_error("opening", folder, error) from error
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _make_place(place: Path) -> None:
    if not place.parent.is_dir():
        message = f"{place.parent} is no folder, so no OCFL root can be laid out in it."
        raise UsageError(message, remedy="Check the address, and that the storage is mounted.")
    try:
        place.mkdir(exist_ok=True)
    except FileExistsError as error:
        raise DestinationTaken(f"{place} is no folder.", remedy="Name a folder for the OCFL root.") from error
    except OSError as error:
        raise storage_error("making the folder", place, error) from error


def _names(folder: Path, prefix: str) -> list[str]:
    try:
        return sorted(entry.name for entry in os.scandir(folder) if entry.name.startswith(prefix))
    except OSError as error:
        raise storage_error("listing", folder, error) from error


def _lay_out(folder: Path, layout: Layout) -> None:
    """Write what makes a folder a root, the declaration last: a run that is killed on the way is taken up again."""
    ours = {
        f"extensions/{name}/{file}" for name in layouts.KNOWN for file in ("", "config.json", "config.json.partial")
    }
    ours |= {"extensions/", LAYOUT_FILE, f"{LAYOUT_FILE}.partial", f".0=ocfl_{NEWEST}.partial"}
    strange = [path for path, _ in entries(folder) if path not in ours]
    if strange:
        message = f"{folder} is no OCFL root, and holds {strange[0]!r} and {len(strange) - 1} more entries."
        raise DestinationTaken(message, remedy="Name an OCFL root, an empty folder, or a folder that is not there yet.")
    inside = next((above for above in folder.parents if _names(above, "0=ocfl")), None)
    if inside is not None:
        raise UsageError(
            f"{folder} lies inside the OCFL root or object {inside}.", remedy="Name a folder outside of it."
        )
    _remove(folder / "extensions")
    if layout.parameters:
        extension = folder / "extensions" / layout.name
        make_folders(extension)
        _replace(extension / "config.json", _json(layout.parameters), extension / "config.json.partial")
        sync_folder(extension.parent)
    stated = {"extension": layout.name, "description": layout.description}
    _replace(folder / LAYOUT_FILE, _json(stated), folder / f"{LAYOUT_FILE}.partial")
    declaration = f"0=ocfl_{NEWEST}"
    _replace(folder / declaration, f"ocfl_{NEWEST}\n".encode(), folder / f".{declaration}.partial")
    sync_folder(folder.parent)


def _replace(path: Path, content: bytes, partial: Path) -> None:
    try:
        partial.unlink(missing_ok=True)
    except OSError as error:
        raise storage_error("removing", partial, error) from error
    write_new(partial, content)
    move(partial, path)


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _read_root(folder: Path, declared: list[str], wanted: Layout, option: str) -> Root:
    spec = next((spec for spec in SPECS if declared == [f"0=ocfl_{spec}"]), None)
    if spec is None or read_small(folder / declared[0]) != f"ocfl_{spec}\n".encode():
        message = f"{folder} declares {', '.join(declared)}, which is no root of OCFL {' or '.join(SPECS)}."
        raise UsageError(message, remedy="Ask those who keep the root.")
    content = read_small(folder / LAYOUT_FILE)
    if content is None:
        if not option:
            message = f"{folder} does not state its layout, so where an object belongs cannot be told."
            raise UsageError(message, remedy="Name the layout, for example with the option layout=0004.")
        return Root(folder, spec, wanted)
    table = _table(content, folder / LAYOUT_FILE)
    extension = table.get("extension")
    if not isinstance(extension, str):
        raise UsageError(f"{folder / LAYOUT_FILE} names no extension.", remedy="Ask those who keep the root.")
    path = folder / "extensions" / extension / "config.json"
    config = read_small(path) if "/" not in extension and extension not in {"", ".", ".."} else None
    layout = layouts.stated(extension, {} if config is None else _table(config, path), str(path if config else folder))
    overruled = bool(option) and layout.name != wanted.name
    note = f"the root's own layout {layout.name} was kept, not {wanted.name}" if overruled else ""
    return Root(folder, spec, layout, note)


def _table(content: bytes, path: Path) -> dict[str, Any]:
    try:
        table = json.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise UsageError(f"{path} is no JSON: {error}.", remedy="Ask those who keep the root.") from error
    if not isinstance(table, dict):
        raise UsageError(f"{path} is no JSON object.", remedy="Ask those who keep the root.")
    return table

"""One accession record: a folder with accession.toml and events.jsonl."""

from __future__ import annotations

import contextlib
import os
import re
from typing import TYPE_CHECKING, Any

from archiver.errors import CouldNotFindOut, RecordDamaged, StorageError
from archiver.model.register import (
    ACCESSION_FILE,
    EVENTS_FILE,
    AccessionFacts,
    PackageStatement,
    RecordedEvent,
    RecordFacts,
    RecordStatus,
)
from archiver.register import chain, statement
from archiver.register.files import (
    create_file,
    kind_of,
    locked,
    locked_name,
    read_file,
    reading,
    storage_error,
    sync,
    sync_folder,
    write_all,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from archiver.model.provenance import Accession, Event

_SET_ASIDE = re.compile(r"events\.torn-[0-9]+(-[0-9]+)?")
_WORKING = ".working"
_APPEND = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_KEEP_REMEDY = "nothing was written; restore the file from a copy, never edit it (archiver register verify says where)"


class Record:
    """The record of one accession. What was read is kept; `append` brings it up to date, and so does `reload`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._facts: RecordFacts | None = None

    @property
    def number(self) -> str:
        """The accession number: the name of the folder."""
        return self.folder.name

    @property
    def facts(self) -> RecordFacts:
        """Everything read of the record's files. Raises RecordDamaged or StorageError when they cannot be read."""
        if self._facts is None:
            self._facts = read_facts(self.folder)
        return self._facts

    def reload(self) -> Record:
        """Forget what was read; the next look reads the files again. Returns the record itself."""
        self._facts = None
        return self

    @property
    def accession(self) -> Accession:
        """What accession.toml states. Raises RecordDamaged when that cannot be relied on, or nothing is stated yet."""
        return self._statement().accession or self._never()

    @property
    def fingerprint(self) -> str:
        """The digest that stands for the deposit. Raises RecordDamaged like `accession`."""
        return self._statement().fingerprint

    @property
    def events(self) -> tuple[RecordedEvent, ...]:
        """Every acknowledged event, in order. Raises RecordDamaged when one of them cannot be relied on."""
        self._refuse_damage(self.facts)
        return self.facts.events

    @property
    def status(self) -> RecordStatus:
        """How far the accession has come."""
        return self.facts.status

    @property
    def packages(self) -> tuple[PackageStatement, ...]:
        """The packages that were made, in order, as the last event says of each. Raises RecordDamaged like `events`."""
        self._refuse_damage(self.facts)
        return tuple(stated for stated, _line in self.facts.statements)

    @property
    def head(self) -> str:
        """The sha256 of the last line, of accession.toml while there is no event: it stands for all before it."""
        self._refuse_damage(self.facts)
        return _head(self.facts)

    def append(self, event: Event, data: Mapping[str, Any] | None = None) -> RecordedEvent:
        """Write one event to the end of the record; when this returns, it is on the disk.

        A torn last line, which was never acknowledged, is first moved to `events.torn-<sequence>`. Raises RecordDamaged
        (nothing is written) when the record is not whole, StorageError when writing fails, UsageError when `data` is
        no JSON.
        """
        if kind_of(self.folder / ACCESSION_FILE) == "absent":
            raise RecordDamaged(f"{self.folder} has no {ACCESSION_FILE}: no event can follow", remedy=_KEEP_REMEDY)
        with locked(self.folder / ACCESSION_FILE):
            facts = _collect(self.folder)
            self._refuse_damage(facts)
            sequence = len(facts.lines) + 1
            line = chain.render(event, data or {}, sequence=sequence, previous=_head(facts))
            path = self.folder / EVENTS_FILE
            try:
                _append_line(path, line, sequence, torn=facts.torn)
            except OSError as error:
                raise storage_error("appending to", path, error) from error
            self._facts = _collect(self.folder)
        return self.facts.events[-1]

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        """Keep others from working on this accession at the same time; ends with the process, however it ends.

        Raises DestinationTaken when another process is at it. What was read before is read again.
        """
        with locked_name(self.folder / _WORKING, wait=False):
            self.reload()
            yield

    def _statement(self) -> AccessionFacts:
        stated = self.facts.statement
        if stated is None:
            raise RecordDamaged(f"{self.folder} is claimed as a number, but has no {ACCESSION_FILE}")
        self._refuse_damage(self.facts)
        return stated

    def _refuse_damage(self, facts: RecordFacts) -> None:
        found = next(facts.damages(), None)
        if found is not None:
            where = f"{self.folder / found.file}" + (f", line {found.line}" if found.line else "")
            raise RecordDamaged(f"{where}: {found.message}", remedy=_KEEP_REMEDY)

    def _never(self) -> Accession:
        raise RecordDamaged(f"{self.folder / ACCESSION_FILE} states no accession")


def read_facts(folder: Path) -> RecordFacts:
    """Read the files of one record, under a shared lock so that no half-written line is seen. Writes nothing.

    Raises RecordDamaged when a file is not a regular file or beyond its limit, StorageError when it cannot be read.
    """
    with reading(folder / ACCESSION_FILE):
        return _collect(folder)


def unknown_facts(folder: Path, reason: CouldNotFindOut) -> RecordFacts:
    """The facts of a record that could not be read: only why."""
    return RecordFacts(number=folder.name, shown=shown(folder), statement=None, unknown=reason.message)


def shown(folder: Path) -> str:
    """A record's folder as shown to people: accessions/2026.001."""
    return f"{folder.parent.name}/{folder.name}"


def _collect(folder: Path) -> RecordFacts:
    stated = read_file(folder / ACCESSION_FILE, statement.LIMIT)
    lines, torn = chain.split(read_file(folder / EVENTS_FILE, chain.LIMIT) or b"")
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        set_aside = tuple(entry.name for entry in entries if _SET_ASIDE.fullmatch(entry.name))
        plain = {entry.name for entry in entries if entry.is_dir(follow_symlinks=False) or _is_file(entry)}
    except OSError as error:
        raise storage_error("listing", folder, error) from error
    return RecordFacts(
        number=folder.name,
        shown=shown(folder),
        statement=None if stated is None else statement.read(stated),
        lines=chain.read_lines(lines),
        torn=len(torn),
        tear_hides_event=chain.hides_event(torn),
        set_aside=set_aside,
        strays=tuple(entry.name for entry in entries if entry.name not in plain),
    )


def _is_file(entry: os.DirEntry[str]) -> bool:
    return entry.is_file(follow_symlinks=False)


def _head(facts: RecordFacts) -> str:
    if facts.lines:
        return facts.lines[-1].digest
    return facts.statement.digest if facts.statement else ""


def _append_line(path: Path, line: bytes, sequence: int, *, torn: int) -> None:
    """Append under the record's lock; raises OSError, and then takes back what it wrote."""
    descriptor = os.open(path, _APPEND, 0o644)
    try:
        end = os.fstat(descriptor).st_size - torn
        if torn:
            _set_aside(path, descriptor, end, sequence)
        try:
            write_all(descriptor, line)
            sync(descriptor)
            if sequence == 1:  # also when the file is there: a run may have been stopped before it synced the folder
                sync_folder(path.parent)
        except OSError:
            # Not acknowledged, so it must not be found there later as if it had been.
            with contextlib.suppress(OSError):
                os.ftruncate(descriptor, end)
            raise
    finally:
        os.close(descriptor)


def _set_aside(path: Path, descriptor: int, end: int, sequence: int) -> None:
    """Move the bytes from `end` on to a file of their own: first the copy is on the disk, then they are cut off."""
    torn = b""
    while piece := os.pread(descriptor, 1 << 20, end + len(torn)):
        torn += piece
    for attempt in range(1, 1000):
        suffix = "" if attempt == 1 else f"-{attempt}"
        aside = path.with_name(f"events.torn-{sequence}{suffix}")
        if read_file(aside, chain.LIMIT) == torn:  # a run was stopped between copying and cutting
            break
        try:
            create_file(aside, torn)
            break
        except FileExistsError:
            continue
    else:
        raise StorageError(f"too many torn lines were set aside in {path.parent}")
    os.ftruncate(descriptor, end)
    sync(descriptor)

"""The record of what was fetched: a line of JSON a file, beside the bag, only ever added to.

It lies beside the bag because the bag is sealed: its tag files, and so its seal, stay as they were.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archiver.errors import DestinationTaken
from archiver.fixity.durability import sync_folder
from archiver.fixity.measure import failure
from archiver.model.fetching import Fetched
from archiver.model.provenance import Agent, EventOutcome, EventType
from archiver.model.web import shown

SCHEMA = "archiver.fetch-event/1"


@dataclass(frozen=True, slots=True)
class Witness:
    """Who fetched, by which program, and the clock."""

    now: Callable[[], datetime]
    software: Agent
    operator: Agent | None = None


class FetchRecord:
    """`<name>.fetch-events.jsonl` beside a bag. May be written to from several threads."""

    def __init__(self, bag: Path, witness: Witness) -> None:
        self.path = bag.parent / f"{bag.name}.fetch-events.jsonl"
        self._bag, self._witness = bag, witness
        self._one_at_a_time = threading.Lock()

    def append(self, fetched: Fetched) -> None:
        """Note that a file came and was as stated; the line is on the disk when this returns. Raises StorageError."""
        with self._one_at_a_time:
            line = json.dumps(self._event(fetched), ensure_ascii=True, sort_keys=True) + "\n"
            try:
                self._write(line.encode())
            except OSError as error:
                raise failure(error, self.path, "writing") from error

    def _event(self, fetched: Fetched) -> dict[str, object]:
        witness = self._witness
        return {
            "schema": SCHEMA,
            "type": EventType.TRANSFER.label,
            "outcome": EventOutcome.SUCCESS.label,
            "at": witness.now().isoformat(),
            "bag": self._bag.name,
            "path": fetched.entry.path,
            "line": fetched.entry.line,
            "address": shown(fetched.entry.url),
            "came_from": fetched.address or shown(fetched.entry.url),
            "size": fetched.size,
            "digests": {checksum.algorithm_name: checksum.hexdigest for checksum in fetched.checksums},
            "resumed_at": fetched.resumed_at,
            "software": f"{witness.software.name} {witness.software.version}".strip(),
            "operator": witness.operator.name if witness.operator else "",
        }

    def _write(self, line: bytes) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        is_new = not self.path.exists()
        with os.fdopen(os.open(self.path, flags, 0o644), "r+b", buffering=0) as stream:
            if not self.path.is_file():
                raise DestinationTaken(f"{self.path} is no regular file.", remedy="Move it away.")
            end = stream.seek(0, os.SEEK_END)
            if end and os.pread(stream.fileno(), 1, end - 1) != b"\n":
                line = b"\n" + line  # a line that a power cut tore stays as it is
            stream.write(line)
            os.fsync(stream.fileno())
        if is_new:
            sync_folder(self.path.parent)

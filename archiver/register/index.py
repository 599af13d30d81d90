"""Which record is of which deposit: what each accession.toml says, read once by a process, not at every question.

A register of ten thousand records is asked ten thousand times while a batch is accessioned. The folder is listed each
time, since others may claim numbers meanwhile; only what is new in it is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.errors import RecordDamaged
from archiver.model.register import ACCESSION_FILE
from archiver.register import statement
from archiver.register.files import read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from archiver.register.numbers import Scheme


class Index:
    """The fingerprints of all records, by number, and the highest serial of each scheme."""

    def __init__(self, accessions: Path, numbers: Callable[[], Sequence[str]]) -> None:
        """`numbers` lists the numbers held, each time it is called."""
        self._accessions, self._list = accessions, numbers
        self._stated: dict[str, str] = {}  # number → fingerprint, "" where the statement cannot be read as one
        self._by_fingerprint: dict[str, list[str]] = {}
        self._open: dict[str, None] = {}  # numbers claimed that have no accession.toml yet
        self._highest: dict[Scheme, int] = {}

    def of(self, fingerprint: str) -> list[str]:
        """The numbers of the records of a deposit, in the order in which they were met.

        Raises RecordDamaged when any accession.toml is not what it was, for it may be that of this deposit.
        """
        self._refresh()
        return list(self._by_fingerprint.get(fingerprint, ()))

    def claimed_only(self) -> tuple[str, ...]:
        """Numbers without an accession.toml, as of the last question."""
        return tuple(self._open)

    def highest(self, scheme: Scheme) -> int:
        """The highest serial of a scheme that is held, 0 when there is none; as of the last question."""
        if scheme not in self._highest:
            held = (scheme.serial(number) for number in (*self._stated, *self._open))
            self._highest[scheme] = max((serial for serial in held if serial is not None), default=0)
        return self._highest[scheme]

    def add(self, number: str, fingerprint: str) -> None:
        """Take up a record that was just begun."""
        self._note(number, fingerprint)
        self._count(number)

    def _refresh(self) -> None:
        for number in self._list():
            if number not in self._stated:
                if number not in self._open:
                    self._count(number)
                self._look(number)

    def _look(self, number: str) -> None:
        path = self._accessions / number / ACCESSION_FILE
        content = read_file(path, statement.LIMIT)
        if content is None:
            self._open[number] = None
            return
        if not statement.is_whole(content):
            remedy = "nothing was written; restore it from a copy (archiver register verify says what is wrong)"
            raise RecordDamaged(f"{path} is not what it was: its deposit may be this one", remedy=remedy)
        self._note(number, statement.read(content).fingerprint)

    def _note(self, number: str, fingerprint: str) -> None:
        self._open.pop(number, None)
        self._stated[number] = fingerprint
        held = self._by_fingerprint.setdefault(fingerprint, [])
        if number not in held:
            held.append(number)

    def _count(self, number: str) -> None:
        for scheme, highest in self._highest.items():
            self._highest[scheme] = max(highest, scheme.serial(number) or 0)

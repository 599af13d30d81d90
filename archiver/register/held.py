"""The issues that a register holds, read once by a process and then as records are added."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from archiver.errors import ArchiverError
from archiver.model.duplicates import HeldIssue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from archiver.register.record import Record


class HeldIssues:
    """Every issue with a package in some record, by serial and day, and by the digest of its deposited files."""

    def __init__(self, records: Callable[[Iterable[str]], Iterable[Record]], numbers: Callable[[], list[str]]) -> None:
        """`numbers` lists the numbers held, `records` opens the records of some."""
        self._records, self._numbers = records, numbers
        self._done: set[str] = set()  # numbers whose records can get no further package
        self._known: dict[tuple[str, str], HeldIssue] = {}
        self._by_day: dict[tuple[str, str], list[HeldIssue]] = {}
        self._by_content: dict[str, list[HeldIssue]] = {}

    def of_day(self, serial: str, date: str) -> tuple[HeldIssue, ...]:
        """The issues of a serial and day (ISO 8601)."""
        self._refresh()
        return tuple(self._by_day.get((serial, date), ()))

    def with_content(self, content: str) -> tuple[HeldIssue, ...]:
        """The issues whose deposited files have this digest."""
        self._refresh()
        return tuple(self._by_content.get(content, ()))

    def _refresh(self) -> None:
        new = [number for number in self._numbers() if number not in self._done]
        for record in self._records(new):
            with contextlib.suppress(ArchiverError):  # what is wrong with a record is for its own rules to say
                for event in record.facts.events:
                    package = event.package
                    if package is not None:
                        content = event.data.get("content")
                        held = HeldIssue(package.identifier, record.number, content if isinstance(content, str) else "")
                        self._note(held)
                if any(event.completes for event in record.facts.events):
                    self._done.add(record.number)

    def _note(self, held: HeldIssue) -> None:
        if self._known.get((held.accession, held.identifier)) == held:
            return
        self._known[held.accession, held.identifier] = held
        self._by_day.setdefault(held.serial_and_date, []).append(held)
        if held.content:
            self._by_content.setdefault(held.content, []).append(held)

"""Authority files: CSV, read into records. A wrong one says row and column; its sound rows are still read."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING

from archiver.model.names_index import Authorities, AuthorityProblem, AuthorityRecord, Identifier
from archiver.names.headings import TYPES, Column, column
from archiver.names.identifiers import IDENTIFIED_BY, WrongIdentifier, identifier

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

MOST_BYTES = 1 << 24
MOST_ROWS = 100_000
LONGEST_CELL = 4096  # characters
MOST_PROBLEMS = 100
_DELIMITERS = (",", ";", "\t")
_HEAD = 1 << 14  # characters in which the headings stand


def load(folder: Path, name: str) -> Authorities:
    """Read the authority file `name` of a folder. What cannot be read is a problem of the file; nothing is raised."""
    path = folder / name
    try:
        if not path.is_file():
            return _broken(str(path), "there is no such file beside the profile")
        if path.stat().st_size > MOST_BYTES:
            return _broken(str(path), f"{path.stat().st_size} bytes; an authority file may have {MOST_BYTES}")
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        return _broken(str(path), f"it cannot be read: {getattr(error, 'strerror', None) or error}")
    return parse(content, str(path))


def parse(content: bytes, path: str) -> Authorities:
    """Read an authority file from its bytes; `path` names it in messages. Nothing is raised."""
    if len(content) > MOST_BYTES:
        return _broken(path, f"{len(content)} bytes; an authority file may have {MOST_BYTES}")
    try:
        text = _decoded(content)
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        return _broken(path, f"it is neither UTF-8 nor UTF-16 with a byte order mark (byte {error.start})", row)
    if "\0" in text:
        return _broken(path, "it has null characters: it is no CSV file")
    return replace(_Reading(path).read(text), content=content)


def _decoded(content: bytes) -> str:
    """The text of a file. Raises UnicodeDecodeError."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    return content.decode("utf-8-sig")


def _broken(path: str, detail: str, row: int = 0) -> Authorities:
    return Authorities(path, problems=(AuthorityProblem(detail, row),))


class _Reading:
    """Reads the rows of one file, and collects what is wrong with them."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.records: list[AuthorityRecord] = []
        self.problems: list[AuthorityProblem] = []
        self.seen: dict[Identifier, int] = {}  # identifier → row

    def wrong(self, detail: str, row: int = 0, name: str = "") -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(AuthorityProblem(detail, row, name))

    def read(self, text: str) -> Authorities:
        headings: Sequence[str] = ()
        number = 0
        try:
            for number, row in _rows(text, _delimiter(text)):
                if not any(cell.strip() for cell in row):
                    continue
                if number > MOST_ROWS:
                    self.wrong(f"more than {MOST_ROWS} rows; those behind are not read", number)
                    break
                if not headings:
                    headings = row
                    places = self._headings(row, number)
                    if Column.NAME not in places:
                        break
                else:
                    self._row(row, number, places, headings)
        except csv.Error as error:
            self.wrong(f"it is no CSV from here on: {error}", number + 1)
        if not headings and not self.problems:
            self.wrong("it is empty: the first row has the headings, name among them")
        return Authorities(self.path, tuple(self.records), tuple(self.problems))

    def _headings(self, row: Sequence[str], number: int) -> Mapping[Column, int]:
        places: dict[Column, int] = {}
        for position, heading in enumerate(row):
            found = column(heading)
            if found is None:
                if heading.strip():
                    known = ", ".join(each.value for each in Column)
                    self.wrong(f"no column of an authority file; known are {known}", number, heading.strip()[:80])
            elif found in places:
                self.wrong(f"a second column for {found.value}", number, heading.strip())
            else:
                places[found] = position
        if Column.NAME not in places:
            self.wrong("there is no column name", number)
        return places

    def _row(self, row: Sequence[str], number: int, places: Mapping[Column, int], headings: Sequence[str]) -> None:
        cells = {found: row[position].strip() for found, position in places.items() if position < len(row)}
        sound = len(self.problems)
        if any(cell.strip() for cell in row[len(headings) :]):
            self.wrong(
                f"{len(row)} cells, but {len(headings)} headings: a name with a comma needs quotation marks", number
            )
        for found, cell in cells.items():
            if len(cell) > LONGEST_CELL:
                self.wrong(f"{len(cell)} characters; a cell may have {LONGEST_CELL}", number, headings[places[found]])
            elif any(ord(sign) < 32 or 0x7F <= ord(sign) < 0xA0 for sign in cell):
                self.wrong("a control character or a line end stands in it", number, headings[places[found]])
        name, kind = cells.get(Column.NAME, ""), TYPES.get(cells.get(Column.TYPE, "").casefold())
        if not name:
            self.wrong("there is no name", number, headings[places[Column.NAME]])
        if kind is None:
            known = "personal, corporate or place"
            self.wrong(f"expected {known}, not {cells[Column.TYPE]!r}", number, headings[places[Column.TYPE]])
        identifiers = self._identifiers(cells, number, places, headings)
        if kind is None or len(self.problems) > sound or len(self.problems) == MOST_PROBLEMS:
            return
        variants = [
            part.strip() for part in cells.get(Column.VARIANTS, "").replace("|", ";").replace(";", ";").split(";")
        ]
        self.records.append(AuthorityRecord(name, kind, identifiers, tuple(filter(None, variants)), number))

    def _identifiers(
        self, cells: Mapping[Column, str], number: int, places: Mapping[Column, int], headings: Sequence[str]
    ) -> tuple[Identifier, ...]:
        found: dict[Identifier, None] = {}
        for each in IDENTIFIED_BY:
            if not cells.get(each):
                continue
            try:
                one = identifier(each, cells[each])
            except WrongIdentifier as reason:
                self.wrong(str(reason), number, headings[places[each]])
                continue
            before = self.seen.setdefault(one, number)
            if before != number:
                words = f"{one.value} stands in row {before} already: put both names into one row"
                self.wrong(words, number, headings[places[each]])
            found[one] = None
        return tuple(found)


def _delimiter(text: str) -> str:
    """The sign that makes most known headings of the first row that is not empty."""

    def known(delimiter: str) -> int:
        try:
            first = next((row for _number, row in _rows(text[:_HEAD], delimiter) if any(row)), [])
        except csv.Error:
            return 0
        return sum(column(heading) is not None for heading in first)

    return max(_DELIMITERS, key=known)


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with their numbers from 1. Raises csv.Error."""
    yield from enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1)

"""Checksum lists read: every line is an entry, a comment, or a problem with its number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archiver.checksum_lists.algorithms import names_in
from archiver.checksum_lists.decoding import decode
from archiver.checksum_lists.entries import LARGEST_LIST, Kept
from archiver.checksum_lists.hashdeep import read_hashdeep
from archiver.checksum_lists.lines import LineReader
from archiver.checksum_lists.recognising import extension_of, form_of
from archiver.checksum_lists.tables import read_table
from archiver.checksum_lists.windows import read_certutil, read_file_hash
from archiver.model.checksum_list import ChecksumList, ListForm, ListTrouble

LONGEST_LINE = 65_536  # characters


def read_list(content: bytes, name: str, *, known: Iterable[str] = (), given: bool = False) -> ChecksumList:
    """Read a checksum list of any form that `ListForm` names.

    `name` is its path in the deposit, or where it lies outside when it is `given` by the archivist; `known` are the
    paths of the deposit's files, which tell the encoding of names that are not Unicode. Nothing is ever raised for what
    the list holds: problems are part of the answer, and a list without a usable line has `usable == 0`.
    """
    kept = Kept()
    if len(content) > LARGEST_LIST:
        kept.problem(ListTrouble.TOO_LARGE, None, f"{len(content)} bytes, and {LARGEST_LIST} are read")
        return ChecksumList(name, ListForm.LINES, (), tuple(kept.problems), given=given)
    decoded = decode(content, known)
    if decoded.bad_line:
        kept.problem(ListTrouble.ENCODING, decoded.bad_line, f"not {decoded.encoding}, and no other encoding fits")
    text = decoded.text
    form = form_of(name, text)
    if form is ListForm.HASHDEEP:
        read_hashdeep(text, kept)
    elif form is ListForm.TABLE:
        read_table(text, kept, names_in(_base(name)))
    elif form is ListForm.FILE_HASH:
        read_file_hash(text, kept)
    elif form is ListForm.CERTUTIL:
        read_certutil(text, kept)
    else:
        form = _read_lines(text, name, form, kept)
    return ChecksumList(name, form, tuple(kept.entries), tuple(kept.problems), kept.unnamed, decoded.encoding, given)


def _read_lines(text: str, name: str, form: ListForm, kept: Kept) -> ListForm:
    """Read a list of one file a line; the form it turned out to have."""
    reader = LineReader(kept, form, names_in(_base(name)))
    reader.read(_lines(text, "\0" if form is ListForm.NUL else "\n", kept))
    extension = extension_of(name)
    target = _base(name)[: -len(extension)] if extension else ""
    if reader.take_alone(target):
        return ListForm.SIDECAR
    if len(kept.entries) == 1 and target and kept.entries[0].path.replace("\\", "/").rsplit("/", 1)[-1] == target:
        return ListForm.SIDECAR if kept.entries[0].checksums else form
    if form is ListForm.LINES and reader.seen and ListForm.LINES not in reader.seen:
        return ListForm.BSD if ListForm.BSD in reader.seen else ListForm.TRAILING
    return form


def _lines(text: str, end: str, kept: Kept) -> Iterator[tuple[int, str]]:
    """Lines with their numbers, one at a time; those of CR alone (old Macintosh) too."""
    if end == "\n" and "\n" not in text and "\r" in text:
        end = "\r"
    at, number = 0, 0
    while at < len(text):
        stop = text.find(end, at)
        stop = len(text) if stop < 0 else stop
        number += 1
        if stop - at > LONGEST_LINE:
            kept.problem(
                ListTrouble.TOO_LARGE, number, f"a line of {stop - at} characters, and {LONGEST_LINE} are read"
            )
        else:
            yield number, text[at:stop]
        at = stop + 1


def _base(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1]

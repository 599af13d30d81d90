"""Rules for a deposit as it was found: what may lie in it, and whether all of it is accounted for."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from archiver.model.report import Fault, Severity
from archiver.model.transcript import Deposit, EntryKind, Reading
from archiver.plugs import check

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archiver.model.container import UnpackedDeposit

_SPECIAL = (EntryKind.LINK, EntryKind.FIFO, EntryKind.SOCKET, EntryKind.DEVICE)
_BIDI = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def _place(deposit: Deposit, name: str) -> str:
    return str(deposit.root / name) if deposit.is_folder else str(deposit.root)


@check("DEP-001", "The deposit holds only files and folders", "archiver: deposits", needs="folder")
def only_files(deposit: Deposit) -> Iterator[Fault]:
    """Links and special files are never followed or opened."""
    for entry in deposit.entries:
        if entry.kind in _SPECIAL:
            yield Fault(
                f"{entry.name} is a {entry.kind.value}, not a file",
                _place(deposit, entry.name),
                remedy="Put the file itself in its place, or take it out of the deposit.",
            )


@check("DEP-002", "Names are readable text", "archiver: deposits; XML 1.0 §2.2", needs="folder")
def names_are_text(deposit: Deposit) -> Iterator[Fault]:
    """A name that is not UTF-8 cannot be written into metadata."""
    for entry in deposit.entries:
        if any("\udc80" <= sign <= "\udcff" for sign in entry.name):
            yield Fault(
                f"the name {entry.name!r} is not UTF-8",
                _place(deposit, entry.name),
                remedy="Rename a copy of the file in UTF-8 (convmv does this) and deposit the copy.",
            )


@check("DEP-003", "Names are portable", "archiver: deposits; RFC 8493 §5.2", needs="folder", severity=Severity.WARNING)
def names_are_portable(deposit: Deposit) -> Iterator[Fault]:
    """Line ends, control characters, direction marks and encoded characters in names mislead people and programs."""
    for entry in deposit.entries:
        odd = [sign for sign in entry.name if unicodedata.category(sign) == "Cc" or sign in _BIDI + "\u2028\u2029"]
        base = entry.name.rsplit("/", 1)[-1]
        if odd:
            reason = f"has the character U+{ord(odd[0]):04X}"
        elif "%0a" in base.lower() or "%0d" in base.lower() or "%25" in base:
            reason = "looks percent-encoded"
        elif base.strip() != base:
            reason = "begins or ends with white space"
        else:
            continue
        yield Fault(
            f"the name {entry.name!r} {reason}",
            _place(deposit, entry.name),
            remedy="Ask the depositor whether the name is meant.",
        )


@check("DEP-004", "No two names differ only by case or normalisation", "RFC 8493 §5.2", needs="folder")
def names_are_distinct(deposit: Deposit) -> Iterator[Fault]:
    """Such twins are one file on other systems."""
    seen: dict[str, str] = {}
    for entry in deposit.entries:
        folded = unicodedata.normalize("NFC", entry.name).casefold()
        if folded in seen:
            yield Fault(
                f"{entry.name!r} and {seen[folded]!r} differ only by case or Unicode normalisation",
                _place(deposit, entry.name),
                remedy="Rename a copy of one of them, and deposit again.",
            )
        seen.setdefault(folded, entry.name)


@check("DEP-005", "System files are left out", "archiver: deposits", needs="folder", severity=Severity.NOTICE)
def junk(deposit: Deposit) -> Iterator[Fault]:
    """Files that an operating system leaves behind are no part of the deposit, but they are named."""
    for entry in deposit.entries:
        if entry.kind is EntryKind.JUNK:
            yield Fault(f"{entry.name} is left out: a file of the operating system", _place(deposit, entry.name))


@check("DEP-006", "Folders are not empty", "RFC 8493 §2.1.3", needs="folder", severity=Severity.NOTICE)
def empty_folders(deposit: Deposit) -> Iterator[Fault]:
    """A bag cannot hold an empty folder; that it was there is recorded here."""
    for entry in deposit.entries:
        if entry.kind is EntryKind.EMPTY_FOLDER:
            yield Fault(
                f"the folder {entry.name} is empty; a package cannot hold it",
                _place(deposit, entry.name),
                remedy="Ask the depositor whether something is missing.",
            )


@check("DEP-007", "Files do not share their bytes", "archiver: deposits", needs="folder", severity=Severity.NOTICE)
def hard_links(deposit: Deposit) -> Iterator[Fault]:
    """Names of one file on disk (hard links) become files of their own in the package."""
    seen: dict[tuple[int, int], str] = {}
    for entry in deposit.entries:
        if entry.kind is EntryKind.FILE and entry.links > 1:
            if entry.inode in seen:
                yield Fault(
                    f"{entry.name} and {seen[entry.inode]} are one file (hard links)", _place(deposit, entry.name)
                )
            seen.setdefault(entry.inode, entry.name)


@check("DEP-008", "The deposit is not a bag within a bag", "archiver: deposits", needs="folder")
def not_a_bag(deposit: Deposit) -> Iterator[Fault]:
    """A bag is verified and its payload taken; a payload that is a bag again hides manifests nobody looked at."""
    if deposit.is_bag:
        yield Fault(
            "the payload of the deposit is a BagIt bag again",
            str(deposit.root / "bagit.txt"),
            remedy="Name the inner bag as the deposit.",
        )


@check("DEP-009", "The deposit holds an issue", "archiver: deposits", needs="deposit")
def holds_an_issue(deposit: Deposit) -> Iterator[Fault]:
    """Something in the deposit must show an issue, or say its words."""
    if not deposit.issues:
        count = sum(entry.kind is EntryKind.FILE for entry in deposit.entries)
        yield Fault(
            f"none of its {count} files is a transcript, a document, a PDF, an image or the layout of a page",
            str(deposit.root),
            remedy="Name the file or folder that holds the issue; a transcript's name ends in .txt or .md.",
        )


@check("DEP-010", "Every file belongs to an issue", "archiver: deposits", needs="deposit")
def every_file_has_an_issue(deposit: Deposit) -> Iterator[Fault]:
    """With several issues in one folder, it cannot be told which one another file belongs to."""
    for file in deposit.undescribed:
        yield Fault(
            f"{file.name} belongs to none of the {len(deposit.issues)} issues in this folder",
            str(file.path),
            remedy="Give each issue a folder of its own, with the files that belong to it.",
        )


@check("DEP-011", "Every file is described", "archiver: deposits", needs="deposit", severity=Severity.NOTICE)
def companions(deposit: Deposit) -> Iterator[Fault]:
    """Files that neither show a page nor say its words are kept as they came, and not described."""
    lists = {each.name for each in deposit.comparison.lists} if deposit.comparison else set()
    for issue in deposit.issues:
        read = {*lists, *issue.documentation} | {name for page in issue.pages for name in page.files}
        for file in issue.companions:
            if file.name not in read and (issue.pages or not issue.transcript.taken_from):
                yield Fault(f"{file.name} is kept beside the transcript and not described", str(file.path))
            if file.stamp.size == 0:
                yield Fault(
                    f"{file.name} is empty (0 bytes)",
                    str(file.path),
                    remedy="Ask the depositor for the file again.",
                    severity=Severity.WARNING,
                )


@check("DEP-012", "No issue is deposited twice", "archiver: deposits", needs="readings")
def no_issue_twice(readings: Sequence[Reading]) -> Iterator[Fault]:
    """Two transcripts of one issue cannot both become its package."""
    seen: dict[str, str] = {}
    for reading in readings:
        if reading.issue is None:
            continue
        path = reading.source.shown
        identifier = reading.issue.identifier
        if identifier in seen:
            yield Fault(
                f"{path} and {seen[identifier]} are the same issue, {identifier}",
                path,
                remedy="Deposit one of them, or the other as a deposit of its own into another packages folder.",
            )
        seen.setdefault(identifier, path)


@check("DEP-013", "The archive is whole and harmless", "archiver: deposits", needs="unpacked")
def whole_archive(deposit: UnpackedDeposit) -> Iterator[Fault]:
    """What is wrong with a zip or tar that was deposited; one that is made to harm is not unpacked."""
    for fault in deposit.container.faults:
        yield Fault(
            f"{fault.trouble.value}: {fault.detail}" if fault.detail else fault.trouble.value,
            fault.path or None,
            remedy="Ask the depositor to make the archive again; do not unpack this one by hand.",
        )
